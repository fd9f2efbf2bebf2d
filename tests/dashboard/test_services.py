"""Everything that a user can do with a draft, on a session without a browser."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from core import REQUIRED
from core.edit import MAX_TEXT
from dashboard import services
from dashboard.reading import facts, results
from dashboard.state import MAX_HISTORY, Session
from tests.dashboard import work
from tests.dashboard.moves import CHANGES, ROWS, cell, put
from tests.dashboard.work import session_of

# Opening


def test_samples_are_named() -> None:
    assert list(facts.samples()) == ["analysis_1", "analysis_2", "analysis_3", "analysis_4"]
    assert facts.load_sample(facts.FIRST_SAMPLE).name == facts.samples()[facts.FIRST_SAMPLE]
    assert all(facts.load_sample(stem).plan_or_none for stem in facts.samples())


def test_open_sample_shows_it_with_nothing_run_and_undo_brings_the_former_back(session: Session) -> None:
    services.run_all(session)
    former = session.draft
    services.select(session, "t1")
    services.open_sample(session, "analysis_1")
    assert session.draft.name == "1 Price against time"
    assert (session.run, session.selected) == (None, None)
    services.undo(session)
    assert session.draft is former


def test_undo_and_redo_lead_back_to_the_run_that_was_looked_at_before_another_workflow_was_opened(
    session: Session,
) -> None:
    services.run_all(session)
    run = session.run
    services.open_sample(session, "analysis_1")
    services.rename(session, "mine")
    services.undo(session)
    assert session.run is None
    services.undo(session)
    assert session.run is run
    services.redo(session)
    assert (session.draft.name, session.run) == ("1 Price against time", None)
    services.undo(session)
    assert session.run is run


def test_a_run_that_goes_on_while_another_workflow_is_opened_is_told_of(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "is_running", lambda _: True)
    services.new_workflow(session)
    assert session.notice
    assert session.notice.text == "The run of work goes on. Undo, or the History, leads back to it."


@pytest.mark.parametrize("stem", ["analysis_9", "../analysis_1", "", None])
def test_a_sample_that_does_not_exist_changes_nothing(session: Session, stem: Any) -> None:
    former = session.draft
    services.open_sample(session, stem)
    assert session.draft is former
    assert session.past == []


def test_upload_opens_json_with_its_name_and_inputs() -> None:
    session = Session(facts.load_sample("analysis_1"))
    sent = facts.load_sample("analysis_4")
    services.upload(session, "other.json", sent.to_json().encode())
    assert session.draft.tasks == sent.tasks
    assert (session.draft.name, session.draft.inputs) == (sent.name, sent.inputs)
    assert session.preflight[0] == "other.json is open. Nothing has run yet."
    assert session.notice is None
    assert session.run is None


def test_what_is_opened_in_live_mode_does_not_run_before_it_is_edited(session: Session) -> None:
    session.is_live = True
    services.upload(session, "other.json", session.draft.replace(name="other").to_json().encode())
    services.keep_live(session)
    assert (session.run, session.is_live) == (None, False)


def test_after_a_run_nobody_is_told_that_nothing_has_run(session: Session) -> None:
    services.upload(session, "other.json", session.draft.replace(name="other").to_json().encode())
    title, *lines = session.preflight
    assert title == "other.json is open. Nothing has run yet."
    services.run_all(session)
    assert session.preflight == ("other.json is open.", *lines)


@pytest.mark.parametrize("name", ["table.csv", "TABLE.CSV", "table.tsv"])
def test_upload_opens_a_table_and_names_it_after_the_file(name: str) -> None:
    session = Session(facts.load_sample("analysis_1"))
    text = facts.load_sample("analysis_2").to_csv()
    services.upload(session, name, text.encode())
    assert session.draft.name == name.partition(".")[0]
    assert session.draft.tasks == facts.load_sample("analysis_2").tasks
    assert dict(session.draft.inputs) == dict.fromkeys(["ticker", "dateCol", "start", "end"], REQUIRED)


def test_a_long_file_name_gives_a_name_that_can_be_saved() -> None:
    session = Session(facts.load_sample("analysis_1"))
    services.upload(session, "x" * 250 + ".csv", session.draft.to_csv().encode())
    saved = session.draft.to_json().encode()
    services.upload(session, "again.json", saved)
    assert session.notice is None
    assert session.draft.name == "x" * 200


BAD_FILES: list[tuple[str, bytes, str]] = [
    ("a.json", b"{", "a.json was not opened: the text is not JSON"),
    ("a.json", b"{}", 'expected "format"'),
    ("a.json", b"[" * 100_000, "nested deeper"),
    ("a.json", b'{"format": "tasktable.workflow", "version": 2}', "format version 2"),
    ("a.json", b'{"format": "tasktable.workflow", "version": 1, "tasks": [], "owner": "me"}', "unknown field 'owner'"),
    ("a.json", b"\xff\xfe", "not UTF-8"),
    ("a.csv", b"a,b\n1,2\n", "no column order"),
    ("a.csv", b"", "no column order"),
    ("a.csv", b'order,funcPath\n0,"', "is not CSV"),
    ("a.csv", b"order,funcPath\n" + b"0,m.f\n" * 20_001, "more than 20,000 rows"),
    ("a.json", b"MZ\x00", "NUL"),
    ("a.exe", b"MZ\x00", "neither a workflow (.json, .csv, .tsv) nor a bundle (.zip)"),
    ("json", b"{}", "neither a workflow"),
]


@pytest.mark.parametrize(("name", "content", "reason"), BAD_FILES)
def test_a_file_that_cannot_be_read_leaves_everything_and_says_why(
    session: Session, name: str, content: bytes, reason: str
) -> None:
    services.run_all(session)
    services.select(session, "t2")
    before = (session.draft, session.run, session.selected, list(session.past))
    services.upload(session, name, content)
    assert (session.draft, session.run, session.selected, session.past) == before
    assert session.notice
    assert session.notice.kind == "error"
    assert reason in session.notice.text
    assert len(session.notice.text) < 400


# Editing


def test_an_edit_changes_the_draft_and_undo_and_redo_go_back_and_forth(session: Session) -> None:
    put(session, 1, "outputKeys", "B")
    assert cell(session, 1, "outputKeys") == "B"
    services.undo(session)
    assert cell(session, 1, "outputKeys") == "b"
    services.redo(session)
    assert cell(session, 1, "outputKeys") == "B"


def test_an_edit_that_changes_nothing_is_no_step_of_the_history(session: Session) -> None:
    put(session, 1, "outputKeys", " b ")
    services.edit(session, {"op": "move", "ids": ["t1"], "after": None})
    services.set_cell(session, "t4", "kwargs", {"offset": 1})
    services.set_input(session, "a", 1)
    services.rename(session, "work")
    services.rename(session, "  ")
    assert session.past == []


def test_an_edit_that_makes_no_sense_is_told_and_changes_nothing(session: Session) -> None:
    former = session.draft
    for operation in ({"op": "delete", "ids": ["t9"]}, {"op": "explode"}, {}):
        session.notice = None
        services.edit(session, operation)
        assert session.draft is former
        assert session.notice is not None
        assert session.notice.kind == "error"


def test_a_new_row_is_selected_and_one_that_has_gone_is_not(session: Session) -> None:
    services.edit(session, {"op": "add", "after": "t2"})
    assert session.selected == "t5"
    services.edit(session, {"op": "duplicate", "ids": ["t1"]})
    assert session.selected == "t6"
    services.edit(session, {"op": "delete", "ids": ["t6"]})
    assert session.selected is None
    services.edit(session, {"op": "add", "after": session.selected})
    assert session.notice is None
    assert session.selected == "t6"
    services.undo(session)
    assert session.selected is None


def test_a_selected_row_stays_selected_when_others_change(session: Session) -> None:
    services.select(session, "t2")
    put(session, 1, "note", "why")
    services.edit(session, {"op": "delete", "ids": ["t4"]})
    services.edit(session, {"op": "move", "ids": ["t2"], "after": None})
    assert session.selected == "t2"


@pytest.mark.parametrize("task_id", ["t9", None, "", ["t1"], {"t1": 1}, 1])
def test_what_is_no_row_selects_nothing(session: Session, task_id: Any) -> None:
    services.select(session, "t1")
    assert facts.selected_task(session) == session.draft.tasks[0]
    services.select(session, task_id)
    assert session.selected is None
    assert facts.selected_task(session) is None


def note(number: Any, text: str) -> dict[str, Any]:
    return {"op": "set", "id": "t1", "column": "note", "text": text, "number": number}


DELIVERIES: list[tuple[str, list[Any], str, int]] = [
    ("in order", [[note(1, "a"), note(2, "b")]], "b", 2),
    ("one at a time", [[note(1, "a")], [note(2, "b")]], "b", 2),
    ("the same twice", [[note(1, "a"), note(2, "b")], [note(1, "a"), note(2, "b")]], "b", 2),
    ("with what was sent before", [[note(1, "a")], [note(1, "x"), note(2, "b")]], "b", 2),
    ("an older one late", [[note(2, "b")], [note(1, "a")]], "b", 2),
    ("an older one behind", [[note(2, "b"), note(1, "a")]], "b", 2),
    ("with a gap", [[note(1, "a"), note(7, "b")]], "b", 7),
    ("without numbers", [[note(None, "a"), note("1", "b"), note(True, "c"), note(1.0, "d")]], "", 0),
    ("numbers before the first", [[note(0, "a"), note(-1, "b")]], "", 0),
    ("no operations", [None, {}, "set", 5, [None, 1, "set", []]], "", 0),
    ("one refused between", [[note(1, "a"), note(2, "x" * (MAX_TEXT + 1)), note(3, "c")]], "c", 3),
]


@pytest.mark.parametrize(("_how", "deliveries", "text", "last"), DELIVERIES, ids=[item[0] for item in DELIVERIES])
def test_operations_of_the_grid_are_applied_once_and_in_order(
    session: Session, _how: str, deliveries: list[Any], text: str, last: int
) -> None:
    for operations in deliveries:
        services.edit_all(session, operations)
    assert (session.draft.tasks[0].note, session.last_edit) == (text, last)


def test_adding_rows_twice_by_repeated_delivery_adds_them_once(session: Session) -> None:
    operations = [{"op": "add", "after": None, "number": 1}, {"op": "add", "after": None, "number": 2}]
    for _ in range(3):
        services.edit_all(session, operations)
    assert len(session.draft.tasks) == 6


def test_the_grid_may_undo_and_redo(session: Session) -> None:
    services.edit_all(session, [note(1, "a"), note(2, "b"), {"op": "undo", "number": 3}])
    assert session.draft.tasks[0].note == "a"
    services.edit_all(session, [{"op": "redo", "number": 4}, {"op": "redo", "number": 4}])
    assert session.draft.tasks[0].note == "b"


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_can_be_undone_and_done_again(session: Session, name: str) -> None:
    before = session.draft
    CHANGES[name](session)
    after = session.draft
    assert after is not before
    assert len(session.past) == 1
    services.undo(session)
    assert session.draft is before
    services.undo(session)
    assert session.draft is before
    services.redo(session)
    assert session.draft is after
    services.redo(session)
    assert session.draft is after


def test_a_new_change_ends_what_could_be_done_again(session: Session) -> None:
    put(session, 1, "note", "a")
    services.undo(session)
    put(session, 1, "note", "b")
    services.redo(session)
    assert session.draft.tasks[0].note == "b"


def test_all_changes_together_are_undone_one_by_one(session: Session) -> None:
    seen = [session.draft]
    for change in CHANGES.values():
        change(session)
        if session.draft is not seen[-1]:
            seen.append(session.draft)
    assert len(seen) > 8
    for draft in seen[-2::-1]:
        services.undo(session)
        assert session.draft is draft
    for draft in seen[1:]:
        services.redo(session)
        assert session.draft is draft


def test_only_so_many_changes_are_remembered(session: Session) -> None:
    for number in range(MAX_HISTORY + 10):
        put(session, 1, "note", str(number))
    assert len(session.past) == MAX_HISTORY
    for _ in range(MAX_HISTORY + 10):
        services.undo(session)
    assert session.draft.tasks[0].note == "9"


@pytest.mark.parametrize(
    "value", [2, 0.5, True, "text", dt.date(2020, 1, 1), [1, [2]], {"a": (1,)}, None, REQUIRED, 1.0, float("nan")]
)
def test_an_input_takes_a_value_of_any_type(session: Session, value: Any) -> None:
    services.set_input(session, "a", value)
    assert session.draft.inputs["a"] is value
    services.set_input(session, "a", value)
    assert len(session.past) == 1


@pytest.mark.parametrize(("old", "new"), [([1], [True]), ([1], [1.0]), (0.0, -0.0), (1, True), ("1", 1)])
def test_an_input_tells_equal_values_of_other_types_apart(old: Any, new: Any) -> None:
    session = session_of(*ROWS, a=old)
    services.set_input(session, "a", new)
    assert session.draft.inputs["a"] is new


def test_a_name_is_trimmed_and_not_too_long(session: Session) -> None:
    services.rename(session, "  new name \n")
    assert session.draft.name == "new name"
    services.rename(session, "x" * 500)
    assert session.draft.name == "x" * 200


# Functions


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("crossover", ["crossover"]),
        ("  TECHNICAL.simple ", ["simple_moving_average"]),
        ("no function has this", []),
    ],
)
def test_functions_are_found_by_path_title_and_tag(text: str, names: list[str]) -> None:
    assert [function.name for function in facts.search_functions(text)] == names


def test_functions_are_found_by_title_and_tag() -> None:
    for text in ("twice as", "ARITHMETIC"):
        assert [function.path for function in facts.search_functions(text)] == [f"{work.__name__}.double"]
    assert len(facts.search_functions("")) == len(facts.catalog())


def test_function_choices_are_what_the_catalog_has() -> None:
    choices = facts.function_choices()
    assert [choice["path"] for choice in choices] == sorted(choice["path"] for choice in choices)
    assert {"path", "title", "signature"} == set(choices[0])
    assert "sample_workflows.technical.crossover" in [choice["path"] for choice in choices]
