"""Texts from users, made safe for places where Streamlit reads Markdown."""

from __future__ import annotations

import re

from core.value.output import whole
from core.visible import spelled

SPECIAL = r"([\\`*_{}\[\]()#+\-.!|<>~$:&\"'=^@/])"
# Streamlit looks for icons, arrows, dashes and addresses in the text that Markdown leaves, where no backslash is left.
JOINED = r":(?=material/|streamlit:|//)|-(?=[->])|<(?=-)|[<>~](?==)|www(?=\.)|(?=@)"
WORD_JOINER = "\u2060"


def plain(text: str) -> str:
    """Return the text so that Markdown shows it as it stands: no link, image, formula, colour, emoji or markup.

    What nobody sees, or what turns the direction of a line, is spelled out as in ⟨U+202E⟩. Lines stay lines; spaces
    around them and empty lines are lost. Where nothing else helps, a character of no width stands in between.
    """
    lines = re.sub(r"\s*[\r\n]\s*", "\n", spelled(whole(text)).strip())
    joined = re.sub(JOINED, rf"\g<0>{WORD_JOINER}", lines, flags=re.IGNORECASE)
    return re.sub(SPECIAL, r"\\\1", joined).replace("\n", "  \n")
