"""The bytes of a file as memory that may be changed: a change is never seen by the file, nor by another reader."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any

from core.codec.source import Source, content_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

MAPPED = 1024**2


class Memory:
    """Bytes that Arrow reads in place, and of whose parts numpy makes arrays without a copy.

    Attributes:
        buffer: all the bytes, for Arrow.
    """

    def __init__(self, content: bytearray | mmap.mmap) -> None:
        import pyarrow as pa

        self._content = content
        self.buffer: pa.Buffer = pa.py_buffer(content)

    @classmethod
    def of(cls, source: Source) -> Memory:
        """Map a file, or read it if it is small. Raises OSError, ValueError for an empty file."""
        if isinstance(source, bytes) or source.stat().st_size < MAPPED:
            return cls(bytearray(content_of(source)))
        with source.open("rb") as file:
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))

    def array(self, part: pa.Buffer, dtype: np.dtype[Any], start: int, count: int) -> np.ndarray[Any, Any]:
        """Return `count` numbers of a part of the buffer, from the one at `start`. Raises ValueError."""
        import numpy as np

        place = part.address - self.buffer.address
        if not count:
            return np.empty(0, dtype)
        if not 0 <= place <= self.buffer.size - part.size or (start + count) * dtype.itemsize > part.size:
            raise ValueError("a column does not lie within its file")
        return np.frombuffer(self._content, dtype, count, place + start * dtype.itemsize)
