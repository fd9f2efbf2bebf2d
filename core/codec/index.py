"""An index of pandas as arrays of Arrow, with a note on what only pandas knows of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core import literal
from core.codec import column
from core.codec.memory import Memory
from core.errors import LiteralError

if TYPE_CHECKING:
    import pyarrow as pa

NOTE = b"tasktable"
KINDS = ("Index", "DatetimeIndex", "TimedeltaIndex", "PeriodIndex", "IntervalIndex", "CategoricalIndex")


def encode(index: Any) -> tuple[list[pa.Array], column.Note]:
    """Return one array for each level, none for a range, and the note. Raises LiteralError."""
    import pandas as pd

    name = type(index).__name__
    if type(index) is not getattr(pd, name, None):
        raise LiteralError(f"an index of the type {name} has no exact form in a file")
    note = {"index": name, "names": literal.to_text(list(index.names))}
    if name == "RangeIndex":
        return [], {**note, "range": [index.start, index.stop, index.step]}
    if name == "MultiIndex":
        levels = [column.encode_coded(codes, level.set_names(None)) for codes, level in _levels(index)]
        return [array for array, _ in levels], {**note, "levels": [item for _, item in levels]}
    if name not in KINDS:
        raise LiteralError(f"an index of the type {name} has no exact form in a file")
    array, values = column.encode(column.plain(index))
    return [array], {**note, "values": values, "freq": _frequency(index)}


def decode(arrays: Sequence[pa.Array], note: column.Note, memory: Memory) -> Any:
    """Return the index that `encode` was given. Raises ValueError, TypeError, KeyError."""
    import pandas as pd

    names = literal.decode(json.loads(note["names"]))
    if note["index"] == "RangeIndex":
        return pd.RangeIndex(*note["range"]).set_names(names)
    if note["index"] == "MultiIndex":
        levels = [column.decode_coded(*pair, memory) for pair in zip(arrays, note["levels"], strict=True)]
        return pd.MultiIndex([words for _, words in levels], [codes for codes, _ in levels], names=names)
    values = column.decode(arrays[0], note["values"], memory)
    index: Any = getattr(pd, note["index"])
    made = index(values, dtype=values.dtype, name=names[0], copy=False)
    if note["freq"]:
        made.freq = note["freq"]
    return made


def to_text(index: Any) -> str:
    """Return an index as a text of its own. Raises LiteralError."""
    import pyarrow as pa

    arrays, note = encode(index)
    names = [str(place) for place in range(len(arrays))]
    schema = pa.schema(zip(names, [array.type for array in arrays], strict=True), {NOTE: json.dumps(note).encode()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
    return base64.b64encode(sink.getvalue()).decode("ascii")


def from_text(text: str) -> Any:
    """Return the index that `to_text` was given. Raises ValueError, TypeError, KeyError."""
    import pyarrow as pa

    memory = Memory(bytearray(base64.b64decode(text, validate=True)))
    batch = pa.ipc.open_stream(memory.buffer).read_next_batch()
    batch.validate(full=True)
    return decode(batch.columns, json.loads(batch.schema.metadata[NOTE]), memory)


def _levels(index: Any) -> list[tuple[Any, Any]]:
    import numpy as np

    return [(np.asarray(codes), level) for codes, level in zip(index.codes, index.levels, strict=True)]


def _frequency(index: Any) -> str:
    """Return the step between the times of an index, "" if it has none. Raises LiteralError."""
    from pandas.tseries.frequencies import to_offset

    step = getattr(index, "freq", None) if type(index).__name__ in ("DatetimeIndex", "TimedeltaIndex") else None
    if step is None:
        return ""
    text = str(step.freqstr)
    try:
        again = to_offset(text)
    except ValueError:
        again = None
    if again != step:
        raise LiteralError(f"the frequency {text} has no exact form in a file")
    return text
