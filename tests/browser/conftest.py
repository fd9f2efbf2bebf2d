"""One server and one browser for all journeys; a fresh tab, and so a fresh session, for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from core.artifact_folder import ArtifactFolder
from core.cache import DiskCache
from tests.browser import chromium, slow
from tests.browser.server import running_server
from tests.browser.workbench_page import LIMIT, WorkbenchPage

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=LIMIT)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's data folder."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def address(data: Path) -> Iterator[str]:
    with running_server(data, slow.__name__) as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_is_kept(data: Path) -> None:
    """No result of an earlier test is reused."""
    DiskCache(data, ArtifactFolder(data / "artifacts")).clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, chromium.ADVICE
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def asked(browser: Browser) -> list[str]:
    """The addresses that the page of this test has asked, besides its own server."""
    return []


@pytest.fixture(scope="session")
def context(browser: Browser) -> BrowserContext:
    """What all tabs of one browser share: the scripts that it has read before."""
    return browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)


@pytest.fixture
def page(context: BrowserContext, address: str, asked: list[str]) -> Iterator[Page]:
    opened = context.new_page()
    errors: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:")):
            asked.append(request.url)

    opened.on("request", note)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.set_default_timeout(LIMIT)
    yield opened
    opened.close()
    assert errors == []


@pytest.fixture
def workbench(page: Page, address: str) -> WorkbenchPage:
    opened = WorkbenchPage(page, address)
    opened.open()
    return opened
