"""An incident as an alert of TheHive 5 and of DFIR-IRIS: the JSON that their interfaces take.

TheHive: `POST /api/v1/alert`, by the types of thehive4py 2 (InputAlert, InputObservable), read 2026-11-21. `type`,
`source` and `sourceRef` together are unique there, so that the same incident is not taken twice.

DFIR-IRIS: `POST /alerts/add`, by iris-web's alert schema and what a new installation begins with, read 2026-11-21.
Ids of severity, status and customer are the installation's own: these are a new one's. Types of indicators have ids
that differ by installation: addresses and accounts stand in `alert_context` instead.
"""

import json
from typing import Any

from incidents.escape import clipped
from incidents.exchange import Case, accounts, description, links
from incidents.unmarked import unmarked

HIVE_SEVERITY = {"low": 1, "medium": 2, "high": 3, "critical": 4}
HIVE_TITLE = 512
AMBER = 2  # TLP and PAP alike: for the organisation and those it works with
IRIS_SEVERITY = {"low": 3, "medium": 4, "high": 5, "critical": 6}  # 1 unspecified, 2 informational
IRIS_NEW = 2
IRIS_CUSTOMER = 1


def thehive(case: Case) -> bytes:
    """An alert with its observables: the addresses of the posts, and the accounts as `other`."""
    observables: list[dict[str, Any]] = [
        {"dataType": "url", "data": url, "message": f"post of {post.posted_at:%Y-%m-%d %H:%M} UTC", "ioc": False}
        for url, post in links(case.posts)
    ]
    observables += [
        {"dataType": "other", "data": f"{platform}:{author}", "message": f"account on {platform}", "ioc": False}
        for platform, author in accounts(case.posts)
    ]
    alert = {
        "type": "social-media-misuse",
        "source": "Tocsin",
        "sourceRef": case.id,
        "title": clipped(unmarked(case.title), HIVE_TITLE),
        "description": unmarked(description(case)),
        "severity": HIVE_SEVERITY[case.severity],
        "date": round(case.opened_at.timestamp() * 1000),
        "tags": _tags(case),
        "flag": False,
        "tlp": AMBER,
        "pap": AMBER,
        "observables": [{**each, "tlp": AMBER, "pap": AMBER} for each in observables],
    }
    return _pretty(alert)


def iris(case: Case) -> bytes:
    """An alert, with what it rests on in its context and source content."""
    alert = {
        "alert_title": unmarked(case.title),
        "alert_description": unmarked(description(case)),
        "alert_source": "Tocsin",
        "alert_source_ref": case.id,
        "alert_severity_id": IRIS_SEVERITY[case.severity],
        "alert_status_id": IRIS_NEW,
        "alert_customer_id": IRIS_CUSTOMER,
        "alert_source_event_time": case.opened_at.strftime("%Y-%m-%dT%H:%M:%S"),
        "alert_tags": ",".join(tag.replace(",", " ") for tag in _tags(case)),
        "alert_note": "",
        "alert_context": {
            "category": case.category,
            "clauses": [name for name, _ in case.clauses],
            "target": case.target,
            "links": [url for url, _ in links(case.posts)],
            "accounts": [f"{platform}:{author}" for platform, author in accounts(case.posts)],
        },
        "alert_source_content": {
            "posts": [{"posted_at": post.posted_at.isoformat(), "sha256": post.sha256} for post in case.posts]
        },
    }
    return _pretty(alert)


def _tags(case: Case) -> list[str]:
    return ["tocsin", case.category, f"policy:{case.policy}", *(f"clause:{name}" for name, _ in case.clauses)]


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=True) + "\n").encode("ascii")
