"""What TheHive 5 and DFIR-IRIS take as an alert, as JSON Schemas of our own, from their documents (read 2026-11-21).

TheHive: thehive4py's InputAlert and InputObservable, and the data types of a new installation. DFIR-IRIS: iris-web's
Alert model: what may not be null, and which fields are JSON.
"""

from typing import Any

_TEXT = {"type": "string", "minLength": 1}
_LEVEL = {"type": "integer", "minimum": 0, "maximum": 4}

THEHIVE: dict[str, Any] = {
    "type": "object",
    "required": ["type", "source", "sourceRef", "title", "description"],
    "additionalProperties": False,
    "properties": {
        "type": _TEXT,
        "source": _TEXT,
        "sourceRef": {"type": "string", "minLength": 1, "maxLength": 128},
        "title": {"type": "string", "minLength": 1, "maxLength": 512},
        "description": {"type": "string", "minLength": 1, "maxLength": 1_048_576},
        "severity": {"type": "integer", "minimum": 1, "maximum": 4},
        "date": {"type": "integer", "minimum": 10**12},  # milliseconds
        "tags": {"type": "array", "items": _TEXT},
        "flag": {"type": "boolean"},
        "tlp": _LEVEL,
        "pap": _LEVEL,
        "observables": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["dataType", "data"],
                "additionalProperties": False,
                "properties": {
                    "dataType": {"enum": ["url", "other"]},
                    "data": _TEXT,
                    "message": {"type": "string"},
                    "tlp": _LEVEL,
                    "pap": _LEVEL,
                    "ioc": {"type": "boolean"},
                },
            },
        },
    },
}

IRIS: dict[str, Any] = {
    "type": "object",
    "required": ["alert_title", "alert_severity_id", "alert_status_id", "alert_customer_id"],
    "additionalProperties": False,
    "properties": {
        "alert_title": _TEXT,
        "alert_description": {"type": "string"},
        "alert_source": _TEXT,
        "alert_source_ref": _TEXT,
        "alert_severity_id": {"type": "integer", "minimum": 1, "maximum": 6},
        "alert_status_id": {"type": "integer", "minimum": 1},
        "alert_customer_id": {"type": "integer", "minimum": 1},
        "alert_source_event_time": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"},
        "alert_tags": {"type": "string"},
        "alert_note": {"type": "string"},
        "alert_context": {"type": "object"},
        "alert_source_content": {"type": "object"},
    },
}
