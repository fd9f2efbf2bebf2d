"""Arrays of numpy as npy files; a large one is mapped, and a change of it stays in memory."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from core.codec.source import Source, content_of

MAPPED = 1024**2


def write(value: Any, path: Path) -> bool:
    """Write an array and return True; False for anything else, and for arrays that hold objects or more than a file."""
    kind = type(value)
    if kind.__module__ != "numpy" or kind.__name__ != "ndarray" or not _is_plain(value.dtype):
        return False
    import numpy as np

    with path.open("wb") as file:
        # Left to itself, numpy warns when a name of a field needs the version of the format that knows Unicode.
        version = None if str(value.dtype).isascii() else (3, 0)
        # Nor does it say why a real file does not take an array: this one is none.
        np.lib.format.write_array(SimpleNamespace(write=file.write), value, version, allow_pickle=False)
    return True


def read(source: Source) -> Any:
    """Return the array of a file. Raises ValueError, OSError."""
    import numpy as np

    if isinstance(source, bytes) or source.stat().st_size < MAPPED:
        return np.load(BytesIO(content_of(source)), allow_pickle=False)
    return np.load(source, mmap_mode="c", allow_pickle=False).view(np.ndarray)


def _is_plain(dtype: Any) -> bool:
    """True if the header of an npy file says all there is about the type."""
    import numpy as np

    if dtype.hasobject or _has_metadata(dtype):
        return False
    try:
        again = np.lib.format.descr_to_dtype(np.lib.format.dtype_to_descr(dtype))
    except (ValueError, TypeError):
        return False
    return bool(again == dtype) and bool(again.isalignedstruct) == dtype.isalignedstruct


def _has_metadata(dtype: Any) -> bool:
    inner = [field[0] for field in (dtype.fields or {}).values()] + ([dtype.subdtype[0]] if dtype.subdtype else [])
    return bool(dtype.metadata) or any(map(_has_metadata, inner))
