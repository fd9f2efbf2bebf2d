"""Somebody else has saved meanwhile: what they did, what you did, and the ways to go on."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import streamlit as st

from core import Workflow
from core.compare.inputs import compare_inputs
from core.compare.merge import Collision
from core.compare.table import CellChange, TableDifference, compare_tables
from core.task import Task
from dashboard import keys, services, state
from dashboard.reading import clock
from dashboard.state import Conflict, Session
from dashboard.widgets.text import plain
from dashboard.widgets.workbench.both_tables import both_tables

MAX_LINES = 15
MAX_TEXT = 90
MINE, THEIRS = "mine", "theirs"


def conflict(session: Session) -> None:
    """Draw the card if there is a conflict."""
    found = session.conflict
    if found is None or found.latest.workflow_id != session.workflow_id:
        return
    with st.container(key=keys.CONFLICT, border=True):
        st.markdown(f":material/call_split: **{_headline(found)}**")
        base, theirs = services.sides_of(session) or (None, None)
        collisions: Sequence[Collision] = ()
        if base is not None and theirs is not None:
            left, right = st.columns(2)
            with left:
                _changes("They changed", base, theirs)
            with right:
                _changes("You changed", base, session.draft)
            with st.expander("Both tables", key=keys.CONFLICT_TABLES, on_change="rerun") as tables:
                if tables.open:
                    both_tables(base, theirs, session.draft)
            collisions = _collisions(session)
        _ways(session, found, len(collisions), base is not None)


def _headline(found: Conflict) -> str:
    latest = found.latest
    who = plain(latest.author) if latest.author else "Somebody"
    why = f": “{plain(latest.message)}”" if latest.message else ""
    when = clock.ago(latest.created, time.time())
    return f"{who} saved version {latest.number} {when}{why}. Your draft is not saved yet; it stays as it is."


def _changes(title: str, base: Workflow, side: Workflow) -> None:
    difference = compare_tables(base.tasks, side.tasks)
    inputs = compare_inputs(base.declared_inputs or {}, side.declared_inputs or {})
    lines = [*_lines(difference, _names(base, side)), *(f"input {change}".replace(" -> ", " → ") for change in inputs)]
    if base.name != side.name:
        lines.append(f"name: {base.name} → {side.name}")
    summary = "" if difference.is_equal and lines else f": {plain(difference.summary)}"
    st.caption(f"{title}{summary}")
    shown = [f"- {plain(line[:MAX_TEXT])}" for line in lines[:MAX_LINES]]
    rest = [f"- … and {len(lines) - MAX_LINES} more"] if len(lines) > MAX_LINES else []
    st.markdown("\n".join([*shown, *rest]))


def _names(*sides: Workflow) -> dict[str, str]:
    return {task.id: _name(task) for side in sides for task in side.tasks}


def _name(task: Task) -> str:
    return f"{task.id} {task.function_path.rpartition('.')[2]}".strip()


def _lines(found: TableDifference, names: Mapping[str, str]) -> list[str]:
    return [
        *(f"added {_name(task)}" for task in found.added),
        *(f"removed {_name(task)}" for task in found.removed),
        *(_cell(change, names) for change in (*found.cells, *found.moved)),
        *(f"{names.get(task_id, task_id)} stands in another place" for task_id in found.reordered),
    ]


def _cell(change: CellChange, names: Mapping[str, str]) -> str:
    place = f"{names.get(change.task, change.task)}, {change.argument or change.column}"
    old, new = ("nothing" if text is None else text or "empty" for text in (change.old, change.new))
    return f"{place}: {old} → {new}"


def _collisions(session: Session) -> Sequence[Collision]:
    """Draw a choice for everything that both changed, and return it."""
    found = services.union(session)
    collisions: Sequence[Collision] = found.collisions if found else ()
    if not collisions:
        st.caption("Nothing was changed by both: merging keeps everything that either of you did.")
        return ()
    st.caption("You both changed these. Merging keeps yours, where you do not choose theirs:")
    names = _names(session.draft)
    for number, item in enumerate(collisions):
        _choice(number, item, names)
    return collisions


def _choice(number: int, item: Collision, names: Mapping[str, str]) -> None:
    place = ", ".join(filter(None, [names.get(item.task, item.task), item.column or "the row", item.argument]))
    texts = {MINE: f"yours: {_short(item.mine)}", THEIRS: f"theirs: {_short(item.theirs)}"}
    st.radio(
        plain(place),
        [MINE, THEIRS],
        key=keys.collision(number),
        format_func=texts.__getitem__,
        horizontal=True,
    )


def _short(text: str | None) -> str:
    return "removed" if text is None else plain(text[:MAX_TEXT]) or "empty"


def _merge(session: Session, count: int) -> None:
    """Merge by what is chosen when it is pressed, which the page may not have been drawn with yet."""
    services.merge(session, [number for number in range(count) if state.widget(keys.collision(number)) == THEIRS])


def _ways(session: Session, found: Conflict, collisions: int, can_merge: bool) -> None:
    number = found.latest.number
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Merge into my draft",
            key=keys.CONFLICT_MERGE,
            type="primary",
            icon=":material/merge:",
            disabled=not can_merge,
            on_click=_merge,
            args=(session, collisions),
        )
        st.button(
            f"Save mine as version {number + 1}",
            key=keys.CONFLICT_NEXT,
            help=f"Version {number} stays in the history, but what it changed is not in yours.",
            on_click=services.save_on_top,
            args=(session,),
        )
        st.button("Keep mine as a copy", key=keys.CONFLICT_COPY, on_click=services.save_copy, args=(session,))
        st.button(
            "Decide later",
            key=keys.CONFLICT_LEAVE,
            type="tertiary",
            on_click=services.leave_conflict,
            args=(session,),
        )
