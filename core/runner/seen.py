"""Which artifacts were read and found undamaged, so that they need not be read as a whole for every page of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.artifact import Artifact
from core.errors import ArtifactError

MOST = 1_000
UNTRUSTED = "pickle"  # opening it runs code, which may say anything of itself

Mark = tuple[int, ...]


class Seen:
    """Artifacts by their file's place, size and times: one that was touched since is not known any more."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._checked: OrderedDict[str, Mark] = OrderedDict()

    def mark(self, artifact: Mapping[str, Any]) -> Mark | None:
        """Return what tells the file from a changed one, None if there is no file. To be taken before it is read."""
        from core.artifact_folder import ArtifactFolder

        try:
            found = ArtifactFolder(self._root).path(Artifact.from_json(artifact)).stat()
        except (ArtifactError, OSError):
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def is_checked(self, artifact: Mapping[str, Any], mark: Mark | None) -> bool:
        """True if the file was found undamaged and is as it was."""
        return mark is not None and self._checked.get(artifact["digest"]) == mark

    def confirm(self, artifact: Mapping[str, Any], mark: Mark | None) -> None:
        """The file that had this mark was read, and is undamaged."""
        if mark is None or artifact["codec"] == UNTRUSTED:
            return
        self._checked[artifact["digest"]] = mark
        while len(self._checked) > MOST:
            self._checked.popitem(last=False)
