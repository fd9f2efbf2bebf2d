"""The table of tasks as an editable grid."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import facts, keys, rows, services, state
from dashboard.components.grid import grid
from dashboard.state import Session


def task_grid(session: Session) -> None:
    """Draw the grid and the buttons for whole rows."""
    grid(
        rows.grid_rows(session),
        functions=facts.function_choices(),
        keys=facts.known_keys(session),
        selected=session.selected,
        applied=session.last_edit,
        token=session.token,
        resumed=session.resumed,
        key=keys.GRID,
        on_edit=lambda: services.edit_all(session, _sent("edit").get("operations", [])),
        on_select=lambda: services.select(session, state.widget(keys.GRID).select),
        on_resume=lambda: state.take(session, services.resume(session, str(state.widget(keys.GRID).resume))),
    )
    with st.container(horizontal=True, gap="small"):
        selected = session.selected
        _button(session, "Add task", keys.ADD_TASK, ":material/add:", {"op": "add", "after": selected})
        _button(
            session, "Duplicate", keys.DUPLICATE_TASK, ":material/content_copy:", {"op": "duplicate", "ids": [selected]}
        )
        _button(session, "Delete", keys.DELETE_TASK, ":material/delete:", {"op": "delete", "ids": [selected]})


def _button(session: Session, label: str, key: str, icon: str, operation: dict[str, Any]) -> None:
    st.button(
        label,
        key=key,
        icon=icon,
        type="tertiary",
        disabled=session.selected is None and operation["op"] != "add",
        on_click=services.edit,
        args=(session, operation),
    )


def _sent(name: str) -> dict[str, Any]:
    value = getattr(state.widget(keys.GRID), name, None)
    return value if isinstance(value, dict) else {}
