"""One job at a time, in this very thread."""

from __future__ import annotations

from core.capture import hear_streams
from core.executors.job import Job, Report, Tell


class Inline:
    """Does a job when it is started."""

    def __init__(self, tell: Tell) -> None:
        hear_streams()
        self._tell = tell
        self._done: list[tuple[int, Report]] = []

    @property
    def room(self) -> int:
        """One, unless a report waits to be fetched."""
        return 0 if self._done else 1

    def start(self, number: int, job: Job) -> None:
        """Do the job."""
        self._done.append((number, job(self._tell)))

    def finished(self) -> list[tuple[int, Report]]:
        """Return the report of the job that was started."""
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        """Nothing is under way."""
