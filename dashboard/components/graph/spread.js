// Where nodes lie on the canvas: from layers and rows to coordinates, in whichever direction they can be drawn larger.

const ROW = 42;
const GAP = { keys: 34, tasks: 46 };
const STOREY = { keys: 15, tasks: 31 };
const HEIGHT = { task: 34, group: 54, key: 28, input: 28, bend: 0 };
const LABEL_ROOM = 24;

// `turned` is true for left to right, false for top to bottom, undefined for the larger.
// Returns {isWide, at, boxes}: id -> {x, y}, and id -> {width, height}.
function spread(view, theme, { width, height }, turned) {
  const boxes = new Map(view.nodes.map((node) => {
    return [node.id, { width: node.kind === "bend" ? 0 : theme.width(node.label, node.kind), height: HEIGHT[node.kind] }];
  }));
  const wide = fromLeft(view, boxes, theme);
  const tall = fromTop(view, boxes);
  const scale = ({ across, down }) => Math.min(1, width / across, height / down);
  const isWide = turned ?? scale(wide) >= scale(tall);
  return { isWide, at: (isWide ? wide : tall).at, boxes };
}

function fromLeft({ nodes, edges, name }, boxes, theme) {
  const row = Math.max(ROW, ...nodes.map((node) => HEIGHT[node.kind] + 14));
  const steps = labelSteps(nodes, edges, boxes, theme);
  const at = new Map();
  let [x, before] = [0, null];
  for (const layer of inLayers(nodes)) {
    const half = Math.max(...layer.map((node) => boxes.get(node.id).width)) / 2;
    x = before === null ? half : x + Math.max(before + GAP[name] + half, steps.get(layer[0].layer) ?? 0);
    for (const node of layer) at.set(node.id, { x, y: node.row * row });
    before = half;
  }
  return { at, across: x + (before ?? 0), down: extent(nodes) * row };
}

// How far layers must be from those before them, for the labels of edges: these stand midway between the middles.
function labelSteps(nodes, edges, boxes, theme) {
  const layers = new Map(nodes.map((node) => [node.id, node.layer]));
  const steps = new Map();
  for (const { from, to, label } of edges) {
    if (!label) continue;
    const step = Math.max(boxes.get(from).width, boxes.get(to).width) + theme.width(label, "edge") + LABEL_ROOM;
    steps.set(layers.get(to), Math.max(steps.get(layers.get(to)) ?? 0, step));
  }
  return steps;
}

// The nodes of a layer stand side by side: as near as the longest names allow.
function fromTop({ nodes, name }, boxes) {
  const layers = inLayers(nodes);
  let unit = 60;
  for (const layer of layers) {
    layer.sort((one, other) => one.row - other.row);
    for (let index = 1; index < layer.length; index += 1) {
      const [one, other] = [layer[index - 1], layer[index]];
      const room = (boxes.get(one.id).width + boxes.get(other.id).width) / 2 + 20;
      unit = Math.max(unit, room / Math.max(other.row - one.row, 0.01));
    }
  }
  const at = new Map();
  let edge = 0;
  for (const layer of layers) {
    const half = Math.max(...layer.map((node) => boxes.get(node.id).height)) / 2;
    for (const node of layer) at.set(node.id, { x: node.row * unit, y: edge + half });
    edge += 2 * half + STOREY[name];
  }
  return { at, across: extent(nodes) * unit, down: edge };
}

function inLayers(nodes) {
  const layers = [];
  for (const node of nodes) (layers[node.layer] ??= []).push(node);
  return layers.filter(Boolean);
}

function extent(nodes) {
  const rows = nodes.map((node) => node.row);
  return 1 + rows.reduce((most, row) => Math.max(most, row), 0) - rows.reduce((least, row) => Math.min(least, row), 0);
}
