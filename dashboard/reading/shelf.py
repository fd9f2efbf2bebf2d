"""What the library shows: a page of the saved workflows, their pictures, and all of them as one file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core import TasktableError, Workflow
from core.picture import graph_svg
from core.store import WorkflowRecord
from dashboard.reading import facts
from dashboard.server.backend import backend

PAGE = 12
PICTURE_WIDTH = 130
NO_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="130" height="58"></svg>'


Whose = Literal["mine", "others"]


@dataclass(frozen=True)
class Wish:
    """What is looked for in the library.

    Attributes:
        text: words that are all to be found.
        tags: that a workflow must have, all of them.
        archived: whether what was put away is wanted, or the rest.
        author, whose: only workflows of which this person has saved a version, or of which only others have; None is
            everybody's.
    """

    text: str = ""
    tags: tuple[str, ...] = ()
    archived: bool = False
    author: str = ""
    whose: Whose | None = None

    @property
    def is_plain(self) -> bool:
        """Whether all that is not archived is wanted, or what holds some words."""
        return not (self.tags or self.archived or self.whose)


@dataclass(frozen=True)
class Shelf:
    """One page of the library: its workflows, whether there are more, and what went wrong, if something did."""

    records: tuple[WorkflowRecord, ...] = ()
    has_more: bool = False
    problem: str = ""


def shelf(wish: Wish, page: int) -> Shelf:
    """Return a page, from 0, of the saved workflows, the latest saved first."""
    backend().elsewhere.look()
    try:
        found = backend().store.workflows(
            wish.text,
            wish.tags,
            archived=wish.archived,
            saved_by=wish.author if wish.whose == "mine" else None,
            not_saved_by=wish.author if wish.whose == "others" else None,
            limit=PAGE + 1,
            offset=page * PAGE,
        )
    except TasktableError as error:
        return Shelf(problem=str(error))
    return Shelf(tuple(found[:PAGE]), len(found) > PAGE)


def known_tags() -> list[str]:
    """Return every tag that a workflow has."""
    try:
        return backend().store.known_tags("workflow")
    except TasktableError:
        return []


def picture(record: WorkflowRecord) -> str:
    """Return the SVG of a workflow's graph; an empty one if it cannot be read."""
    try:
        return _picture(record.id, record.latest)
    except TasktableError:
        return NO_PICTURE


@lru_cache(maxsize=2000)
def _picture(workflow_id: str, number: int) -> str:
    version = backend().store.version(workflow_id, number)
    return graph_svg(Workflow.from_json(version.content, catalog=facts.catalog()), PICTURE_WIDTH)


@lru_cache(maxsize=32)
def sample_picture(stem: str) -> str:
    """Return the SVG of a sample's graph."""
    return graph_svg(sample(stem), PICTURE_WIDTH)


@lru_cache(maxsize=32)
def sample(stem: str) -> Workflow:
    """Return a sample to look at."""
    return facts.load_sample(stem)


def export_all() -> bytes:
    """Return a .zip of the latest version of every workflow. Raises StoreError."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in backend().store.export_all():
            file.writestr(name, data)
    return content.getvalue()
