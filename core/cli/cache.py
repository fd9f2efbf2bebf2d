"""`tasktable cache`: shows the results that are kept, clears them, or trims them to the size that is allowed."""

from __future__ import annotations

import argparse
from contextlib import closing

from core.cli.word import OK, say, size_text


def cache(options: argparse.Namespace) -> int:
    """Do it and say what is kept then. Returns the exit code."""
    from core.artifact_folder import ArtifactFolder
    from core.cache import DiskCache
    from core.settings import Settings
    from core.store import Store

    settings = Settings.from_environment()
    kept = DiskCache(settings.data, ArtifactFolder(settings.data / "artifacts"))
    if options.action == "clear":
        kept.clear()
    elif options.action == "trim":
        with closing(Store.open(settings)) as store:
            kept.evict(settings.cache_size, store.pinned_artifacts())
    usage = kept.usage()
    say(f"{usage.entries:,} results, {size_text(usage.bytes)} of at most {size_text(settings.cache_size)}")
    say(f"in {settings.data}")
    return OK
