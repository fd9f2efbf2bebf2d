"""Small pieces of HTML for what is drawn many times on a page: one element each, where Markdown would need several."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from html import escape

from core.record import RunState
from core.value.output import whole
from core.visible import spelled
from dashboard.widgets.run_mark import COLOURS


def safe(text: str) -> str:
    """Return a text so that HTML shows it as it stands; what nobody sees is spelled out as in ⟨U+202E⟩."""
    return escape(spelled(whole(text)))


def badge(text: str, colour: str = "gray") -> str:
    """Return a text on a coloured ground; `colour` is one of those that Streamlit's badges have."""
    return f'<span class="tt-badge tt-{colour}">{safe(text)}</span>'


def badges(texts: Iterable[str]) -> str:
    """Return a grey badge for each text, as tags are shown."""
    return "".join(map(badge, texts))


def run_badge(state: RunState) -> str:
    """Return the state of a run as a coloured word."""
    return badge(str(state), COLOURS[state])


def picture(svg: str) -> str:
    """Return an SVG as a picture beside a text that says the same; no script in it could run."""
    return f'<img class="tt-picture" alt="" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'
