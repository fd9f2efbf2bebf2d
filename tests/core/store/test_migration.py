"""The migrations make exactly the tables that the program uses, and a newer database is left alone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from core.settings import Settings
from core.store import Store, StoreError
from core.store.migration import REVISIONS, VERSION_TABLE
from core.store.schema import METADATA
from tests.core.store.content import ENDED, artifact, begun, task, told


def test_the_migrations_make_the_tables_of_the_program(store: Store) -> None:
    with store._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []
        found = inspect(connection)
        for table in METADATA.sorted_tables:
            keys = {(key["name"], key["options"].get("ondelete")) for key in found.get_foreign_keys(table.name)}
            assert keys == {(key.name, key.ondelete) for key in table.foreign_key_constraints}
            assert set(found.get_pk_constraint(table.name)["constrained_columns"]) == set(
                table.primary_key.columns.keys()
            )


def test_the_program_knows_every_revision_of_the_folder() -> None:
    config = Config()
    config.set_main_option("script_location", "core.store:migrations")
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == REVISIONS


def test_opening_again_changes_nothing(settings: Settings) -> None:
    with Store.open(settings) as store:
        version = store.add_workflow("Crossover", "one")
    with Store.open(settings) as store:
        assert store.version(version.workflow_id, 1) == version
        assert not store.is_read_only


def test_a_database_of_a_newer_program_is_left_alone(settings: Settings) -> None:
    with Store.open(settings) as store, store._database.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))  # noqa: S608
    with pytest.raises(StoreError, match=r"revision '9999', which a newer Tasktable has made.*install the newer"):
        Store.open(settings)


def test_a_migration_that_fails_leaves_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.operations import Operations

    make = Operations.create_table

    def fail(self: Operations, name: str, *columns: object, **options: object) -> object:
        if name == "tasks":
            raise StoreError("the machine stops here")
        return make(self, name, *columns, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Operations, "create_table", fail)
        with pytest.raises(StoreError, match="the machine stops here"):
            Store.open(settings)
    with Store.open(settings) as store:
        assert store.workflows() == []


def test_a_database_is_up_to_date_without_loading_the_migrations(sqlite: Settings) -> None:
    Store.open(sqlite).close()
    program = "import sys; from pathlib import Path; from core.settings import Settings; from core.store import Store\n"
    program += "Store.open(Settings(data=Path(sys.argv[1]))).workflows()\nprint('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program, str(sqlite.data)], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_importing_core_loads_no_database() -> None:
    program = "import sys, core; print(any(name in sys.modules for name in ('sqlalchemy', 'sqlite3', 'core.store')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_runs_of_an_older_program_keep_what_their_marks_held(settings: Settings) -> None:
    with Store.open(settings) as store:
        for name in ("plain", "noted"):
            begun(store, name, note="why" if name == "noted" else "")
            store.record_run(told(name, task("t1", 1.0, outputs={"x": artifact(name)}), ENDED))
        with store._database.writing() as connection:
            connection.execute(text("UPDATE runs SET created = 0"))
            connection.execute(text("ALTER TABLE runs DROP COLUMN given"))
            connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0001'"))  # noqa: S608
    with Store.open(settings) as store:
        assert [run.id for run in store.runs()] == ["noted", "plain"]
        assert store.pinned_artifacts() == {"noted"}
