"""Compare: versions and runs side by side, from what is stored, by their data."""

from __future__ import annotations

from typing import Any

import pytest

from core import Workflow
from core.errors import TasktableError
from core.value.answer import Answer
from dashboard import link, services
from dashboard.reading import comparison, figure_pair, side
from dashboard.reading.side import Side
from dashboard.server.backend import Backend
from dashboard.state import Session
from tests.dashboard import work
from tests.dashboard.moves import FAILING, put
from tests.dashboard.pages import Pages, forget, record, saved
from tests.dashboard.work import row, session_of

TABLE = (row(0, "double", "a", {}, "b"), row(1, "add", ("b", "a"), {"offset": 1}, "c"))


def ran(session: Session) -> str:
    """Run the draft; return how addresses name the run, which only the store knows then."""
    services.run_all(session)
    run_id = record(session)
    forget(run_id)
    session.run = None
    return f"run:{run_id}"


def pair(session: Session, **inputs: Any) -> tuple[str, str]:
    """Two runs, the second with other inputs."""
    first = ran(session)
    for name, value in inputs.items():
        services.set_input(session, name, value)
    return first, ran(session)


@pytest.fixture
def attempts() -> Session:
    return session_of(*TABLE)


def test_two_stored_runs_are_compared_without_a_process(attempts: Session) -> None:
    old, new = map(side.side, pair(attempts, a=2))
    found = comparison.difference(old, new)
    assert comparison.headline(old, new, found) == "1 input changed; 0 of 2 outputs equal, not b, c"
    [change] = found.inputs
    assert (change.name, change.old, change.new) == ("a", "1", "2")
    last = comparison.shown_first(found.outputs)[0]
    assert (last.key, last.is_final) == ("c", True)
    assert last.old is not None
    assert last.new is not None
    assert comparison.compared(last.old, last.new).data["details"]["percent"] == "+75%"


def test_equal_runs_are_reproduced(attempts: Session) -> None:
    old, new = map(side.side, pair(attempts))
    found = comparison.difference(old, new)
    assert found.is_reproduced
    assert comparison.shown_first(found.outputs) == []


def test_a_version_is_compared_by_the_values_of_a_run_of_just_that_table(attempts: Session) -> None:
    services.save(attempts, "first", "Ann")
    ran(attempts)
    services.set_input(attempts, "a", 5)
    ran(attempts)  # of the draft that has left the version
    found = side.side(f"version:{attempts.workflow_id}:1")
    assert found.run is not None
    assert found.workflow.inputs == {"a": 1}
    assert Workflow.from_json(found.run.content).inputs == {"a": 1}
    assert (found.author, found.message, found.version) == ("Ann", "first", 1)


def test_a_version_that_has_not_run_is_compared_by_its_table_only(attempts: Session) -> None:
    services.save(attempts, "first")
    put(attempts, 2, "kwargs", '{"offset": 3}')
    services.save(attempts, "second")
    old, new = (side.side(f"version:{attempts.workflow_id}:{number}") for number in (1, 2))
    assert (old.run, new.run) == (None, None)
    found = comparison.difference(old, new)
    assert comparison.headline(old, new, found) == "1 cell changed"
    assert found.environment.is_equal


@pytest.mark.parametrize(
    "ref",
    ["", "run", "run:", "run:nothing", "version:x", "version:x:1", "version::1", "version:x:²", "other:1", "a" * 900],
)
def test_what_is_not_there_is_told(ref: str) -> None:
    with pytest.raises(TasktableError):
        side.side(ref)


def test_a_value_that_is_gone_is_told(backend: Backend, attempts: Session) -> None:
    old, new = map(side.side, pair(attempts, a=2))
    output = comparison.difference(old, new).outputs[0]
    assert output.old is not None
    assert not comparison.is_gone(output.old)
    backend.artifacts.remove(output.old.digest)
    assert comparison.is_gone(output.old)


def test_a_pickled_value_is_compared_by_the_reader_and_not_here(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (backend.artifacts.put({1: "a", None: {2j: object}, "n": number}) for number in (1, 2))
    pickled = [artifact for artifact in (old, new) if artifact.codec == "pickle"]
    assert len(pickled) == 2
    asked: list[Any] = []

    def ask(artifact: Any, question: Any) -> bytes:
        asked.append((artifact, question["ask"]))
        return Answer({"kind": "data", "summary": "from the reader"}).to_bytes()

    monkeypatch.setattr(backend.runner, "ask", ask)
    assert comparison.compared(old, new).data["summary"] == "from the reader"
    assert comparison.compared(old, new).data["summary"] == "from the reader"
    assert asked == [(old, "compare")]  # the second time it is remembered


def test_many_runs_are_one_table_of_what_varies(attempts: Session) -> None:
    sides = [side.side(ref) for ref in (*pair(attempts, a=2), *pair(attempts, a=3)[1:])]
    found = comparison.together(sides)
    assert list(found.columns) == ["a", "b", "c"]
    assert found["c"].tolist() == [4, 7, 10]
    assert list(found.index) == [each.label for each in sides]


def test_why_a_run_has_failed_is_told() -> None:
    session = session_of(*FAILING)
    run_id = ran(session)
    failed = side.side(run_id)
    assert comparison.failure(failed).startswith("task t2 ")
    assert comparison.failure(side.side(ran(session_of(*TABLE)))) == ""
    pages = Pages()
    pages.go("compare", a=run_id, b=ran(session_of(*TABLE)))
    assert comparison.failure(failed) in pages.texts.replace("\u2060", "")


def test_many_runs_are_drawn_together_and_two_of_them_on_demand(attempts: Session) -> None:
    first = pair(attempts, a=2)
    refs = [*first, *(pair(attempts, a=number)[1] for number in range(3, 31))]
    names = link.names_of(refs)
    assert [*names][25:28] == ["z", "aa", "ab"]
    pages = Pages()
    pages.go("compare", **names)
    assert "30 together" in pages.texts
    [figure] = pages.figures
    assert len(figure) == 30
    assert not pages.page.metric
    pages.open_list("compare_pair")
    assert pages.page.metric


def test_series_of_several_runs_lie_over_each_other() -> None:
    session = session_of(row(0, "numbers", "a", {"kind": "series"}, "level"), a=3)
    refs = [ran(session)]
    for number in (4, 5):
        services.set_input(session, "a", number)
        refs.append(ran(session))
    sides = [side.side(ref) for ref in refs]
    assert list(comparison.shared_series(sides)) == ["level"]
    pages = Pages()
    pages.go("compare", **link.names_of(refs))
    pages.page.session_state["together_kind"] = "Series over each other"
    pages.draw()
    assert {each.label for each in sides} in [set(figure) for figure in pages.figures]


def test_what_has_not_run_twice_is_compared_by_its_versions(backend: Backend, attempts: Session) -> None:
    services.save(attempts, "first")
    workflow_id = str(attempts.workflow_id)
    assert comparison.first_refs(attempts) == ()
    put(attempts, 2, "note", "why")
    services.save(attempts, "second")
    versions = tuple(f"version:{workflow_id}:{number}" for number in (1, 2))
    assert comparison.first_refs(attempts) == versions
    run = ran(attempts)
    assert comparison.first_refs(attempts) == (versions[0], run)
    services.set_input(attempts, "a", 5)
    again = ran(attempts)
    assert comparison.first_refs(attempts) == (run, again)
    assert attempts.workflow_id
    for number in range(3):
        name = f"{'d' * 32}-{number}"
        backend.store.begin_run(
            name,
            workflow_id=attempts.workflow_id,
            version=2,
            name="",
            content="{}",
            functions={},
            environment={},
            tags=["sweep"],
        )
    assert comparison.first_refs(attempts) == (run, again)
    listed = comparison.choices(attempts, [])
    assert not [ref for ref in listed if "d" * 32 in ref]
    assert {run, again, *versions} <= set(listed)


def test_equal_labels_are_told_apart() -> None:
    one = Side("x", "version 1", "A", "", "", 0.0, Workflow(), None, None, None, 1)  # type: ignore[arg-type]
    assert len(set(side.labels([one, one]))) == 2


def test_two_sides_that_are_called_alike_are_told_apart(attempts: Session) -> None:
    first = saved(attempts.draft, "mine")
    services.open_version(attempts, first, 1)
    ran(attempts)
    services.set_input(attempts, "a", 7)
    second = saved(attempts.draft, "another's")
    services.open_version(attempts, second, 1)
    ran(attempts)
    sides = [side.side(f"version:{workflow_id}:1") for workflow_id in (first, second)]
    assert side.pair_labels(*sides) == ("version 1 (before)", "version 1 (after)")
    pages = Pages()
    pages.go("compare", a=sides[0].ref, b=sides[1].ref)
    assert "1 input changed" in pages.page.info[0].value


def test_a_run_that_nobody_works_on_is_not_waited_for(backend: Backend, attempts: Session) -> None:
    done = ran(attempts)
    backend.store.begin_run(
        "left-behind",
        workflow_id=None,
        version=None,
        name="work",
        content=attempts.draft.to_json(),
        functions={},
        environment={},
    )
    assert not side.is_under_way(side.side("run:left-behind"))
    pages = Pages()
    pages.go("compare", a=done, b="run:left-behind")
    assert "0 of 2 outputs equal" in pages.page.info[0].value
    backend.store.delete_run("left-behind")


# Figures


FLAT: dict[str, Any] = {
    "data": [{"y": [1, 2], "name": "price"}, {"y": [0, 1], "name": "side", "yaxis": "y2"}],
    "layout": {
        "xaxis": {"anchor": "y2"},
        "yaxis2": {"domain": [0, 0.2], "side": "right"},
        "yaxis": {"domain": [0.3, 1]},
        "shapes": [{"xref": "paper", "yref": "y2", "x0": 0, "x1": 1}],
        "annotations": [{"xref": "x", "x": 7, "text": "here"}],
    },
}


def test_two_figures_lie_side_by_side_on_linked_axes() -> None:
    found = figure_pair.side_by_side(FLAT, FLAT, ("run 1", "run 2"))
    assert [(trace["xaxis"], trace["yaxis"]) for trace in found["data"]] == [
        ("x", "y"),
        ("x", "y2"),
        ("x3", "y3"),
        ("x3", "y4"),
    ]
    layout = found["layout"]
    assert (layout["xaxis3"]["matches"], layout["yaxis3"]["matches"], layout["yaxis4"]["matches"]) == ("x", "y", "y2")
    assert layout["xaxis3"]["anchor"] == "y4"
    assert layout["xaxis"]["domain"][1] < layout["xaxis3"]["domain"][0]
    assert [(shape["yref"], shape["x1"] > 0.9) for shape in layout["shapes"]] == [("y2", False), ("y4", True)]
    assert [(note["xref"], note["x"]) for note in layout["annotations"][:2]] == [("x", 7), ("x3", 7)]
    assert [trace.get("showlegend", True) for trace in found["data"]] == [True, True, False, False]


def test_one_figure_lies_over_the_other() -> None:
    found = figure_pair.overlaid(FLAT, FLAT, ("run 1", "run 2"))
    assert [trace["name"] for trace in found["data"]] == [
        "price (run 1)",
        "side (run 1)",
        "price (run 2)",
        "side (run 2)",
    ]
    assert found["data"][0]["line"]["dash"] == "dot"
    assert found["layout"]["colorway"][:2] == found["layout"]["colorway"][2:]


def test_pairing_leaves_the_figures_as_they_are() -> None:
    before = str(FLAT)
    figure_pair.side_by_side(FLAT, FLAT, ("a", "b"))
    figure_pair.overlaid(FLAT, FLAT, ("a", "b"))
    assert str(FLAT) == before


def test_a_figure_without_axes_is_not_paired() -> None:
    assert figure_pair.is_flat(FLAT)
    assert not figure_pair.is_flat({"data": [{"type": "pie"}]})


# The page


def named(pages: Pages) -> dict[str, str]:
    """What the address names."""
    return {name: found if isinstance(found, str) else found[0] for name, found in pages.page.query_params.items()}


def test_the_page_shows_what_differs(attempts: Session) -> None:
    old, new = pair(attempts, a=2)
    pages = Pages()
    pages.go("compare", a=old, b=new)
    assert "1 input changed; 0 of 2 outputs equal, not b, c." in pages.page.info[0].value.replace("\\", "")
    assert {metric.label: (metric.value, metric.delta) for metric in pages.page.metric} == {
        "b": ("4", "+2 · +100%"),
        "c": ("7", "+3 · +75%"),
    }
    assert "| a | :red[1] | :green[2] |" in pages.texts


def test_the_page_swaps_and_takes_more(attempts: Session) -> None:
    old, new = pair(attempts, a=2)
    third = pair(attempts, a=3)[1]
    pages = Pages()
    pages.go("compare", a=old, b=new)
    pages.press("compare_swap")
    assert named(pages) == {"a": new, "b": old}
    pages.page.multiselect(key="compare_more").set_value([third]).run()
    assert named(pages) == {"a": new, "b": old, "c": third}
    assert "3 together" in pages.texts
    pages.page.selectbox(key="compare_old").set_value(third).run()
    assert named(pages) == {"a": third, "b": old, "c": new}
    assert not pages.page.exception


def test_the_page_begins_with_what_is_ticked_older_first(attempts: Session) -> None:
    old, new = pair(attempts, a=2)
    pages = Pages()
    pages.session.ticked = (new, old)
    pages.go("compare")
    assert named(pages) == {"a": old, "b": new}


def test_the_page_tells_what_is_not_there(attempts: Session) -> None:
    pages = Pages()
    pages.go("compare", a=ran(attempts), b="run:<img src=x>")
    assert "there is no run" in pages.texts
    assert "Choose two runs or versions" in pages.texts


def test_the_page_offers_to_run_again_what_is_gone(backend: Backend) -> None:
    session = session_of(row(0, "same", "a", {}, "b"))
    services.set_input(session, "a", ["text"])
    old = ran(session)
    services.set_input(session, "a", ["other"])
    new = ran(session)
    artifact = side.side(old).record.tasks["t1"].outputs["b"]
    backend.artifacts.remove(artifact.digest)
    pages = Pages()
    pages.go("compare", a=old, b=new)
    assert "is not kept any more" in pages.page.warning[0].value
    assert pages.keys("value_compare_b-again")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one\ntwo", "one\nthree"),
        ([1, {"k": 2}], [1, {"k": 3}, "<b>|pipe|</b>"]),
        (1.5, "text"),
        (None, 3),
        (True, False),
        ({"a": [1.0] * 40}, {"a": [2.0] * 40}),
    ],
    ids=str,
)
def test_the_page_draws_any_two_values(old: Any, new: Any) -> None:
    session = session_of(row(0, "same", "a", {}, "b"), a=old)
    first = ran(session)
    services.set_input(session, "a", new)
    second = ran(session)
    pages = Pages()
    pages.go("compare", a=first, b=second)
    assert "b" in pages.texts


@pytest.mark.parametrize("kind", ["frame", "series", "array", "figure", "index"])
def test_the_page_draws_values_with_many_numbers(backend: Backend, kind: str) -> None:
    session = session_of(row(0, "numbers", "a", {"kind": kind}, "b"))
    pages = Pages()
    pages.go("compare", **dict(zip("ab", pair(session, a=2), strict=True)))
    assert any("differ" in text or "changed" in text for text in pages.texts.splitlines())


def test_two_versions_of_a_saved_workflow_are_compared_by_link(attempts: Session) -> None:
    workflow_id = saved(attempts.draft, "first", "second")
    pages = Pages()
    pages.go("compare", a=f"version:{workflow_id}:1", b=f"version:{workflow_id}:2")
    assert "The same table and the same inputs." in pages.page.info[0].value.replace("\\", "")
    assert "have not been run as saved" in pages.page.warning[0].value
    pages.press_first("run_version")
    assert side.side(f"version:{workflow_id}:1").run is not None


def test_the_page_shows_what_was_done_to_a_table(attempts: Session) -> None:
    old = ran(attempts)
    put(attempts, 2, "order", "5")
    put(attempts, 2, "kwargs", '{"offset": 4}')
    services.edit(attempts, {"op": "add", "after": "t2"})
    put(attempts, 3, "funcPath", f"{work.__name__}.same")
    put(attempts, 3, "inputKeys", "c")
    put(attempts, 3, "outputKeys", "d")
    new = ran(attempts)
    pages = Pages()
    pages.go("compare", a=old, b=new)
    texts = pages.texts
    assert "| :orange-badge[changed] | t2 add | kwargs: offset | :red[1] | :green[4] |" in texts
    assert "| :blue-badge[moved] | t2 add | order | :red[1] | :green[5] |" in texts
    assert ":green-badge[added] | t3 same" in texts
    assert "Called on one side only: same" in texts


def test_what_tells_runs_of_a_sweep_apart_stands_where_the_choice_is_not_cut(
    backend: Backend, attempts: Session
) -> None:
    backend.store.begin_run(
        "one-of-many",
        workflow_id=None,
        version=None,
        name="long " * 20,
        content="{}",
        functions={},
        environment={},
        note="short = 5, long = 30",
    )
    told = comparison.choices(attempts, [])["run:one-of-many"].split(" · ")
    assert told[1] == "short = 5, long = 30"
