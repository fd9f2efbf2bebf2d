"""The selected task as a form: each argument has the field that fits it."""

from __future__ import annotations

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from core.notation import spell
from dashboard import keys
from dashboard.state import Session
from tests.dashboard.work import row, session_of


def form(session: Session) -> AppTest:
    """Draw the form of the first task."""

    def page(session):  # type: ignore[no-untyped-def] # its text runs elsewhere, without this module's imports
        from dashboard.whole import keep_what_is_done_whole
        from dashboard.widgets.workbench.task_form import task_form

        keep_what_is_done_whole()
        task_form(session, session.draft.tasks[0])

    at = AppTest.from_function(page, args=(session,), default_timeout=30).run()
    assert not at.exception
    return at


@pytest.fixture
def session() -> Session:
    return session_of(row(0, "between", "a", {}, "b"))


def test_a_day_has_a_calendar_and_its_default_is_shown(session: Session) -> None:
    field = form(session).date_input(key=keys.form("kwarg_since"))
    assert (field.value, field.label) == (None, "since (2008-01-01)")
    field.set_value(dt.date(2009, 6, 30)).run()
    assert session.draft.tasks[0].kwargs == {"since": dt.date(2009, 6, 30)}
    assert form(session).date_input(key=keys.form("kwarg_since")).label == "since"


def test_values_that_the_type_names_are_chosen_from(session: Session) -> None:
    field = form(session).selectbox(key=keys.form("kwarg_ends"))
    assert (field.options, field.value, field.placeholder) == (["both", "none"], None, "both")
    field.set_value("none").run()
    assert session.draft.tasks[0].kwargs == {"ends": "none"}


def test_what_is_no_value_is_refused_where_no_text_is_meant(session: Session) -> None:
    at = form(session)
    at.text_input(key=keys.form("kwarg_more")).set_value('{"a": 1').run()
    assert session.draft.tasks[0].kwargs == {}
    assert [caption.value for caption in at.caption if ":red[" in caption.value]
    assert at.text_input(key=keys.form("kwarg_more")).value == '{"a": 1'
    at.text_input(key=keys.form("kwarg_more")).set_value('{"a": 2}').run()
    assert session.draft.tasks[0].kwargs == {"more": {"a": 2}}
    assert not at.caption


def test_a_text_where_none_is_meant_is_shown_as_one_and_can_be_mended() -> None:
    session = session_of(row(0, "between", "a", {"more": '{"a": 1'}, "b"))
    field = form(session).text_input(key=keys.form("kwarg_more"))
    assert field.value == spell('{"a": 1')
    field.set_value("{'a': 1}").run()
    assert session.draft.tasks[0].kwargs == {"more": {"a": 1}}
