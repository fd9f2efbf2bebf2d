"""Frames, series and indexes of pandas as Arrow IPC files: one batch, not compressed, so that it can be mapped.

The columns come first, under their names as text; then the levels of the index. The file's metadata hold, under
`tasktable`, what only pandas knows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import literal
from core.codec import column, index
from core.codec.memory import Memory
from core.codec.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = ("DataFrame", "Series")
MOST_BLOCKS = 50


def write(value: Any, path: Path) -> bool:
    """Write a frame, a series or an index and return True; False for anything that would not come back exactly."""
    if str(type(value).__module__).partition(".")[0] != "pandas":
        return False
    try:
        batch = _batch(value)
    except Exception:  # labels and cells may be anything, and say so in any way
        return False
    if batch is None:
        return False
    import pyarrow as pa

    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, batch.schema) as writer:
        writer.write_batch(batch)
    return True


def read(source: Source) -> Any:
    """Return what a file holds; large columns of numbers and times lie in memory that is mapped to it.

    Raises ValueError, TypeError, KeyError, OSError for a file that `write` has not written.
    """
    import pyarrow as pa

    memory = Memory.of(source)
    reader = pa.ipc.open_file(memory.buffer)
    batch = reader.get_batch(0)
    batch.validate(full=True)
    metadata = batch.schema.metadata
    note = json.loads(metadata[index.NOTE])
    count = note["columns"]
    arrays = batch.columns
    rows = index.decode(arrays[count:], note["index"], memory)
    if note["kind"] == "index":
        return rows
    values = [column.decode(*pair, memory) for pair in zip(arrays[:count], note["values"], strict=True)]
    made = _series(values[0], rows, note) if note["kind"] == "Series" else _frame(values, rows, note["labels"])
    if attributes := literal.decode(note["attrs"]):
        made.attrs = attributes
    return made if note["duplicates"] else made.set_flags(allows_duplicate_labels=False)


def _batch(value: Any) -> pa.RecordBatch | None:
    """Return what a file will hold, None for what is no table. Raises LiteralError, ValueError, TypeError."""
    import pandas as pd

    kind = type(value).__name__
    if kind not in KINDS or type(value) is not getattr(pd, kind):
        return _assembled([], [], index.encode(value), {"kind": "index"}) if isinstance(value, pd.Index) else None
    about = {"attrs": literal.encode(value.attrs), "duplicates": value.flags.allows_duplicate_labels, "kind": kind}
    if kind == "Series":
        about["name"] = literal.encode(value.name)
        return _assembled([column.encode(column.plain(value))], [str(value.name)], index.encode(value.index), about)
    columns = [column.encode(column.plain(value.iloc[:, place])) for place in range(value.shape[1])]
    about["labels"] = index.to_text(value.columns)
    names = [_label(name) for name in value.columns]
    return _assembled(columns, names, index.encode(value.index), about)


def _assembled(
    columns: list[tuple[Any, column.Note]],
    names: list[str],
    rows: tuple[list[Any], column.Note],
    about: dict[str, Any],
) -> pa.RecordBatch:
    import pyarrow as pa

    levels, note = rows
    arrays = [array for array, _ in columns] + levels
    names = names + [f"__index_level_{place}__" for place in range(len(levels))]
    note = {**about, "columns": len(columns), "values": [item for _, item in columns], "index": note}
    text = json.dumps(note, allow_nan=False).encode()
    fields = [pa.field(name, array.type) for name, array in zip(names, arrays, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields, {index.NOTE: text}))


def _label(name: Any) -> str:
    return str(name).encode("utf-8", "backslashreplace").decode()


def _series(values: Any, rows: Any, note: dict[str, Any]) -> Any:
    import pandas as pd

    return pd.Series(values, rows, values.dtype, literal.decode(note["name"]), copy=False)


def _frame(values: list[Any], rows: Any, labels: str) -> Any:
    import pandas as pd

    # As series, because pandas guesses what an array of objects holds unless it is told.
    columns = {place: pd.Series(item, rows, item.dtype, copy=False) for place, item in enumerate(values)}
    made = pd.DataFrame(columns, rows, copy=False)
    made.columns = index.from_text(labels)
    return made.copy() if len(values) > MOST_BLOCKS else made
