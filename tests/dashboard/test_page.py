"""What a browser gets before anything is drawn: a page with its style sheet, and scripts without a wait for each."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from streamlit import file_util

from dashboard import frontend
from dashboard.frontend import own_scripts
from dashboard.server.page import DRAWN, LINKED, STYLE, CompletePage, complete
from dashboard.server.scripts import ReadyScripts

PAGE = (Path(file_util.get_static_dir()) / "index.html").read_bytes()
BROWSER = {"accept": "text/html,application/xhtml+xml", "accept-encoding": "gzip"}


@pytest.fixture(autouse=True)
def other_pages_keep_their_own_style_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CompletePage, "is_used", False)
    monkeypatch.setattr(own_scripts, "are_served", False)


def served(
    middleware: type, path: str, headers: dict[str, str], client: str = "127.0.0.1"
) -> tuple[int, dict[str, str], bytes]:
    """What an app that serves Streamlit's files, packed, answers with the middleware around it."""
    inner = Starlette(middleware=[Middleware(GZipMiddleware, minimum_size=1)])
    inner.mount("/", StaticFiles(directory=file_util.get_static_dir(), html=True))
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        await asyncio.Event().wait()  # nothing more is sent, and nobody goes away

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "client": (client, 50_000),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(middleware(inner)(scope, receive, send))
    found = {name.decode(): value.decode() for name, value in told[0]["headers"]}
    return told[0]["status"], found, b"".join(message.get("body", b"") for message in told[1:])


def test_a_page_comes_with_its_style_sheet_between_streamlit_s_and_those_of_the_elements() -> None:
    page = complete(PAGE).decode()
    assert f"<body><style>{STYLE.read_text(encoding='utf-8')}</style>" in page
    assert page.index("</head>") < page.index("<style>" + STYLE.read_text(encoding="utf-8")) < page.index('id="root"')


def test_a_page_names_every_script_that_the_workbench_is_drawn_with_once() -> None:
    named = [name.decode() for name in LINKED.findall(complete(PAGE))]
    assert len(named) == len(set(named)) > len(LINKED.findall(PAGE)) + len(DRAWN)
    assert {name.split(".")[0] for name in named} >= set(DRAWN)
    for name in named:
        assert set(frontend.NEEDED.findall((frontend.folder() / name).read_text(encoding="utf-8"))) <= set(named)


def test_a_page_is_whole_unpacked_and_never_said_to_be_the_same_as_before() -> None:
    _, first, _ = served(CompletePage, "/index.html", {"accept": "*/*"})
    status, headers, body = served(CompletePage, "/", {**BROWSER, "if-none-match": first["etag"]})
    assert (status, body) == (200, complete(PAGE))
    assert int(headers["content-length"]) == len(body)
    assert not {"etag", "last-modified", "content-encoding"} & set(headers)


def test_what_is_no_page_is_passed_on_as_it_is() -> None:
    _, headers, body = served(CompletePage, "/favicon.png", BROWSER)
    assert body == (Path(file_util.get_static_dir()) / "favicon.png").read_bytes()
    assert "etag" in headers
    _, headers, body = served(CompletePage, "/", {"accept": "*/*", "accept-encoding": "gzip"})
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == PAGE


def test_a_script_is_the_file_and_may_be_kept_for_ever() -> None:
    name = frontend.script_files(["Button"])[0]
    status, headers, body = served(ReadyScripts, f"/static/js/{name}", {})
    assert (status, body) == (200, (frontend.folder() / name).read_bytes())
    assert headers["content-type"].startswith("text/javascript")
    assert "immutable" in headers["cache-control"]


@pytest.mark.parametrize("path", ["/static/js/", "/tools/tasktable/static/js/"])
def test_a_script_of_our_own_is_served_beside_streamlit_s_and_begins_with_the_page(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(own_scripts, "_contents", {})
    first, file = own_scripts.add("part", "1;"), own_scripts.add("part", "2;")
    assert first != file
    status, headers, body = served(ReadyScripts, f"{path}{file}", {})
    assert (status, body) == (200, b"2;")
    assert "immutable" in headers["cache-control"]
    assert f'src="./static/js/{file}"></script></body>' in complete(PAGE).decode()


@pytest.mark.parametrize(
    ("client", "headers", "is_packed"),
    [
        ("127.0.0.1", {"accept-encoding": "gzip, br"}, False),
        ("::1", {"accept-encoding": "gzip"}, False),
        ("", {"accept-encoding": "gzip"}, False),
        ("192.0.2.7", {"accept-encoding": "gzip, br"}, True),
        ("2001:db8::7", {"accept-encoding": "gzip"}, True),
        ("192.0.2.7", {"accept-encoding": "br"}, False),
        ("127.0.0.1", {"accept-encoding": "gzip", "x-forwarded-for": "192.0.2.7"}, True),
    ],
)
def test_a_script_is_packed_for_another_machine(client: str, headers: dict[str, str], is_packed: bool) -> None:
    name = frontend.script_files(["Button"])[0]
    _, found, body = served(ReadyScripts, f"/static/js/{name}", headers, client)
    assert ("content-encoding" in found) is is_packed
    assert (gzip.decompress(body) if is_packed else body) == (frontend.folder() / name).read_bytes()
    assert int(found["content-length"]) == len(body)


@pytest.mark.parametrize("path", ["/static/js/", "/static/js/none.js", "/static/js/../../index.html"])
def test_what_is_no_script_is_left_to_streamlit(path: str) -> None:
    status, headers, _ = served(ReadyScripts, path, {})
    assert status == 404 or headers["content-type"].startswith("text/html")


def test_a_script_that_this_streamlit_has_not_is_left_out() -> None:
    assert frontend.script_files(["NoSuchThing"]) == []
    assert frontend.with_needed([]) == []
