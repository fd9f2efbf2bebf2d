"""What is wrong with the table: a click goes to the row, an offer mends it."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from core import Problem
from core.repair import repairs
from dashboard import keys, services
from dashboard.state import Session
from dashboard.widgets.text import plain

ICONS = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}
MAX_SHOWN = 30
MAX_OFFERED = 8


def problem_list(session: Session) -> None:
    """Draw the list; nothing where there is nothing to say."""
    problems = session.draft.problems
    twins: Counter[tuple[str | None, str, str]] = Counter()
    with st.container(key=keys.PROBLEMS, gap=None):
        for number, problem in enumerate(problems[:MAX_SHOWN]):
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                _problem(session, number, problem, twins)
        if len(problems) > MAX_SHOWN:
            st.caption(f"… and {len(problems) - MAX_SHOWN:,} more")


def _problem(session: Session, number: int, problem: Problem, twins: Counter[tuple[str | None, str, str]]) -> None:
    st.button(
        plain(str(problem)),
        key=keys.problem(number),
        icon=ICONS[problem.severity],
        type="tertiary",
        on_click=services.select,
        args=(session, problem.task),
    )
    for offer in repairs(problem, session.draft) if number < MAX_OFFERED else ():
        content = (None, "", offer.label) if offer.is_for_all else (problem.task, problem.subject, offer.label)
        if offer.is_for_all and twins[content]:
            continue
        st.button(
            plain(offer.label),
            key=keys.repair(*content, twin=twins[content]),
            icon=":material/auto_fix_high:",
            on_click=services.repair,
            args=(session, offer),
        )
        twins[content] += 1
