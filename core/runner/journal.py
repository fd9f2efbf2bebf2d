"""The folder of one run: its lock, its request, and its journal of events, one JSON line each."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.errors import RunnerError
from core.record import Event, RunRecord, RunState
from core.runner.told import parse

ID = r"[A-Za-z0-9-]{1,64}"
CHUNK = 64 * 1024
PRIVATE = 0o600
DAMAGED = "its journal is damaged: what came after this cannot be read"


class RunFolder:
    """`runs/<run id>` in the data folder. Who holds the lock, and nobody else, writes into it."""

    def __init__(self, data: Path, run_id: str) -> None:
        """Name the folder; nothing is made yet. Raises RunnerError if the id is none."""
        if not self.is_id(run_id):
            raise RunnerError(f"a run's id is 1 to 64 letters, digits and '-', not {run_id[:80]!r}")
        self.id = run_id
        self.path = data / "runs" / run_id
        self.events = self.path / "events.jsonl"

    @staticmethod
    def is_id(text: str) -> bool:
        """True if this can name a run: letters, digits and `-`."""
        return re.fullmatch(ID, text, re.ASCII) is not None

    def lock(self, patience: float = 0.0) -> int | None:
        """Return a descriptor that holds the lock until it and its copies in forked processes are closed, or None."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, PRIVATE)
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() >= deadline:
                    os.close(descriptor)
                    return None
                time.sleep(0.01)
            else:
                return descriptor

    def write_request(self, request: dict[str, Any]) -> None:
        """Keep the latest request, for whoever reads the folder. Raises OSError."""
        new = self.path / "request.json.new"
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "w", encoding="utf-8") as file:
            json.dump(request, file)
        new.replace(self.path / "request.json")

    def read(self) -> list[Event]:
        """Return the events so far; a line that is not whole, or that tells no event, ends them."""
        return self._read()[0]

    def record(self) -> RunRecord | None:
        """Return what the journal tells of the run, or None if there is none.

        One that cannot be read to its end tells of a run that was interrupted there.
        """
        events, whole, size = self._read()
        if not events:
            return None
        record = RunRecord(self.id).after_all(events)
        if whole == size:
            return record
        damaged = {"kind": "ended", "at": events[-1]["at"], "state": str(RunState.INTERRUPTED), "reason": DAMAGED}
        return replace(record.after(damaged), count=record.count)

    def cut(self) -> None:
        """Put aside what follows the first line that tells no event, so that the run can go on; with the lock only.

        Raises OSError.
        """
        _, whole, size = self._read()
        if whole < size:
            text = self.events.read_bytes()
            aside = self.path / "events.damaged"
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE), "wb") as file:
                file.write(text[whole:])
            os.truncate(self.events, whole)

    def last(self) -> Event | None:
        """Return the last whole event, without reading the others."""
        try:
            with self.events.open("rb") as file:
                end = file.seek(0, os.SEEK_END)
                text = b""
                while end and text.rstrip(b"\n").count(b"\n") < 2:
                    start = max(0, end - CHUNK)
                    file.seek(start)
                    text = file.read(end - start) + text
                    end = start
        except OSError:
            return None
        for line in reversed(text.split(b"\n")[:-1]):
            if (event := parse(line)) is not None:
                return event
        return None

    def _read(self) -> tuple[list[Event], int, int]:
        """Return the events, how many bytes they take, and how many bytes the whole lines take."""
        try:
            text = self.events.read_bytes()
        except OSError:
            return [], 0, 0
        events: list[Event] = []
        size = text.rfind(b"\n") + 1
        whole = 0
        for line in text[:size].split(b"\n")[:-1]:
            event = parse(line)
            if event is None:
                break
            events.append(event)
            whole += len(line) + 1
        return events, whole, size


class Journal:
    """Appends to the events of a run; only for who holds the folder's lock."""

    def __init__(self, folder: RunFolder) -> None:
        """Open the journal, and cut off what a writer that was killed has left of a line. Raises OSError."""
        self._file = os.open(folder.events, os.O_RDWR | os.O_CREAT | os.O_APPEND, PRIVATE)
        self._size = _whole(self._file)
        os.ftruncate(self._file, self._size)

    def append(self, event: Event) -> None:
        """Write one event, which then survives the end of every process. Raises OSError, with nothing written."""
        line = (json.dumps(event, separators=(",", ":")) + "\n").encode()
        try:
            rest = line
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._size)
            raise
        self._size += len(line)

    def sync(self) -> None:
        """Return when what was written survives the end of the machine."""
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def append_once(folder: RunFolder, event: Event) -> None:
    """Append one event to a run's journal. Raises OSError."""
    journal = Journal(folder)
    try:
        journal.append(event)
    finally:
        journal.close()


def _whole(file: int) -> int:
    """Return the number of bytes up to and with the last line's end."""
    end = os.lseek(file, 0, os.SEEK_END)
    while end:
        start = max(0, end - CHUNK)
        found = os.pread(file, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
