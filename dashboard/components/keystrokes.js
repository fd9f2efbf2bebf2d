// What keys mean outside the table. A field whose text has been taken has nothing left to undo by itself: Ctrl+Z undoes
// the change that the text was. Ctrl+Enter in a text of several lines applies the text, and does not run.

const BUTTONS = { undo: ".st-key-undo button", redo: ".st-key-redo button", help: ".st-key-help button" };

export default function () {
  if (window.tasktableKeystrokes) return;
  window.tasktableKeystrokes = true;
  const typed = new WeakSet();
  document.addEventListener("input", ({ target }) => typed.add(target), true);
  for (const kind of ["change", "focusout"]) document.addEventListener(kind, ({ target }) => typed.delete(target), true);
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (target.closest?.(".tt-grid")) return;
    const wish = wishOf(event);
    if (wish && !typed.has(target)) {
      stop(event);
      document.querySelector(BUTTONS[wish])?.click();
    } else if (isCommand(event) && event.key === "Enter" && target.matches?.("textarea")) {
      stop(event);
      target.blur();
      target.focus();
    } else if (event.key === "Enter") typed.delete(target);
  }, true);
}

function wishOf(event) {
  const key = event.key.toLowerCase();
  if (isCommand(event) && ["z", "y"].includes(key)) return event.shiftKey || key === "y" ? "redo" : "undo";
  return event.key === "?" && !event.target.matches?.("input, textarea, [contenteditable=true]") ? "help" : "";
}

function isCommand(event) {
  return event.ctrlKey || event.metaKey;
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
