"""Root may do everything: here a test's program starts itself again without some of what root may."""

from __future__ import annotations

import ctypes
import os
import sys

PR_CAPBSET_DROP = 24
WRITE_EVERYTHING, READ_EVERYTHING = 1, 2
LOOK_INTO_PROCESSES = (19, 21, 38)
IMPOSSIBLE = 77
MARK = "TESTS_RENOUNCED"


def renounce(module: str, *rights: int) -> None:
    """Start a module of the tests again, with the same arguments, if root runs it; end with 77 if that cannot be."""
    if os.geteuid() or os.environ.get(MARK):
        return
    if sys.platform != "linux":
        sys.exit(IMPOSSIBLE)
    for right in rights:
        if ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, right, 0, 0, 0):
            sys.exit(IMPOSSIBLE)
    command = [sys.executable, "-m", module, *sys.argv[1:]]
    os.execve(sys.executable, command, {**os.environ, MARK: "1"})  # noqa: S606 - this very program
