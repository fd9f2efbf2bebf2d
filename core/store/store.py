"""The store: one object through which everything that is kept in the database is written and read."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import TracebackType

from core.record import RunRecord
from core.settings import Settings
from core.store import check, draft, mark, run, task_record, version, workflow
from core.store.database import Database
from core.store.mark import Kind
from core.store.record import DraftRecord, RunSummary, StoredRun, VersionRecord, VersionSummary, WorkflowRecord

REMEMBERED = 64


class Store:
    """Workflows, versions, drafts and runs.

    Any number of threads and processes may use one database at once. A forked child must open its own store. Every
    method raises StoreError, which says what to do, when the database fails or what is asked makes no sense; one that
    names something that is not there raises its kind UnknownRecordError. When a method that writes has returned, what
    it wrote is on disk; when it has raised, nothing of it is, unless the connection to a server broke at that moment.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._recorded: OrderedDict[str, RunRecord] = OrderedDict()
        self._recorded_lock = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> Store:
        """Open the database that the settings name, the SQLite file in the data folder by default; make it up to date.

        A database that is garbled or may not be written is opened to be read, as far as it can be. Raises StoreError
        if it cannot be reached or read, or if a newer program has made it.
        """
        if settings.database_url:
            from core.store.postgresql import open_postgresql

            return cls(open_postgresql(settings.database_url, settings.secrets))
        from core.store.sqlite import open_sqlite

        return cls(open_sqlite(settings.data, settings.secrets))

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def is_read_only(self) -> bool:
        """True if nothing can be written; `read_only_reason` says why."""
        return bool(self.read_only_reason)

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be written and what to do; "" if everything can. When that is mended, it is noticed."""
        self._database.look_again()
        return self._database.read_only

    # Workflows and their versions

    def add_workflow(
        self, name: str, content: str, author: str = "", message: str = "", owner: str = ""
    ) -> VersionRecord:
        """Make a workflow with its first version. The content is a workflow file's text of at most 5 MB."""
        with self._database.writing() as connection:
            return version.add_workflow(connection, name, content, author, message, owner)

    def save(self, workflow_id: str, content: str, based_on: int, author: str = "", message: str = "") -> VersionRecord:
        """Append a version. Raises SaveConflict, with both versions, unless `based_on` is the newest."""
        with self._database.writing() as connection:
            return version.save(connection, workflow_id, content, based_on, author, message)

    def version(self, workflow_id: str, number: int) -> VersionRecord:
        """Return one version; its digest is checked."""
        with self._database.reading() as connection:
            return version.version(connection, workflow_id, number)

    def versions(
        self, workflow_id: str, before: int | None = None, limit: int = 50, text: str = ""
    ) -> list[VersionSummary]:
        """Return versions without content, newest first; `text` is searched in message, author, note and tags."""
        with self._database.reading() as connection:
            return version.versions(connection, workflow_id, before, limit, text)

    def workflow(self, workflow_id: str) -> WorkflowRecord:
        """Return one workflow."""
        with self._database.reading() as connection:
            return workflow.workflow(connection, workflow_id)

    def workflows(
        self,
        text: str = "",
        tags: Sequence[str] = (),
        owner: str | None = None,
        archived: bool | None = False,
        saved_by: str | None = None,
        not_saved_by: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[WorkflowRecord]:
        """Return workflows, the latest saved first.

        Every word of `text` must be in the name, description, note or tags of a workflow, or in the message, author,
        note or tags of one of its versions. All of `tags` must be there. `archived=None` returns archived ones as well.
        `saved_by` and `not_saved_by` are the author of at least one of its versions, and of none.
        """
        with self._database.reading() as connection:
            return workflow.workflows(connection, text, tags, owner, archived, saved_by, not_saved_by, limit, offset)

    def rename_workflow(self, workflow_id: str, name: str) -> None:
        """Give a workflow another name; the contents of its versions stay as they are."""
        with self._database.writing() as connection:
            workflow.rename(connection, workflow_id, name)

    def archive_workflow(self, workflow_id: str, on: bool = True) -> None:
        """Put a workflow away, or take it out again."""
        with self._database.writing() as connection:
            workflow.archive(connection, workflow_id, on)

    def delete_workflow(self, workflow_id: str, with_runs: bool = False) -> None:
        """Delete a workflow with its versions and the drafts that name it.

        Its runs stay, as runs of no workflow, with their tables and results; `with_runs` deletes them as well.
        """
        with self._database.writing() as connection:
            workflow.remove(connection, workflow_id, with_runs)
        with self._recorded_lock:
            self._recorded.clear()

    def export_all(self) -> Iterator[tuple[str, bytes]]:
        """Yield a file name, unlike all others, and the content of every workflow's latest version."""
        with self._database.reading() as connection:
            yield from workflow.export(connection)

    # What people add

    def tag(self, kind: Kind, name: str, tags: Iterable[str]) -> None:
        """Replace the tags of a "workflow", "version" or "run"; `name` is its id."""
        with self._database.writing() as connection:
            mark.tag(connection, kind, name, tags)

    def note(self, kind: Kind, name: str, text: str) -> None:
        """Replace the note of a "workflow", "version" or "run"; `name` is its id."""
        with self._database.writing() as connection:
            mark.note(connection, kind, name, text)

    def star(self, kind: Kind, name: str, on: bool) -> None:
        """Set or take away the star of a "workflow", "version" or "run"; `name` is its id."""
        with self._database.writing() as connection:
            mark.star(connection, kind, name, on)

    def known_tags(self, kind: Kind) -> list[str]:
        """Return every tag that one of this kind has, sorted."""
        with self._database.reading() as connection:
            return mark.known_tags(connection, kind)

    # Drafts

    def put_draft(self, token: str, content: str, workflow_id: str | None = None) -> None:
        """Keep what a browser tab has, any text up to 5 MB, for 30 days; it goes with the workflow that it names."""
        with self._database.writing() as connection:
            draft.put(connection, token, content, workflow_id)

    def draft(self, token: str) -> DraftRecord | None:
        """Return what a browser tab last kept; None if there is nothing."""
        with self._database.reading() as connection:
            return draft.get(connection, token)

    def delete_draft(self, token: str) -> None:
        """Forget what a browser tab kept, if it did."""
        with self._database.writing() as connection:
            draft.remove(connection, token)

    # Runs

    def begin_run(
        self,
        run_id: str,
        *,
        workflow_id: str | None,
        version: int | None,
        name: str,
        content: str,
        functions: Mapping[str, str],
        environment: Mapping[str, str],
        author: str = "",
        note: str = "",
        tags: Collection[str] = (),
    ) -> int:
        """Record that a run was asked for; return its number, counted over the whole store.

        `content` is the workflow file's text with the inputs as they are run, `functions` path -> code digest,
        `environment` "python" and packages -> version, `note` and `tags` what is said without anybody having asked
        for it. A second call with the same content changes nothing and returns the same number. A workflow that was
        deleted meanwhile counts as None.
        """
        beginning = run.Beginning(
            run_id, workflow_id, version, name, content, functions, environment, author, note, tags
        )
        with self._database.writing() as connection:
            return run.begin(connection, beginning)

    def record_run(self, record: RunRecord) -> bool:
        """Write what has changed of a run and its tasks since the last time; writing it twice changes nothing.

        A record with fewer events than what is stored is late, and changes nothing, unless it says "interrupted".
        Returns False for a run that was not begun or was deleted.
        """
        with self._recorded_lock:
            known = self._recorded.get(record.id)
        if known == record:
            return True
        with self._database.writing() as connection:
            is_there = task_record.record(connection, record, known)
        if is_there:
            self._remember(record)
        return is_there

    def _remember(self, record: RunRecord) -> None:
        with self._recorded_lock:
            self._recorded[record.id] = record
            self._recorded.move_to_end(record.id)
            while len(self._recorded) > REMEMBERED:
                self._recorded.popitem(last=False)

    def run(self, run_id: str) -> StoredRun:
        """Return one run with everything that is known of it."""
        with self._database.reading() as connection:
            return run.run(connection, run_id)

    def run_contents(self, run_ids: Sequence[str]) -> dict[str, str]:
        """Return id -> workflow file's text of several runs at once; what is unknown is left out."""
        with self._database.reading() as connection:
            return run.contents(connection, run_ids)

    def runs(
        self,
        workflow_id: str | None = None,
        states: Collection[str] = (),
        text: str = "",
        starred: bool | None = None,
        limit: int = 50,
        offset: int = 0,
        *,
        version: int | None = None,
        tags: Sequence[str] = (),
        begins: str = "",
    ) -> list[RunSummary]:
        """Return runs, newest first; every word of `text` must be in name, author, reason, note, tags or "#number".

        `begins` is how the ids of the wanted ones begin.
        """
        where = run.chosen(workflow_id, version, states, starred, begins)
        with self._database.reading() as connection:
            return run.runs(connection, where, text, tags, limit, offset)

    def place_run(self, run_id: str, workflow_id: str, version: int) -> None:
        """Say of which version a run is whose table was saved after it had begun."""
        with self._database.writing() as connection:
            run.place(connection, run_id, workflow_id, version)

    def unfinished_runs(self) -> list[str]:
        """Return the ids of the runs that are queued or running, as far as was recorded, oldest first."""
        with self._database.reading() as connection:
            return run.unfinished(connection)

    def delete_run(self, run_id: str) -> None:
        """Delete a run with all that was recorded of it; its number is not given again."""
        with self._database.writing() as connection:
            run.remove(connection, run_id)
        with self._recorded_lock:
            self._recorded.pop(run_id, None)

    def pinned_artifacts(self) -> set[str]:
        """Return the digests of the artifacts that must not be evicted.

        They are those of the runs of the last hour, of runs under way, of runs to which somebody has given a star, a
        tag or a note, of runs of a workflow's latest version, and of runs of a version with a star, a tag or a note.
        A tag or a note that a run was begun with, as those of a sweep are, keeps nothing.
        """
        with self._database.reading() as connection:
            return run.pinned(connection)

    def check(self) -> list[str]:
        """Return what is wrong with the stored data, in words; reads everything."""
        return list(check.problems(self._database))
