"""Reading an uploaded workflow file by the ending of its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from core import Workflow
from core.errors import FormatError
from core.workflow_file import MAX_NAME
from dashboard.reading import facts

ENDINGS: Mapping[str, Callable[..., Workflow]] = {
    ".json": Workflow.from_json,
    ".csv": Workflow.from_csv,
    ".tsv": Workflow.from_csv,
}
UNKNOWN = "it is neither a workflow (.json, .csv, .tsv) nor a bundle (.zip)"


def read_workflow(name: str, content: bytes) -> Workflow:
    """Return the workflow in a file, named after the file unless it has a name. Raises TasktableError."""
    path = PurePath(name)
    read = ENDINGS.get(path.suffix.lower())
    if read is None:
        raise FormatError(UNKNOWN)
    workflow = read(content, catalog=facts.catalog())
    return workflow.replace(name=workflow.name or path.stem[:MAX_NAME])
