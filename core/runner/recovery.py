"""The end that a journal lacks when the processes that kept the run were killed."""

from __future__ import annotations

import logging
import os
import time
from functools import lru_cache
from pathlib import Path

from core.record import RunState
from core.runner.journal import RunFolder, append_once

log = logging.getLogger(__name__)
INTERRUPTED = "the processes that ran it were ended"


def recover(data: Path) -> list[str]:
    """Mark the runs of a data folder "interrupted" that nobody works on and that have no end; return their ids."""
    runs = data / "runs"
    names = sorted(path.name for path in runs.iterdir() if path.is_dir()) if runs.is_dir() else []
    return [name for name in names if RunFolder.is_id(name) and settle(RunFolder(data, name))]


def settle(folder: RunFolder, patience: float = 0.0) -> bool:
    """Append the end that a run's journal lacks, once nobody holds its lock; True if it was lacking."""
    if not _lacks_end(folder):
        return False
    try:
        lock = folder.lock(patience)
        if lock is None:
            return False
        try:
            return _append_end(folder)
        finally:
            os.close(lock)
    except OSError as error:
        _warn(folder.id, str(error))
        return False


@lru_cache(maxsize=1_000)
def _warn(run_id: str, reason: str) -> None:
    """Say it once: who looks at a run asks again and again."""
    log.warning("the end of the run %s cannot be written: %s", run_id, reason)


def _append_end(folder: RunFolder) -> bool:
    if not _lacks_end(folder):
        return False
    state = str(RunState.INTERRUPTED)
    append_once(folder, {"kind": "ended", "at": time.time(), "state": state, "reason": INTERRUPTED})
    return True


def _lacks_end(folder: RunFolder) -> bool:
    last = folder.last()
    return last is not None and last["kind"] != "ended"
