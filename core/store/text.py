"""Texts as both databases keep them: every character comes back, and capitals do not count in a search."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

# PostgreSQL refuses NUL, UTF-8 half characters: both are written as U+001A and four digits, as is U+001A itself.
_ODD = re.compile("[\x00\x1a\ud800-\udfff]")
_PACKED = re.compile("\x1a([0-9a-f]{4})")
MAX_WORDS = 10
MAX_SEARCH = 200


def pack(text: str) -> str:
    """Return the text with every character that a database refuses written in others."""
    return _ODD.sub(lambda found: f"\x1a{ord(found[0]):04x}", text)


def unpack(text: str) -> str:
    """Return what `pack` was given."""
    return _PACKED.sub(lambda found: chr(int(found[1], 16)), text)


class ExactText(TypeDecorator[str]):
    """A column of text that takes any `str` and gives it back as it was."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # by name
        """Pack what is written."""
        return None if value is None else pack(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # by name
        """Unpack what is read."""
        return None if value is None else unpack(value)


def fold(*texts: str) -> str:
    """Return the texts as a search compares them: one after another, without capitals and typographic variants."""
    return unicodedata.normalize("NFKC", "\n".join(filter(None, texts))).casefold()


def search_words(text: str) -> list[str]:
    """Return the words of a search, as `fold` writes them; what is more than anyone types is left out."""
    return fold(text[:MAX_SEARCH]).split()[:MAX_WORDS]


def to_bytes(text: str) -> bytes:
    """Return the bytes that a content is stored as: UTF-8, half characters included."""
    return text.encode("utf-8", "surrogatepass")


def from_bytes(content: bytes) -> str:
    """Return what `to_bytes` was given. Raises UnicodeDecodeError."""
    return content.decode("utf-8", "surrogatepass")


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_tags(tags: frozenset[str]) -> str:
    """Return tags as one text in which each stands between line ends, so that one is found by `tag_pattern`."""
    return "".join(f"\n{tag}" for tag in sorted(tags)) + "\n" if tags else ""


def read_tags(text: str) -> tuple[str, ...]:
    """Return the tags that `write_tags` has written, sorted."""
    return tuple(text.split("\n")[1:-1])


def tag_pattern(tag: str) -> str:
    """Return the text that a column of tags holds if it holds this tag."""
    return f"\n{tag}\n"
