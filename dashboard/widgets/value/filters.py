"""Conditions on the columns of a frame: a range of numbers or days, or a text that a cell contains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.value.page import Condition, Kind
from dashboard import keys, state
from dashboard.widgets.text import plain

FIRST_DAY, LAST_DAY = date(1678, 1, 1), date(2261, 12, 31)


def filters(
    names: Sequence[str], kinds: Sequence[Kind], key: str, on_change: Callable[[], None]
) -> tuple[Condition, ...]:
    """Draw a field, or two, for each of the columns that the user chooses; return what is asked of them."""
    chosen_key = keys.part(key, "filter")
    chosen = [column for column in state.widget(chosen_key) or [] if column in range(len(names))]
    state.set_widget(chosen_key, chosen)
    with st.popover("Filter", icon=":material/filter_alt:", key=keys.part(key, "filters")):
        st.multiselect(
            "Filter by",
            range(len(names)),
            key=chosen_key,
            placeholder="Choose columns",
            format_func=names.__getitem__,
            on_change=on_change,
            width=320,
        )
        conditions = [_condition(kinds[column], column, names[column], key, on_change) for column in chosen]
    return tuple(condition for condition in conditions if not condition.is_empty)


def _condition(kind: Kind, column: int, name: str, key: str, on_change: Callable[[], None]) -> Condition:
    label = plain(name)
    field = keys.part(key, f"filter-{kind}-{column}")
    if kind in ("text", "flag"):
        text = st.text_input(f"{label} contains", key=field, max_chars=200, on_change=on_change)
        return Condition(column, text=text)
    low, high = st.columns(2, gap="small")
    end = _number if kind == "number" else _day
    lowest = end(low, f"{label} from", f"{field}-from", on_change)
    return Condition(column, "", lowest, end(high, f"{label} to", f"{field}-to", on_change))


def _number(place: DeltaGenerator, label: str, key: str, on_change: Callable[[], None]) -> float | None:
    return place.number_input(label, value=None, step=1.0, format="%g", key=key, on_change=on_change)


def _day(place: DeltaGenerator, label: str, key: str, on_change: Callable[[], None]) -> date | None:
    return place.date_input(
        label, value=None, min_value=FIRST_DAY, max_value=LAST_DAY, format="YYYY-MM-DD", key=key, on_change=on_change
    )
