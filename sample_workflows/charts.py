"""Interactive figures that read well on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.function import task

# Those of the Okabe-Ito colours that stand out at least 3:1 from white and from #0e1117.
# Source: M. Okabe, K. Ito, Color Universal Design, 2008, https://jfly.uni-koeln.de/color/
_PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
_DASHES = ("solid", "dash", "dot", "dashdot")
_GREY = "#797D84"
_GRID = "rgba(128, 128, 128, 0.25)"
_SIGNAL = {-1.0, 0.0, 1.0}


@task(title="Line chart", tags=("chart",))
def plot(
    x: pd.Series,
    *ys: pd.Series,
    xlabel: str = "",
    ylabels: Sequence[str] = (),
    title: str = "",
    right_axis: Sequence[str] = (),
) -> go.Figure:
    """One line for each series.

    Args:
        x: where the points lie from left to right, for example dates.
        ys: one or more series as long as `x`.
        xlabel, title: texts of the figure.
        ylabels: a name for each series; without, the series' own names are used.
        right_axis: names of the series that get an axis of their own, on the right of a strip below the others; they
            are drawn as steps. For signals such as a crossover.

    Returns:
        A Plotly figure with one trace per series, in the order given.

    Raises:
        TypeError: names are not given as a list.
        ValueError: no series, lengths or numbers of names that do not match, an unknown name in `right_axis`, or
            every series on it.
    """
    names = _names(ys, ylabels)
    _check_lengths(x, dict(zip(names, ys, strict=True)))
    strip = _check_strip(right_axis, names)
    figure = _empty_figure(title, xlabel, panels=2 if strip else 1)
    for number, (name, values) in enumerate(zip(names, ys, strict=True)):
        below = {"yaxis": "y2", "line_shape": "hv"} if name in strip else {}
        figure.add_trace(go.Scatter(x=x, y=values, name=name, mode="lines", line=_line(number), **below))
    left = [name for name in names if name not in strip]
    figure.update_layout(yaxis_title=left[0] if len(left) == 1 else "", showlegend=len(names) > 1)
    if strip:
        _label_strip(figure, [values for name, values in zip(names, ys, strict=True) if name in strip], strip)
    return figure


@task(title="Equity chart", tags=("chart", "strategy"))
def plot_equity(dates: pd.Series, equity: pd.Series, benchmark: pd.Series, drawdown: pd.Series) -> go.Figure:
    """A strategy's equity beside buying and holding, and below them how far the strategy was under its peak.

    Args:
        dates: series of datetime64.
        equity, benchmark: what a capital of 1 has grown to; as long as `dates`.
        drawdown: fractions of at most 0, as long as `dates`; drawn in percent.

    Returns:
        A Plotly figure with three traces in two panels on one time axis.

    Raises:
        ValueError: lengths that do not match.
    """
    _check_lengths(dates, {"equity": equity, "benchmark": benchmark, "drawdown": drawdown})
    figure = _empty_figure("", "Date", panels=2)
    figure.add_trace(go.Scatter(x=dates, y=equity, name="Strategy", mode="lines", line=_line(0)))
    figure.add_trace(go.Scatter(x=dates, y=benchmark, name="Buy and hold", mode="lines", line=_line(1)))
    area = {"fill": "tozeroy", "fillcolor": "rgba(204, 121, 167, 0.35)", "hovertemplate": "%{y:.1f}%"}
    figure.add_trace(
        go.Scatter(x=dates, y=drawdown * 100.0, name="Drawdown", mode="lines", line=_line(3), yaxis="y2", **area)
    )
    figure.update_layout(
        yaxis={"title": "Growth of 1", "hoverformat": ".3f"},
        yaxis2={"title": "Drawdown", "ticksuffix": "%", "nticks": 4},
    )
    return figure


def _names(ys: Sequence[pd.Series], ylabels: Sequence[str]) -> list[str]:
    if isinstance(ylabels, str):
        raise TypeError(f"ylabels must be a list of names, such as [{ylabels!r}], not one text")
    if not ys:
        raise ValueError("there is nothing to draw; give at least one series after x")
    if ylabels and len(ylabels) != len(ys):
        raise ValueError(f"ylabels has {len(ylabels)} names for {len(ys)} series; give one name for each")
    own = [str(getattr(values, "name", None) or f"Series {number}") for number, values in enumerate(ys, start=1)]
    return [_text(label) for label in ylabels or own]


def _text(label: object) -> str:
    """Plotly reads tags such as <a> in texts; a name is only ever shown."""
    return str(label).replace("<", "&lt;")


def _check_lengths(x: pd.Series, series: dict[str, pd.Series]) -> None:
    for name, values in series.items():
        if len(values) != len(x):
            raise ValueError(f"{name} has {len(values)} values for {len(x)} points in x; they must match")


def _check_strip(right_axis: Sequence[str], names: Sequence[str]) -> list[str]:
    if isinstance(right_axis, str):
        raise TypeError(f"right_axis must be a list of names, such as [{right_axis!r}], not one text")
    strip = [_text(name) for name in right_axis]
    unknown = [name for name in strip if name not in names]
    if unknown:
        raise ValueError(f"right_axis names {unknown[0]!r}, but the series are called: {', '.join(names)}")
    if set(strip) == set(names):
        raise ValueError("right_axis names every series; leave at least one for the left axis")
    return strip


def _label_strip(figure: go.Figure, series: Sequence[pd.Series], names: Sequence[str]) -> None:
    figure.update_layout(yaxis2={"side": "right", "title": names[0] if len(names) == 1 else ""})
    if all(set(values.dropna()) <= _SIGNAL for values in series):
        figure.update_layout(yaxis2={"range": [-1.4, 1.4], "tickvals": [-1, 0, 1]})


def _line(number: int) -> dict[str, Any]:
    cycle, colour = divmod(number, len(_PALETTE))
    return {"color": _PALETTE[colour], "dash": _DASHES[cycle % len(_DASHES)], "width": 1.8}


def _empty_figure(title: str, xlabel: str, panels: int) -> go.Figure:
    axis = {"gridcolor": _GRID, "linecolor": _GREY, "zeroline": False, "showline": True, "automargin": True}
    guide = {"spikecolor": _GREY, "spikedash": "solid", "spikethickness": 1}
    layout: dict[str, Any] = {
        "template": "none",
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "font": {"color": _GREY, "size": 13},
        "title": {
            "text": _text(title),
            "x": 0,
            "xref": "paper",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad_t": 14,
        },
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        "margin": {"l": 60, "r": 60, "t": 84 if title else 48, "b": 52},
        "modebar": {"bgcolor": "rgba(0, 0, 0, 0)", "color": _GREY, "activecolor": _PALETTE[1]},
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "hoverlabel": {"bgcolor": "#0e1117", "bordercolor": _GREY, "font": {"color": "#fafafa"}},
        "xaxis": {**axis, **guide, "title": _text(xlabel), "anchor": "y2" if panels == 2 else "y"},
        "yaxis": {**axis, "domain": [0.3, 1.0] if panels == 2 else [0.0, 1.0]},
    }
    if panels == 2:
        layout["yaxis2"] = {**axis, "domain": [0.0, 0.22], "anchor": "x"}
    return go.Figure(layout=layout)
