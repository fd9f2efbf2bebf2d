"""Named files in one ZIP archive: the same bytes for the same files; read with bounds, and never unpacked to a disk."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO

from core.errors import FormatError, TooLargeError
from core.value.excerpt import size_text

MAX_ARCHIVE = 300_000_000
MAX_TOTAL = 600_000_000
MAX_FILES = 2_000
MAX_RATIO = 200
MAX_NAME = 100
MIN_SUSPICIOUS = 1_000_000
MIN_SUSPICIOUS_TOTAL = 20_000_000
MIN_SHRUNK = 10_000
ENTRY = b"PK\x01\x02"
LEVEL = 6
DAY = (1980, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the archive. Raises TooLargeError if `opened` would refuse it."""
    total = sum(map(len, files.values()))
    if total > MAX_TOTAL or len(files) > MAX_FILES:
        about = f"{len(files):,} files with {size_text(total)}"
        raise TooLargeError(f"a bundle holds at most {size_text(MAX_TOTAL)}, this one has {about}; choose fewer values")
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, DAY)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = _way(files[name])
            archive.writestr(entry, files[name], compresslevel=LEVEL)
    content = target.getvalue()
    if len(content) > MAX_ARCHIVE:
        raise TooLargeError(
            f"a bundle is a file of at most {size_text(MAX_ARCHIVE)}, this one has {size_text(len(content))}; "
            "choose fewer values"
        )
    return content


class Archive:
    """The files of an archive whose names, sizes and ratios were checked; one is unpacked when it is asked for.

    Attributes:
        sizes: name -> how many bytes the file has.
    """

    def __init__(self, archive: zipfile.ZipFile, what: str) -> None:
        self._archive = archive
        self._what = what
        self.sizes = {entry.filename: entry.file_size for entry in archive.infolist()}

    def read(self, name: str) -> bytes:
        """Return a file; never more than it has announced."""
        with self._archive.open(name) as file:
            content = file.read(self.sizes[name] + 1)
        if len(content) != self.sizes[name]:
            raise FormatError(f"{self._what}: {name!r} has not the size that is announced")
        return content


@contextmanager
def opened(content: bytes, what: str) -> Iterator[Archive]:
    """Give the files. Raises FormatError, naming `what`, for anything but an archive as `pack` writes it.

    Nothing is unpacked before names, number, sizes and ratios are checked.
    """
    if len(content) > MAX_ARCHIVE:
        raise FormatError(f"{what} is larger than {size_text(MAX_ARCHIVE)}")
    if not content.startswith(b"PK\x03\x04"):
        raise FormatError(f"{what} is not a bundle: it is no ZIP archive")
    if content.count(ENTRY) > MAX_FILES * 10:
        raise FormatError(f"{what} has more than {MAX_FILES:,} files")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check(archive.infolist(), len(content), what)
            yield Archive(archive, what)
    except FormatError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise FormatError(f"{what} is a damaged archive: {str(error)[:200] or type(error).__name__}") from None


def _way(content: bytes) -> int:
    """Return how a file is packed; one that shrinks like an archive bomb is stored as it is."""
    packed = len(zlib.compress(content, LEVEL))
    is_harmless = len(content) < MIN_SHRUNK or len(content) < packed * MAX_RATIO // 2
    return zipfile.ZIP_DEFLATED if is_harmless and packed < len(content) else zipfile.ZIP_STORED


def _check(entries: list[zipfile.ZipInfo], size: int, what: str) -> None:
    if len(entries) > MAX_FILES:
        raise FormatError(f"{what} has more than {MAX_FILES:,} files")
    seen: set[str] = set()
    for entry in entries:
        _check_entry(entry, what)
        if entry.filename.lower() in seen:
            raise FormatError(f"{what} has the file {entry.filename!r} twice")
        seen.add(entry.filename.lower())
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL:
        raise FormatError(f"{what} would unpack to {size_text(total)}; at most {size_text(MAX_TOTAL)} are read")
    if total > MIN_SUSPICIOUS_TOTAL and total > size * MAX_RATIO:
        raise FormatError(f"{what} would grow to {size_text(total)}; that is an archive bomb")


def _check_entry(entry: zipfile.ZipInfo, what: str) -> None:
    name = entry.orig_filename
    shown = ascii(name[:60])
    parts = name.split("/")
    if name != entry.filename or len(name) > MAX_NAME or not name.isascii() or not name.isprintable():
        raise FormatError(f"{what} has a file with the forbidden name {shown}")
    if "\\" in name or ":" in name or any(part in ("", ".", "..") for part in parts):
        raise FormatError(f"{what} has a file with the forbidden name {shown}")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise FormatError(f"{what}: {shown} is a link or something else that is no file")
    if entry.flag_bits & 0x1:
        raise FormatError(f"{what}: {shown} is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FormatError(f"{what}: {shown} is packed in a way that is not read here")
    if entry.file_size > MIN_SUSPICIOUS and entry.file_size > entry.compress_size * MAX_RATIO:
        raise FormatError(f"{what}: {shown} would grow to {size_text(entry.file_size)}; that is an archive bomb")
