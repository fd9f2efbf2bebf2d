"""What is to be varied, and by which values: typed, checked in place, counted, and run."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from core import TasktableError
from core.sweep import Axis
from dashboard import keys, services, state
from dashboard.reading import sweep_choice
from dashboard.reading.sweep_choice import Amount
from dashboard.state import Session
from dashboard.widgets.text import plain

LABELS = ("Vary", "and")
MANY_RUNS, MANY_CALLS = 200, 3_000
CHOOSE = "Choose an input or an argument, and write down its values."
MEND = "Mend the values first."
EXAMPLE = "Example: which windows of the crossover earned most?"


def sweep_form(session: Session) -> None:
    """Draw the form."""
    _forget_what_is_gone(session)
    with st.container(key=keys.SWEEP_FORM, border=True, gap="small"):
        places = st.columns(2, gap="medium")
        readings = []
        for place, column in enumerate(places):
            with column:
                readings.append(_target(session, place))
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            if axes := sweep_choice.axes(session):
                _amount(session, axes)
            else:
                _button(session)
                is_wrong = any(reading.problem for reading in readings)
                st.caption(MEND if is_wrong else CHOOSE, width="content")
                if not any(session.sweep.targets):
                    icon = ":material/lightbulb:"
                    st.button(
                        EXAMPLE,
                        key=keys.SWEEP_EXAMPLE,
                        icon=icon,
                        type="tertiary",
                        on_click=services.open_example,
                        args=(session,),
                    )


def _forget_what_is_gone(session: Session) -> None:
    known = sweep_choice.targets(session.draft)
    for place, target in enumerate(session.sweep.targets):
        if target is not None and target not in known:
            services.wish_target(session, place, None)


def _target(session: Session, place: int) -> sweep_choice.Reading:
    names = sweep_choice.targets(session.draft)
    other = session.sweep.targets[1 - place]
    target = session.sweep.targets[place]
    target_key, values_key = keys.sweep("target", place), keys.sweep("values", place)
    left, right = st.columns(2, gap="small")
    state.set_widget(target_key, target)
    left.selectbox(
        LABELS[place],
        [known for known in names if known != other or known == target],
        key=target_key,
        index=None,
        placeholder="an input or an argument" if place == 0 else "nothing else",
        format_func=lambda known: names.get(known, str(known)),
        on_change=state.unless_echo(target_key, lambda: services.wish_target(session, place, state.widget(target_key))),
    )
    state.set_widget(values_key, session.sweep.texts[place])
    right.text_input(
        "Values",
        key=values_key,
        placeholder="5 to 20 step 5, or 30, 50, 100",
        disabled=target is None,
        on_change=state.unless_echo(
            values_key, lambda: services.wish_values(session, place, str(state.widget(values_key) or ""))
        ),
    )
    found = sweep_choice.read(session, place)
    with right:
        if found.problem:
            st.caption(f":red[:material/error: {plain(found.problem)}]")
        elif found.axis:
            st.caption(plain(sweep_choice.told(found.axis)))
        elif target is not None:
            st.caption(f"now {plain(sweep_choice.now(session.draft, target)) or 'nothing'}")
    return found


def _amount(session: Session, axes: tuple[Axis, ...]) -> None:
    try:
        found = sweep_choice.amount(session.draft, axes)
    except TasktableError as error:
        _button(session)
        st.caption(f":red[:material/error: {plain(str(error))}]", width="content")
        return
    if _button(session, found) and _is_many(found):
        _confirm(session, axes, found)
    st.caption(_told(found), width="content")


def _told(found: Amount) -> str:
    runs, tasks, _ = found.count
    told = f"**{runs:,}** run{'s' if runs > 1 else ''} of {tasks:,} tasks"
    if found.kept == runs:
        return f"{told}: all results are kept already, nothing has to be called."
    kept = f" {found.kept:,} of the runs are kept already." if found.kept else ""
    return f"{told}: at most **{found.calls:,}** have to be called, {tasks - found.calls:,} are reused.{kept}"


def _button(session: Session, found: Amount | None = None) -> bool:
    """Draw the button, for what there is to run; True if it was pressed."""
    label = "Run all" if found is None else f"Run all {found.count.runs:,}{'…' if _is_many(found) else ''}"
    return st.button(
        label,
        key=keys.SWEEP_RUN,
        type="primary",
        icon=":material/play_arrow:",
        disabled=found is None,
        on_click=_start,
        args=(session,),
    )


def _start(session: Session) -> None:
    """Run what is typed by now, which the page may not have been drawn with yet; a lot is asked about first."""
    axes = sweep_choice.axes(session)
    with suppress(TasktableError):
        if axes and not _is_many(sweep_choice.amount(session.draft, axes)):
            services.start_sweep(session, axes)


def _is_many(found: Amount) -> bool:
    return found.count.runs > MANY_RUNS or found.calls > MANY_CALLS


@st.dialog("That is a lot")
def _confirm(session: Session, axes: tuple[Axis, ...], found: Amount) -> None:
    st.markdown(_told(found))
    st.caption("The runs wait for each other, so that others can work meanwhile. You can stop them at any time.")
    with st.container(horizontal=True):
        start = services.start_sweep
        if st.button("Run all", key=keys.CONFIRM, type="primary", on_click=start, args=(session, axes)):
            st.rerun()
        if st.button("Not now"):
            st.rerun()
