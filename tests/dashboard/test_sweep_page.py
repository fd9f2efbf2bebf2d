"""Sweeps: what can be varied, one run for each combination within the caps, and what is shown of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from core.record import RunState
from core.request import RunRequest
from core.sweep import Axis, Target, expand
from core.value.output import kind_of
from dashboard import services
from dashboard.reading import outcome, sweep_choice, sweep_number
from dashboard.reading.outcome import Outcome
from dashboard.server.backend import Backend
from dashboard.server.sweeper import Sweeper
from dashboard.state import Session
from dashboard.sweeping import TAG, Sweep, SweepFolder
from dashboard.widgets.sweep import form as sweep_form
from dashboard.widgets.sweep.figure import figure
from dashboard.widgets.sweep.table import frame
from tests.core.managed import until
from tests.dashboard.inline_runner import InlineRunner
from tests.dashboard.moves import ROWS
from tests.dashboard.pages import Pages, forget
from tests.dashboard.work import row, session_of

OFFSET = ("t4", "offset")


def wish(session: Session, *wanted: tuple[Target, str]) -> tuple[Axis, ...]:
    for place, (target, text) in enumerate(wanted):
        services.wish_target(session, place, target)
        services.wish_values(session, place, text)
    found = [sweep_choice.read(session, place) for place in range(len(wanted))]
    return tuple(one.axis for one in found if one.axis)


def started(backend: Backend, session: Session, *wanted: tuple[Target, str]) -> Sweep:
    """A sweep that was asked for."""
    services.start_sweep(session, wish(session, *wanted))
    assert session.notice is None
    return backend.sweeps.find(session.sweep.shown, session.draft.catalog)


def swept(backend: Backend, session: Session, *wanted: tuple[Target, str]) -> Sweep:
    """A sweep that is over."""
    sweep = started(backend, session, *wanted)
    until(lambda: not backend.sweeper.is_under_way(sweep.id))
    return sweep


def seen(sweep: Sweep) -> list[Outcome]:
    return outcome.outcomes(sweep, 60.0)


def numbers(sweep: Sweep, name: str) -> list[float | None]:
    return [one.numbers.get(name) for one in seen(sweep)]


def test_inputs_and_every_argument_that_no_input_key_fills_can_be_varied(session: Session) -> None:
    assert sweep_choice.targets(session.draft) == {"a": "input a", OFFSET: "task 4 add: offset"}
    names = sweep_choice.targets(session_of(row(0, "add", "a", {"right": 1}, "b")).draft)
    assert list(names.values()) == ["input a", "task 1 add: right", "task 1 add: offset"]


@pytest.mark.parametrize(
    ("text", "problem"), [("5 to", ""), ("5 to x", "both ends"), ("1 to 5 step 0", "step is 0"), (", ,", "no values")]
)
def test_what_is_typed_is_checked_in_its_place(session: Session, text: str, problem: str) -> None:
    assert wish(session, ("a", text)) == () if problem else True
    assert problem in sweep_choice.read(session, 0).problem


def test_nothing_typed_is_neither_values_nor_an_error(session: Session) -> None:
    services.wish_target(session, 0, "a")
    assert sweep_choice.read(session, 0) == sweep_choice.Reading()
    assert sweep_choice.now(session.draft, "a") == "1"


def test_another_target_forgets_the_values_of_the_former(session: Session) -> None:
    wish(session, ("a", "1 to 3"))
    services.wish_target(session, 0, OFFSET)
    assert session.sweep.texts == ("", "")


def test_it_says_how_much_it_is_before_and_after_it_ran(backend: Backend, session: Session) -> None:
    axes = wish(session, ("a", "1, 2"), (OFFSET, "0 to 2"))
    before = sweep_choice.amount(session.draft, axes)
    # Three tasks read the input alone and are called for each of its two values; the fourth for each combination.
    assert (before.count.runs, before.count.tasks, before.calls, before.kept) == (6, 24, 12, 0)
    swept(backend, session, ("a", "1, 2"), (OFFSET, "0 to 2"))
    after = sweep_choice.amount(session.draft, axes)
    assert (after.calls, after.kept) == (0, 6)


def test_every_combination_runs_and_no_work_is_done_twice(
    backend: Backend, session: Session, called: list[str]
) -> None:
    sweep = swept(backend, session, ("a", "1, 2"), (OFFSET, "0 to 2"))
    assert [one.state for one in seen(sweep)] == ["done"] * 6
    assert numbers(sweep, "e") == [5, 6, 7, 10, 11, 12]
    assert len(called) == 12


def test_its_runs_are_recorded_with_tags_and_a_note(backend: Backend, session: Session) -> None:
    session.author = "Ann"
    sweep = swept(backend, session, ("a", "1, 2"), (OFFSET, "3"))
    runs = [run for run in backend.store.runs(tags=[TAG, sweep.name]) if run.id in sweep.run_ids]
    assert [(run.note, run.state, run.author, run.scalars["e"]) for run in reversed(runs)] == [
        ("a = 1, t4.offset = 3", "done", "Ann", 8),
        ("a = 2, t4.offset = 3", "done", "Ann", 13),
    ]


def test_two_sweeps_of_the_same_have_names_of_their_own(backend: Backend, session: Session) -> None:
    first = swept(backend, session, ("a", "1, 2"))
    second = swept(backend, session, ("a", "1, 2"))
    assert (first.name, second.name) == ("a", "a 2")


def test_a_variant_that_fails_is_told_and_the_others_run(backend: Backend) -> None:
    session = session_of(row(0, "add", ("a", "b"), {}, "c"), row(1, "double", "c", {}, "d"), a=1, b=1)
    sweep = swept(backend, session, ("a", '1, "x", 3'))
    found = seen(sweep)
    assert [one.state for one in found] == ["done", "failed", "done"]
    assert found[1].error.startswith("task t1: ")
    assert numbers(sweep, "d") == [4, None, 8]
    table = frame(sweep, found, ["d"])
    assert list(table.columns) == ["state", "a", "error", "d", "seconds"]
    assert list(table["a"]) == ["1", "x", "3"]


def test_a_variant_that_cannot_run_at_all_is_told_and_the_others_run(backend: Backend, session: Session) -> None:
    refuse: Any = backend.runner
    submit = refuse.submit

    def refusing(request: RunRequest) -> None:
        if request.id.endswith("-0"):
            raise ZeroDivisionError("no luck")
        submit(request)

    refuse.submit = refusing
    sweep = swept(backend, session, ("a", "1, 2"))
    assert [(one.state, one.error) for one in seen(sweep)] == [("failed", "no luck"), ("done", "")]


class HeldRunner(InlineRunner):
    """A runner whose runs wait until they are let go."""

    def __init__(self, settings: Any, modules: tuple[str, ...]) -> None:
        super().__init__(settings, modules)
        self.held: dict[str, RunRequest] = {}
        self.before: Callable[[], Any] = lambda: None
        self.most = 0

    def submit(self, request: RunRequest) -> None:
        self.before()
        self._records.pop(request.id, None)
        self._tell(request.id, {"kind": "queued", "position": 1})
        self.held[request.id] = request
        self.most = max(self.most, len(self.held))

    def let_go(self) -> None:
        """End the run that began first."""
        super().submit(self.held.pop(next(iter(self.held))))

    def stop(self, run_id: str) -> None:
        if self.held.pop(run_id, None):
            super().stop(run_id)

    def wait(self, run_id: str, timeout: float | None = None) -> Any:  # noqa: ARG002 - the caller looks again
        return self._records[run_id]


@pytest.fixture
def held(backend: Backend) -> HeldRunner:
    """A backend whose runs wait, and of which a user may have two."""
    runner = HeldRunner(backend.settings, ("tests.dashboard.work",))
    backend.runner = runner  # type: ignore[assignment]
    settings = dataclasses.replace(backend.settings, runs_per_user=2, runs_at_once=3)
    backend.sweeper = Sweeper(settings, backend.store, backend.runner)
    return runner


def test_never_more_are_under_way_than_a_user_may_have(backend: Backend, session: Session, held: HeldRunner) -> None:
    sweep = started(backend, session, ("a", "1 to 5"))
    for over in range(5):
        until(lambda: len(held.held) == min(2, 5 - over))  # noqa: B023 - it is called at once
        held.let_go()
        until(lambda: [one.state for one in seen(sweep)].count("done") == over + 1)  # noqa: B023 - as above
    until(lambda: not backend.sweeper.is_under_way(sweep.id))
    assert held.most == 2
    assert numbers(sweep, "e") == [6, 11, 16, 21, 26]


def test_never_more_are_under_way_than_the_server_may_have(
    backend: Backend, session: Session, held: HeldRunner
) -> None:
    other = session_of(*ROWS)
    first = started(backend, session, ("a", "1 to 3"))
    second = started(backend, other, ("a", "1 to 3"))
    until(lambda: len(held.held) == 3)
    while backend.sweeper.is_under_way(first.id) or backend.sweeper.is_under_way(second.id):
        until(lambda: held.held or not backend.sweeper.is_under_way(first.id))
        if held.held:
            held.let_go()
    assert held.most == 3
    assert {one.state for sweep in (first, second) for one in seen(sweep)} == {"done"}


def test_a_sweep_is_stopped_and_goes_on_with_what_is_not_done(
    backend: Backend, session: Session, held: HeldRunner
) -> None:
    sweep = started(backend, session, ("a", "1 to 4"))
    until(lambda: len(held.held) == 2)
    held.let_go()
    until(lambda: [one.state for one in seen(sweep)] == ["done", "queued", "queued", "waiting"])
    services.stop_sweep(session, sweep)
    until(lambda: not backend.sweeper.is_under_way(sweep.id))
    assert [one.state for one in seen(sweep)] == ["done", "stopped", "stopped", "not run"]
    services.continue_sweep(session, sweep)
    for _ in range(3):
        until(lambda: held.held)
        held.let_go()
    until(lambda: not backend.sweeper.is_under_way(sweep.id))
    assert [one.state for one in seen(sweep)] == ["done"] * 4


def test_progress_tells_how_many_are_over_and_the_time_that_is_left(
    backend: Backend, session: Session, held: HeldRunner
) -> None:
    sweep = started(backend, session, ("a", "1 to 4"))
    until(lambda: len(held.held) == 2)
    progress = backend.sweeper.progress(sweep.id)
    assert progress
    assert (progress.ended, progress.count, progress.left) == (0, 4, None)
    held.let_go()
    until(lambda: len(held.held) == 2)
    progress = backend.sweeper.progress(sweep.id)
    assert progress
    assert progress.ended == 1
    assert progress.left is not None
    services.stop_sweep(session, sweep)


def test_a_restart_finds_the_sweep_with_its_results(backend: Backend, session: Session) -> None:
    sweep = swept(backend, session, ("a", "1, 2"), (OFFSET, '0.5, "x", null'))
    before = [dataclasses.replace(one, seconds=0.0) for one in seen(sweep)]
    for run_id in sweep.run_ids:
        forget(run_id)
    outcome._kept.clear()
    backend.sweeper = Sweeper(backend.settings, backend.store, backend.runner)
    folder = SweepFolder(backend.settings.data)
    assert [heading.name for heading in folder.headings()] == [sweep.name]
    read = folder.find(sweep.id, session.draft.catalog)
    assert read.axes == sweep.axes
    assert [dataclasses.replace(one, seconds=0.0) for one in seen(read)] == before
    assert before[0].numbers["e"] == 5.5


def test_a_run_of_a_sweep_of_another_server_is_shown_as_it_stands(
    backend: Backend, session: Session, held: HeldRunner
) -> None:
    sweep = started(backend, session, ("a", "1 to 2"))
    until(lambda: len(held.held) == 2)
    here, backend.sweeper = backend.sweeper, Sweeper(backend.settings, backend.store, backend.runner)
    assert [one.state for one in seen(sweep)] == ["queued", "queued"]
    held.let_go()
    held.let_go()
    assert [one.state for one in seen(sweep)] == ["done", "done"]
    here.close()


def test_a_sweep_that_a_dead_server_has_left_half_done_goes_on(
    backend: Backend, session: Session, held: HeldRunner
) -> None:
    sweep = started(backend, session, ("a", "1 to 3"))
    until(lambda: len(held.held) == 2)
    backend.sweeper.close()
    for run_id in list(held.held):
        held._tell(run_id, {"kind": "ended", "state": str(RunState.INTERRUPTED), "reason": "the server ended"})
    held.held.clear()
    backend.sweeper = Sweeper(backend.settings, backend.store, backend.runner)
    assert [one.state for one in seen(sweep)] == ["interrupted", "interrupted", "not run"]
    held.before = lambda: seen(sweep)  # a page that looks just before a run is handed over again
    services.continue_sweep(session, sweep)
    for _ in range(3):
        until(lambda: held.held)
        held.let_go()
    until(lambda: not backend.sweeper.is_under_way(sweep.id))
    assert numbers(sweep, "e") == [6, 11, 16]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"format": 1', '"format": 99'),
        lambda text: text.replace('"target": "a"', '"target": "nothing"'),
        lambda text: text.replace('"axes"', '"acks"'),
        lambda _: "[]",
        lambda _: "\0",
    ],
)
def test_a_garbled_file_is_told_and_changes_nothing(
    backend: Backend, session: Session, spoil: Callable[[str], str]
) -> None:
    sweep = swept(backend, session, ("a", "1, 2"))
    path = backend.settings.data / "sweeps" / f"{sweep.id}.json"
    path.write_text(spoil(path.read_text()))
    backend.sweeps = SweepFolder(backend.settings.data)
    page = Pages()
    page.go("sweep", sweep=sweep.id)
    assert any("sweep" in notice for notice in page.notices)


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 32, "A" * 32, "\u0661" * 32, "%2e%2e", "x" * 10_000])
def test_an_address_that_names_no_sweep_is_told(name: str) -> None:
    page = Pages()
    page.go("sweep", sweep=name)
    assert any("sweep" in notice for notice in page.notices)
    assert "sweep" not in page.page.query_params


def test_numbers_that_vary_come_first_and_the_best_is_found() -> None:
    found = [Outcome("done", numbers={"same": 1.0, "b": 2.0}), Outcome("done", numbers={"same": 1.0, "b": 3.0})]
    assert sweep_number.names(found) == ["b", "same"]
    assert sweep_number.best([2.0, float("nan"), None, 3.0], True) == 3
    assert sweep_number.best([2.0, float("nan"), None, 3.0], False) == 0
    assert sweep_number.best([None, float("nan")], True) is None


def test_two_axes_are_a_map_whose_points_know_their_runs_and_the_best_has_a_frame(
    backend: Backend, session: Session
) -> None:
    sweep = swept(backend, session, ("a", "1, 2"), (OFFSET, "0, 1, 2"))
    drawn = figure(sweep, seen(sweep), numbers(sweep, "e"), "e", True)
    assert kind_of(drawn) == "figure"
    heat, points = drawn.data[0], drawn.data[1]
    assert heat.z.tolist() == [[5, 6, 7], [10, 11, 12]]
    assert [(x, y, data[0]) for x, y, data in zip(points.x, points.y, points.customdata, strict=True)] == [
        (0, 0, 0),
        (1, 0, 1),
        (2, 0, 2),
        (0, 1, 3),
        (1, 1, 4),
        (2, 1, 5),
    ]
    frame_of_best = drawn.layout.shapes[0]
    assert (round(frame_of_best.x0), round(frame_of_best.y0)) == (2, 1)
    assert list(drawn.layout.xaxis.ticktext) == ["0", "1", "2"]


def test_one_axis_is_a_line_from_left_to_right(backend: Backend, session: Session) -> None:
    sweep = swept(backend, session, ("a", "3, 1, 2"))
    drawn = figure(sweep, seen(sweep), numbers(sweep, "e"), "e", False)
    assert (list(drawn.data[0].x), list(drawn.data[0].y)) == ([1, 2, 3], [6, 11, 16])
    ring = drawn.data[2]
    assert (list(ring.x), list(ring.y)) == ([1], [6])


def test_markup_in_values_and_errors_is_text_in_the_figure(backend: Backend, session: Session) -> None:
    sweep = swept(backend, session, ("a", '"<a href=x>", "<img src=x>"'), (OFFSET, "0, 1"))
    drawn = figure(sweep, [Outcome("failed", "<b>no</b>")] * 4, [None] * 4, "<i>", True)
    assert "<a " not in drawn.to_json()
    assert "<img" not in drawn.to_json()
    assert "<b>no" not in drawn.to_json()


def test_the_example_is_set_up_by_one_click_and_counted() -> None:
    page = Pages()
    page.go("sweep")
    page.press("sweep_example")
    assert page.session.draft.name.startswith("4 ")
    assert page.is_enabled("sweep_run")
    assert "128 runs of 2,432 tasks" in page.texts.replace("*", "")
    assert "16 values: 5, 6, 7, …, 20" in page.texts


def fill(page: Pages, place: int, target: Target, text: str) -> None:
    page.page.selectbox(key=f"sweep_target_{place}").set_value(target).run()
    page.page.text_input(key=f"sweep_values_{place}").set_value(text).run()
    assert not page.page.exception


def test_a_sweep_is_run_on_the_page_and_its_best_run_opened_in_the_workbench(backend: Backend) -> None:
    page = Pages()
    page.go("sweep")
    page.press("sweep_example")
    fill(page, 0, "shortWindow", "10, 15")
    fill(page, 1, "longWindow", "40")
    page.press("sweep_run")
    sweep_id = page.session.sweep.shown
    until(lambda: not backend.sweeper.is_under_way(sweep_id))
    page.draw()
    assert "2 done" in page.texts
    assert page.page.selectbox(key="sweep_number").value == "summary / Return / Strategy"
    best = sweep_number.best(
        [
            one.numbers["summary / Return / Strategy"]
            for one in seen(backend.sweeps.find(sweep_id, page.session.draft.catalog))
        ],
        True,
    )
    page.press("sweep_open_best")
    assert page.session.run
    assert page.session.run.id == f"{sweep_id}-{best}"
    assert page.session.draft.inputs["shortWindow"] == (10, 15)[best or 0]
    assert page.session.draft.inputs["longWindow"] == 40


def test_a_sweep_runs_what_was_typed_just_before_the_press(backend: Backend) -> None:
    page = Pages()
    page.go("sweep")
    page.press("sweep_example")
    fill(page, 0, "shortWindow", "10, 15")
    fill(page, 1, "longWindow", "40")
    page.page.text_input(key="sweep_values_1").set_value("41")
    page.press("sweep_run")
    sweep = backend.sweeps.find(page.session.sweep.shown, page.session.draft.catalog)
    assert [list(axis.values) for axis in sweep.axes] == [[10, 15], [41]]
    until(lambda: not backend.sweeper.is_under_way(sweep.id))


def test_many_runs_are_asked_for_once_more(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_form, "MANY_RUNS", 1)
    page = Pages()
    page.go("sweep")
    page.press("sweep_example")
    fill(page, 0, "shortWindow", "10, 15")
    fill(page, 1, "longWindow", "40")
    page.press("sweep_run")
    assert page.session.sweep.shown == ""
    page.press("confirm")
    assert page.session.sweep.shown
    until(lambda: not backend.sweeper.is_under_way(page.session.sweep.shown))


def test_too_many_runs_are_refused_in_place() -> None:
    page = Pages()
    page.go("sweep")
    page.press("sweep_example")
    fill(page, 0, "shortWindow", "1 to 100")
    fill(page, 1, "longWindow", "1 to 100")
    assert "at most 2,500" in page.texts
    assert not page.is_enabled("sweep_run")


def test_a_sweep_of_another_workflow_is_set_up_again(backend: Backend, session: Session) -> None:
    sweep = swept(backend, session, ("a", "1, 2"), (OFFSET, '"x, y", null, 2007-01-31'))
    services.open_sample(session, "analysis_2")
    services.set_up_again(session, sweep)
    assert session.draft is sweep.workflow
    axes = tuple(one.axis for one in (sweep_choice.read(session, place) for place in (0, 1)) if one.axis)
    assert [variant.values for variant in expand(session.draft, axes)] == [variant.values for variant in sweep.variants]
    services.undo(session)
    assert session.draft.name.startswith("2 ")
