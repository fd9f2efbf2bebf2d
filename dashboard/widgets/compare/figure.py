"""Two figures or pictures: side by side, or over each other."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from core.compare.run import OutputDifference
from core.value import question
from core.value.answer import Answer
from dashboard import keys
from dashboard.reading import figure_pair
from dashboard.reading.stored import Stored
from dashboard.widgets.compare.table import cell, is_now, table, was
from dashboard.widgets.text import plain
from dashboard.widgets.value.figure import config
from dashboard.widgets.value.frame import choice
from dashboard.widgets.value.image import png

SIDE_BY_SIDE, OVERLAID = "Side by side", "Over each other"


@st.fragment
def figures(output: OutputDifference, labels: tuple[str, str], found: Answer, key: str) -> None:
    """Draw two figures; of those on axes, both move together."""
    pair = [_figure(artifact) for artifact in (output.old, output.new)]
    if None in pair:
        return
    old, new = pair[0] or {}, pair[1] or {}
    if figure_pair.is_flat(old) and figure_pair.is_flat(new):
        chosen = choice("How", (SIDE_BY_SIDE, OVERLAID), keys.part(key, "how"))
        draw = figure_pair.side_by_side if chosen == SIDE_BY_SIDE else figure_pair.overlaid
        _chart(draw(old, new, labels), keys.part(key, "pair"), output.key)
    else:
        for column, label, figure, side in zip(st.columns(2), labels, (old, new), ("old", "new"), strict=True):
            with column:
                st.caption(label)
                _chart(figure, keys.part(key, side), output.key)
    changes = found.data["details"]["changes"]
    with st.expander(
        f"{len(changes)} differences in what is drawn", key=keys.part(key, "changes"), on_change="rerun"
    ) as more:
        if more.open:
            table(["where", *labels], [[cell(name), was(before), is_now(after)] for name, before, after in changes])


def _figure(artifact: Any) -> dict[str, Any] | None:
    answer = Stored(artifact).ask(question.figure())
    if answer.reason:
        st.warning(plain(answer.reason))
        return None
    found: dict[str, Any] = json.loads(answer.content)
    return found


def _chart(data: dict[str, Any], key: str, name: str) -> None:
    from plotly.graph_objects import Figure

    figure = Figure(data, skip_invalid=True)
    if "template" not in data.get("layout", {}):
        figure.layout.template = None
    st.plotly_chart(figure, key=key, config=config(name))


def pictures(output: OutputDifference, labels: tuple[str, str], found: Answer, _key: str) -> None:
    """Draw two pictures side by side."""
    share = found.data["details"].get("share")
    if share is not None:
        st.caption(f"{share:.2%} of the points differ, by at most {found.data['details']['largest']} of 255")
    for column, label, artifact in zip(st.columns(2), labels, (output.old, output.new), strict=True):
        if artifact is None:
            continue
        with column:
            st.caption(label)
            answer = Stored(artifact).ask(question.picture())
            if answer.reason:
                st.warning(plain(answer.reason))
            else:
                png(answer)
