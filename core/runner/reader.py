"""Inside the short-lived process that opens one stored value, which may be a pickle, and answers about it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.artifact import Artifact
from core.errors import TasktableError
from core.request import Limits
from core.runner.download import DownloadFolder
from core.runner.limit import set_limits, size_words
from core.runner.setup import Room, silence

if TYPE_CHECKING:
    from core.artifact_folder import ArtifactFolder
    from core.value.answer import Answer

SECONDS = 20.0
SECONDS_FOR_FILES = 120.0
MAX_SCRATCH = 64 * 1024**2
MARGIN = 1024**2
FINE, BAD = b"+", b"-"


class _UnmadeError(Exception):
    """No file can be made; the answer says why."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(answer.reason)


def seconds_for(question: Mapping[str, Any]) -> float:
    """Return how long a reader may work for the answer."""
    return SECONDS_FOR_FILES if question.get("ask") == "file" else SECONDS


def read(artifact: Mapping[str, Any], question: dict[str, Any], room: Room, pipe: int, is_checked: bool) -> None:
    """Write the answer into the pipe: one byte that tells whether it is one, then it, or a sentence.

    To be called in a process of its own, which should end right after it. `is_checked`: the artifact's file is known
    to be undamaged.
    """
    os.setsid()
    silence()
    memory = room.setup.memory
    set_limits(Limits(memory=memory, cpu=seconds_for(question), file_size=_most_written(question)))
    try:
        content = FINE + _answer(artifact, question, room, is_checked)
    except TasktableError as error:
        content = BAD + str(error).encode()
    except MemoryError:
        content = BAD + f"showing the value needs more than {size_words(memory)} of memory".encode()
    except BaseException as error:  # opening it may raise anything
        content = BAD + f"the value cannot be shown: {type(error).__name__}: {str(error)[:500]}".encode()
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def answer_stored(folder: ArtifactFolder, artifact: Artifact, question: Mapping[str, Any]) -> Answer:
    """Return what is asked of a stored value, or of it and another one. Raises ArtifactError, FormatError.

    It may be a pickle, so this is for a process of its own. A file is made beside the folder, and only its size told.
    """
    from core.compare.answer import ASK, answer_comparison
    from core.value.answer import MAX_CONTENT, MAX_FILE, answer

    downloads = DownloadFolder(folder.root.parent)
    if question.get("ask") == "file":
        return _file(folder, downloads, artifact, question["suffix"])
    value = folder.get(artifact, trusted=True)
    if question.get("ask") != ASK:
        most = MAX_FILE if question.get("ask") == "head" else MAX_CONTENT  # it tells which files can be had
        return answer(value, question, most, partial(downloads.select, artifact))
    return answer_comparison(value, folder.get(Artifact.from_json(question["other"]), trusted=True))


def _file(folder: ArtifactFolder, downloads: DownloadFolder, artifact: Artifact, suffix: str) -> Answer:
    from core.value.answer import Answer, save

    path = downloads.path(artifact, suffix)
    if not downloads.has(path):
        value = folder.get(artifact, trusted=True)

        def write(new: Path) -> None:
            answer = save(value, suffix, new)
            if answer.reason:
                raise _UnmadeError(answer)

        try:
            downloads.make(path, write)
        except _UnmadeError as error:
            return error.answer
    return Answer({"size": path.stat().st_size})


def _most_written(question: Mapping[str, Any]) -> int:
    from core.value.answer import MAX_FILE

    return MAX_FILE + MARGIN if question.get("ask") == "file" else MAX_SCRATCH


def _answer(artifact: Mapping[str, Any], question: dict[str, Any], room: Room, is_checked: bool) -> bytes:
    from core.artifact_folder import ArtifactFolder

    known = [artifact["digest"]] if is_checked else []
    folder = ArtifactFolder(room.setup.data / "artifacts", known)
    return answer_stored(folder, Artifact.from_json(artifact), question).to_bytes()
