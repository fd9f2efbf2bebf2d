"""Everything that can be used has a name that a screen reader can say."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.workbench_page import WorkbenchPage

# Controls that are drawn, with no name from a label, a title, an attribute or their own words; an icon is no word.
NAMELESS = """() => {
    const WANTED = "button, input, select, textarea, a[href], "
        + "[role=button], [role=tab], [role=searchbox], [role=combobox], [role=radio]";
    const all = (root) => [...root.querySelectorAll("*")]
        .flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
    const spoken = (element) => {
        const copy = element?.cloneNode(true);
        copy?.querySelectorAll("[aria-hidden=true], [data-testid=stIconMaterial], style").forEach((e) => e.remove());
        return copy?.textContent;
    };
    const named = (element) => {
        const by = (element.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
        const labels = [...by.map((id) => element.getRootNode().getElementById(id)), ...(element.labels ?? [])];
        const names = [element.getAttribute("aria-label"), element.title, spoken(element), ...labels.map(spoken)];
        return names.some((name) => name?.trim());
    };
    const counts = (element) => element.matches(WANTED) && element.type !== "hidden"
        && element.checkVisibility({ visibilityProperty: true }) && !element.closest("[aria-hidden=true]");
    const place = (element) => element.closest("[class*=st-key-]")?.className.match(/st-key-\\S+/)?.[0];
    return all(document)
        .filter((element) => counts(element) && !named(element))
        .map((element) => `${place(element)} ${element.outerHTML.slice(0, 160)}`);
}"""
# A button of the bar -> something in what it unfolds.
INSIDE = {
    "run_more": ".st-key-executor",
    "save": ".st-key-save_message",
    "share": ".st-key-download_python",
    "help": "td",
}
# Buttons that are known by their icon, which are named in words.
ICONS = ("Undo", "Redo", "More ways to run", "Keyboard shortcuts")


def test_every_control_of_the_workbench_has_a_name(workbench: WorkbenchPage, page: Page) -> None:
    for name in ICONS:
        expect(page.get_by_role("button", name=name)).to_have_count(1)
    workbench.run()
    expect(workbench.figure).to_be_visible()
    workbench.set_cell(3, "kwargs", '{"colum": "Close"}')
    expect(workbench.problems.first).to_be_visible()
    workbench.select_row(10)
    for side in ("Value", "Inputs", "Task", "Function", "Log", "Why"):
        workbench.show_side(side)
        expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached()
        assert page.evaluate(NAMELESS) == []


def test_every_control_of_what_opens_has_a_name(workbench: WorkbenchPage, page: Page) -> None:
    workbench.run()
    expect(workbench.figure).to_be_visible()
    for popover, content in INSIDE.items():
        workbench.open_popover(popover)
        expect(page.locator(f"[data-testid=stPopoverBody] {content}").first).to_be_visible()
        expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached()
        assert page.evaluate(NAMELESS) == []
        workbench.press_keys("Escape")
        expect(page.locator("[data-testid=stPopoverBody]")).to_have_count(0)


@pytest.mark.parametrize("name", ["functions", "library", "history"])
def test_every_control_of_a_page_has_a_name(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/{name}")
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached()
    expect(page.locator("[data-testid=stMain] input").first).to_be_visible()
    assert page.evaluate(NAMELESS) == []
