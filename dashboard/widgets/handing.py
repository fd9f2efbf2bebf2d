"""A run as a file: report, notebook, Python class, bundle; made when it is clicked, and not before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core import TasktableError
from dashboard import keys, services
from dashboard.widgets.text import plain


def run_files(run_id: str, key: str) -> None:
    """Draw the downloads of a run."""
    try:
        workflow = services.run_workflow(run_id)
    except TasktableError as error:
        st.caption(plain(str(error)))
        return
    stem = services.file_stem(workflow.name)
    report = partial(services.report_of, run_id)
    file(
        "Report, one page of HTML",
        report,
        f"{stem}.html",
        "text/html",
        keys.part(key, "report"),
        ":material/description:",
    )
    bundle = partial(services.bundle_of, run_id)
    about = "The workflow, the run and its values, for a colleague on another server"
    file(
        "Bundle, for another server",
        bundle,
        f"{stem}.zip",
        "application/zip",
        keys.part(key, "bundle"),
        ":material/inventory_2:",
        about,
    )
    notebook = partial(services.notebook_of, workflow)
    kind = "application/x-ipynb+json"
    file("Notebook", notebook, f"{stem}.ipynb", kind, keys.part(key, "notebook"), ":material/menu_book:")
    python = partial(services.python_of, workflow)
    file("Python class", python, f"{stem}.py", "text/x-python", keys.part(key, "python"), ":material/code:")


def file(
    label: str, content: Callable[[], str | bytes], name: str, kind: str, key: str, icon: str, about: str = ""
) -> None:
    """Draw one download."""
    st.download_button(
        label, content, name, kind, key=key, icon=icon, type="tertiary", on_click="ignore", help=about or None
    )
