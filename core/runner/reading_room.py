"""Questions about stored values: those that wait, and the processes that answer them, a few at once."""

from __future__ import annotations

import os
from collections.abc import Collection
from functools import partial

from core.process import Ended, end_all
from core.runner.channel import Channel, Message
from core.runner.download import DownloadFolder
from core.runner.loop import Loop
from core.runner.reading import Reading
from core.runner.seen import Seen
from core.runner.setup import Room

MAX_READINGS = 4
MAX_FILES = 2  # so that values can be looked at while files are made


class ReadingRoom:
    """Part of a supervisor: takes questions, sends the answers over the channel to the client."""

    def __init__(self, loop: Loop, client: Channel, room: Room) -> None:
        self._loop, self._client, self._room = loop, client, room
        self._downloads = DownloadFolder(room.setup.data)
        self._seen = Seen(room.setup.data / "artifacts")
        self._readings: dict[int, Reading] = {}
        self._questions: list[Message] = []

    @property
    def pids(self) -> Collection[int]:
        """The processes that are at work."""
        return self._readings.keys()

    def ask(self, message: Message) -> None:
        """Take a question; its answer is sent later. Raises OSError if no process can be started."""
        self._questions.append(message)
        self._read_what_may()

    def bury(self, ended: Ended) -> bool:
        """Send the answer of a process that has ended; False if it is none of these."""
        reading = self._readings.pop(ended.pid, None)
        if reading is None:
            return False
        self._loop.remove(reading.pipe)
        content, refusal = reading.answer(ended)
        reading.close()
        if refusal:
            self._downloads.discard(ended.pid)
        elif not reading.is_file:  # one that was there already is not made again
            self._seen.confirm(reading.artifact, reading.mark)
        answer = {"refused": refusal} if refusal else {"size": len(content)}
        self._client.send({"answer": reading.number, **answer}, content)
        self._read_what_may()
        return True

    def hurry(self, spare: Collection[int]) -> list[Ended]:
        """End what takes too long. `spare`: other children. Returns the processes that were ended."""
        late = {pid for pid, reading in self._readings.items() if reading.is_to_end}
        return end_all(spare={*spare, *self._readings} - late) if late else []

    def leave(self) -> None:
        """In a forked process: give back what belongs to the supervisor."""
        for reading in self._readings.values():
            os.close(reading.pipe)

    def _read_what_may(self) -> None:
        while len(self._readings) < MAX_READINGS:
            message = next(filter(self._may_begin, self._questions), None)
            if message is None:
                return
            self._questions.remove(message)
            artifact = message["artifact"]
            mark = self._seen.mark(artifact)
            is_checked = self._seen.is_checked(artifact, mark)
            reading = Reading(message["number"], artifact, message["question"], self._room, is_checked, mark)
            self._readings[reading.pid] = reading
            self._loop.add(reading.pipe, partial(self._collect, reading))

    def _may_begin(self, message: Message) -> bool:
        """True unless it asks for a file while others are made, or this very one."""
        if message["question"].get("ask") != "file":
            return True
        files = [reading for reading in self._readings.values() if reading.is_file]
        wanted = message["artifact"], message["question"]
        return len(files) < MAX_FILES and wanted not in [(file.artifact, file.question) for file in files]

    def _collect(self, reading: Reading) -> None:
        if not reading.receive():
            self._loop.remove(reading.pipe)
