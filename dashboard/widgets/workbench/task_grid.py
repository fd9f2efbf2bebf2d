"""The table of tasks as an editable grid."""

from __future__ import annotations

import streamlit as st

from dashboard import keys, services, state
from dashboard.components.grid import grid
from dashboard.reading import facts, rows
from dashboard.state import Session
from dashboard.widgets.workbench.pending import after_edits, apply_edits


def task_grid(session: Session) -> None:
    """Draw the grid and the buttons for whole rows."""
    grid(
        rows.grid_rows(session),
        name=session.draft.name,
        functions=facts.function_choices(),
        keys=facts.known_keys(session),
        selected=session.selected,
        applied=session.last_edit,
        token=session.token,
        resumed=session.resumed,
        key=keys.GRID,
        on_edit=lambda: apply_edits(session),
        on_select=lambda: services.select(session, state.widget(keys.GRID).select),
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Add task",
            key=keys.ADD_TASK,
            icon=":material/add:",
            type="tertiary",
            on_click=after_edits(session, lambda _: services.edit(session, {"op": "add", "after": session.selected})),
        )
        _button(session, "Duplicate", keys.DUPLICATE_TASK, ":material/content_copy:")
        _button(session, "Delete", keys.DELETE_TASK, ":material/delete:")


def _button(session: Session, label: str, key: str, icon: str) -> None:
    """Draw a button for all rows that are marked; which these are is looked at anew when it is pressed."""
    count = len(_marked(session))
    st.button(
        f"{label} {count}" if count > 1 else label,
        key=key,
        icon=icon,
        type="tertiary",
        disabled=count == 0,
        on_click=after_edits(session, lambda _: services.edit(session, {"op": label.lower(), "ids": _marked(session)})),
    )


def _marked(session: Session) -> list[str]:
    """Return the rows that are picked or marked in the grid, else the selected one."""
    known = {task.id for task in session.draft.tasks}
    marked = getattr(state.widget(keys.GRID), "marked", None)
    found = [row for row in marked if isinstance(row, str) and row in known] if isinstance(marked, list) else []
    return found or [row for row in (session.selected,) if row]
