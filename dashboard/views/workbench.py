"""The workbench: table, graph, inputs, problems, stepper and values of one workflow."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, link, services, state
from dashboard.components.ahead import read_ahead
from dashboard.components.keystrokes import mind_keys
from dashboard.widgets.notice import notice
from dashboard.widgets.workbench.conflict import conflict
from dashboard.widgets.workbench.input_form import input_form
from dashboard.widgets.workbench.inspector import inspector
from dashboard.widgets.workbench.outputs import outputs
from dashboard.widgets.workbench.preflight_card import preflight_card
from dashboard.widgets.workbench.problem_list import problem_list
from dashboard.widgets.workbench.stepper import stepper
from dashboard.widgets.workbench.task_graph import task_graph
from dashboard.widgets.workbench.task_grid import task_grid
from dashboard.widgets.workbench.toolbar import toolbar


def workbench() -> None:
    """Draw the page: the table and what belongs to a task on the left, the graph and the run's values on the right.

    What is drawn earlier is seen earlier: the graph comes after what is waited for after a step. The bar comes
    before all states: it draws the page anew when a run ends, unless the run has ended before the bar was drawn.
    """
    session = state.current()
    link.follow(session)
    services.follow_code(session)
    services.settle(session)
    services.keep_live(session)
    toolbar(session)
    notice(session)
    conflict(session)
    preflight_card(session)
    with st.container(key=keys.UPPER):
        left, right = st.columns([3, 2], gap="small")
    with left:
        task_grid(session)
        problem_list(session)
    with left, st.container(key=keys.INPUTS):
        input_form(session)
    with left, st.container(key=keys.STEPPER):
        stepper(session)
    with left, st.container(key=keys.INSPECTOR):
        inspector(session)
    with right:
        task_graph(session)
    with right, st.container(key=keys.OUTPUTS):
        outputs(session)
    mind_keys()
    read_ahead()
    services.keep(session)
