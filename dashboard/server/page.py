"""What the page has from its first byte: its style sheet, and word of the scripts that the workbench is drawn with.

Without, the browser would learn of each script when the first element comes that needs it, one wait after another, and
would draw elements before their style is there.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from dashboard.frontend import folder, own_scripts, script_files, with_needed

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

STYLE = Path(__file__).parents[1] / "page.css"
DRAWN = (
    "Html",
    "Selectbox",
    "TextInput",
    "Button",
    "ButtonGroup",
    "FileUploader",
    "DownloadButton",
    "BidiComponent",
    "DateInput",
    "NumberInput",
)
LINKED = re.compile(rb'static/js/([\w.$-]+\.js)"')
HEAD_END, BODY_BEGIN, BODY_END = b"</head>", b"<body>", b"</body>"
# Of the file that was served; the page is another one.
OUTDATED = ("etag", "last-modified", "content-encoding")


class CompletePage:
    """ASGI middleware around Streamlit's app: completes its page, and passes everything else on as it is.

    Attributes:
        is_used: whether the pages of this process come from here, and have their style sheet.
    """

    is_used = False

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        CompletePage.is_used = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        begin: Message = {}
        parts: list[bytes] = []

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                begin.update(message)
            if not Headers(raw=begin["headers"]).get("content-type", "").startswith("text/html"):
                await send(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    await _send_whole(begin, complete(b"".join(parts)), send)

        await self.app(_unpacked(scope), receive, completed)


def complete(page: bytes) -> bytes:
    """Return the page with its style sheet, links to the scripts that it does not link already, and our own scripts.

    These are read while Streamlit's page waits for what it is to show.
    """
    links = _links(tuple(name.decode() for name in LINKED.findall(page)))
    style = f"<style>{STYLE.read_text(encoding='utf-8')}</style>".encode()
    own = "".join(
        f'<script type="module" async src="./static/js/{file}"></script>' for file in own_scripts.files
    ).encode()
    page = page.replace(HEAD_END, links + HEAD_END, 1).replace(BODY_BEGIN, BODY_BEGIN + style, 1)
    return page.replace(BODY_END, own + BODY_END, 1)


def prepare() -> None:
    """Find out which scripts belong to the page before somebody asks for it."""
    complete((folder().parents[1] / "index.html").read_bytes())


async def _send_whole(begin: Message, page: bytes, send: Send) -> None:
    headers = MutableHeaders(raw=begin["headers"])
    for name in OUTDATED:
        del headers[name]
    headers["content-length"] = str(len(page))
    await send({**begin, "headers": headers.raw})
    await send({"type": "http.response.body", "body": page})


def _unpacked(scope: Scope) -> Scope:
    """Return the request as one for the page as it is: not compressed, and not only if it has changed."""
    refused = {b"accept-encoding", b"if-none-match", b"if-modified-since"}
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in refused]}


@cache
def _links(known: tuple[str, ...]) -> bytes:
    files = with_needed(script_files(DRAWN), known)
    return "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{file}">' for file in files).encode()
