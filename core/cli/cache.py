"""`tasktable cache`: shows the results that are kept, clears them, or trims them to the size that is allowed."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from core.cli.word import OK, say, size_text

if TYPE_CHECKING:
    from core.settings import Settings


def cache(options: argparse.Namespace) -> int:
    """Do it and say what is kept then. Returns the exit code."""
    from core.artifact_folder import ArtifactFolder
    from core.cache import DiskCache
    from core.settings import Settings

    settings = Settings.from_environment()
    kept = DiskCache(settings.data, ArtifactFolder(settings.data / "artifacts"))
    if options.action != "show":
        pinned = set() if options.all else _pinned(settings)
        kept.evict(-1 if options.action == "clear" else settings.cache_size, pinned)
    usage = kept.usage()
    say(f"{usage.entries:,} results, {size_text(usage.bytes)} of at most {size_text(settings.cache_size)}")
    say(f"in {settings.data}")
    if options.action == "clear" and usage.bytes:
        say("values of marked, saved and recent runs stay; `tasktable cache clear --all` removes them too")
    return OK


def _pinned(settings: Settings) -> set[str]:
    from core.store import Store

    with closing(Store.open(settings)) as store:
        return store.pinned_artifacts()
