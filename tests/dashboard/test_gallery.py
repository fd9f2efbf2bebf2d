"""The gallery under the table: what a run ends with, small, and every value on demand."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from dashboard import keys, services
from dashboard.state import Session
from tests.dashboard.work import row, session_of


def sound(at: AppTest) -> AppTest:
    assert not at.exception
    assert [warning.value for warning in at.warning] == []
    return at


def gallery(session: Session) -> AppTest:
    """Draw the figures and the final values of a session."""

    def page(session):  # type: ignore[no-untyped-def] # its text runs elsewhere, without this module's imports
        from dashboard.widgets.workbench.outputs import outputs

        outputs(session)

    return sound(AppTest.from_function(page, args=(session,), default_timeout=30).run())


def test_final_numbers_are_shown_and_lead_to_their_tasks() -> None:
    session = session_of(
        row(0, "double", "a", {}, "b"), row(1, "add", ("b", "b"), {}, "sum"), row(1, "same", "b", {}, "copy"), a=10**6
    )
    services.run_all(session)
    at = gallery(session)
    assert [(metric.label, metric.value.replace("\\,", ",")) for metric in at.metric] == [
        ("copy", "2,000,000"),
        ("sum", "4,000,000"),
    ]
    sound(at.button(key=keys.inspect("sum")).click().run())
    assert session.selected == session.draft.tasks[1].id
    assert at.pills(key=keys.OUTPUT_KEY).options == ["b"]


def test_what_no_task_reads_is_shown_wherever_it_was_written() -> None:
    tasks = row(0, "same", "t", {}, "aside"), row(1, "same", "t", {}, "b"), row(2, "same", "b", {}, "end")
    session = session_of(*tasks, t="x")
    services.run_all(session)
    at = gallery(session)
    assert [text.value for text in at.markdown] == ["**end**", "**aside**"]
    assert at.pills(key=keys.OUTPUT_KEY).options == ["b"]


def test_figures_come_first_and_other_values_when_they_are_chosen() -> None:
    session = session_of(
        row(0, "picture", "t", {}, "early"),
        row(1, "same", "t", {}, "text"),
        row(2, "picture", "t", {}, "late"),
        row(2, "same", "text", {}, "end"),
        t="words",
    )
    services.run_all(session)
    at = gallery(session)
    assert len(at.get("plotly_chart")) == 2
    assert [text.value for text in at.markdown] == ["**late**", "**early**", "**end**"]
    assert [code.value for code in at.code] == ["words"]
    sound(at.pills(key=keys.OUTPUT_KEY).set_value("text").run())
    assert [code.value for code in at.code] == ["words", "words"]
