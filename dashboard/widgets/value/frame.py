"""A data frame: one page of its rows, sorted and filtered, or the statistics of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

import streamlit as st

from core.value import question
from core.value.holder import Holder
from core.value.page import MAX_COLUMNS, Query
from dashboard import keys, state
from dashboard.widgets.value.asked import asked
from dashboard.widgets.value.download import downloads
from dashboard.widgets.value.filters import filters

SIZES = (50, 100, 500)
MANY, HEIGHT = 8, 318
BOTH = ("Rows", "Statistics")


def frame_view(holder: Holder, key: str, name: str) -> None:
    """Draw a frame with its controls."""
    head = asked(holder, question.head(name)).data
    count = f"{head['rows']:,} rows × {head['columns']:,} columns"
    cut = f", the first {MAX_COLUMNS} columns shown" if head["columns"] > MAX_COLUMNS else ""
    st.caption(f"{count}{cut}")
    with st.container(key=keys.part(key, "controls"), horizontal=True, vertical_alignment="center", gap="xsmall"):
        chosen = choice("View", BOTH, keys.part(key, "view"))
        query = controls(head, key) if chosen == "Rows" else Query()
    if chosen == "Rows":
        rows(holder, head, query, key, name)
    else:
        _statistics(holder, key, name)
        with st.container(key=keys.part(key, "files"), horizontal=True, gap="small"):
            downloads(holder, head["files"], key, name)


def choice(label: str, options: tuple[str, ...], key: str) -> str:
    """Draw one choice among a few words, of which one is always chosen."""
    if state.widget(key) not in options:
        state.set_widget(key, options[0])
    chosen: str | None = st.segmented_control(label, options, key=key, label_visibility="collapsed", required=True)
    return chosen or options[0]


def rows(holder: Holder, head: Mapping[str, Any], query: Query, key: str, name: str) -> None:
    """Draw one page of the rows that a query asks for, and below it which page it is and the downloads."""
    size, number = _chosen(key)
    found = asked(holder, question.rows(query, (number - 1) * size, size, name))
    first, count, shown = found.data["first"], found.data["found"], found.frame
    length = 0 if shown is None else len(shown)
    st.dataframe(shown, key=keys.part(key, "frame"), height=_height(length))
    with st.container(key=keys.part(key, "pages"), horizontal=True, vertical_alignment="center", gap="small"):
        if count > SIZES[0]:
            _pages(count, first // size + 1, size, key)
        st.caption(_which(first, first + length, count, head["rows"]))
        downloads(holder, head["files"], key, name)


def controls(head: Mapping[str, Any], key: str) -> Query:
    """Draw how to sort and to filter; return what is asked for."""
    names = head["names"]
    to_first = partial(state.set_widget, keys.part(key, "page"), 1)
    sort, down = keys.part(key, "sort"), keys.part(key, "descending")
    forget_unless(sort, range(len(names)))
    column = st.selectbox(
        "Sort by",
        range(len(names)),
        index=None,
        key=sort,
        placeholder="Sort by",
        format_func=names.__getitem__,
        label_visibility="collapsed",
        width=130,
        on_change=to_first,
    )
    is_down = st.checkbox("Descending", key=down, disabled=column is None, on_change=to_first)
    return Query(filters(names, head["kinds"], key, to_first), column, is_down and column is not None)


def forget_unless(key: str, options: Any) -> None:
    """Let go of a chosen option that is no longer offered: another frame has come to this place."""
    chosen = state.widget(key)
    if chosen is not None and chosen not in options:
        state.set_widget(key, None)


def _chosen(key: str) -> tuple[int, int]:
    """Return how many rows a page has and the number of the page, as they were chosen last."""
    size, number = state.widget(keys.part(key, "size")), state.widget(keys.part(key, "page"))
    return size if size in SIZES else SIZES[0], max(1, int(number or 1))


def _pages(count: int, number: int, size: int, key: str) -> None:
    """Draw the choice of the page and of its size."""
    number_key, size_key = keys.part(key, "page"), keys.part(key, "size")
    state.set_widget(size_key, size)
    st.selectbox(
        "Rows on a page",
        SIZES,
        key=size_key,
        format_func=lambda size: f"{size} rows",
        label_visibility="collapsed",
        width=110,
        on_change=partial(state.set_widget, number_key, 1),
    )
    state.set_widget(number_key, number)
    st.number_input(
        "Page",
        min_value=1,
        max_value=-(-count // size),
        step=1,
        key=number_key,
        label_visibility="collapsed",
        width=120,
    )


def _which(first: int, last: int, count: int, everything: int) -> str:
    of = f"{count:,}" if count == everything else f"{count:,} found in {everything:,}"
    if not count:
        return f"none of {everything:,} rows is like that" if everything else "no rows"
    return f"{first + 1:,}–{last:,} of {of}"


def _height(count: int) -> int | Literal["content"]:
    return HEIGHT if count > MANY else "content"


def _statistics(holder: Holder, key: str, name: str) -> None:
    found = asked(holder, question.statistics(name)).data
    st.dataframe(
        [{heading: line[part] for heading, part in STATISTICS.items()} for line in found["columns"]],
        key=keys.part(key, "statistics"),
        height=_height(len(found["columns"])),
        hide_index=True,
        column_config={
            "Column": st.column_config.TextColumn(pinned=True),
            "Missing": st.column_config.NumberColumn(format="localized"),
            "Distribution": st.column_config.BarChartColumn(y_min=0, width=100),
        },
    )
    notes = ["Distribution: numbers and dates from lowest to highest, others from most to least frequent"]
    if found["sampled"]:
        notes.append(f"it and the distinct values are of {found['sampled']:,} evenly spaced rows")
    st.caption("; ".join(notes) + ".")


STATISTICS = {
    "Column": "name",
    "Distribution": "bars",
    "Type": "type",
    "Missing": "missing",
    "Distinct": "distinct",
    "Lowest": "lowest",
    "Highest": "highest",
    "Mean": "mean",
}
