"""The server as a process, before anybody has opened a page."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.browser import server
from tests.core.managed import left_over, until


def test_the_supervisor_is_ready_before_a_page_is_opened_and_ends_with_the_server(tmp_path: Path) -> None:
    _, process = server.start(tmp_path)
    try:
        until(lambda: left_over(tmp_path))
        assert (tmp_path / "tasktable.db").is_file()
    finally:
        process.terminate()
        process.communicate(timeout=20)
    until(lambda: not left_over(tmp_path))


def test_ctrl_c_ends_the_server_without_an_error(tmp_path: Path) -> None:
    _, process = server.start(tmp_path)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in told
    until(lambda: not left_over(tmp_path))
