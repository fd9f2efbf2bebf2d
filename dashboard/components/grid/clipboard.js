// Cells as spreadsheets put them on the clipboard: a tab between cells, a line for each row, quotes around a cell that
// holds tabs or lines itself.

function textOf(rows) {
  const cell = (text) => (/[\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((cells) => cells.map(cell).join("\t")).join("\n");
}

// Quotes are taken off only where they close at the end of the cell, and hold what needs them: some cells are text that
// has quotes itself.
function cellsOf(text) {
  const rows = [[]];
  const cells = /(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))([\t\n]|$)/gy;
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (;;) {
    const [whole, quoted, bare, end] = cells.exec(plain);
    const isQuoted = quoted !== undefined && /[\t\n]|""/.test(quoted);
    const raw = whole.slice(0, whole.length - end.length);
    rows.at(-1).push(isQuoted ? quoted.replaceAll('""', '"') : bare ?? raw);
    if (!end) return rows;
    if (end === "\n") rows.push([]);
  }
}
