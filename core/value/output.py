"""Values as files that people open: figures as HTML and JSON, frames as CSV and Parquet, plain values as JSON."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TextIO

from core.csv_text import guard
from core.errors import LiteralError, TooLargeError
from core.literal import to_text
from core.value.excerpt import size_text
from core.value.kind import as_series, describe, kind_of, whole

if TYPE_CHECKING:
    import pandas as pd

NO_NAME = re.compile(r"[^\w-]")
MOST_NAME = 100


def write_values(values: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, list[str], str]]:
    """Write every value into `folder`, which is made, and yield its key, the files' names, and what could not be done.

    The kinds of files depend on the value; one without an open format is described in a text file. Raises OSError if
    the folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for key, value in values.items():
        stem = NO_NAME.sub("_", key)[:MOST_NAME]
        stem = stem if stem.lower() not in taken else f"{stem}~{len(taken)}"
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


__all__ = ["as_series", "describe", "files", "guarded", "kind_of", "suffixes", "to_bytes", "whole", "write_values"]

PNG_MODES = ("1", "L", "LA", "I;16", "P", "RGB", "RGBA")


def suffixes(value: Any) -> list[str]:
    """Return the kinds of files that `write_values` would write for a value."""
    return [suffix for suffix, _ in _writers(value)]


def to_bytes(value: Any, suffix: str, most: int | None = None) -> bytes:
    """Return the content of the file of one kind, such as "csv", that `write_values` would write for a value.

    Cells of a frame or a series that the kind of file cannot hold become text, and equal names are numbered. Raises
    KeyError for a kind that the value has not, and TooLargeError if the file takes more than `most` bytes.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"value.{suffix}"
        to_file(value, suffix, path, most)
        return path.read_bytes()


def to_file(value: Any, suffix: str, path: Path, most: int | None = None) -> None:
    """Write what `to_bytes` would return to a file whose name ends in the suffix. Raises what `to_bytes` does."""
    try:
        _write(value, suffix, path, most)
    except TooLargeError:
        raise
    except Exception:  # a value's own methods may raise anything
        if suffix not in suffixes(value) or kind_of(value) not in ("frame", "series"):
            raise
        _write(_as_text(_frame_of(value)), suffix, path, most)


def files(value: Any, most: int | None = None) -> dict[str, str]:
    """Return the kinds of files of a frame, a series, an array, a figure or an image, each with the reason why it
    cannot be had in `most` bytes as far as that is clear without writing it, else ""."""
    return {suffix: _doubt(value, suffix, most) for suffix in suffixes(value) if suffix != "txt"}


def _doubt(value: Any, suffix: str, most: int | None) -> str:
    if most is None or kind_of(value) not in ("frame", "series", "array"):
        return ""
    if suffix == "npy":
        return str(_too_large(most)) if value.nbytes > most else ""
    try:
        is_too_large = _expected(value, suffix, most) > 1.2 * most
    except TooLargeError:
        is_too_large = True
    except Exception:  # a value's own methods may raise anything
        return ""
    return str(_too_large(most)) if is_too_large else ""


def _expected(value: Any, suffix: str, most: int) -> float:
    """Return how many bytes a file of many cells will about take, by the size of that of a few thousand of them.

    Raises TooLargeError if these alone take more than `most`.
    """
    width = max(1, len(value.columns)) if kind_of(value) == "frame" else 1
    columns = min(width, SAMPLE_COLUMNS)
    rows = SAMPLE_CELLS // columns
    if len(value) < 4 * rows:
        return 0
    some = value.iloc[:rows] if hasattr(value, "iloc") else value[:rows]
    some = some.iloc[:, :columns] if width > columns else some
    return len(to_bytes(some, suffix, most)) * (len(value) / rows) * (width / columns)


SAMPLE_CELLS = 8_000
SAMPLE_COLUMNS = 100


def _frame_of(value: Any) -> pd.DataFrame:
    """Return a frame or a series as a frame whose column has a text for a name."""
    if kind_of(value) == "frame":
        frame: pd.DataFrame = value
        return frame
    series = as_series(value)
    column: pd.DataFrame = series.to_frame(series.name if isinstance(series.name, str) else "value")
    return column


def _writers(value: Any) -> list[tuple[str, Callable[[Any], object]]]:
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


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with every text that begins like a formula quoted, headings and index included."""
    is_text = [dtype.kind == "O" for dtype in frame.dtypes]
    result = _joined(frame, is_text) if any(is_text) else frame.copy(deep=False)
    result.columns, result.index = _guarded_index(frame.columns), _guarded_index(frame.index)
    return result


def _joined(frame: pd.DataFrame, is_text: Sequence[bool]) -> pd.DataFrame:
    import pandas as pd

    columns = [frame.iloc[:, position] for position in range(len(is_text))]
    texts = [
        column.astype(object).map(_quote) if text else column for column, text in zip(columns, is_text, strict=True)
    ]
    return pd.concat(texts, axis=1)


def _guarded_index(index: pd.Index[Any]) -> pd.Index[Any]:
    labels = index.map(_quote) if len(index) and index.dtype.kind == "O" else index
    return labels.set_names([_quote(name) for name in index.names])


def _quote(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_quote, value))
    return guard(value) if isinstance(value, str) else value


def _write_csv(frame: pd.DataFrame, path: Any) -> None:
    # With this line end the writer quotes a cell for either of its characters, and readers end a line at either.
    guarded(frame).to_csv(path, encoding="utf-8", lineterminator="\r\n")


def _write_picture(value: Any, path: Path) -> None:
    (value if value.mode in PNG_MODES else value.convert("RGB")).save(path, format="png")


def _write_array(value: Any, path: Path) -> None:
    import numpy as np

    np.save(path, value, allow_pickle=False)


def _write(value: Any, suffix: str, path: Path, most: int | None) -> None:
    write = dict(_writers(value))[suffix]
    if suffix == "npy" and most is not None and value.nbytes > most:
        raise _too_large(most)
    try:
        if suffix == "csv" and most is not None:
            with path.open("w", encoding="utf-8", newline="") as file:
                write(_Bounded(file, most))
        else:
            write(path)
    except OSError as error:
        if error.errno == errno.EFBIG and most is not None:  # the process itself may not write more
            raise _too_large(most) from error
        raise
    if most is not None and path.stat().st_size > most:
        raise _too_large(most)


class _Bounded:
    """A file that takes no more than so many characters."""

    def __init__(self, file: TextIO, most: int) -> None:
        self._file, self._left, self._most = file, most, most

    def write(self, text: str) -> int:
        self._left -= len(text)
        if self._left < 0:
            raise _too_large(self._most)
        return self._file.write(text)


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(
        f"The file takes more than {size_text(most)}, the most that can be downloaded here. "
        "Choose another kind of file, or take fewer rows or columns in a task; "
        "`tasktable run --out` writes files of any size."
    )


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
