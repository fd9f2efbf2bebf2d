"""A data frame: one page of its rows, sorted and filtered, or the statistics of its columns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from core.value.excerpt import number_text, short
from core.value.page import MAX_COLUMNS, Query, names_of, page, select
from core.value.profile import Profile, profiles
from dashboard import keys, state
from dashboard.widgets.text import plain
from dashboard.widgets.value.download import downloads
from dashboard.widgets.value.filters import filters
from dashboard.widgets.value.once import once

if TYPE_CHECKING:
    import pandas as pd

SIZES = (50, 100, 500)
MANY, HEIGHT = 8, 318
BOTH = ("Rows", "Statistics")


def frame_view(frame: pd.DataFrame, key: str, name: str) -> None:
    """Draw a frame with its controls."""
    count = f"{len(frame):,} rows × {len(frame.columns):,} columns"
    cut = f", the first {MAX_COLUMNS} columns shown" if len(frame.columns) > MAX_COLUMNS else ""
    st.caption(f"{count}{cut}")
    with st.container(key=keys.part(key, "controls"), horizontal=True, vertical_alignment="center", gap="xsmall"):
        chosen = choice("View", BOTH, keys.part(key, "view"))
        query = controls(frame, key) if chosen == "Rows" else Query()
    if chosen == "Rows":
        rows(frame, frame, query, key, name)
    else:
        _statistics(frame, key)
        with st.container(key=keys.part(key, "files"), horizontal=True, gap="small"):
            downloads(frame, key, name)


def choice(label: str, options: tuple[str, ...], key: str) -> str:
    """Draw one choice among a few words, of which one is always chosen."""
    if state.widget(key) not in options:
        state.set_widget(key, options[0])
    chosen: str | None = st.segmented_control(label, options, key=key, label_visibility="collapsed", required=True)
    return chosen or options[0]


def rows(frame: pd.DataFrame, value: Any, query: Query, key: str, name: str) -> None:
    """Draw one page of the rows that a query asks for, and below it which page it is and the downloads of `value`."""
    positions = once(value, "rows", query, lambda: select(frame, query))
    table = st.container()
    with st.container(key=keys.part(key, "pages"), horizontal=True, vertical_alignment="center", gap="small"):
        first, last = _page(len(positions), key)
        st.caption(_which(first, last, len(positions), len(frame)))
        downloads(value, key, name)
    with table:
        shown = page(frame.iloc[positions[first:last]])
        st.dataframe(shown, key=keys.part(key, "frame"), height=_height(len(shown)))


def controls(frame: pd.DataFrame, key: str) -> Query:
    """Draw how to sort and to filter; return what is asked for."""
    _, names = names_of(frame)
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
    return Query(filters(frame, names, key, to_first), column, is_down and column is not None)


def forget_unless(key: str, options: Any) -> None:
    """Let go of a chosen option that is no longer offered: another frame has come to this place."""
    chosen = state.widget(key)
    if chosen is not None and chosen not in options:
        state.set_widget(key, None)


def _page(count: int, key: str) -> tuple[int, int]:
    """Draw the choice of the page; return the positions at which it begins and ends."""
    if count <= SIZES[0]:
        return 0, count
    number_key, size_key = keys.part(key, "page"), keys.part(key, "size")
    size = st.selectbox(
        "Rows on a page",
        SIZES,
        key=size_key,
        format_func=lambda size: f"{size} rows",
        label_visibility="collapsed",
        width=110,
        on_change=partial(state.set_widget, number_key, 1),
    )
    pages = -(-count // size)
    state.set_widget(number_key, max(1, min(int(state.widget(number_key) or 1), pages)))
    number = st.number_input(
        "Page", min_value=1, max_value=pages, step=1, key=number_key, label_visibility="collapsed", width=120
    )
    return (number - 1) * size, min(number * size, count)


def _which(first: int, last: int, count: int, everything: int) -> str:
    of = f"{count:,}" if count == everything else f"{count:,} found in {everything:,}"
    return f"{first + 1:,}–{last:,} of {of}" if count else f"none of {everything:,} rows is like that"


def _height(count: int) -> int | Literal["content"]:
    return HEIGHT if count > MANY else "content"


def _statistics(frame: pd.DataFrame, key: str) -> None:
    found = once(frame, "statistics", None, lambda: profiles(frame))
    st.dataframe(
        [_line(profile) for profile in found],
        key=keys.part(key, "statistics"),
        height=_height(len(found)),
        hide_index=True,
        column_config={
            "Column": st.column_config.TextColumn(pinned=True),
            "Missing": st.column_config.NumberColumn(format="localized"),
            "Distribution": st.column_config.BarChartColumn(y_min=0, width=100),
        },
    )
    sampled = max((profile.sampled for profile in found), default=0)
    notes = ["Distribution: numbers and dates from lowest to highest, others from most to least frequent"]
    if sampled:
        notes.append(f"it and the distinct values are of {sampled:,} evenly spaced rows")
    st.caption("; ".join(notes) + ".")


def _line(profile: Profile) -> dict[str, Any]:
    return {
        "Column": profile.name,
        "Distribution": list(profile.bars),
        "Type": profile.type,
        "Missing": profile.missing,
        "Distinct": distinct_text(profile),
        "Lowest": cell_text(profile.lowest),
        "Highest": cell_text(profile.highest),
        "Mean": cell_text(profile.mean),
    }


def distinct_text(profile: Profile) -> str | None:
    """Return how many different values there are; of a sample, that there are at least so many."""
    if profile.distinct is None:
        return None
    return f"{'≥ ' if profile.sampled else ''}{profile.distinct:,}"


def cell_text(value: Any) -> str | None:
    """Return one statistic as text: numbers with separators, days without the time of midnight."""
    if value is None:
        return None
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind in ("i", "u", "f") or isinstance(value, int | float):
        return number_text(value)
    return short(value, 60).removesuffix(" 00:00:00")


def facts(profile: Profile) -> str:
    """Return the statistics of one column as one line of Markdown."""
    parts = [profile.type, f"{profile.missing:,} missing"]
    if profile.distinct is not None:
        parts.append(f"{distinct_text(profile)} distinct")
    if profile.lowest is not None and profile.type not in ("bool", "boolean"):
        parts.append(f"{cell_text(profile.lowest)} to {cell_text(profile.highest)}")
    if profile.mean is not None:
        parts.append(f"mean {cell_text(profile.mean)}")
    return "  ·  ".join(plain(part) for part in parts)
