"""Many runs together: a table of what varies and of the numbers that came out, and a plot of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.artifact import Artifact
from core.value import question
from dashboard import keys, state
from dashboard.reading import comparison
from dashboard.reading.figure_pair import COLOURS
from dashboard.reading.side import Side
from dashboard.reading.stored import Stored
from dashboard.widgets.value.figure import config
from dashboard.widgets.value.frame import choice, forget_unless

if TYPE_CHECKING:
    import pandas as pd

PARALLEL, SCATTER = "Parallel coordinates", "Scatter plot"
SERIES = "Series over each other"
HEIGHT, HIGHEST, LOW = 340, 420, 10
MAX_AXES, FEW_AXES = 8, 3
CELL = " / "
GREY, LOWEST, TOP = "#797D84", (0, 114, 178), (230, 120, 0)


def together(sides: Sequence[Side]) -> None:
    """Draw the table and the plot."""
    found = comparison.together(sides)
    with st.container(key=keys.TOGETHER, border=True):
        st.markdown(f"**{len(sides)} together**")
        if not len(found.columns):
            st.caption("Their inputs and arguments are the same, and no output is a number.")
            return
        _table(sides, found)
        numbers = varying(found)
        series = comparison.shared_series(sides)
        if numbers or series:
            _plot(found, numbers, series)


def _table(sides: Sequence[Side], found: pd.DataFrame) -> None:
    shown = found.copy(deep=False)
    shown.insert(0, "state", [str(side.record.state) if side.run else "not run" for side in sides])
    shown.insert(1, "seconds", [max(0.0, side.record.ended - side.record.began) or None for side in sides])
    if len({side.name for side in sides}) > 1:
        shown.insert(0, "workflow", [side.name for side in sides])
    if any(side.message for side in sides):
        shown["message"] = [side.message.partition("\n")[0][:120] for side in sides]
    seconds = st.column_config.NumberColumn(format="%.2f")
    height: Any = "content" if len(sides) <= LOW else HIGHEST
    st.dataframe(shown, key=keys.TOGETHER_TABLE, height=height, column_config={"seconds": seconds})


def varying(found: pd.DataFrame) -> list[str]:
    """Return the columns of numbers that are not all the same."""
    numbers = [str(name) for name in found.columns if found[name].dtype.kind in "iuf"]
    return [name for name in numbers if found[name].nunique() > 1]


@st.fragment
def _plot(found: pd.DataFrame, numbers: list[str], series: Mapping[str, Mapping[str, Artifact]]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        kinds = (*((PARALLEL, SCATTER) if numbers else ()), *((SERIES,) if series else ()))
        kind = choice("Plot", kinds, keys.TOGETHER_KIND)
        output = _axis("Output", keys.TOGETHER_SERIES, list(series), 0) if kind == SERIES else ""
        across = _axis("Across", keys.TOGETHER_ACROSS, numbers, 0) if kind == SCATTER else ""
        up = _axis("Up", keys.TOGETHER_UP, numbers, len(numbers) - 1) if kind == SCATTER else ""
        axes = _axes(numbers) if kind == PARALLEL else []
    if kind == SERIES:
        lines(series[output])
        return
    if kind == SCATTER:
        figure = scatter(found, across, up)
    elif axes:
        figure = parallel(found, axes)
    else:
        st.caption("Choose what the axes shall be.")
        return
    st.plotly_chart(figure, key=keys.TOGETHER_PLOT, config=config("comparison"))


def _axes(numbers: list[str]) -> list[str]:
    chosen = state.widget(keys.TOGETHER_AXES)
    if chosen is None or not set(chosen) <= set(numbers):
        plain = [name for name in numbers if CELL not in name]
        state.set_widget(keys.TOGETHER_AXES, (plain if len(plain) >= FEW_AXES else numbers)[:MAX_AXES])
    return st.multiselect("Axes", numbers, key=keys.TOGETHER_AXES, label_visibility="collapsed", placeholder="Axes")


def _axis(label: str, key: str, names: list[str], first: int) -> str:
    forget_unless(key, names)
    chosen: str | None = st.selectbox(label, names, index=first, key=key, label_visibility="collapsed", width=240)
    return chosen or names[first]


def scatter(found: pd.DataFrame, across: str, up: str) -> dict[str, Any]:
    """Return one point for each row."""
    names = [_plain(name) for name in found.index]
    is_few = len(found) <= LOW
    line = {"width": 1, "color": "rgba(128,128,128,0.6)"}
    marker = {"size": 12 if is_few else 9, "color": "#0072B2", "line": line}
    trace = {
        "type": "scatter",
        "mode": "markers+text" if is_few else "markers",
        "hovertemplate": "%{text}<br>%{x:,.6g}, %{y:,.6g}<extra></extra>",
        "x": list(found[across]),
        "y": list(found[up]),
        "text": names,
        "textposition": "top center",
        "marker": marker,
    }
    axes = {"xaxis": {"title": {"text": _plain(across)}}, "yaxis": {"title": {"text": _plain(up)}}}
    return {"data": [trace], "layout": {**axes, "height": HEIGHT, "margin": {"t": 20, "r": 20}}}


def parallel(found: pd.DataFrame, numbers: list[str]) -> dict[str, Any]:
    """Return one line for each row across one upright axis for each number."""
    shares = {name: _shares(found[name]) for name in numbers}
    is_few = len(found) <= LOW
    colours = colours_of(shares[numbers[-1]])
    places = list(range(len(numbers)))
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": _plain(name),
            "x": places,
            "y": [shares[column][row] for column in numbers],
            "text": [f"{_plain(column)} = {found[column].iloc[row]:,.6g}" for column in numbers],
            "hovertemplate": "%{text}",
            "line": {"color": colours[row], "width": 2.5 if is_few else 1.4},
            "marker": {"size": 8 if is_few else 5, "color": colours[row]},
        }
        for row, name in enumerate(found.index)
    ]
    ends = [note for place, name in enumerate(numbers) for note in _ends(found[name], place)]
    upright = {"type": "line", "y0": 0, "y1": 1, "line": {"color": "rgba(128,128,128,0.55)", "width": 1}}
    layout = {
        "height": HEIGHT,
        "margin": {"t": 30, "b": 70, "l": 30, "r": 30},
        "xaxis": {
            "tickvals": places,
            "ticktext": [_plain(name).replace(" / ", "<br>") for name in numbers],
            "tickangle": 0,
            "showgrid": False,
            "zeroline": False,
            "range": [-0.3, len(numbers) - 0.7],
        },
        "yaxis": {"visible": False, "range": [-0.12, 1.12]},
        "shapes": [{**upright, "x0": place, "x1": place} for place in places],
        "annotations": ends,
        "showlegend": is_few,
    }
    return {"data": traces, "layout": layout}


def colours_of(shares: Sequence[float | None]) -> list[str]:
    """Return a colour for each line: of few, all different ones; of many, from blue to orange by the last axis."""
    if len(shares) <= LOW:
        return [COLOURS[row % len(COLOURS)] for row in range(len(shares))]
    return [GREY if share is None else _between(share) for share in shares]


def _between(share: float) -> str:
    red, green, blue = (round(low + share * (high - low)) for low, high in zip(LOWEST, TOP, strict=True))
    return f"rgb({red},{green},{blue})"


def lines(series: Mapping[str, Artifact]) -> None:
    """Draw one series of several runs over each other."""
    answers = {label: Stored(artifact).ask(question.line()) for label, artifact in series.items()}
    known = {label: answer.frame for label, answer in answers.items() if answer.frame is not None}
    colours = colours_of([number / max(1, len(known) - 1) for number in range(len(known))])
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": _plain(label),
            "x": frame["x"],
            "y": frame["y"],
            "line": {"color": colour, "width": 1.6},
        }
        for (label, frame), colour in zip(known.items(), colours, strict=True)
    ]
    layout = {"height": HEIGHT, "margin": {"t": 20, "b": 40, "l": 50, "r": 20}}
    st.plotly_chart({"data": traces, "layout": layout}, key=keys.TOGETHER_LINES, config=config("comparison"))
    if len(known) < len(answers):
        st.caption("Not of all: some are no line of numbers, or are not kept any more.")


def _shares(column: pd.Series[Any]) -> list[float | None]:
    """Return where each number lies between the lowest and the highest, from 0 to 1."""
    low, high = float(column.min()), float(column.max())
    width, pairs = high - low, zip(column, column.isna(), strict=True)
    return [None if missing else (float(value) - low) / width if width else 0.5 for value, missing in pairs]


def _ends(column: pd.Series[Any], place: int) -> list[dict[str, Any]]:
    ends = ((float(column.min()), "top", 0.0), (float(column.max()), "bottom", 1.0))
    shown = ends if ends[0][0] != ends[1][0] else ends[:1]
    return [
        {
            "x": place,
            "y": y,
            "text": f"{value:,.5g}",
            "showarrow": False,
            "yanchor": anchor,
            "yshift": -6 if anchor == "top" else 6,
        }
        for value, anchor, y in shown
    ]


def _plain(text: Any) -> str:
    """Plotly reads tags in texts; a name is only ever shown."""
    return str(text).replace("<", "&lt;")
