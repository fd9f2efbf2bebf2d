"""What a task prints can be read by the process that watches it, whatever becomes of the task's own."""

from __future__ import annotations

import os
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.capture import Page
from core.tail import MOST_PLACES, PLACE, TEXT, Tails

SECRET = "hunter2 & more"  # noqa: S105


def read(tails: Tails, *names: str, is_last: bool = False) -> dict[str, str]:
    return dict(tails.news(names, is_last=is_last))


def test_what_is_new_is_read_once() -> None:
    tails = Tails(2)
    one, other = tails.take("one"), tails.take("other")
    assert one
    assert other
    one.write("a")
    other.write("b")
    assert read(tails, "one", "other") == {"one": "a", "other": "b"}
    one.write("c\u00e9")
    assert read(tails, "one", "other") == {"one": "c\u00e9"}
    assert read(tails, "one", "other", is_last=True) == {}


def test_what_nobody_asks_for_waits() -> None:
    tails = Tails(1)
    place = tails.take("one")
    assert place
    place.write("a")
    assert read(tails, "other") == {}
    assert read(tails, "one") == {"one": "a"}


def test_a_place_is_taken_by_one_after_another() -> None:
    tails = Tails(1)
    place = tails.take("one")
    assert place
    assert tails.take("two") is None
    place.write("of the first")
    place.close()
    assert read(tails, "one") == {"one": "of the first"}
    again = tails.take("one")
    assert again
    again.write("of the second")
    assert read(tails, "one") == {"one": "of the second"}
    assert tails.text(0, "one") == "of the second"
    assert tails.text(0, "another") == ""


def test_there_are_not_more_places_than_there_is_sense_in() -> None:
    tails = Tails(1_000_000)
    assert tails.count == MOST_PLACES
    tails.keep_to(MOST_PLACES)
    assert tails.take("one") is None


def test_what_does_not_fit_is_left_out() -> None:
    tails = Tails(2)
    places = [tails.take("one"), tails.take("two")]
    for _ in range(3):
        for place in places:
            assert place
            place.write("\u20ac" * (PLACE // 3))
    room = (PLACE - TEXT) // 3
    assert {name: text[:room] for name, text in tails.news(("one", "two"))} == dict.fromkeys(
        ("one", "two"), "\u20ac" * room
    )
    assert read(tails, "one", "two") == {}


def test_a_copy_of_the_process_uses_the_place_that_it_was_given() -> None:
    tails = Tails(3)
    copies = []
    for number in (0, 1):
        copies.append(os.fork())
        if not copies[-1]:
            tails.keep_to(number)
            place = tails.take(f"task {number}")
            if place:
                place.write(f"from {number}")
            os._exit(tails.take("another") is not None)
    assert [os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) for copy in copies] == [0, 0]
    assert read(tails, "task 0", "task 1", is_last=True) == {"task 0": "from 0", "task 1": "from 1"}


def test_what_is_garbled_is_read_as_something_and_harms_nobody() -> None:
    tails = Tails(1)
    tails._memory[:TEXT] = b"\xfe" * TEXT
    assert read(tails, "one") == {}
    place = tails.take("one")
    assert place
    place.write("a")
    tails._memory[TEXT : TEXT + 1] = b"\xff"
    assert read(tails, "one") == {"one": "\ufffd"}


@given(
    st.lists(st.sampled_from(["hun", "ter2", " & ", "more", "h", "%20", "%26", "hunter2%20%26%20more", "x", SECRET]))
)
@settings(deadline=None, max_examples=200)
def test_no_secret_is_read_however_it_comes_in_portions(portions: list[str]) -> None:
    tails = Tails(1, (SECRET,))
    page, found = Page(limit=1000, secrets=(SECRET,)), ""
    place = tails.take("one")
    assert place
    for portion in portions:
        page.write(portion)
        place.write(portion)
        found += read(tails, "one").get("one", "")
    assert found + read(tails, "one", is_last=True).get("one", "") == page.getvalue()


def test_several_threads_write_into_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    tails = Tails(1)
    monkeypatch.setattr("core.tail._tails", tails)
    page = Page(name="one")
    threads = [threading.Thread(target=lambda: [page.write("xyz") for _ in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(tails, "one") == {"one": "xyz" * 2000} == {"one": page.getvalue()}
    page.close()
    assert tails.take("two")
