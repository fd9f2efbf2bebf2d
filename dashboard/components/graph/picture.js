// The whole graph as a file: a list of shapes, written as SVG through the DOM or painted into a PNG.

const SVG = "http://www.w3.org/2000/svg";
const FRAME = 24;
const MAX_PIXELS = 16000;

// `boxOf` returns the box of a node as it lies on the canvas: {left, top, right, bottom}.
function picture(view, theme, isWide, boxOf) {
  const boxes = new Map(view.nodes.map((node) => [node.id, boxOf(node.id)]));
  const all = [...boxes.values()];
  const left = Math.min(...all.map((box) => box.left)) - FRAME;
  const top = Math.min(...all.map((box) => box.top)) - FRAME;
  const width = Math.ceil(Math.max(...all.map((box) => box.right)) + FRAME - left);
  const height = Math.ceil(Math.max(...all.map((box) => box.bottom)) + FRAME - top);
  const lines = view.edges.flatMap((edge) => edgeShapes(edge, boxes.get(edge.from), boxes.get(edge.to), theme, isWide));
  const shapes = [
    ...lines.filter((shape) => shape.kind === "path"),
    ...lines.filter((shape) => shape.kind === "text"),
    ...view.nodes.flatMap((node) => nodeShapes(node, boxes.get(node.id), theme)),
  ];
  return { left, top, width, height, shapes, background: theme.background, face: theme.face };
}

function edgeShapes(edge, from, to, theme, isWide) {
  const colour = edgeColour(edge, theme, "");
  const [x1, y1] = isWide ? [from.right, middle(from).y] : [middle(from).x, from.bottom];
  const [x2, y2] = isWide ? [to.left, middle(to).y] : [middle(to).x, to.top];
  const [xm, ym] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const d = isWide ? `M${x1} ${y1} C${xm} ${y1} ${xm} ${y2} ${x2} ${y2}` : `M${x1} ${y1} C${x1} ${ym} ${x2} ${ym} ${x2} ${y2}`;
  const shapes = [{ kind: "path", d, stroke: colour, width: 1.2, fill: "none" }];
  if (edge.arrows === "to") {
    const tip = isWide ? `l-8 -4 l2 4 l-2 4 z` : `l-4 -8 l4 2 l4 -2 z`;
    shapes.push({ kind: "path", d: `M${x2} ${y2} ${tip}`, stroke: "none", width: 0, fill: colour });
  }
  if (edge.label) {
    shapes.push({ kind: "text", x: xm, y: ym, size: FONT.edge, lines: [edge.label], fill: theme.mix(theme.text, 0.75), halo: theme.background });
  }
  return shapes;
}

function nodeShapes(node, box, theme) {
  if (node.kind === "bend") return [];
  const { border, fill, text, width, dashes } = nodeColours(node, theme, "");
  const { x, y } = middle(box);
  const size = { width: box.right - box.left, height: box.bottom - box.top };
  return [
    { kind: node.shape, x, y, ...size, stroke: border, strokeWidth: width, fill, dashes: dashes || [], title: node.about },
    { kind: "text", x, y, size: FONT[node.kind], lines: node.label.split("\n"), fill: text },
  ];
}

function middle(box) {
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
}

function svgText({ left, top, width, height, shapes, background, face }) {
  const svg = element(null, "svg", { viewBox: [left, top, width, height].join(" "), width, height, "font-family": face });
  element(svg, "rect", { x: left, y: top, width, height, fill: background });
  for (const shape of shapes) SVG_WRITERS[shape.kind](svg, shape);
  return new XMLSerializer().serializeToString(svg);
}

const SVG_WRITERS = {
  path: (svg, { d, stroke, width, fill }) => element(svg, "path", { d, stroke, "stroke-width": width, fill }),
  box: (svg, shape) =>
    outlined(svg, "rect", shape, {
      x: shape.x - shape.width / 2, y: shape.y - shape.height / 2, width: shape.width, height: shape.height, rx: 5,
    }),
  ellipse: (svg, shape) =>
    outlined(svg, "ellipse", shape, { cx: shape.x, cy: shape.y, rx: shape.width / 2, ry: shape.height / 2 }),
  text: (svg, { x, y, size, lines, fill, halo }) => {
    const shared = { "text-anchor": "middle", "dominant-baseline": "central", "font-size": size, fill };
    const outline = halo ? { stroke: halo, "stroke-width": 4, "paint-order": "stroke" } : {};
    lines.forEach((line, index) => {
      element(svg, "text", { x, y: y + lineOffset(index, lines, size), ...shared, ...outline }, line);
    });
  },
};

function outlined(svg, name, { stroke, strokeWidth, fill, dashes, title }, where) {
  const drawn = element(svg, name, { ...where, stroke, "stroke-width": strokeWidth, fill });
  if (dashes.length) drawn.setAttribute("stroke-dasharray", dashes.join(" "));
  element(drawn, "title", {}, title);
}

function element(parent, name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
  parent?.appendChild(made);
  return made;
}

// A promise of the picture as a PNG, `scale` times as large, or as large as a canvas may be.
function pngBlob({ left, top, width, height, shapes, background, face }, scale) {
  const canvas = document.createElement("canvas");
  const factor = Math.min(scale, MAX_PIXELS / width, MAX_PIXELS / height);
  canvas.width = Math.round(width * factor);
  canvas.height = Math.round(height * factor);
  const pen = canvas.getContext("2d");
  pen.scale(factor, factor);
  pen.translate(-left, -top);
  pen.fillStyle = background;
  pen.fillRect(left, top, width, height);
  for (const shape of shapes) PAINTERS[shape.kind](pen, shape, face);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

const PAINTERS = {
  path: (pen, { d, stroke, width, fill }) => paint(pen, new Path2D(d), { stroke, strokeWidth: width, fill, dashes: [] }),
  box: (pen, shape) => {
    const path = new Path2D();
    path.roundRect(shape.x - shape.width / 2, shape.y - shape.height / 2, shape.width, shape.height, 5);
    paint(pen, path, shape);
  },
  ellipse: (pen, shape) => {
    const path = new Path2D();
    path.ellipse(shape.x, shape.y, shape.width / 2, shape.height / 2, 0, 0, 2 * Math.PI);
    paint(pen, path, shape);
  },
  text: (pen, { x, y, size, lines, fill, halo }, face) => {
    Object.assign(pen, { font: `${size}px ${face}`, textAlign: "center", textBaseline: "middle", fillStyle: fill });
    lines.forEach((line, index) => {
      const height = y + lineOffset(index, lines, size);
      if (halo) {
        Object.assign(pen, { strokeStyle: halo, lineWidth: 4, lineJoin: "round" });
        pen.setLineDash([]);
        pen.strokeText(line, x, height);
      }
      pen.fillText(line, x, height);
    });
  },
};

function paint(pen, path, { stroke, strokeWidth, fill, dashes }) {
  if (fill !== "none") {
    pen.fillStyle = fill;
    pen.fill(path);
  }
  if (stroke !== "none") {
    Object.assign(pen, { strokeStyle: stroke, lineWidth: strokeWidth });
    pen.setLineDash(dashes);
    pen.stroke(path);
  }
}

function lineOffset(index, lines, size) {
  return (index - (lines.length - 1) / 2) * size * 1.15;
}

// Hand a file to the user.
function save(blob, name, ending) {
  const link = document.createElement("a");
  const stem = name.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "").slice(0, 80) || "workflow";
  link.href = URL.createObjectURL(blob);
  link.download = `${stem}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
