"""Finds a Chromium for the browser tests, or installs one: `python -m tests.browser.chromium`.

Debian's browser without windows first, where it is there or apt may install it: it takes a fifth less time. Then any
browser of the system; else Playwright's own download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = (
    "The browser tests need Chromium or Chrome, and none could be installed here; "
    "install one, or set TASKTABLE_CHROMIUM to its path."
)


def find() -> str | None:
    """Return the path of a browser that is there, or None."""
    named = os.environ.get("TASKTABLE_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    found = [path for name in NAMES if (path := shutil.which(name))]
    return next(iter([*found, *(path for path in MAC if Path(path).is_file())]), None) or _of_playwright()


def install() -> None:
    """Install a browser by the first way that works; see `find` afterwards."""
    if _has_apt():
        _try("apt-get", "update", "-qq")
        if _try_apt(SHELL, "fonts-liberation") or _try_apt("chromium", "fonts-liberation"):
            return
    _try(sys.executable, "-m", "playwright", "install", "chromium")


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).is_file() else None


def _has_apt() -> bool:
    return bool(shutil.which("apt-get")) and os.geteuid() == 0


def _try_apt(*packages: str) -> bool:
    return _try("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, errors=subprocess.DEVNULL)


def _try(*command: str, errors: int | None = None) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=errors, check=False)
    return done.returncode == 0


def main() -> int:
    """Make sure that there is a browser; say what to do if there is none."""
    if find():
        if not shutil.which(SHELL) and not os.environ.get("TASKTABLE_CHROMIUM") and _has_apt():
            _try_apt(SHELL)
        return 0
    sys.stdout.write("Installing a browser for the tests; this happens once.\n")
    sys.stdout.flush()
    install()
    if find():
        return 0
    sys.stderr.write(ADVICE + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
