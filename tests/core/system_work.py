"""Work that tells on which system it believes to be, for the tests of managed runs."""

from __future__ import annotations

from core import process


def is_linux() -> bool:
    return process.IS_LINUX or process.LISTS_CHILDREN
