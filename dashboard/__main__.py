"""The server's process: Streamlit, with what the first page needs made ready beside it. `tasktable serve` starts it.

Modules are loaded before the port opens and not beside it: Streamlit loads some of them as well, and two threads that
load one package from different ends can see it half loaded.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from threading import Thread

from streamlit.web.cli import main

from core import TasktableError
from dashboard import app
from dashboard.components.graph import part
from dashboard.server.backend import backend


def make_ready() -> None:
    """Open the store, start the supervisor, load pyvis; what goes wrong is told by the page, which tries again."""
    with suppress(TasktableError):
        backend().catalog()
    part()


if __name__ == "__main__":
    sys.argv[1:1] = ["run", app.__file__]
    Thread(target=make_ready, daemon=True).start()
    main(prog_name="streamlit")
