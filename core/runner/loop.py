"""Waiting for what comes next: descriptors that can be read, children that end, a signal to end."""

from __future__ import annotations

import os
import selectors
import signal
from collections.abc import Callable
from types import FrameType

from core.runner.channel import Channel

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Loop:
    """One per process, in its main thread. A SIGTERM sets `is_to_end`; a child that ends wakes the loop."""

    def __init__(self) -> None:
        self.is_to_end = False
        self._selector = selectors.DefaultSelector()
        self._calls: dict[int, Callable[[], None]] = {}
        self._channels: dict[int, Channel] = {}
        self._bell, self._wire = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC) if hasattr(os, "pipe2") else _pipe()
        self.add(self._bell, self._drain)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(self._wire, warn_on_full_buffer=False)

    def add(self, file: int, call: Callable[[], None]) -> None:
        """Call `call` whenever the descriptor can be read."""
        self._calls[file] = call
        self._selector.register(file, READ)

    def add_channel(self, channel: Channel, call: Callable[[], None]) -> None:
        """Call `call` whenever the channel can be read; send what waits in it as soon as that can be sent."""
        self._channels[channel.fileno()] = channel
        self.add(channel.fileno(), call)

    def remove(self, file: int) -> None:
        """Forget a descriptor; before it is closed."""
        if self._calls.pop(file, None):
            self._channels.pop(file, None)
            if file in self._selector.get_map():
                self._selector.unregister(file)

    def turn(self, timeout: float | None, paused: frozenset[int] = frozenset()) -> None:
        """Wait until something can be read or a child has ended, at most `timeout` seconds; then make the calls."""
        for file in self._calls:
            self._watch(file, paused)
        for key, events in self._selector.select(timeout):
            if events & WRITE and (channel := self._channels.get(key.fd)):
                channel.flush()
            if events & READ and (call := self._calls.get(key.fd)):
                call()

    def abandon(self) -> None:
        """Give everything back, in a process that was forked from the loop's own."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        self._selector.close()
        for file in (self._bell, self._wire):
            os.close(file)

    def _watch(self, file: int, paused: frozenset[int]) -> None:
        channel = self._channels.get(file)
        wanted = (0 if file in paused else READ) | (WRITE if channel and channel.has_waiting else 0)
        known = self._selector.get_map().get(file)
        if known is None and wanted:
            self._selector.register(file, wanted)
        elif known and not wanted:
            self._selector.unregister(file)
        elif known and known.events != wanted:
            self._selector.modify(file, wanted)

    def _drain(self) -> None:
        try:
            os.read(self._bell, 4096)
        except BlockingIOError:
            return

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self.is_to_end = True


def _pipe() -> tuple[int, int]:
    bell, wire = os.pipe()
    os.set_blocking(bell, False)
    os.set_blocking(wire, False)
    return bell, wire
