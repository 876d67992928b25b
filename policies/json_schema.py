"""`schema.json` is made from the types, so that an editor and the checker can never disagree: run this to write it.

Editors that know the YAML language server take it from the first line of a pack:
`# yaml-language-server: $schema=schema.json`.
"""

import json
from pathlib import Path
from typing import Any

from policies.policy import Policy

SCHEMA_FILE = Path(__file__).resolve().parent / "schema.json"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a pack as its author writes it: without `version`, which is made."""
    schema = Policy.model_json_schema()
    schema["properties"].pop("version")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "A Tocsin policy pack"}


def schema_text() -> str:
    """The file's exact content."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
