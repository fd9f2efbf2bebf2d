"""Where values and bytes meet: which codec writes a value to a file, and how it is read back.

"json"    what `core.literal` says exactly: numbers, None, dates, nested lists and dictionaries
"text"    a text, in UTF-8
"bytes"   bytes, as they are
"arrow"   a frame, a series or an index of pandas, as an Arrow IPC file that is mapped, not read
"npy"     an array of numpy
"figure"  a figure of plotly, as the JSON that plotly itself writes
"png"     a picture
"pickle"  anything else; read only where the caller trusts the file
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.codec import array, figure, pickled, picture, plain, table
from core.codec.source import Source
from core.errors import ArtifactError, UnstorableError

Write = Callable[[Any, Path], bool]
Read = Callable[[Source], Any]
CODECS: dict[str, tuple[Write, Read]] = {
    "text": (plain.write_text, plain.read_text),
    "bytes": (plain.write_bytes, plain.read_bytes),
    "arrow": (table.write, table.read),
    "npy": (array.write, array.read),
    "figure": (figure.write, figure.read),
    "png": (picture.write, picture.read),
    "json": (plain.write_json, plain.read_json),
    "pickle": (pickled.write, pickled.read),
}


def encode(value: Any, path: Path) -> str:
    """Write a value to a file, by the first codec that can bring it back exactly, and return the codec's name.

    Raises UnstorableError, with the reason, for a value that no file can hold, and OSError for a file that cannot be
    written; whatever else the value's own methods raise becomes an UnstorableError.
    """
    return next(name for name, (write, _) in CODECS.items() if _is_written(write, value, path))


def _is_written(write: Write, value: Any, path: Path) -> bool:
    try:
        return write(value, path)
    except (KeyboardInterrupt, OSError, UnstorableError):
        raise
    except BaseException:  # a value may raise anything when it is looked at; the last codec says what
        return False


def decode(codec: str, source: Source, trusted: bool = False) -> Any:
    """Return the value that `encode` wrote: an object of its own, which may be changed without harm to the file.

    A pickle is opened only if the file is trusted. Raises ArtifactError if the file cannot be read.
    """
    if codec not in CODECS:
        raise ArtifactError(f"a stored value says that it is written as {codec[:40]!r}; known are {', '.join(CODECS)}")
    if codec == "pickle" and not trusted:
        raise ArtifactError("this value is stored as a pickle, which is opened only where the run's functions run")
    try:
        return CODECS[codec][1](source)
    except (KeyboardInterrupt, MemoryError, ArtifactError):
        raise
    except BaseException as error:  # a pickle may raise anything
        raise ArtifactError(f"a stored value cannot be read as {codec}: {pickled.words(error)}") from error
