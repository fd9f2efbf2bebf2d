"""Any other value as a pickle, or in words why that is not possible."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import IO, Any

from core.codec.source import Source
from core.errors import UnstorableError

MAX_CHECKED = 64 * 1024**2
PROTOCOL = 5


def write(value: Any, path: Path) -> bool:
    """Write a value and return True. Raises UnstorableError, whatever the value does, and OSError."""
    with path.open("wb") as file:
        sink = _Sink(file)
        try:
            _pickler(sink).dump(value)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if sink.error:
                raise sink.error from None
            raise UnstorableError(f"a {_name(value)} cannot be stored: {words(error)}") from error
    if path.stat().st_size <= MAX_CHECKED:
        _check(value, path)
    return True


def read(source: Source) -> Any:
    """Return the value of a file that is trusted: whatever it says is executed. Raises anything."""
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        return pickle.load(file)  # noqa: S301  # `core.codec.decode` asks whether it is trusted


def words(error: BaseException) -> str:
    """Return the kind of an error and the beginning of its message, whatever its own methods do."""
    try:
        text = " ".join(str(error).split())[:300]
    except BaseException:
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


class _Sink:
    """A file that remembers its own error, which is none of the value's."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, content: Any) -> int:
        try:
            return self._file.write(content)
        except OSError as error:
            self.error = error
            raise


def _pickler(sink: _Sink) -> Any:
    import cloudpickle

    class Pickler(cloudpickle.Pickler):  # type: ignore[misc]
        """Refuses an open file, of which cloudpickle would keep the content instead."""

        def reducer_override(self, obj: Any) -> Any:
            if isinstance(obj, io.IOBase) and not isinstance(obj, io.BytesIO | io.StringIO):
                raise pickle.PicklingError("an open file belongs to the process that has opened it")
            return super().reducer_override(obj)

    return Pickler(sink, protocol=PROTOCOL)


def _check(value: Any, path: Path) -> None:
    """Raise UnstorableError if what was written could not be read again."""
    try:
        again = read(path)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise UnstorableError(f"a {_name(value)} could be stored, but not be read again: {words(error)}") from error
    if _name(again) != _name(value):
        raise UnstorableError(f"a {_name(value)} would come back as a {_name(again)}")


def _name(value: Any) -> str:
    try:
        return f"{type(value).__module__}.{type(value).__qualname__}"[:200]
    except BaseException:
        return "value"
