// The grid of tasks: draws rows, sends operations. One widget lives on its element and is updated, never rebuilt.

const FIRST_PAUSE = 2000;
const COLUMNS = ["order", "funcPath", "inputKeys", "kwargs", "outputKeys"];
const QUIET = 5000;
// What leaves the cursor where it is, though there are new rows.
const STAYING = ["paste", "undo", "redo"];

function show(component) {
  const { data, parentElement, setTriggerValue, setStateValue } = component;
  const host = parentElement.querySelector(".tt-grid");
  if (!host) return;
  host.grid ??= new Grid(host);
  host.grid.send = setTriggerValue;
  host.grid.tell = setStateValue;
  host.grid.update(data);
}

// Whether the tab had another state than this one before it was loaded anew, or the server was; see tab.js.
function isOfAnother({ token, resumed }) {
  const former = sessionStorage.getItem("tasktable");
  return Boolean(former) && former !== token && former !== resumed;
}

function leave(parentElement) {
  parentElement.querySelector(".tt-grid")?.grid?.leave();
}

class Grid {
  constructor(host) {
    this.host = host;
    this.rows = [];
    this.waiting = [];
    this.number = 0;
    this.pause = FIRST_PAUSE;
    this.functions = [];
    this.keys = [];
    this.selected = null;
    this.isReady = false;
    this.isTouched = false;
    this.table = new window.Tabulator(host, {
      data: [],
      index: "id",
      height: "100%",
      autoResize: false,
      layout: "fitColumns",
      movableRows: true,
      rowFormatter: (row) => this.paint(row),
      headerSortClickElement: "icon",
      columnDefaults: { headerSort: false, resizable: "header", minWidth: 40, editor: textEditor(() => []), vertAlign: "middle" },
      selectableRange: 1,
      selectableRangeColumns: false,
      selectableRangeRows: false,
      editTriggerEvent: "dblclick",
      clipboard: true,
      clipboardCopyStyled: false,
      clipboardCopyConfig: { rowHeaders: false, columnHeaders: false },
      clipboardCopyRowRange: "range",
      clipboardPasteParser: (text) => this.paste(text),
      clipboardPasteAction: () => [],
      placeholder: "No tasks yet. Press “Add task”, paste rows from a spreadsheet, or upload a workflow.",
      rowHeader: {
        width: 34, minWidth: 34, resizable: false, rowHandle: true, editor: false, headerSort: false,
        cssClass: "tt-handle", formatter: "rownum", hozAlign: "center",
      },
      columns: [
        { title: "order", field: "order", formatter: plainCell, headerTooltip: "When it runs" },
        { title: "funcPath", field: "funcPath", formatter: pathCell, editor: textEditor((text) => this.functionOffers(text)) },
        { title: "inputKeys", field: "inputKeys", formatter: chipsCell, editor: textEditor((text) => this.keyOffers(text)) },
        { title: "kwargs", field: "kwargs", formatter: kwargsCell },
        { title: "outputKeys", field: "outputKeys", formatter: chipsCell },
        { title: "state", field: "state", width: 80, minWidth: 60, editor: false, formatter: stateCell },
      ],
    });
    this.table.on("tableBuilt", () => this.built());
    this.table.on("cellEditCancelled", () => this.edited());
    this.table.on("cellEdited", (cell) => {
      this.shown?.delete(cell.getData().id);
      this.queue({ op: "set", id: cell.getData().id, column: cell.getField(), text: String(cell.getValue() ?? "") });
      this.edited();
    });
    this.table.on("rowMoved", (row) => {
      const before = row.getPrevRow();
      this.queue({ op: "move", ids: [row.getData().id], after: before ? before.getData().id : null });
    });
    this.table.on("rangeChanged", () => this.selectionChanged());
    this.keyboard = new Keyboard(this);
    host.addEventListener("tt-done", () => clearTimeout(this.opening));
    host.addEventListener("tt-move", (event) => this.step(event.detail));
    takeDrops();
    for (const kind of ["pointerdown", "keydown"]) host.addEventListener(kind, () => { this.isTouched = true; }, true);
    for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) {
      host.addEventListener(kind, () => { this.usedAt = performance.now(); }, { capture: true, passive: true });
    }
  }

  built() {
    this.picked = new PickedRows(this, {
      copy: () => this.copyRows(),
      duplicate: () => this.queue({ op: "duplicate", ids: this.activeIds() }),
      remove: () => this.queue({ op: "delete", ids: this.activeIds() }),
      focus: () => this.focus(),
    });
    this.columns = new Columns(this.table, this.host);
    this.resized = new ResizeObserver(() => this.refit());
    this.resized.observe(this.host);
    this.pressed = (event) => this.pressedSomewhere(event);
    document.addEventListener("pointerdown", this.pressed, true);
    this.pasted = (event) => this.pasteBeginning(event);
    document.addEventListener("paste", this.pasted);
    this.isReady = true;
    this.draw();
  }

  // What is typed after a press elsewhere is not meant for the table.
  pressedSomewhere(event) {
    this.tellMarked();
    const active = document.activeElement;
    if (!this.host.contains(event.target) && this.host.contains(active) && !this.isEditing) active.blur();
  }

  leave() {
    clearTimeout(this.timer);
    clearTimeout(this.opening);
    clearTimeout(this.resending);
    clearTimeout(this.telling);
    document.removeEventListener("pointerdown", this.pressed, true);
    document.removeEventListener("paste", this.pasted);
    this.resized?.disconnect();
    this.table.destroy();
    delete this.host.grid;
  }

  // The room for the columns is another one.
  refit() {
    const width = this.host.clientWidth;
    if (!width || width === this.width || this.isEditing) return;
    this.width = width;
    this.columns.fit(this.rows);
    this.table.redraw();
  }

  // Tells which rows the buttons under the table are for, at the latest when the pointer goes down on one of them.
  tellMarked() {
    clearTimeout(this.telling);
    const ids = this.activeIds();
    const marked = ids.length > 1 ? ids : [];
    if (JSON.stringify(marked) === JSON.stringify(this.told ?? [])) return;
    this.told = marked;
    this.tell("marked", marked);
  }

  markedChanged() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tellMarked(), 120);
  }

  get isEditing() {
    return this.host.querySelector(".tt-editor") !== null;
  }

  update(data) {
    this.functions = data.functions;
    this.keys = data.keys;
    this.waiting = this.waiting.filter((operation) => operation.number > data.applied);
    this.number = Math.max(this.number, data.applied);
    this.rows = data.rows;
    this.selected = data.selected;
    if (this.name !== data.name) this.begin(data.name);
    if (isOfAnother(data)) this.waiting = [];
    if (this.waiting.length) this.flush();
    else if (this.isReady && !this.isEditing) this.draw();
  }

  // Another workflow, or the same under another name: nothing of it is picked yet.
  begin(name) {
    this.name = name;
    this.hasBegun = true;
    this.picked?.clear();
  }

  // Brings the drawn rows in line with the server's. Rows that stay are updated in place.
  async draw() {
    const drawn = this.table.getData().map((row) => row.id);
    const wanted = this.rows.map((row) => row.id);
    const fresh = this.rows.map((row) => ({ ...row }));
    if (drawn.length === wanted.length && drawn.every((id, index) => id === wanted[index])) {
      const changed = fresh.filter((row) => JSON.stringify(row) !== this.shown?.get(row.id));
      // Not awaited: an editor that opens in between would be drawn over.
      if (changed.length) this.table.updateData(changed);
      for (const row of changed) this.table.getRow(row.id)?.reformat();
    } else {
      const cursor = this.hasBegun ? null : this.cursor();
      this.columns.fit(fresh);
      await this.table.replaceData(fresh);
      if (cursor) this.putCursor(cursor);
      else if (this.hasBegun) this.host.querySelector(".tabulator-tableholder").scrollTop = 0;
    }
    this.hasBegun = false;
    this.refit();
    this.shown = new Map(this.rows.map((row) => [row.id, JSON.stringify(row)]));
    this.picked.show();
    const isNew = this.selected && wanted.includes(this.selected) && !drawn.includes(this.selected);
    if (this.hasDrawn && isNew && !STAYING.includes(this.did)) {
      this.goTo(this.selected, "funcPath");
    } else if (this.selected && this.selected !== this.seen) {
      this.bringIntoSight(this.selected);
    }
    this.seen = this.selected;
    this.hasDrawn = true;
    this.did = null;
    this.followRun();
  }

  // A row that begins to run is brought into sight, unless the user has been at the table himself just now.
  followRun() {
    const id = this.rows.find((row) => row.state === "running")?.id;
    if (id && id !== this.followed && performance.now() - (this.usedAt ?? -QUIET) >= QUIET) this.bringIntoSight(id);
    this.followed = id;
  }

  mark() {
    for (const element of this.host.querySelectorAll(".tabulator-row")) {
      const row = this.table.getRow(element);
      if (row) this.paint(row);
    }
  }

  // How a row as a whole looks; called for rows that come into sight, too.
  paint(row) {
    const { id } = row.getData();
    const isPicked = this.picked?.ids.has(id) ?? false;
    const element = row.getElement();
    element.classList.toggle("tt-selected", id === this.selected);
    element.classList.toggle("tt-picked", isPicked);
    element.setAttribute("aria-selected", String(isPicked || id === this.selected));
  }

  edited() {
    this.focus();
    this.selectionChanged();
    setTimeout(() => {
      if (!this.isEditing && !this.waiting.length) this.draw();
      if (!this.isEditing && this.host.contains(document.activeElement) === false) this.focus();
    });
  }

  cursor() {
    const cell = this.activeCell();
    return cell?.getField() ? { id: cell.getData().id, place: cell.getRow().getPosition() - 1, field: cell.getField() } : null;
  }

  // Rows that are drawn anew leave the cursor on its row, or where that row was.
  putCursor({ id, place, field }) {
    const rows = this.table.getRows();
    const row = this.rows.some((other) => other.id === id) ? this.table.getRow(id) : rows[Math.min(place, rows.length - 1)];
    const cell = row?.getCell(field);
    if (cell) this.table.getRanges()[0]?.setBounds(cell, cell);
  }

  // Goes on to the next cell, or back to the one before, also from one row to another.
  step(by) {
    const { id, field } = this.cursor() ?? {};
    const place = this.rows.findIndex((row) => row.id === id) * COLUMNS.length + COLUMNS.indexOf(field) + by;
    const row = this.rows[Math.floor(place / COLUMNS.length)];
    if (!row || !COLUMNS.includes(field)) return;
    const cell = this.table.getRow(row.id).getCell(COLUMNS[place % COLUMNS.length]);
    this.table.getRanges()[0].setBounds(cell, cell);
    this.bringIntoSight(row.id);
    this.focus();
  }

  // Puts the cursor on a cell; on a new row, so that typing goes on there.
  goTo(id, field) {
    const cell = this.table.getRow(id)?.getCell(field);
    if (!cell) return;
    const range = this.table.getRanges()[0];
    if (range) range.setBounds(cell, cell);
    else this.table.addRange(cell, cell);
    this.bringIntoSight(id);
    this.focus();
  }

  // A row that was selected elsewhere may be far away; one that is not there any more cannot be shown.
  bringIntoSight(id) {
    this.table.scrollToRow(id, "nearest", false).catch(() => {});
  }

  focus() {
    this.host.querySelector(".tabulator-tableholder")?.focus({ preventScroll: true });
  }

  queue(operation) {
    this.did = operation.op;
    this.number += 1;
    this.waiting.push({ ...operation, number: this.number });
    this.pause = FIRST_PAUSE;
    this.flush();
  }

  // What the server has not confirmed is sent again after a while; it applies each operation once.
  flush() {
    clearTimeout(this.resending);
    this.send("edit", { operations: this.waiting });
    this.resending = setTimeout(() => {
      this.pause *= 2;
      if (this.waiting.length) this.flush();
    }, this.pause);
  }

  selectionChanged() {
    this.markedChanged();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const id = this.activeCell()?.getData().id;
      if (id && id !== this.selected && this.isTouched && !this.isEditing) {
        this.selected = this.seen = id;
        this.mark();
        this.send("select", id);
      }
    }, 120);
  }

  activeCell() {
    const range = this.table.getRanges()[0];
    return range?.getCells()?.[0]?.[0] ?? null;
  }

  // The picked rows, else those of the cells that are marked.
  activeIds() {
    if (this.picked.ids.size) return this.picked.all;
    const range = this.table.getRanges()[0];
    return range ? range.getRows().map((row) => row.getData().id) : [];
  }

  // The picked rows as a spreadsheet takes them.
  copyRows() {
    const wanted = new Set(this.activeIds());
    const text = textOf(this.rows.filter((row) => wanted.has(row.id)).map((row) => COLUMNS.map((name) => String(row[name] ?? ""))));
    const write = (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      event.clipboardData.setData("text/plain", text);
    };
    document.addEventListener("copy", write, { capture: true, once: true });
    document.execCommand("copy");
    document.removeEventListener("copy", write, { capture: true });
  }

  // Opens the editor, with a first character if one was typed; once more if a redraw took it away at once.
  open(cell, text) {
    const start = () => {
      if (!this.isEditing) cell.edit();
      const input = this.host.querySelector(".tt-editor");
      if (!input || text === undefined || input.dataset.hasBegun) return;
      input.dataset.hasBegun = "yes";
      input.value = text;
      input.dispatchEvent(new Event("input"));
    };
    start();
    this.opening = setTimeout(start);
  }

  // Moves the active rows by one.
  shift(by) {
    const ids = this.rows.map((row) => row.id);
    const moved = this.activeIds();
    const places = moved.map((id) => ids.indexOf(id));
    const place = by > 0 ? Math.max(...places) + 1 : Math.min(...places) - 1;
    if (!moved.length || place < 0 || place >= ids.length) return;
    const after = by > 0 ? ids[place] : ids[place - 1] ?? null;
    this.queue({ op: "move", ids: moved, after });
  }

  clear() {
    for (const cells of this.table.getRanges()[0].getCells()) {
      for (const cell of cells) {
        if (COLUMNS.includes(cell.getField())) {
          this.queue({ op: "set", id: cell.getData().id, column: cell.getField(), text: "" });
        }
      }
    }
  }

  paste(text) {
    const cell = this.activeCell();
    if (cell && COLUMNS.includes(cell.getField())) {
      this.queue({ op: "paste", id: cell.getData().id, column: cell.getField(), cells: cellsOf(text) });
    }
    return [];
  }

  // An empty table has no cell to paste into: rows that are pasted anywhere on its page but in a field begin it.
  pasteBeginning(event) {
    const isInField = event.target.closest?.("input, textarea, [contenteditable]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (this.rows.length || this.waiting.length || isInField || !text.trim()) return;
    event.preventDefault();
    this.queue({ op: "paste", id: null, cells: cellsOf(text) });
  }

  functionOffers(text) {
    const wanted = text.trim().toLowerCase();
    const exact = this.functions.some((item) => item.path === text);
    return this.functions
      .filter((item) => exact || `${item.path} ${item.title}`.toLowerCase().includes(wanted))
      .map((item) => ({ text: item.path, title: item.path, more: `${item.title}   ${item.signature}` }));
  }

  // Offers the keys that exist for the name after the last comma.
  keyOffers(text) {
    const start = text.lastIndexOf(",") + 1;
    const before = text.slice(0, start).trim();
    const taken = new Set(text.split(",").map((name) => name.trim()));
    const wanted = text.slice(start).trim().toLowerCase();
    return this.keys
      .filter((key) => !taken.has(key) && key.toLowerCase().includes(wanted))
      .map((key) => ({ text: before ? `${before} ${key}` : key, title: key }));
  }
}
