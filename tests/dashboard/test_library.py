"""The library: samples and saved workflows, looked for, opened, marked, put away, deleted, handed on."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from core import Workflow
from core.store import Store, UnknownRecordError
from dashboard import services
from dashboard.reading import facts, shelf, stand
from dashboard.server.backend import Backend
from dashboard.state import Session
from tests.dashboard.moves import put
from tests.dashboard.pages import Pages, record, saved


@pytest.fixture
def own_store(backend: Backend, tmp_path: Any) -> Store:
    """An empty store for this test alone."""
    from dataclasses import replace

    backend.store = Store.open(replace(backend.settings, data=tmp_path / "store"))
    return backend.store


def names(**wish: Any) -> list[str]:
    page = wish.pop("page", 0)
    found = shelf.shelf(shelf.Wish(**wish), page)
    assert found.problem == ""
    return [record.name for record in found.records]


def test_the_empty_library_shows_the_samples_and_what_to_do(own_store: Store) -> None:
    pages = Pages()
    pages.go("library")
    assert pages.keys("open_") == [f"open_{stem}" for stem in facts.samples()]
    assert "Nothing is saved yet" in pages.texts
    pages.press("open_analysis_2")
    assert pages.session.draft.name == facts.samples()["analysis_2"]
    assert pages.states == ["waiting"] * 8
    assert own_store.workflows() == []


def test_a_saved_workflow_is_opened_with_its_version(own_store: Store, session: Session) -> None:
    workflow_id = saved(session.draft.replace(name="mine"), "first", "second", author="Bob")
    pages = Pages()
    pages.go("library")
    assert "version 2 by Bob\njust now" in pages.texts
    assert "not run yet" in pages.texts
    pages.press(f"open_{workflow_id}")
    assert (pages.session.draft.name, stand.stand(pages.session)) == ("mine", "version 2")
    pages.press("undo")
    assert stand.stand(pages.session) == "draft"


def test_the_last_run_is_told(own_store: Store, session: Session) -> None:
    services.save(session, "first", "Ann")
    services.run_all(session)
    record(session)
    pages = Pages()
    pages.go("library")
    assert "done" in pages.texts
    assert "run 1, just now" in pages.texts


def test_names_messages_people_and_tags_are_looked_for(own_store: Store, session: Session) -> None:
    first = saved(session.draft.replace(name="apples"), "for the Client", author="Ann")
    saved(session.draft.replace(name="pears"), "nothing special", author="Bob")
    services.tag(session, "workflow", first, ["fruit", " round  one "])
    assert names(text="APPLES") == ["apples"]
    assert names(text="client") == ["apples"]
    assert names(text="bob") == ["pears"]
    assert names(tags=("round one",)) == ["apples"]
    assert names(text="cherries") == []
    assert shelf.known_tags() == ["fruit", "round one"]
    pages = Pages()
    pages.go("library")
    pages.search("library_search", "cherries")
    assert "Nothing is found" in pages.texts


def test_own_ones_are_told_apart_from_what_only_others_have_saved(own_store: Store, session: Session) -> None:
    both = saved(session.draft.replace(name="both"), "first", author="Bob")
    saved(session.draft.replace(name="theirs"), "first", author="Bob")
    saved(session.draft.replace(name="mine"), "first", author="Ann")
    own_store.save(both, session.draft.replace(name="changed").to_json(), 1, "Ann")
    assert names(author="Ann", whose="mine") == ["both", "mine"]
    assert names(author="Ann", whose="others") == ["theirs"]
    assert names(author="Ann") == ["both", "mine", "theirs"]
    pages = Pages()
    pages.go("library")
    assert not pages.page.get("button_group")
    pages.session.author = "Ann"
    pages.page.session_state["library_whose"] = "others"
    pages.draw()
    assert "theirs" in pages.texts
    assert "mine" not in pages.texts
    assert "Samples" not in pages.texts


def test_what_is_archived_is_shown_on_demand(own_store: Store, session: Session) -> None:
    workflow_id = saved(session.draft)
    services.archive(session, workflow_id)
    assert (names(), names(archived=True)) == ([], ["work"])
    services.archive(session, workflow_id, False)
    assert names() == ["work"]


def test_many_are_cut_into_pages(own_store: Store, session: Session) -> None:
    for number in range(shelf.PAGE + 3):
        saved(session.draft.replace(name=f"no {number}"))
    pages = Pages()
    pages.go("library")
    assert len(pages.keys("star_")) == shelf.PAGE
    pages.press("library_older")
    assert len(pages.keys("star_")) == 3
    assert not pages.is_enabled("library_older")
    pages.search("library_search", "no 1")
    assert "no 1" in pages.texts
    pages.press("star_workflow_" + own_store.workflows("no 1")[0].id)
    assert own_store.workflows("no 1")[0].starred


def test_a_duplicate_is_a_workflow_of_its_own(own_store: Store, session: Session) -> None:
    workflow_id = saved(session.draft, "first", "second")
    services.tag(session, "workflow", workflow_id, ["fruit"])
    services.duplicate(session, workflow_id)
    copy = own_store.workflows("copy")[0]
    assert (copy.name, copy.latest, copy.tags) == ("work (copy)", 1, ("fruit",))
    assert session.workflow_id is None


def test_the_choices_of_a_card_rename_and_delete_after_a_second_click(own_store: Store, session: Session) -> None:
    workflow_id = saved(session.draft)
    pages = Pages()
    pages.go("library")
    assert pages.keys("delete_") == []
    pages.open_list(f"more_{workflow_id}")
    assert f"workbench?workflow={workflow_id}" in pages.texts
    pages.search(f"rename_{workflow_id}", "better")
    assert own_store.workflow(workflow_id).name == "better"
    pages.press(f"delete_{workflow_id}")
    assert own_store.workflow(workflow_id)
    pages.press("confirm")
    with pytest.raises(UnknownRecordError):
        own_store.workflow(workflow_id)


def test_deleting_what_is_open_leaves_the_draft(own_store: Store, session: Session) -> None:
    services.save(session, "first", "Ann")
    put(session, 1, "note", "why")
    services.run_all(session)
    draft = session.draft
    run_id = record(session)
    services.delete_workflow(session, str(session.workflow_id))
    assert (session.draft, stand.stand(session)) == (draft, "draft")
    assert own_store.run(run_id).workflow_id is None
    services.delete_workflow(session, "gone")
    assert session.notice
    assert session.notice.kind == "error"


def test_an_upload_into_the_library_keeps_what_is_open(own_store: Store, session: Session) -> None:
    draft = session.draft
    services.keep_upload(session, "a.json", facts.load_sample("analysis_1").to_json().encode())
    services.keep_upload(session, "bad.json", b'{"format": "something else"}')
    assert session.draft is draft
    assert session.notice
    assert session.notice.text.startswith("bad.json was not kept: ")
    services.keep_upload(session, "class.py", b"class Analysis: ...")
    assert session.notice.text.startswith("class.py was not kept: it is neither a workflow")
    services.keep_upload(session, "table.csv", draft.to_csv().encode())
    assert sorted(names()) == [facts.samples()["analysis_1"], "table"]


def test_all_workflows_come_as_one_file(own_store: Store, session: Session) -> None:
    for _ in range(2):
        saved(session.draft.replace(name="../a/b"))
    with zipfile.ZipFile(io.BytesIO(shelf.export_all())) as file:
        assert len(set(file.namelist())) == 2
        assert not any(name.startswith(("/", "..")) or "/" in name for name in file.namelist())
        for name in file.namelist():
            assert Workflow.from_json(file.read(name)).tasks == session.draft.tasks


def test_hostile_texts_stay_texts(own_store: Store, session: Session) -> None:
    bad = "![x](http://evil/x.png) <script>alert(1)</script> :material/home: $x$"
    workflow_id = saved(session.draft.replace(name=bad, description=bad), bad, author=bad)
    services.tag(session, "workflow", workflow_id, ["![y](http://evil/y.png)"])
    pages = Pages()
    pages.go("library")
    assert "![" not in "\n".join(item.value for item in [*pages.page.markdown, *pages.page.caption])
    assert bad in pages.texts
    assert not any("<script>" in drawn or "<img src" in drawn for drawn in pages.markup)
    picture = shelf.picture(own_store.workflow(workflow_id))
    assert "<script>" not in picture


def test_a_garbled_version_has_no_picture_and_is_not_opened(own_store: Store, session: Session) -> None:
    made = own_store.add_workflow("odd", "no workflow file at all", "Ann", "")
    assert shelf.picture(own_store.workflow(made.workflow_id)) == shelf.NO_PICTURE
    assert not services.open_workflow(session, made.workflow_id)
    assert session.notice
    assert "It was not opened" in session.notice.text
    pages = Pages()
    pages.go("library")
    assert "odd" in pages.texts


def test_a_store_that_cannot_be_read_is_told_on_the_page(own_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.errors import StoreError

    def refuse(*_: Any, **__: Any) -> Any:
        raise StoreError("the database is garbled", "put a backup in its place")

    monkeypatch.setattr(own_store, "workflows", refuse)
    monkeypatch.setattr(own_store, "known_tags", refuse)
    pages = Pages()
    pages.go("library")
    assert "The library cannot be read: the database is garbled; put a backup in its place" in pages.texts


def test_a_read_only_store_is_said_before_anything_is_lost(
    own_store: Store, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "read_only_reason", "the disk is full; free some space")
    pages = Pages()
    pages.go("library")
    assert [item.value.replace("\\", "") for item in pages.page.warning] == [
        "Nothing can be saved or run now: the disk is full; free some space"
    ]
    pages.go("workbench")
    pages.open_list("save")
    assert pages.keys("save_now") == []
