"""A server with a secret, and a task that looks for it: `python -m tests.dashboard.curious FOLDER`.

Writes what the task has found in the environments of all processes: "secret" if there was one, the number of those
that it could read.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from core import Workflow
from core.value import question
from dashboard import services
from dashboard.reading import facts, results
from dashboard.reading.stored import Stored
from dashboard.server import backend as room
from dashboard.state import Session
from tests.dashboard.renounce import LOOK_INTO_PROCESSES, READ_EVERYTHING, WRITE_EVERYTHING, renounce

SECRET = "9c1f-hunter-7d2e"  # noqa: S105 - the test's own
NAME = "CURIOUS_SECRET"


def look_around() -> str:
    """Read the environment of every process that lets it be read."""
    readable, found = 0, ""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "environ").read_bytes()
        except OSError:
            continue
        readable += 1
        if SECRET.encode() in text:
            found = "secret"
    return f"{found or 'nothing'} {min(readable, 2)}"


def main() -> None:
    """Run the task as a server would, and write what it has found."""
    made = room.backend()
    made.patience = 60
    rows = [[0, f"{__spec__.name}.look_around", (), {}, "found"]]
    session = Session(Workflow(rows, {}, name="Curious", catalog=facts.catalog()))
    services.run_all(session)
    artifact, _ = results.output_artifacts(session)["found"]
    sys.stdout.write(f"{Stored(artifact).ask(question.plain()).data['text']}\n")
    made.close()


if __name__ == "__main__":
    os.environ.update({NAME: SECRET, "TASKTABLE_DATA": sys.argv[1], "TASKTABLE_FUNCTIONS": __spec__.name})
    renounce(__spec__.name, WRITE_EVERYTHING, READ_EVERYTHING, *LOOK_INTO_PROCESSES)
    main()
