"""A part of the page that a browser library draws: its scripts are sent once, only its data again and again.

Streamlit sends a component's scripts along with its data whenever the data has changed. So the scripts are a component
of their own, which never changes, and the component that has the data only calls them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

CALL = (Path(__file__).parent / "call.js").read_text(encoding="utf-8")
OFFER = (Path(__file__).parent / "offer.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Part:
    """What a part is made of.

    Attributes:
        name: of the part, an identifier; `library` and `scripts` are for it alone.
        html: where it is drawn, with what is shown until the scripts are there.
        library: a UMD bundle; the names of module systems are hidden from it, so that it registers itself on `window`.
        scripts: the part's own, which define `show(component)` and `leave(component)`.
        styles: style sheets for what is drawn.
        is_isolated: whether it is drawn in a shadow root, apart from the styles of the page.
    """

    name: str
    html: str
    library: Path
    scripts: tuple[Path, ...]
    styles: tuple[Path, ...]
    is_isolated: bool = True

    def draw(self, data: Any, **options: Any) -> None:
        """Send the data, and before them the scripts; `options` are a key, a height and callbacks of Streamlit's."""
        _scripts(self)(key=f"scripts_{self.name}", height=1)
        _data(self)(data=data, **options)


@cache
def _scripts(part: Part) -> Any:
    """The unchanging component. Its texts are read once per process."""
    mark = f"window.tasktable_has_{part.name}"
    texts = (
        f'const NAME = "{part.name}";',
        OFFER,
        f"if (!{mark}) {{ {mark} = true; (function (module, exports, define, require) {{",
        part.library.read_text(encoding="utf-8"),
        "}).call(window); }",
        *(path.read_text(encoding="utf-8") for path in part.scripts),
        "offer(show, leave);",
    )
    return st.components.v2.component(
        f"tasktable_{part.name}_scripts",
        css="" if part.is_isolated else _style(part),
        js="\n".join(texts),
        isolate_styles=False,
    )


@cache
def _data(part: Part) -> Any:
    return st.components.v2.component(
        f"tasktable_{part.name}",
        html=part.html,
        css=_style(part) if part.is_isolated else "",
        js=f'const NAME = "{part.name}";\n{CALL}',
        isolate_styles=part.is_isolated,
    )


def _style(part: Part) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in part.styles)
