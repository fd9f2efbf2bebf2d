// The graph of a workflow. The network lives on its element; nodes and edges are updated in place, so that what the
// user dragged, and where he looks, stays.

const COLOURS = {
  waiting: "#868d98", running: "#3b82f6", done: "#2e9e5b", reused: "#1f9aa8",
  stale: "#d98300", failed: "#e5484d", skipped: "#868d98", broken: "#e5484d", input: "#7c66dc",
};
const LEGEND = ["waiting", "done", "reused", "stale", "failed", "skipped", "broken", "input"];
const NAMES = { waiting: "not run", broken: "problem" };

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const host = parentElement.querySelector(".tt-graph");
  if (!host) return;
  host.graph ??= new Graph(host);
  host.graph.send = setTriggerValue;
  host.graph.update(data);
}

class Graph {
  constructor(host) {
    this.host = host;
    this.nodes = new window.vis.DataSet();
    this.edges = new window.vis.DataSet();
    this.dragged = new Set();
    const canvas = host.querySelector(".tt-canvas");
    this.network = new window.vis.Network(canvas, { nodes: this.nodes, edges: this.edges }, {
      autoResize: true,
      physics: false,
      interaction: { hover: true, tooltipDelay: 200, zoomSpeed: 0.6 },
      nodes: { font: { size: 15 }, margin: 9, borderWidth: 1.5, borderWidthSelected: 3 },
      edges: { arrows: { to: { scaleFactor: 0.6 } }, smooth: { type: "cubicBezier", roundness: 0.45 } },
    });
    this.network.on("click", (event) => {
      const task = event.nodes.length ? this.nodes.get(event.nodes[0]).task : "";
      if (task) this.send("select", task);
      else this.select();
    });
    this.network.on("dragEnd", (event) => event.nodes.forEach((id) => this.dragged.add(id)));
    this.network.on("doubleClick", () => this.fit());
    const legend = host.querySelector(".tt-legend");
    for (const state of LEGEND) {
      const item = legend.appendChild(document.createElement("span"));
      const dot = item.appendChild(document.createElement("i"));
      dot.style.background = COLOURS[state];
      item.appendChild(document.createTextNode(NAMES[state] ?? state));
    }
    this.button(legend, "Turn", "Draw from left to right, or from top to bottom", () => this.turn());
    this.button(legend, "Fit", "Show the whole graph (or double-click)", () => this.fit());
  }

  update(data) {
    this.data = data;
    this.host.style.setProperty("--tt-height", `${data.height}px`);
    const before = this.nodes.length;
    this.spread(data.nodes);
    const style = getComputedStyle(this.host);
    const text = style.getPropertyValue("--st-text-color") || "#222";
    const background = style.getPropertyValue("--st-background-color") || "#fff";
    this.merge(this.nodes, data.nodes.map((node) => this.node(node, text, background)));
    this.merge(this.edges, data.edges.map((edge) => ({ ...edge, color: { color: "#868d9899", highlight: "#3b82f6", hover: "#3b82f6" }, width: 1.2 })));
    this.selected = data.selected;
    this.select();
    const shape = data.nodes.map((node) => node.id).sort().join("\n") + this.isWide;
    if (shape !== this.shape && (before === 0 || !this.dragged.size)) this.fit();
    this.shape = shape;
    this.host.dataset.nodes = String(this.nodes.length);
    this.host.dataset.states = JSON.stringify(Object.fromEntries(data.nodes.map((node) => [node.id, node.state])));
  }

  button(parent, label, title, action) {
    const button = parent.appendChild(document.createElement("button"));
    button.textContent = label;
    button.title = title;
    button.addEventListener("click", action);
  }

  // From left to right if that lets the nodes be drawn larger, else from top to bottom; the user may turn it.
  spread(nodes) {
    const layers = Math.max(1, ...nodes.map((node) => node.layer));
    const rows = 1 + Math.max(...nodes.map((node) => node.row)) - Math.min(...nodes.map((node) => node.row));
    const { clientWidth: width, clientHeight: height } = this.host;
    const scale = (across, down) => Math.min(width / across, height / down);
    const isWide = scale((layers + 1) * 165, rows * 62) >= scale(rows * 200, (layers + 1) * 58);
    this.isWide = this.turned === undefined ? isWide : this.turned;
  }

  turn() {
    this.turned = !this.isWide;
    this.dragged.clear();
    this.update(this.data);
    this.fit();
  }

  node(node, text, background) {
    const colour = COLOURS[node.state] ?? COLOURS.waiting;
    const about = document.createElement("div");
    about.style.whiteSpace = "pre-wrap";
    about.style.maxWidth = "360px";
    about.textContent = node.about;
    const isTask = node.kind === "task";
    const fill = isTask ? `${colour}2b` : background;
    const drawn = {
      id: node.id, label: node.label, shape: node.shape, task: node.task, title: about,
      color: { border: colour, background: fill, highlight: { border: colour, background: `${colour}55` }, hover: { border: colour, background: `${colour}44` } },
      font: { color: text, size: isTask ? 15 : 13 },
      shapeProperties: { borderDashes: node.kind === "input" ? [4, 3] : false, borderRadius: 5 },
    };
    return this.dragged.has(node.id) ? drawn : { ...drawn, ...this.place(node) };
  }

  place(node) {
    return this.isWide ? { x: node.layer * 165, y: node.row * 62 } : { x: node.row * 200, y: node.layer * 58 };
  }

  merge(set, items) {
    const wanted = new Set(items.map((item) => item.id));
    set.remove(set.getIds().filter((id) => !wanted.has(id)));
    set.update(items);
  }

  select() {
    if (this.selected && this.nodes.get(this.selected)) this.network.selectNodes([this.selected]);
    else this.network.unselectAll();
  }

  fit() {
    requestAnimationFrame(() => this.network.fit({ animation: false }));
  }
}
