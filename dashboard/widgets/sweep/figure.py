"""The figure of a sweep: a map of a number over two axes, or its line over one; the best is marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from core.sweep import grid
from dashboard.reading import sweep_number
from dashboard.reading.outcome import Outcome
from dashboard.sweeping import Sweep

ANNOTATED, MOST_ROWS = 200, 18
MOST_TICKS = 24
LOSS_AND_GAIN = [[0.0, "#b2401f"], [0.25, "#e69a76"], [0.5, "#e9e9e4"], [0.75, "#7fa9e0"], [1.0, "#1f4fae"]]
ONE_WAY = "Viridis"
BEST, WRONG = "#f5b301", "#d32f2f"


def figure(sweep: Sweep, found: Sequence[Outcome], numbers: Sequence[float | None], name: str, is_high: bool) -> Any:
    """Return the figure; each point of it that stands for a run has the run's number as its custom data."""
    draw = _map if len(sweep.axes) > 1 else _line
    drawn = draw(sweep, found, numbers, name, sweep_number.best(numbers, is_high))
    drawn.update_layout(
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        clickmode="event+select",
        dragmode=False,
        hovermode="closest",
        hoverdistance=-1,
        showlegend=False,
    )
    return drawn


def _map(sweep: Sweep, found: Sequence[Outcome], numbers: Sequence[float | None], name: str, best: int | None) -> Any:
    import plotly.graph_objects as go

    table = grid(sweep.variants, numbers)
    rows, columns = table.shape
    drawn = go.Figure()
    known = [number for number in numbers if number is not None and math.isfinite(number)]
    is_both = bool(known) and min(known) < 0 < max(known)
    drawn.add_heatmap(
        z=table.to_numpy(),
        text=[[sweep_number.text(number, digits=3) for number in row] for row in table.to_numpy()],
        texttemplate="%{text}" if rows * columns <= ANNOTATED else None,
        colorscale=LOSS_AND_GAIN if is_both else ONE_WAY,
        zmid=0 if is_both else None,
        hoverinfo="skip",
        xgap=1.5,
        ygap=1.5,
        colorbar={"thickness": 12, "outlinewidth": 0},
    )
    places = [variant.place for variant in sweep.variants]
    _points(drawn, sweep, found, numbers, name, [place[1] for place in places], [place[0] for place in places])
    if best is not None:
        up, across = places[best]
        line = {"color": BEST, "width": 3}
        drawn.add_shape(type="rect", x0=across - 0.48, x1=across + 0.48, y0=up - 0.47, y1=up + 0.47, line=line)
    _wrong(drawn, found, [place[1] for place in places], [place[0] for place in places])
    first, second = (axis.name for axis in sweep.axes)
    drawn.update_xaxes(title=escape(second), range=[-0.5, columns - 0.5], **_ticks(list(table.columns)), **BARE)
    drawn.update_yaxes(title=escape(first), range=[-0.5, rows - 0.5], **_ticks(list(table.index)), **BARE)
    drawn.update_layout(height=max(300, min(620, 110 + 31 * rows)))
    return drawn


BARE = {"showgrid": False, "zeroline": False, "fixedrange": True}


def _line(sweep: Sweep, found: Sequence[Outcome], numbers: Sequence[float | None], name: str, best: int | None) -> Any:
    import plotly.graph_objects as go

    axis = sweep.axes[0]
    values = [variant.values[axis.name] for variant in sweep.variants]
    is_number = all(type(value) in (int, float) for value in values)
    across: list[Any] = values if is_number else list(range(len(values)))
    order = sorted(range(len(across)), key=lambda place: across[place])
    drawn = go.Figure()
    drawn.add_scatter(
        x=[across[place] for place in order],
        y=[numbers[place] for place in order],
        mode="lines",
        hoverinfo="skip",
        line={"width": 2, "color": "#4c7fd9"},
    )
    _points(
        drawn,
        sweep,
        found,
        numbers,
        name,
        across,
        list(numbers),
        {"size": 9, "color": "#4c7fd9", "opacity": 1, "symbol": "circle"},
    )
    if best is not None:
        _ring(drawn, across[best], numbers[best])
    ticks = {} if is_number else _ticks(values)
    drawn.update_xaxes(title=escape(axis.name), fixedrange=True, **ticks)
    drawn.update_yaxes(title=escape(name), fixedrange=True)
    drawn.update_layout(height=420)
    return drawn


def _points(
    drawn: Any,
    sweep: Sweep,
    found: Sequence[Outcome],
    numbers: Sequence[float | None],
    name: str,
    across: Sequence[Any],
    up: Sequence[Any],
    marker: dict[str, Any] | None = None,
) -> None:
    """Add a point for each run: a map's own cells cannot be chosen by a click."""
    texts = [
        "<br>".join(
            [
                *(escape(part) for part in variant.label.split(", ")),
                f"{escape(name)} = <b>{sweep_number.text(number)}</b>" if number is not None else escape(one.state),
                *([escape(one.error[:160])] if one.error else []),
            ]
        )
        for variant, one, number in zip(sweep.variants, found, numbers, strict=True)
    ]
    drawn.add_scatter(
        x=across,
        y=up,
        mode="markers",
        marker={"size": 22, "opacity": 0, "symbol": "square", **(marker or {})},
        selected={"marker": {"opacity": (marker or {}).get("opacity", 0)}},
        unselected={"marker": {"opacity": (marker or {}).get("opacity", 0)}},
        customdata=[[number] for number in range(len(texts))],
        hovertext=texts,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _ring(drawn: Any, across: Any, up: Any) -> None:
    drawn.add_scatter(
        x=[across],
        y=[up],
        mode="markers",
        marker={"symbol": "circle-open", "size": 18, "color": BEST, "line": {"width": 3, "color": BEST}},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        hoverinfo="skip",
    )


def _wrong(drawn: Any, found: Sequence[Outcome], across: Sequence[int], up: Sequence[int]) -> None:
    failed = [number for number, one in enumerate(found) if one.state == "failed"]
    drawn.add_scatter(
        x=[across[number] for number in failed],
        y=[up[number] for number in failed],
        mode="markers",
        marker={"symbol": "x", "size": 11, "color": WRONG},
        unselected={"marker": {"opacity": 1}},
        hoverinfo="skip",
    )


def _ticks(labels: Sequence[Any]) -> dict[str, Any]:
    """Return ticks at 0, 1, 2, …, named by the labels; fewer where they are many."""
    step = -(-len(labels) // MOST_TICKS) or 1
    places = list(range(0, len(labels), step))
    return {"tickmode": "array", "tickvals": places, "ticktext": [escape(str(labels[place])[:24]) for place in places]}
