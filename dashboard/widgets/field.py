"""One typed field for one literal value; emptied, it stands for the default, which it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import Parameter
from typing import Any

import streamlit as st

from core.errors import LiteralError
from core.notation import parse, spell
from dashboard import state
from dashboard.reading.annotation import Annotation, read_annotation
from dashboard.widgets.text import plain

MAX_SAFE = 2**53 - 1
NARROW, WIDE = 156, 322
DENSE = 112
NO_TEXT = {
    *("None", "bool", "int", "float", "complex", "date", "datetime", "time", "timedelta", "Decimal", "dict", "list"),
    *("tuple", "set", "frozenset", "Mapping", "Sequence", "Collection", "Iterable"),
}


@dataclass(frozen=True)
class Field:
    """What a field is for.

    Attributes:
        name: the label.
        key: the widget's key.
        is_given: whether `value` is meant, or the default.
        value: the value as it is now.
        default: what holds while none is given; `Parameter.empty` if there is none.
        annotation: the argument's type as the function's author wrote it; "" if unknown.
        hints: `choices`, `minimum`, `maximum`, `description`, as `core.function.task` takes them.
        on_change: called with the new value and True, or with None and False.
        owner: what it is a field of; a text that was refused is told of as long as the field is of the same.
        width: of a field that holds something short, in pixels.
    """

    name: str
    key: str
    is_given: bool
    value: Any
    default: Any
    annotation: str
    on_change: Callable[[Any, bool], None]
    hints: Mapping[str, Any] = field(default_factory=dict)
    width: int = NARROW
    owner: str = ""

    def draw(self) -> None:
        """Draw the widget that fits the value's type, or the annotation's while there is no value."""
        if choices := self.hints.get("choices") or self._type.choices:
            self._choice(choices)
        elif self._is(bool):
            self._choice([True, False])
        elif self._is(int) and abs(self._number(0)) <= MAX_SAFE:
            self._number_input(int, step=1, form=None)
        elif self._is(float) and abs(self._number(0)) <= MAX_SAFE:
            self._number_input(float, step=None, form="%g")
        elif self._is(dt.date):
            self._date_input()
        elif self._is(str) and not self._is_no_text:
            self._text_input(str, self.width, self.value)
        else:
            text = spell(self.value) if type(self.value) is str and self._is_no_text else _shown(self.value)
            self._text_input(parse, WIDE, text)

    @property
    def _type(self) -> Annotation:
        return read_annotation(self.annotation)

    @property
    def _label(self) -> str:
        is_needed = self.default is Parameter.empty and not self.is_given
        return f"{plain(self.name)} (needed)" if is_needed else plain(self.name)

    @property
    def _is_no_text(self) -> bool:
        """True if the author allows no text, so that one that does not spell a value is a mistake."""
        return bool(self._type.names) and self._type.names <= NO_TEXT

    @property
    def _help(self) -> str | None:
        return plain(str(self.hints["description"])) if "description" in self.hints else None

    def _is(self, kind: type) -> bool:
        if self.is_given:
            return type(self.value) is kind
        if self.default is None or self.default is Parameter.empty:
            return kind.__name__ in self._type.names
        return type(self.default) is kind

    def _number(self, fallback: float) -> float:
        sample = self.value if self.is_given else self.default
        return sample if type(sample) in (int, float) else fallback

    def _changed(self, read: Callable[[Any], Any]) -> None:
        new = state.widget(self.key)
        if state.is_echo(self.key):
            return
        if new is None or new == "":
            self.on_change(None, False)
            return
        try:
            self.on_change(read(new), True)
        except LiteralError as error:
            if self._is_no_text:
                state.refuse(self.key, self.owner, str(error))
            else:
                self.on_change(new, True)

    def _choice(self, choices: Sequence[Any]) -> None:
        options = list(choices) if not self.is_given or self.value in choices else [self.value, *choices]
        state.set_widget(self.key, self.value if self.is_given else None)
        st.selectbox(
            self._label,
            options,
            key=self.key,
            index=None,
            help=self._help,
            placeholder=_shown(self.default) or "choose…",
            format_func=str,
            width=self.width,
            on_change=lambda: self._changed(lambda new: new),
        )

    def _number_input(self, kind: type[int] | type[float], step: int | None, form: str | None) -> None:
        low, high = self.hints.get("minimum"), self.hints.get("maximum")
        value = kind(self.value) if self.is_given else None
        fits = value is None or ((low is None or low <= value) and (high is None or value <= high))
        options: dict[str, Any] = {"step": step, "format": form, "value": None}
        if fits:
            options |= {
                name: kind(limit) for name, limit in (("min_value", low), ("max_value", high)) if limit is not None
            }
        state.set_widget(self.key, value)
        st.number_input(
            self._label,
            key=self.key,
            help=self._help,
            placeholder=_shown(self.default) or None,
            width=self.width,
            on_change=lambda: self._changed(kind),
            **options,
        )

    def _date_input(self) -> None:
        # Streamlit's date field has no place of its own to show what holds while it is empty.
        shown = f" ({self.default.isoformat()})" if isinstance(self.default, dt.date) and not self.is_given else ""
        state.set_widget(self.key, self.value if self.is_given else None)
        st.date_input(
            f"{self._label}{shown}",
            key=self.key,
            value=None,
            min_value=dt.date(1, 1, 1),
            max_value=dt.date(9999, 12, 31),
            format="YYYY-MM-DD",
            help=self._help,
            width=self.width,
            on_change=lambda: self._changed(lambda new: new),
        )

    def _text_input(self, read: Callable[[str], Any], width: int, text: Any) -> None:
        refusal = state.refusal(self.key, self.owner)
        if not refusal:
            state.set_widget(self.key, text if self.is_given else "")
        st.text_input(
            self._label,
            key=self.key,
            help=self._help,
            placeholder=_shown(self.default) or None,
            width=width,
            on_change=lambda: self._changed(read),
        )
        if refusal:
            st.caption(f":red[{plain(refusal)}]", width=width)


def _shown(value: Any) -> str:
    if value is Parameter.empty:
        return ""
    if type(value) is bool:
        return str(value)
    try:
        return value if type(value) is str else spell(value)
    except LiteralError:
        return repr(value)[:60]
