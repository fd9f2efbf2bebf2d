"""Two Plotly figures as one: side by side with linked axes, or over each other. Plain JSON in, plain JSON out."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

Data = dict[str, Any]
AXIS = re.compile(r"([xy])(\d*)((?: domain)?)")
KEY = re.compile(r"([xy])axis(\d*)")
LETTERS = ("x", "y")
REFERENCES = ("anchor", "overlaying", "matches", "scaleanchor")
GAP = 0.03
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#797D84", "#56B4E9", "#E69F00")
FLAT = ("scatter", "scattergl", "bar", "histogram", "box", "violin", "heatmap", "contour", "histogram2d")
FLAT_KINDS = frozenset({*FLAT, "histogram2dcontour", "candlestick", "ohlc", "waterfall", "funnel", "image"})


def is_flat(figure: Data) -> bool:
    """True for a figure of which every trace lies on axes to the right and up."""
    return all(trace.get("type", "scatter") in FLAT_KINDS for trace in figure.get("data", ()))


def side_by_side(old: Data, new: Data, labels: tuple[str, str]) -> Data:
    """Return both figures next to each other; moving one axis moves that of the other. Both must be flat."""
    by = max(_numbers(old), default=1)
    traces = [_traces(old, 0, "left"), _traces(new, by, "right")]
    left, right = _axes(old, 0, (0.0, 0.5 - GAP)), _axes(new, by, (0.5 + GAP, 1.0))
    for name, axis in right.items():
        twin = _key(name, -by)
        if twin in left and not axis.keys() & {"matches", "scaleanchor"}:
            axis["matches"] = _reference(twin)
    layout = _common(old, new)
    layout.update(left | right)
    layout["annotations"] = [*_notes(old, 0, 0.0), *_notes(new, by, 0.5 + GAP), *_heads(labels)]
    layout["shapes"] = [*_parts(old, "shapes", 0, 0.0), *_parts(new, "shapes", by, 0.5 + GAP)]
    layout["colorway"] = [*_colours(old, len(traces[0])), *_colours(new, len(traces[1]))]
    layout["margin"] = {"t": 70, "l": 50, "r": 20, "b": 40}
    layout["legend"] = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.09, "yanchor": "bottom"}
    return {"data": [*traces[0], *traces[1]], "layout": layout}


def overlaid(old: Data, new: Data, labels: tuple[str, str]) -> Data:
    """Return the new figure over the old one, whose lines are dotted and pale. Both must be flat."""
    before, after = copy.deepcopy(old.get("data", [])), copy.deepcopy(new.get("data", []))
    for number, trace in enumerate(before):
        trace["opacity"] = 0.55 * float(trace.get("opacity", 1) or 0)
        if trace.get("type", "scatter") in ("scatter", "scattergl"):
            trace["line"] = {**trace.get("line", {}), "dash": "dot"}
        _rename(trace, number, labels[0])
    for number, trace in enumerate(after):
        _rename(trace, number, labels[1])
    layout = {**copy.deepcopy(new.get("layout", {})), "showlegend": True}
    layout["colorway"] = [*_colours(old, len(before)), *_colours(new, len(after))]
    return {"data": [*before, *after], "layout": layout}


def _rename(trace: Data, number: int, label: str) -> None:
    trace["name"] = f"{trace.get('name') or f'trace {number + 1}'} ({label})"
    trace.pop("legendgroup", None)
    trace["showlegend"] = True


def _numbers(figure: Data) -> list[int]:
    """Return the numbers of all axes of a figure."""
    found = [_number(match[2]) for key in figure.get("layout", {}) if (match := KEY.fullmatch(key))]
    for trace in figure.get("data", ()):
        found += [_number(match[2]) for letter in LETTERS if (match := AXIS.fullmatch(_of(trace, letter)))]
    return found


def _of(trace: Mapping[str, Any], letter: str) -> str:
    return str(trace.get(f"{letter}axis") or letter)


def _number(digits: str) -> int:
    return int(digits or 1)


def _moved(reference: Any, by: int) -> Any:
    """Return the name of an axis, such as "x2" or "y domain", some numbers further; anything else as it is."""
    match = AXIS.fullmatch(reference) if isinstance(reference, str) else None
    if not match:
        return reference
    number = _number(match[2]) + by
    return f"{match[1]}{number if number > 1 else ''}{match[3]}"


def _key(name: str, by: int) -> str:
    match = KEY.fullmatch(name)
    assert match  # noqa: S101 - names of axes only
    number = _number(match[2]) + by
    return f"{match[1]}axis{number if number > 1 else ''}"


def _reference(key: str) -> str:
    return key.replace("axis", "")


def _traces(figure: Data, by: int, side: str) -> list[Data]:
    traces: list[Data] = copy.deepcopy(figure.get("data", []))
    for number, trace in enumerate(traces):
        for letter in LETTERS:
            trace[f"{letter}axis"] = _moved(_of(trace, letter), by)
        trace["legendgroup"] = str(trace.get("name") or number)
        if side == "right":
            trace["showlegend"] = False
    return traces


def _axes(figure: Data, by: int, share: tuple[float, float]) -> Data:
    """Return the axes of a figure, moved into a share of the width."""
    layout = figure.get("layout", {})
    names = {key for key in layout if KEY.fullmatch(key)} | {"xaxis", "yaxis"}
    for trace in figure.get("data", ()):
        names |= {_of(trace, letter).replace(letter, f"{letter}axis", 1) for letter in LETTERS}
    found = {}
    for name in sorted(names):
        axis = copy.deepcopy(layout.get(name) or {})
        axis |= {part: _moved(axis[part], by) for part in REFERENCES if part in axis}
        axis.setdefault("anchor", f"{'y' if name.startswith('x') else 'x'}{1 + by if by else ''}")
        if name.startswith("x"):
            axis["domain"] = [_scaled(edge, share) for edge in axis.get("domain") or (0.0, 1.0)]
        elif "position" in axis:
            axis["position"] = _scaled(axis["position"], share)
        found[_key(name, by)] = axis
    return found


def _scaled(place: float, share: tuple[float, float]) -> float:
    return share[0] + float(place) * (share[1] - share[0])


def _common(old: Data, new: Data) -> Data:
    """Return what both layouts say of the figure as a whole."""
    drop = ("annotations", "shapes", "title", "width", "images", "sliders", "updatemenus", "grid")
    layout = copy.deepcopy(new.get("layout", {}))
    height = max(int(figure.get("layout", {}).get("height") or 0) for figure in (old, new))
    kept = {key: part for key, part in layout.items() if not KEY.fullmatch(key) and key not in drop}
    return {**kept, **({"height": height} if height else {})}


def _notes(figure: Data, by: int, start: float) -> list[Data]:
    return _parts(figure, "annotations", by, start)


def _parts(figure: Data, name: str, by: int, start: float) -> list[Data]:
    """Return annotations or shapes, moved with their axes; what lies on the paper moves into its half."""
    parts: list[Data] = copy.deepcopy(figure.get("layout", {}).get(name) or [])
    share = (start, start + 0.5 - GAP)
    for part in parts:
        for reference in ("xref", "yref", "axref", "ayref"):
            if reference in part:
                part[reference] = _moved(part[reference], by)
        if part.get("xref", "paper") == "paper":
            part |= {x: _scaled(part[x], share) for x in ("x", "x0", "x1") if isinstance(part.get(x), int | float)}
    return parts


def _heads(labels: tuple[str, str]) -> list[Data]:
    place = {"xref": "paper", "yref": "paper", "y": 1.0, "yanchor": "bottom", "xanchor": "left", "showarrow": False}
    starts = (0.0, 0.5 + GAP)
    return [{**place, "x": x, "text": f"<b>{text}</b>"} for x, text in zip(starts, labels, strict=True)]


def _colours(figure: Data, count: int) -> list[str]:
    """Return the colours that the traces of a figure get in turn where they have none of their own."""
    layout = figure.get("layout", {})
    template = layout.get("template") or {}
    given = layout.get("colorway") or (template.get("layout") or {}).get("colorway") or COLOURS
    return [given[number % len(given)] for number in range(count)]
