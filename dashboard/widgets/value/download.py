"""Buttons that make a file of a value when they are clicked, and not before."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import streamlit as st

from core.value.output import suffixes, to_bytes
from dashboard import keys

LABELS = {"html": "HTML", "json": "JSON", "csv": "CSV", "parquet": "Parquet", "npy": "NPY", "png": "PNG"}
TYPES = {"html": "text/html", "json": "application/json", "csv": "text/csv", "png": "image/png"}


def downloads(value: Any, key: str, name: str) -> None:
    """Draw a button for each kind of file that the value can be saved as."""
    for suffix in filter(LABELS.get, suffixes(value)):
        st.download_button(
            LABELS[suffix],
            partial(to_bytes, value, suffix),
            file_name=f"{file_stem(name)}.{suffix}",
            mime=TYPES.get(suffix, "application/octet-stream"),
            key=keys.part(key, suffix),
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )


def file_stem(name: str) -> str:
    """Return a name for a file without anything that a file system or a browser takes for more."""
    return re.sub(r"[^\w-]+", "_", name)[:80] or "value"
