"""The graph of the draft, valid or not."""

from __future__ import annotations

from dashboard import keys, services, state
from dashboard.components.graph import graph
from dashboard.state import Session

HEIGHT = 600


def task_graph(session: Session) -> None:
    """Draw the graph."""
    graph(
        session.draft.to_graph(),
        {task_id: str(result.state) for task_id, result in services.states(session).items()},
        selected=session.selected,
        height=HEIGHT,
        key=keys.GRAPH,
        on_select=lambda: services.select(session, state.widget(keys.GRAPH).select),
    )
