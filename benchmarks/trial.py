"""One measurement of one peer in a process of its own: one that fails or hangs harms no other.

`python -m benchmarks.trial NAME LENGTH build|run` prints the cost per task / loop, or how it fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec

from benchmarks.functions import loop, loop_rows
from benchmarks.peers import PEERS
from benchmarks.report import text_table
from benchmarks.timing import compare

LENGTHS = (100, 1_000, 10_000)
PHASES = ("build", "run")
PATIENCE = 60
WARM_UP = 10
QUIET = {"DO_NOT_TRACK": "1", "HAMILTON_TELEMETRY_ENABLED": "false"}
PACKAGES = {"Kedro": "kedro", "Hamilton": "sf-hamilton", "Dask": "dask"}


def print_peers() -> None:
    """Print what a task costs in each library, at each length of the chain."""
    found = [f"{title} {version(name)}" for title, name in PACKAGES.items() if find_spec(name.removeprefix("sf-"))]
    print(f"\nThe same chain elsewhere: cost per task / loop. {', '.join(found) or 'No peer'} installed.\n")
    header = ["what", *(f"{phase} {length:,}" for length in LENGTHS for phase in PHASES)]
    rows = [
        [peer.title, *(outcome(name, length, phase) for length in LENGTHS for phase in PHASES)]
        for name, peer in PEERS.items()
    ]
    print(text_table(header, rows))


def outcome(name: str, length: int, phase: str) -> str:
    """Measure in a new process, for `PATIENCE` seconds at most; return the ratio as text, or why there is none."""
    if find_spec(PEERS[name].package) is None:
        return "not installed"
    command = [sys.executable, "-m", "benchmarks.trial", name, str(length), phase]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE, env={**os.environ, **QUIET}
        )
    except subprocess.TimeoutExpired:
        return f"gave up after {PATIENCE} s"
    return answer.stdout.splitlines()[-1] if answer.returncode == 0 else f"fails: exit code {answer.returncode}"


def measure(name: str, length: int, phase: str) -> str:
    """Measure in this process. Work that takes seconds is timed once, after one call that warms up."""
    build = PEERS[name].build
    build(WARM_UP)()
    rows = loop_rows(length)
    try:
        work = build(length) if phase == "run" else lambda: build(length)
        if phase == "run" and work() != length:
            return "fails: wrong value"
        found = compare(work, lambda: loop(rows), least_pairs=1)
    except Exception as error:
        return f"fails: {type(error).__name__}"
    return f"{found.ratio:,.0f}" if found.ratio >= 100 else f"{found.ratio:.1f}"


if __name__ == "__main__":
    print(measure(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
