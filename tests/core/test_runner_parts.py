"""The parts of the runner that need no process: journal, queue, progress, words, environment."""

from __future__ import annotations

import json
import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.process import Ended
from core.record import RunState
from core.request import Limits, RunRequest
from core.runner import Runner
from core.runner.channel import Channel
from core.runner.journal import Journal, RunFolder, append_once
from core.runner.limit import ending_words, memory_words, seconds_words, size_words
from core.runner.line import at_most, may_start
from core.runner.progress import Progress
from core.runner.recovery import recover
from core.runner.setup import Setup
from core.runner.surrounding import environment
from core.settings import Settings

BEGAN = {"kind": "began", "at": 1.0}
ENDED = {"kind": "ended", "at": 2.0, "state": "done", "reason": ""}
STORED = {"digest": "d", "codec": "json", "size": 1, "kind": "number", "summary": {}}


def told_done(**more: Any) -> dict[str, Any]:
    return {"kind": "task", "at": 1.0, "task": "t1", "state": "done", "outputs": {"x": {**STORED, **more}}}


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path, "one")
    made.path.mkdir(parents=True)
    return made


# The journal


@example(texts=["", "0000"], cut=1)
@given(texts=st.lists(st.text(max_size=50), max_size=20), cut=st.integers(0, 400))
def test_a_torn_line_is_ignored_and_cut_off(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], cut: int
) -> None:
    folder = RunFolder(tmp_path_factory.mktemp("runs"), "one")
    folder.path.mkdir(parents=True)
    events = [{"kind": "log", "at": 1.0, "task": "t1", "text": text} for text in texts]
    for event in events:
        append_once(folder, event)
    whole = folder.events.read_bytes() if events else b""
    folder.events.write_bytes(whole[: max(0, len(whole) - cut)])
    kept = folder.read()
    assert kept == events[: len(kept)]
    assert folder.last() == (kept[-1] if kept else None)
    append_once(folder, ENDED)
    assert folder.read() == [*kept, ENDED]
    assert folder.last() == ENDED


def test_the_last_event_of_a_long_journal_is_found(folder: RunFolder) -> None:
    append_once(folder, {"kind": "log", "at": 1.0, "task": "t1", "text": "x" * 200_000})
    assert (folder.last() or {})["kind"] == "log"
    append_once(folder, ENDED)
    assert folder.last() == ENDED


def test_a_journal_without_room_is_as_before(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(folder)
    journal.append(BEGAN)
    write, left = os.write, [5]

    def small(file: int, text: bytes) -> int:
        if not left[0]:
            raise OSError(28, "No space left on device")
        left[0] = 0
        return int(write(file, text[:5]))

    monkeypatch.setattr("core.runner.journal.os.write", small)
    with pytest.raises(OSError, match="No space"):
        journal.append(ENDED)
    monkeypatch.undo()
    assert folder.read() == [BEGAN]
    journal.append(ENDED)
    journal.close()
    assert folder.read() == [BEGAN, ENDED]


def test_only_runs_without_an_end_are_recovered(tmp_path: Path) -> None:
    for name, events in {"ended": [BEGAN, ENDED], "open": [BEGAN], "empty": [], "locked": [BEGAN]}.items():
        folder = RunFolder(tmp_path, name)
        folder.path.mkdir(parents=True)
        for event in events:
            append_once(folder, event)
    (tmp_path / "runs" / "not a run").mkdir()
    lock = RunFolder(tmp_path, "locked").lock()
    assert lock is not None
    assert recover(tmp_path) == ["open"]
    record = RunFolder(tmp_path, "open").record()
    assert record
    assert record.state is RunState.INTERRUPTED
    assert recover(tmp_path) == []
    os.close(lock)
    assert recover(tmp_path) == ["locked"]


@pytest.mark.parametrize(
    "line",
    [
        "[" * 200_000,
        "null",
        '"kind at"',
        "1" * 5_000,
        '{"kind": "began"}',
        '{"kind": "began", "at": NaN}',
        '{"kind": "began", "at": 1e999}',
        '{"kind": "began", "at": 1' + "0" * 400 + "}",
        '{"kind": "began", "at": true}',
        '{"kind": "began", "at": "now"}',
        '{"kind": "began", "at": 1, "partial": 5}',
        '{"kind": "another", "at": 1}',
        '{"kind": ["task"], "at": 1}',
        '{"kind": "queued", "at": 1}',
        '{"kind": "queued", "at": 1, "position": true}',
        '{"kind": "task", "at": 1, "state": "done"}',
        '{"kind": "task", "at": 1, "task": 5, "state": "done"}',
        '{"kind": "task", "at": 1, "task": "t1", "state": "finished"}',
        '{"kind": "task", "at": 1, "task": "t1", "state": ["done"]}',
        '{"kind": "task", "at": 1, "task": "t1", "state": "done", "seconds": "long"}',
        '{"kind": "task", "at": 1, "task": "t1", "state": "done", "log": null}',
        '{"kind": "task", "at": 1, "task": "t1", "state": "done", "outputs": []}',
        '{"kind": "task", "at": 1, "task": "t1", "state": "done", "outputs": {"x": 1}}',
        json.dumps(told_done(size="large")),
        json.dumps(told_done(size=True)),
        json.dumps(told_done(digest=None)),
        json.dumps(told_done(summary=[])),
        '{"kind": "log", "at": 1, "task": "t1"}',
        '{"kind": "log", "at": 1, "task": "t1", "text": 5}',
        '{"kind": "ended", "at": 1, "state": "over"}',
        '{"kind": "ended", "at": 1, "state": "done", "reason": {}}',
    ],
)
def test_a_line_that_tells_no_event_ends_what_can_be_read(tmp_path: Path, folder: RunFolder, line: str) -> None:
    append_once(folder, BEGAN)
    append_once(folder, told_done())
    with folder.events.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert recover(tmp_path) == ["one"]
    assert folder.read() == [BEGAN, told_done()]
    runner = Runner(Settings(data=tmp_path))
    record = runner.wait("one")
    assert record == runner.record("one")
    assert (record.state, record.count) == (RunState.INTERRUPTED, 2)
    assert "damaged" in record.reason
    assert runner.recover() == []
    folder.cut()
    append_once(folder, ENDED)
    found = folder.record()
    assert found
    assert (found.state, found.count) == (RunState.DONE, 3)
    assert (folder.path / "events.damaged").read_text().startswith(line + "\n")


def test_nothing_is_recovered_where_nothing_is(tmp_path: Path) -> None:
    assert recover(tmp_path / "nowhere") == []


def test_a_run_whose_lock_cannot_be_opened_stops_no_recovery(tmp_path: Path, folder: RunFolder) -> None:
    append_once(folder, BEGAN)
    (folder.path / "lock").mkdir()
    other = RunFolder(tmp_path, "two")
    other.path.mkdir()
    append_once(other, BEGAN)
    assert recover(tmp_path) == ["two"]


# The queue


def test_of_what_is_left_to_another_supervisor_only_so_much_counts_as_may_be_under_way_at_once() -> None:
    assert at_most(["ann", "ann", "ann", "bob"], 2) == ["ann", "ann", "bob"]
    assert at_most([], 2) == []


def test_the_first_that_may_start_is_chosen() -> None:
    ann, bob = RunRequest("a", "", user="ann"), RunRequest("b", "", user="bob")
    assert may_start([ann, bob], [], 2, 1) is ann
    assert may_start([ann, bob], ["ann"], 2, 1) is bob
    assert may_start([ann, bob], ["ann", "bob"], 2, 1) is None
    assert may_start([ann], ["ann"], 2, 2) is ann
    assert may_start([], [], 2, 2) is None


@given(users=st.lists(st.sampled_from("abc"), max_size=12), at_once=st.integers(1, 4), per_user=st.integers(1, 3))
def test_the_caps_hold_and_everyone_gets_a_turn(users: list[str], at_once: int, per_user: int) -> None:
    waiting = [RunRequest(f"r{number}", "", user=user) for number, user in enumerate(users)]
    under_way: list[RunRequest] = []
    served: list[RunRequest] = []
    while waiting or under_way:
        while chosen := may_start(waiting, [request.user for request in under_way], at_once, per_user):
            waiting.remove(chosen)
            under_way.append(chosen)
            owners = [request.user for request in under_way]
            assert len(owners) <= at_once
            assert max(map(owners.count, owners)) <= per_user
        assert under_way
        served.append(under_way.pop(0))
    assert sorted(request.id for request in served) == sorted(f"r{number}" for number in range(len(users)))


# What a worker tells


def progress(**options: Any) -> Progress:
    made = Progress(RunRequest("one", "", **options))
    assert made.take({"kind": "plan", "functions": {"t1": "first", "t2": "second"}}) is None
    return made


def told(task: str, state: str, **more: Any) -> dict[str, Any]:
    return {"kind": "task", "task": task, "state": state, **more}


@pytest.mark.parametrize(
    "message",
    [
        None,
        7,
        "text",
        [],
        {},
        {"kind": "ended", "state": "done", "reason": ""},
        {"kind": "queued", "position": 1},
        told("t9", "done"),
        told("t1", "finished"),
        told("t1", "done", outputs=3),
        told("t1", "done", outputs={"x": {"digest": ""}}),
        told("t1", "done", seconds="long"),
        told("t1", "done", seconds=float("nan")),
        told("t1", "done", outputs={"x": {**STORED, "size": "large"}}),
        {"kind": "task", "task": ["t1"], "state": "done"},
        {"kind": "log", "task": "t1"},
        {"kind": "plan", "functions": {"t9": "another"}},
        {"kind": "plan", "functions": 5},
    ],
)
def test_what_no_worker_tells_is_ignored(message: Any) -> None:
    made = progress()
    assert made.take(message) is None
    assert made.functions == {"t1": "first", "t2": "second"}
    assert not made.finished


def test_long_texts_are_cut() -> None:
    made = progress(limits=Limits(text=10))
    event = made.take(told("t1", "failed", error="e" * 10**6, log="l" * 100))
    assert event
    assert (len(event["error"]), len(event["log"])) == (10_000, 10)
    texts = [made.take({"kind": "log", "task": "t2", "text": "1234567"}) for _ in range(3)]
    assert [event and event["text"] for event in texts] == ["1234567", "123", None]


def test_each_attempt_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made, now = progress(), [100.0]
    monkeypatch.setattr("core.runner.progress.time.monotonic", lambda: now[0])
    made.take(told("t1", "running", limit=5.0))
    now[0] = 104.0
    made.take(told("t1", "running", limit=5.0, reason="attempt 2 of 3"))
    now[0] = 106.0
    assert made.over_time() == {}
    now[0] = 110.0
    assert made.over_time() == {"t1": 5.0}


def test_a_second_worker_repeats_nothing_that_was_told() -> None:
    made = progress()
    assert made.take(told("t1", "done", result="r"))
    assert made.take(told("t1", "reused", result="r")) is None
    assert made.take(told("t1", "reused", result="another"))
    made.take(told("t2", "running"))
    assert made.blame("t2", "exited")["error"] == "exited while running `second`"
    assert made.take(told("t2", "failed", error="again")) is None
    assert made.failure_words() == "exited while running `second`"


def test_the_attempts_that_a_worker_did_not_survive_are_counted_whatever_it_tells() -> None:
    made = Progress(RunRequest("one", ""))
    made.take({"kind": "plan", "functions": {"t1": "first"}, "retries": {"t1": 2}})
    events = []
    for attempt in (1, 0, "many"):
        made.take(told("t1", "running", attempt=attempt))
        made.take({"kind": "log", "task": "t1", "text": "said\n"})
        events.append(made.blame("t1", "exited"))
    assert [event["state"] for event in events] == ["waiting", "waiting", "failed"]
    assert [event.get("reason") for event in events] == [
        "attempt 1 of 3 failed: exited",
        "attempt 2 of 3 failed: exited",
        None,
    ]
    assert events[1]["log"] == "said\n(attempt 2 of 3 failed: exited)\n"
    assert (list(made.former), list(made.blamed)) == (["t1"], ["t1"])


def test_what_is_left_for_a_second_worker_is_not_called_anew_again() -> None:
    made = progress(everything_anew=True)
    assert made.rest().anew == ("t1", "t2")
    made.take(told("t1", "done", result="r"))
    assert (made.rest().anew, made.rest().everything_anew) == (("t2",), False)
    assert Progress(RunRequest("one", "", everything_anew=True)).rest().everything_anew


@pytest.mark.parametrize("name", ["MemoryError", "numpy._core._exceptions._ArrayMemoryError", "ArrowMemoryError"])
def test_an_error_of_memory_is_told_in_words(name: str) -> None:
    event = progress(limits=Limits(memory=2 * 1024**3)).take(told("t1", "failed", error=f"{name}: no"))
    assert event
    assert event["error"].startswith("used more than 2 GB while running `first`")


# Words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (2 * 1024**3, "2 GB"),
        (1536 * 1024**2, "1.5 GB"),
        (500 * 1024**2, "500 MB"),
        (1023 * 1024**2, "1023 MB"),
        (7, "7 bytes"),
    ],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (Ended(1, 0, 0.1), "exited by itself with code 0"),
        (Ended(1, -signal.SIGSEGV, 0.1), "was ended by SIGSEGV (Segmentation fault)"),
        (Ended(1, -signal.SIGXCPU, 0.1), "used more than 5 s of processor time"),
        (Ended(1, -signal.SIGKILL, 5.5), "used more than 5 s of processor time"),
        (Ended(1, -signal.SIGKILL, 0.1), "was killed by SIGKILL, as the system does when memory is short"),
        (Ended(1, -63, 0.1), "was ended by signal 63"),
    ],
)
def test_ends_in_words(ended: Ended, words: str) -> None:
    assert ending_words(ended, Limits(cpu=5.0)).startswith(words)


def test_limits_in_words() -> None:
    assert memory_words(Limits(memory=2 * 1024**3)) == "used more than 2 GB"
    assert [seconds_words(seconds) for seconds in (5.0, 0.25, 3600.0)] == ["5 s", "0.25 s", "3600 s"]


# The environment


def test_only_what_functions_need_is_passed_on() -> None:
    given = {
        "PATH": "/bin",
        "LC_ALL": "C",
        "XDG_CACHE_HOME": "/c",
        "https_proxy": "http://proxy",
        "TASKTABLE_QUANDL_TIMEOUT": "3",
        "TASKTABLE_DATABASE_URL": "postgresql://a:b@c/d",
        "TASKTABLE_ARTIFACTS_URL": "s3://key:secret@bucket",
        "AWS_SECRET_ACCESS_KEY": "s",
        "STREAMLIT_AUTH_COOKIE_SECRET": "s",
        "GITHUB_TOKEN": "s",
    }
    chosen = Settings(function_modules=("a", "b"), data=Path("/data"), quandl_key="k")
    kept = environment(chosen, "token", given)
    assert kept.pop("PYTHONPATH", None) is not None
    assert kept.pop("TASKTABLE_QUANDL_ADDRESS")
    assert kept == {
        "PATH": "/bin",
        "LC_ALL": "C",
        "XDG_CACHE_HOME": "/c",
        "https_proxy": "http://proxy",
        "TASKTABLE_QUANDL_TIMEOUT": "3",
        "TASKTABLE_QUANDL_KEY": "k",
        "TASKTABLE_FUNCTIONS": "a,b",
        "TASKTABLE_RUNNER": "token",
    }


def test_what_tasks_find_and_nobody_else_may_read_is_secret() -> None:
    variables = {"TASKTABLE_QUANDL_KEY": "k3y", "TASKTABLE_DATABASE_URL": "postgresql://a:b@c/d"}
    variables |= {"HTTPS_PROXY": "http://user:p%40ss@proxy:3128", "http_proxy": "http://proxy"}
    assert Setup.of(Settings.from_environment(variables), "token", ()).secrets == ("k3y", "p%40ss", "p@ss")


# The channel


def test_messages_arrive_whole_and_in_order_whatever_their_size() -> None:
    ends = socket.socketpair()
    one, other = map(Channel, ends)
    messages = [{"text": "x" * size} for size in (0, 1, 100, 3_000_000, 5)]
    for message in messages:
        one.send(message)
    assert one.has_waiting
    found: list[Any] = []
    while len(found) < len(messages):
        found += other.receive()
        one.flush()
    assert found == messages
    one.close()
    assert list(other.receive_all()) == []
    assert other.is_closed
    other.close()


def test_a_channel_whose_other_side_is_gone_takes_everything_and_sends_nothing() -> None:
    ends = socket.socketpair()
    ends[1].close()
    channel = Channel(ends[0])
    channel.send({"text": "x"})
    assert channel.is_closed
    assert not channel.has_waiting
    channel.close()
