// How nodes and edges look: the theme's colours, one style for each state, and vis-network's options for both.

const RED = "#e5484d";
const FOUND = "#eab308";
const FONT = { task: 15, group: 15, key: 14, input: 14, edge: 13 };
const MARGIN = 9;

// tint: how much of the colour fills the node; dashes and width tell states apart without their colours.
const STYLES = {
  waiting: { name: "never run", colour: "#868d98", tint: 0.05, width: 1.2 },
  running: { name: "running", colour: "#3b82f6", tint: 0.3, width: 3 },
  done: { name: "done", colour: "#2e9e5b", tint: 0.17, width: 1.6 },
  reused: { name: "reused", colour: "#1f9aa8", tint: 0.06, width: 1.6, dashes: [9, 2] },
  stale: { name: "stale", colour: "#d98300", tint: 0.17, width: 1.6, dashes: [6, 4] },
  failed: { name: "failed", colour: RED, tint: 0.5, width: 2.2 },
  skipped: { name: "skipped", colour: "#868d98", tint: 0, width: 1.6, dashes: [2, 4], isPale: true },
  broken: { name: "problem", colour: RED, tint: 0.08, width: 3 },
  input: { name: "input", colour: "#7c66dc", tint: 0.05, width: 1.4, dashes: [4, 3] },
};

function styleOf(state) {
  return STYLES[state] ?? STYLES.waiting;
}

class Theme {
  constructor(host) {
    const style = getComputedStyle(host);
    const pen = document.createElement("canvas").getContext("2d");
    const plain = (name, otherwise) => {
      pen.fillStyle = otherwise;
      pen.fillStyle = style.getPropertyValue(name).trim() || otherwise;
      return pen.fillStyle;
    };
    this.pen = pen;
    this.text = plain("--st-text-color", "#222222");
    this.background = plain("--st-background-color", "#ffffff");
    this.primary = plain("--st-primary-color", "#2563eb");
    this.face = style.fontFamily || "sans-serif";
  }

  // Between the background (0) and a colour (1).
  mix(colour, share) {
    const parts = (text) => [1, 3, 5].map((start) => parseInt(text.slice(start, start + 2), 16));
    const back = parts(this.background);
    return `#${parts(colour)
      .map((part, index) => Math.round(back[index] + (part - back[index]) * share).toString(16).padStart(2, "0"))
      .join("")}`;
  }

  width(label, kind) {
    this.pen.font = `${FONT[kind]}px ${this.face}`;
    const text = Math.max(...label.split("\n").map((line) => this.pen.measureText(line).width));
    return { task: text + 2 * MARGIN, group: text + 2 * MARGIN, edge: text }[kind] ?? text + FONT[kind] + 4;
  }
}

// `mark` is "", "faded", "found" or "selected".
function nodeColours(node, theme, mark) {
  const style = styleOf(node.state);
  const isBox = node.kind === "task" || node.kind === "group";
  const strength = mark !== "faded" ? 1 : node.state === "broken" ? 0.65 : 0.28;
  const isFound = mark === "found";
  return {
    border: theme.mix(isFound ? FOUND : style.colour, strength),
    fill: isFound ? theme.mix(FOUND, 0.3) : theme.mix(style.colour, (isBox ? style.tint : 0) * strength),
    text: theme.mix(theme.text, (style.isPale ? 0.6 : 1) * strength),
    width: isFound || mark === "selected" ? 3 : style.width,
    dashes: style.dashes ?? false,
  };
}

function edgeColour(edge, theme, mark) {
  if (mark === "faded") return theme.mix(theme.text, 0.1);
  if (edge.isBroken) return RED;
  return mark === "lit" ? theme.primary : theme.mix(theme.text, 0.42);
}

function drawnNode(node, theme, mark) {
  if (node.kind === "bend") return { id: node.id, kind: "bend", shape: "dot", size: 0, borderWidth: 0, chosen: false };
  const { border, fill, text, width, dashes } = nodeColours(node, theme, mark);
  const colour = { border, background: fill };
  return {
    id: node.id, kind: node.kind, label: node.label, shape: node.shape, about: node.about,
    color: { ...colour, highlight: colour, hover: { border, background: theme.mix(border, 0.25) } },
    font: { color: text, size: FONT[node.kind], face: theme.face },
    borderWidth: width, borderWidthSelected: width,
    shapeProperties: { borderDashes: dashes, borderRadius: 5 },
    shadow: shadow(node, theme, mark, border),
  };
}

// A glow around what is selected; a second sheet behind a group.
function shadow(node, theme, mark, border) {
  if (mark === "selected") return { enabled: true, size: 16, x: 0, y: 0, color: theme.primary };
  return node.kind === "group" ? { enabled: true, size: 0, x: 4, y: 4, color: theme.mix(border, 0.45) } : { enabled: false };
}

function drawnEdge(edge, theme, mark) {
  const colour = edgeColour(edge, theme, mark);
  return {
    id: edge.id, from: edge.from, to: edge.to, label: edge.label ?? "", about: edge.label,
    arrows: { to: { enabled: edge.arrows === "to", scaleFactor: 0.5 } },
    color: { color: colour, highlight: colour, hover: colour, inherit: false },
    width: mark === "lit" ? 2 : 1.2,
    font: {
      size: FONT.edge, face: theme.face, color: theme.mix(theme.text, mark === "faded" ? 0.2 : 0.75),
      strokeWidth: 4, strokeColor: theme.background, align: "horizontal",
    },
  };
}
