"""One column of a frame as an array of Arrow, with a note on what only pandas knows of it.

A column that would not come back exactly raises LiteralError: objects of several types, numbers of more than eight
bytes, a time zone without a name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.codec import cell
from core.codec.memory import Memory
from core.errors import LiteralError

if TYPE_CHECKING:
    import pyarrow as pa

Note = dict[str, Any]
MASKED = {"boolean", "Float32", "Float64", *(f"{sign}{bits}" for sign in ("Int", "UInt") for bits in (8, 16, 32, 64))}


def encode(values: Any) -> tuple[pa.Array, Note]:
    """Return the values of a column (an array of numpy or of pandas), and the note. Raises LiteralError."""
    name = _family(values.dtype)
    if name not in FAMILIES:
        raise LiteralError(f"a column of {values.dtype} has no exact form in a file")
    array, note = FAMILIES[name][0](values)
    return array, {"family": name, **note}


def decode(array: pa.Array, note: Note, memory: Memory) -> Any:
    """Return the values that `encode` was given. Raises ValueError, TypeError, KeyError."""
    return FAMILIES[note["family"]][1](array, note, memory)


def _family(dtype: Any) -> str:
    import numpy as np

    if not isinstance(dtype, np.dtype):
        return "masked" if hasattr(dtype, "numpy_dtype") and dtype.name in MASKED else type(dtype).__name__
    if not dtype.isnative or dtype.itemsize > 8:
        return ""
    return {
        "b": "flags",
        "i": "numbers",
        "u": "numbers",
        "f": "numbers",
        "M": "times",
        "m": "times",
        "O": "objects",
    }.get(dtype.kind, "")


def _encode_numbers(values: Any) -> tuple[pa.Array, Note]:
    return _raw(values, None), {"dtype": values.dtype.name}


def _raw(values: Any, missing: Any) -> pa.Array:
    """Return an array of Arrow over the very bytes of an array of numpy; what is missing keeps its bytes."""
    import numpy as np
    import pyarrow as pa

    known = None if missing is None or not missing.any() else pa.array(~missing).buffers()[1]
    data = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [known, data])


def _decode_numbers(array: pa.Array, note: Note, memory: Memory) -> Any:
    import numpy as np

    return memory.array(array.buffers()[1], np.dtype(note["dtype"]), array.offset, len(array))


def _encode_flags(values: Any) -> tuple[pa.Array, Note]:
    import pyarrow as pa

    return pa.array(values), {}


def _decode_flags(array: pa.Array, _note: Note, _memory: Memory) -> Any:
    import numpy as np

    return np.array(array.to_numpy(zero_copy_only=False), dtype=bool)


def _encode_times(values: Any) -> tuple[pa.Array, Note]:
    import numpy as np

    plain = np.asarray(values)
    return _raw(plain, np.isnat(plain)), {"dtype": plain.dtype.name}


def _encode_zoned(values: Any) -> tuple[pa.Array, Note]:
    import pandas as pd

    dtype, zone = values.dtype, str(values.dtype.tz)
    again = pd.DatetimeTZDtype(dtype.unit, zone)
    if again != dtype or type(again.tz) is not type(dtype.tz):
        raise LiteralError(f"the time zone {dtype.tz!r} has no exact form in a file")
    array, note = _encode_times(values.tz_convert("UTC").tz_localize(None))
    return array, {**note, "unit": dtype.unit, "zone": zone}


def _decode_zoned(array: pa.Array, note: Note, memory: Memory) -> Any:
    import pandas as pd

    stamps = _decode_numbers(array, note, memory)
    return pd.DatetimeIndex(stamps, copy=False).tz_localize("UTC").tz_convert(note["zone"]).array


def _encode_strings(values: Any) -> tuple[pa.Array, Note]:
    import pandas as pd
    import pyarrow as pa

    dtype = values.dtype
    if dtype.storage == "python" and not set(map(type, values)) <= {str, type(dtype.na_value)}:
        raise LiteralError("texts of a type of their own have no exact form in a file")
    array = _whole(pa.array(values, type=pa.large_string(), from_pandas=True))
    return array, {"storage": dtype.storage, "missing": "NA" if dtype.na_value is pd.NA else "nan"}


def _decode_strings(array: pa.Array, note: Note, _memory: Memory) -> Any:
    import pandas as pd

    missing = () if note["missing"] == "NA" else (float("nan"),)  # pandas before 2.3 knows no other than NA
    dtype: Any = pd.StringDtype(note["storage"], *missing)
    return dtype.__from_arrow__(array)


def _whole(array: Any) -> pa.Array:
    """Return an array in one piece, without the rest of what it was cut from."""
    import pyarrow as pa

    pieces = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    return pieces[0] if len(pieces) == 1 else pa.concat_arrays(pieces or [pa.array([], array.type)])


def _encode_masked(values: Any) -> tuple[pa.Array, Note]:
    import pandas as pd

    array = _whole(values.__arrow_array__())
    again: Any = pd.api.types.pandas_dtype(values.dtype.name)
    if (again.__from_arrow__(array)._mask != values._mask).any():
        raise LiteralError("a column that tells NaN from what is missing has no exact form in a file")
    return array, {"dtype": values.dtype.name}


def _decode_masked(array: pa.Array, note: Note, _memory: Memory) -> Any:
    import pandas as pd

    dtype: Any = pd.api.types.pandas_dtype(note["dtype"])
    return dtype.__from_arrow__(array)


def _encode_arrow(values: Any) -> tuple[pa.Array, Note]:
    import pyarrow as pa

    array = _whole(values.__arrow_array__())
    schema = pa.schema([pa.field("x", array.type)])
    if pa.ipc.read_schema(schema.serialize()) != schema or pa.types.is_dictionary(array.type):
        raise LiteralError(f"a column of {array.type} has no exact form in a file")
    return array, {}


def _decode_arrow(array: pa.Array, _note: Note, _memory: Memory) -> Any:
    import pandas as pd

    return pd.arrays.ArrowExtensionArray(array)


def _encode_period(values: Any) -> tuple[pa.Array, Note]:
    import pandas as pd

    name = str(values.dtype)
    if pd.api.types.pandas_dtype(name) != values.dtype:
        raise LiteralError(f"a column of {name} has no exact form in a file")
    return _raw(values.asi8, values.isna()), {"dtype": "int64", "period": name}


def _decode_period(array: pa.Array, note: Note, memory: Memory) -> Any:
    import pandas as pd

    dtype: Any = pd.api.types.pandas_dtype(note["period"])
    return pd.arrays.PeriodArray(_decode_numbers(array, note, memory), dtype=dtype)


def _encode_interval(values: Any) -> tuple[pa.Array, Note]:
    import pyarrow as pa

    sides = [encode(plain(getattr(values, side))) for side in ("left", "right")]
    array = pa.StructArray.from_arrays([side for side, _ in sides], ["left", "right"])
    return array, {"closed": values.closed, "sides": [note for _, note in sides]}


def _decode_interval(array: pa.Array, note: Note, memory: Memory) -> Any:
    import pandas as pd

    left, right = (decode(array.field(place), side, memory) for place, side in enumerate(note["sides"]))
    return pd.arrays.IntervalArray.from_arrays(left, right, closed=note["closed"])


def _encode_category(values: Any) -> tuple[pa.Array, Note]:
    array, note = encode_coded(values.codes, values.categories)
    return array, {**note, "ordered": bool(values.ordered)}


def encode_coded(codes: Any, categories: Any) -> tuple[pa.Array, Note]:
    """Return codes (numbers, -1 for what is missing) and an index of what they stand for. Raises LiteralError."""
    import pyarrow as pa

    from core.codec import index

    if categories.name is not None:
        raise LiteralError("categories with a name have no exact form in a file")
    words, note = index.encode(categories)
    if not words or pa.types.is_dictionary(words[0].type):  # Arrow has no codes of codes
        words, note = [pa.array(range(len(categories)), pa.int64())], {"text": index.to_text(categories)}
    array = pa.DictionaryArray.from_arrays(_raw(codes, codes < 0), words[0], safe=False)
    return array, {"dtype": codes.dtype.name, "categories": note}


def decode_coded(array: pa.Array, note: Note, memory: Memory) -> tuple[Any, Any]:
    """Return what `encode_coded` was given."""
    from core.codec import index

    about = note["categories"]
    categories = index.from_text(about["text"]) if "text" in about else None
    if categories is None:
        categories = index.decode([array.dictionary], about, memory)
    return _decode_numbers(array.indices, note, memory), categories


def _decode_category(array: pa.Array, note: Note, memory: Memory) -> Any:
    import pandas as pd

    codes, categories = decode_coded(array, note, memory)
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(categories, note["ordered"]))


def plain(index: Any) -> Any:
    """Return the values of a series or an index as an array of numpy, or of pandas where numpy has no such type."""
    import numpy as np

    return index.to_numpy(copy=False) if isinstance(index.dtype, np.dtype) else index.array


FAMILIES: dict[str, tuple[Callable[[Any], tuple[Any, Note]], Callable[[Any, Note, Memory], Any]]] = {
    "numbers": (_encode_numbers, _decode_numbers),
    "flags": (_encode_flags, _decode_flags),
    "times": (_encode_times, _decode_numbers),
    "objects": (cell.encode, lambda array, note, _: cell.decode(array, note)),
    "masked": (_encode_masked, _decode_masked),
    "DatetimeTZDtype": (_encode_zoned, _decode_zoned),
    "StringDtype": (_encode_strings, _decode_strings),
    "ArrowDtype": (_encode_arrow, _decode_arrow),
    "PeriodDtype": (_encode_period, _decode_period),
    "IntervalDtype": (_encode_interval, _decode_interval),
    "CategoricalDtype": (_encode_category, _decode_category),
}
