"""Drawings of a component that wait while its script is being read go on in any order; the newest is what is shown."""

from __future__ import annotations

from playwright.sync_api import Browser

from dashboard.components.bundle import CALL

ROUNDS = 40
# As Streamlit does: it reads the script for each drawing, calls it, and leaves what was overtaken meanwhile.
DRAWINGS = """async ([script, rounds]) => {
  const left = [];
  for (let round = 0; round < rounds; round += 1) {
    const name = `part${round}`;
    const blob = new Blob([`const NAME = "${name}";\\nconst FILE = "";\\n${script}`], { type: "text/javascript" });
    const address = URL.createObjectURL(blob);
    const parentElement = document.body.appendChild(document.createElement("div"));
    const shown = [];
    window.tasktableParts = { [name]: { waiting: new Map(), show: ({ data }) => shown.push(data) } };
    const newest = 2;
    await Promise.all([0, 1, newest].map(async (data) => {
      const { default: call } = await import(address);
      const leave = call({ parentElement, data });
      if (data !== newest) leave();
    }));
    await new Promise((done) => setTimeout(done));
    left.push(shown.join());
  }
  return left;
}"""


def test_of_several_drawings_that_wait_for_the_script_the_newest_is_shown(browser: Browser) -> None:
    page = browser.new_page()
    assert page.evaluate(DRAWINGS, [CALL, ROUNDS]) == ["2"] * ROUNDS
    page.close()
