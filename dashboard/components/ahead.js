// Reads the scripts that draw figures and tables while nobody does anything; the first figure then waits only for its
// data. Each takes a moment in which the page does not answer, so a hand on the mouse or the keyboard puts it off.

const QUIET = 2000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel"];

export default function ({ data }) {
  const entry = document.querySelector("script[type=module][src]")?.src;
  if (window.tasktableAhead || !entry) return;
  window.tasktableAhead = true;
  const left = [...data];
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(next, QUIET);
  };
  const next = async () => {
    const name = left.shift();
    // What cannot be read now is read when it is needed, and told then.
    await import(new URL(name, entry).href).catch(() => {});
    if (left.length) wait();
    else for (const sign of SIGNS) removeEventListener(sign, wait, true);
  };
  for (const sign of SIGNS) addEventListener(sign, wait, { capture: true, passive: true });
  wait();
}
