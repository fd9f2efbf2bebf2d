"""Figures by their traces and layout, and their colours by contrast."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from sample_workflows import charts

LIGHT, DARK = "#ffffff", "#0e1117"
DATES = pd.Series(pd.to_datetime(["2007-01-03", "2007-01-04", "2007-01-05", "2007-01-08"]))
PRICE = pd.Series([48.1, 48.2, np.nan, 47.9], name="Close")
SIGNAL = pd.Series([np.nan, 1.0, -1.0, 0.0])


def luminance(colour: str) -> float:
    """Relative luminance as in WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def figures() -> list[go.Figure]:
    names = ["A", "B", "C", "D", "E", "Signal"]
    many = charts.plot(DATES, *[PRICE] * 5, SIGNAL, ylabels=names, right_axis=["Signal"], title="Many")
    return [charts.plot(DATES, PRICE), many, charts.plot_equity(DATES, PRICE, PRICE, -PRICE / 100)]


def test_contrast_is_computed_right() -> None:
    assert contrast("#000000", LIGHT) == pytest.approx(21)
    assert contrast("#777777", LIGHT) == pytest.approx(4.48, abs=0.01)


def test_there_is_one_line_for_each_series() -> None:
    figure = charts.plot(DATES, PRICE, PRICE + 1, xlabel="Date", ylabels=("Price", "More"), title="Prices")
    assert [(trace.type, trace.mode, trace.name) for trace in figure.data] == [
        ("scatter", "lines", "Price"),
        ("scatter", "lines", "More"),
    ]
    for trace, values in zip(figure.data, (PRICE, PRICE + 1), strict=True):
        np.testing.assert_array_equal(trace.x, DATES.to_numpy())
        np.testing.assert_array_equal(trace.y, values.to_numpy())
    assert figure.layout.xaxis.title.text == "Date"
    assert figure.layout.title.text == "Prices"
    assert figure.layout.showlegend is True


def test_a_single_line_is_named_by_its_axis() -> None:
    figure = charts.plot(DATES, PRICE, ylabels=["Price"])
    assert figure.layout.yaxis.title.text == "Price"
    assert figure.layout.showlegend is False


def test_without_labels_the_series_name_themselves() -> None:
    assert [trace.name for trace in charts.plot(DATES, PRICE, SIGNAL).data] == ["Close", "Series 2"]


def test_a_signal_has_its_own_axis_on_the_right_below_the_prices() -> None:
    figure = charts.plot(DATES, PRICE, SIGNAL, ylabels=("Price", "Crossover"), right_axis=("Crossover",))
    price, signal = figure.data
    assert (price.yaxis, signal.yaxis, signal.line.shape) == (None, "y2", "hv")
    assert (figure.layout.yaxis2.side, figure.layout.yaxis2.title.text) == ("right", "Crossover")
    assert figure.layout.yaxis2.tickvals == (-1, 0, 1)
    low, high = figure.layout.yaxis2.range
    assert low < -1.2
    assert high > 1.2
    assert figure.layout.yaxis2.domain[1] < figure.layout.yaxis.domain[0], "the panels overlap"
    assert figure.layout.xaxis.anchor == "y2"


def test_another_series_on_the_right_keeps_its_own_range() -> None:
    figure = charts.plot(DATES, PRICE, PRICE * 1000, ylabels=("Price", "Volume"), right_axis=["Volume"])
    assert figure.layout.yaxis2.range is None
    assert figure.layout.yaxis2.tickvals is None


def test_one_pointer_reads_every_panel() -> None:
    for figure in figures():
        assert (figure.layout.hovermode, figure.layout.hoversubplots) == ("x unified", "axis")


def test_the_legend_stays_clear_of_the_title() -> None:
    figure = figures()[1]
    layout = figure.layout
    assert (layout.legend.orientation, layout.legend.yanchor, layout.title.yanchor) == ("h", "bottom", "top")
    assert layout.legend.y > 1
    title_bottom = layout.title.pad.t + 1.5 * 1.4 * layout.font.size  # Plotly draws titles 1.4 times as large
    legend_top = layout.margin.t - 1.5 * layout.font.size - 16
    assert title_bottom <= legend_top


def test_nothing_covers_the_page_behind() -> None:
    for figure in figures():
        for colour in (figure.layout.paper_bgcolor, figure.layout.plot_bgcolor, figure.layout.modebar.bgcolor):
            assert colour == "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("background", [LIGHT, DARK])
def test_lines_and_texts_stand_out(background: str) -> None:
    for figure in figures():
        colours = [trace.line.color for trace in figure.data]
        assert min(contrast(colour, background) for colour in colours) >= 3.0
        assert contrast(figure.layout.font.color, background) >= 4.0
        assert contrast(figure.layout.xaxis.linecolor, background) >= 3.0


def test_no_two_lines_look_the_same() -> None:
    figure = charts.plot(DATES, *[PRICE] * 16)
    assert len({(trace.line.color, trace.line.dash) for trace in figure.data}) == 16
    assert all(one.line.color != other.line.color for one, other in pairwise(figure.data))


def test_the_equity_chart_has_two_panels_on_one_time_axis() -> None:
    equity, benchmark, drawdown = PRICE / 48, PRICE / 40, pd.Series([0.0, -0.1, -0.25, 0.0])
    figure = charts.plot_equity(DATES, equity, benchmark, drawdown)
    assert [trace.name for trace in figure.data] == ["Strategy", "Buy and hold", "Drawdown"]
    assert [trace.yaxis for trace in figure.data] == [None, None, "y2"]
    assert {trace.xaxis for trace in figure.data} == {None}
    assert figure.data[2].fill == "tozeroy"
    assert list(figure.data[2].y) == [0.0, -10.0, -25.0, 0.0]
    assert figure.layout.yaxis2.ticksuffix == "%"
    assert figure.layout.yaxis2.domain[1] < figure.layout.yaxis.domain[0]


def test_a_name_is_shown_as_text() -> None:
    link = '<a href="https://example.org">x</a>'
    figure = charts.plot(DATES, PRICE, SIGNAL, xlabel=link, ylabels=(link, "B<C"), title=link, right_axis=("B<C",))
    assert "<" not in json.dumps([figure.layout.to_plotly_json(), [trace.name for trace in figure.data]])
    assert figure.data[1].yaxis == "y2"


def test_figures_can_be_stored_as_json() -> None:
    for figure in figures():
        assert len(json.loads(figure.to_json())["data"]) == len(figure.data)


SHORT = PRICE[:3]
REFUSED: list[tuple[Any, type[Exception], str]] = [
    (lambda: charts.plot(DATES), ValueError, "at least one series"),
    (lambda: charts.plot(DATES, PRICE, SHORT), ValueError, "Close has 3 values for 4 points"),
    (lambda: charts.plot(DATES, PRICE, ylabels=("A", "B")), ValueError, "2 names for 1 series"),
    (lambda: charts.plot(DATES, PRICE, ylabels="Price"), TypeError, "ylabels must be a list of names"),
    (lambda: charts.plot(DATES, PRICE, right_axis="Close"), TypeError, "right_axis must be a list of names"),
    (lambda: charts.plot(DATES, PRICE, right_axis=["X"]), ValueError, "right_axis names 'X', .* called: Close"),
    (lambda: charts.plot(DATES, PRICE, right_axis=["Close"]), ValueError, "leave at least one"),
    (lambda: charts.plot_equity(DATES, PRICE, SHORT, PRICE), ValueError, "benchmark has 3 values for 4 points"),
    (lambda: charts.plot_equity(DATES, PRICE, PRICE, SHORT), ValueError, "drawdown has 3 values for 4 points"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_arguments_that_make_no_sense_are_refused(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_nothing_changes_its_arguments() -> None:
    before = [values.copy(deep=True) for values in (DATES, PRICE, SIGNAL)]
    figures()
    for values, copy in zip((DATES, PRICE, SIGNAL), before, strict=True):
        assert values.equals(copy)
