"""What is compared with what: two lists to choose from, more to be compared all together, and the two swapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core import TasktableError
from dashboard import keys, link, state
from dashboard.reading import comparison
from dashboard.reading.comparison import MAX_SIDES
from dashboard.reading.side import Side, side
from dashboard.state import Session
from dashboard.widgets.text import plain

WIDTH = 380


def compare_bar(session: Session) -> list[Side]:
    """Draw the bar; return what is compared, as far as it is there. What is not there is told."""
    refs = link.compared()[:MAX_SIDES]
    if not refs and (refs := comparison.first_refs(session)):
        link.compare(refs)
    sides, missing = _found(refs)
    options = comparison.choices(session, sides)
    shown = [each.ref for each in sides]
    with st.container(key="compare_bar", horizontal=True, vertical_alignment="bottom", gap="small"):
        _choice("Before", keys.COMPARE_OLD, options, shown, 0)
        st.button(
            "",
            key=keys.COMPARE_SWAP,
            icon=":material/swap_horiz:",
            help="Swap before and after",
            disabled=len(shown) < 2,
            on_click=lambda: link.compare([*shown[1::-1], *shown[2:]]),
        )
        _choice("After", keys.COMPARE_NEW, options, shown, 1)
        _more(options, shown)
    for reason in missing:
        st.error(plain(reason), icon=":material/error:")
    return sides


def _found(refs: Sequence[str]) -> tuple[list[Side], list[str]]:
    sides, missing = [], []
    for ref in refs:
        try:
            sides.append(side(ref))
        except TasktableError as error:
            missing.append(f"It cannot be compared: {error}.")
    return sides, missing


def _choice(label: str, key: str, options: Mapping[str, str], shown: Sequence[str], place: int) -> None:
    state.set_widget(key, shown[place] if place < len(shown) else None, again=True)
    st.selectbox(
        label,
        list(options),
        index=None,
        key=key,
        format_func=lambda ref: options.get(ref, ref),
        placeholder="Choose a run or a version",
        width=WIDTH,
        on_change=state.unless_echo(key, lambda: _chosen(options, shown, place, state.widget(key))),
    )


def _chosen(options: Mapping[str, str], shown: Sequence[str], place: int, ref: str | None) -> None:
    """Put what was chosen in its place; what stood there takes the place where it stood, if it did.

    A browser that shows what an entry was called before tells that; nobody has chosen anything then.
    """
    refs = list(shown)
    if ref is not None and ref not in options:
        return
    if ref in refs and place < len(refs):
        other = refs.index(str(ref))
        refs[other], refs[place] = refs[place], refs[other]
    elif ref and ref not in refs:
        refs[place : place + 1] = [ref]
    link.compare(refs)


def _more(options: Mapping[str, str], shown: Sequence[str]) -> None:
    state.set_widget(keys.COMPARE_MORE, list(shown[2:]), again=True)
    st.multiselect(
        "All together with",
        [ref for ref in options if ref not in shown[:2]],
        key=keys.COMPARE_MORE,
        format_func=lambda ref: options.get(ref, ref),
        placeholder="Add more runs or versions",
        max_selections=MAX_SIDES - 2,
        disabled=len(shown) < 2,
        on_change=state.unless_echo(keys.COMPARE_MORE, lambda: _added(options, shown)),
    )


def _added(options: Mapping[str, str], shown: Sequence[str]) -> None:
    link.compare([*shown[:2], *(ref for ref in state.widget(keys.COMPARE_MORE) or [] if ref in options)])
