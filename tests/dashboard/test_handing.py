"""Handing on: report, notebook, class and bundle of a run; a bundle taken in; a run run again exactly."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from core import Workflow
from core.artifact import Artifact
from core.bundle import read_bundle, write_bundle
from core.compare.run import OutputState
from core.record import RunRecord, RunState, TaskRecord
from core.result import State
from dashboard import services
from dashboard.reading import comparison, results, side
from dashboard.server.backend import Backend
from dashboard.services.bundle import MISSING
from dashboard.state import Session
from tests.dashboard.moves import FAILING, outputs, put
from tests.dashboard.pages import Pages, forget, record
from tests.dashboard.work import row, session_of


def ran(session: Session) -> str:
    """Run the draft; return the id of the run, which only the store knows then."""
    services.run_all(session)
    run_id = record(session)
    forget(run_id)
    session.run = None
    return run_id


@pytest.fixture
def drawn() -> Session:
    """A table that ends with a number and a figure."""
    return session_of(row(0, "double", "a", {}, "b"), row(1, "picture", (), {"title": "A title"}, "fig"))


# Files


def test_the_report_of_a_stored_run_has_its_values(drawn: Session) -> None:
    page = services.report_of(ran(drawn))
    assert page.startswith("<!doctype html>")
    assert "A title" in page
    assert "<h3>b</h3>" in page
    assert "Content-Security-Policy" in page


def test_the_report_tells_what_is_not_there_any_more(backend: Backend, drawn: Session) -> None:
    run_id = ran(drawn)
    for digest in backend.artifacts.files():
        backend.artifacts.remove(digest)
    assert "This value cannot be shown: a stored value is not there any more" in services.report_of(run_id)


def test_the_report_leaves_out_what_is_large_and_opens_no_pickle(
    backend: Backend, drawn: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.services.handing.SMALL", 0)
    page = services.report_of(ran(drawn))
    assert "it is left out, because it takes" in page
    assert "A title" in page  # a figure comes from the reader


def test_the_report_of_nothing_says_so() -> None:
    assert "there is no run" in services.report_of("<script>")
    assert "<script>" not in services.report_of("<script>")


def test_notebook_and_class_are_of_the_table_that_ran(drawn: Session) -> None:
    run_id = ran(drawn)
    put(drawn, 1, "outputKeys", "other")
    _, workflow = services.handed(run_id)
    source = str([cell["source"] for cell in json.loads(services.notebook_of(workflow))["cells"]])
    assert "b = " in source
    assert "'other'" not in services.python_of(workflow)


def test_what_has_no_such_form_says_why() -> None:
    broken = session_of(row(0, "double", "nothing", {}, "b")).draft
    assert "cannot be written as a notebook" in json.loads(services.notebook_of(broken))["cells"][0]["source"]
    unread = session_of(row("soon", "double", "a", {}, "b")).draft
    assert services.python_of(unread).startswith("# This workflow cannot be written as Python")


def test_the_popover_of_a_run_offers_every_file(drawn: Session) -> None:
    first, second = ran(drawn), ran(drawn)
    pages = Pages()
    pages.go("compare", a=f"run:{first}", b=f"run:{second}")
    pages.open_list(f"files_run_{first}")
    offered = [str(button.key).rpartition("-")[2] for button in pages.page.get("download_button")]
    assert offered == ["report", "bundle", "notebook", "python"]


# Bundles


def test_a_bundle_is_opened_with_its_run_and_its_values_and_calls_nothing(
    backend: Backend, drawn: Session, called: list[str]
) -> None:
    put(drawn, 1, "note", "why")
    content = services.bundle_of(ran(drawn))
    for digest in backend.artifacts.files():
        backend.artifacts.remove(digest)
    called.clear()
    receiver = session_of(row(0, "same", "a", {}, "z"))
    services.upload(receiver, "work.zip", content)
    assert receiver.draft.tasks == drawn.draft.tasks
    assert outputs(receiver)["b"] == 2
    assert outputs(receiver)["fig"].layout.title.text == "A title"
    assert receiver.run is not None
    assert called == []
    assert "It would call" in " ".join(receiver.preflight)
    assert "2 values" in " ".join(receiver.preflight)
    kept = backend.store.run(receiver.run.id)
    assert (kept.record.state, kept.note) == (RunState.DONE, "From a bundle.")
    services.undo(receiver)
    assert receiver.draft.tasks[0].output_keys == ("z",)


def test_a_bundle_holds_the_chosen_values_only(drawn: Session) -> None:
    run_id = ran(drawn)
    sizes = services.values_of(run_id)
    assert list(sizes) == ["b", "fig"]
    found = read_bundle(services.bundle_of(run_id, ["b"]))
    assert [(artifact.kind, artifact.size) for artifact in found.artifacts] == [("number", sizes["b"])]
    assert found.left_out == ()
    assert len(read_bundle(services.bundle_of(run_id)).artifacts) == 2


def test_the_values_of_a_bundle_are_chosen_where_it_is_downloaded(drawn: Session) -> None:
    run_id = ran(drawn)
    pages = Pages()
    pages.go("history")
    pages.open_list(f"more_run_{run_id}")
    field = pages.page.multiselect(key=f"files_run_{run_id}-values")
    assert [option.split(" ")[0] for option in field.options] == ["b", "fig"]
    assert field.value == []


def test_a_bundle_without_a_run_opens_its_workflow(drawn: Session) -> None:
    receiver = session_of(row(0, "same", "a", {}, "z"))
    services.upload(receiver, "work.ZIP", write_bundle(drawn.draft.to_json()))
    assert receiver.draft.tasks == drawn.draft.tasks
    assert receiver.run is None


def test_a_bundle_goes_into_the_library_with_its_run(backend: Backend, drawn: Session) -> None:
    content = services.bundle_of(ran(drawn))
    receiver = session_of(row(0, "same", "a", {}, "z"))
    services.keep_bundle(receiver, "work.zip", content)
    assert receiver.notice
    assert receiver.notice.text == "work is in the library, with its run."
    [run] = [run for run in backend.store.runs(limit=1) if run.workflow_id]
    assert backend.store.version(str(run.workflow_id), 1).message == "Uploaded: work.zip"
    assert side.side(f"version:{run.workflow_id}:1").run is not None


def test_a_bundle_that_comes_again_opens_the_run_that_is_there(backend: Backend, drawn: Session) -> None:
    content = services.bundle_of(ran(drawn))
    first, second = session_of(row(0, "same", "a", {}, "z")), session_of(row(0, "same", "a", {}, "z"))
    services.upload(first, "work.zip", content)
    number = backend.store.runs(limit=1)[0].number
    for digest in backend.artifacts.files():
        backend.artifacts.remove(digest)
    services.upload(second, "again.zip", content)
    assert first.run
    assert second.run
    assert second.run.id == first.run.id
    assert backend.store.runs(limit=1)[0].number == number
    assert outputs(second)["b"] == 2
    assert second.preflight[0] == f"again.zip is here already: run {number} is open. Nothing has run here."


def test_a_bundle_that_is_in_the_library_is_not_saved_again(backend: Backend, drawn: Session) -> None:
    content = services.bundle_of(ran(drawn))
    receiver = session_of(row(0, "same", "a", {}, "z"))
    services.upload(receiver, "work.zip", content)
    services.keep_bundle(receiver, "work.zip", content)
    run = backend.store.runs(limit=1)[0]
    assert receiver.run
    assert (run.id, run.version) == (receiver.run.id, 1)
    services.keep_bundle(receiver, "work.zip", content)
    assert receiver.notice
    assert receiver.notice.text == f"work.zip is here already: run {run.number} of work."
    services.delete_workflow(receiver, str(run.workflow_id))
    services.keep_bundle(receiver, "work.zip", content)
    assert receiver.notice.text == "work is in the library, with its run."


def test_a_run_of_a_bundle_that_was_deleted_comes_again(backend: Backend, drawn: Session) -> None:
    content = services.bundle_of(ran(drawn))
    receiver = session_of(row(0, "same", "a", {}, "z"))
    services.upload(receiver, "work.zip", content)
    assert receiver.run
    services.delete_run(receiver, receiver.run.id)
    services.upload(receiver, "work.zip", content)
    assert receiver.run
    assert "It has a run with 2 values" in " ".join(receiver.preflight)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"{}", b"x" * 1000])
def test_what_is_no_bundle_leaves_everything_as_it_was(drawn: Session, content: bytes) -> None:
    before = drawn.draft
    services.upload(drawn, "bad.zip", content)
    services.keep_bundle(drawn, "bad.zip", content)
    assert drawn.draft is before
    assert drawn.notice
    assert "bad.zip was not kept" in drawn.notice.text


def handed(record: RunRecord, drawn: Session, *contents: bytes) -> Session:
    """Take in a bundle whose run says what it likes."""
    import hashlib

    files = {hashlib.sha256(content).hexdigest(): content for content in contents}
    values = [Artifact(digest, "bytes", len(content), "other") for digest, content in files.items()]
    bundle = write_bundle(drawn.draft.to_json(), record, values, lambda artifact: files[artifact.digest])
    assert len(read_bundle(bundle).artifacts) == len(contents)
    receiver = session_of(row(0, "same", "a", {}, "z"))
    services.upload(receiver, "work.zip", bundle)
    return receiver


def test_bytes_that_a_bundle_brings_are_never_opened_as_a_pickle(backend: Backend, drawn: Session) -> None:
    import hashlib
    import pickle

    content = pickle.dumps([1, 2, 3])
    digest = hashlib.sha256(content).hexdigest()
    pretended = Artifact(digest, "pickle", len(content), "data", {"type": "list", "preview": digest})
    record = RunRecord("", RunState.DONE, tasks={"t1": TaskRecord(State.DONE, outputs={"b": pretended})})
    receiver = handed(record, drawn, content)
    assert receiver.run is not None
    found = backend.store.run(receiver.run.id).record.tasks["t1"].outputs["b"]
    assert (found.digest, found.codec) == ("", "")
    assert found.summary == {"type": "list", "reason": MISSING}


def test_a_value_that_did_not_come_along_is_not_taken_from_what_is_here(backend: Backend, drawn: Session) -> None:
    private = backend.artifacts.put("somebody else's")
    record = RunRecord("", RunState.DONE, tasks={"t1": TaskRecord(State.DONE, outputs={"b": private})})
    receiver = handed(record, drawn)
    assert receiver.run is not None
    assert backend.store.run(receiver.run.id).record.tasks["t1"].outputs["b"].digest == ""


@pytest.mark.parametrize("state", [RunState.QUEUED, RunState.RUNNING])
def test_a_run_that_was_handed_on_under_way_is_over_here(backend: Backend, drawn: Session, state: RunState) -> None:
    record = RunRecord("", state, tasks={"t1": TaskRecord(State.RUNNING)})
    receiver = handed(record, drawn)
    assert receiver.run is not None
    found = backend.store.run(receiver.run.id).record
    assert (found.state, found.tasks["t1"].state) == (RunState.INTERRUPTED, State.FAILED)
    assert not results.is_running(receiver)


# Run again exactly


def test_a_run_that_is_run_again_is_equal_and_reuses_nothing(
    backend: Backend, drawn: Session, called: list[str]
) -> None:
    first = ran(drawn)
    assert services.differences_here(first).is_equal
    called.clear()
    second = services.run_again(drawn, first)
    assert second
    assert called == ["double"]
    old, new = side.side(f"run:{first}"), side.side(f"run:{second}")
    assert comparison.difference(old, new).is_reproduced
    assert backend.store.run(second).content == backend.store.run(first).content
    assert backend.store.run(second).note == f"Run {backend.store.run(first).number} again, exactly."


def test_the_output_that_is_not_equal_is_named_after_a_run_again(called: list[str]) -> None:
    session = session_of(row(0, "double", "a", {}, "steady"), row(0, "count_calls", "a", {}, "wavering"))
    first = ran(session)
    second = services.run_again(session, first)
    assert called == ["double", "count_calls", "double", "count_calls"]
    found = comparison.difference(side.side(f"run:{first}"), side.side(f"run:{second}"))
    assert not found.is_reproduced
    assert {output.key: output.state for output in found.outputs} == {
        "steady": OutputState.EQUAL,
        "wavering": OutputState.DIFFERENT,
    }
    pages = Pages()
    pages.go("compare", a=f"run:{first}", b=f"run:{second}")
    assert "##### 1 output differs" in [item.value for item in pages.page.markdown]
    assert "1 output equal, by digest" in [item.label for item in pages.page.expander]


def test_what_differs_here_is_told_first(backend: Backend, drawn: Session) -> None:
    first = ran(drawn)
    run = backend.store.run(first)
    other = "again"
    backend.store.begin_run(
        other,
        workflow_id=None,
        version=None,
        name="work",
        content=run.content,
        functions={**run.functions, next(iter(run.functions)): "edited since"},
        environment={**run.environment, "pandas": "1.0"},
    )
    found = services.differences_here(other)
    assert [change.name for change in found.packages] == ["pandas"]
    assert len(found.edited) == 1


def test_a_run_that_cannot_run_here_is_not_begun(backend: Backend, drawn: Session) -> None:
    content = Workflow([[0, "gone.function", (), {}, "x"]], {}, name="work").to_json()
    backend.store.begin_run(
        "unrunnable", workflow_id=None, version=None, name="work", content=content, functions={}, environment={}
    )
    assert services.run_again(drawn, "unrunnable") is None
    assert drawn.notice
    assert "gone.function" in drawn.notice.text
    assert services.run_again(drawn, "unknown") is None
    assert services.run_version(drawn, "unknown", 1) is None


def test_a_failing_run_fails_again_in_the_same_way(backend: Backend) -> None:
    session = session_of(*FAILING)
    first = ran(session)
    second = services.run_again(session, first)
    old, new = side.side(f"run:{first}"), side.side(f"run:{second}")
    assert (old.record.state, new.record.state) == (RunState.FAILED, RunState.FAILED)
    assert comparison.difference(old, new).is_reproduced


def test_the_dialog_says_that_nothing_differs_and_leads_to_the_comparison(drawn: Session) -> None:
    first = ran(drawn)
    pages = Pages()
    pages.go("compare", a=f"run:{first}", b=f"run:{ran(drawn)}")
    pages.press(f"again_run_{first}")
    assert "Nothing differs here" in pages.page.success[-1].value
    pages.press("again_now")
    texts = [box.value.replace("\\", "") for box in pages.page.success]
    assert "The same table, inputs and code; every one of 2 outputs is equal." in texts


def test_a_large_bundle_tells_what_it_leaves_out(
    backend: Backend, drawn: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.services.handing.MOST_HANDED", 10)
    found = read_bundle(services.bundle_of(ran(drawn)))
    assert [artifact.kind for artifact in found.artifacts] == ["number"]
    assert [item.reason for item in found.left_out] == ["it cannot be read: the bundle would take more than 10 bytes"]


def test_artifacts_from_elsewhere_are_checked(backend: Backend) -> None:
    from core.errors import ArtifactError

    stored = backend.artifacts.put("text")
    content = backend.artifacts.path(stored).read_bytes()
    backend.artifacts.remove(stored.digest)
    with pytest.raises(ArtifactError, match="damaged"):
        backend.artifacts.take(stored.digest, content + b"x")
    backend.artifacts.take(stored.digest, content)
    backend.artifacts.take(stored.digest, content)
    assert backend.artifacts.get(stored) == "text"
    with pytest.raises(ArtifactError, match="no digest"):
        backend.artifacts.take("../" * 20, content)


def test_a_name_makes_a_file_name() -> None:
    from dashboard.services.handing import file_stem

    assert file_stem("../a b:c") == "a_b_c"
    assert file_stem("///") == "workflow"


def test_all_files_of_a_run_are_there_when_it_is_partial(drawn: Session) -> None:
    services.step(drawn)
    run_id = record(drawn)
    found: Any = read_bundle(services.bundle_of(run_id))
    assert found.record.state is RunState.PAUSED
    assert dataclasses.asdict(found.artifacts[0])["codec"] == "json"
