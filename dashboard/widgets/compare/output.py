"""One output of two runs, compared by its data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.compare.run import OutputDifference, OutputState
from core.value.answer import Answer
from dashboard import keys
from dashboard.reading import comparison
from dashboard.reading.side import Side, pair_labels
from dashboard.reading.stored import Stored
from dashboard.state import Session
from dashboard.widgets.again import again_button
from dashboard.widgets.compare.data import DATA
from dashboard.widgets.compare.figure import figures, pictures
from dashboard.widgets.text import plain
from dashboard.widgets.value_view import value_view

Sides = tuple[Side, Side]
SHORT = ("number", "nothing")


def compare_output(session: Session, sides: Sides, output: OutputDifference) -> None:
    """Draw what differs in one output."""
    key = keys.value("compare", output.key)
    with st.container(key=key, border=True, gap="small"):
        if output.old is None or output.new is None:
            _one_sided(sides, output, key)
        elif gone := _gone(sides, output):
            _title(output, "")
            _offer(session, gone, key)
        elif output.state is OutputState.UNKNOWN:
            _unstored(sides, output)
        else:
            found = comparison.compared(output.old, output.new)
            _title(output, found.reason or str(found.data["summary"]), bool(found.reason))
            if not found.reason:
                _draw(sides, output, found, key)


def compare_numbers(outputs: Sequence[OutputDifference]) -> list[OutputDifference]:
    """Draw the numbers among the outputs in one row; return the other outputs."""
    numbers = {output.key: found for output in outputs if (found := _number(output))}
    if numbers:
        with st.container(key=keys.NUMBERS, horizontal=True, gap="medium"):
            for name, details in numbers.items():
                with st.container(key=keys.value("compare", name), width="content", gap=None):
                    change = " · ".join(part for part in (details["difference"], details["percent"]) if part)
                    st.metric(
                        plain(name),
                        details["new"],
                        change or None,
                        "off",
                        border=True,
                        width="content",
                        delta_description=f"before: {details['old']}",
                    )
    return [output for output in outputs if output.key not in numbers]


def _number(output: OutputDifference) -> Mapping[str, Any] | None:
    if output.state is not OutputState.DIFFERENT or output.old is None or output.new is None:
        return None
    if (
        output.old.kind != "number"
        or output.new.kind != "number"
        or any(map(comparison.is_gone, (output.old, output.new)))
    ):
        return None
    found = comparison.compared(output.old, output.new)
    return None if found.reason or found.data["kind"] != "number" else found.data["details"]


def _title(output: OutputDifference, summary: str, is_problem: bool = False) -> None:
    artifact = output.new or output.old
    final = " :blue-badge[final]" if output.is_final else ""
    kind = f" :gray-badge[{plain(artifact.kind)}]" if artifact else ""
    st.markdown(f"**{plain(output.key)}**{kind}{final}  {'' if is_problem else plain(summary)}")
    if is_problem:
        st.warning(plain(summary))


def _one_sided(sides: Sides, output: OutputDifference, key: str) -> None:
    side, artifact = (sides[0], output.old) if output.new is None else (sides[1], output.new)
    _title(output, f"only {side.label} has it")
    is_short = artifact is not None and artifact.kind in SHORT
    if artifact is not None and (is_short or st.toggle("Show it", key=keys.part(key, "show"))):
        value_view(Stored(artifact), "only", output.key)


def _gone(sides: Sides, output: OutputDifference) -> list[Side]:
    both = zip(sides, (output.old, output.new), strict=True)
    return [side for side, artifact in both if artifact is not None and comparison.is_gone(artifact)]


def _offer(session: Session, gone: list[Side], key: str) -> None:
    names = " and ".join(side.label for side in gone)
    st.warning(
        f"The value of {names} is not kept any more, so it cannot be compared. That it differs is known by its digest."
    )
    for side in gone:
        if side.run:
            again_button(session, side.run.id, keys.part(key, f"again-{side.ref.replace(':', '-')}"))


def _unstored(sides: Sides, output: OutputDifference) -> None:
    _title(output, "it cannot be told whether it is equal")
    for side, artifact in zip(sides, (output.old, output.new), strict=True):
        if artifact is not None and not artifact.is_stored:
            reason = str(artifact.summary.get("reason") or "no reason is known")
            st.caption(plain(f"The value of {side.label} was not stored: {reason}"))


def _draw(sides: Sides, output: OutputDifference, found: Answer, key: str) -> None:
    labels = pair_labels(*sides)
    draw: Callable[..., None] | None = {"figure": figures, "image": pictures}.get(found.data["kind"])
    if draw:
        draw(output, labels, found, key)
    elif found.data["kind"] in DATA:
        DATA[found.data["kind"]](found, labels, key)
