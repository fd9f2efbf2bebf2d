"""Many save at once: every acknowledged save is there, every refused one was told."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import psycopg
import pytest

from core.settings import Settings
from core.store import SaveConflict, Store, StoreError, UnknownRecordError
from tests.core.store.content import BEGAN, ENDED, QUEUED, artifact, begun, saved, task, told

SAVES = 200
PEOPLE = 4
# Forked before anything is opened, so that all begin at the same moment.
PEOPLE_PROGRAM = """
import os, random, sys
from pathlib import Path
from core.settings import Settings
from core.store import SaveConflict, Store

def tell(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

def live(name, store):
{body}

folder, address, *given = sys.argv[1:]
children = []
for name in "abcd":
    if not (child := os.fork()):
        live(name, Store.open(Settings(data=Path(folder), database_url=address)))
        os._exit(0)
    children.append(child)
if any([os.waitpid(child, 0)[1] for child in children]):
    sys.exit(1)
"""
SAVING = """
    chance, base = random.Random(name), 1
    for number in range(int(given[1])):
        try:
            base = store.save(given[0], f"{name} {number}", base, author=name).number
            tell(name, "kept", base, number)
        except SaveConflict as conflict:
            tell(name, "told", conflict.latest.number, number)
            base = chance.choice([base, conflict.latest.number, conflict.latest.number])
"""


def four_processes(settings: Settings, body: str, *given: str) -> list[list[str]]:
    """Let four processes live at once; return the words that they tell."""
    program = PEOPLE_PROGRAM.replace("{body}", body)
    command = [sys.executable, "-c", program, str(settings.data), settings.database_url, *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return [line.split() for line in done.stdout.splitlines()]


def save_as(store: Store, workflow_id: str, name: str) -> tuple[dict[int, str], int]:
    """Save a fourth of the saves on random bases; return what was acknowledged, and how many were refused."""
    chance, acknowledged, refused, base = random.Random(name), {}, 0, 1  # noqa: S311
    for number in range(SAVES // PEOPLE):
        try:
            base = store.save(workflow_id, f"{name} {number}", base, author=name).number
            acknowledged[base] = f"{name} {number}"
        except SaveConflict as conflict:
            refused += 1
            base = chance.choice([base, conflict.latest.number, conflict.latest.number])
    return acknowledged, refused


def test_four_people_save_one_workflow_two_hundred_times(store: Store) -> None:
    workflow_id = store.add_workflow("Crossover", "first").workflow_id
    with ThreadPoolExecutor(PEOPLE) as people:
        found = list(people.map(lambda name: save_as(store, workflow_id, name), "abcd"))
    acknowledged = [item for kept, _ in found for item in kept.items()]
    assert len(acknowledged) == len(dict(acknowledged))
    assert len(acknowledged) + sum(refused for _, refused in found) == SAVES
    expect_exactly(store, workflow_id, {1: "first", **dict(acknowledged)})


def test_four_processes_save_one_workflow_two_hundred_times_each(store: Store, settings: Settings) -> None:
    workflow_id = store.add_workflow("Crossover", "first").workflow_id
    lines = four_processes(settings, SAVING, workflow_id, str(SAVES))
    kept = {int(number): f"{name} {which}" for name, outcome, number, which in lines if outcome == "kept"}
    assert len(lines) == PEOPLE * SAVES
    assert len(kept) == sum(outcome == "kept" for _, outcome, *_ in lines)
    expect_exactly(store, workflow_id, {1: "first", **kept})


def expect_exactly(store: Store, workflow_id: str, contents: dict[int, str]) -> None:
    """These versions are there, without a gap, each based on the one before."""
    versions = store.versions(workflow_id, limit=1_000)[::-1]
    assert [version.number for version in versions] == list(range(1, len(contents) + 1))
    assert all(later.based_on == earlier.number for earlier, later in pairwise(versions))
    assert {number: store.version(workflow_id, number).content for number in contents} == contents
    assert store.check() == []


def test_runs_that_begin_at_once_get_numbers_of_their_own(store: Store) -> None:
    with ThreadPoolExecutor(PEOPLE) as people:
        numbers = list(people.map(lambda number: begun(store, f"r{number}"), range(40)))
    assert sorted(numbers) == list(range(1, 41))


def test_one_run_told_by_many_at_once_ends_as_it_ended(store: Store) -> None:
    begun(store, "r1")
    events = [QUEUED, BEGAN, *(task(f"t{n}", 3.0, outputs={"x": artifact(f"{n}")}) for n in range(30)), ENDED]
    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(lambda count: store.record_run(told("r1", *events[:count])), range(len(events) + 1)))
    assert store.run("r1").record == told("r1", *events)
    assert store.pinned_artifacts() == {str(number) for number in range(30)}


def test_saving_running_marking_and_deleting_at_once_leaves_everything_right(store: Store) -> None:
    """What one deletes while another uses it is said to be gone; nothing else goes wrong, and no text is left over."""
    versions = [saved(store, 1, str(number))[0] for number in range(12)]

    def work(number: int) -> None:
        version = versions[number % len(versions)]
        run_id = f"r{number}"
        try:
            begun(store, run_id, version, content="shared")
            store.save(version.workflow_id, "shared", 1)
            store.tag("workflow", version.workflow_id, ["x"])
            store.put_draft(f"tab {number % 3}", "shared", version.workflow_id)
            store.delete_run(run_id)
            store.delete_workflow(version.workflow_id, with_runs=bool(number % 2))
        except (UnknownRecordError, SaveConflict):
            return

    with ThreadPoolExecutor(6) as people:
        list(people.map(work, range(60)))
    assert store.check() == []
    for found in store.workflows(archived=None):
        store.delete_workflow(found.id, with_runs=True)
    for run in store.runs():
        store.delete_run(run.id)
    with store._database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM texts").scalar_one() == 0


def test_stores_that_open_at_once_make_the_tables_once(settings: Settings) -> None:
    four_processes(settings, "    store.add_workflow(name, 'y')")
    with Store.open(settings) as store:
        assert len(store.workflows()) == PEOPLE


def test_a_forked_child_is_told_to_open_its_own(store: Store) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store._database, "_process", os.getpid() + 1)
        with pytest.raises(StoreError, match="open it again in this process"):
            store.workflows()
        with pytest.raises(StoreError, match="open it again in this process"):
            store.put_draft("tab", "x")
        store.close()
    assert store.workflows() == []


def test_a_connection_that_is_in_use_when_the_store_is_closed_is_closed_after_its_use(settings: Settings) -> None:
    store = Store.open(settings)
    with store._database.reading() as connection:
        store.close()
        assert connection.exec_driver_sql("SELECT count(*) FROM workflows").scalar_one() == 0
        used = connection.connection.dbapi_connection
    assert used is not None
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
        used.cursor().execute("SELECT 1")


def test_a_store_that_is_closed_opens_no_connection_that_nobody_would_close(settings: Settings) -> None:
    store = Store.open(settings)
    store.close()
    for ask in (store.workflows, store.pinned_artifacts, lambda: store.put_draft("tab", "x")):
        with pytest.raises(StoreError, match="the store is closed; open it again"):
            ask()
