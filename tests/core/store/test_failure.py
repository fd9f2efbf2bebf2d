"""What goes wrong with a database is said in words, and never with a password."""

from __future__ import annotations

import subprocess
import sys
import traceback
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from core.errors import TasktableError
from core.settings import Settings
from core.store import SaveConflict, Store, StoreError, UnknownRecordError
from core.store.failure import DamagedError, UnwritableError, explain
from tests.core.store.content import saved

PASSWORD = "hun%40ter 2"  # noqa: S105
WRITTEN = "hun%2540ter%202"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (f"postgresql://ada:{WRITTEN}@127.0.0.1:1/x", "the database x at 127.0.0.1 cannot be reached"),
        (f"postgres://ada:{WRITTEN}@127.0.0.1:1/x", "cannot be reached"),
        (f"postgresql+psycopg://127.0.0.1:1/x?password={WRITTEN}", "cannot be reached"),
        (f"postgresql://ada:{WRITTEN}@no-such-host.invalid/x", "cannot be reached"),
        (f"mysql://ada:{WRITTEN}@127.0.0.1/x", "begins with mysql://; write it as postgresql://user"),
        (f"postgresql+pg8000://ada:{WRITTEN}@127.0.0.1/x", "begins with postgresql[+]pg8000"),
        (f"ada:{WRITTEN}@127.0.0.1", "is no address of a database"),
        (f"postgresql://ada:{WRITTEN}@127.0.0.1:port/x", "is no address of a database"),
        (f"postgresql://ada:{WRITTEN}@127.0.0.1:1/x?nonsense=1", "nonsense"),
    ],
)
def test_an_address_that_does_not_work_is_said_without_its_password(tmp_path: Path, address: str, message: str) -> None:
    with pytest.raises(StoreError, match=message) as caught:
        Store.open(Settings(data=tmp_path, database_url=address))
    told = "".join(traceback.format_exception(caught.value, chain=True)).partition("core.errors")[2]
    assert PASSWORD not in told
    assert WRITTEN not in told
    assert "hun" not in str(caught.value)


def test_a_database_that_does_not_exist_is_said(server: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere.* (does not exist|cannot be reached)"):
        Store.open(Settings(data=tmp_path, database_url=server.replace("/postgres?", "/nowhere?")))


def test_a_wrong_user_is_said(server: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"check TASKTABLE_DATABASE_URL"):
        Store.open(Settings(data=tmp_path, database_url=server.replace("postgres:@", "nobody:secret-word@")))


def test_a_database_in_which_tables_may_not_be_made_is_said(server: str, postgresql: Settings) -> None:
    user = f"u{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE USER {user}")
        changed = postgresql.database_url.replace("postgres:@", f"{user}:@")
        with pytest.raises(UnwritableError, match=r"(does not allow that|no schema in which).*grant the user"):
            Store.open(Settings(data=postgresql.data, database_url=changed))
        connection.execute(f"DROP USER {user}")


def test_a_database_that_takes_no_writing_is_read(postgresql: Settings) -> None:
    with Store.open(postgresql) as store:
        version = saved(store, 1)[0]
    read_only = f"{postgresql.database_url}%20-cdefault_transaction_read_only%3Don"
    with Store.open(Settings(data=postgresql.data, database_url=read_only)) as store:
        assert store.is_read_only
        assert store.version(version.workflow_id, 1) == version
        with pytest.raises(StoreError, match=r"nothing can be changed: .* takes no writing"):
            store.save(version.workflow_id, "two", 1)


def test_a_server_that_was_restarted_is_found_again(server: str, postgresql: Settings) -> None:
    with Store.open(postgresql) as store:
        version = saved(store, 1)[0]
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tasktable'"
            )
        assert store.version(version.workflow_id, 1) == version
        assert store.save(version.workflow_id, "two", 1).number == 2


def test_a_missing_driver_is_said() -> None:
    program = "import sys; sys.modules['psycopg'] = None\nfrom core.settings import Settings\n"
    program += "from core.store import Store, StoreError\ntry: Store.open(Settings(database_url='postgresql://x/y'))\n"
    program += "except StoreError as error: print(error)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'tasktable[postgresql]'" in done.stdout


@pytest.mark.parametrize(
    ("state", "kind", "message"),
    [
        ("53100", UnwritableError, "the disk of the database is full"),
        ("XX001", DamagedError, "the database is garbled"),
        ("40P01", StoreError, "was busy with the work of others"),
        ("57P01", StoreError, "is shutting down"),
        ("99999", StoreError, "did not do what it was asked"),
    ],
)
def test_every_kind_of_failure_of_a_server_has_its_words(state: str, kind: type[StoreError], message: str) -> None:
    cause = psycopg.OperationalError("it says hun%40ter 2")
    cause.sqlstate = state
    error = explain(cause, "the database", (PASSWORD,))
    assert type(error) is kind
    assert message in str(error)
    assert "it says ***" in str(error)


def test_every_error_of_the_store_is_one_of_the_product(store: Store) -> None:
    versions = saved(store, 2)
    with pytest.raises(TasktableError) as conflict:
        store.save(versions[0].workflow_id, "x", 1)
    assert isinstance(conflict.value, SaveConflict)
    assert conflict.value.what
    assert conflict.value.advice
    with pytest.raises(KeyError) as unknown:
        store.run("none")
    assert isinstance(unknown.value, UnknownRecordError)
    assert str(unknown.value) == "there is no run 'none' (any more)"
