"""What is wrong with the table, row by row, with the offers that mend it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from dashboard.state import Session
from tests.dashboard.work import row, session_of


def listed(session: Session) -> AppTest:
    """Draw the list."""

    def page(session):  # type: ignore[no-untyped-def] # its text runs elsewhere, without this module's imports
        from dashboard.widgets.workbench.problem_list import problem_list

        problem_list(session)

    at = AppTest.from_function(page, args=(session,), default_timeout=30).run()
    assert not at.exception
    return at


def labels(at: AppTest, beginning: str) -> list[str]:
    return [button.label for button in at.button if str(button.key).startswith(beginning)]


def test_problems_stand_in_the_sequence_in_which_the_rows_run() -> None:
    session = session_of(
        row(0, "same", "gone", {}, "b"), row(2, "sam", "a", {}, "d"), row(1, "same", "b", {"more": 1}, "c")
    )
    rows = [label.partition(",")[0] for label in labels(listed(session), "problem_")]
    assert rows == ["row 1", "row 3", "row 2", "row 3"]


def test_an_offer_that_mends_all_stands_once() -> None:
    early = [row(0, "same", "late", {}, f"early_{number}") for number in range(3)]
    session = session_of(*early, row(1, "same", "a", {}, "late"))
    at = listed(session)
    assert len([text for text in labels(at, "problem_") if "is read before" in text]) == 3
    assert labels(at, "repair_") == ["Order this table by its data"]
    at.button(key=next(str(button.key) for button in at.button if str(button.key).startswith("repair_"))).click().run()
    assert [problem for problem in session.draft.problems if problem.severity == "error"] == []


def test_an_offer_to_declare_a_key_stands_once_for_all_rows_that_read_it() -> None:
    session = session_of(row(0, "same", "zzz", {}, "b"), row(0, "same", "zzz", {}, "c"), a=1)
    assert labels(listed(session), "repair_").count("Declare zzz as an input") == 1
