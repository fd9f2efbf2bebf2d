// What keys do in the grid while no cell is edited. Typing starts editing with what was typed, as in a spreadsheet; Delete
// empties cells, Ctrl+Delete removes rows, Ctrl+Z and Ctrl+Shift+Z undo and redo.

class Keyboard {
  constructor(grid) {
    this.grid = grid;
    grid.host.addEventListener("keydown", (event) => this.press(event), true);
  }

  press(event) {
    const { grid } = this;
    if (grid.isEditing || !grid.isReady) return;
    if (grid.picked.bar.holds(event)) {
      event.stopPropagation();
      return;
    }
    const cell = grid.activeCell();
    const isDone = this.toRows(event) || this.toHistory(event) || (cell && this.toCell(event, cell));
    if (isDone) event.preventDefault();
    if (isDone || !cell) event.stopPropagation();
  }

  // What a key does to rows that are picked as wholes; returns whether it did, as the others do.
  toRows(event) {
    const { grid } = this;
    const has = grid.picked.ids.size > 0;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === " " && event.shiftKey) grid.picked.set(grid.activeIds());
    else if (isCommand && event.key.toLowerCase() === "a") grid.picked.set(grid.rows.map(({ id }) => id));
    else if (has && event.key === "Escape") grid.picked.clear();
    else if (has && (event.key === "Delete" || event.key === "Backspace")) grid.queue({ op: "delete", ids: grid.activeIds() });
    else if (has && isCommand && event.key.toLowerCase() === "c") grid.copyRows();
    else {
      if (!isCommand && !event.altKey && event.key !== "Shift") grid.picked.clear();
      return false;
    }
    return true;
  }

  toHistory(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !["z", "y"].includes(key)) return false;
    this.grid.queue({ op: event.shiftKey || key === "y" ? "redo" : "undo" });
    return true;
  }

  toCell(event, cell) {
    const { grid } = this;
    const isCommand = event.ctrlKey || event.metaKey;
    const isPlain = !isCommand && !event.altKey;
    const canEdit = COLUMNS.includes(cell.getField());
    if (event.key === "Delete" || event.key === "Backspace") {
      if (isPlain) grid.clear();
      else grid.queue({ op: "delete", ids: grid.activeIds() });
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      grid.shift(event.key === "ArrowUp" ? -1 : 1);
    } else if (isCommand && event.key === "Enter") {
      grid.queue({ op: "add", after: cell.getData().id });
    } else if (isCommand && event.key.toLowerCase() === "d") {
      grid.queue({ op: "duplicate", ids: grid.activeIds() });
    } else if (event.key === "F2" || (isPlain && event.key === "Enter")) {
      if (canEdit) grid.open(cell);
    } else if (isPlain && event.key.length === 1 && canEdit) {
      grid.open(cell, event.key);
    } else return false;
    return true;
  }
}
