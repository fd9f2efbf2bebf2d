"""A value that lies in an artifact: what is asked of it is answered without keeping the value."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from core.artifact import Artifact
from core.errors import TasktableError, TooLargeError
from core.runner.download import DownloadFolder
from core.value.answer import MAX_FILE, Answer, answer
from core.value.question import Question, identity
from dashboard.server.backend import backend

SMALL = 2 * 1024**2
MOST_REFUSALS = 1_000
MOST_KEPT = 32 * 1024**2
UNTRUSTED = "pickle"


class Stored:
    """Answers from the artifact: a small one is read here, a large or a pickled one by a process of its own."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self.kind = artifact.kind

    def ask(self, question: Question) -> Answer:
        """Return the answer; one that was given lately is not worked out again."""
        if question["ask"] == "file":
            return self._answer(question)  # it lies in a file of its own, for a while
        found = remembered(f"{self.artifact.digest} {identity(question)}", lambda: self._answer(question))
        return self._with_refusals(found) if question["ask"] == "head" else found

    def _with_refusals(self, head: Answer) -> Answer:
        """Return what a value holds, with the files that have turned out too large when somebody asked for them."""
        files = {suffix: _refusals.get((self.artifact.digest, suffix), told) for suffix, told in _files(head).items()}
        return Answer({**head.data, "files": files}) if files else head

    def _answer(self, question: Question) -> Answer:
        if not self.artifact.is_stored:
            told = self.artifact.summary
            reason = told.get("reason") or "It could not be stored."
            return Answer(
                {"reason": reason, "kind": "other", "type": told.get("type", ""), "text": told.get("text", "")}
            )
        try:
            if copying := backend().copying:
                copying.fetch(self.artifact)
            if question["ask"] == "file":
                return Answer(content=_file(self.artifact, question["suffix"]))
            if self.artifact.size <= SMALL and self.artifact.codec != UNTRUSTED:
                return answer(backend().artifacts.get(self.artifact), question, most=_most(question))
            return Answer.from_bytes(backend().runner.ask(self.artifact, dict(question)))
        except TasktableError as error:
            return Answer({"reason": str(error)})


def _files(head: Answer) -> dict[str, str]:
    return dict(head.data.get("files", {}))


def _most(question: Question) -> int | None:
    """Return how large a file may be, for the question which files there are; all else of a small value is small."""
    return MAX_FILE if question["ask"] == "head" else None


def _file(artifact: Artifact, suffix: str) -> bytes:
    """Return the content of a file of a value. Raises TasktableError with the reason if there is none."""
    try:
        path = backend().runner.export(artifact, suffix)
    except TooLargeError as error:
        if len(_refusals) >= MOST_REFUSALS:
            _refusals.clear()
        _refusals[artifact.digest, suffix] = str(error)
        raise
    return DownloadFolder(backend().settings.data).read(path, MAX_FILE)


def remembered(name: str, work_out: Callable[[], Answer]) -> Answer:
    """Return the answer that was given lately under this name; else work it out."""
    found = _answers.find(name)
    if found is None:
        found = work_out()
        _answers.keep(name, found)
    return found


class _Answers:
    """The latest answers, at most 32 MB of them."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, tuple[int, Answer]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def find(self, name: str) -> Answer | None:
        with self._lock:
            if name not in self._found:
                return None
            self._found.move_to_end(name)
            return self._found[name][1]

    def keep(self, name: str, found: Answer) -> None:
        size = len(found.to_bytes())
        if "reason" in found.data or size > MOST_KEPT // 4:
            return
        with self._lock:
            self._size += size - self._found.pop(name, (0, found))[0]
            self._found[name] = size, found
            while self._size > MOST_KEPT:
                self._size -= self._found.popitem(last=False)[1][0]


_answers = _Answers()
_refusals: dict[tuple[str, str], str] = {}
