"""What a bundle holds: manifest.json, workflow.json, run.json, and one file for each value, named by its digest.

Reading one takes the manifest first, then only what it names. It checks everything and executes nothing: no function is
looked up, no value is decoded, no pickle is taken.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core import workflow_file
from core.artifact import Artifact
from core.bundle import record_text
from core.bundle.archive import Archive, opened, pack
from core.bundle.record_text import DIGEST, fields, objects, text
from core.errors import FormatError
from core.json_text import loads
from core.record import RunRecord
from core.task import NOTHING
from core.value.output import whole
from core.workflow_file import WorkflowFile

FORMAT = "tasktable.bundle"
VERSION = 1
OPEN_CODECS = ("text", "bytes", "json", "arrow", "npy", "figure", "png")
MANIFEST, WORKFLOW, RUN, FOLDER = "manifest.json", "workflow.json", "run.json", "artifacts/"
FIELDS = ("format", "version", "title", "note", "environment", "files", "artifacts", "left_out")
MAX_TITLE = 500
MAX_NOTE = 50_000
MAX_PACKAGES = 2_000
# What a file of a codec begins with, where all of them begin alike.
BEGINNINGS = {"arrow": b"ARROW1", "npy": b"\x93NUMPY", "png": b"\x89PNG\r\n\x1a\n", "figure": b"{"}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A value that was chosen and is not in the bundle, and why."""

    digest: str
    reason: str


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds.

    Attributes:
        workflow_text: the workflow file; `workflow` is what it says.
        record: what became of the run, without an id; None if there is no run.
        artifacts: the values that are there.
        contents: digest -> the bytes of the value.
        title, note: what the sender says.
        environment: "python" and packages -> version, where it ran.
        left_out: what was chosen and could not be included.
    """

    workflow_text: str
    workflow: WorkflowFile
    record: RunRecord | None = None
    artifacts: tuple[Artifact, ...] = ()
    contents: Mapping[str, bytes] = field(default_factory=lambda: NOTHING)
    title: str = ""
    note: str = ""
    environment: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    left_out: tuple[LeftOut, ...] = ()


def write_bundle(
    workflow_text: str,
    record: RunRecord | None = None,
    artifacts: Sequence[Artifact] = (),
    read_bytes: Callable[[Artifact], bytes] | None = None,
    title: str = "",
    note: str = "",
    environment: Mapping[str, str] = NOTHING,
) -> bytes:
    """Return the bundle as a ZIP archive; the same bytes for the same contents.

    Args:
        workflow_text: the workflow file that ran, its inputs as they were.
        record: the run.
        artifacts: the values to include. Pickles, and values that were not stored or cannot be read, are left out,
            which the bundle says; the picture of a value that is left out is taken instead, if it has one.
        read_bytes: returns the file of an artifact.
        title, note, environment: for the receiver.

    Raises FormatError if the text is no workflow file, or a part of the record is not such that it could be read
    again; TooLargeError if it gets too large.
    """
    workflow_file.loads(workflow_text, WORKFLOW)
    included: dict[str, Artifact] = {}
    files: dict[str, bytes] = {}
    left_out: dict[LeftOut, None] = {}
    for artifact in artifacts:
        content, reason = _content(artifact, read_bytes)
        if reason:
            left_out[LeftOut(artifact.digest, reason)] = None
            artifact = _preview(artifact)  # noqa: PLW2901 - what is taken instead
            content, reason = _content(artifact, read_bytes)
        if not reason:
            included[artifact.digest] = Artifact(
                artifact.digest, artifact.codec, len(content), artifact.kind, artifact.summary
            )
            files[FOLDER + artifact.digest] = content
    files[WORKFLOW] = workflow_text.encode("utf-8")
    if record is not None:
        files[RUN] = record_text.dumps(record).encode("utf-8")
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "title": _clean(title)[:MAX_TITLE],
        "note": _clean(note)[:MAX_NOTE],
        "environment": dict(environment),
        "files": {name: _digest(files[name]) for name in (WORKFLOW, RUN) if name in files},
        "artifacts": [included[digest].to_json() for digest in sorted(included)],
        "left_out": [{"digest": item.digest, "reason": item.reason} for item in left_out],
    }
    files[MANIFEST] = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    content = pack(files)
    read_bundle(content)  # what could not be read again is no bundle
    return content


def read_bundle(content: bytes, what: str = "the bundle") -> Bundle:
    """Return what a bundle holds. Raises FormatError, with what is wrong and where; nothing of it is executed."""
    with opened(content, what) as archive:
        if MANIFEST not in archive.sizes:
            raise FormatError(f"{what} is not a bundle of Tasktable: it has no {MANIFEST}")
        manifest = _manifest(archive.read(MANIFEST), f"{what}: {MANIFEST}")
        artifacts = _artifacts(manifest, what)
        _check_names(archive.sizes, manifest, artifacts, what)
        texts = {name: _named(archive, name, digest, what) for name, digest in manifest["files"].items()}
        contents = {artifact.digest: _value(archive, artifact, what) for artifact in artifacts}
    return Bundle(
        workflow_text=texts[WORKFLOW].decode("utf-8-sig", "replace"),
        workflow=workflow_file.loads(texts[WORKFLOW], f"{what}: {WORKFLOW}"),
        record=record_text.load_record(texts[RUN], f"{what}: {RUN}") if RUN in texts else None,
        artifacts=tuple(artifacts),
        contents=contents,
        title=manifest["title"],
        note=manifest["note"],
        environment=manifest["environment"],
        left_out=tuple(manifest["left_out"]),
    )


def _artifacts(manifest: Mapping[str, Any], what: str) -> list[Artifact]:
    place = f"{what}: {MANIFEST}: artifacts"
    found = [record_text.load_artifact(item, f"{place}[{n}]") for n, item in enumerate(manifest["artifacts"])]
    if len({artifact.digest for artifact in found}) != len(found):
        raise FormatError(f"{place} names a value twice")
    for artifact in found:
        if artifact.codec not in OPEN_CODECS:
            raise FormatError(
                f"{_place(artifact, what)} is stored as {artifact.codec[:40]!r}; "
                f"a bundle may hold {', '.join(OPEN_CODECS)} only, never code"
            )
    return found


def _named(archive: Archive, name: str, digest: str, what: str) -> bytes:
    content = archive.read(name)
    if _digest(content) != digest:
        raise FormatError(f"{what}: {name} is not the file that the manifest names; it was changed or damaged")
    return content


def _value(archive: Archive, artifact: Artifact, what: str) -> bytes:
    name, place = FOLDER + artifact.digest, _place(artifact, what)
    is_whole = archive.sizes[name] == artifact.size
    content = archive.read(name) if is_whole else b""
    if not is_whole or _digest(content) != artifact.digest:
        raise FormatError(f"{place} is not what its digest says; it was changed or damaged")
    if not content.startswith(BEGINNINGS.get(artifact.codec, b"")):
        raise FormatError(f"{place} is not written as {artifact.codec}")
    return content


def _place(artifact: Artifact, what: str) -> str:
    return f"{what}: the value {artifact.digest[:12]}"


def _content(artifact: Artifact, read_bytes: Callable[[Artifact], bytes] | None) -> tuple[bytes, str]:
    """Return the file of an artifact, or the reason why it is not included."""
    if not artifact.is_stored:
        return b"", _clean(str(artifact.summary.get("reason", "")))[:500] or "it was not stored"
    if artifact.codec not in OPEN_CODECS:
        return b"", f"it is stored as {artifact.codec or 'nothing'}, which only code can open; bundles hold no code"
    if read_bytes is None:
        return b"", "its file was not given"
    try:
        content = read_bytes(artifact)
    except Exception as error:  # a stored value may be gone; the reader is the caller's
        return b"", f"it cannot be read: {_clean(str(error))[:300]}"
    if _digest(content) != artifact.digest:
        return b"", "its file is damaged"
    return content, ""


def _preview(artifact: Artifact) -> Artifact:
    """Return the picture of a value that is left out, as an artifact that is not stored if there is none."""
    digest = artifact.summary.get("preview")
    is_one = isinstance(digest, str) and re.fullmatch(DIGEST, digest, re.ASCII)
    return Artifact(str(digest) if is_one else "", "png", 0, "image")


def _clean(value: str) -> str:
    return whole(value.replace("\0", "\ufffd"))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _manifest(content: bytes, what: str) -> dict[str, Any]:
    data = loads(content, what)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise FormatError(f'{what} is not that of a bundle: expected "format": "{FORMAT}"')
    version = data.get("version")
    if type(version) is not int or version != VERSION:
        raise FormatError(f"{what} has the format version {str(version)[:40]}; this Tasktable reads version {VERSION}")
    found = dict(fields(data, FIELDS, what))
    text(found["title"], f"{what}: title", MAX_TITLE)
    text(found["note"], f"{what}: note", MAX_NOTE)
    for name, most in (("environment", MAX_PACKAGES), ("files", 2)):
        for key, item in objects(found[name], f"{what}: {name}", most).items():
            text(key, f"{what}: {name}", MAX_TITLE)
            text(item, f"{what}: {name}.{key[:60]}", MAX_TITLE)
    for name in ("artifacts", "left_out"):
        if not isinstance(found[name], list):
            raise FormatError(f"{what}: {name} is not a list")
    found["left_out"] = [_left_out(item, f"{what}: left_out[{n}]") for n, item in enumerate(found["left_out"])]
    return found


def _left_out(data: Any, what: str) -> LeftOut:
    found = fields(data, ("digest", "reason"), what)
    return LeftOut(text(found["digest"], f"{what}: digest", 64), text(found["reason"], f"{what}: reason", MAX_NOTE))


def _check_names(files: Collection[str], manifest: Mapping[str, Any], artifacts: Sequence[Artifact], what: str) -> None:
    for name in files:
        if name not in (MANIFEST, WORKFLOW, RUN) and not re.fullmatch(FOLDER + DIGEST, name, re.ASCII):
            raise FormatError(f"{what} has the file {name!r}, which is none of a bundle")
    named = set(manifest["files"])
    if unknown := named - {WORKFLOW, RUN}:
        raise FormatError(f"{what}: {MANIFEST} names {min(unknown)[:60]!r}, which is none of a bundle")
    if WORKFLOW not in named or named - set(files):
        missing = min(named - set(files), default=WORKFLOW)
        raise FormatError(f"{what} has no {missing}")
    for artifact in artifacts:
        if FOLDER + artifact.digest not in files:
            raise FormatError(f"{_place(artifact, what)} is named, but its file is not there")
    if extra := set(files) - {FOLDER + artifact.digest for artifact in artifacts} - {MANIFEST, *named}:
        raise FormatError(f"{what} has the file {min(extra)!r}, which its manifest does not name")
