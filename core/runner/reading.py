"""One reader process, as its supervisor sees it."""

from __future__ import annotations

import os
import time
from typing import Any

from core.process import Ended, die_with
from core.request import Limits
from core.runner.limit import ending_words, seconds_words, size_words
from core.runner.reader import BAD, FINE, read, seconds_for
from core.runner.seen import Mark
from core.runner.setup import Room

CHUNK = 256 * 1024
MAX_ANSWER = 8 * 1024**2


class Reading:
    """A forked reader: its answer is collected, up to a size and within a time."""

    def __init__(
        self,
        number: int,
        artifact: dict[str, Any],
        question: dict[str, Any],
        room: Room,
        is_checked: bool = False,
        mark: Mark | None = None,
    ) -> None:
        """Fork the reader.

        Args:
            number: names the question to the client.
            artifact, question: what is asked of what.
            room: what the process finds.
            is_checked: the artifact's file is known to be undamaged.
            mark: that file as it was before (see `core.runner.seen`).
        """
        self.number, self.artifact, self.question, self.mark = number, artifact, question, mark
        self.pipe, theirs = os.pipe()
        self._seconds = seconds_for(question)
        self._deadline = time.monotonic() + self._seconds
        self._came = bytearray()
        parent = os.getpid()
        self.pid = os.fork()
        if not self.pid:
            try:
                die_with(parent)
                os.close(self.pipe)
                room.leave()
                read(artifact, question, room, theirs, is_checked)
            finally:
                os._exit(0)
        os.close(theirs)
        os.set_blocking(self.pipe, False)

    @property
    def is_file(self) -> bool:
        """True if it makes a file, which may take long."""
        return self.question.get("ask") == "file"

    @property
    def is_to_end(self) -> bool:
        """True if it has taken too long or has said too much."""
        return time.monotonic() > self._deadline or len(self._came) > MAX_ANSWER + 1

    def receive(self) -> bool:
        """Take what has come; False if that was all."""
        try:
            chunk = os.read(self.pipe, CHUNK)
        except BlockingIOError:
            return True
        self._came += chunk
        return bool(chunk)

    def answer(self, ended: Ended) -> tuple[bytes, str]:
        """Return the answer and "", or nothing and the sentence that says why; after the process has ended."""
        before = -1
        while before != len(self._came) <= MAX_ANSWER + 1:
            before = len(self._came)
            self.receive()
        content = bytes(self._came)
        if len(content) > MAX_ANSWER + 1:
            return b"", f"the answer is larger than {size_words(MAX_ANSWER)}; ask for less of the value"
        if content[:1] == FINE and ended.code == 0:
            return content[1:], ""
        if content[:1] == BAD:
            return b"", content[1:].decode(errors="replace")
        if time.monotonic() > self._deadline:
            what = "making the file" if self.is_file else "showing the value"
            return b"", f"{what} took longer than {seconds_words(self._seconds)}"
        return b"", f"the process that opened the value {ending_words(ended, Limits(cpu=self._seconds))}"

    def close(self) -> None:
        """Close the pipe."""
        os.close(self.pipe)
