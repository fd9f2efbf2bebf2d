"""Scripts from memory, Streamlit's and our own: a page asks for a hundred, and a file takes several times as long.

They are packed for whoever asks from another machine; on the same one, to unpack them takes longer than to pass them.
"""

from __future__ import annotations

import gzip
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from dashboard.frontend import folder, own_scripts

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PLACE = "/static/js/"
# A script that changes gets another name.
HEADERS = (
    (b"content-type", b"text/javascript; charset=utf-8"),
    (b"cache-control", b"public, immutable, max-age=31536000"),
    (b"vary", b"accept-encoding"),
)
PACKED = (b"content-encoding", b"gzip")
PASSED_ON = ("forwarded", "x-forwarded-for", "via")


class ReadyScripts:
    """ASGI middleware around Streamlit's app: answers for scripts, and passes everything else on as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        own_scripts.are_served = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = _asked(scope)
        if not name:
            await self.app(scope, receive, send)
            return
        is_packed = _is_to_be_packed(scope)
        content = await run_in_threadpool(_packed, name) if is_packed else _content(name)
        about = (*HEADERS, (b"content-length", str(len(content)).encode()), *([PACKED] if is_packed else []))
        await send({"type": "http.response.start", "status": 200, "headers": list(about)})
        await send({"type": "http.response.body", "body": content})


def _asked(scope: Scope) -> str:
    """Return the script that is asked for, whatever base path the server has; "" if it is something else."""
    if scope["type"] != "http" or scope["method"] != "GET" or PLACE not in scope["path"]:
        return ""
    name: str = scope["path"].rpartition(PLACE)[2]
    return name if name in own_scripts.files or name in _names() else ""


def _is_to_be_packed(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and (
        _is_elsewhere(scope) or any(name in headers for name in PASSED_ON)
    )


def _is_elsewhere(scope: Scope) -> bool:
    try:
        return not ip_address((scope.get("client") or [""])[0]).is_loopback
    except ValueError:  # a socket of this machine has no address
        return False


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in folder().glob("*.js"))


@cache
def _content(name: str) -> bytes:
    return own_scripts.read(name) or (folder() / name).read_bytes()


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_content(name), 6)
