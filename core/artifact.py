"""One stored value: what it is, and where in the folder of artifacts it lies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.task import NOTHING


@dataclass(frozen=True, slots=True)
class Artifact:
    """A value as it was stored. Equal bytes have equal digests, and are stored once.

    Attributes:
        digest: SHA-256 of the bytes, in hexadecimal; "" for a value that could not be stored.
        codec: how the value became bytes (see `core.codec`); "" for a value that could not be stored.
        size: number of bytes.
        kind: what the value is (see `core.value.output.kind_of`).
        summary: what can be told of it without reading it, as plain JSON: `type`, `text` (a short repr), and by kind
            `rows`, `columns`, `shape`, `dtype`, `length`, `number`; `preview`, the digest of a PNG file to look at;
            `reason` why it could not be stored.
    """

    digest: str
    codec: str
    size: int
    kind: str
    summary: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    @property
    def is_stored(self) -> bool:
        """True if its bytes were kept."""
        return bool(self.digest)

    @property
    def digests(self) -> tuple[str, ...]:
        """The digests of all its files: of the value, and of the picture to look at, if there is one."""
        return tuple(digest for digest in (self.digest, self.summary.get("preview", "")) if digest)

    @property
    def number(self) -> float | None:
        """The number that it is, if it is one; exact as far as a float is."""
        told = self.summary.get("number") if self.kind == "number" else None
        try:
            found = float(told) if isinstance(told, str | int | float) else None
        except (ValueError, OverflowError):
            return None
        return None if found is None or math.isnan(found) else found

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "digest": self.digest,
            "codec": self.codec,
            "size": self.size,
            "kind": self.kind,
            "summary": dict(self.summary),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Artifact:
        """Read what `to_json` has written. Raises KeyError."""
        return cls(data["digest"], data["codec"], data["size"], data["kind"], dict(data["summary"]))
