"""How long `import core` and `tasktable --help` keep a user waiting, each in a fresh process.

Bytecode comes from a folder of its own that the first start fills, as after an installation, whatever the environment
says about writing it: compiling is not what is measured.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.report import Line
from benchmarks.timing import Comparison, duration

PAIRS = 25
IMPORT_SECONDS = 0.070
HELP_SECONDS = 0.300
BARE = [sys.executable, "-c", "pass"]
IMPORT = [sys.executable, "-c", "import core"]


def startup_lines() -> Iterator[Line]:
    """Measure both."""
    with TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "PYTHONPYCACHEPREFIX": folder}
        yield import_line(environment)
        yield help_line(environment)


def import_line(environment: Mapping[str, str]) -> Line:
    """Compare what `import core` adds to a bare start of Python with the time that it may take."""
    bare, imports = _interleaved(BARE, IMPORT, environment)
    added = [after - before for before, after in zip(bare, imports, strict=True)]
    return _line("`import core` on top of bare Python", median(added), min(imports) - min(bare), IMPORT_SECONDS)


def help_line(environment: Mapping[str, str]) -> Line:
    """Compare the whole of `tasktable --help` with the time that it may take."""
    script = Path(sys.executable).with_name("tasktable")
    command = [str(script)] if script.exists() else [sys.executable, "-m", "core.cli"]
    command.append("--help")
    answer = subprocess.run(command, capture_output=True, check=False, env=environment)
    if answer.returncode or not answer.stdout:
        return Line("`tasktable --help`: there is no such command yet", None, 1)
    _, helps = _interleaved(BARE, command, environment)
    return _line("`tasktable --help`, all of it", median(helps), min(helps), HELP_SECONDS)


def _line(what: str, seconds: float, fastest: float, allowed: float) -> Line:
    what = f"{what}: {seconds * 1000:.0f} ms / {allowed * 1000:.0f} ms"
    return Line(what, Comparison(seconds / allowed, fastest / allowed, allowed), 1)


def _interleaved(
    one: Sequence[str], other: Sequence[str], environment: Mapping[str, str]
) -> tuple[list[float], list[float]]:
    """Return the durations of both commands, run in turn, after one run of each that fills the caches."""

    def run(command: Sequence[str]) -> None:
        subprocess.run(command, capture_output=True, check=True, env=environment)

    run(one)
    run(other)
    pairs = [(duration(lambda: run(one)), duration(lambda: run(other))) for _ in range(PAIRS)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
