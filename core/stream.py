"""What is written past Python: to the standard output and error of a process, by C code and by programs it starts."""

from __future__ import annotations

import codecs
import fcntl
import os
import select
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread

STREAMS = (1, 2)
CHUNK = 1 << 16
MOST_WAITING = 1 << 20  # more than a pipe holds on any system as it is set up
HIGH = 200  # the least number of a descriptor of the engine's own; a task that uses whatever is open finds lower ones


class Streams:
    """Takes over both streams of this process, for good. It reads them in a thread, so that no writer has to wait."""

    def __init__(self, hear: Callable[[str], None]) -> None:
        """`hear` gets the text, also from the thread."""
        reader, writer = os.pipe()
        self._reader = fcntl.fcntl(reader, fcntl.F_DUPFD_CLOEXEC, HIGH)
        os.set_blocking(self._reader, False)
        for stream in STREAMS:
            os.dup2(writer, stream)
        os.close(reader)
        os.close(writer)
        self._hear = hear
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._turn = Lock()
        Thread(target=self._listen, name="streams", daemon=True).start()

    def drain(self) -> bool:
        """Pass on what has been written until now; return False if nobody can write any more.

        Somebody who goes on writing does not keep this from ending.
        """
        left = MOST_WAITING
        with self._turn:
            while left > 0:
                try:
                    content = os.read(self._reader, CHUNK)
                except BlockingIOError:
                    return True
                except OSError:  # a task has closed what is not its own
                    return False
                if not content:
                    return False
                left -= len(content)
                self._hear(self._decoder.decode(content))
        return True

    def finish(self) -> None:
        """Pass on also what C code holds back."""
        if "ctypes" in sys.modules:  # as NumPy needs it; to load it only for this would take longer than a task
            import ctypes

            with suppress(OSError, AttributeError):
                ctypes.CDLL(None).fflush(None)
        self.drain()

    def _listen(self) -> None:
        poll = select.poll()
        poll.register(self._reader, select.POLLIN)
        is_open = True
        while is_open:
            poll.poll()
            is_open = self.drain()
