"""What a task prints belongs to its result, and to no other thread's."""

from __future__ import annotations

import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest

from core import TaskError, Workflow
from core.capture import MAX_TEXT, captured
from core.catalog import Catalog

ROOT = Path(__file__).parents[2]


def speak(text: str) -> str:
    """Print to both streams and return the text."""
    print(text)
    print(f"careful, {text}", file=sys.stderr)
    return text


def warn(text: str) -> str:
    """Warn and return the text."""
    warnings.warn(text, stacklevel=1)
    return text


def shout(text: str) -> None:
    """Print the text, then fail."""
    print(text)
    raise ValueError(text)


def speaking(function: str) -> Workflow:
    return Workflow(
        [[0, f"tests.core.test_capture.{function}", "text", {}, "said"]],
        {"text": "hello"},
        catalog=Catalog.from_modules(["tests.core.test_capture"]),
    )


def test_a_result_keeps_what_its_task_printed(capsys: pytest.CaptureFixture[str]) -> None:
    run = speaking("speak").start(captures=True).finish()
    assert run.results["t1"].log == "hello\ncareful, hello\n"
    assert capsys.readouterr() == ("", "")


def test_a_result_keeps_what_its_task_warned() -> None:
    script = (
        "from tests.core.test_capture import speaking\n"
        "print(speaking('warn').start(captures=True).finish().results['t1'].log)"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "UserWarning: hello" in found.stdout
    assert found.stderr == ""


def test_a_failed_task_keeps_what_it_printed() -> None:
    run = speaking("shout").start(captures=True)
    with pytest.raises(TaskError):
        run.finish()
    assert run.results["t1"].log == "hello\n"


def test_nothing_is_captured_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    run = speaking("speak").start().finish()
    assert run.results["t1"].log == ""
    assert "hello" in capsys.readouterr().out


def test_another_thread_prints_where_it_always_did(capsys: pytest.CaptureFixture[str]) -> None:
    with captured() as page:
        other = threading.Thread(target=print, args=("from elsewhere",))
        other.start()
        other.join()
        print("from here")
    assert page.getvalue() == "from here\n"
    assert capsys.readouterr().out == "from elsewhere\n"


def test_an_endless_printer_is_cut() -> None:
    with captured() as page:
        for _ in range(30):
            print("x" * 10_000)
    assert len(page.getvalue()) == MAX_TEXT
