"""Texts from users, made safe for places where Streamlit reads Markdown."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """Return the text so that Markdown shows it as it stands: no link, image, formula, colour, emoji or markup."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~$:&\"'=^])", r"\\\1", text.replace("\n", "  \n"))
