"""A run as one page: everything on it, every text as text, and nothing asked of any address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from core import Workflow
from core.artifact import Artifact
from core.record import RunRecord, RunState, TaskRecord
from core.report import Source, page, report
from core.report.line import HEIGHT, LEFT, WIDTH, line
from core.report.markup import text
from core.report.rows import frame_html
from core.result import State
from core.value.answer import Answer, answer
from core.value.output import kind_of
from tests.browser import chromium
from tests.browser.conftest import FLAGS
from tests.core.tables import CATALOG, row, table

ADDRESSES = {"src", "href", "srcset", "action", "data", "poster", "background", "formaction", "xlink:href", "ping"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=https://evil.example/x.png onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "</style><link rel=stylesheet href=https://evil.example/x.css>",
    "<!-- --><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "\u202egnp.exe",
    "\u2028\u0000\ud800",
    "{{7*7}}${7*7}`",
    "&lt;b&gt;",
]


class Reader(HTMLParser):
    """Collects tags, attributes, scripts and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.scripts: list[dict[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "script":
            self.scripts.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        if len(data) < 1_000_000:
            self.text += data + "\n"


class Values:
    """Stands in for the folder of artifacts."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def put(self, value: Any) -> Artifact:
        digest = f"{len(self._values):064x}"
        self._values[digest] = value
        return Artifact(digest, "json", 1, kind_of(value))

    def get(self, artifact: Artifact) -> Any:
        return self._values[artifact.digest]


def page_of(values: dict[str, Any], title: str = "A title", note: str = "", **options: Any) -> str:
    """The report of a run with one task that wrote the values."""
    kept = Values()
    workflow = table(row(0, "identity", "a", {}, tuple(values)), inputs={"a": 1})
    task = TaskRecord(State.DONE, 0.5, outputs={key: kept.put(value) for key, value in values.items()})
    record = RunRecord("r", RunState.DONE, began=1.0, ended=3.0, tasks={"t1": task})
    return report(title, note, workflow, record, Source(kept.get), **options)


def sample_figure(name: str = "Price") -> go.Figure:
    return go.Figure(go.Scatter(x=[1, 2, 3], y=[3, 1, 2], name=name), layout={"title": name})


def test_everything_of_a_run_is_on_the_page() -> None:
    values = {
        "sharpe": 1234.5678,
        "fig": sample_figure(),
        "frame": pd.DataFrame({"Strategy": [0.5, np.nan]}, index=pd.Index(["Return", "Sharpe"], name="Measure")),
        "series": pd.Series([1, 2], name="price"),
        "words": "line one\nline two",
        "data": {"a": [1, 2]},
        "picture": Image.new("RGB", (2, 2)),
        "array": np.zeros((2, 3)),
    }
    html = page_of(values, note="Why.\n\nAnd more.", environment={"python": "3.11.7"})
    found = Reader(html)
    for expected in ("A title", "Why.", "And more.", "1,234.57", "Measure", "Return", "line one\nline two", "3.11.7"):
        assert expected in found.text
    for heading in (*values, "Results", "Inputs", "Tasks", "Graph", "Versions"):
        assert f"\n{heading}" in found.text
    assert found.tags.count("img") == 1
    assert found.tags.count("svg") == 1
    assert "done · 2.0 s · 1 task called, 0 reused" in found.text
    assert 'lang="en"' in html


def test_plotly_is_embedded_once_and_only_for_figures() -> None:
    two = page_of({"a": sample_figure(), "b": sample_figure()})
    assert len(Reader(two).scripts) == 4
    assert len(two) < 6_000_000
    without = page_of({"a": 1})
    assert not Reader(without).scripts
    assert "script-src 'none'" in without
    assert len(without) < 20_000


def test_nothing_on_the_page_has_an_address() -> None:
    found = Reader(page_of({"fig": sample_figure(), "picture": Image.new("RGB", (2, 2))}))
    addresses = [value for name, value in found.attributes if name in ADDRESSES]
    assert [value[:22] for value in addresses] == ["data:image/png;base64,"]
    policy = next(value for name, value in found.attributes if name == "content" and "default-src" in value)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src" not in policy
    assert "unsafe-eval" not in policy


def test_only_figures_for_the_graphics_card_may_compile() -> None:
    assert "'unsafe-eval'" in page_of({"fig": go.Figure(go.Scattergl(y=[1, 2]))})
    assert "'unsafe-eval'" in page_of({"fig": go.Figure(go.Surface(z=[[1, 2], [3, 4]]))})


@pytest.mark.parametrize("hostile", HOSTILE)
def test_every_text_is_shown_as_text(hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "_plotly", lambda: "0")  # which would take long to parse here
    kept = Values()
    workflow = Workflow(
        [[0, hostile, (hostile,), {hostile: hostile}, (hostile, "fig", "f", "s", "d")]],
        {hostile: hostile},
        name=hostile,
        description=hostile,
        catalog=CATALOG,
        functions={hostile: hostile},
    )
    index = pd.Index([hostile], name=hostile, dtype=object)
    frame = pd.DataFrame([[hostile]], columns=pd.Index([hostile], dtype=object), index=index, dtype=object)
    values = {hostile: hostile, "fig": sample_figure(hostile), "f": frame, "s": frame[hostile], "d": {hostile: hostile}}
    outputs = {key: kept.put(value) for key, value in values.items()}
    failed = TaskRecord(State.FAILED, reason=hostile, error=hostile, traceback=hostile, log=hostile)
    done = TaskRecord(State.DONE, reason=hostile, outputs=outputs)
    record = RunRecord("r", RunState.FAILED, reason=hostile, tasks={"t1": done, hostile: failed})
    html = report(hostile, hostile, workflow, record, Source(kept.get), {hostile: hostile})
    found = Reader(html)
    assert not {name for name, _ in found.attributes if name.startswith("on")}
    assert "link" not in found.tags
    assert "img" not in found.tags
    assert len(found.scripts) == 3
    assert found.tags.count("style") == 1
    assert not re.search("[\u202e\u2028\x00\ud800]", html)
    html.encode("utf-8")


@given(st.text())
@settings(deadline=None)
def test_any_text_as_html_is_that_text_again_or_spelled_out(value: str) -> None:
    html = text(value)
    assert not set(html) & set("<>\"'\u202e")
    if value.isascii() and value.isprintable():
        assert Reader(f"<p>{html}</p>").text in (f"{value}\n", "")


def test_a_figure_cannot_end_its_own_script() -> None:
    html = page_of({"fig": sample_figure("</script><!--<script>")})
    (content,) = re.findall(r'id="figure-0">(.*?)</script>', html)
    assert json.loads(content)["data"][0]["name"] == "</script><!--<script>"


@pytest.mark.parametrize("trace", [go.Scattermap(lat=[1], lon=[1]), go.Choropleth(locations=["USA"], z=[1])])
def test_a_figure_on_a_map_of_the_network_is_told_instead_of_drawn(trace: Any) -> None:
    html = page_of({"fig": go.Figure(trace)})
    assert "drawn on a map that comes from the network" in html
    assert not Reader(html).scripts


def test_long_tables_and_texts_are_cut_and_that_is_said() -> None:
    values = {"f": pd.DataFrame(np.zeros((1_000, 30))), "s": pd.Series(range(1_000)), "t": "x" * 100_000}
    html = page_of(values)
    assert "1,000 rows, 30 columns; shown are the first 12 and the last 6 rows and the first 20 columns" in html
    assert "1,000 rows; shown are the first 12 and the last 6 rows" in html
    assert len(html) < 100_000


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(),
        pd.DataFrame({"a": []}),
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pd.DataFrame([[1, 2]], columns=[1, None], index=pd.MultiIndex.from_tuples([(1, "x")])),
        pd.DataFrame({"a": [1]}, index=pd.Index([1], name="a")),
        pd.DataFrame({("a", "b"): [1]}),
        pd.DataFrame({"a": pd.to_datetime(["2007-01-01", None])}),
        pd.DataFrame({"a": [object()]}),
    ],
)
def test_every_frame_can_be_drawn(frame: pd.DataFrame) -> None:
    assert Reader(frame_html(frame)).tags.count("tr") == len(frame) + 1
    assert "cannot be shown" not in page_of({"short": frame, "long": pd.concat([frame] * 50)})


def test_a_value_that_cannot_be_read_is_told_and_the_rest_is_there() -> None:
    workflow = table(row(0, "identity", "a", {}, ("x", "y", "z")), inputs={"a": 1})
    outputs = {
        "x": Artifact("", "", 0, "other", {"text": "<lock>", "reason": "it is a lock"}),
        "y": Artifact("aa", "pickle", 5, "other", {"text": "a thing"}),
        "z": Artifact("bb", "pickle", 5, "image", {}),
    }
    record = RunRecord("r", RunState.DONE, tasks={"t1": TaskRecord(State.DONE, outputs=outputs)})

    def read(_: Artifact) -> Any:
        raise OSError("it is gone")

    png = b"\x89PNG\r\n\x1a\n"
    found = Reader(
        report("t", "", workflow, record, Source(read, preview=lambda item: png if item.digest == "bb" else None))
    )
    assert "This value was not stored: it is a lock" in found.text
    assert "This value cannot be shown: it is gone" in found.text
    assert found.tags.count("img") == 1


def test_a_failed_run_says_so_on_top() -> None:
    workflow = table(row(0, "fail", (), {}, "x"))
    failed = TaskRecord(State.FAILED, error="ValueError: no")
    html = report("", "", workflow, RunRecord("r", RunState.FAILED, tasks={"t1": failed}), Source(Values().get))
    found = Reader(html)
    assert found.text.index("This run failed.") < found.text.index("Results")
    assert "Task t1 (order 0), tests.core.functions.fail, failed: ValueError: no" in found.text.replace("\n", "")
    assert "Not there for that: x." in found.text
    assert "There is no result yet." in found.text


def test_very_large_graphs_and_tables_are_not_drawn_whole() -> None:
    workflow = table(*[row(0, "one", (), {}, f"k{n}") for n in range(2_000)])
    html = report("t", "", workflow, RunRecord("r", RunState.DONE), Source(Values().get))
    assert "2,000 nodes, too many to be drawn here" in html
    assert "… and 1,000 more." in html
    assert report("t", "", Workflow(catalog=CATALOG), RunRecord("r"), Source(Values().get))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, chromium.ADVICE
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_from_disk_without_a_network(browser: Browser, tmp_path: Path, scheme: Any) -> None:
    figure = sample_figure("<b>bold</b><script>alert(1)</script>")
    figure.update_layout(images=[{"source": "https://evil.example/x.png", "x": 0, "y": 1, "sizex": 1, "sizey": 1}])
    values = {
        "fig": figure,
        "gl": go.Figure(go.Scattergl(y=[1, 3, 2])),
        "<img src=x>": 5,
        "pic": Image.new("L", (9, 9)),
    }
    path = tmp_path / "report.html"
    path.write_text(page_of(values, note=HOSTILE[0]), encoding="utf-8", newline="")
    context = browser.new_context(offline=True, color_scheme=scheme)
    opened = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("dialog", lambda dialog: errors.append(dialog.message))
    opened.goto(path.as_uri())
    opened.wait_for_function("document.querySelectorAll('.figure .main-svg').length >= 2")
    assert opened.locator(".figure .scatterlayer .trace").count() == 1
    opened.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    opened.wait_for_function("document.querySelector('.figure .main-svg').getBoundingClientRect().width === 660")
    context.close()
    assert [address for address in asked if not address.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []


def test_a_value_that_is_too_large_to_be_read_answers_for_itself() -> None:
    """Its first and last rows are there, what its columns hold, and of numbers the line; nobody reads it."""
    index = pd.date_range("2007-01-01", periods=1_000, name="day")
    frame = pd.DataFrame({"price": np.arange(1_000.0), "name": ["a", "b"] * 500}, index=index)
    values = {"frame": frame, "series": frame["price"]}
    workflow = table(row(0, "identity", "a", {}, tuple(values)), inputs={"a": 1})
    outputs = {key: Artifact(key, "parquet", 10**9, kind_of(value)) for key, value in values.items()}
    record = RunRecord("r", RunState.DONE, tasks={"t1": TaskRecord(State.DONE, outputs=outputs)})

    def read(_: Artifact) -> Any:
        raise AssertionError

    source = Source(read, lambda artifact, asked: answer(values[artifact.digest], asked))
    html = report("t", "", workflow, record, source)
    found = Reader(html)
    assert "1,000 rows, 2 columns; shown are the first 12 and the last 6 rows" in found.text
    assert "982 rows between these" in found.text
    for cell in ("2007-01-01", "2007-01-12", "2009-09-21", "2009-09-26", "999", "499.5"):
        assert f"\n{cell}\n" in found.text
    assert "2007-01-13" not in found.text
    assert "float64 · 0 missing · 1,000 distinct · 0 to 999 · mean 499.5" in found.text
    assert html.count('class="curve"') == 1


@pytest.mark.parametrize("values", [[], [True] * 50, ["a"] * 50, [1j] * 50, [None] * 50, [np.nan] * 50, [[1], {}] * 25])
def test_every_series_can_be_drawn(values: list[Any]) -> None:
    assert "cannot be shown" not in page_of({"x": pd.Series(values, dtype=None if values else float)})


def test_a_value_that_gives_no_answer_is_told_in_its_place() -> None:
    workflow = table(row(0, "identity", "a", {}, "x"), inputs={"a": 1})
    outputs = {"x": Artifact("aa", "parquet", 10**9, "frame", {"text": "a frame"})}
    record = RunRecord("r", RunState.DONE, tasks={"t1": TaskRecord(State.DONE, outputs=outputs)})
    source = Source(Values().get, lambda _artifact, _asked: Answer({"reason": "the value is damaged"}))
    assert "This value cannot be shown: the value is damaged" in report("t", "", workflow, record, source)


@pytest.mark.parametrize(
    ("values", "moves"),
    [
        ([1.0, 2.0, 3.0, 4.0], 1),
        ([1.0, 2.0, np.nan, 3.0, 4.0], 2),
        ([1.0, np.inf, 2.0, 3.0], 2),
        ([5.0, 5.0, 5.0], 1),
        ([-1.7e308, 1.7e308], 1),
    ],
)
def test_a_line_is_broken_where_nothing_is_known_and_stays_in_its_picture(values: list[float], moves: int) -> None:
    html = line(pd.Series(range(len(values))), pd.Series(values), "<price>")
    (path,) = re.findall(r'class="curve" d="([^"]*)"', html)
    assert path.count("M") == moves
    places = [tuple(map(float, pair.split())) for pair in re.split("[ML]", path) if pair]
    assert all(LEFT <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert "&lt;price&gt; as a line" in html


def test_a_line_of_one_point_is_none() -> None:
    assert line(pd.Series([1, 2]), pd.Series([1.0, np.nan]), "x") == ""
