"""The JSON Schema of the workflow file: `python -m core.schema` prints what `docs/workflow.schema.json` holds."""

from __future__ import annotations

import json
import sys
from typing import Any

from core.cell import MAX_KEYS, MAX_ORDER
from core.check import MAX_KEY
from core.table import FUNC_PATH, ID, INPUT_KEYS, KWARGS, MAX_TASKS, NOTE, ORDER, OUTPUT_KEYS
from core.table import TASK_ID as ID_PATTERN
from core.tag import READERS
from core.workflow_file import FORMAT, MAX_DESCRIPTION, MAX_INPUTS, MAX_NAME, VERSION


def schema() -> dict[str, Any]:
    """Return the schema (JSON Schema, draft 2020-12) of a workflow file without problems in its cells."""
    keys = {"type": "array", "maxItems": MAX_KEYS, "items": {"$ref": "#/$defs/key"}}
    columns = {
        ID: {"type": "string", "pattern": f"^{ID_PATTERN}$"},
        ORDER: {"type": "integer", "minimum": -MAX_ORDER, "maximum": MAX_ORDER},
        FUNC_PATH: {"type": "string", "description": "dotted path of a function in the catalog"},
        INPUT_KEYS: keys,
        KWARGS: {"type": "object", "additionalProperties": {"$ref": "#/$defs/value"}},
        OUTPUT_KEYS: keys,
        NOTE: {"type": "string"},
    }
    required = [name for name in columns if name not in (ID, NOTE)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tasktable workflow",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "name": {"type": "string", "maxLength": MAX_NAME},
            "description": {"type": "string", "maxLength": MAX_DESCRIPTION},
            "inputs": {
                "type": "object",
                "maxProperties": MAX_INPUTS,
                "propertyNames": {"$ref": "#/$defs/key"},
                "additionalProperties": {"$ref": "#/$defs/value"},
            },
            "tasks": {
                "type": "array",
                "maxItems": MAX_TASKS,
                "items": {
                    "type": "object",
                    "properties": columns,
                    "required": required,
                    "additionalProperties": False,
                },
            },
            "functions": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "required": ["format", "version", "tasks"],
        "additionalProperties": False,
        "$defs": {
            "key": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
            "value": {"anyOf": [{"$ref": "#/$defs/tagged"}, {"$ref": "#/$defs/plain"}]},
            "tagged": {
                "description": "a value that JSON lacks, as a one-key object",
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "propertyNames": {"enum": list(READERS)},
            },
            "plain": {
                "type": ["null", "boolean", "number", "string", "array", "object"],
                "items": {"$ref": "#/$defs/value"},
                "additionalProperties": {"$ref": "#/$defs/value"},
            },
        },
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2) + "\n")
