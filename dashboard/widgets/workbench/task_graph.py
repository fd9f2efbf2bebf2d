"""The graph of the draft, valid or not."""

from __future__ import annotations

from dashboard import keys, services, state
from dashboard.components.graph import graph
from dashboard.reading import results
from dashboard.state import Session

HEIGHT = 600


def task_graph(session: Session) -> None:
    """Draw the graph."""
    graph(
        session.draft,
        {task_id: str(result.state) for task_id, result in results.states(session).items()},
        selected=session.selected,
        height=HEIGHT,
        key=keys.GRAPH,
        on_select=lambda: services.select(session, state.widget(keys.GRAPH).select),
        text=_text(session),
    )


def _text(session: Session) -> dict[str, str] | None:
    """Return the graph in the language that the user has just asked for."""
    languages = {"mermaid": session.draft.to_mermaid, "dot": session.draft.to_dot}
    language = getattr(state.widget(keys.GRAPH), "text", None)
    return {"language": language, "content": languages[language]()} if language in languages else None
