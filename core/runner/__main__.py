"""The supervisor's entry: `python -m core.runner <descriptor>`, started by `core.runner.Runner`."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import time
from types import FrameType

from core.errors import TasktableError
from core.runner import mark
from core.runner.channel import Channel, Message
from core.runner.setup import Setup
from core.runner.supervisor import Supervisor
from core.runner.warming import warm_at_once

INTERVAL = 1.0


def main(descriptor: int) -> None:
    """Import the catalog, say so over the socket, and serve."""
    end = socket.socket(fileno=descriptor)
    os.set_inheritable(descriptor, False)
    channel = Channel(end)
    setup = Setup.from_json(_first(channel))
    sys.path[:] = setup.path
    token_file = _mark(setup)
    try:
        _watch_client(end)
        supervisor = _prepare(channel, setup, token_file)
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        if supervisor:
            supervisor.serve()
    finally:
        mark.release(setup.data, setup.token)


def _mark(setup: Setup) -> int | None:
    """Hold the mark; None in a folder that cannot be written, where nothing can run and everything can be read."""
    try:
        return mark.hold(setup.data, setup.token)
    except OSError:
        return None


def _prepare(channel: Channel, setup: Setup, token_file: int | None) -> Supervisor | None:
    from core.catalog import Catalog
    from core.described import describe

    try:
        began = time.time_ns()
        catalog = Catalog.default()
        warm_at_once()
        supervisor = Supervisor(channel, setup, catalog, began, token_file)
        channel.send({"ready": describe(catalog)})
    except (TasktableError, OSError) as error:
        channel.send({"failed": str(error)})
        _send_rest(channel)
        return None
    os.register_at_fork(after_in_child=_reseed)
    mark.sweep(setup.data)
    return supervisor


def _reseed() -> None:
    """Python's own generator is seeded anew in a forked process; numpy's would give every run the same numbers."""
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def _first(channel: Channel) -> Message:
    while not channel.is_closed:
        select.select([channel], [], [])
        for message in channel.receive():
            return message
    sys.exit(0)


def _send_rest(channel: Channel) -> None:
    while channel.has_waiting:
        select.select([], [channel], [])
        channel.flush()


def _watch_client(end: socket.socket) -> None:
    """While modules are imported, which may take for ever, look every second whether the client is still there."""

    def look(_number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(BlockingIOError):
            if not end.recv(1, socket.MSG_PEEK):
                os._exit(0)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, INTERVAL, INTERVAL)


if __name__ == "__main__":
    main(int(sys.argv[1]))
