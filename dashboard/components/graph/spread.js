// Where nodes lie on the canvas: from layers and rows to coordinates, in whichever direction they can be drawn larger.

const ROW = 52;
const GAP = { keys: 44, tasks: 92 };
const STOREY = { keys: 54, tasks: 88 };

// `turned` is true for left to right, false for top to bottom, undefined for the larger. Returns {isWide, at}.
function spread(view, theme, { width, height }, turned) {
  const widths = new Map(view.nodes.map((node) => [node.id, node.kind === "bend" ? 0 : theme.width(node.label, node.kind)]));
  const wide = fromLeft(view, widths);
  const tall = fromTop(view, widths);
  const scale = ({ across, down }) => Math.min(1, width / across, height / down);
  const isWide = turned ?? scale(wide) >= scale(tall);
  return { isWide, at: (isWide ? wide : tall).at };
}

function fromLeft({ nodes, name }, widths) {
  const layers = inLayers(nodes);
  const at = new Map();
  let edge = 0;
  for (const layer of layers) {
    const half = Math.max(...layer.map((node) => widths.get(node.id))) / 2;
    for (const node of layer) at.set(node.id, { x: edge + half, y: node.row * rowHeight(nodes) });
    edge += 2 * half + GAP[name];
  }
  return { at, across: edge, down: extent(nodes) * rowHeight(nodes) };
}

// The nodes of a layer stand side by side: as near as the longest names allow.
function fromTop({ nodes, name }, widths) {
  let unit = 60;
  for (const layer of inLayers(nodes)) {
    layer.sort((one, other) => one.row - other.row);
    for (let index = 1; index < layer.length; index += 1) {
      const [one, other] = [layer[index - 1], layer[index]];
      const room = (widths.get(one.id) + widths.get(other.id)) / 2 + 24;
      unit = Math.max(unit, room / Math.max(other.row - one.row, 0.01));
    }
  }
  const at = new Map(nodes.map((node) => [node.id, { x: node.row * unit, y: node.layer * STOREY[name] }]));
  return { at, across: extent(nodes) * unit, down: inLayers(nodes).length * STOREY[name] };
}

function inLayers(nodes) {
  const layers = [];
  for (const node of nodes) (layers[node.layer] ??= []).push(node);
  return layers.filter(Boolean);
}

function rowHeight(nodes) {
  return nodes.some((node) => node.kind === "group") ? ROW + 24 : ROW;
}

function extent(nodes) {
  const rows = nodes.map((node) => node.row);
  return 1 + rows.reduce((most, row) => Math.max(most, row), 0) - rows.reduce((least, row) => Math.min(least, row), 0);
}
