"""Takes the pictures of the README from the real thing: `python -m tests.browser.screenshots`."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser import chromium
from tests.browser.conftest import FLAGS
from tests.browser.server import running_server
from tests.browser.workbench_page import WorkbenchPage

FOLDER = Path(__file__).parents[2] / "docs" / "images"


def main() -> None:
    """Run the crossover analysis and keep a picture in light and one in dark."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": 1440, "height": 1180}, color_scheme=scheme)
            workbench = WorkbenchPage(page, address)
            workbench.open()
            workbench.run()
            expect(workbench.figure_names).to_have_count(4)
            workbench.select_row(10)
            expect(workbench.inspector).to_contain_text("756 values")
            expect(workbench.inspector.locator(".js-plotly-plot .scatterlayer path").first).to_be_attached()
            workbench.screenshot(FOLDER / f"workbench_{scheme}.png")
        browser.close()


if __name__ == "__main__":
    main()
