"""The server's process: Streamlit, with what the first page needs made ready beside it.

`tasktable serve` starts it, with Streamlit's settings as JSON.

Modules are loaded before the port opens and not beside it: Streamlit loads some of them as well, and two threads that
load one package from different ends can see it half loaded.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from threading import Thread

from starlette.middleware import Middleware
from streamlit.starlette import App

from core import TasktableError
from dashboard import app
from dashboard.components import bundle, graph, grid
from dashboard.server.backend import backend
from dashboard.server.page import CompletePage, prepare
from dashboard.server.scripts import ReadyScripts


def make_ready() -> None:
    """Prepare the page, the store, the supervisor and pyvis; the page tells what goes wrong, and tries again."""
    for part in (grid.PART, graph.part()):
        bundle.served(part)
    prepare()
    with suppress(TasktableError):
        backend().catalog()


if __name__ == "__main__":
    Thread(target=make_ready, daemon=True).start()
    served = App(app.__file__, middleware=[Middleware(ReadyScripts), Middleware(CompletePage)])
    with suppress(KeyboardInterrupt):  # Ctrl+C ends it, without a word
        served.run(config=json.loads(sys.argv[1]))
