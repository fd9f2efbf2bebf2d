"""History: versions and runs on one time line, restored, opened as they were, marked, deleted."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

from core import Workflow
from core.record import RunRecord, RunState
from core.store import RunSummary, VersionSummary
from dashboard import services
from dashboard.reading import clock, facts, results, stand, timeline
from dashboard.reading.timeline import SweepRuns, Wish
from dashboard.server.backend import Backend
from dashboard.state import Session
from tests.dashboard.moves import FAILING, cell, outputs, put, read, states, written
from tests.dashboard.pages import Pages, forget, record, saved
from tests.dashboard.work import session_of

MINUTE, DAY = 60.0, 86_400.0


def told(wish: Wish, page: int = 0) -> list[str]:
    found = timeline.timeline(wish, page)
    assert found.problem == ""
    return [
        f"sweep {entry.name}: {entry.told}"
        if isinstance(entry, SweepRuns)
        else f"run {entry.state}"
        if isinstance(entry, RunSummary)
        else f"version {entry.number}"
        for entry in found.entries
    ]


def recorded(backend: Backend, workflow_id: str | None, run_id: str, state: str = "done", **marks: Any) -> str:
    """A run that is in the store."""
    backend.store.begin_run(
        run_id, workflow_id=workflow_id, version=1, name="work", content="{}", functions={}, environment={}, **marks
    )
    events = [{"kind": "began", "at": 10.0}, {"kind": "ended", "at": 12.5, "state": state, "reason": ""}]
    backend.store.record_run(RunRecord(run_id).after_all(events))
    return run_id


@pytest.fixture
def workflow_id(session: Session) -> str:
    """A workflow with three versions."""
    return saved(session.draft, "first", "second", "third")


def test_versions_and_runs_stand_on_one_line_newest_first(backend: Backend, session: Session) -> None:
    services.save(session, "first", "Ann")
    services.run_all(session)
    record(session)
    put(session, 1, "note", "why")
    services.save(session, "second")
    assert told(Wish(session.workflow_id)) == ["version 2", "run done", "version 1"]
    run = backend.store.runs(session.workflow_id)[0]
    assert (run.author, run.version) == ("Ann", 1)
    assert timeline.counts(run) == timeline.Counts(ran=4)


def test_a_run_of_a_draft_that_is_saved_afterwards_is_one_of_the_version(backend: Backend, session: Session) -> None:
    services.run_all(session)
    run_id = record(session)
    assert backend.store.run(run_id).workflow_id is None
    services.save(session, "it worked", "Ann")
    found = backend.store.run(run_id)
    assert (found.workflow_id, found.version) == (session.workflow_id, 1)
    put(session, 1, "note", "why")
    services.save(session, "not run yet")
    assert backend.store.run(run_id).version == 1
    services.run_all(session)
    second = record(session)
    assert backend.store.run(second).version == 2


def test_the_line_is_cut_into_pages(backend: Backend, session: Session) -> None:
    workflow_id = saved(session.draft, *(f"no {number}" for number in range(130)))
    for number in range(130):
        recorded(backend, workflow_id, f"paged-{workflow_id[:8]}-{number}")
    pages = [timeline.timeline(Wish(workflow_id), page) for page in range(14)]
    assert [len(page.entries) for page in pages] == [20] * 13 + [0]
    assert [page.has_more for page in pages] == [True] * 12 + [False] * 2
    moments = [entry.created for page in pages for entry in page.entries]
    assert all(later >= earlier for later, earlier in pairwise(moments))
    ids = {entry.id for page in pages for entry in page.entries}
    assert len(ids) == 260


def test_runs_of_a_sweep_are_one_entry_whatever_comes_between(backend: Backend, session: Session) -> None:
    workflow_id = saved(session.draft, "first")
    for letter, count in (("a", 30), ("b", 1)):
        for number in range(count):
            run_id = f"{letter * 8}{workflow_id[8:]}-{number}"
            recorded(backend, workflow_id, run_id, "failed" if number == 7 else "done", author="Ann")
            backend.store.tag("run", run_id, ["sweep", f"Sharpe {letter}"])
    assert told(Wish(workflow_id)) == ["run done", "sweep Sharpe a: 30 runs, 29 done, 1 failed", "version 1"]
    assert told(Wish(workflow_id, states=("failed",))) == ["run failed"]
    assert told(Wish(workflow_id, "Sharpe")) == ["run done", "sweep Sharpe a: 30 runs, 29 done, 1 failed"]
    recorded(backend, workflow_id, f"between-{workflow_id}")
    for number in (30, 31):
        run_id = f"{'a' * 8}{workflow_id[8:]}-{number}"
        backend.store.tag("run", recorded(backend, workflow_id, run_id), ["Sharpe a", "sweep"])
    both = ["sweep Sharpe a: 32 runs, 31 done, 1 failed", "run done", "run done"]
    found = timeline.timeline(Wish(workflow_id), 0).entries
    assert told(Wish(workflow_id)) == [*both, "version 1"]
    assert len({entry.id for entry in found}) == len(found)
    some = f"{'a' * 8}{workflow_id[8:]}-{{}}"
    for number in (3, 4):
        backend.store.star("run", some.format(number), True)
    assert [entry.id for entry in timeline.timeline(Wish(workflow_id, starred=True), 0).entries] == [
        some.format(4),
        some.format(3),
    ]


def test_the_page_leads_from_the_runs_of_a_sweep_to_the_sweep(backend: Backend) -> None:
    pages = Pages()
    workflow_id = saved(pages.session.draft, "first")
    for number in range(12):
        run_id = f"{'c' * 8}{workflow_id[8:]}-{number}"
        backend.store.tag("run", recorded(backend, workflow_id, run_id), ["sweep", "Costs"])
    pages.go("history", workflow=workflow_id)
    assert "Costs: 12 runs, 12 done" in pages.texts
    assert [button.label for button in pages.page.button].count("Open sweep") == 1
    assert len(pages.keys("open_run_")) == 0
    pages.press(f"fold_{'c' * 8}{workflow_id[8:]}")
    assert len(pages.keys("open_run_")) == 12
    pages.press(f"fold_{'c' * 8}{workflow_id[8:]}")
    assert len(pages.keys("open_run_")) == 0


def test_runs_are_told_apart_by_arguments_and_the_number_of_tasks_where_inputs_are_equal(
    backend: Backend, session: Session
) -> None:
    contents = []
    for text in ('{"offset": 1}', '{"offset": 2}'):
        put(session, 2, "kwargs", text)
        contents.append(session.draft.to_json())
    contents.append(session.draft.replace(tasks=session.draft.tasks[1:]).to_json())
    workflow_id = saved(session.draft)
    for number, content in enumerate(contents):
        backend.store.begin_run(
            f"apart-{number}",
            workflow_id=workflow_id,
            version=1,
            name="",
            content=content,
            functions={},
            environment={},
        )
    told = timeline.varied(timeline.timeline(Wish(workflow_id), 0).entries)
    assert [told[f"apart-{number}"] for number in range(3)] == [
        "t2 double offset = 1, number of tasks = 4",
        "t2 double offset = 2, number of tasks = 4",
        "t2 double offset = 2, number of tasks = 3",
    ]
    for number in range(3):
        backend.store.delete_run(f"apart-{number}")


def test_runs_are_told_apart_by_the_inputs_that_vary(backend: Backend) -> None:
    pages = Pages()
    workflow_id = saved(pages.session.draft, "first")
    runs = []
    for number, inputs in enumerate(({"a": 1, "b": "x", "c": 1}, {"a": 2, "b": "x"}, None)):
        content = json.dumps({"inputs": inputs}) if inputs else "no workflow"
        run_id = f"varied-{number}-{workflow_id}"
        backend.store.begin_run(
            run_id, workflow_id=workflow_id, version=1, name="work", content=content, functions={}, environment={}
        )
        runs.append(run_id)
    entries = timeline.timeline(Wish(workflow_id), 0).entries
    assert timeline.varied(entries) == {
        runs[0]: 'a = 1, b = "x", c = 1',
        runs[1]: 'a = 2, b = "x"',
        runs[2]: "",
    }
    assert timeline.varied([entry for entry in entries if entry.id == runs[0]]) == {runs[0]: ""}
    pages.go("history", workflow=workflow_id)
    assert 'a = 2, b = "x"' in pages.texts
    for run_id in runs:
        backend.store.delete_run(run_id)


def test_a_large_sweep_opens_a_page_at_a_time(backend: Backend) -> None:
    pages = Pages()
    workflow_id = saved(pages.session.draft, "first")
    sweep_id = f"{'d' * 8}{workflow_id[8:]}"
    for number in range(25):
        backend.store.tag("run", recorded(backend, workflow_id, f"{sweep_id}-{number}"), ["sweep", "Costs"])
    pages.go("history", workflow=workflow_id)
    pages.press(f"fold_{sweep_id}")
    assert pages.keys("open_run_")[0] == f"open_run_{sweep_id}-24"
    pages.press(f"runs_{sweep_id}_older")
    assert [key.rpartition("-")[2] for key in pages.keys("open_run_")] == ["4", "3", "2", "1", "0"]


def test_what_is_looked_for_is_found(backend: Backend, workflow_id: str) -> None:
    recorded(backend, workflow_id, f"a-{workflow_id}")
    recorded(backend, workflow_id, f"b-{workflow_id}", "failed", note="too noisy")
    backend.store.star("version", f"{workflow_id}/1", True)
    backend.store.star("run", f"a-{workflow_id}", True)
    assert told(Wish(workflow_id, "second")) == ["version 2"]
    assert told(Wish(workflow_id, "noisy")) == ["run failed"]
    assert told(Wish(workflow_id, states=("failed",))) == ["run failed"]
    assert told(Wish(workflow_id, states=("saved", "done"))) == ["run done", "version 3", "version 2", "version 1"]
    assert told(Wish(workflow_id, starred=True)) == ["run done", "version 1"]
    assert told(Wish(workflow_id, "no such thing")) == []


def test_without_a_workflow_all_runs_are_shown_and_no_versions(backend: Backend, workflow_id: str) -> None:
    recorded(backend, None, f"free-{workflow_id}")
    recorded(backend, workflow_id, f"of-{workflow_id}")
    found = timeline.timeline(Wish(None), 0).entries
    assert [entry.id for entry in found[:2]] == [f"of-{workflow_id}", f"free-{workflow_id}"]
    assert not any(isinstance(entry, VersionSummary) for entry in found)


def test_a_restored_version_follows_on_the_latest_and_undo_brings_the_former_draft_back(
    backend: Backend, session: Session
) -> None:
    services.save(session, "first", "Ann")
    for number in (2, 3):
        put(session, 1, "note", f"note {number}")
        services.save(session, f"version {number}")
    former = session.draft
    assert services.restore(session, str(session.workflow_id), 1)
    assert (cell(session, 1, "note"), stand.stand(session)) == ("", "version 3, changed")
    assert session.notice
    assert session.notice.text == "Version 1 is the draft. Save it to make it version 4."
    services.save(session, "as it was")
    assert backend.store.workflow(str(session.workflow_id)).latest == 4
    services.undo(session)
    assert session.draft is former


def test_an_old_version_that_was_opened_is_not_saved_over_newer_ones(session: Session, workflow_id: str) -> None:
    assert services.open_version(session, workflow_id, 2)
    assert stand.stand(session) == "version 2"
    put(session, 1, "note", "mine")
    services.save(session, "on top of the second")
    assert session.conflict


def test_a_run_is_opened_exactly_as_it_was_without_a_process(
    backend: Backend, session: Session, called: list[str]
) -> None:
    services.run_all(session)
    run_id = record(session)
    before = (states(session), outputs(session), session.draft.to_json())
    forget(run_id)
    called.clear()
    other = session_of()
    assert services.open_run(other, run_id)
    assert (states(other), outputs(other), other.draft.to_json()) == before
    assert results.current_order(other) == 2
    assert (written(other, "t4"), read(other, "t4")) == ({"e": 6}, {"c": 4, "d": 1})
    services.back(other)
    assert outputs(other) == {"b": 2, "c": 4, "d": 1}
    services.step(other)
    services.look_at(other, 0)
    assert outputs(other) == {"b": 2}
    assert (called, backend.runner.record(run_id)) == ([], None)
    services.undo(other)
    assert other.draft.tasks == ()


def test_a_run_that_failed_is_opened_with_its_error(session: Session) -> None:
    failing = session_of(*FAILING)
    services.run_all(failing)
    run_id = record(failing)
    forget(run_id)
    assert services.open_run(session, run_id, "t2")
    assert states(session) == {"t1": "done", "t2": "failed", "t3": "skipped"}
    assert results.failures(session)[0][1].error == "ValueError: no good: 1"
    assert session.selected == "t2"


def test_a_run_that_paused_is_opened_where_it_paused(session: Session) -> None:
    services.look_at(session, 1)
    run_id = record(session)
    forget(run_id)
    other = session_of()
    services.open_run(other, run_id)
    assert (results.current_order(other), results.next_order(other)) == (1, 2)
    assert outputs(other) == {"b": 2, "c": 4, "d": 1}


def test_an_opened_run_that_is_changed_runs_as_a_new_one(session: Session, called: list[str]) -> None:
    services.run_all(session)
    run_id = record(session)
    other = session_of()
    services.open_run(other, run_id)
    put(other, 4, "kwargs", '{"offset": 2}')
    called.clear()
    services.run_all(other)
    assert called == ["add"]
    assert other.run
    assert other.run.id != run_id


def test_a_run_of_functions_that_are_gone_is_opened_as_a_table(backend: Backend, session: Session) -> None:
    content = Workflow([[0, "gone.away", "a", {}, "b"]], {"a": 1}, name="gone").to_json()
    backend.store.begin_run(
        "gone-1", workflow_id=None, version=None, name="gone", content=content, functions={}, environment={}
    )
    assert services.open_run(session, "gone-1")
    assert session.run is None
    assert session.draft.tasks[0].function_path == "gone.away"
    assert session.notice
    assert "cannot run here now" in session.notice.text


@pytest.mark.parametrize(
    "act",
    [
        lambda session: services.open_run(session, "no-such-run"),
        lambda session: services.open_run(session, "../../etc/passwd\x00"),
        lambda session: services.open_workflow(session, "x" * 10_000),
        lambda session: services.open_version(session, "nothing", -1),
        lambda session: services.open_version(session, "nothing", 10**30),
        lambda session: services.restore(session, "nothing", 1),
    ],
)
def test_what_is_not_there_is_told_and_changes_nothing(session: Session, act: Any) -> None:
    draft = session.draft
    assert act(session) is False
    assert session.draft is draft
    assert session.notice
    assert session.notice.kind == "error"
    assert "there is no" in session.notice.text


def test_a_run_is_deleted_and_neither_shown_nor_ticked_any_more(backend: Backend, session: Session) -> None:
    services.run_all(session)
    run_id = record(session)
    services.tick(session, f"run:{run_id}", True)
    services.delete_run(session, run_id)
    assert (session.run, session.ticked) == (None, ())
    assert backend.store.run_contents([run_id]) == {}
    services.delete_run(session, run_id)
    assert session.notice
    assert session.notice.kind == "error"


def test_a_run_under_way_is_not_deleted(backend: Backend, session: Session) -> None:
    run_id = recorded(backend, None, "under-way-1")
    runner: Any = backend.runner
    runner._records[run_id] = RunRecord(run_id, RunState.RUNNING)
    services.delete_run(session, run_id)
    assert session.notice
    assert "under way" in session.notice.text
    assert run_id in backend.store.run_contents([run_id])


def test_the_latest_forty_that_were_ticked_are_compared(session: Session) -> None:
    refs = [*(f"run:{number}" for number in range(40)), "version:3:4"]
    for ref in refs:
        services.tick(session, ref, True)
    assert list(session.ticked) == refs[1:]
    services.tick(session, "run:2", False)
    assert "run:2" not in session.ticked


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (179, "2 minutes ago"),
        (3 * 3600, "3 hours ago"),
        (2 * DAY, "2 days ago"),
    ],
)
def test_how_long_ago_it_was_is_said_in_one_unit(passed: float, text: str) -> None:
    assert clock.ago(1e9, 1e9 + passed) == text


def test_days_have_names() -> None:
    now = 1_700_000_000.0
    days = [clock.day(now - passed, now) for passed in (0, DAY, 2 * DAY, 400 * DAY)]
    assert days == ["Today", "Yesterday", "Sunday, 12 November", "Monday, 10 October 2022"]
    assert clock.exact(now) == "2023-11-14 22:13"


def test_the_page_lists_marks_restores_and_opens(backend: Backend) -> None:
    pages = Pages()
    services.save(pages.session, "a <b>first</b> ![x](http://evil/x.png) try", "Ann")
    workflow_id = str(pages.session.workflow_id)
    pages.press("run")
    run_id = record(pages.session)
    forget(run_id)
    pages.rename("other")
    services.save(pages.session, "second")
    pages.go("history")
    assert "a <b>first</b> ![x](http://evil/x.png) try" in pages.texts
    assert "![" not in "\n".join(item.value for item in pages.page.markdown)
    assert not any("<b>first" in drawn for drawn in pages.markup)
    assert "11 ran" in pages.texts
    assert pages.page.query_params["workflow"] in (workflow_id, [workflow_id])

    pages.open_list(f"more_run_{run_id}")
    pages.press(f"star_run_{run_id}")
    assert "★ done" in pages.texts
    assert backend.store.run(run_id).starred
    pages.page.toggle(key="history_starred").set_value(True).run()
    assert (len(pages.keys("open_run")), pages.keys("restore")) == (1, [])
    pages.page.toggle(key="history_starred").set_value(False).run()

    pages.press(f"restore_version_{workflow_id}_1")
    assert pages.session.draft.name == "3 Moving averages and their crossover"
    assert "version 2, changed" in pages.texts

    pages.go("history", workflow=workflow_id)
    pages.press(f"open_run_{run_id}")
    assert pages.session.run
    assert pages.session.run.id == run_id
    assert set(pages.states) == {"done"}
    assert len(pages.figures) == 1
    pages.press("back")
    assert pages.states.count("done") == 10


def test_the_page_compares_nothing_before_two_are_ticked_or_without_a_page_for_it(
    backend: Backend, workflow_id: str
) -> None:
    pages = Pages()
    pages.go("history", workflow=workflow_id)
    assert not pages.is_enabled("compare")
    for number in (1, 3):
        pages.page.checkbox(key=f"tick_version_{workflow_id}_{number}").check().run()
    assert pages.session.ticked == (f"version:{workflow_id}:1", f"version:{workflow_id}:3")
    assert "2 ticked" in pages.page.button(key="compare").label
    pages.press("untick")
    assert pages.session.ticked == ()
    assert not pages.page.checkbox(key=f"tick_version_{workflow_id}_1").value
    assert "untick" not in pages.keys("untick")


def test_the_page_shows_choices_and_deletes_only_after_a_second_click(backend: Backend, workflow_id: str) -> None:
    run_id = recorded(backend, workflow_id, f"d-{workflow_id}")
    pages = Pages()
    pages.go("history", workflow=workflow_id)
    pages.open_list(f"more_run_{run_id}")
    pages.page.text_area(key=f"note_{run_id}").set_value("the best").run()
    assert backend.store.run(run_id).note == "the best"
    assert f"workbench?run={run_id}" in pages.texts
    pages.press(f"delete_run_{run_id}")
    assert backend.store.run(run_id)
    pages.press("confirm")
    assert backend.store.run_contents([run_id]) == {}


def test_the_page_says_that_a_workflow_is_not_there_and_shows_all_runs() -> None:
    pages = Pages()
    pages.go("history", workflow="no-such-thing")
    assert pages.notices == ["there is no workflow 'no-such-thing' (any more). All runs are shown."]
    assert "All runs on this server" in pages.texts


def test_a_page_of_an_older_list_can_be_come_to_and_left(workflow_id: str) -> None:
    long = saved(facts.load_sample("analysis_1"), *(f"message {number}" for number in range(25)))
    pages = Pages()
    pages.go("history", workflow=long)
    assert len(pages.keys("restore")) == 20
    pages.press("history_older")
    assert [key.rpartition("_")[2] for key in pages.keys("restore")] == ["5", "4", "3", "2", "1"]
    pages.search("history_search", "24")
    assert [key.rpartition("_")[2] for key in pages.keys("restore")] == ["25"]
    pages.go("history", workflow=workflow_id)
    assert len(pages.keys("restore")) in (0, 3)


def test_an_opened_run_stays_as_it_was_when_it_is_run_again(session: Session, backend: Backend) -> None:
    services.run_all(session)
    assert session.run
    former = session.run.id
    count = backend.runner.record(former).count  # type: ignore[union-attr]
    backend.recorder.notice(former)
    backend.recorder.close()
    assert services.open_run(session, former)
    services.run_all(session)
    assert session.run.id != former
    assert backend.runner.record(former).count == count  # type: ignore[union-attr]
    assert {str(found.state) for found in results.states(session).values()} == {"reused"}
