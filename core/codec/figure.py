"""Figures of plotly as the JSON that plotly draws, with notes on what JSON cannot say, so that they come back equal."""

from __future__ import annotations

import base64
import importlib
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from core import literal
from core.codec.source import Source, content_of
from core.errors import LiteralError

NOTES = "tasktable"
WIRE = {"int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4"}
WIRE |= {"float32": "f4", "float64": "f8"}
KINDS = ("Figure", "FigureWidget")


def write(value: Any, path: Path) -> bool:
    """Write a figure and return True; False for anything else, and for a figure that would not come back equal.

    A widget of a notebook comes back as the figure that it shows. What plotly has checked once it takes again as it
    is; only a figure that was made without its checks is read back to find out.
    """
    kind = type(value)
    if not (str(kind.__module__).partition(".")[0] == "plotly" and kind.__name__ in KINDS):
        return False
    try:
        text = _text(value)
        if not _is_checked(value) and _text(_figure(json.loads(text))) != text:
            return False
    except Exception:  # its data may be anything
        return False
    path.write_bytes(text.encode("utf-8"))
    return True


def read(source: Source) -> Any:
    """Return the figure of a file. Raises ValueError, KeyError, TypeError."""
    return _figure(json.loads(content_of(source)))


def _is_checked(figure: Any) -> bool:
    return all(part._validate is True for part in (figure, figure.layout, *figure.data))


def _text(figure: Any) -> str:
    """Return a figure as JSON text. Raises LiteralError, TypeError."""
    parts = {"data": figure._data, "layout": figure._layout}
    if figure.frames:
        parts["frames"] = [frame.to_plotly_json() for frame in figure.frames]
    drawing = _Drawing()
    drawn = {name: drawing.of(part, [name]) for name, part in parts.items()}
    grid = {"text": figure._grid_str, "cells": _cells(figure._grid_ref)}
    text = json.dumps({**drawn, NOTES: {"notes": drawing.notes, "grid": grid}}, ensure_ascii=False, allow_nan=False)
    return drawing.with_moments(text)


class _Drawing:
    """The parts of one figure as plotly reads them; what would not come back as it is gets a note."""

    def __init__(self) -> None:
        self.notes: list[Any] = []
        # The traces of a figure often share their times, which are most of its text.
        self._moments: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._mark = uuid4().hex

    def with_moments(self, text: str) -> str:
        """Return the text of what `of` has returned, with the times in their places."""
        parts = text.split(f'"{self._mark}')
        known = list(self._moments.values())
        numbered = (part.partition('"') for part in parts[1:])
        return parts[0] + "".join(f"{known[int(number)]}{rest}" for number, _, rest in numbered)

    def of(self, value: Any, place: list[Any]) -> Any:
        if type(value) is dict and all(type(key) is str for key in value):
            # Sorted, because plotly itself shuffles the parts of a template.
            return {key: self.of(value[key], [*place, key]) for key in sorted(value)}
        if type(value) is list:
            return [self.of(item, [*place, index]) for index, item in enumerate(value)]
        if type(value).__module__ == "numpy" and hasattr(value, "tobytes") and value.shape:
            return self._array(value, place)
        said = literal.encode(value)
        if said is value:
            return value
        self.notes.append([place, {"literal": said}])
        return _shown(value)

    def _array(self, value: Any, place: list[Any]) -> Any:
        import numpy as np

        dtype = value.dtype
        if dtype.kind == "O":
            items = [literal.encode(item) for item in value.ravel().tolist()]
            self.notes.append([place, {"objects": items, "shape": list(value.shape)}])
            return _reshaped([_shown(item) for item in value.ravel().tolist()], value.shape)
        if dtype.kind == "M":
            self.notes.append([place, {"moments": dtype.str}])
            name = (dtype.str, value.shape, value.tobytes())
            if name not in self._moments:
                self._moments[name] = _times(value)
            return f"{self._mark}{list(self._moments).index(name)}"
        if dtype.kind not in "biufU" or (dtype.itemsize > 8 and dtype.kind != "U"):
            raise LiteralError(f"an array of {dtype} has no exact form in a figure")
        wire = _wire(value)
        if not wire:
            content = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
            exact = {"array": value.tolist()} if dtype.kind == "U" else {"content": content}
            self.notes.append([place, {**exact, "dtype": dtype.str, "shape": list(value.shape)}])
            return [_shown(item) for item in value.tolist()] if value.ndim == 1 else _shown(value.tolist())
        self.notes.append([place, {"dtype": dtype.str}])
        bdata = base64.b64encode(np.ascontiguousarray(value, dtype=wire).tobytes()).decode()
        shape = {"shape": ", ".join(map(str, value.shape))} if value.ndim > 1 else {}
        return {"dtype": wire, "bdata": bdata, **shape}


def _times(array: Any) -> str:
    """Return the JSON of times, as texts that are as short as they can be: days as days."""
    import numpy as np

    days = array.astype("M8[D]")
    is_days = ((days == array) | np.isnat(array)).all()
    texts = np.datetime_as_string(days if is_days else array).tolist()
    return json.dumps(texts) if array.ndim > 1 or not texts else '["' + '", "'.join(texts) + '"]'


def _wire(array: Any) -> str:
    """Return how a browser gets the numbers without loss, in the smallest of its types, or "" if it has none."""
    if array.dtype.name in WIRE:
        return WIRE[array.dtype.name] if array.dtype.isnative else ""
    if array.dtype.name not in ("int64", "uint64") or not array.size:
        return ""
    low, high = int(array.min()), int(array.max())
    for name, size in (("i1", 7), ("u1", 8), ("i2", 15), ("u2", 16), ("i4", 31), ("u4", 32)):
        if (-(2**size) if name[0] == "i" else 0) <= low and high < 2**size:
            return name
    return ""


def _shown(value: Any) -> Any:
    """Return what plotly draws for a value that JSON does not have."""
    if isinstance(value, list | tuple):
        return [_shown(item) for item in value]
    if hasattr(value, "isoformat"):
        return None if str(value) == "NaT" else value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if value - value == 0 else None
    return value if value is None or isinstance(value, str | int) else str(value)


def _reshaped(items: list[Any], shape: tuple[int, ...]) -> Any:
    for size in reversed(shape[1:]):
        items = [items[start : start + size] for start in range(0, len(items), size or 1)]
    return items


def _figure(data: dict[str, Any]) -> Any:
    extra = data.pop(NOTES)
    for place, note in extra["notes"]:
        holder = data
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = _restored(holder[place[-1]], note)
    # By name: the engine itself draws nothing, it only gives back what a task has drawn.
    graph_objects = importlib.import_module("plotly.graph_objects")
    grid = extra["grid"]
    figure = graph_objects.Figure({**data, "_grid_str": grid["text"], "_grid_ref": _grid(grid["cells"])})
    if "template" not in data["layout"]:
        figure.layout.template = None
    return figure


def _restored(shown: Any, note: dict[str, Any]) -> Any:
    import numpy as np

    if "literal" in note:
        return literal.decode(note["literal"])
    if "moments" in note:
        return np.array(shown, dtype=note["moments"])
    if "objects" in note:
        array = np.empty(len(note["objects"]), dtype=object)
        array[:] = [literal.decode(item) for item in note["objects"]]
        return array.reshape(note["shape"])
    if "array" in note:
        return np.array(note["array"], dtype=note["dtype"]).reshape(note["shape"])
    if "content" in note:
        return np.frombuffer(base64.b64decode(note["content"]), note["dtype"]).reshape(note["shape"]).copy()
    shape = [int(size) for size in shown["shape"].split(",")] if "shape" in shown else -1
    return np.frombuffer(base64.b64decode(shown["bdata"]), shown["dtype"]).astype(note["dtype"]).reshape(shape)


def _cells(grid: Any) -> Any:
    """Return where the plots of a figure lie as plain lists."""
    if grid is None:
        return None
    return [[cell and [[ref[0], list(ref[1]), dict(ref[2])] for ref in cell] for cell in row] for row in grid]


def _grid(cells: Any) -> Any:
    if cells is None:
        return None
    make = importlib.import_module("plotly._subplots").SubplotRef
    return [
        [cell and tuple(make(kind, tuple(keys), most) for kind, keys, most in cell) for cell in row] for row in cells
    ]
