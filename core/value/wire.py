"""An answer about a value, and its bytes: JSON, Arrow columns and content.

The bytes may come from a process that runs code of strangers. Nothing in them can be executed, and reading them takes
no more memory than they are long, but for a small factor: the columns are bare Arrow buffers of a few types, without
the compressed bodies and the types of its own that an Arrow file may have.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.errors import FormatError
from core.json_text import loads
from core.value.excerpt import short, size_text

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MAX_BYTES = 8_000_000
MARK = b"TTA1"
LENGTHS = struct.Struct(">QQ")
PLAIN = ("bool", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)), "double", "string")
MOMENTS = tuple(f"timestamp[{unit}]" for unit in ("s", "ms", "us", "ns"))
NULLABLE = ("boolean", "Int64", "string")


@dataclass(frozen=True, eq=False)
class Answer:
    """What was found out about a value.

    Attributes:
        data: plain JSON; `reason`, if it is there, says why there is nothing else.
        frame: rows whose cells any table can draw (see `core.value.page.page`).
        content: a figure, a picture or a file.
    """

    data: dict[str, Any] = field(default_factory=dict)
    frame: pd.DataFrame | None = None
    content: bytes = b""

    @property
    def reason(self) -> str:
        """Why the question has no answer; "" if it has."""
        return str(self.data.get("reason", ""))

    def to_bytes(self, most: int = MAX_BYTES) -> bytes:
        """Return the answer as bytes; one that takes more than `most` becomes the reason that it is too large.

        Raises FormatError if the data are not plain JSON.
        """
        layout, table = (None, b"") if self.frame is None else _written(self.frame)
        try:
            text = json.dumps({"data": self.data, "frame": layout}, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise FormatError(f"the answer is not plain JSON: {error}") from None
        header = text.encode("utf-8", "surrogatepass")
        result = b"".join((MARK, LENGTHS.pack(len(header), len(table)), header, table, self.content))
        if len(result) <= most:
            return result
        reason = f"It takes {size_text(len(result))}, more than the {size_text(most)} that can be shown here."
        return Answer({"reason": reason}).to_bytes(len(result))

    @classmethod
    def from_bytes(cls, content: bytes) -> Answer:
        """Read what `to_bytes` has written. Raises FormatError for anything else."""
        start = len(MARK) + LENGTHS.size
        if content[: len(MARK)] != MARK or len(content) < start:
            raise FormatError("the answer about a value is garbled: it does not begin like one")
        header_length, table_length = LENGTHS.unpack_from(content, len(MARK))
        if start + header_length + table_length > len(content):
            raise FormatError("the answer about a value is garbled: its end is missing")
        middle, end = start + header_length, start + header_length + table_length
        header = _header(content[start:middle])
        layout = header["frame"]
        frame = None if layout is None else _read(layout, content[middle:end])
        return cls(header["data"], frame, content[end:])


def _header(content: bytes) -> dict[str, Any]:
    header = loads(content, "the answer about a value")
    if not isinstance(header, dict) or not isinstance(header.get("data"), dict) or "frame" not in header:
        raise FormatError("the answer about a value is garbled: it has no data")
    return header


def _written(frame: pd.DataFrame) -> tuple[dict[str, Any], bytes]:
    """Return how a frame is laid out, and the buffers of the levels of its index and of its columns in a row."""
    levels: list[Any] = [frame.index.get_level_values(level) for level in range(frame.index.nlevels)]
    columns: list[Any] = [frame.iloc[:, position] for position in range(frame.shape[1])]
    arrays = [_array(values) for values in (*levels, *columns)]
    layout = {
        "rows": len(frame),
        "levels": list(frame.index.names),
        "columns": list(frame.columns),
        "types": [
            {
                "type": _type_name(array.type),
                "zone": getattr(array.type, "tz", None),
                "dtype": str(values.dtype),
                "buffers": [None if buffer is None else buffer.size for buffer in array.buffers()],
            }
            for array, values in zip(arrays, (*levels, *columns), strict=True)
        ],
    }
    return layout, b"".join(buffer.to_pybytes() for array in arrays for buffer in array.buffers() if buffer is not None)


def _array(values: Any) -> pa.Array:
    import pyarrow as pa

    is_nullable = str(values.dtype) in NULLABLE or values.dtype.kind in "mMO"
    try:
        array = pa.array(values, from_pandas=is_nullable)
        if pa.types.is_large_string(array.type):
            array = array.cast(pa.string())
        if _type_name(array.type) in (*PLAIN, *MOMENTS):
            return array
    except (pa.ArrowException, TypeError, ValueError):  # a time zone, say, that Arrow does not know
        pass
    return pa.array([None if cell is None else short(cell) for cell in values], type=pa.string())


def _type_name(kind: pa.DataType) -> str:
    """Return the name of a type of Arrow, without its time zone."""
    unit = getattr(kind, "unit", None)
    return f"timestamp[{unit}]" if unit and str(kind).startswith("timestamp") else str(kind)


def _read(layout: Any, content: bytes) -> pd.DataFrame:
    import pandas as pd

    try:
        places = memoryview(content)
        values = []
        for column in layout["types"]:
            buffers, places = _buffers(column["buffers"], places)
            values.append(_values(column, layout["rows"], buffers))
        count = len(layout["levels"])
        levels, columns = values[:count], values[count:]
        if count == 1:
            index: pd.Index[Any] = pd.Index(levels[0], name=layout["levels"][0])
        else:
            index = pd.MultiIndex.from_arrays(levels, names=layout["levels"])
        frame = pd.DataFrame(dict(enumerate(columns)), index=index)
        frame.columns = pd.Index(layout["columns"], dtype=str)
    except Exception as error:  # Arrow and pandas raise many types of errors for garbled bytes
        raise FormatError(f"the rows in the answer about a value are garbled: {str(error)[:200]}") from None
    return frame


def _buffers(sizes: list[int | None], content: memoryview) -> tuple[list[pa.Buffer | None], memoryview]:
    """Return the first buffers of the content, and the rest of it."""
    import pyarrow as pa

    found: list[pa.Buffer | None] = []
    for size in sizes:
        if size is not None and not 0 <= size <= len(content):
            raise FormatError("a part of them is missing")
        # Copied, so that each begins where Arrow may read numbers from.
        found.append(None if size is None else pa.py_buffer(bytes(content[:size])))
        content = content[size or 0 :]
    return found, content


def _values(column: dict[str, Any], rows: int, buffers: list[pa.Buffer | None]) -> Any:
    import pandas as pd
    import pyarrow as pa

    name, dtype = column["type"], column["dtype"]
    if name in MOMENTS:
        kind = pa.timestamp(name[len("timestamp[") : -1], column["zone"])
    elif name in PLAIN:
        kind = pa.type_for_alias(name)
    else:
        raise FormatError(f"no table draws {name!r}")
    array = pa.Array.from_buffers(kind, rows, buffers)
    array.validate(full=True)
    if name == "string":
        return pd.array(array.to_pylist(), dtype=pd.StringDtype("python"))
    if (name, dtype) in (("bool", "boolean"), ("int64", "Int64")):
        return pd.array(array.to_pylist(), dtype=dtype)
    return array.to_pandas().array
