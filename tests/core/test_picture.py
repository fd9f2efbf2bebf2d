"""The small picture of a workflow's graph: well-formed, escaped, for any table."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from core import Workflow
from core.picture import BROKEN, MAX_DRAWN, graph_svg

SVG = "{http://www.w3.org/2000/svg}"
SAMPLES = Path(__file__).parents[2] / "sample_workflows"


def rects(text: str) -> list[ET.Element]:
    return ET.fromstring(text).findall(f".//{SVG}rect")  # noqa: S314 - our own text


@pytest.mark.parametrize("stem", ["analysis_1", "analysis_2", "analysis_3"])
def test_a_picture_has_one_box_per_task_inside_its_frame(stem: str) -> None:
    workflow = Workflow.from_json(SAMPLES / f"{stem}.json")
    boxes = rects(graph_svg(workflow, 200))
    assert len(boxes) == len(workflow.tasks)
    for box in boxes:
        left, top, wide, high = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        assert left >= 0
        assert top >= 0
        assert left + wide <= 200
        assert top + high <= 90


def test_a_broken_task_is_red_and_an_empty_table_has_no_box() -> None:
    broken = graph_svg(Workflow([[0, "no.such_function", "a", {}, "b"]]))
    assert [box.attrib["fill"] for box in rects(broken)][-1] == BROKEN
    assert rects(graph_svg(Workflow([]))) == []


@pytest.mark.parametrize("name", ["</title><script>alert(1)</script>", "\x00\ud800 &amp; <b>", 'a"b', "x" * 10_000])
def test_a_hostile_name_stays_text(name: str) -> None:
    root = ET.fromstring(graph_svg(Workflow([], name=name)))  # noqa: S314 - our own text
    assert {element.tag for element in root.iter()} == {f"{SVG}svg", f"{SVG}title"}


@pytest.mark.parametrize("orders", [1, 7, 400])
def test_a_large_table_is_drawn_as_columns(orders: int) -> None:
    rows = [[number % orders, "x.y", (), {}, f"k{number}"] for number in range(MAX_DRAWN + 300)]
    boxes = rects(graph_svg(Workflow(rows)))
    assert 1 <= len(boxes) <= min(orders, 24)
