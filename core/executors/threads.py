"""Several jobs at once, each in a thread of this process."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from core.capture import hear_streams
from core.executors.job import Job, Report, Tell


class Threads:
    """Does up to `workers` jobs at once. Fit for work that waits, or that lets go of the interpreter's lock."""

    def __init__(self, workers: int, tell: Tell) -> None:
        hear_streams()
        self._tell = tell
        self._pool = ThreadPoolExecutor(workers, "task")
        self._ended: SimpleQueue[tuple[int, Future[Report]]] = SimpleQueue()
        self._room = workers

    @property
    def room(self) -> int:
        """How many more jobs may be started now."""
        return self._room

    def start(self, number: int, job: Job) -> None:
        """Begin a job in a thread."""
        self._room -= 1
        self._pool.submit(job, self._tell).add_done_callback(lambda future: self._ended.put((number, future)))

    def finished(self) -> list[tuple[int, Report]]:
        """Wait for one; an error of the engine itself is raised here."""
        ended = [self._ended.get()]
        while not self._ended.empty():
            ended.append(self._ended.get())
        self._room += len(ended)
        return [(number, future.result()) for number, future in ended]

    def close(self) -> None:
        """Wait for what is under way: a thread cannot be ended."""
        self._pool.shutdown(wait=True, cancel_futures=True)
