"""The editable grid of tasks. It draws what it is given and sends what the user did; the server decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dashboard.components.bundle import Part

FOLDER = Path(__file__).parent
SKELETON = '<div class="tt-skeleton" role="status" aria-label="The table is loading"></div>'
SCRIPTS = ("editor.js", "clipboard.js", "cell.js", "rows.js", "column.js", "keyboard.js", "drop.js", "grid.js")
PART = Part(
    name="grid",
    html=f'<div class="tt-grid">{SKELETON}</div>',
    library=FOLDER / "vendor" / "tabulator.min.js",
    scripts=tuple(FOLDER / name for name in SCRIPTS),
    styles=(FOLDER / "vendor" / "tabulator_simple.min.css", FOLDER / "grid.css"),
    is_isolated=False,
)


def grid(
    rows: Sequence[Mapping[str, Any]],
    *,
    name: str,
    functions: Sequence[Mapping[str, str]],
    keys: Sequence[str],
    selected: str | None,
    applied: int,
    token: str,
    resumed: str,
    key: str,
    on_edit: Callable[[], None],
    on_select: Callable[[], None],
) -> None:
    """Draw the grid.

    Args:
        rows: one mapping per task: `id`, the five columns and `note` as text, `state`, `time`, and `problems`, a
            mapping from column to a list of `{severity, text, subject}`, the subject being what is meant in the cell.
        name: of the workflow; with another one, no rows are picked any more.
        functions: what to offer for function paths: `{path, title, signature}`.
        keys: what to offer for input keys.
        selected: id of the selected row.
        applied: number of the last operation that the server has applied.
        token, resumed: see `dashboard.components.tab`; what was done to another state is not sent to this one.
        key: the widget's key; `st.session_state[key]` then has `edit`, `{"operations": [...]}` with a `number` in each,
            and `select`, a task id, when their callbacks are called; `marked` has the ids of
            the rows that are picked, or whose cells are marked, if these are several.
        on_edit: called when operations have come.
        on_select: called when another row was selected.
    """
    data = {
        "name": name,
        "rows": rows,
        "functions": functions,
        "keys": keys,
        "selected": selected,
        "applied": applied,
        "token": token,
        "resumed": resumed,
    }
    callbacks = {
        "on_edit_change": on_edit,
        "on_select_change": on_select,
        "on_marked_change": lambda: None,
    }
    PART.draw(data, key=key, height="content", **callbacks)
