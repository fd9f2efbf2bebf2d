"""Saving: versions, conflicts, and that nothing is ever lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from core import Workflow
from core.errors import StoreError
from dashboard import services
from dashboard.reading import facts, kept, stand
from dashboard.server.backend import Backend
from dashboard.state import Session
from dashboard.widgets.workbench import both_tables
from tests.dashboard.moves import CHANGES, ROWS, cell, put
from tests.dashboard.pages import Pages
from tests.dashboard.work import row, session_of


def tables(backend: Backend, session: Session) -> list[tuple[int, int, str, str]]:
    """Number, base, author and message of every version, newest first."""
    found = backend.store.versions(str(session.workflow_id))
    return [(version.number, version.based_on, version.author, version.message) for version in found]


def colleague(session: Session) -> Session:
    """Somebody else who has the same version open."""
    other = Session(session.draft, author="Bob")
    other.belong(session.workflow_id, session.version)
    return other


@pytest.fixture
def pair(session: Session) -> tuple[Session, Session]:
    """Two people who have version 1 open."""
    services.save(session, "first", "Ann")
    return session, colleague(session)


def test_the_first_save_makes_a_workflow_and_later_ones_append(backend: Backend, session: Session) -> None:
    assert stand.stand(session) == "draft"
    services.save(session, " first ", " Ann  Lee ")
    assert (stand.stand(session), session.author) == ("version 1", "Ann Lee")
    put(session, 1, "note", "why")
    assert stand.stand(session) == "version 1, changed"
    services.save(session, "second")
    assert stand.stand(session) == "version 2"
    assert tables(backend, session) == [(2, 1, "Ann Lee", "second"), (1, 0, "Ann Lee", "first")]


def test_undoing_a_change_makes_the_draft_the_version_again(session: Session) -> None:
    services.save(session, "first", "Ann")
    put(session, 1, "note", "why")
    services.undo(session)
    assert stand.stand(session) == "version 1"


def test_saving_twice_makes_one_version(backend: Backend, session: Session) -> None:
    services.save(session, "first", "Ann")
    services.save(session, "again", "Ann")
    assert [number for number, *_ in tables(backend, session)] == [1]
    assert session.notice
    assert session.notice.text == "Nothing to save: this is version 1 as it stands."


@pytest.mark.parametrize(
    "rows", [[], [row("soon", "double", "a", {}, "b")], [row(0, "double", "nothing", {}, "b")]], ids=str
)
def test_a_table_that_cannot_run_is_saved_as_it_is(backend: Backend, rows: list[Any]) -> None:
    session = session_of(*rows)
    services.save(session, "", "Ann")
    content = backend.store.version(str(session.workflow_id), 1).content
    assert Workflow.from_json(content).tasks == session.draft.tasks
    assert stand.stand(session) == "version 1"


def test_a_workflow_without_a_name_gets_one(backend: Backend, session: Session) -> None:
    session.change(session.draft.replace(name=""))
    services.save(session)
    assert backend.store.workflow(str(session.workflow_id)).name == "Untitled"


def test_the_library_follows_the_name_of_the_draft(backend: Backend, session: Session) -> None:
    services.save(session)
    services.rename(session, "better")
    services.save(session)
    assert backend.store.workflow(str(session.workflow_id)).name == "better"


def test_a_name_that_was_given_in_the_library_stays_when_the_draft_is_saved(backend: Backend, session: Session) -> None:
    services.save(session)
    services.rename_saved(session, str(session.workflow_id), "ours")
    put(session, 1, "note", "why")
    services.save(session)
    assert backend.store.workflow(str(session.workflow_id)).name == "ours"


def test_a_second_save_on_the_same_version_is_told_and_saves_nothing(
    backend: Backend, pair: tuple[Session, Session]
) -> None:
    ann, bob = pair
    put(ann, 1, "note", "hers")
    services.save(ann, "for the client")
    put(bob, 2, "note", "his")
    services.save(bob, "mine")
    assert len(tables(backend, ann)) == 2
    assert bob.conflict
    assert (bob.conflict.latest.number, bob.conflict.latest.author) == (2, "Ann")
    assert bob.conflict.base
    assert bob.conflict.base.number == 1
    assert cell(bob, 2, "note") == "his"
    assert stand.stand(bob) == "version 1, changed"


def in_conflict(pair: tuple[Session, Session], hers: str = "hers", his_row: int = 2) -> tuple[Session, Session]:
    ann, bob = pair
    put(ann, 1, "note", hers)
    services.save(ann, "hers")
    put(bob, his_row, "note", "his")
    services.save(bob, "his", "Bob")
    assert bob.conflict
    return ann, bob


def test_both_tables_of_a_conflict_mark_what_each_has_changed(pair: tuple[Session, Session]) -> None:
    _, bob = in_conflict(pair, hers="<b>hers</b>")
    sides = services.sides_of(bob)
    assert sides
    base, theirs = sides
    assert both_tables.table(base, base).count('class="tt-same"') == both_tables.table(base, base).count("<td ")
    assert '<td class="tt-changed">&lt;b&gt;hers&lt;/b&gt;</td>' in both_tables.table(base, theirs)
    other = dataclasses.replace(base.tasks[0], id="new", function_path="some.thing", output_keys=("elsewhere",))
    found = both_tables.table(base, theirs.replace(tasks=[*theirs.tasks[1:], other]))
    assert (found.count('class="tt-removed"'), found.count('class="tt-added"')) == (5, 5)
    assert found.count("<tr>") == 1 + len(base.tasks) + 1


def test_saving_on_top_keeps_both_versions(backend: Backend, pair: tuple[Session, Session]) -> None:
    _, bob = in_conflict(pair)
    services.save_on_top(bob)
    assert tables(backend, bob)[0] == (3, 2, "Bob", "his")
    assert len(tables(backend, bob)) == 3
    assert (bob.conflict, stand.stand(bob)) == (None, "version 3")
    assert cell(bob, 1, "note") == ""


def test_merging_keeps_what_both_did_and_saves_only_when_asked(backend: Backend, pair: tuple[Session, Session]) -> None:
    _, bob = in_conflict(pair)
    services.merge(bob)
    assert (cell(bob, 1, "note"), cell(bob, 2, "note")) == ("hers", "his")
    assert (len(tables(backend, bob)), stand.stand(bob)) == (2, "version 2, changed")
    services.save(bob, "both")
    assert tables(backend, bob)[0] == (3, 2, "Bob", "both")


def test_after_undoing_a_merge_saving_is_a_conflict_again_and_drops_nothing(pair: tuple[Session, Session]) -> None:
    _, bob = in_conflict(pair)
    services.merge(bob)
    services.undo(bob)
    assert (cell(bob, 1, "note"), cell(bob, 2, "note")) == ("", "his")
    services.save(bob, "again")
    assert bob.conflict


@pytest.mark.parametrize(("chosen", "note"), [((), "his"), ((0,), "hers"), ((7, -1), "his")])
def test_where_both_changed_one_thing_mine_holds_unless_theirs_is_chosen(
    pair: tuple[Session, Session], chosen: tuple[int, ...], note: str
) -> None:
    _, bob = in_conflict(pair, his_row=1)
    found = services.union(bob)
    assert found
    assert [(item.task, item.mine, item.theirs) for item in found.collisions] == [("t1", "his", "hers")]
    services.merge(bob, chosen)
    assert cell(bob, 1, "note") == note


def test_a_copy_becomes_a_workflow_of_its_own(backend: Backend, pair: tuple[Session, Session]) -> None:
    ann, bob = in_conflict(pair)
    services.save_copy(bob)
    assert bob.workflow_id != ann.workflow_id
    assert backend.store.workflow(str(bob.workflow_id)).name == "work (copy)"
    assert (stand.stand(bob), len(tables(backend, ann))) == ("version 1", 2)


def test_deciding_later_changes_nothing(backend: Backend, pair: tuple[Session, Session]) -> None:
    _, bob = in_conflict(pair)
    services.leave_conflict(bob)
    assert (cell(bob, 2, "note"), stand.stand(bob), len(tables(backend, bob))) == ("his", "version 1, changed", 2)


@pytest.mark.parametrize("act", [services.merge, services.save_on_top, services.save_copy])
def test_a_decision_on_a_conflict_of_another_workflow_does_nothing(
    backend: Backend, pair: tuple[Session, Session], act: Callable[[Session], None]
) -> None:
    _, bob = in_conflict(pair)
    conflict, draft = bob.conflict, facts.load_sample("analysis_1")
    before = len(backend.store.workflows(limit=1000))
    bob.change(draft)
    bob.belong(None, None)
    bob.conflict = conflict
    act(bob)
    assert (bob.draft, bob.conflict) == (draft, None)
    assert len(backend.store.workflows(limit=1000)) == before


def test_undo_over_the_opening_of_something_else_comes_back_to_the_workflow_it_was_of(
    backend: Backend, session: Session
) -> None:
    services.save(session, "first", "Ann")
    first = session.workflow_id
    services.open_sample(session, "analysis_1")
    assert stand.stand(session) == "draft"
    services.undo(session)
    assert (session.workflow_id, stand.stand(session)) == (first, "version 1")
    services.redo(session)
    assert stand.stand(session) == "draft"
    services.save(session, "other", "Ann")
    assert session.workflow_id != first
    assert backend.store.workflow(str(first)).latest == 1


def test_a_draft_that_undo_brings_back_after_saving_is_based_on_what_was_saved(session: Session) -> None:
    services.save(session, "first", "Ann")
    put(session, 1, "note", "why")
    services.save(session, "second")
    services.undo(session)
    assert stand.stand(session) == "version 2, changed"
    services.save(session, "as before")
    assert (session.conflict, stand.stand(session)) == (None, "version 3")


def test_what_a_draft_is_of_outlives_the_server(session: Session) -> None:
    services.save(session, "first", "Ann")
    services.open_sample(session, "analysis_1")
    again = kept.from_text(kept.to_text(session), facts.catalog())
    assert (again.author, stand.stand(again)) == ("Ann", "draft")
    services.undo(again)
    assert stand.stand(again) == "version 1"


def test_a_workflow_that_was_deleted_meanwhile_is_saved_anew(backend: Backend, session: Session) -> None:
    services.save(session, "first", "Ann")
    backend.store.delete_workflow(str(session.workflow_id))
    services.save(session, "second")
    assert session.notice
    assert "deleted meanwhile" in session.notice.text
    services.save(session, "second")
    assert stand.stand(session) == "version 1"
    assert tables(backend, session) == [(1, 0, "Ann", "second")]


def test_a_store_that_cannot_write_is_told_and_the_draft_stays(
    monkeypatch: pytest.MonkeyPatch, backend: Backend, session: Session
) -> None:
    def refuse(*_: Any) -> None:
        raise StoreError("the disk is full", "free some space and try again")

    monkeypatch.setattr(backend, "store", SimpleNamespace(add_workflow=refuse))
    services.save(session, "first", "Ann")
    assert session.notice
    assert session.notice.text == "Not saved: the disk is full; free some space and try again"
    assert stand.stand(session) == "draft"


def test_a_message_that_is_too_long_is_refused(session: Session) -> None:
    services.save(session, "x" * 3000, "Ann")
    assert session.notice
    assert "3,000 characters" in session.notice.text
    assert stand.stand(session) == "draft"


def test_the_page_saves_with_a_message_and_a_name() -> None:
    pages = Pages()
    assert "draft" in pages.texts
    pages.open_list("save")
    pages.page.text_input(key="save_message").set_value("a *first* try")
    pages.page.text_input(key="save_author").set_value("Ann")
    pages.press("save_now")
    assert pages.notices == ["Saved as a new workflow, 3 Moving averages and their crossover."]
    assert "version 1" in pages.texts
    pages.rename("other")
    assert "version 1, changed" in pages.texts
    pages.open_list("save")
    assert pages.page.text_input(key="save_author").value == "Ann"
    assert pages.page.text_input(key="save_message").value == ""
    pages.press("save_now")
    assert "version 2" in pages.texts


@pytest.mark.parametrize("is_at_once", [False, True])
def test_the_page_shows_a_conflict_and_merges(backend: Backend, is_at_once: bool) -> None:
    """What is chosen just before the press counts, too: both come to the server together then."""
    pages = Pages()
    session = pages.session
    services.save(session, "first", "Ann")
    bob = colleague(session)
    put(bob, 1, "note", "![x](http://evil/x.png)")
    put(bob, 2, "note", "his")
    services.save(bob, "<b>his</b>", "Bob [x](y)")
    put(session, 2, "note", "hers")
    services.save(session, "hers")
    pages.draw()
    assert "Bob [x](y) saved version 2 just now: “<b>his</b>”" in pages.texts
    assert "t2 to_datetime, note: empty → his" in pages.texts
    drawn = "\n".join(item.value for item in pages.page.markdown)
    assert "![" not in drawn
    choice = pages.page.radio(key="collision_0").set_value("theirs")
    if not is_at_once:
        choice.run()
    pages.press("conflict_merge")
    assert cell(session, 2, "note") == "his"
    assert cell(session, 1, "note") == "![x](http://evil/x.png)"
    assert "conflict_merge" not in pages.keys("conflict")
    assert backend.store.workflow(str(session.workflow_id)).latest == 2


def test_a_conflict_survives_what_cannot_be_read(pair: tuple[Session, Session]) -> None:
    _, bob = in_conflict(pair)
    assert bob.conflict
    broken = dataclasses.replace(bob.conflict.latest, content="{}")
    bob.conflict = dataclasses.replace(bob.conflict, latest=broken)
    services.merge(bob)
    assert bob.notice
    assert bob.notice.kind == "error"
    assert cell(bob, 2, "note") == "his"


@pytest.mark.parametrize("name", CHANGES)
def test_the_draft_is_kept_at_every_edit(backend: Backend, name: str) -> None:
    """What a browser tab gets after a restart of the server is what it had after the edit."""
    session = session_of(*ROWS)
    for change in (CHANGES[name], services.undo, services.redo):
        change(session)
        services.keep(session)
        kept = backend.store.draft(session.token)
        assert kept is not None
        found = services.resume(session_of(), session.token)
        assert found.draft.to_json() == session.draft.to_json()
        assert [draft.to_json() for draft in found.past] == [draft.to_json() for draft in session.past]
        assert found.selected == session.selected


def test_a_draft_that_is_not_kept_is_told_once_and_kept_as_soon_as_there_is_space(
    backend: Backend, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise StoreError("the disk is full", "free some space")

    told = []
    with monkeypatch.context() as full:
        full.setattr(backend.store, "put_draft", refuse)
        for number in (2, 3):
            services.set_input(session, "a", number)
            services.keep(session)
            told.append(session.notice.text if session.notice else "")
            session.notice = None
    assert told == ["What you see is not kept for a restart of the server: the disk is full; free some space", ""]
    services.keep(session)
    assert session.notice is None
    assert services.resume(session_of(), session.token).draft.inputs == {"a": 3}
