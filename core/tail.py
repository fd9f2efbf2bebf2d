"""What tasks print, in memory that outlives their process: whoever forked it reads there what nobody was told yet."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Collection, Iterator
from threading import Lock

from core.secret import held_back, masked

HEADER = struct.Struct("<III")  # number of times that the place was taken, twice; bytes of the name; bytes of text
TEXT = 1024
PLACE = TEXT + 400 * 1024  # what a record keeps of one task always fits; pages that nobody writes cost nothing
MOST_PLACES = 65

_tails: Tails | None = None


class Tails:
    """Memory with a place for each task that is under way, to be made before the fork of the process that runs them."""

    def __init__(self, places: int, secrets: Collection[str] = ()) -> None:
        """Make room for so many tasks at once. `secrets` are never among what is read."""
        self.count = min(max(1, places), MOST_PLACES)
        self._memory = mmap.mmap(-1, self.count * PLACE)
        self._secrets = tuple(secrets)
        self._read: dict[int, tuple[int, int]] = {}
        self._free = list(range(self.count))
        self._turn = Lock()

    def news(self, wanted: Collection[str], *, is_last: bool = False) -> Iterator[tuple[str, str]]:
        """Yield name and new text of the wanted tasks. An end that may begin a secret waits, unless it is the last."""
        for number in range(self.count):
            taken, name, text = self._content(number)
            if name not in wanted:
                continue
            former, start = self._read.get(number, (0, 0))
            start = start if former == taken else 0
            new = text[start:].decode(errors="replace")
            stop = len(new) if is_last else len(new) - held_back(new, self._secrets)
            self._read[number] = taken, start + len(new[:stop].encode())
            if stop:
                yield name, masked(new[:stop], self._secrets)

    def names(self) -> set[str]:
        """Return the tasks that had a place and whose place no other has taken since."""
        return {self._content(number)[1] for number in range(self.count)} - {""}

    def text(self, number: int, task: str) -> str:
        """Return all that a task has written into a place, if it was the last one to take it."""
        _, name, text = self._content(number) if number < self.count else (0, "", b"")
        return masked(text.decode(errors="replace"), self._secrets) if name == task else ""

    def keep_to(self, number: int) -> None:
        """In a forked process: use this place only, while others use the others. No place at all if there is none."""
        self._free = [number] if number < self.count else []

    def take(self, name: str) -> Tail | None:
        """Return a place for what a task writes, or None if all are taken."""
        with self._turn:
            number = self._free.pop() if self._free else None
        if number is None:
            return None
        memory, begin, encoded = self._memory, number * PLACE, name.encode(errors="replace")[: TEXT - HEADER.size]
        times = HEADER.unpack_from(memory, begin)[0] | 1
        HEADER.pack_into(memory, begin, times, 0, 0)  # an odd number: nobody may read
        memory[begin + HEADER.size : begin + HEADER.size + len(encoded)] = encoded
        HEADER.pack_into(memory, begin, times + 1, len(encoded), 0)
        return Tail(self, memory, number)

    def give_back(self, number: int) -> None:
        """Let another task have the place; what is in it stays until then."""
        with self._turn:
            self._free.append(number)

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()

    def _content(self, number: int) -> tuple[int, str, bytes]:
        """Return how often the place was taken, by which task it is, and what it has written; nothing if it is torn."""
        memory, begin = self._memory, number * PLACE
        times, named, size = HEADER.unpack_from(memory, begin)
        name = memory[begin + HEADER.size : begin + min(HEADER.size + named, TEXT)].decode(errors="replace")
        text = memory[begin + TEXT : begin + min(TEXT + size, PLACE)]
        is_whole = not times % 2 and HEADER.unpack_from(memory, begin)[0] == times
        return (times, name, text) if is_whole else (0, "", b"")


class Tail:
    """The place of one task."""

    def __init__(self, tails: Tails, memory: mmap.mmap, number: int) -> None:
        self._tails, self._memory, self._number = tails, memory, number
        self._size = 0

    def write(self, text: str) -> None:
        """Append text, as far as there is room."""
        encoded = text.encode(errors="replace")[: PLACE - TEXT - self._size]
        begin, end = self._number * PLACE, self._size + len(encoded)
        self._memory[begin + TEXT + self._size : begin + TEXT + end] = encoded
        times, named, _ = HEADER.unpack_from(self._memory, begin)
        HEADER.pack_into(self._memory, begin, times, named, end)
        self._size = end

    def close(self) -> None:
        """Give the place back."""
        self._tails.give_back(self._number)


def use(tails: Tails) -> None:
    """From now on, what the tasks of this process print is kept there."""
    global _tails  # noqa: PLW0603  # a process runs the tasks of one run
    _tails = tails


def current() -> Tails | None:
    """Return what this process uses, if anybody watches it."""
    return _tails
