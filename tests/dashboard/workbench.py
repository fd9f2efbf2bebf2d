"""The workbench as a user of the page has it, without a browser: widgets by key, figures by their traces."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from dashboard import services
from dashboard.reading import rows
from dashboard.state import SESSION, Session

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


class Workbench:
    """One opened page. Verbs act and draw anew; every drawing must go without an exception."""

    def __init__(self) -> None:
        self.page = AppTest.from_file(str(APP), default_timeout=60)
        self.draw()

    def draw(self) -> None:
        """Draw the page."""
        self.page.run()
        self._check()

    def press(self, key: str) -> None:
        """Press a button."""
        self.page.button(key=key).click().run()
        self._check()

    def is_enabled(self, key: str) -> bool:
        """Whether a button can be pressed."""
        return not self.page.button(key=key).disabled

    def edit(self, row: int, column: str, text: str) -> None:
        """What the grid does when a cell is edited."""
        services.edit(self.session, {"op": "set", "id": f"t{row}", "column": column, "text": text})
        self.draw()

    def set_number(self, name: str, value: float) -> None:
        """Set the number of an input's field."""
        self.page.number_input(key=f"input_{name}").set_value(value).run()
        self._check()

    def set_text(self, name: str, value: str) -> None:
        """Set the text of an input's field."""
        self.page.text_input(key=f"input_{name}").set_value(value).run()
        self._check()

    def open_sample(self, stem: str) -> None:
        """Choose a sample."""
        self.page.selectbox(key="sample").set_value(stem).run()
        self._check()

    def rename(self, name: str) -> None:
        """Type another name."""
        self.page.text_input(key="workflow_name").set_value(name).run()
        self._check()

    def upload(self, name: str, content: bytes) -> None:
        """Choose a file for upload."""
        self.page.file_uploader(key="upload").upload(name, content, "application/octet-stream").run()
        self._check()

    def go_to(self, order: int) -> None:
        """Choose a stop of the stepper."""
        self._group("stop_at").set_value(order).run()
        self._check()

    def show_side(self, name: str | None) -> None:
        """Choose a side of the selected task, or press the one that is shown."""
        self._group("inspector_tab").set_value(name).run()
        self._check()

    @property
    def session(self) -> Session:
        """What the page has open."""
        found: Session = self.page.session_state[SESSION]
        return found

    @property
    def states(self) -> list[str]:
        """The states of the rows, as the grid gets them."""
        return [row["state"] for row in rows.grid_rows(self.session)]

    @property
    def stop(self) -> Any:
        """The chosen stop of the stepper."""
        return self._group("stop_at").value

    @property
    def stops(self) -> list[str]:
        """The drawn stops of the stepper, without colours and times."""
        return [re.sub(r":\w+\[([^][]*)\]|\*", r"\1", label) for label in self._group("stop_at").options]

    @property
    def figures(self) -> list[dict[str, dict[str, Any]]]:
        """For every drawn figure, its traces by name."""
        drawn = [json.loads(item.proto.spec) for item in self.page.get("plotly_chart")]
        return [{trace.get("name", ""): trace for trace in figure["data"]} for figure in drawn]

    @property
    def problems(self) -> list[str]:
        """The entries of the problem list."""
        return [button.label for button in self.page.button if str(button.key).startswith("problem_")]

    @property
    def notices(self) -> list[str]:
        """What the page says has just happened, without Markdown's backslashes."""
        return [toast.value.replace("\\", "") for toast in self.page.toast]

    @property
    def texts(self) -> str:
        """Everything that is written on the page, without Markdown's backslashes."""
        parts = [*self.page.markdown, *self.page.caption, *self.page.text, *self.page.code, *self.page.error]
        told = [str(part.value).replace("\\", "") for part in parts]
        return "\n".join([*told, *map(_text_of, self.markup)])

    @property
    def markup(self) -> list[str]:
        """What the page draws as HTML."""
        return [item.proto.body for item in self.page.get("html") if "tt-" in item.proto.body]

    def _group(self, key: str) -> Any:
        return next(group for group in self.page.get("button_group") if group.key == key)

    def _check(self) -> None:
        assert not self.page.exception, self.page.exception


def _text_of(markup: str) -> str:
    """What is read where HTML is drawn: each block a line."""
    return unescape(re.sub("<[^>]*>", "", re.sub("</?div[^>]*>", "\n", markup)).strip().replace("\n\n", "\n"))
