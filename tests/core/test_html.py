"""A workflow in a notebook: its table, with every text shown as text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from core import Workflow
from core.html import MAX_ROWS
from tests.core.tables import CATALOG, MODULE, chain, row, table

ALLOWED = {"div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "span"}


class Reader(HTMLParser):
    """Collects tags, attributes and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.titles: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.titles += [value or "" for name, value in attrs if name == "title"]

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"


def test_table_is_shown_in_run_order_with_its_problems() -> None:
    workflow = table(row(1, "add", "b", {}, "c"), row(0, "increment", "a", {"by": 2}, "b"), inputs={"a": 1, "z": 2})
    reader = Reader(workflow.replace(name="Mine")._repr_html_())
    assert reader.text.startswith("Mine\norder\nfuncPath\ninputKeys\nkwargs\noutputKeys\n0\n")
    assert reader.text.index(f"{MODULE}.increment") < reader.text.index(f"{MODULE}.add")
    assert '{"by": 2}' in reader.text
    assert "no task reads the input z" in reader.text
    assert reader.titles == [str(workflow.problems[0])]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;b&gt;", "' onclick='x", "</td>"]
)
def test_every_text_is_shown_as_text(text: str) -> None:
    rows: list[list[Any]] = [[0, text, (text,), {text: text}, (text,)], [text, text, text, text, text]]
    workflow = Workflow(rows, {text: 1}, name=text, catalog=CATALOG)
    reader = Reader(workflow._repr_html_())
    assert set(reader.tags) <= ALLOWED
    assert reader.attributes <= {"style", "title", "colspan"}
    assert reader.text.startswith(f"{text}\n")


def test_long_table_is_cut() -> None:
    reader = Reader(table(*chain(MAX_ROWS + 5))._repr_html_())
    assert reader.tags.count("tr") == MAX_ROWS + 2
    assert "... and 5 more" in reader.text
