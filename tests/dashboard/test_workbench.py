"""The page as it is drawn: what it opens with, what its buttons do, what it draws of a run."""

from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import Workflow
from dashboard import services
from dashboard.reading import facts, rows
from dashboard.reading.results import Stop
from dashboard.widgets.workbench.stepper import window
from tests.dashboard.pages import Pages
from tests.dashboard.workbench import Workbench

SERIES = ["Price", "Long SMA", "Short SMA", "Crossover"]
TASKS = 11


@pytest.fixture
def page() -> Workbench:
    return Workbench()


def missing(trace: dict[str, Any]) -> int:
    """How many values of a trace are missing at its beginning."""
    y = trace["y"]
    values = np.frombuffer(base64.b64decode(y["bdata"]), dtype=y["dtype"]) if isinstance(y, dict) else y
    known = [value is not None and not np.isnan(value) for value in values]
    return known.index(True)


def test_the_page_opens_with_the_crossover_analysis_and_has_run_nothing(page: Workbench) -> None:
    assert page.session.draft.name == facts.samples()[facts.FIRST_SAMPLE]
    assert page.page.text_input(key="workflow_name").value == page.session.draft.name
    assert page.states == ["waiting"] * TASKS
    assert (page.problems, page.figures, page.notices) == ([], [], [])
    assert {key: page.is_enabled(key) for key in ("run", "step", "back", "restart", "undo", "redo")} == {
        "run": True,
        "step": True,
        "back": False,
        "restart": False,
        "undo": False,
        "redo": False,
    }
    components = [item.proto.component_name for item in page.page.get("bidi_component")]
    assert {"tasktable_grid", "tasktable_graph"} <= set(components)


def test_two_pages_share_nothing(page: Workbench) -> None:
    other = Workbench()
    page.edit(1, "note", "mine")
    page.press("run")
    other.draw()
    assert other.session.draft.tasks[0].note == ""
    assert other.states == ["waiting"] * TASKS


def test_run_draws_the_figure_and_every_row_is_done(page: Workbench) -> None:
    page.press("run")
    assert page.states == ["done"] * TASKS
    (figure,) = page.figures
    assert list(figure) == SERIES
    assert missing(figure["Long SMA"]) == 49
    assert missing(figure["Short SMA"]) == 14
    assert page.stop == 6


def test_before_a_run_the_page_says_what_it_will_do(page: Workbench) -> None:
    assert "11 to run" in page.texts
    page.press("run")
    assert "0 to run, 11 reused" in page.texts
    page.set_number("longWindow", 60)
    assert "3 to run, 8 reused" in page.texts
    page.edit(3, "funcPath", "no.such")
    assert "to run" not in page.texts
    assert "1 problem" in page.texts


def test_another_input_is_stale_until_run_computes_what_it_touches(page: Workbench) -> None:
    page.press("run")
    page.set_number("longWindow", 60)
    assert page.session.draft.inputs["longWindow"] == 60
    assert type(page.session.draft.inputs["longWindow"]) is int
    assert page.states.count("stale") == 3
    assert missing(page.figures[0]["Long SMA"]) == 49
    page.press("run")
    assert (page.states.count("reused"), page.states.count("done")) == (TASKS - 3, 3)
    assert missing(page.figures[0]["Long SMA"]) == 59
    assert missing(page.figures[0]["Short SMA"]) == 14


def test_the_inputs_have_fields_of_their_types(page: Workbench) -> None:
    page.set_text("ticker", "WIKI/BAC")
    page.set_number("shortWindow", 20)
    assert page.session.draft.inputs["ticker"] == "WIKI/BAC"
    assert page.session.draft.inputs["shortWindow"] == 20
    page.press("undo")
    assert page.page.number_input(key="input_shortWindow").value == 15
    assert page.page.text_input(key="input_ticker").value == "WIKI/BAC"


def test_an_invalid_draft_disables_run_and_lists_its_problems(page: Workbench) -> None:
    page.press("run")
    page.edit(3, "funcPath", "sample_workflows.prices.get_colum")
    assert {key: page.is_enabled(key) for key in ("run", "step", "back")} == dict.fromkeys(
        ("run", "step", "back"), False
    )
    assert page.problems[0].startswith("row 3")
    assert "did you mean sample_workflows.prices.get_column" in page.problems[0].replace("\\", "")
    assert list(page.figures[0]) == SERIES
    page.press("problem_0")
    assert page.session.selected == "t3"
    page.press("undo")
    assert page.problems == []
    assert page.is_enabled("run")
    assert page.states == ["done"] * TASKS


def test_problems_are_not_markup(page: Workbench) -> None:
    page.edit(1, "funcPath", "![x](http://127.0.0.1:9/y.png) :material/home: <b>")
    assert r"\!\[x\]\(http" in page.problems[0]
    assert r"\<b\>" in page.problems[0]
    assert "material/home" not in page.problems[0]


def test_step_goes_order_by_order_and_back_returns(page: Workbench) -> None:
    for stop, finished in enumerate((1, 3, 5, 7, 9, 10, 11)):
        page.press("step")
        assert (page.states.count("done"), page.stop) == (finished, stop)
        assert (SERIES in map(list, page.figures)) is (stop == 6)
        assert page.session.selected in {task.id for task in page.session.draft.tasks if task.order == stop}
    for stop, finished in ((5, 10), (4, 9)):
        page.press("back")
        assert (page.states.count("done"), page.stop) == (finished, stop)
    assert SERIES not in map(list, page.figures)
    page.go_to(6)
    assert page.states.count("done") == TASKS
    page.go_to(0)
    assert page.states.count("done") == 1


def test_of_many_orders_the_stops_around_the_run_are_drawn(page: Workbench) -> None:
    chain = "sample_workflows.technical.exponential_moving_average"
    page.session.change(Workflow([[n, chain, f"k{n}", {"span": 3}, f"k{n + 1}"] for n in range(40)], {"k0": 1}))
    page.draw()
    assert page.stops == ["○ 0", "○ 1", "○ 2", "○ 3", "○ 4", "○ 5", "○ 6", "○ 7", "… ○ 39"]
    assert page.stop is None


@pytest.mark.parametrize(
    ("current", "running", "orders"),
    [
        (None, None, [0, 1, 2, 3, 4, 5, 6, 7, 39]),
        (20, None, [0, 17, 18, 19, 20, 21, 22, 23, 39]),
        (39, None, [0, 32, 33, 34, 35, 36, 37, 38, 39]),
        (20, 30, [0, 27, 28, 29, 30, 31, 32, 33, 39]),
    ],
)
def test_the_stops_follow_the_run(current: int | None, running: int | None, orders: list[int]) -> None:
    stops = [Stop(order, "running" if order == running else "waiting") for order in range(40)]
    assert [stop.order for stop in window(stops, current)] == orders
    assert window(stops[:9], current) == stops[:9]


def test_any_order_is_reached_through_the_list(page: Workbench) -> None:
    rows = [[n, "sample_workflows.prices.get_prices", "ticker", {}, f"k{n}"] for n in range(12)]
    page.session.change(Workflow(rows, {"ticker": "WIKI/JPM"}, catalog=facts.catalog()))
    page.draw()
    page.page.selectbox(key="stop_in_list").set_value(10).run()
    assert not page.page.exception
    assert (page.stop, page.states.count("waiting")) == (10, 1)
    assert page.page.selectbox(key="stop_in_list").value is None


def test_the_save_form_is_opened_by_a_key(page: Workbench) -> None:
    assert page.page.session_state["save"] is False
    page.press("save_open")
    assert page.page.text_input(key="save_message").value == ""


def test_restart_forgets_everything(page: Workbench) -> None:
    page.press("run")
    page.press("restart")
    assert page.states == ["waiting"] * TASKS
    assert (page.figures, page.stop) == ([], None)
    assert not page.is_enabled("restart")


def test_undo_and_redo_go_through_every_kind_of_change(page: Workbench) -> None:
    page.set_number("longWindow", 61)
    page.edit(1, "note", "why")
    page.rename("another name")
    page.open_sample("analysis_1")
    assert page.page.text_input(key="workflow_name").value == "1 Price against time"
    seen = []
    while page.is_enabled("undo"):
        page.press("undo")
        seen.append(
            (page.session.draft.name, page.session.draft.tasks[0].note, page.session.draft.inputs["longWindow"])
        )
    first = facts.samples()[facts.FIRST_SAMPLE]
    assert seen == [("another name", "why", 61), (first, "why", 61), (first, "", 61), (first, "", 50)]
    while page.is_enabled("redo"):
        page.press("redo")
    assert page.session.draft.name == "1 Price against time"


@pytest.mark.parametrize(
    ("stem", "figures"),
    [
        ("analysis_1", [["Price"]]),
        ("analysis_2", [["Price"]]),
        ("analysis_3", [SERIES]),
    ],
)
def test_every_sample_opens_and_runs(page: Workbench, stem: str, figures: list[list[str]]) -> None:
    page.open_sample(stem)
    assert page.session.draft.name == facts.samples()[stem]
    assert page.page.selectbox(key="sample").value is None
    page.press("run")
    assert set(page.states) == {"done"}
    assert [list(figure) for figure in page.figures] == figures


def test_the_last_sample_draws_its_two_figures(page: Workbench) -> None:
    page.open_sample("analysis_4")
    page.press("run")
    assert set(page.states) == {"done"}
    assert SERIES in [list(figure) for figure in page.figures]
    assert len(page.figures) >= 2


def test_a_failing_task_is_told_selected_and_explained(page: Workbench) -> None:
    page.edit(3, "kwargs", '{"column": "Clos"}')
    page.press("run")
    assert page.session.selected == "t3"
    assert page.states.count("failed") == 1
    assert page.states.count("skipped") == 5
    assert "get_column" in page.notices[0]
    assert "Traceback" in page.texts
    assert "core/run.py" not in page.texts
    page.draw()
    assert page.notices == []


def test_rows_are_added_copied_and_deleted_by_buttons(page: Workbench) -> None:
    assert not page.is_enabled("delete_task")
    page.press("add_task")
    assert len(page.session.draft.tasks) == TASKS + 1
    page.press("duplicate_task")
    assert len(page.session.draft.tasks) == TASKS + 2
    page.press("delete_task")
    assert not page.is_enabled("delete_task")
    page.press("add_task")
    assert (len(page.session.draft.tasks), page.notices) == (TASKS + 2, [])


def test_an_upload_opens_what_was_saved(page: Workbench) -> None:
    saved = facts.load_sample("analysis_2").to_json()
    page.upload("mine.json", saved.encode())
    assert page.session.draft.to_json() == saved
    assert "mine.json is open. Nothing has run yet." in page.texts
    assert page.states == ["waiting"] * 8


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [("a.json", b"{", "is not JSON"), ("![x](y).csv", b"a,b\n1,2\n", "has no column order")],
)
def test_an_invalid_upload_is_told_and_changes_nothing(page: Workbench, name: str, content: bytes, reason: str) -> None:
    before = page.session.draft
    page.upload(name, content)
    assert page.session.draft is before
    assert f"{name} was not opened" in page.notices[0]
    assert reason in page.notices[0]


HOSTILE = "![x](http://127.0.0.1:9/y.png)<img src=x>"
ODD_TABLES: dict[str, Workflow] = {
    "empty": Workflow([], {}),
    "nameless": Workflow([[0, "", (), {}, ()]]),
    "a cycle": Workflow([[0, "sample_workflows.prices.get_prices", "a", {}, "a"]], {}),
    "hostile names": Workflow([[0, HOSTILE, (HOSTILE,), {HOSTILE: HOSTILE}, (HOSTILE,)]], {HOSTILE: HOSTILE}, HOSTILE),
    "hostile inputs": Workflow(
        [[0, "sample_workflows.prices.get_prices", "ticker", {}, "data"]],
        {"ticker": [1], "": 1, "a b": None, "x" * 500: 2**70, "nan": float("nan"), "flag": True, HOSTILE: {"a": (1,)}},
    ),
    "many rows": Workflow([[n, "no.such", f"k{n}", {}, f"k{n + 1}"] for n in range(300)]),
    "unread cells": Workflow([{"order": "x", "funcPath": 5, "inputKeys": 5, "kwargs": "{", "outputKeys": 5}]),
}


@pytest.mark.parametrize("name", ODD_TABLES)
def test_any_table_can_be_drawn(page: Workbench, name: str) -> None:
    page.session.change(ODD_TABLES[name])
    page.draw()
    assert page.session.draft.tasks == ODD_TABLES[name].tasks
    assert f"]({HOSTILE[5:20]}" not in "".join(button.label for button in page.page.button)
    for task in ODD_TABLES[name].tasks[:1]:
        services.select(page.session, task.id)
        page.draw()
        assert page.session.selected == task.id


@pytest.mark.parametrize("text", ['["\\ud800"]', '"\\ud800"', "'\\ud800'", "{'a': '\\ud800'}", "{'\\ud800': 1}"])
@pytest.mark.parametrize("column", ["inputKeys", "kwargs", "outputKeys"])
def test_half_a_character_in_a_cell_is_a_problem_and_not_the_end_of_the_page(
    page: Workbench, column: str, text: str
) -> None:
    page.edit(2, column, text)
    assert page.problems
    assert rows.grid_rows(page.session)[1][column] == text
    page.press("undo")
    assert page.problems == []


def _functions() -> AppTest:
    pages = Pages()
    pages.go("functions")
    return pages.page


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("crossover", ["sample_workflows.technical.crossover"]),
        ("nothing has this", []),
    ],
)
def test_the_functions_page_finds_functions(text: str, found: list[str]) -> None:
    page = _functions()
    everything = len(facts.catalog())
    assert not page.exception
    assert page.caption[0].value == f"{everything} of {everything} functions"
    page.text_input(key="function_search").set_value(text).run()
    assert not page.exception
    assert page.caption[0].value == f"{len(found)} of {everything} functions"
    paths = [re.sub(r".*gray\[(.*)\]", r"\1", expander.label).replace("\\", "") for expander in page.expander]
    assert paths == found


def test_a_function_is_shown_with_signature_docs_and_source() -> None:
    page = _functions()
    page.text_input(key="function_search").set_value("technical.crossover").run()
    assert not page.code
    page.session_state["function_sample_workflows-technical-crossover"] = True
    page.run()
    codes = [code.value for code in page.code]
    assert any(code.startswith("crossover(") for code in codes)
    assert any("def crossover(" in code for code in codes)
    assert facts.catalog()["sample_workflows.technical.crossover"].doc in [text.value for text in page.text]


def test_at_a_stop_the_other_tasks_of_the_order_are_told_of_and_lead_to_themselves(page: Workbench) -> None:
    page.press("run")
    page.go_to(2)
    assert "Also at order 2:" in page.texts
    (button,) = [button for button in page.page.button if str(button.key).startswith("beside_")]
    assert "get" in button.label
    assert "`endMask` :green-badge[new]" in button.label
    page.press(str(button.key))
    assert page.session.selected == "t5"
    assert "`startMask`" in next(b.label for b in page.page.button if str(b.key).startswith("beside_"))
    page.go_to(5)
    assert "Also at order" not in page.texts


def test_the_side_that_is_shown_stays_when_it_is_pressed_once_more_and_says_what_is_old(page: Workbench) -> None:
    page.press("run")
    services.select(page.session, "t8")
    page.draw()
    page.show_side("Why")
    page.show_side(None)
    assert page.session.side == "Why"
    page.set_number("longWindow", 60)
    page.show_side("Value")
    assert "from before the last change" in page.texts
    assert ":green-badge[new]" not in page.texts
