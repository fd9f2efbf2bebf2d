"""What a sweep is: a workflow, what is varied of it, and a run for each combination; kept as a file."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from core import Catalog, Workflow
from core.durable import new_file, place, tell
from core.errors import FormatError, LiteralError, SweepError
from core.json_text import loads
from core.literal import decode, encode
from core.sweep import Axis, Target, Variant, expand

FOLDER = "sweeps"
TAG = "sweep"
VERSION = 1
MOST_LISTED = 200
MOST_READ = 16
ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Wish:
    """What a tab wants to sweep, as it is typed, and which sweep it looks at.

    Attributes:
        targets: what is varied; None for nothing.
        texts: the values of each, as they are typed.
        shown: id of the sweep that is looked at; "" for none.
        wanted: id of a run that is to be opened, since it was clicked; "" for none.
    """

    targets: tuple[Target | None, Target | None] = (None, None)
    texts: tuple[str, str] = ("", "")
    shown: str = ""
    wanted: str = ""


@dataclass(frozen=True, eq=False)
class Sweep:
    """One sweep. It never changes; how far its runs have come is known of the runs.

    Attributes:
        id: names it, and begins the ids of its runs.
        name: the tag that its runs have.
        workflow: what is varied.
        axes: one or two.
        created: seconds since 1970.
        author: who has asked for it.
        workflow_id, version: which saved workflow it is of; None if none.
    """

    id: str
    name: str
    workflow: Workflow
    axes: tuple[Axis, ...]
    created: float
    author: str = ""
    workflow_id: str | None = None
    version: int | None = None

    @cached_property
    def variants(self) -> list[Variant]:
        """The combinations, in the order in which they run. Raises SweepError."""
        return expand(self.workflow, self.axes)

    @cached_property
    def run_ids(self) -> list[str]:
        """The id of the run of each variant."""
        return [f"{self.id}-{number}" for number in range(len(self.variants))]

    def to_text(self) -> str:
        """Return it as JSON. Raises LiteralError for a value that no file can hold."""
        names = ("id", "name", "created", "author", "workflow_id", "version")
        told = {name: getattr(self, name) for name in names}
        axes = [{"target": axis.target, "values": encode(list(axis.values), axis.name)} for axis in self.axes]
        return json.dumps({"format": VERSION, **told, "axes": axes, "workflow": self.workflow.to_json()})


def sweep_of(run_id: str, tags: Collection[str]) -> str:
    """Return the id of the sweep that a run is of; "" if it is of none."""
    sweep_id, _, number = run_id.rpartition("-")
    is_one = TAG in tags and ID.fullmatch(sweep_id) and number.isascii() and number.isdigit()
    return sweep_id if is_one else ""


@dataclass(frozen=True)
class Heading:
    """A sweep as a list shows it: its id, its name, the name of its workflow, and when it was made."""

    id: str
    name: str
    workflow: str
    created: float


class SweepFolder:
    """The sweeps of one server."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER
        self._read: dict[str, Sweep] = {}
        self._headings: dict[str, Heading] = {}

    def keep(self, sweep: Sweep) -> None:
        """Write it down. Raises SweepError if it cannot be written."""
        try:
            content = sweep.to_text().encode("utf-8")
            with new_file(self._folder) as path:
                path.write_bytes(content)
                place(path, self._path(sweep.id))
        except OSError as error:
            raise SweepError(tell(error, "the sweep cannot be written")) from error
        self._remember(sweep)

    def find(self, sweep_id: str, catalog: Catalog) -> Sweep:
        """Return a sweep; its workflow names the functions of this catalog. Raises SweepError if there is none."""
        found = self._read.get(sweep_id)
        if found is None or found.workflow.catalog is not catalog:
            found = _sweep(self._data(sweep_id), catalog)
            self._remember(found)
        return found

    def headings(self) -> list[Heading]:
        """Return what there is, the latest first, at most 200; what cannot be read is left out."""
        return sorted(self._known(), key=lambda found: -found.created)[:MOST_LISTED]

    def _remember(self, sweep: Sweep) -> None:
        self._read[sweep.id] = sweep
        while len(self._read) > MOST_READ:
            self._read.pop(next(iter(self._read)), None)

    def _known(self) -> Iterator[Heading]:
        for path in self._folder.glob("*.json") if self._folder.is_dir() else ():
            if path.stem not in self._headings:
                try:
                    data = self._data(path.stem)
                    named = json.loads(data["workflow"]).get("name", "")
                    found = Heading(data["id"], data["name"], str(named), float(data["created"]))
                except (SweepError, LookupError, TypeError, ValueError):
                    continue
                self._headings[path.stem] = found
            yield self._headings[path.stem]

    def _data(self, sweep_id: str) -> dict[str, Any]:
        if not ID.fullmatch(sweep_id):
            raise SweepError(f"{sweep_id[:40]!r} is no id of a sweep")
        try:
            data = loads(self._path(sweep_id).read_text(encoding="utf-8"), "the sweep")
        except FileNotFoundError:
            raise SweepError(f"there is no sweep {sweep_id} (any more)") from None
        except (OSError, FormatError, UnicodeDecodeError) as error:
            raise SweepError(f"the sweep {sweep_id} cannot be read: {str(error)[:200]}") from error
        if not isinstance(data, dict) or data.get("format") != VERSION:
            raise SweepError(f"the sweep {sweep_id} was written by another version of Tasktable")
        return data

    def _path(self, sweep_id: str) -> Path:
        return self._folder / f"{sweep_id}.json"


def _sweep(data: dict[str, Any], catalog: Catalog) -> Sweep:
    try:
        axes = [Axis(_target(axis["target"]), tuple(decode(axis["values"], "values"))) for axis in data["axes"]]
        workflow = Workflow.from_json(data["workflow"], catalog=catalog)
        names = ("id", "name", "created", "author", "workflow_id", "version")
        found = Sweep(workflow=workflow, axes=tuple(axes), **{name: data[name] for name in names})
        len(found.variants)  # what cannot be expanded is told of here
        return found
    except (LookupError, TypeError, AttributeError, FormatError, LiteralError, SweepError) as error:
        raise SweepError(f"the sweep cannot be read: {str(error)[:200]}") from error


def _target(data: Any) -> Target:
    return data if isinstance(data, str) else (str(data[0]), str(data[1]))
