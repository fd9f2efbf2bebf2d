"""Two frames, series, arrays, texts, numbers or nested values: what differs in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.value.answer import Answer
from core.value.excerpt import number_text
from dashboard import keys
from dashboard.widgets.compare.table import cell, is_now, table, was
from dashboard.widgets.text import plain
from dashboard.widgets.value.figure import config

Labels = tuple[str, str]
Details = Mapping[str, Any]
OLD_COLOUR, NEW_COLOUR = "#797D84", "#D55E00"
LINE_HEIGHT = 300
MAX_HEIGHT = 318
MANY = 8
MEASURES = ("missing", "lowest", "mean", "highest")


def series(found: Answer, labels: Labels, key: str) -> None:
    """Draw two series over each other, and what differs in numbers."""
    has_line = found.frame is not None and len(found.frame) > 0
    if has_line:
        _lines(found.frame, labels, key)
    _rows(found.data["details"])
    if has_line:
        _apart("Changed cells and statistics", found, labels, key, _cells, _statistics)
    else:
        frame(found, labels, key)


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
    """Draw what differs in two frames: changed cells, rows and columns, and on demand the statistics of columns."""
    if found.data["kind"] == "frame":
        _rows(found.data["details"])
    _cells(found.data["details"], labels, key)
    _apart("Statistics of the columns", found, labels, key, _statistics)


def _apart(title: str, found: Answer, labels: Labels, key: str, *draw: Callable[[Details, Labels, str], None]) -> None:
    with st.expander(title, key=keys.part(key, "more"), on_change="rerun") as more:
        for part in draw if more.open else ():
            part(found.data["details"], labels, key)


def _cells(details: Details, labels: Labels, key: str) -> None:
    import pandas as pd

    if not details["first"]:
        return
    some = pd.DataFrame(details["first"], columns=["row", "column", *labels], dtype=str)
    gaps = pd.to_numeric(some[labels[1]], errors="coerce") - pd.to_numeric(some[labels[0]], errors="coerce")
    if gaps.notna().any():
        some["difference"] = gaps
        some["percent"] = gaps / pd.to_numeric(some[labels[0]], errors="coerce").abs().replace(0, float("nan"))
    percent = st.column_config.NumberColumn(format="percent")
    # As texts, since a number that is rounded may look as if it had not changed.
    beside = st.column_config.TextColumn(alignment="right" if gaps.notna().any() else "left")
    st.dataframe(
        some,
        key=keys.part(key, "cells"),
        hide_index=True,
        height=_height(len(some)),
        column_config={"percent": percent, **dict.fromkeys(labels, beside)},
    )
    if details["changed"] > len(some):
        st.caption(f"the first {len(some):,} of {details['changed']:,} changed cells")


def _statistics(details: Details, labels: Labels, key: str) -> None:
    import pandas as pd

    found = pd.DataFrame(details["statistics"])
    if not len(found):
        st.caption("No column is in both.")
        return
    found[found.columns[1:]] = found[found.columns[1:]].apply(pd.to_numeric)
    pairs = [(f"{name}, {labels[0]}", name, f"{name}, {labels[1]}", f"new {name}") for name in MEASURES]
    shown = found[["column", "cells changed", "largest difference"]].copy()
    for old_title, old, new_title, new in pairs:
        shown[old_title], shown[new_title] = found[old], found[new]
    st.dataframe(shown, key=keys.part(key, "statistics"), hide_index=True, height=_height(len(shown)))


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
