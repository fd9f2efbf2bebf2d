"""Values as files that people open: figures as HTML and JSON, frames as CSV and Parquet, plain values as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from core.csv_text import guard
from core.errors import LiteralError
from core.literal import to_text

if TYPE_CHECKING:
    import pandas as pd


def write_values(values: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, list[str], str]]:
    """Write every value into `folder`, which is made, and yield its key, the files' names, and what could not be done.

    The kinds of files depend on the value; one without an open format is described in a text file. Raises OSError if
    the folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for key, value in values.items():
        stem = key if key.lower() not in taken else f"{key}~{len(taken)}"
        taken.add(stem.lower())
        files: list[str] = []
        complaints: list[str] = []
        for suffix, write in _writers(value):
            path = folder / f"{stem}.{suffix}"
            try:
                write(path)
                files.append(path.name)
            except Exception as error:  # a value's own methods may raise anything
                with suppress(OSError):
                    path.unlink()
                complaints.append(f"no {suffix}: {str(error)[:200]}")
        yield key, files, "; ".join(complaints)


PNG_MODES = ("1", "L", "LA", "I;16", "P", "RGB", "RGBA")


def suffixes(value: Any) -> list[str]:
    """Return the kinds of files that `write_values` would write for a value."""
    return [suffix for suffix, _ in _writers(value)]


def to_bytes(value: Any, suffix: str) -> bytes:
    """Return the content of the file of one kind, such as "csv", that `write_values` would write for a value.

    Cells of a frame or a series that the kind of file cannot hold become text, and equal names are numbered. Raises
    KeyError for a kind that the value has not.
    """
    try:
        return _content(value, suffix)
    except Exception:  # a value's own methods may raise anything
        if suffix not in suffixes(value) or kind_of(value) not in ("frame", "series"):
            raise
        return _content(_as_text(_frame_of(value)), suffix)


def kind_of(value: Any) -> str:
    """Return what a value is to a viewer: figure, frame, series, array, image, number, text, data, nothing or other."""
    kind = type(value)
    lineage = {f"{_root(base)}.{base.__name__}" for base in kind.__mro__}
    for name, found in KINDS:
        if name in lineage:
            return found
    if _root(kind) == "matplotlib" and hasattr(value, "savefig"):
        return "image"
    return "nothing" if value is None else "other"


KINDS = (
    ("plotly.BaseFigure", "figure"),
    ("pandas.DataFrame", "frame"),
    ("pandas.Series", "series"),
    ("pandas.Index", "series"),
    ("numpy.ndarray", "array"),
    ("PIL.Image", "image"),
    ("builtins.str", "text"),
    *((f"builtins.{name}", "data") for name in ("dict", "list", "tuple", "set", "frozenset")),
    *((f"builtins.{name}", "number") for name in ("int", "float", "complex")),
    *((name, "number") for name in ("numpy.number", "numpy.bool", "decimal.Decimal", "fractions.Fraction")),
)


def as_series(value: Any) -> pd.Series[Any]:
    """Return a series as it is, and an index of pandas as a series."""
    series: pd.Series[Any] = value if hasattr(value, "iloc") else value.to_series(index=range(len(value)))
    return series


def _root(kind: type) -> str:
    return str(kind.__module__).partition(".")[0]


def _frame_of(value: Any) -> pd.DataFrame:
    """Return a frame or a series as a frame whose column has a text for a name."""
    if kind_of(value) == "frame":
        frame: pd.DataFrame = value
        return frame
    series = as_series(value)
    column: pd.DataFrame = series.to_frame(series.name if isinstance(series.name, str) else "value")
    return column


def _writers(value: Any) -> list[tuple[str, Callable[[Path], object]]]:
    match kind_of(value):
        case "figure":
            return [("html", value.write_html), ("json", value.write_json)]
        case "frame":
            return [("csv", lambda path: _write_csv(value, path)), ("parquet", value.to_parquet)]
        case "series":
            frame = _frame_of(value)
            return [("csv", lambda path: _write_csv(frame, path)), ("parquet", frame.to_parquet)]
        case "array" if not value.dtype.hasobject and not hasattr(value, "mask"):
            return [("npy", lambda path: _write_array(value, path))]
        case "image":
            return [("png", value.savefig if hasattr(value, "savefig") else lambda path: _write_picture(value, path))]
    try:
        text = to_text(value)
    except LiteralError:
        return [("txt", lambda path: path.write_text(describe(value), encoding="utf-8"))]
    return [("json", lambda path: path.write_text(_indented(text), encoding="utf-8"))]


def describe(value: Any, most: int = 2_000) -> str:
    """Return the type of a value and the beginning of its `repr`, whatever that does."""
    try:
        text = repr(value)
    except Exception as error:
        text = f"(its repr raises {type(error).__name__})"
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    return whole(f"{kind}\n{text if len(text) <= most else text[:most] + '...'}\n")


def whole(text: str) -> str:
    """Return the text with every half character (a lone surrogate) spelled out, so that it can be sent and written."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with every text that begins like a formula quoted, headings and index included."""
    is_text = [dtype.kind == "O" for dtype in frame.dtypes]
    columns = [
        frame.iloc[:, position].astype(object).map(_quote) if text else frame.iloc[:, position]
        for position, text in enumerate(is_text)
    ]
    import pandas as pd

    result = pd.concat(columns, axis=1) if columns else frame.copy()
    result.columns, result.index = _guarded_index(frame.columns), _guarded_index(frame.index)
    return result


def _guarded_index(index: pd.Index[Any]) -> pd.Index[Any]:
    labels = index.map(_quote) if len(index) and index.dtype.kind == "O" else index
    return labels.set_names([_quote(name) for name in index.names])


def _quote(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_quote, value))
    return guard(value) if isinstance(value, str) else value


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    # With this line end the writer quotes a cell for either of its characters, and readers end a line at either.
    guarded(frame).to_csv(path, encoding="utf-8", lineterminator="\r\n")


def _write_picture(value: Any, path: Path) -> None:
    (value if value.mode in PNG_MODES else value.convert("RGB")).save(path, format="png")


def _write_array(value: Any, path: Path) -> None:
    import numpy as np

    np.save(path, value, allow_pickle=False)


def _content(value: Any, suffix: str) -> bytes:
    write = dict(_writers(value))[suffix]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"value.{suffix}"
        write(path)
        return path.read_bytes()


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with everything but plain numbers, flags and moments as text, under names of its own."""
    import pandas as pd

    names = [_text(name) for name in frame.columns]
    unique = [name if name not in names[:place] else f"{name} ({place + 1})" for place, name in enumerate(names)]
    columns = {
        name: column if _is_plain(column.dtype) else column.astype(object).map(_text, na_action="ignore")
        for name, (_, column) in zip(unique, frame.items(), strict=True)
    }
    return pd.DataFrame(columns, index=frame.index)


def _is_plain(dtype: Any) -> bool:
    import numpy as np
    import pandas as pd

    return isinstance(dtype, pd.DatetimeTZDtype) or (isinstance(dtype, np.dtype) and dtype.kind in "biufmM")


def _text(value: Any) -> str:
    try:
        return whole(str(value))
    except Exception as error:
        return f"{type(value).__name__} (its str raises {type(error).__name__})"


def _indented(text: str) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
