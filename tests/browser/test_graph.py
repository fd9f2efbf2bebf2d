"""The graph in a real browser: select, hide keys, search, drag, fold, export."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from core import Workflow
from tests.browser.graph_part import GraphPart
from tests.browser.workbench_page import WorkbenchPage

NODES, TASKS = 28, 11
READABLE = 0.73
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def graph(workbench: WorkbenchPage, page: Page) -> GraphPart:
    return GraphPart(page)


def test_a_click_on_a_node_selects_its_task_and_fades_what_has_nothing_to_do_with_it(
    workbench: WorkbenchPage, graph: GraphPart
) -> None:
    graph.toggle_keys()
    expect(graph.drawing).to_have_attribute("data-nodes", str(NODES))
    expect(graph.drawing).to_have_attribute("data-faded", "0")
    expect(graph.canvas).to_have_attribute("aria-label", f"Graph of {TASKS} tasks, none with problems")

    graph.click("task:t3")
    expect(graph.selected_row).to_contain_text("get_column")
    expect(graph.drawing).to_have_attribute("data-faded", "13")
    graph.click("key:dates@t2")
    expect(graph.selected_row).to_contain_text("to_datetime")
    workbench.select_row(11)
    expect(graph.drawing).to_have_attribute("data-faded", "0")

    graph.hover("task:t8")
    expect(graph.tooltip).to_contain_text("simple_moving_average(values, window)")
    expect(graph.tooltip).to_contain_text("order 4, not run yet")


def test_keys_can_be_shown_and_nodes_found(workbench: WorkbenchPage, graph: GraphPart) -> None:
    graph.toggle_keys()
    graph.search("MASK")
    expect(graph.matches).to_have_text("6 found")
    expect(graph.drawing).to_have_attribute("data-faded", str(NODES - 6))
    graph.next_match()
    expect(graph.selected_row).to_contain_text("get_date_mask")
    graph.leave_search()
    expect(graph.matches).to_have_text("")

    before = graph.place("task:t11")
    graph.toggle_keys()
    expect(graph.drawing).to_have_attribute("data-nodes", str(TASKS))
    assert {"data", "longSma", "crossover"} <= set(graph.labels())
    assert graph.place("task:t11")["y"] < before["y"]
    graph.search("longSma")
    expect(graph.matches).to_have_text("3 found")
    graph.leave_search()
    graph.toggle_keys()
    expect(graph.drawing).to_have_attribute("data-nodes", str(NODES))
    assert graph.place("task:t11") == before
    graph.turn()
    assert graph.place("task:t11")["x"] > before["y"]


def test_what_was_dragged_stays_through_edits_and_a_broken_table_is_drawn(
    workbench: WorkbenchPage, graph: GraphPart
) -> None:
    graph.toggle_keys()
    before = graph.place("task:t3"), graph.place("key:data@t1")
    graph.drag("task:t3", -40, 30)
    graph.drag("key:data@t1", 50, 5)
    task, key = graph.place("task:t3"), graph.place("key:data@t1")
    assert task["x"] < before[0]["x"]
    assert key["x"] > before[1]["x"]

    workbench.set_cell(1, "outputKeys", "table")
    expect(graph.canvas).to_have_attribute("aria-label", f"Graph of {TASKS} tasks, 2 with problems")
    states = graph.states()
    assert {node for node, state in states.items() if state == "broken"} == {"input:data", "task:t2", "task:t3"}
    assert graph.place("task:t3") == task
    assert graph.place("key:table@t1") == key
    workbench.undo()
    expect(graph.canvas).to_have_attribute("aria-label", f"Graph of {TASKS} tasks, none with problems")
    workbench.run()
    expect(graph.drawing).to_have_attribute("data-states", re.compile('"task:t11":"done"'))
    assert graph.place("task:t3") == task
    assert graph.place("key:data@t1") == key


def test_how_the_graph_is_arranged_stays_when_the_page_is_loaded_anew(
    workbench: WorkbenchPage, graph: GraphPart, page: Page
) -> None:
    graph.toggle_keys()
    expect(graph.drawing).to_have_attribute("data-nodes", str(NODES))
    graph.turn()
    graph.drag("task:t3", -40, 30)
    place = graph.place("task:t3")
    graph.turn()
    assert graph.place("task:t3") != place
    graph.turn()
    assert graph.place("task:t3") == place
    workbench.reload()
    expect(graph.drawing).to_have_attribute("data-nodes", str(NODES))
    assert graph.place("task:t3") == place

    graph.hover("task:t3")
    expect(graph.tooltip).to_be_visible()
    page.mouse.move(2, 2)
    expect(graph.tooltip).to_be_hidden()
    graph.click("task:t3")
    expect(graph.selected_row).to_have_count(1)
    graph.click("input:ticker")
    expect(graph.selected_row).to_have_count(0)
    expect(graph.drawing).not_to_have_attribute("data-faded", "0")


def test_the_whole_graph_can_be_exported(workbench: WorkbenchPage, graph: GraphPart, tmp_path: Path) -> None:
    graph.toggle_keys()
    workbench.set_cell(1, "funcPath", "x.<script>&\"']]>")
    expect(graph.canvas).to_have_attribute("aria-label", f"Graph of {TASKS} tasks, 1 with problems")
    svg = graph.export("SVG picture", tmp_path)
    assert svg.name == "3_Moving_averages_and_their_crossover.svg"
    root = ElementTree.parse(svg).getroot()  # noqa: S314 - written by this project
    assert len(root.findall(f"{SVG}rect")) == TASKS + 1
    assert len(root.findall(f"{SVG}ellipse")) == NODES - TASKS
    texts = [element.text for element in root.findall(f"{SVG}text")]
    assert {"<script>&\"']]>", "crossover", "longWindow"} <= set(texts)
    assert len(texts) == NODES

    left, top, width, height = map(float, root.attrib["viewBox"].split())
    for box in root.findall(f"{SVG}rect"):
        assert left <= float(box.attrib["x"]) < left + width
        assert top <= float(box.attrib["y"]) < top + height
    png = graph.export("PNG picture", tmp_path).read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (2 * width, 2 * height)

    workbench.undo()
    expect(graph.canvas).to_have_attribute("aria-label", f"Graph of {TASKS} tasks, none with problems")
    workflow = Workflow.from_json(workbench.download_json(tmp_path))
    assert graph.export("Mermaid text", tmp_path).read_text() == workflow.to_mermaid()
    assert graph.export("Graphviz DOT text", tmp_path).read_text() == workflow.to_dot()


def long_chain(length: int, folder: Path) -> Path:
    """A file with tasks that each read what the one before has written."""
    function = "tests.browser.slow.same"
    file = folder / "chain.json"
    Workflow([[n, function, f"k{n}", {}, f"k{n + 1}"] for n in range(length)], {"k0": 1}, name="chain").to_json(file)
    return file


def test_the_names_can_be_read_however_many_tasks_there_are(
    workbench: WorkbenchPage, graph: GraphPart, tmp_path: Path
) -> None:
    assert graph.scale() >= READABLE
    workbench.upload(long_chain(40, tmp_path))
    expect(graph.note).to_contain_text("of 40 in sight")
    assert graph.scale() >= READABLE
    assert graph.in_sight()[0] == "task:t1"
    assert "task:t40" not in graph.in_sight()
    graph.fit()
    expect(graph.note).to_have_text("Overview: click a task to read it")
    assert len(graph.in_sight()) == 40
    graph.click("task:t30")
    expect(graph.note).to_contain_text("of 40 in sight")
    assert graph.scale() >= READABLE
    assert "task:t30" in graph.in_sight()


def test_a_task_that_is_selected_in_the_table_comes_into_sight_and_an_edit_moves_nothing_away(
    workbench: WorkbenchPage, graph: GraphPart, tmp_path: Path
) -> None:
    workbench.upload(long_chain(12, tmp_path))
    expect(graph.note).to_contain_text("of 12 in sight")
    assert "task:t12" not in graph.in_sight()
    workbench.select_row(12)
    graph.wait_until_in_sight("task:t12")
    before = graph.in_sight()
    workbench.set_cell(12, "outputKeys", "last")
    expect(graph.drawing).to_have_attribute("data-states", re.compile("key:last@t12"))
    assert graph.in_sight() == before


def test_a_task_that_runs_out_of_sight_is_told_of_and_nothing_moves(
    workbench: WorkbenchPage, graph: GraphPart, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    rows = [[n, "tests.browser.slow.same", f"k{n}", {}, f"k{n + 1}"] for n in range(12)]
    rows.append([12, "tests.browser.slow.after_file", ("k12",), {"path": str(go)}, "end"])
    file = tmp_path / "waiting.json"
    Workflow(rows, {"k0": 1}, name="waiting").to_json(file)
    workbench.upload(file)
    expect(graph.note).to_contain_text("of 13 in sight")
    before = graph.in_sight()
    workbench.run()
    expect(graph.note).to_have_text("after_file is running out of sight")
    assert graph.in_sight() == before
    graph.note.click()
    expect(graph.note).to_contain_text("of 13 in sight")
    assert "task:t13" in graph.in_sight()
    go.touch()
    expect(graph.drawing).to_have_attribute("data-states", re.compile('"task:t13":"done"'))


def test_the_orders_of_a_large_table_are_folded(workbench: WorkbenchPage, graph: GraphPart, tmp_path: Path) -> None:
    function = "sample_workflows.technical.simple_moving_average"
    lines = [
        f'{order},{function},"{f"k{order - 1}_{number}" if order else "x"}, window",{{}},k{order}_{number}'
        for order in range(8)
        for number in range(40)
    ]
    file = tmp_path / "large.csv"
    file.write_text("\n".join(["order,funcPath,inputKeys,kwargs,outputKeys", *lines]))
    workbench.upload(file)
    expect(graph.drawing).to_have_attribute("data-nodes", "8")
    assert graph.labels() == ["40 keys"] * 7

    graph.click("order:2")
    expect(graph.drawing).to_have_attribute("data-nodes", "47")
    graph.click("task:t81")
    expect(graph.selected_row).to_contain_text("k2_0")
    graph.fold()
    expect(graph.drawing).to_have_attribute("data-nodes", "8")
    graph.search("k5_7")
    graph.next_match()
    expect(graph.drawing).to_have_attribute("data-nodes", "47")
    expect(graph.selected_row).to_contain_text("k5_7")
