"""A save that was acknowledged is there, whenever the process is killed."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from time import monotonic

import pytest

from core.settings import Settings
from core.store import Store

KILLS = 100
PATIENCE = 30.0


@pytest.fixture
def saver(settings: Settings, store: Store) -> Iterator[subprocess.Popen[bytes]]:
    """The process that forks savers of the one workflow of the store."""
    workflow_id = store.add_workflow("Crossover", "first").workflow_id
    command = [sys.executable, "-m", "tests.core.store.saver"]
    arguments = [str(settings.data), settings.database_url, workflow_id]
    with subprocess.Popen([*command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


class Lines:
    """Lines of a process, read with patience or up to a moment."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        self._descriptor = process.stdout.fileno()
        self._rest = b""

    def until(self, moment: float) -> Iterator[str]:
        """Yield the lines that come before this moment."""
        while True:
            while b"\n" in self._rest:
                line, _, self._rest = self._rest.partition(b"\n")
                yield line.decode()
            if not select.select([self._descriptor], [], [], max(0.0, moment - monotonic()))[0]:
                return
            self._rest += os.read(self._descriptor, 65_536)

    def next(self) -> str:
        """Return the next line."""
        return next(self.until(monotonic() + PATIENCE))


def test_nothing_acknowledged_is_lost_at_a_hundred_random_moments(
    store: Store, settings: Settings, saver: subprocess.Popen[bytes]
) -> None:
    random_moment, lines, acknowledged = random.Random(5), Lines(saver), {}  # noqa: S311
    assert saver.stdin is not None
    for _ in range(KILLS):
        saver.stdin.write(b"\n")
        pid = int(lines.next().removeprefix("pid "))
        first = lines.next().split()
        acknowledged[int(first[0])] = first[1]
        told = list(lines.until(monotonic() + random_moment.random() * 0.02))
        os.kill(pid, signal.SIGKILL)
        while (line := lines.next()) != "dead":
            told.append(line)
        acknowledged.update((int(number), text) for number, text in map(str.split, told))
    workflow_id = store.workflows()[0].id
    assert len(acknowledged) >= KILLS
    assert {number: store.version(workflow_id, number).content for number in acknowledged} == acknowledged
    assert store.check() == []
