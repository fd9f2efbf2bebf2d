"""The record of a run as JSON: without its id and the ids of its results, which mean nothing on another server."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from core.artifact import Artifact
from core.cell import MAX_KEYS
from core.errors import FormatError
from core.json_text import loads
from core.record import RunRecord, RunState, TaskRecord
from core.result import State
from core.table import MAX_TASKS, TASK_ID
from core.value.output import whole

DIGEST = r"[0-9a-f]{64}"
MAX_TEXT = 20_000
MAX_NAME = 200
MAX_SUMMARY = 10_000
RUN_FIELDS = ("state", "reason", "queued", "began", "ended", "is_partial", "tasks")
TEXTS = ("reason", "error", "traceback", "log")
TASK_FIELDS = ("state", "seconds", "began", *TEXTS, "outputs")
ARTIFACT_FIELDS = ("digest", "codec", "size", "kind", "summary")
Choice = TypeVar("Choice", bound=StrEnum)


def dumps(record: RunRecord) -> str:
    """Return the record as JSON text; long logs are cut."""
    tasks = {
        task_id: {
            "state": str(task.state),
            "seconds": task.seconds,
            "began": task.began,
            **{name: whole(str(getattr(task, name)).replace("\0", "\ufffd"))[:MAX_TEXT] for name in TEXTS},
            "outputs": {key: artifact.to_json() for key, artifact in task.outputs.items()},
        }
        for task_id, task in record.tasks.items()
    }
    times = {"queued": record.queued, "began": record.began, "ended": record.ended}
    reason = whole(record.reason.replace("\0", "\ufffd"))[:MAX_TEXT]
    data = {"state": str(record.state), "reason": reason, **times, "is_partial": record.is_partial, "tasks": tasks}
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def load_record(content: bytes, what: str) -> RunRecord:
    """Return what `dumps` has written, as a record without an id. Raises FormatError, naming `what` and the place."""
    data = fields(loads(content, what), RUN_FIELDS, what)
    tasks = objects(data["tasks"], f"{what}: tasks", MAX_TASKS)
    if type(data["is_partial"]) is not bool:
        raise FormatError(f"{what}: is_partial is neither true nor false")
    return RunRecord(
        id="",
        state=choice(RunState, data["state"], f"{what}: state"),
        reason=text(data["reason"], f"{what}: reason", MAX_TEXT),
        queued=number(data["queued"], f"{what}: queued"),
        began=number(data["began"], f"{what}: began"),
        ended=number(data["ended"], f"{what}: ended"),
        is_partial=data["is_partial"],
        tasks={task_id: _task(task_id, task, f"{what}: tasks.{task_id[:60]}") for task_id, task in tasks.items()},
    )


def load_artifact(data: Any, what: str) -> Artifact:
    """Return a reference to a value. Raises FormatError."""
    found = fields(data, ARTIFACT_FIELDS, what)
    digest, size = found["digest"], found["size"]
    if not isinstance(digest, str) or not re.fullmatch(f"({DIGEST})?", digest, re.ASCII):
        raise FormatError(f"{what}: the digest is not 64 hexadecimal digits")
    if type(size) is not int or not 0 <= size < 2**63:
        raise FormatError(f"{what}: the size is not a number of bytes")
    summary = found["summary"]
    if not isinstance(summary, dict) or len(json.dumps(summary)) > MAX_SUMMARY:
        raise FormatError(f"{what}: the summary is no object, or too long")
    names = [text(found[name], f"{what}: {name}", MAX_NAME) for name in ("codec", "kind")]
    return Artifact(digest, names[0], size, names[1], summary)


def fields(data: Any, names: tuple[str, ...], what: str) -> Mapping[str, Any]:
    """Return an object that has exactly these fields. Raises FormatError."""
    if not isinstance(data, dict):
        raise FormatError(f"{what} is not an object with {', '.join(names)}")
    if unknown := [name for name in data if name not in names]:
        raise FormatError(f"{what} has the unknown field {unknown[0][:60]!r}; known are {', '.join(names)}")
    if missing := [name for name in names if name not in data]:
        raise FormatError(f"{what} has no field {missing[0]}")
    return data


def objects(data: Any, what: str, most: int) -> Mapping[str, Any]:
    """Return an object of at most so many members. Raises FormatError."""
    if not isinstance(data, dict) or len(data) > most:
        raise FormatError(f"{what} is not an object of at most {most:,} members")
    return data


def text(data: Any, what: str, most: int) -> str:
    """Return a text of at most so many characters. Raises FormatError."""
    if not isinstance(data, str) or len(data) > most:
        raise FormatError(f"{what} is not a text of at most {most:,} characters")
    return data


def number(data: Any, what: str) -> float:
    """Return a finite number that is not negative. Raises FormatError."""
    if type(data) not in (int, float) or not 0 <= data < 1e15 or not math.isfinite(data):
        raise FormatError(f"{what} is not a number of seconds")
    return float(data)


def choice(kind: type[Choice], data: Any, what: str) -> Choice:
    """Return one of the words that an enumeration knows. Raises FormatError."""
    if not isinstance(data, str) or data not in list(kind):
        raise FormatError(f"{what} is {str(data)[:40]!r}; known are {', '.join(kind)}")
    return kind(data)


def _task(task_id: str, data: Any, what: str) -> TaskRecord:
    if not re.fullmatch(TASK_ID, task_id, re.ASCII):
        raise FormatError(f"{what}: this is no id of a task")
    found = fields(data, TASK_FIELDS, what)
    outputs = objects(found["outputs"], f"{what}: outputs", MAX_KEYS)
    reason, error, traceback, log = (text(found[name], f"{what}: {name}", MAX_TEXT) for name in TEXTS)
    return TaskRecord(
        choice(State, found["state"], f"{what}: state"),
        number(found["seconds"], f"{what}: seconds"),
        number(found["began"], f"{what}: began"),
        reason=reason,
        error=error,
        traceback=traceback,
        log=log,
        outputs={key: load_artifact(item, f"{what}: outputs.{key[:60]}") for key, item in outputs.items()},
    )
