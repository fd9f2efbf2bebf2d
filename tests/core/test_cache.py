"""What is kept for a key is found again, by anybody, until it is too old, damaged or removed."""

from __future__ import annotations

import dataclasses
import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from core import durable
from core.artifact import Artifact
from core.artifact_folder import ArtifactFolder
from core.cache import Cache, DiskCache, Entry, NullCache, Usage
from core.errors import ArtifactError

WORKER = """
import os, sys, time
from pathlib import Path
from core.artifact_folder import ArtifactFolder
from core.cache import DiskCache, Entry

root, key, counter = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
folder = ArtifactFolder(root / "artifacts")
cache = DiskCache(root, folder)
print("ready", flush=True)
sys.stdin.readline()
with cache.alone(key):
    print("alone", flush=True)
    if cache.find(key) is None:
        with counter.open("a") as file:
            file.write("computed\\n")
        if sys.argv[4] == "fork" and os.fork() == 0:
            sys.stdin.readline()
            os._exit(0)
        if sys.argv[4] != "work":
            sys.stdin.readline()
        cache.keep(Entry(key, key, "f", (folder.put(42),), "run", 0.5, "", time.time()))
print(folder.get(cache.find(key).outputs[0]), flush=True)
"""


def key_of(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> ArtifactFolder:
    return ArtifactFolder(tmp_path / "artifacts")


@pytest.fixture
def cache(tmp_path: Path, folder: ArtifactFolder) -> DiskCache:
    return DiskCache(tmp_path, folder)


def entry_of(number: int, *outputs: Artifact, created: float = 0.0) -> Entry:
    key = key_of(number)
    return Entry(key, f"result {number}", "acme.f", outputs, "run 1", 0.25, "printed \ud800é\n", created or time.time())


def path_of(root: Path, number: int) -> Path:
    return root / "cache" / key_of(number)[:2] / f"{key_of(number)}.json"


def set_age(root: Path, number: int, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path_of(root, number), (then, then))


def test_entry_is_found_as_it_was_kept_also_by_others(tmp_path: Path, cache: DiskCache, folder: ArtifactFolder) -> None:
    entry = entry_of(1, folder.put(1.5), folder.put("text"))
    assert cache.find(entry.key) is None
    cache.keep(entry)
    assert cache.find(entry.key) == entry
    other = DiskCache(tmp_path, ArtifactFolder(tmp_path / "artifacts"))
    assert other.find(entry.key) == entry
    assert stat.S_IMODE(path_of(tmp_path, 1).stat().st_mode) == 0o600
    assert not list(tmp_path.rglob(f"{durable.PREFIX}*"))


def test_newer_entry_takes_the_place_of_the_older(cache: DiskCache, folder: ArtifactFolder) -> None:
    cache.keep(entry_of(1, folder.put(1)))
    newer = entry_of(1, folder.put(2))
    cache.keep(newer)
    assert cache.find(newer.key) == newer
    assert cache.usage().entries == 1


def test_entry_without_outputs_is_kept(cache: DiskCache) -> None:
    cache.keep(entry_of(1))
    assert cache.find(key_of(1)) is not None


def test_entry_whose_value_could_not_be_stored_is_not_kept(cache: DiskCache, folder: ArtifactFolder) -> None:
    cache.keep(entry_of(1, folder.put(1), folder.put(threading.Lock())))
    assert cache.find(key_of(1)) is None


@pytest.mark.parametrize(
    ("age", "most", "found"), [(50, 60, True), (70, 60, False), (70, None, True), (-999, 60, False)]
)
def test_entry_can_be_too_old(
    cache: DiskCache, folder: ArtifactFolder, age: float, most: float | None, found: bool
) -> None:
    """One from the future is as old: the clock has been set back, and nobody knows when it was."""
    cache.keep(entry_of(1, folder.put(1), created=time.time() - age))
    assert (cache.find(key_of(1), most) is not None) == found
    assert cache.find(key_of(1)) is not None


def test_damaged_entry_is_nothing_and_is_removed(tmp_path: Path, cache: DiskCache, folder: ArtifactFolder) -> None:
    entry = entry_of(1, folder.put(1))
    cache.keep(entry)
    path = path_of(tmp_path, 1)
    content = path.read_bytes()
    damaged = [content[:size] for size in range(len(content))]
    damaged += [content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :] for place in range(len(content))]
    damaged += [b"[" * 100_000, b"null", b'{"entry": []}', content + b"x", b"\xff"]
    for wrong in damaged:
        path.write_bytes(wrong)
        assert cache.find(entry.key) is None
        assert not path.exists()
    cache.keep(entry)
    assert cache.find(entry.key) == entry


def test_entry_under_the_name_of_another_is_nothing(tmp_path: Path, cache: DiskCache, folder: ArtifactFolder) -> None:
    cache.keep(entry_of(1, folder.put(1)))
    target = path_of(tmp_path, 2)
    target.parent.mkdir(exist_ok=True)
    path_of(tmp_path, 1).rename(target)
    assert cache.find(key_of(2)) is None


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")])
def test_entry_whose_value_is_gone_is_nothing(
    cache: DiskCache, folder: ArtifactFolder, harm: Callable[[Path], object]
) -> None:
    gone = folder.put("gone")
    cache.keep(entry_of(1, folder.put(1), gone))
    harm(folder.path(gone))
    assert cache.find(key_of(1)) is None
    assert cache.usage().entries == 0


@pytest.mark.parametrize("key", ["", "../x", "a" * 63, "A" * 64, "a" * 64 + "\n", None])
def test_key_that_is_none_makes_no_path(cache: DiskCache, key: Any) -> None:
    for ask in (cache.find, cache.forget, lambda key: cache.alone(key).__enter__()):
        with pytest.raises(ArtifactError, match="no key"):
            ask(key)


def test_use_is_noted_at_most_once_a_minute(tmp_path: Path, cache: DiskCache, folder: ArtifactFolder) -> None:
    cache.keep(entry_of(1, folder.put(1)))
    for age, is_noted in ((30, False), (90, True)):
        set_age(tmp_path, 1, age)
        before = path_of(tmp_path, 1).stat().st_mtime
        cache.find(key_of(1))
        assert (path_of(tmp_path, 1).stat().st_mtime != before) == is_noted


def test_forgotten_entry_is_gone_and_its_value_stays(cache: DiskCache, folder: ArtifactFolder) -> None:
    value = folder.put(1)
    cache.keep(entry_of(1, value))
    cache.forget(key_of(1))
    cache.forget(key_of(1))
    assert cache.find(key_of(1)) is None
    assert folder.get(value) == 1


# Room


def filled(root: Path, cache: DiskCache, folder: ArtifactFolder, count: int = 5) -> list[Artifact]:
    """Keep values of 1,000 bytes; the first was not used for longest."""
    values = [folder.put(f"{number}" * 1000) for number in range(count)]
    for number, value in enumerate(values):
        cache.keep(entry_of(number, value))
        set_age(root, number, 1000 - number)
    return values


def test_least_recently_used_goes_first(tmp_path: Path, cache: DiskCache, folder: ArtifactFolder) -> None:
    filled(tmp_path, cache, folder)
    assert cache.usage() == Usage(5, 5000)
    cache.find(key_of(0))
    assert cache.evict(5000) == Usage(5, 5000)
    assert cache.evict(3500) == Usage(3, 3000)
    assert [number for number in range(5) if cache.find(key_of(number))] == [0, 3, 4]
    assert len(folder.files()) == 3


def test_pinned_values_stay(tmp_path: Path, cache: DiskCache, folder: ArtifactFolder) -> None:
    values = filled(tmp_path, cache, folder)
    pinned = {values[0].digest, values[1].digest}
    assert cache.evict(3000, pinned) == Usage(3, 3000)
    assert cache.find(key_of(0))
    assert cache.evict(0, pinned) == Usage(2, 2000)
    assert cache.clear(pinned) == Usage(0, 2000)
    assert folder.get(values[0]) == "0" * 1000
    assert cache.clear() == Usage(0, 0)


def test_value_of_two_entries_goes_with_the_last(tmp_path: Path, cache: DiskCache, folder: ArtifactFolder) -> None:
    shared = folder.put("shared" * 100)
    for number in (1, 2):
        cache.keep(entry_of(number, shared))
        set_age(tmp_path, number, 1000 - number)
    other = folder.put("o" * 400)
    cache.keep(entry_of(3, other))
    set_age(tmp_path, 3, 999)
    os.utime(folder.path(shared), (time.time() - 5000,) * 2)
    assert cache.evict(900).bytes <= 900
    assert (cache.find(key_of(2)) is not None) == folder.has(shared)


def test_values_that_no_entry_names_count_and_go_by_their_age(cache: DiskCache, folder: ArtifactFolder) -> None:
    old, young = folder.put("old" * 100), folder.put("young" * 100)
    os.utime(folder.path(old), (time.time() - 5000,) * 2)
    assert cache.usage() == Usage(0, 800)
    assert cache.evict(600) == Usage(0, 500)
    assert folder.has(young)


def test_damaged_entries_do_not_stop_the_cleaning(tmp_path: Path, cache: DiskCache, folder: ArtifactFolder) -> None:
    filled(tmp_path, cache, folder)
    path_of(tmp_path, 2).write_bytes(b"{")
    (tmp_path / "cache" / "notes.txt").write_text("mine")
    assert cache.evict(0) == Usage(0, 0)
    assert (tmp_path / "cache" / "notes.txt").exists()


def test_what_a_reader_holds_survives_the_cleaning(cache: DiskCache, folder: ArtifactFolder) -> None:
    import numpy as np

    value = folder.put(np.arange(300_000.0))
    cache.keep(entry_of(1, value))
    array = folder.get(value)
    cache.clear()
    assert array.sum() == 299_999 * 150_000
    with pytest.raises(ArtifactError, match="not there any more"):
        folder.get(value)
    assert cache.find(key_of(1)) is None


def test_cleaning_while_others_write_and_read_breaks_nothing(cache: DiskCache, folder: ArtifactFolder) -> None:
    stop = threading.Event()

    def use(worker: int) -> int:
        number = hits = 0
        while not stop.is_set():
            number += 1
            entry = entry_of(number % 7, folder.put(f"{number % 7}" * 500))
            cache.keep(entry)
            if found := cache.find(entry.key):
                try:
                    hits += folder.get(found.outputs[0]) == f"{number % 7}" * 500
                except ArtifactError:  # evicted in between: it would be computed again
                    continue
        return hits

    with ThreadPoolExecutor(3) as pool:
        users = [pool.submit(use, worker) for worker in range(3)]
        for round_ in range(30):
            cache.evict(round_ * 100)
        stop.set()
        assert all(user.result() >= 0 for user in users)
    assert cache.evict(0) == Usage(0, 0)


# One at a time


def test_threads_wait_for_each_other_and_other_keys_do_not(cache: DiskCache) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> None:
        with cache.alone(key_of(0)):
            inside.append(number)
            most.append(len(inside))
            with cache.alone(key_of(number + 1)):
                inside.remove(number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(60)))
    assert set(most) == {1}


def test_thread_that_asks_twice_goes_on_and_keeps_it_to_the_end(tmp_path: Path, cache: DiskCache) -> None:
    with cache.alone(key_of(1)):
        with cache.alone(key_of(1)):
            assert is_taken(tmp_path, 1)
        assert is_taken(tmp_path, 1)
    assert not is_taken(tmp_path, 1)
    assert list((tmp_path / "locks").iterdir()) == []


def is_taken(root: Path, number: int) -> bool:
    """True if another process would have to wait."""
    child = os.fork()
    if not child:
        try:
            with (root / "locks" / key_of(number)).open("r+") as file:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            os._exit(0)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


def test_lock_ends_with_an_error_in_the_work(tmp_path: Path, cache: DiskCache) -> None:
    with pytest.raises(ValueError, match="mine"), cache.alone(key_of(1)):
        raise ValueError("mine")
    assert not is_taken(tmp_path, 1)


def test_lock_ends_though_a_forked_process_lives_on(tmp_path: Path, cache: DiskCache) -> None:
    reader, writer = os.pipe()
    with cache.alone(key_of(1)):
        child = os.fork()
        if not child:
            os.read(reader, 1)
            os._exit(0)
    try:
        assert not is_taken(tmp_path, 1)
    finally:
        os.write(writer, b"x")
        os.waitpid(child, 0)
        os.close(reader)
        os.close(writer)


def start(root: Path, how: str = "work") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, str(root), key_of(1), str(root / "counter"), how]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def test_two_processes_that_need_the_same_compute_it_once(tmp_path: Path) -> None:
    workers = [start(tmp_path) for _ in range(3)]
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        assert worker.communicate(timeout=60)[0] == "alone\n42\n"
    assert (tmp_path / "counter").read_text() == "computed\n"


@pytest.mark.parametrize("how", ["hang", "fork"])
def test_lock_of_a_killed_process_is_free_and_its_work_is_done_again(tmp_path: Path, how: str) -> None:
    """Also if the process has forked another one, which lives on."""
    first, second = start(tmp_path, how), start(tmp_path)
    assert first.stdin
    assert first.stdout
    first.stdin.write("go\n")
    first.stdin.flush()
    assert first.stdout.readline() == "alone\n"
    first.send_signal(signal.SIGKILL)
    assert second.communicate("go\n", timeout=60)[0] == "alone\n42\n"
    assert first.wait() == -signal.SIGKILL
    first.stdin.close()
    first.stdout.close()


def test_lock_files_of_killed_processes_are_swept_a_day_later(
    tmp_path: Path, cache: DiskCache, folder: ArtifactFolder
) -> None:
    with cache.alone(key_of(1)), cache.alone(key_of(2)):
        old, held = tmp_path / "locks" / "old", tmp_path / "locks" / key_of(1)
        for path in (old, held):
            path.touch()
            os.utime(path, (time.time() - 100_000,) * 2)
        cache.evict(0)
        assert not old.exists()
        assert is_taken(tmp_path, 1)
        assert is_taken(tmp_path, 2)


def test_null_cache_keeps_nothing(folder: ArtifactFolder) -> None:
    cache: Cache = NullCache()
    cache.keep(entry_of(1, folder.put(1)))
    with cache.alone("any"):
        assert cache.find(key_of(1)) is None


def test_file_of_an_entry_is_strict_json(tmp_path: Path, cache: DiskCache, folder: ArtifactFolder) -> None:
    entry = entry_of(1, folder.put(float("nan")))
    cache.keep(entry)
    data = json.loads(path_of(tmp_path, 1).read_text(encoding="ascii"))
    assert data["entry"]["outputs"] == [entry.outputs[0].to_json()]
    assert set(data["entry"]) == {field.name for field in dataclasses.fields(Entry)}
