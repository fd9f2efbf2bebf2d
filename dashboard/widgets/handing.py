"""A run or a workflow as a file: report, bundle, notebook, Python class; made when it is clicked, and not before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from core import TasktableError, Workflow
from core.value.excerpt import size_text
from dashboard import keys, services
from dashboard.widgets.text import plain

Style = Literal["secondary", "tertiary"]
REPORT = "One page of HTML with the figures and tables; it opens without Tasktable and without a network"
BUNDLE = "The workflow, the run and its values, for a colleague on another server"


def run_files(run_id: str, key: str) -> None:
    """Draw the downloads of a run."""
    try:
        stem, workflow = services.handed(run_id)
    except TasktableError as error:
        st.caption(plain(str(error)))
        return
    values_files(run_id, stem, key)
    code_files(workflow, stem, key)


def values_files(run_id: str, stem: str, key: str, style: Style = "tertiary") -> None:
    """Draw the downloads that hold a run's values."""
    chosen = _chosen(run_id, key)
    report, bundle = partial(services.report_of, run_id), partial(services.bundle_of, run_id, chosen)
    _file(
        "Report", report, f"{stem}.html", "text/html", keys.part(key, "report"), ":material/description:", REPORT, style
    )
    icon = ":material/inventory_2:"
    _file("Bundle", bundle, f"{stem}.zip", "application/zip", keys.part(key, "bundle"), icon, BUNDLE, style)


def _chosen(run_id: str, key: str) -> tuple[str, ...]:
    """Draw the choice of what a bundle shall hold; return the keys of the values, none for all."""
    try:
        sizes = services.values_of(run_id)
    except TasktableError:
        return ()  # the bundle says why, if it is wanted
    chosen = st.multiselect(
        "Values in the bundle",
        list(sizes),
        key=keys.part(key, "values"),
        format_func=lambda name: f"{plain(name)} ({size_text(sizes[name])})",
        placeholder="all values",
        help="For a smaller file, or where a colleague shall not have all",
    )
    return tuple(chosen)


def code_files(workflow: Workflow, stem: str, key: str) -> None:
    """Draw the downloads of a workflow as something that runs without the workbench."""
    notebook, python = partial(services.notebook_of, workflow), partial(services.python_of, workflow)
    kind = "application/x-ipynb+json"
    _file("Notebook", notebook, f"{stem}.ipynb", kind, keys.part(key, "notebook"), ":material/menu_book:")
    _file("Python class", python, f"{stem}.py", "text/x-python", keys.part(key, "python"), ":material/code:")


def _file(
    label: str,
    content: Callable[[], str | bytes],
    name: str,
    kind: str,
    key: str,
    icon: str,
    about: str | None = None,
    style: Style = "tertiary",
) -> None:
    st.download_button(label, content, name, kind, key=key, icon=icon, type=style, on_click="ignore", help=about)
