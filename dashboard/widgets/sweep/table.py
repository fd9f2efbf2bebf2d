"""All runs of a sweep as a table to sort: a click opens a run, those that are ticked can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import keys, link, services, state
from dashboard.reading.comparison import MAX_SIDES
from dashboard.reading.outcome import Outcome
from dashboard.state import Session
from dashboard.sweeping import Sweep

if TYPE_CHECKING:
    import pandas as pd

HEIGHT, LOW = 520, 12
NARROW = 110


def sweep_table(session: Session, sweep: Sweep, found: Sequence[Outcome], names: Sequence[str]) -> None:
    """Draw the table, and what can be done with the rows that are ticked."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _actions(session, sweep, found)
    st.dataframe(
        frame(sweep, found, names),
        key=keys.SWEEP_TABLE,
        hide_index=True,
        height="content" if len(found) <= LOW else HEIGHT,
        selection_mode=["multi-row", "single-cell"],
        on_select=lambda: _clicked(session, sweep, found),
        column_config=_columns(sweep, names),
    )


def frame(sweep: Sweep, found: Sequence[Outcome], names: Sequence[str]) -> pd.DataFrame:
    """Return one row for each variant: its state, its values, its numbers, and why it failed."""
    import pandas as pd

    columns: dict[str, list[Any]] = {"state": [one.state for one in found]}
    for axis in sweep.axes:
        columns[axis.name] = _plain([variant.values[axis.name] for variant in sweep.variants])
    if any(one.error for one in found):
        columns["error"] = [one.error for one in found]
    for name in names:
        columns[name if name not in columns else f"{name} (output)"] = [one.numbers.get(name) for one in found]
    columns["seconds"] = [one.seconds for one in found]
    return pd.DataFrame(columns)


def _plain(values: list[Any]) -> list[Any]:
    """Return values of which a column can be sorted: all numbers, or all texts."""
    is_number = all(type(value) in (int, float) for value in values)
    return values if is_number else [str(value) for value in values]


def _columns(sweep: Sweep, names: Sequence[str]) -> dict[str, Any]:
    numbers = {name: st.column_config.NumberColumn(format="%.5g", width=NARROW) for name in names}
    pinned = {axis.name: st.column_config.Column(pinned=True, width=NARROW) for axis in sweep.axes}
    return {
        **numbers,
        **pinned,
        "state": st.column_config.TextColumn(pinned=True, width=70),
        "seconds": st.column_config.NumberColumn(format="%.2f", width=70),
        "error": st.column_config.TextColumn(width="medium"),
    }


def _clicked(session: Session, sweep: Sweep, found: Sequence[Outcome]) -> None:
    cells = _selection().get("cells", [])
    if cells and (row := int(cells[0][0])) < len(found) and found[row].is_over:
        services.want_run(session, sweep.run_ids[row])


def _actions(session: Session, sweep: Sweep, found: Sequence[Outcome]) -> None:
    ticked = _ticked(found)
    st.button(
        "Open",
        key=keys.SWEEP_OPEN,
        icon=":material/play_circle:",
        disabled=len(ticked) != 1,
        on_click=_open,
        args=(session, sweep, found),
    )
    is_ready = 1 < len(ticked) <= MAX_SIDES and link.can_compare()
    label = f"Compare ({len(ticked)} ticked)" if ticked else "Compare"
    if st.button(label, key=keys.SWEEP_COMPARE, icon=":material/compare_arrows:", disabled=not is_ready):
        link.go(link.COMPARE, **link.names_of([link.ref_of_run(sweep.run_ids[row]) for row in ticked]))
    st.caption(f"A click opens a run; tick two or more, at most {MAX_SIDES}, to compare them.", width="content")


def _open(session: Session, sweep: Sweep, found: Sequence[Outcome]) -> None:
    """Open what is ticked by now."""
    for row in _ticked(found)[:1]:
        services.want_run(session, sweep.run_ids[row])


def _ticked(found: Sequence[Outcome]) -> list[int]:
    return [row for row in _selection().get("rows", []) if row < len(found) and found[row].is_over]


def _selection() -> dict[str, Any]:
    held = state.widget(keys.SWEEP_TABLE)
    found: dict[str, Any] = dict(held["selection"]) if held else {}
    return found
