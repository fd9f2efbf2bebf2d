"""The app as a whole: what it says when what stands behind it cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.server import backend as room
from tests.dashboard.workbench import APP


def test_a_database_that_cannot_be_opened_is_told_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "hu" + "sh"
    monkeypatch.setenv("TASKTABLE_DATA", str(tmp_path))
    monkeypatch.setenv("TASKTABLE_DATABASE_URL", f"postgresql://me:{secret}@127.0.0.1:9/none")
    room.use(None)
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not page.exception
    assert "database" in page.error[0].value
    assert secret not in page.error[0].value


def test_modules_that_cannot_be_imported_are_told_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASKTABLE_DATA", str(tmp_path))
    monkeypatch.setenv("TASKTABLE_FUNCTIONS", "no.such.module")
    room.use(None)
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not page.exception
    assert "no\\.such" in page.error[0].value or "no.such" in page.error[0].value
