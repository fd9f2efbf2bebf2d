"""Four analyses, each growing out of the one before: price, period, crossover, and whether it made money."""

from __future__ import annotations

from pathlib import Path

from core import Workflow


class Analysis1(Workflow):
    """Draws the closing price of a share against time."""

    NAME = "1 Price against time"
    INPUTS = {"ticker": "WIKI/JPM", "dateCol": "Date"}
    TASKS = [
        [0, "sample_workflows.prices.get_prices", "ticker", {}, "data"],
        [1, "sample_workflows.prices.to_datetime", ("data", "dateCol"), {}, "dates"],
        [1, "sample_workflows.prices.get_column", ("data",), {"column": "Close"}, "price"],
        [2, "sample_workflows.charts.plot", ("dates", "price"), {"xlabel": "Date", "ylabels": ("Price",)}, "fig"],
    ]


class Analysis2(Workflow):
    """Keeps the days between two dates, by default the downturn of 2007 to 2009, and draws the price of those."""

    NAME = "2 Price in a downturn"
    INPUTS = {"ticker": "WIKI/JPM", "dateCol": "Date", "start": "2007-01-01", "end": "2009-12-31"}
    TASKS = [
        [0, "sample_workflows.prices.get_prices", "ticker", {}, "data"],
        [1, "sample_workflows.prices.to_datetime", ("data", "dateCol"), {}, "dates"],
        [1, "sample_workflows.prices.get_column", ("data",), {"column": "Close"}, "price"],
        [2, "sample_workflows.prices.get_date_mask", ("dates", "start"), {"side": "start"}, "startMask"],
        [2, "sample_workflows.prices.get_date_mask", ("dates", "end"), {"side": "end"}, "endMask"],
        [3, "sample_workflows.prices.apply_mask", ("dates", "startMask", "endMask"), {}, "downturnDates"],
        [3, "sample_workflows.prices.apply_mask", ("price", "startMask", "endMask"), {}, "downturnPrice"],
        [
            4,
            "sample_workflows.charts.plot",
            ("downturnDates", "downturnPrice"),
            {"xlabel": "Date", "ylabels": ("Price",)},
            "fig",
        ],
    ]


class Analysis3(Workflow):
    """Adds a short and a long moving average of the price, and on which side of the long one the short one was."""

    NAME = "3 Moving averages and their crossover"
    INPUTS = {
        "ticker": "WIKI/JPM",
        "dateCol": "Date",
        "start": "2007-01-01",
        "end": "2009-12-31",
        "shortWindow": 15,
        "longWindow": 50,
    }
    TASKS = [
        [0, "sample_workflows.prices.get_prices", "ticker", {}, "data"],
        [1, "sample_workflows.prices.to_datetime", ("data", "dateCol"), {}, "dates"],
        [1, "sample_workflows.prices.get_column", ("data",), {"column": "Close"}, "price"],
        [2, "sample_workflows.prices.get_date_mask", ("dates", "start"), {"side": "start"}, "startMask"],
        [2, "sample_workflows.prices.get_date_mask", ("dates", "end"), {"side": "end"}, "endMask"],
        [3, "sample_workflows.prices.apply_mask", ("dates", "startMask", "endMask"), {}, "downturnDates"],
        [3, "sample_workflows.prices.apply_mask", ("price", "startMask", "endMask"), {}, "downturnPrice"],
        [4, "sample_workflows.technical.simple_moving_average", ("downturnPrice", "longWindow"), {}, "longSma"],
        [4, "sample_workflows.technical.simple_moving_average", ("downturnPrice", "shortWindow"), {}, "shortSma"],
        [5, "sample_workflows.technical.crossover", ("shortSma", "longSma"), {"lag": 1}, "crossover"],
        [
            6,
            "sample_workflows.charts.plot",
            ("downturnDates", "downturnPrice", "longSma", "shortSma", "crossover"),
            {
                "xlabel": "Date",
                "ylabels": ("Price", "Long SMA", "Short SMA", "Crossover"),
                "right_axis": ("Crossover",),
            },
            "fig",
        ],
    ]


class Analysis4(Workflow):
    """Adds what following the crossover would have earned, after costs, beside buying and holding the share."""

    NAME = "4 Did the crossover make money?"
    INPUTS = {
        "ticker": "WIKI/JPM",
        "dateCol": "Date",
        "start": "2007-01-01",
        "end": "2009-12-31",
        "shortWindow": 15,
        "longWindow": 50,
    }
    TASKS = [
        [0, "sample_workflows.prices.get_prices", "ticker", {}, "data"],
        [1, "sample_workflows.prices.to_datetime", ("data", "dateCol"), {}, "dates"],
        [1, "sample_workflows.prices.get_column", ("data",), {"column": "Close"}, "price"],
        [2, "sample_workflows.prices.get_date_mask", ("dates", "start"), {"side": "start"}, "startMask"],
        [2, "sample_workflows.prices.get_date_mask", ("dates", "end"), {"side": "end"}, "endMask"],
        [3, "sample_workflows.prices.apply_mask", ("dates", "startMask", "endMask"), {}, "downturnDates"],
        [3, "sample_workflows.prices.apply_mask", ("price", "startMask", "endMask"), {}, "downturnPrice"],
        [4, "sample_workflows.technical.simple_moving_average", ("downturnPrice", "longWindow"), {}, "longSma"],
        [4, "sample_workflows.technical.simple_moving_average", ("downturnPrice", "shortWindow"), {}, "shortSma"],
        [5, "sample_workflows.technical.crossover", ("shortSma", "longSma"), {"lag": 1}, "crossover"],
        [6, "sample_workflows.strategy.get_positions", "crossover", {"mode": "long_only"}, "positions"],
        [6, "sample_workflows.strategy.get_daily_returns", "downturnPrice", {}, "returns"],
        [
            7,
            "sample_workflows.strategy.get_strategy_returns",
            ("returns", "positions"),
            {"cost": 0.001},
            "strategyReturns",
        ],
        [8, "sample_workflows.strategy.get_equity", "strategyReturns", {}, "equity"],
        [8, "sample_workflows.strategy.get_equity", "returns", {}, "benchmark"],
        [9, "sample_workflows.strategy.get_drawdown", "equity", {}, "drawdown"],
        [
            10,
            "sample_workflows.charts.plot",
            ("downturnDates", "downturnPrice", "longSma", "shortSma", "crossover"),
            {
                "xlabel": "Date",
                "ylabels": ("Price", "Long SMA", "Short SMA", "Crossover"),
                "right_axis": ("Crossover",),
            },
            "fig",
        ],
        [
            10,
            "sample_workflows.charts.plot_equity",
            ("downturnDates", "equity", "benchmark", "drawdown"),
            {},
            "equityFig",
        ],
        [10, "sample_workflows.strategy.summarize", ("strategyReturns", "returns", "positions"), {}, "summary"],
    ]


def write_files() -> None:
    """Write each analysis beside this module as the JSON file that the dashboard opens."""
    for number, analysis in enumerate((Analysis1, Analysis2, Analysis3, Analysis4), 1):
        analysis.create().to_json(Path(__file__).with_name(f"analysis_{number}.json"))


if __name__ == "__main__":
    write_files()
