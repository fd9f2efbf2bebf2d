"""What a task prints belongs to its result, and to no other thread's."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest

from core import TaskError, Workflow, capture
from core.capture import CUT, MAX_TEXT, Page, all_heard, captured
from core.catalog import Catalog
from core.secret import MASK, masked

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


def test_what_is_left_out_is_said() -> None:
    with captured(Page(limit=100)) as page:
        print("x" * 50)
        print("y" * 500)
    assert len(page.getvalue()) == 100
    assert page.getvalue().endswith(CUT)


def test_what_just_fits_is_whole() -> None:
    page = Page(limit=6)
    page.write("abc")
    page.write("def")
    page.write("")
    assert page.getvalue() == "abcdef"
    page.write("g")
    assert page.getvalue() == CUT[:6]


def test_no_limit_is_none() -> None:
    page = Page(limit=0)
    page.write("x" * 2 * MAX_TEXT)
    assert len(page.getvalue()) == 2 * MAX_TEXT


def test_a_task_keeps_its_own_warnings_while_others_are_heard_elsewhere() -> None:
    pages: dict[str, str] = {}

    def work(name: str) -> None:
        with captured() as page:
            for number in range(3):
                warnings.warn(f"{name} {number}", stacklevel=1)
                logging.getLogger(name).info("%s logs %s", name, number)
        pages[name] = page.getvalue()

    with all_heard():
        threads = [threading.Thread(target=work, args=(name,)) for name in ("ann", "bob")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for name, other in (("ann", "bob"), ("bob", "ann")):
        assert [f"UserWarning: {name} {number}" in pages[name] for number in range(3)] == [True] * 3
        assert [f"INFO {name}: {name} logs {number}\n" in pages[name] for number in range(3)] == [True] * 3
        assert other not in pages[name]


def test_log_records_with_an_exception_show_it() -> None:
    with all_heard(), captured() as page:
        try:
            raise ValueError("inner")
        except ValueError:
            logging.getLogger("acme").exception("it broke")
        broken = logging.LogRecord("acme", logging.WARNING, __file__, 1, "%d", ("not a number",), None)
        capture._handler.handle(broken)
        logging.getLogger("acme").debug("hidden")
    text = page.getvalue()
    assert text.startswith("ERROR acme: it broke\nTraceback (most recent call last):\n")
    assert "ValueError: inner\n" in text
    assert "WARNING acme: '%d'\n" in text
    assert "hidden" not in text


def test_everything_is_as_before_afterwards(recwarn: pytest.WarningsRecorder) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), warnings.filters[:])
    with all_heard(), captured():
        assert root.level == logging.INFO
    assert (root.level, root.handlers, warnings.filters) == before
    warnings.warn("heard by whoever listens", stacklevel=1)
    assert len(recwarn) == 1


def test_a_log_record_of_nobody_goes_where_python_sends_it() -> None:
    script = (
        "import logging, threading\n"
        "from core.capture import captured\n"
        "with captured() as page:\n"
        "    other = threading.Thread(target=logging.getLogger('x').warning, args=('from elsewhere',))\n"
        "    other.start()\n"
        "    other.join()\n"
        "    logging.getLogger('x').warning('from here')\n"
        "print(page.getvalue())"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stderr == "from elsewhere\n"
    assert found.stdout == "WARNING x: from here\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("key=s3cret/+", f"key={MASK}"),
        ("key=s3cret%2F%2B&x", f"key={MASK}&x"),
        ("s3cret/+s3cret/+", MASK * 2),
        ("s3cret", "s3cret"),
    ],
)
def test_secrets_are_masked(text: str, expected: str) -> None:
    assert masked(text, ("s3cret/+", "")) == expected


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_secret_that_comes_in_pieces_is_never_told(cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.capture.INTERVAL", 0.0)
    told: list[str] = []
    page = Page(secrets=("hunter2", "hunter2hunter2"), tell=told.append)
    text = "a hunter2 b hunter2hunter2 c h"
    for start in range(0, len(text), cut):
        page.write(text[start : start + cut])
    assert "hunt" not in "".join(told)
    assert page.getvalue() == f"a {MASK} b {MASK} c h"


@pytest.mark.parametrize("limit", range(1, 30))
def test_a_secret_at_the_limit_is_never_cut_in_half(limit: int) -> None:
    page = Page(limit=limit, secrets=("hunter2",))
    page.write("a b c d e f hunter2 and more")
    assert "hun" not in page.getvalue()
    assert len(page.getvalue()) <= limit


def test_what_is_new_is_told_at_intervals() -> None:
    told: list[str] = []
    page = Page(tell=told.append)
    for number in range(1_000):
        page.write(f"{number}\n")
    assert told[0] == "0\n"
    assert page.getvalue().startswith("".join(told))
    assert len(told) < 1_000


def test_no_more_is_told_than_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.capture.INTERVAL", 0.0)
    told: list[str] = []
    page = Page(limit=50, tell=told.append)
    for _ in range(1_000):
        page.write("1234567")
    assert len("".join(told)) == 50


def test_streams_keep_their_manners() -> None:
    with captured() as page:
        assert sys.stdout.writable()
        assert sys.stdout.encoding
        with pytest.raises(TypeError, match="must be str, not int"):
            sys.stdout.write(1)  # type: ignore[arg-type]
        sys.stdout.flush()
    assert page.getvalue() == ""
