// How cells look. All is built with textContent: what a user typed never becomes markup.

const plainCell = (cell) => frame(cell, document.createTextNode(cell.getValue() ?? ""));

const pathCell = (cell) => {
  const value = String(cell.getValue() ?? "");
  const dot = value.lastIndexOf(".");
  const text = document.createElement("span");
  text.className = "tt-path";
  text.appendChild(document.createElement("span")).textContent = value.slice(dot + 1);
  const module = text.appendChild(document.createElement("span"));
  module.className = "tt-module";
  module.textContent = value.slice(0, Math.max(dot, 0));
  return frame(cell, text);
};

const chipsCell = (cell) => {
  const value = String(cell.getValue() ?? "");
  const line = document.createElement("span");
  const isList = /^[\p{L}\p{N}_]+(, [\p{L}\p{N}_]+)*$/u.test(value);
  const keys = value && isList ? value.split(", ") : [];
  const isMeant = ({ subject }) => keys.includes(subject);
  const problems = problemsOf(cell);
  for (const key of keys) {
    const chip = line.appendChild(document.createElement("span"));
    const own = problems.find(({ subject }) => subject === key);
    chip.className = own ? `tt-chip tt-${own.severity}` : "tt-chip";
    chip.textContent = key;
  }
  if (!isList) line.textContent = value;
  return frame(cell, line, "tt-lines", problems.filter((problem) => !isMeant(problem)));
};

const kwargsCell = (cell) => {
  const value = String(cell.getValue() ?? "");
  const text = document.createElement("span");
  text.className = value === "{}" ? "tt-nothing" : "tt-code";
  text.textContent = value;
  return frame(cell, text, "tt-lines");
};

const stateCell = (cell) => {
  const row = cell.getData();
  const line = document.createElement("span");
  line.className = `tt-state tt-state-${row.state}`;
  const mark = line.appendChild(document.createElement("i"));
  mark.setAttribute("aria-hidden", "true");
  line.appendChild(document.createTextNode(row.state === "waiting" ? "" : row.state));
  const time = line.appendChild(document.createElement("span"));
  time.className = "tt-time";
  time.textContent = row.time ?? "";
  return line;
};

function problemsOf(cell) {
  return (cell.getData().problems ?? {})[cell.getField()] ?? [];
}

// `whole` are the problems of the cell as a whole.
function frame(cell, content, look = "", whole = problemsOf(cell)) {
  const box = document.createElement("span");
  box.className = `tt-cell ${look}`;
  box.appendChild(content);
  cell.getElement().title = [...problemsOf(cell).map((item) => item.text), String(cell.getValue() ?? "")].join("\n");
  if (whole.length) {
    box.classList.add(`tt-${whole[0].severity}`);
    if (!box.textContent) box.textContent = "\u00a0\u00a0\u00a0\u00a0";
  }
  return box;
}
