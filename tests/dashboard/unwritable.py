"""A server in a data folder that it may not write: `python -m tests.dashboard.unwritable FOLDER`.

Writes lines of JSON: before, while the folder may not be written, after it may be again, and how it is when that
happens under way. Root may write
everything; it starts this again without that right. Ends with 77 where that is not possible.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from core.settings import Settings
from core.store import Store
from core.value import question
from dashboard import services
from dashboard.reading import facts, results
from dashboard.reading.stored import Stored
from dashboard.server import backend as room
from dashboard.server.backend import Backend
from dashboard.state import Session
from tests.dashboard.renounce import WRITE_EVERYTHING, renounce

RAN, OTHER = "analysis_1", "analysis_3"


def main(folder: Path) -> None:
    """Fill a folder, look at it while it may not be written, and after that."""
    made = opened(folder)
    session = Session(facts.load_sample(RAN))
    services.run_all(session)
    services.save(session, "first", "ada")
    assert session.run
    tell("before", made, session.run.id)
    close(made)
    permit(folder, False)
    made = opened(folder)
    tell("while", made, session.run.id)
    permit(folder, True)
    tell("after", made, session.run.id)
    forbid_under_way(made, folder)
    close(made)


def tell(when: str, made: Backend, run_id: str) -> None:
    """Print what can be seen and what can be done."""
    session = Session(facts.load_sample(RAN))
    found: dict[str, Any] = {"when": when, "names": [known.name for known in made.store.workflows()]}
    services.open_run(session, run_id)
    found["states"] = sorted({str(known.state) for known in results.states(session).values()})
    artifacts = {key: artifact for key, (artifact, _) in results.output_artifacts(session).items()}
    found["rows"] = Stored(artifacts["data"]).ask(question.head()).data["rows"]
    asked = made.runner.ask(artifacts["fig"], dict(question.figure()))
    found["figure"] = b"scatter" in asked
    found["report"] = "Price against time" in services.report_of(run_id)
    other = Session(facts.load_sample(OTHER))
    services.run_all(other)
    found["run"] = words(other)
    services.save(other, "second", "ada")
    found["save"] = words(other)
    services.keep(other)
    found["keep"] = words(other)
    found["runs"] = len(made.store.runs())
    write(found)


def forbid_under_way(made: Backend, folder: Path) -> None:
    """Forbid writing to a server that could write, and allow it again; save both times."""
    session = Session(facts.load_sample(RAN))
    services.save(session, "first", "ada")
    services.rename(session, "Changed")
    another = Store.open(made.settings)
    another.workflows()  # somebody else has it open, so that it can be read
    made.store._database._engine.dispose()  # as if more people had come, for whom connections are opened now
    for when, allowed in (("meanwhile", False), ("later", True)):
        permit(folder, allowed)
        words(session)
        services.save(session, when, "ada")
        write({"when": when, "save": words(session)})
    another.close()


def write(found: dict[str, Any]) -> None:
    """Tell what was found."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def words(session: Session) -> str:
    """Return what the session was told since the last time."""
    found, session.notice = session.notice, None
    return found.text if found else ""


def opened(folder: Path) -> Backend:
    """Open the engine room of a server."""
    made = Backend.open(Settings(data=folder))
    made.patience = 60
    made.store._database.pause = 0.0
    room.use(made)
    return made


def close(made: Backend) -> None:
    """End its processes."""
    made.close()
    made.store.close()


def permit(folder: Path, on: bool) -> None:
    """Allow or forbid to write the folder and everything in it."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | 0o200 if on else mode & ~0o222)


if __name__ == "__main__":
    renounce("tests.dashboard.unwritable", WRITE_EVERYTHING)
    main(Path(sys.argv[1]))
