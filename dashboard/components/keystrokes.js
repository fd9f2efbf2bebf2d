// What keys mean outside the table. A field whose text has been taken has nothing left to undo by itself: Ctrl+Z undoes
// the change that the text was. Ctrl+Enter in a text of several lines applies the text, and does not run.

const BUTTONS = { undo: ".st-key-undo button", redo: ".st-key-redo button", help: ".st-key-help button" };

export default function () {
  if (window.tasktableKeystrokes) return;
  window.tasktableKeystrokes = true;
  const typed = new WeakSet();
  const listen = (kind, act) => document.addEventListener(kind, (event) => act(event, event.composedPath()[0]), true);
  listen("input", (_event, field) => typed.add(field));
  for (const kind of ["change", "focusout"]) listen(kind, (_event, field) => typed.delete(field));
  listen("keydown", (event, field) => {
    if (field.closest?.(".tt-grid")) return;
    const wish = wishOf(event, field);
    const button = wish && document.querySelector(BUTTONS[wish]);
    if (button && !typed.has(field)) {
      stop(event);
      button.click();
    } else if (isCommand(event) && event.key === "Enter" && field.matches?.("textarea")) {
      stop(event);
      field.blur();
      field.focus();
    } else if (event.key === "Enter") typed.delete(field);
  });
}

function wishOf(event, field) {
  const key = event.key.toLowerCase();
  if (isCommand(event) && ["z", "y"].includes(key)) return event.shiftKey || key === "y" ? "redo" : "undo";
  return event.key === "?" && !field.matches?.("input, textarea, [contenteditable=true]") ? "help" : "";
}

function isCommand(event) {
  return event.ctrlKey || event.metaKey;
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
