"""Links open what they name once, and say what is not there."""

from __future__ import annotations

import pytest

from dashboard import link, services
from dashboard.reading import stand
from dashboard.state import Session, begin, find, use
from tests.dashboard.moves import cell, put
from tests.dashboard.pages import Pages, forget, record, saved


@pytest.fixture
def workflow_id(session: Session) -> str:
    """A workflow with two versions, of which the second has another name."""
    workflow_id = saved(session.draft.replace(name="old"))
    other = Session(session.draft.replace(name="new"))
    other.belong(workflow_id, 1)
    services.save(other)
    return workflow_id


@pytest.mark.parametrize("page", ["workbench", ""])
def test_a_link_to_a_workflow_opens_its_latest_version(workflow_id: str, page: str) -> None:
    pages = Pages()
    pages.go(page, workflow=workflow_id)
    assert (pages.session.draft.name, stand.stand(pages.session)) == ("new", "version 2")


def test_a_link_to_a_version_and_a_task_opens_it_and_selects_the_task(workflow_id: str) -> None:
    pages = Pages()
    pages.go("workbench", workflow=workflow_id, version="1", task="t2")
    assert (pages.session.draft.name, stand.stand(pages.session)) == ("old", "version 1")
    assert pages.session.selected == "t2"


def test_a_link_to_a_run_shows_its_values(session: Session) -> None:
    services.run_all(session)
    run_id = record(session)
    forget(run_id)
    pages = Pages()
    pages.go("workbench", run=run_id, task="t4")
    assert pages.states == ["done"] * 4
    assert pages.session.selected == "t4"


def test_a_link_is_followed_once_and_what_is_edited_later_stays(workflow_id: str) -> None:
    pages = Pages()
    pages.go("workbench", workflow=workflow_id)
    assert not pages.page.query_params
    put(pages.session, 1, "note", "why")
    pages.draw()
    assert cell(pages.session, 1, "note") == "why"


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ({"workflow": "nothing"}, "there is no workflow 'nothing'"),
        ({"workflow": "WORKFLOW", "version": "99"}, "there is no version 99"),
        ({"workflow": "WORKFLOW", "version": "-1"}, "versions are numbers"),
        ({"workflow": "WORKFLOW", "version": "²"}, "versions are numbers"),
        ({"workflow": "WORKFLOW", "version": "9" * 500}, "there is no version 9"),
        ({"run": "../x"}, "there is no run '../x'"),
        ({"task": "t1"}, "The link names no workflow and no run."),
        ({"run": ""}, "there is no run ''"),
    ],
)
def test_a_link_to_what_is_not_there_says_so_and_opens_nothing(
    workflow_id: str, named: dict[str, str], told: str
) -> None:
    pages = Pages()
    before = pages.session.draft
    pages.go("workbench", **{name: value.replace("WORKFLOW", workflow_id) for name, value in named.items()})
    assert any(told in notice for notice in pages.notices), pages.notices
    assert pages.session.draft is before


def test_a_link_to_a_task_that_a_run_has_not_says_so(session: Session) -> None:
    services.run_all(session)
    run_id = record(session)
    pages = Pages()
    pages.go("workbench", run=run_id, task="t99")
    assert pages.notices == ["The run has no such task."]
    assert pages.states == ["done"] * 4


def test_a_link_in_a_tab_that_had_another_draft_opens_over_it_and_undo_brings_that_back(
    session: Session, workflow_id: str
) -> None:
    use(session)
    put(session, 1, "note", "not saved")
    assert find(session.token) is session
    fresh = begin(session.draft.replace(name="first of all"))
    services.open_workflow(fresh, workflow_id)
    found = services.resume(fresh, session.token)
    assert (found.draft.name, stand.stand(found)) == ("new", "version 2")
    services.undo(found)
    assert (found.draft, stand.stand(found)) == (session.draft, "draft")


def test_a_tab_that_was_loaded_anew_has_what_it_had(session: Session) -> None:
    services.save(session, "first", "Ann")
    use(session)
    found = services.resume(begin(session.draft.replace(name="first of all")), session.token)
    assert (found.draft, stand.stand(found)) == (session.draft, "version 1")


def test_every_time_a_tab_is_loaded_anew_it_gets_another_token_and_no_list_is_shared(session: Session) -> None:
    use(session)
    first = services.resume(begin(session.draft), session.token)
    second = services.resume(begin(session.draft), session.token)
    lost = services.resume(begin(session.draft), "no such token")
    assert len({session.token, first.token, second.token, lost.token}) == 4
    put(first, 1, "note", "mine alone")
    services.undo(first)
    assert (second.past, second.future) == ([], [])


def test_a_tab_that_asks_once_more_keeps_what_was_done_since(session: Session) -> None:
    use(session)
    put(session, 1, "note", "before")
    found = services.resume(begin(session.draft), session.token)
    services.undo(found)
    assert services.resume(found, session.token) is found
    assert found.draft.tasks[0].note == ""


def test_addresses_name_what_they_open() -> None:
    assert link.to_workflow("a b") == "workbench?workflow=a+b"
    assert link.to_version("a", 3) == "workbench?workflow=a&version=3"
    assert link.to_run("r", "t&1") == "workbench?run=r&task=t%261"
    assert (link.ref_of_version("a", 3), link.ref_of_run("r")) == ("version:a:3", "run:r")
