"""The published schema is the code's own, and tells a workflow file from what is none."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from core.schema import schema

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "sample_workflows").glob("*.json"))


def test_the_published_schema_is_the_code_s() -> None:
    published = json.loads((ROOT / "docs" / "workflow.schema.json").read_text(encoding="utf-8"))
    assert published == schema(), "run `make generated`"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_fits_it(path: Path) -> None:
    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), schema())


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"format": "other"},
        {"owner": "me"},
        {"tasks": [{"order": "first", "funcPath": "a.b", "inputKeys": [], "kwargs": {}, "outputKeys": []}]},
        {"tasks": [{"order": 0, "funcPath": "a.b", "inputKeys": [1], "kwargs": {}, "outputKeys": []}]},
        {"tasks": [{"order": 0, "funcPath": "a.b", "inputKeys": [], "kwargs": [], "outputKeys": []}]},
        {"tasks": [{"order": 0, "funcPath": "a.b"}]},
    ],
)
def test_what_is_no_workflow_does_not_fit_it(change: dict[str, object]) -> None:
    data = {**json.loads(SAMPLES[0].read_text(encoding="utf-8")), **change}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema())
