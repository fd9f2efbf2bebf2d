"""A workflow, a run of it and chosen values as one file for a colleague on another server."""

from core.bundle.content import FORMAT, OPEN_CODECS, VERSION, Bundle, LeftOut, read_bundle, write_bundle

__all__ = ["FORMAT", "OPEN_CODECS", "VERSION", "Bundle", "LeftOut", "read_bundle", "write_bundle"]
