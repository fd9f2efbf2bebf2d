"""Buttons that make a file of a value when they are clicked, and not before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

import streamlit as st

from core.value import question
from core.value.holder import Holder
from dashboard import keys
from dashboard.widgets.text import plain
from dashboard.widgets.value.asked import asked

LABELS = {"html": "HTML", "json": "JSON", "csv": "CSV", "parquet": "Parquet", "npy": "NPY", "png": "PNG"}
TYPES = {"html": "text/html", "json": "application/json", "csv": "text/csv", "png": "image/png"}


def downloads(holder: Holder, files: Mapping[str, str], key: str, name: str) -> None:
    """Draw a button for each kind of file that the value can be saved as; what cannot be had says why."""
    for suffix in filter(LABELS.get, files):
        st.download_button(
            LABELS[suffix],
            partial(content, holder, suffix),
            file_name=f"{file_stem(name)}.{suffix}",
            mime=TYPES.get(suffix, "application/octet-stream"),
            key=keys.part(key, suffix),
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
            disabled=bool(files[suffix]),
            help=plain(files[suffix]) or None,
        )


def content(holder: Holder, suffix: str) -> bytes:
    """Return the content of a file. Raises UndrawnError if there is none."""
    return asked(holder, question.file(suffix)).content


def file_stem(name: str) -> str:
    """Return a name for a file without anything that a file system or a browser takes for more."""
    return re.sub(r"[^\w-]+", "_", name)[:80] or "value"
