"""Text as HTML: escaped, with what would change the direction or the shape of a line made visible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from core.value.output import whole
from core.visible import spelled


def text(value: Any, most: int = 2_000) -> str:
    """Return any value's text as HTML, cut if it is long."""
    plain = whole(str(value))
    plain = plain if len(plain) <= most else f"{plain[:most]}…"
    return escape(spelled(plain), quote=True)


def breakable(value: str, most: int = 2_000) -> str:
    """Return a text as HTML whose lines may also end after a dot or an underline."""
    return re.sub(r"([._])(?=\w)", r"\1<wbr>", text(value, most))


def paragraphs(value: str) -> str:
    """Return a text of several lines as paragraphs; line ends within them stay."""
    parts = [part for part in re.split(r"\n\s*\n", value.strip()) if part.strip()]
    return "".join(f"<p>{text(part, 20_000).replace(chr(10), '<br>')}</p>" for part in parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[bool] = (), css: str = "") -> str:
    """Return a table. Cells are HTML already; `numbers` says which columns are set flush right.

    A row that is a text of its own stands across all columns.
    """
    flags = [*numbers, *[False] * (len(head) - len(numbers))]
    marks = [' class="number"' if flag else "" for flag in flags]
    top = "".join(f'<th scope="col"{mark}>{cell}</th>' for mark, cell in zip(marks, head, strict=True))
    body = "".join(
        f'<tr class="gap"><td colspan="{len(head)}">{text(row)}</td></tr>'
        if isinstance(row, str)
        else "<tr>" + "".join(f"<td{mark}>{cell}</td>" for mark, cell in zip(marks, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table class="{css}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
