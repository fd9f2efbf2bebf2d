"""Messages between two processes: one JSON object per line, over a socket that never blocks."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from typing import Any

CHUNK = 256 * 1024
HIGH_TIDE = 8 * 1024**2

Message = dict[str, Any]


class Channel:
    """One end of a socket pair. What cannot be sent at once waits in memory; `is_full` says that much is waiting."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._socket = end
        self._came = bytearray()
        self._waiting = bytearray()
        self.is_closed = False

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def has_waiting(self) -> bool:
        """True if something is still to be sent."""
        return bool(self._waiting) and not self.is_closed

    @property
    def is_full(self) -> bool:
        """True if the other side is slow: whoever can wait with the next message should."""
        return len(self._waiting) > HIGH_TIDE

    def send(self, message: Mapping[str, Any], payload: bytes = b"") -> None:
        """Send one message, and bytes after it if the message says how many (`size`)."""
        self._waiting += (json.dumps(message, separators=(",", ":")) + "\n").encode() + payload
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as the other side takes it."""
        while self._waiting and not self.is_closed:
            try:
                sent = self._socket.send(memoryview(self._waiting)[:CHUNK])
            except BlockingIOError:
                return
            except OSError:
                self.is_closed = True
                return
            del self._waiting[:sent]

    def receive(self) -> Iterator[Message]:
        """Yield the messages that have come; `is_closed` is True afterwards if no more will."""
        try:
            chunk = self._socket.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self.is_closed = True
        self._came += chunk
        *lines, rest = self._came.split(b"\n") if b"\n" in chunk else (self._came,)
        self._came = rest
        for line in lines:
            yield json.loads(line)

    def receive_all(self) -> Iterator[Message]:
        """Yield everything up to the end; only when the other side has ended."""
        self._socket.setblocking(True)
        while not self.is_closed:
            yield from self.receive()

    def close(self) -> None:
        """Close the socket: the other side reads the end."""
        self.is_closed = True
        self._socket.close()
