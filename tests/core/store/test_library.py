"""Workflows listed, searched, marked, renamed, put away, deleted and exported."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from core.record import RunState
from core.store import Store, StoreError, UnknownRecordError
from tests.core.store.content import BEGAN, QUEUED, begun, content, saved, told


def names(store: Store, **wanted: object) -> list[str]:
    """The names of the workflows that are found."""
    return [found.name for found in store.workflows(**wanted)]  # type: ignore[arg-type]


def test_the_latest_saved_comes_first_with_its_latest_version(store: Store) -> None:
    versions = saved(store, 3, "old")
    store.add_workflow("new", content("of averages"), "Ada", "hello")
    store.save(versions[0].workflow_id, content("of medians"), 3, "Bob", "bye")
    first, second = store.workflows()
    assert (first.name, first.latest, first.author, first.message, first.description) == (
        "old",
        4,
        "Bob",
        "bye",
        "of medians",
    )
    assert (second.name, second.latest, second.description, second.last_run_state) == ("new", 1, "of averages", None)
    assert first.created <= second.created <= second.saved <= first.saved
    assert [store.workflow(found.id) for found in (first, second)] == [first, second]


def test_who_has_saved_a_version_is_told_apart_from_who_has_not(store: Store) -> None:
    first = saved(store, 1, "first")[0]
    store.save(first.workflow_id, content(), 1, "Bob")
    store.add_workflow("second", content(), "Bob")
    store.add_workflow("third", content(), "bob")
    assert names(store, saved_by="Bob") == ["second", "first"]
    assert names(store, not_saved_by="Bob") == ["third"]
    assert names(store, saved_by="Bob", not_saved_by=first.author) == ["second"]
    assert names(store, saved_by="nobody") == []


def test_a_workflow_shows_its_last_run(store: Store) -> None:
    version = saved(store, 1)[0]
    for run_id in ("r1", "r2"):
        begun(store, run_id, version)
    store.record_run(told("r2", QUEUED, BEGAN))
    found = store.workflow(version.workflow_id)
    assert (found.last_run, found.last_run_id, found.last_run_state) == (2, "r2", RunState.RUNNING)
    assert found.last_run_time == store.run("r2").created


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ["Straße", "Überkreuzung"]),
        ("überKREUZUNG", ["Überkreuzung"]),
        ("STRASSE", ["Straße"]),
        ("averages", ["Überkreuzung"]),
        ("averages ada", ["Überkreuzung"]),
        ("averages road", []),
        ("first version", ["Überkreuzung"]),
        ("urgent", ["Straße"]),
        ("remember", ["Straße"]),
        ("100%", ["Straße"]),
        ("1_0", []),
        ("%", ["Straße"]),
        ("/", []),
        ("'; DROP TABLE workflows; --", []),
        ("\0", []),
        ("\ud800", []),
        ("x" * 100_000, []),
        ("x " * 100_000, []),
    ],
)
def test_search_looks_everywhere_without_capitals_and_takes_words_literally(
    store: Store, words: str, expected: list[str]
) -> None:
    first = store.add_workflow("Überkreuzung", content("of averages"), "Ada", "the first version")
    store.save(first.workflow_id, content("of averages"), 1, "Bob", "second")
    second = store.add_workflow("Straße", content("100% road"))
    store.tag("workflow", second.workflow_id, ["urgent"])
    store.note("workflow", second.workflow_id, "to remember")
    assert sorted(names(store, text=words)) == expected


def test_tags_are_replaced_and_must_all_be_there(store: Store) -> None:
    one, two = (saved(store, 1, name)[0].workflow_id for name in ("one", "two"))
    store.tag("workflow", one, ["old"])
    store.tag("workflow", one, [" fast  lane ", "x%", "", "x%"])
    store.tag("workflow", two, ["fast"])
    assert store.workflow(one).tags == ("fast lane", "x%")
    assert [names(store, tags=tags) for tags in (["fast lane"], ["fast"], ["fast lane", "x%"], ["fast lane", "a"])] == [
        ["one"],
        ["two"],
        ["one"],
        [],
    ]
    assert store.known_tags("workflow") == ["fast", "fast lane", "x%"]


@pytest.mark.parametrize("kind", ["workflow", "version", "run"])
def test_everything_takes_tags_a_note_and_a_star(store: Store, kind: str) -> None:
    version = saved(store, 1)[0]
    begun(store, "r1", version)
    name = {"workflow": version.workflow_id, "version": version.id, "run": "r1"}[kind]
    read: Callable[[], object] = {
        "workflow": lambda: store.workflows()[0],
        "version": lambda: store.versions(version.workflow_id)[0],
        "run": lambda: store.runs()[0],
    }[kind]
    store.tag(kind, name, ["a", "b"])  # type: ignore[arg-type]
    store.note(kind, name, "why")  # type: ignore[arg-type]
    store.star(kind, name, True)  # type: ignore[arg-type]
    found = read()
    assert (found.tags, found.note, found.starred) == (("a", "b"), "why", True)  # type: ignore[attr-defined]
    store.star(kind, name, False)  # type: ignore[arg-type]
    store.tag(kind, name, [])  # type: ignore[arg-type]
    found = read()
    assert (found.tags, found.note, found.starred) == ((), "why", False)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("workflow", "0" * 32),
        ("run", "r9"),
        ("version", "0/1"),
        ("version", ""),
        ("version", "/"),
        ("version", "0/²"),
        ("version", "0/" + "9" * 5_000),
        ("draft", "x"),
    ],
)
def test_marking_what_is_not_there_is_said(store: Store, kind: str, name: str) -> None:
    with pytest.raises(StoreError, match=r"there is no|cannot be marked"):
        store.star(kind, name, True)  # type: ignore[arg-type]


@pytest.mark.parametrize("tags", [["x" * 61], [str(number) for number in range(31)]])
def test_too_many_and_too_long_tags_are_refused(store: Store, tags: list[str]) -> None:
    version = saved(store, 1)[0]
    with pytest.raises(StoreError, match="the most is"):
        store.tag("workflow", version.workflow_id, tags)
    assert store.workflows()[0].tags == ()


def test_a_renamed_workflow_is_found_by_its_new_name(store: Store) -> None:
    version = store.add_workflow("before", content("of averages"))
    store.rename_workflow(version.workflow_id, "after")
    assert [names(store, text=words) for words in ("after averages", "before")] == [["after"], []]
    assert store.version(version.workflow_id, 1) == version


def test_an_archived_workflow_is_listed_when_it_is_asked_for(store: Store) -> None:
    one, _ = saved(store, 1, "one"), saved(store, 1, "two")
    store.archive_workflow(one[0].workflow_id)
    assert [names(store, archived=which) for which in (False, True, None)] == [["two"], ["one"], ["two", "one"]]
    store.archive_workflow(one[0].workflow_id, False)
    assert names(store) == ["two", "one"]


def test_workflows_are_listed_by_owner_and_page_by_page(store: Store) -> None:
    for number in range(5):
        store.add_workflow(str(number), "", owner="ada" if number % 2 else "bob")
    assert names(store, owner="ada") == ["3", "1"]
    assert [names(store, limit=2, offset=offset) for offset in (0, 2, 4, 2**80, -1)] == [
        ["4", "3"],
        ["2", "1"],
        ["0"],
        [],
        ["4", "3"],
    ]


@pytest.mark.parametrize("with_runs", [False, True])
def test_a_deleted_workflow_takes_its_versions_and_drafts_and_on_demand_its_runs(store: Store, with_runs: bool) -> None:
    version, kept = saved(store, 2)[-1], saved(store, 1, "kept")[0]
    begun(store, "r1", version)
    begun(store, "r2", kept)
    store.put_draft("tab", "typed", version.workflow_id)
    store.put_draft("other tab", "typed", kept.workflow_id)
    store.delete_workflow(version.workflow_id, with_runs=with_runs)
    assert names(store) == ["kept"]
    assert store.versions(version.workflow_id) == []
    assert (store.draft("tab"), store.draft("other tab") is None) == (None, False)
    assert [(found.id, found.workflow_id) for found in store.runs()] == [
        ("r2", kept.workflow_id),
        *([] if with_runs else [("r1", None)]),
    ]
    assert with_runs or store.run("r1").content == version.content
    with store._database.reading() as connection:
        # The tables, the functions and the environment of the runs that are left, and nothing else.
        assert connection.execute(text("SELECT count(*) FROM texts")).scalar_one() == (3 if with_runs else 4)
    assert store.check() == []


@pytest.mark.parametrize("method", ["workflow", "delete_workflow", "archive_workflow"])
def test_a_workflow_that_is_gone_is_said(store: Store, method: str) -> None:
    with pytest.raises(UnknownRecordError, match="there is no workflow"):
        getattr(store, method)("0" * 32)
    with pytest.raises(UnknownRecordError, match="there is no workflow"):
        store.rename_workflow("0" * 32, "x")


def test_an_export_has_every_workflow_under_a_name_of_its_own(store: Store) -> None:
    for name in ("a/b", "a\\b", "A_b", "", "../..", "\0\ud800", "x" * 200, "x" * 199):
        saved(store, 2, name)
    exported = dict(store.export_all())
    assert list(exported) == [
        "a_b.json",
        "a_b (2).json",
        "A_b (3).json",
        "workflow.json",
        "_.json",
        "__.json",
        f"{'x' * 80}.json",
        f"{'x' * 80} (2).json",
    ]
    assert set(exported.values()) == {content(number=2).encode()}
