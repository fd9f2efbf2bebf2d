"""Text in which nothing is hidden: what has no shape, or turns the direction of a line, is spelled out."""

from __future__ import annotations

import re

# Controls, marks and overrides of direction, characters of no width, and separators that end a line of script.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def spelled(text: str) -> str:
    """Return the text with a name such as ⟨U+202E⟩ in place of every character that nobody sees."""
    return INVISIBLE.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)
