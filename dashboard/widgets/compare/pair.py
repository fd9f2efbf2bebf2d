"""Two versions or runs: one sentence, both cards, what was done differently, and each output by its data."""

from __future__ import annotations

import streamlit as st

from core.compare.run import OutputState, RunDifference
from core.compare.text import count
from dashboard import keys
from dashboard.reading import comparison
from dashboard.reading.side import Side, is_under_way
from dashboard.server.backend import backend
from dashboard.state import Session
from dashboard.widgets.compare.causes import compare_causes
from dashboard.widgets.compare.output import compare_numbers, compare_output
from dashboard.widgets.compare.side import compare_side
from dashboard.widgets.text import plain

PULSE = 0.4
OPEN = 6


def compare_pair(session: Session, old: Side, new: Side) -> None:
    """Draw it."""
    with st.container(key=keys.COMPARE_SIDES):
        for column, side, title in zip(st.columns(2, gap="small"), (old, new), ("before", "after"), strict=True):
            with column:
                compare_side(session, side, title)
    waiting = [side for side in (old, new) if is_under_way(side)]
    if waiting:
        st.fragment(_progress, run_every=PULSE)(waiting)
        return
    found = comparison.difference(old, new)
    with st.container(key=keys.COMPARE_SUMMARY):
        _summary(old, new, found)
    compare_causes(old, new, found)
    if old.run is not None and new.run is not None:
        with st.container(key=keys.COMPARE_OUTPUTS):
            _outputs(session, (old, new), found)


def _progress(waiting: list[Side]) -> None:
    """Draw how far the runs have come; the page is drawn anew when one has ended."""
    with st.container(key=keys.COMPARE_PROGRESS):
        for side in waiting:
            known = backend().runner.record(side.record.id) or side.record
            if known.state.is_over:
                st.rerun()
            total = len(side.workflow.tasks)
            ended = sum(task.state not in ("running", "waiting") for task in known.tasks.values())
            st.progress(min(1.0, ended / max(1, total)), f"{side.label} is under way: {ended} of {total} tasks")


def _summary(old: Side, new: Side, found: RunDifference) -> None:
    headline = comparison.headline(old, new, found)
    text = plain(headline if headline.endswith("…") else f"{headline}.")
    if found.is_reproduced:
        st.success(text, icon=":material/check_circle:")
    else:
        st.info(text, icon=":material/difference:")
    missing = [plain(side.label) for side in (old, new) if side.run is None]
    if missing:
        verb = "have" if len(missing) > 1 else "has"
        st.warning(f"{' and '.join(missing)} {verb} not been run as saved, so there are no values to compare.")


def _outputs(session: Session, sides: tuple[Side, Side], found: RunDifference) -> None:
    differing = comparison.shown_first(found.outputs)
    equal = [output.key for output in found.outputs if output.state is OutputState.EQUAL]
    if differing:
        st.markdown(f"##### {count(len(differing), 'output')} {'differs' if len(differing) == 1 else 'differ'}")
    others = compare_numbers(differing)
    for output in others[:OPEN]:
        compare_output(session, sides, output)
    rest = others[OPEN:]
    if rest:
        names = [output.key for output in rest]
        chosen = st.pills("More that differ", names, key=keys.OUTPUT_KEY, format_func=plain)
        if chosen:
            compare_output(session, sides, rest[names.index(chosen)])
    if equal:
        with st.container(key=keys.COMPARE_EQUAL), st.expander(f"{count(len(equal), 'output')} equal, by digest"):
            st.markdown(", ".join(plain(key) for key in equal))
