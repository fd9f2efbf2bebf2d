"""A real Tasktable server for the browser tests, on a free port of the loopback interface."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

START_LIMIT = 90.0


@contextmanager
def running_server(data: Path | None = None, functions: str = "") -> Iterator[str]:
    """Start `tasktable serve` and yield its address once it answers; stop it at the end.

    It works in the folder `data`, or in one that is gone afterwards; `functions` names more modules for tables.
    """
    with TemporaryDirectory(prefix="tasktable") as folder:
        address, process = start(data or Path(folder), functions)
        try:
            yield address
        finally:
            process.terminate()
            process.communicate(timeout=20)


def start(data: Path, functions: str = "", port: int = 0) -> tuple[str, subprocess.Popen[str]]:
    """Start a server, on a free port if none is named, and return its address and its process once it answers."""
    port = port or free_port()
    command = [sys.executable, "-m", "core.cli", "serve", "--port", str(port)]
    environment = {**os.environ, "TASKTABLE_DATA": str(data), "TASKTABLE_FUNCTIONS": functions}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
    except BaseException:
        process.kill()
        raise
    return address, process


def _wait_for(address: str, process: subprocess.Popen[str]) -> None:
    pause = threading.Event()
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once: {process.communicate()[0]}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):  # noqa: S310 - loopback
                return
        except OSError:
            pause.wait(0.1)
    raise RuntimeError("the server did not answer")


def free_port() -> int:
    """Return a port of the loopback interface that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
