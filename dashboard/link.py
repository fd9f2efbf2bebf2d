"""Addresses that open a workflow, a version, a run or a task of it, and ways from one page to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import NoReturn
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboard import services, state
from dashboard.state import Session

WORKBENCH, LIBRARY, HISTORY, COMPARE = "workbench", "library", "history", "compare"
SWEEP = "sweep"
NAMES = ("workflow", "version", "run", "task")
MOST = 200
# What names the sides of a comparison in an address: a to z, then aa to bz.
SIDES = (*ascii_lowercase, *(f"{first}{second}" for first in "ab" for second in ascii_lowercase))


def follow(session: Session) -> None:
    """Open what the address of the page names, once; what is not there is told, and nothing is changed then.

    The names are taken out of the address afterwards, so that the page loaded anew shows what it has come to.
    """
    named = {name: st.query_params[name][:MOST] for name in NAMES if name in st.query_params}
    if not named:
        return
    for name in named:
        del st.query_params[name]
    _open(session, named)


def _open(session: Session, named: Mapping[str, str]) -> bool:
    if "run" in named:
        return services.open_run(session, named["run"], named.get("task", ""))
    if "workflow" not in named:
        session.say("error", "The link names no workflow and no run.")
        return False
    if "version" not in named:
        found = services.open_workflow(session, named["workflow"])
    elif named["version"].isascii() and named["version"].isdigit():
        found = services.open_version(session, named["workflow"], int(named["version"][:12]))
    else:
        session.say("error", f"The link names version {named['version'][:20]!r}, and versions are numbers.")
        return False
    if found and "task" in named:
        services.select(session, named["task"])
    return found


def to_workflow(workflow_id: str) -> str:
    """Return the address that opens the latest version of a workflow."""
    return _address(WORKBENCH, workflow=workflow_id)


def to_version(workflow_id: str, number: int) -> str:
    """Return the address that opens a version."""
    return _address(WORKBENCH, workflow=workflow_id, version=str(number))


def to_run(run_id: str, task: str = "") -> str:
    """Return the address that opens a run as it was, with one of its tasks selected if it is named."""
    return _address(WORKBENCH, run=run_id, **({"task": task} if task else {}))


def ref_of_version(workflow_id: str, number: int) -> str:
    """Return how the page that compares names a version."""
    return f"version:{workflow_id}:{number}"


def ref_of_run(run_id: str) -> str:
    """Return how the page that compares names a run."""
    return f"run:{run_id}"


def names_of(refs: Sequence[str]) -> dict[str, str]:
    """Return the names in the address of the page that compares: a is older than, or stands before, b."""
    return dict(zip(SIDES, refs, strict=False))


def compared() -> tuple[str, ...]:
    """Return what the address of the page that compares names, each once."""
    named = (st.query_params[name][:MOST] for name in SIDES if name in st.query_params)
    return tuple(dict.fromkeys(ref for ref in named if ref))


def compare(refs: Sequence[str]) -> None:
    """Name in the address what is compared."""
    st.query_params.from_dict(names_of(refs))


def can_compare() -> bool:
    """True if the app has a page that compares."""
    return state.page(COMPARE) is not None


def go(page: str, **named: str) -> NoReturn:
    """Go to another page of the app."""
    st.switch_page(state.page(page), query_params=named or None)


def _address(page: str, **named: str) -> str:
    """Return the full address, as far as the browser has told where the app is."""
    here = urlsplit(st.context.url or "")
    folder, _, last = here.path.rstrip("/").rpartition("/")
    root = folder if state.page(last) else here.path.rstrip("/")
    base = f"{here.scheme}://{here.netloc}{root}/" if here.netloc else ""
    return f"{base}{page}?{urlencode(named)}"
