"""The final values of a run as parts of a page: figures, pictures, numbers, tables, texts."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from core.artifact import Artifact
from core.compare.text import count
from core.report import rows
from core.report.markup import text
from core.report.rows import Ask
from core.value.answer import Answer, answer
from core.value.excerpt import number_text, outline, short, size_text
from core.value.output import describe, kind_of, to_bytes
from core.value.question import Question

IN_ROWS = ("frame", "series")
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


@dataclass(frozen=True, slots=True)
class Source:
    """Where values come from.

    Attributes:
        read: returns the value of an artifact; what it raises is told in the value's place.
        ask: answers a question about a frame or a series that may be too large to be read; None if all are read.
        preview: returns a PNG file of an artifact that cannot be read, such as a figure of matplotlib.
    """

    read: Callable[[Artifact], Any]
    ask: Callable[[Artifact, Question], Answer] | None = None
    preview: Callable[[Artifact], bytes | None] = lambda _: None


def parts(outputs: dict[str, Artifact], source: Source) -> list[Part]:
    """Return one part for each output, numbers and figures first. What cannot be read is told in its place."""
    found = [_part(key, artifact, source) for key, artifact in outputs.items()]
    return sorted(found, key=lambda part: ORDER.index(part.kind) if part.kind in ORDER else len(ORDER))


def _part(key: str, artifact: Artifact, source: Source) -> Part:
    try:
        picture = source.preview(artifact)
        if picture is not None:
            return Part("image", _framed(key, _picture(picture, key)))
        if not artifact.is_stored:
            return _told(key, artifact, f"This value was not stored: {artifact.summary.get('reason', '')}")
        if source.ask and artifact.kind in IN_ROWS:
            return _in_rows(key, artifact.kind, partial(source.ask, artifact))
        value = source.read(artifact)
        kind = kind_of(value)
        if kind in IN_ROWS:
            return _in_rows(key, kind, partial(answer, value))
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


def _in_rows(key: str, kind: str, ask: Ask) -> Part:
    """Return a frame or a series, which may be too large to be held here, from what it answers."""
    about, html = (rows.frame if kind == "frame" else rows.series)(key, ask)
    return Part(kind, _framed(key, html, about))


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
    "text": _drawn_text,
    "data": _drawn_data,
}
