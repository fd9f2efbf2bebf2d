"""Versions are appended, never changed, and nobody saves over somebody else."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.store import SaveConflict, Store, StoreError, UnknownRecordError
from tests.core.store.content import content, saved

ODD = ["", "\0", "a\0b", "\ud800", "\udc00\ud800", "\x1a", "\x1a0000", "\x1ad800", "é\u202e\U0001f600", "%_'\";--"]


def test_the_first_version_is_read_as_it_was_saved(store: Store) -> None:
    first = store.add_workflow("Crossover", content("of averages"), "Ada", "the beginning", owner="ada")
    assert store.version(first.workflow_id, 1) == first
    assert (first.number, first.based_on, first.author, first.message) == (1, 0, "Ada", "the beginning")
    assert first.digest == sha256(first.content.encode()).hexdigest()
    assert store.workflow(first.workflow_id).owner == "ada"


def test_a_version_is_appended_to_the_one_that_it_is_based_on(store: Store) -> None:
    first = store.add_workflow("Crossover", "one")
    second = store.save(first.workflow_id, "two", 1, "Ada", "better")
    assert (second.number, second.based_on) == (2, 1)
    assert [store.version(first.workflow_id, number).content for number in (1, 2)] == ["one", "two"]


def test_a_conflict_shows_both_versions_and_saves_nothing(store: Store) -> None:
    first = store.add_workflow("Crossover", "one")
    second = store.save(first.workflow_id, "two", 1, "Ada")
    with pytest.raises(SaveConflict, match="version 2 was saved by Ada meanwhile") as caught:
        store.save(first.workflow_id, "another two", 1)
    assert (caught.value.latest, caught.value.base) == (second, first)
    assert [version.number for version in store.versions(first.workflow_id)] == [2, 1]


@pytest.mark.parametrize("based_on", [-1, 0, 2, 2**31, 2**63, 2**80])
def test_a_base_that_is_no_version_is_a_conflict_without_base(store: Store, based_on: int) -> None:
    first = store.add_workflow("Crossover", "one")
    with pytest.raises(SaveConflict) as caught:
        store.save(first.workflow_id, "two", based_on)
    assert (caught.value.latest, caught.value.base) == (first, None)


@pytest.mark.parametrize(("known", "number"), [(True, 0), (True, 2), (True, -1), (True, 2**80), (False, 1)])
def test_what_is_not_there_is_said(store: Store, known: bool, number: int) -> None:
    first = store.add_workflow("Crossover", "one")
    with pytest.raises(UnknownRecordError, match="there is no version"):
        store.version(first.workflow_id if known else "\0'; DROP TABLE versions", number)


def test_saving_to_a_workflow_that_is_gone_is_said(store: Store) -> None:
    with pytest.raises(UnknownRecordError, match="save it as a new one"):
        store.save("0" * 32, "one", 1)


@pytest.mark.parametrize("odd", ODD)
def test_every_text_comes_back_as_it_was(store: Store, odd: str) -> None:
    first = store.add_workflow(odd, odd, odd, odd, odd)
    store.tag("version", first.id, [f"tag{odd}".split()[0]])
    store.note("version", first.id, odd)
    found = store.version(first.workflow_id, 1)
    assert (found.content, found.author, found.message, found.note) == (odd, odd, odd, odd)
    listed = store.workflows()[0]
    assert (listed.name, listed.owner, listed.author, listed.message) == (odd, odd, odd, odd)


@given(words=st.text(st.characters(codec=None), max_size=50))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was(store: Store, words: str) -> None:
    first = store.add_workflow("any", words, words, words)
    found = store.version(first.workflow_id, 1)
    assert (found.content, found.author, found.message) == (words, words, words)


def test_versions_come_newest_first_page_by_page(store: Store) -> None:
    versions = saved(store, 7)
    workflow_id = versions[0].workflow_id
    pages = [store.versions(workflow_id, before, 3) for before in (None, 5, 2, 1)]
    assert [[version.number for version in page] for page in pages] == [[7, 6, 5], [4, 3, 2], [1], []]
    assert store.versions(workflow_id, limit=0) == store.versions(workflow_id, limit=-1) == []
    assert len(store.versions(workflow_id, before=2**80, limit=2**80)) == 7


def test_versions_are_searched_by_message(store: Store) -> None:
    workflow_id = saved(store, 3)[0].workflow_id
    assert [version.number for version in store.versions(workflow_id, text="MESSAGE 2")] == [2]


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda store, first: store.save(first, "x" * 5_000_001, 1), "the workflow has 5.0 MB, the most is 5 MB"),
        (lambda store, first: store.save(first, "é" * 2_600_000, 1), "the workflow has 5.2 MB, the most is 5 MB"),
        (lambda store, first: store.save(first, "x", 1, message="m" * 2_001), "the message has 2,001 characters"),
        (lambda store, first: store.save(first, "x", 1, author="m" * 201), "the author has 201 characters"),
        (lambda store, _: store.add_workflow("n" * 201, "x"), "the name has 201 characters"),
    ],
)
def test_what_is_too_long_is_refused_and_nothing_is_kept(
    store: Store, write: Callable[[Store, str], object], message: str
) -> None:
    first = store.add_workflow("Crossover", "one")
    with pytest.raises(StoreError, match=message):
        write(store, first.workflow_id)
    assert [(found.name, found.latest) for found in store.workflows()] == [("Crossover", 1)]
    assert store.check() == []


def test_five_megabytes_are_kept(store: Store) -> None:
    first = store.add_workflow("large", "x" * 5_000_000)
    assert len(store.version(first.workflow_id, 1).content) == 5_000_000


def test_equal_contents_are_stored_once(store: Store) -> None:
    for _ in range(3):
        store.add_workflow("Crossover", "the same")
    with store._database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM texts")).scalar_one() == 1


def test_a_garbled_content_is_noticed_when_it_is_read(store: Store) -> None:
    versions = saved(store, 2)
    with store._database.writing() as connection:
        connection.execute(
            text("UPDATE texts SET content = :other WHERE digest = :digest"),
            {"other": b"garbled", "digest": versions[0].digest},
        )
    with pytest.raises(StoreError, match=r"version 1 .* is garbled"):
        store.version(versions[0].workflow_id, 1)
    assert store.version(versions[1].workflow_id, 2) == versions[1]
    assert store.check() == [f"version 1 of the workflow {versions[0].workflow_id} is garbled"]


def test_a_lost_version_is_noticed_by_the_check(store: Store) -> None:
    versions = saved(store, 3)
    with store._database.writing() as connection:
        connection.execute(text("DELETE FROM versions WHERE number = 2"))
    assert store.check() == [f"the workflow {versions[0].workflow_id} should have 3 versions, and has 2 up to 3"]
