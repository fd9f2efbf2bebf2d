"""The final values of a run as parts of a page: figures, pictures, numbers, tables, texts."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from core.artifact import Artifact
from core.compare.same import is_missing
from core.compare.text import count
from core.report.markup import table, text
from core.value.excerpt import number_text, outline, short, size_text
from core.value.output import as_series, describe, kind_of, to_bytes
from core.value.page import kind_of_column, page

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 50
MAX_COLUMNS = 20
MAX_TEXT = 20_000
MAX_FIGURE = 40_000_000
MAX_PICTURE = 20_000_000
ORDER = ("number", "figure", "image", "frame", "series", "text", "data", "array", "other", "nothing")


@dataclass(frozen=True, slots=True)
class Part:
    """One value on the page: its kind, its HTML, and for a figure its JSON, in which no tag can end."""

    kind: str
    html: str
    figure: str = ""
    needs_compiler: bool = False


def parts(
    outputs: dict[str, Artifact], read: Callable[[Artifact], Any], preview: Callable[[Artifact], bytes | None]
) -> list[Part]:
    """Return one part for each output, numbers and figures first. What cannot be read is told in its place."""
    found = [_part(key, artifact, read, preview) for key, artifact in outputs.items()]
    return sorted(found, key=lambda part: ORDER.index(part.kind) if part.kind in ORDER else len(ORDER))


def _part(
    key: str, artifact: Artifact, read: Callable[[Artifact], Any], preview: Callable[[Artifact], bytes | None]
) -> Part:
    try:
        picture = preview(artifact)
        if picture is not None:
            return Part("image", _framed(key, _picture(picture, key)))
        if not artifact.is_stored:
            return _told(key, artifact, f"This value was not stored: {artifact.summary.get('reason', '')}")
        value = read(artifact)
        kind = kind_of(value)
        return DRAWN.get(kind, _drawn_other)(key, value)
    except Exception as error:  # a stored value may be gone or garbled, and its own methods may raise anything
        return _told(key, artifact, f"This value cannot be shown: {error}")


def _told(key: str, artifact: Artifact, reason: str) -> Part:
    told = artifact.summary.get("text", "")
    return Part("other", _framed(key, f'<p class="quiet">{text(reason)}</p><pre>{text(told)}</pre>'))


def _framed(key: str, html: str, about: str = "") -> str:
    small = f' <span class="quiet">{text(about)}</span>' if about else ""
    return f'<section class="value"><h3>{text(key)}{small}</h3>{html}</section>'


def _drawn_number(key: str, value: Any) -> Part:
    exact = text(short(value, 200))
    return Part(
        "number", f'<div class="card"><h3>{text(key)}</h3><p title="{exact}">{text(number_text(value))}</p></div>'
    )


def _drawn_figure(key: str, value: Any) -> Part:
    content = str(value.to_json())
    if len(content) > MAX_FIGURE:
        told = f"This figure is too large for a page: {size_text(len(content))}."
        return Part("figure", _framed(key, f'<p class="quiet">{told}</p>'))
    data = _without_addresses(json.loads(content))
    kinds = {str(trace.get("type", "")) for trace in data.get("data", ())}
    if any(map(_needs_map, kinds)):
        told = "This figure is drawn on a map that comes from the network, which this page does not ask."
        return Part("figure", _framed(key, f'<p class="quiet">{told}</p>'))
    content = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    for char in "<>&":
        content = content.replace(char, f"\\u{ord(char):04x}")
    html = f'<div class="figure" role="img" aria-label="{text(key)}"></div>'
    return Part("figure", _framed(key, html), content, any(map(_needs_compiler, kinds)))


def _without_addresses(part: Any) -> Any:
    """Return a part of a figure without the pictures that would be fetched from an address."""
    if isinstance(part, dict):
        return {
            key: _without_addresses(item)
            for key, item in part.items()
            if not (key == "source" and isinstance(item, str) and not item.startswith("data:"))
        }
    is_nested = isinstance(part, list) and any(isinstance(item, dict | list) for item in part)
    return [_without_addresses(item) for item in part] if is_nested else part


def _needs_map(kind: str) -> bool:
    return (kind.endswith(("map", "mapbox", "geo")) and kind != "heatmap") or kind == "choropleth"


def _needs_compiler(kind: str) -> bool:
    """True for traces that are drawn by the graphics card, with programs that Plotly writes as it goes."""
    return (
        kind.endswith(("gl", "3d"))
        or kind in ("surface", "cone", "streamtube", "volume", "isosurface", "splom")
        or (kind == "parcoords")
    )


def _drawn_image(key: str, value: Any) -> Part:
    return Part("image", _framed(key, _picture(_shrunk(value), key)))


def _shrunk(value: Any) -> bytes:
    content = to_bytes(value, "png")
    if len(content) <= MAX_PICTURE or not hasattr(value, "thumbnail"):
        return content
    smaller = value.copy()
    smaller.thumbnail((2_000, 2_000))
    file = BytesIO()
    smaller.save(file, format="png")
    return file.getvalue()


def _picture(content: bytes, key: str) -> str:
    if len(content) > MAX_PICTURE or not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return f'<p class="quiet">This picture is too large for a page: {size_text(len(content))}.</p>'
    return f'<img alt="{text(key)}" src="data:image/png;base64,{base64.b64encode(content).decode()}">'


def _drawn_frame(key: str, value: pd.DataFrame) -> Part:
    shape = f"{count(len(value), 'row')}, {count(len(value.columns), 'column')}"
    some = value.iloc[:MAX_ROWS, :MAX_COLUMNS]
    left_out = "" if some.shape == value.shape else f"the first {len(some)} rows and {len(some.columns)} columns of "
    return Part("frame", _framed(key, frame_html(some), f"{left_out}{shape}"))


def _drawn_series(key: str, value: Any) -> Part:
    series = as_series(value)
    name = short(series.name, 80) if series.name is not None else "value"
    some = series.iloc[:MAX_ROWS].to_frame(name)
    left_out = "" if len(some) == len(series) else f"the first {len(some)} of "
    return Part("series", _framed(key, frame_html(some), f"{left_out}{count(len(series), 'row')}"))


def frame_html(frame: pd.DataFrame) -> str:
    """Return a small frame with its index as a table."""
    drawn = page(frame)
    flat = drawn.reset_index(names=_level_names(drawn))
    columns = [flat.iloc[:, place] for place in range(len(flat.columns))]
    numbers = [kind_of_column(column) == "number" for column in columns]
    rows = zip(*([_cell(value) for value in column] for column in columns), strict=True)
    return table([text(str(name).strip(), 80) for name in flat.columns], rows, numbers, "values")


def _level_names(frame: pd.DataFrame) -> list[str]:
    """Return names for the levels of the index that no column has; what has no name is spaces, one more each."""
    taken, found = set(frame.columns), []
    for name in frame.index.names:
        label = "" if name is None else str(name)
        while label in taken:
            label += " "
        taken.add(label)
        found.append(label)
    return found


def _cell(value: Any) -> str:
    if is_missing(value):
        return '<span class="quiet">–</span>'
    if type(value).__name__ == "Timestamp" and value == value.normalize() and value.tzinfo is None:
        return text(value.date())
    return text(number_text(value) if kind_of(value) == "number" else short(value))


def _drawn_text(key: str, value: Any) -> Part:
    return Part("text", _framed(key, f"<pre>{text(value, MAX_TEXT)}</pre>", f"{count(len(value), 'character')}"))


def _drawn_data(key: str, value: Any) -> Part:
    data, is_whole = outline(value)
    content = json.dumps(data, ensure_ascii=False, indent=2)
    return Part("data", _framed(key, f"<pre>{text(content, MAX_TEXT)}</pre>", "" if is_whole else "in part"))


def _drawn_other(key: str, value: Any) -> Part:
    return Part("other", _framed(key, f"<pre>{text(describe(value))}</pre>"))


DRAWN: dict[str, Callable[[str, Any], Part]] = {
    "number": _drawn_number,
    "figure": _drawn_figure,
    "image": _drawn_image,
    "frame": _drawn_frame,
    "series": _drawn_series,
    "text": _drawn_text,
    "data": _drawn_data,
}
