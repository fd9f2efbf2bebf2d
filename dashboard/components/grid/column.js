// How wide the columns are: as their contents need, or as the user has dragged them, which this browser remembers.

const WIDTHS = "tasktable_columns";
const PADDING = 15;
const CHIP = 22;

class Columns {
  constructor(table, host) {
    this.table = table;
    this.host = host;
    this.pen = document.createElement("canvas").getContext("2d");
    this.known = new Map();
    this.awaited = new Set();
    this.dragged = readWidths();
    table.on("columnResized", (column) => {
      this.dragged[column.getField()] = column.getWidth();
      this.keep();
    });
    // A double click on the edge of a column lets the contents decide again.
    host.addEventListener("dblclick", (event) => {
      if (!event.target.classList?.contains("tabulator-col-resize-handle")) return;
      event.stopPropagation();
      delete this.dragged[event.target.previousElementSibling?.getAttribute("tabulator-field")];
      this.keep();
    }, true);
  }

  keep() {
    try {
      localStorage.setItem(WIDTHS, JSON.stringify(this.dragged));
    } catch {
      // A browser that keeps nothing forgets the widths with the page.
    }
    this.fit(this.rows);
  }

  // Share out the room that the table has. Rows that are drawn already are as high as they then need to be.
  fit(rows) {
    this.rows = rows;
    const columns = this.table.getColumns().filter((column) => column.getField());
    const free = columns.filter((column) => !this.dragged[column.getField()] && column.getField() !== "state");
    const taken = columns.filter((column) => !free.includes(column)).reduce((sum, column) => sum + this.fixed(column), 0);
    const holder = this.host.querySelector(".tabulator-tableholder");
    const room = holder.clientWidth - this.host.querySelector(".tt-handle").offsetWidth - taken;
    const shares = shared(free.map((column) => this.steps(column.getField(), rows)), room);
    free.forEach((column, index) => this.set(column, shares[index]));
    for (const column of columns) if (!free.includes(column)) this.set(column, this.fixed(column));
    columns[0]._column.checkCellHeights();
  }

  fixed(column) {
    return this.dragged[column.getField()] ?? column.getDefinition().width;
  }

  // The definition is what Tabulator goes back to whenever it lays the table out.
  set(column, width) {
    column.getDefinition().width = width;
    if (column.getWidth() !== width) column.setWidth(width);
  }

  // What a column can live with, and what it would rather have: each word whole, two lines, one line, all that is dim.
  // A few cells that are far longer than the others do not count: they are cut, and whole under the pointer.
  steps(field, rows) {
    const texts = rows.map((row) => String(row[field] ?? ""));
    const head = this.width(field, "bold") + PADDING;
    const need = (measure, share = 1) => Math.ceil(Math.max(head, quantile(texts.map(measure), share) + PADDING));
    if (field === "order") return Array(5).fill(Math.min(need((text) => this.width(text)), 90));
    if (field === "funcPath") {
      const name = need((text) => this.width(text.slice(text.lastIndexOf(".") + 1)));
      return [Math.min(name, 110), name, name, name, need((text) => this.width(text) + 12)];
    }
    if (field === "kwargs") {
      const line = (text) => this.width(text, "code");
      const most = need(line, 0.8);
      return [Math.min(most, 80), Math.min(most, 110), Math.min(most, 150), most, Math.min(need(line), 420)];
    }
    const chip = (word) => this.width(word) + CHIP;
    const words = (text) => (text ? text.split(", ").map(chip) : [0]);
    const whole = need((text) => Math.max(...words(text)));
    const line = (text) => words(text).reduce((sum, width) => sum + width, 0);
    const two = Math.max(whole, need((text) => line(text) * 0.6, 0.9));
    return [Math.min(whole, 90), whole, two, Math.max(two, need(line, 0.9)), Math.max(two, need(line))];
  }

  width(text, kind = "text") {
    const id = `${kind} ${text}`;
    if (!this.known.has(id)) {
      const style = getComputedStyle(this.host);
      const size = parseFloat(style.fontSize);
      const code = style.getPropertyValue("--st-code-font") || "monospace";
      this.pen.font = { text: `${size}px ${style.fontFamily}`, bold: `600 ${size}px ${style.fontFamily}`, code: `${size * 0.91}px ${code}` }[kind];
      this.wait(this.pen.font);
      this.known.set(id, this.pen.measureText(text.slice(0, 400)).width);
    }
    return this.known.get(id);
  }

  // What was measured before a font had come does not hold any more when it is there.
  wait(font) {
    if (this.awaited.has(font) || document.fonts.check(font)) return;
    this.awaited.add(font);
    document.fonts.load(font).then(() => {
      this.known.clear();
      this.fit(this.rows);
    }, () => {});
  }
}

function quantile(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.ceil((sorted.length - 1) * share)] ?? 0;
}

function readWidths() {
  try {
    const found = JSON.parse(localStorage.getItem(WIDTHS) ?? "{}");
    return Object.fromEntries(Object.entries(found).filter(([, width]) => Number.isFinite(width) && width >= 30));
  } catch {
    return {};
  }
}

// Each column has steps; all columns climb them together, as far as the room allows. What is left over is shared.
function shared(columns, room) {
  const sum = (step) => columns.reduce((total, steps) => total + steps[step], 0);
  const count = columns[0]?.length ?? 0;
  const over = [...Array(count).keys()].findIndex((step) => sum(step) > room);
  if (over === 0) return columns.map((steps) => steps[0]);
  const low = over < 0 ? count - 1 : over - 1;
  const climb = over < 0 ? 0 : (room - sum(low)) / (sum(over) - sum(low));
  const rest = over < 0 ? (room - sum(low)) / sum(low) : 0;
  const widths = columns.map((steps) => Math.floor((steps[low] + (over < 0 ? 0 : (steps[over] - steps[low]) * climb)) * (1 + rest)));
  if (widths.length) widths[widths.length - 1] += Math.floor(room) - widths.reduce((total, width) => total + width, 0);
  return widths;
}
