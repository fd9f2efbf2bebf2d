"""Two frames, series, arrays, texts, numbers or nested values: what differs in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.value.answer import Answer
from core.value.excerpt import number_text
from dashboard import keys
from dashboard.widgets.compare_table import cell, is_now, table, was
from dashboard.widgets.text import plain
from dashboard.widgets.value.figure import config

Labels = tuple[str, str]
Details = Mapping[str, Any]
OLD_COLOUR, NEW_COLOUR = "#797D84", "#D55E00"
LINE_HEIGHT = 300
MAX_HEIGHT = 318
MANY = 8


def series(found: Answer, labels: Labels, key: str) -> None:
    """Draw two series over each other, and what differs in numbers."""
    details = found.data["details"]
    if found.frame is not None and len(found.frame):
        _lines(found.frame, labels, key)
    with st.expander("Statistics and changed cells", key=keys.part(key, "more"), on_change="rerun") as more:
        if more.open:
            frame(found, labels, key)
    _rows(details)


def _lines(frame: Any, labels: Labels, key: str) -> None:
    """Draw both lines over their numbers or moments, else over their positions."""
    x = list(range(len(frame))) if frame.index.dtype.kind not in "iufM" else frame.index
    styles = ({"color": OLD_COLOUR, "width": 2.5}, {"color": NEW_COLOUR, "width": 1.6})
    traces = [
        {"type": "scatter", "mode": "lines", "name": label, "x": x, "y": frame[column], "line": line}
        for label, column, line in zip(labels, ("old", "new"), styles, strict=True)
    ]
    legend = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0}
    layout = {
        "height": LINE_HEIGHT,
        "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
        "legend": legend,
        "hovermode": "x unified",
    }
    st.plotly_chart({"data": traces, "layout": layout}, key=keys.part(key, "line"), config=config("comparison"))


def frame(found: Answer, labels: Labels, key: str) -> None:
    """Draw what differs in two frames: statistics of columns, changed cells, rows and columns."""
    import pandas as pd

    details = found.data["details"]
    statistics = pd.DataFrame(details["statistics"])
    if len(statistics):
        names = {**{name: f"{name}, {labels[0]}" for name in ("missing", "lowest", "mean", "highest")}}
        names |= {f"new {name}": f"{name}, {labels[1]}" for name in ("missing", "lowest", "mean", "highest")}
        numeric = statistics.columns[1:]
        statistics[numeric] = statistics[numeric].apply(pd.to_numeric)
        st.dataframe(
            statistics.rename(columns=names),
            key=keys.part(key, "statistics"),
            hide_index=True,
            height=_height(len(statistics)),
        )
    if details["first"]:
        some = pd.DataFrame(details["first"], columns=["row", "column", labels[0], labels[1]], dtype=str)
        st.dataframe(some, key=keys.part(key, "cells"), hide_index=True, height=_height(len(some)))
        if details["changed"] > len(some):
            st.caption(f"the first {len(some):,} of {details['changed']:,} changed cells")
    if found.data["kind"] == "frame":
        _rows(details)


def _rows(details: Details) -> None:
    """Tell which rows and columns came and went."""
    lines = [
        _labels("rows added", details["rows_added"], details["added_labels"]),
        _labels("rows removed", details["rows_removed"], details["removed_labels"]),
        _labels("columns added", len(details["columns_added"]), details["columns_added"]),
        _labels("columns removed", len(details["columns_removed"]), details["columns_removed"]),
    ]
    if details["types"]:
        lines.append("types: " + ", ".join(f"{name}: {old} → {new}" for name, old, new in details["types"][:20]))
    if (details["rows_added"] or details["rows_removed"]) and not details["is_by_label"]:
        lines.append("rows were matched by position, because their labels do not name them")
    for line in filter(None, lines):
        st.caption(plain(line))


def _labels(what: str, count: int, names: Sequence[str]) -> str:
    if not count:
        return ""
    more = ", …" if count > len(names[:8]) else ""
    return f"{count:,} {what}: {', '.join(names[:8])}{more}"


def _height(count: int) -> Any:
    return MAX_HEIGHT if count > MANY else "content"


def _array(found: Answer, labels: Labels, _key: str) -> None:
    details = found.data["details"]
    if details["means"] and None not in details["means"]:
        means = [number_text(mean) for mean in details["means"]]
        st.caption(plain(f"mean: {means[0]} → {means[1]}"))
    _change_table(details["first"], labels, "position")


def _text(found: Answer, _labels: Labels, _key: str) -> None:
    lines = found.data["details"].get("lines", ())
    if lines:
        st.code("\n".join(lines), language="diff", wrap_lines=True, height=_code_height(len(lines)))


def _code_height(count: int) -> Any:
    return 400 if count > 18 else "content"


def _data(found: Answer, labels: Labels, _key: str) -> None:
    _change_table(found.data["details"]["changes"], labels, "place")


def _other(found: Answer, labels: Labels, key: str) -> None:
    _text(found, labels, key)


def _number(found: Answer, labels: Labels, _key: str) -> None:
    details = found.data["details"]
    table([labels[0], labels[1]], [[was(details["old"]), is_now(details["new"])]])


def _change_table(changes: Sequence[Sequence[str | None]], labels: Labels, what: str) -> None:
    if changes:
        table([what, *labels], [[cell(name), was(old), is_now(new)] for name, old, new in changes])


DATA: Mapping[str, Callable[[Answer, Labels, str], None]] = {
    "frame": frame,
    "series": series,
    "array": _array,
    "text": _text,
    "data": _data,
    "number": _number,
    "other": _other,
}
