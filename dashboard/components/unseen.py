"""Components that show nothing: a script that does something in the browser with what it is given."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


@cache
def unseen(name: str) -> Any:
    """Return the component whose script, `<name>.js`, lies beside this file."""
    script = Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8")
    return st.components.v2.component(f"tasktable_{name}", js=script)
