"""An answer about a value, and its bytes: JSON, an Arrow table and content; nothing in them can be executed."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.errors import FormatError
from core.value.excerpt import short, size_text

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MAX_BYTES = 8_000_000
MARK = b"TTA1"
LENGTHS = struct.Struct(">QQ")
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
    try:
        header = json.loads(content.decode("utf-8", "surrogatepass"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"the answer about a value is garbled: {str(error)[:200]}") from None
    if not isinstance(header, dict) or not isinstance(header.get("data"), dict) or "frame" not in header:
        raise FormatError("the answer about a value is garbled: it has no data")
    return header


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _written(frame: pd.DataFrame) -> tuple[dict[str, Any], bytes]:
    """Return how a frame is laid out, and its columns and the levels of its index as an Arrow stream.

    The columns of the stream have no names of their own, so that no name of a user can be in the way of another.
    """
    import pyarrow as pa

    levels: list[Any] = [frame.index.get_level_values(level) for level in range(frame.index.nlevels)]
    columns: list[Any] = [frame.iloc[:, position] for position in range(frame.shape[1])]
    arrays = [_array(values) for values in (*levels, *columns)]
    table = pa.table(arrays, names=[str(number) for number in range(len(arrays))])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    layout = {
        "levels": list(frame.index.names),
        "columns": [str(name) for name in frame.columns],
        "types": [str(values.dtype) for values in (*levels, *columns)],
    }
    return layout, sink.getvalue().to_pybytes()


def _array(values: Any) -> pa.Array[Any]:
    import pyarrow as pa

    try:
        return pa.array(values, from_pandas=str(values.dtype) in NULLABLE or values.dtype.kind in "mMO")
    except (pa.ArrowException, TypeError, ValueError):  # cells, or a time zone, that Arrow does not know
        return pa.array([None if cell is None else short(cell) for cell in values], type=pa.string())


def _read(layout: Any, content: bytes) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    try:
        table = pa.ipc.open_stream(content).read_all()
        table.validate(full=True)
        values = [_values(column, name) for column, name in zip(table.columns, layout["types"], strict=True)]
        count = len(layout["levels"])
        levels, columns = values[:count], values[count:]
        if count == 1:
            index: pd.Index[Any] = pd.Index(levels[0], name=layout["levels"][0])
        else:
            index = pd.MultiIndex.from_arrays(levels, names=layout["levels"])
        frame = pd.DataFrame(dict(enumerate(columns)), index=index)
        frame.columns = pd.Index(layout["columns"], dtype=str)
    except Exception as error:  # Arrow and pandas raise many types of errors for garbled bytes
        raise FormatError(f"the rows in the answer are garbled: {str(error)[:200]}") from None
    return frame


def _values(column: pa.ChunkedArray[Any], name: str) -> Any:
    import pandas as pd
    import pyarrow as pa

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column.to_pandas(types_mapper=lambda _: pd.StringDtype("python")).array
    if name == "boolean" and pa.types.is_boolean(column.type):
        return column.to_pandas(types_mapper=lambda _: pd.BooleanDtype()).array
    if name == "Int64" and pa.types.is_int64(column.type):
        return column.to_pandas(types_mapper=lambda _: pd.Int64Dtype()).array
    if not (pa.types.is_primitive(column.type) or pa.types.is_null(column.type)):
        raise FormatError(f"no table draws {column.type}")
    return column.to_pandas().array
