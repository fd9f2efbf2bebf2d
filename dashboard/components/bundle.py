"""A part of the page that a browser library draws: its scripts are read once, only its data are sent again and again.

Streamlit sends a component's scripts along with its data whenever the data has changed. So the component that has the
data only calls the scripts, which are a file beside Streamlit's own. Where nobody serves that file, as under
`streamlit run`, they are a component of their own, which never changes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.frontend import own_scripts

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
        is_isolated: whether it is drawn in a shadow root, apart from the styles of the page; else its own go there.
    """

    name: str
    html: str
    library: Path
    scripts: tuple[Path, ...]
    styles: tuple[Path, ...]
    is_isolated: bool = True

    def draw(self, data: Any, **options: Any) -> None:
        """Send the data; `options` are a key, a height and callbacks of Streamlit's."""
        if own_scripts.are_served:
            _data(self, served(self))(data=data, **options)
        else:
            _scripts(self)(key=f"scripts_{self.name}", height=1)
            _data(self, "")(data=data, **options)


@cache
def served(part: Part) -> str:
    """Have the scripts of a part served, and return the name of their file. They are read once per process."""
    return own_scripts.add(f"tasktable-{part.name}", _text(part))


@cache
def _scripts(part: Part) -> Any:
    """The scripts as an unchanging component, before what calls them."""
    return st.components.v2.component(f"tasktable_{part.name}_scripts", js=_text(part), isolate_styles=False)


@cache
def _data(part: Part, file: str) -> Any:
    """The component that has the data, and calls the scripts of the file, or those that another component has."""
    return st.components.v2.component(
        f"tasktable_{part.name}",
        html=part.html,
        css=_style(part) if part.is_isolated else "",
        js=f'const NAME = "{part.name}";\nconst FILE = "{file}";\n{CALL}',
        isolate_styles=part.is_isolated,
    )


def _text(part: Part) -> str:
    mark = f"window.tasktable_has_{part.name}"
    return "\n".join(
        (
            f'const NAME = "{part.name}";',
            f"const STYLE = {json.dumps('' if part.is_isolated else _style(part))};",
            OFFER,
            f"if (!{mark}) {{ {mark} = true; (function (module, exports, define, require) {{",
            part.library.read_text(encoding="utf-8"),
            "}).call(window); }",
            *(path.read_text(encoding="utf-8") for path in part.scripts),
            "offer();",
        )
    )


def _style(part: Part) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in part.styles)
