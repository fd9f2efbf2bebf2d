"""Every attempt kept: saved with messages, found again, restored, opened as it was, and two people on one workflow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.history_page import HistoryPages
from tests.browser.workbench_page import LIMIT, WorkbenchPage

ATTEMPTS = ((50, "as the samples have it"), (60, "a longer window"), (80, "much longer, too slow"))


@pytest.fixture
def kept(page: Page, address: str) -> HistoryPages:
    """The pages around the workbench."""
    return HistoryPages(page, address)


@pytest.fixture
def colleague(browser: Browser, address: str) -> Iterator[tuple[WorkbenchPage, HistoryPages]]:
    """Somebody else, in a browser of their own."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    opened = context.new_page()
    opened.set_default_timeout(LIMIT)
    workbench = WorkbenchPage(opened, address)
    workbench.open()
    yield workbench, HistoryPages(opened, address)
    context.close()


def test_three_attempts_are_saved_listed_restored_and_opened_as_they_were(
    workbench: WorkbenchPage, kept: HistoryPages, asked: list[str]
) -> None:
    expect(kept.stand).to_have_text("draft")
    for number, (window, message) in enumerate(ATTEMPTS, 1):
        workbench.set_input("longWindow", str(window))
        workbench.run()
        workbench.wait_for_series("Long SMA", missing=window - 1)
        kept.save(message, author="Ann" if number == 1 else "")
        expect(kept.stand).to_have_text(f"version {number}")

    kept.open_history()
    expect(kept.rows).to_have_count(6)
    expect(kept.row("version 2")).to_contain_text("a longer window")
    expect(kept.row("version 2")).to_contain_text("Ann")
    runs = kept.rows.filter(has_text="done")
    expect(runs).to_have_count(3)
    expect(runs.nth(2)).to_contain_text("11 ran")
    expect(runs.nth(0)).to_contain_text("3 ran, 8 reused")
    kept.tick(runs.nth(0))
    kept.tick(runs.nth(2))
    expect(kept.compare_button).to_contain_text("2 ticked")

    kept.restore(2)
    expect(workbench.input_field("longWindow")).to_have_value("60")
    expect(kept.stand).to_have_text("version 3, changed")
    workbench.undo()
    expect(workbench.input_field("longWindow")).to_have_value("80")
    expect(kept.stand).to_have_text("version 3")

    kept.open_history()
    kept.open_run(runs.nth(2))
    workbench.wait_for_series("Long SMA", missing=49)
    expect(workbench.input_field("longWindow")).to_have_value("50")
    expect(workbench.cells("state").filter(has_text="done")).to_have_count(11)
    workbench.back()
    expect(workbench.cells("state").filter(has_text="done")).to_have_count(10)
    workbench.step()
    workbench.wait_for_series("Long SMA", missing=49)
    assert asked == []


def test_a_link_opens_a_version_in_another_browser_and_a_reload_keeps_what_was_edited(
    workbench: WorkbenchPage, kept: HistoryPages, colleague: tuple[WorkbenchPage, HistoryPages]
) -> None:
    workbench.set_input("longWindow", "70")
    kept.save("to hand on", author="Ann")
    kept.open_history()
    address = kept.link_of(kept.row("version 1"))

    other, others = colleague
    others.follow(address)
    expect(other.input_field("longWindow")).to_have_value("70")
    expect(others.stand).to_have_text("version 1")
    other.set_input("longWindow", "75")
    expect(others.stand).to_have_text("version 1, changed")
    other.reload()
    expect(other.input_field("longWindow")).to_have_value("75")
    expect(others.stand).to_have_text("version 1, changed")


def test_the_second_of_two_who_save_sees_the_conflict_and_merges(
    workbench: WorkbenchPage, kept: HistoryPages, colleague: tuple[WorkbenchPage, HistoryPages]
) -> None:
    other, others = colleague
    kept.save("shared", author="Ann")
    others.open_library()
    expect(others.cards.first).to_contain_text("by Ann")
    others.open_first_card()
    expect(others.stand).to_have_text("version 1")

    workbench.set_input("longWindow", "60")
    workbench.set_input("shortWindow", "10")
    kept.save("her windows")
    expect(kept.stand).to_have_text("version 2")

    other.set_input("longWindow", "65")
    other.set_input("ticker", "WIKI/BAC")
    others.save("his windows", author="Bob")
    expect(others.conflict).to_contain_text("Ann saved version 2")
    expect(others.conflict).to_contain_text("her windows")
    expect(others.conflict).to_contain_text("input shortWindow: 15 → 10")
    expect(others.stand).to_have_text("version 1, changed")
    others.choose_theirs(0)
    others.merge()
    expect(other.input_field("longWindow")).to_have_value("60")
    expect(other.input_field("shortWindow")).to_have_value("10")
    expect(other.input_field("ticker")).to_have_value("WIKI/BAC")
    expect(others.stand).to_have_text("version 2, changed")
    others.save("both")
    expect(others.stand).to_have_text("version 3")
    others.open_history()
    expect(others.rows).to_have_count(3)
    expect(others.row("version 3")).to_contain_text("Bob")
