"""What happens in a process that was forked for one job: the job, and what it tells through a pipe."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import warnings
from collections.abc import Mapping
from typing import Any, NoReturn

from core.capture import hear_streams
from core.executors.job import Job
from core.stream import HIGH


def fork() -> int:
    """Return the number of a copy of this process, 0 within it. Raises OSError."""
    _flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that a library keeps idle
        return os.fork()


def work(job: Job, pipe: int) -> NoReturn:
    """Do the job in the forked process, send the report, and leave without the parent's farewells."""
    code, me, low = 1, os.getpid(), pipe
    os.setpgid(0, 0)
    pipe = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, HIGH)
    os.close(low)

    def tell(event: Mapping[str, Any]) -> None:
        if os.getpid() == me:
            _send(pipe, {"event": event})

    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        hear_streams()
        report = job(tell)
        _flush()
        if os.getpid() == me:
            _send(pipe, {"report": report.to_json()})
            code = 0
    except BaseException as error:
        sys.excepthook(*sys.exc_info())
        _send(pipe, {"broken": f"broke the process that ran it ({type(error).__name__})"})
    finally:
        try:
            _flush()
        finally:
            os._exit(code)


def _send(pipe: int, message: Mapping[str, Any]) -> None:
    rest = memoryview(f"\n{json.dumps(message)}\n".encode())
    while rest:
        rest = rest[os.write(pipe, rest) :]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue
