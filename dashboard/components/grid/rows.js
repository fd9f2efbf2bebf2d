// Rows that are picked as wholes: Ctrl+click takes one in or out, a click or Shift+click on the numbers picks one or a
// stretch, Shift+Space the row of the cursor. What is done to rows is then done to all of them.

class PickedRows {
  // `does` is what the bar calls: copy, duplicate, remove; and focus, which takes the keyboard back to the table.
  constructor(grid, does) {
    this.grid = grid;
    this.ids = new Set();
    this.anchor = null;
    this.bar = new RowBar(grid.host, { ...does, clear: () => this.clear() });
    grid.host.addEventListener("mousedown", (event) => this.press(event), true);
    grid.host.addEventListener("click", (event) => this.click(event), true);
  }

  // In the order of the table.
  get all() {
    return this.grid.rows.map((row) => row.id).filter((id) => this.ids.has(id));
  }

  press(event) {
    if (event.button !== 0 || this.bar.holds(event)) return;
    const isOnNumber = event.target.closest?.(".tt-handle");
    if (event.ctrlKey || event.metaKey) event.stopPropagation();
    else if (!isOnNumber && this.rowOf(event)) this.clear();
  }

  click(event) {
    const id = this.rowOf(event);
    if (!id || this.bar.holds(event)) return;
    if (event.ctrlKey || event.metaKey) {
      event.stopPropagation();
      event.preventDefault();
      this.toggle(id);
    } else if (event.target.closest(".tt-handle")) {
      if (event.shiftKey && this.anchor) this.stretch(this.anchor, id);
      else this.set([id]);
    } else return;
    if (!event.shiftKey) this.anchor = id;
    this.grid.focus();
  }

  rowOf(event) {
    const element = event.target.closest?.(".tabulator-row");
    return element ? this.grid.table.getRow(element)?.getData?.().id ?? null : null;
  }

  toggle(id) {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.show();
  }

  stretch(from, to) {
    const ids = this.grid.rows.map((row) => row.id);
    const ends = [ids.indexOf(from), ids.indexOf(to)].sort((one, other) => one - other);
    this.set(ids.slice(Math.max(ends[0], 0), ends[1] + 1));
  }

  set(ids) {
    this.ids = new Set(ids);
    this.show();
  }

  clear() {
    if (this.ids.size) this.set([]);
  }

  // Rows that are gone are not picked any more.
  show() {
    const known = new Set(this.grid.rows.map((row) => row.id));
    for (const id of [...this.ids]) if (!known.has(id)) this.ids.delete(id);
    this.grid.mark();
    this.grid.markedChanged();
    this.bar.show(this.ids.size);
  }
}

// What can be done to the picked rows, over the lower edge of the table.
class RowBar {
  constructor(host, does) {
    this.element = document.createElement("div");
    this.element.className = "tt-rows";
    this.element.hidden = true;
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-label", "Picked rows");
    this.count = this.element.appendChild(document.createElement("span"));
    this.count.setAttribute("role", "status");
    for (const [label, title, action] of [
      ["Copy", "Copy the picked rows (Ctrl+C)", does.copy],
      ["Duplicate", "Duplicate the picked rows (Ctrl+D)", does.duplicate],
      ["Delete", "Delete the picked rows (Delete)", does.remove],
      ["×", "Pick no rows (Escape)", does.clear],
    ]) {
      const button = this.element.appendChild(document.createElement("button"));
      Object.assign(button, { type: "button", textContent: label, title });
      button.setAttribute("aria-label", title);
      button.addEventListener("click", () => {
        action();
        does.focus();
      });
    }
    host.appendChild(this.element);
  }

  holds(event) {
    return this.element.contains(event.target);
  }

  show(count) {
    this.element.hidden = count === 0;
    this.count.textContent = `${count} ${count === 1 ? "row" : "rows"}`;
  }
}
