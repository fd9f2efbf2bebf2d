"""A draft is kept for its browser tab, for 30 days."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from core.store import Store, StoreError

DAY = 86_400


def test_the_latest_draft_of_a_tab_is_kept(store: Store) -> None:
    for content in ("one", "two", "thr\0ee \ud800"):
        store.put_draft("tab", content)
    store.put_draft("other", "four")
    found = [store.draft(token) for token in ("tab", "other", "none")]
    assert [draft and draft.content for draft in found] == ["thr\0ee \ud800", "four", None]


def test_a_deleted_draft_is_gone(store: Store) -> None:
    store.put_draft("tab", "one")
    for _ in range(2):
        store.delete_draft("tab")
    assert store.draft("tab") is None


def test_a_draft_may_name_a_workflow_that_was_deleted(store: Store) -> None:
    store.put_draft("tab", "one", "0" * 32)
    assert store.draft("tab") is not None


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (31, False)])
def test_a_draft_is_kept_for_thirty_days(store: Store, days: int, is_kept: bool) -> None:
    store.put_draft("tab", "old")
    with store._database.writing() as connection:
        connection.execute(text("UPDATE drafts SET saved = saved - :age"), {"age": days * DAY})
    assert (store.draft("tab") is not None) == is_kept
    store.put_draft("other", "new")
    with store._database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM drafts")).scalar_one() == 1 + is_kept


def test_a_draft_above_five_megabytes_is_refused_and_the_former_stays(store: Store) -> None:
    store.put_draft("tab", "x" * 5_000_000)
    with pytest.raises(StoreError, match=r"the draft has 5.0 MB, the most is 5 MB"):
        store.put_draft("tab", "x" * 5_000_001)
    kept = store.draft("tab")
    assert kept is not None
    assert len(kept.content) == 5_000_000


def test_who_reads_the_database_learns_no_token(store: Store) -> None:
    store.put_draft("secret-token", "one")
    with store._database.reading() as connection:
        assert "secret" not in str(connection.execute(text("SELECT key FROM drafts")).scalar_one())
