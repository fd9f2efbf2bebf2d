"""Inside the short-lived process that opens one stored value, which may be a pickle, and answers about it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.artifact import Artifact
from core.errors import TasktableError
from core.request import Limits
from core.runner.limit import set_limits, size_words
from core.runner.setup import Room, silence

if TYPE_CHECKING:
    from core.artifact_folder import ArtifactFolder
    from core.value.answer import Answer

SECONDS = 20.0
MAX_FILE = 64 * 1024**2
FINE, BAD = b"+", b"-"


def read(artifact: Mapping[str, Any], question: dict[str, Any], room: Room, pipe: int) -> None:
    """Write the answer into the pipe: one byte that tells whether it is one, then it, or a sentence.

    To be called in a process of its own, which should end right after it.
    """
    os.setsid()
    silence()
    memory = room.setup.memory
    set_limits(Limits(memory=memory, cpu=SECONDS, file_size=MAX_FILE))
    try:
        content = FINE + _answer(artifact, question, room)
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

    It may be a pickle, so this is for a process of its own.
    """
    from core.compare.answer import ASK, answer_comparison
    from core.value.answer import answer

    value = folder.get(artifact, trusted=True)
    if question.get("ask") != ASK:
        return answer(value, question)
    return answer_comparison(value, folder.get(Artifact.from_json(question["other"]), trusted=True))


def _answer(artifact: Mapping[str, Any], question: dict[str, Any], room: Room) -> bytes:
    from core.artifact_folder import ArtifactFolder

    folder = ArtifactFolder(room.setup.data / "artifacts")
    return answer_stored(folder, Artifact.from_json(artifact), question).to_bytes()
