"""Streamlit's scripts from memory: a page asks for a hundred, and a file takes several times as long."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from dashboard.frontend import folder

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PLACE = "/static/js/"
# A script that changes gets another name.
HEADERS = (
    (b"content-type", b"text/javascript; charset=utf-8"),
    (b"cache-control", b"public, immutable, max-age=31536000"),
)


class ReadyScripts:
    """ASGI middleware around Streamlit's app: answers for scripts, and passes everything else on as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"].removeprefix(PLACE) if scope["type"] == "http" and scope["method"] == "GET" else ""
        if name not in _names():
            await self.app(scope, receive, send)
            return
        content = _read(name)
        length = (b"content-length", str(len(content)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, length]})
        await send({"type": "http.response.body", "body": content})


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in folder().glob("*.js"))


@cache
def _read(name: str) -> bytes:
    return (folder() / name).read_bytes()
