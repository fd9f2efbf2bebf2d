// The graph of a workflow. The network lives on its element; nodes and edges are updated in place, so that what the
// user dragged, and where he looks, stays.

const MANY_EDGES = 400;
const DOUBLE_CLICK = 250;

function show(component) {
  const { data, parentElement, setTriggerValue } = component;
  const host = parentElement.querySelector(".tt-graph");
  if (!host) return;
  host.graph ??= new Graph(host);
  host.graph.send = setTriggerValue;
  host.graph.update(data);
}

function leave(parentElement) {
  parentElement.querySelector(".tt-graph")?.graph?.leave();
}

class Graph {
  constructor(host) {
    this.host = host;
    this.open = new Set();
    this.focus = null;
    this.text = "";
    this.match = -1;
    this.arrangement = new Arrangement();
    this.sent = new Map();
    this.nodes = new window.vis.DataSet();
    this.edges = new window.vis.DataSet();
    const canvas = host.querySelector(".tt-canvas");
    this.network = new window.vis.Network(canvas, { nodes: this.nodes, edges: this.edges }, {
      physics: false,
      layout: { improvedLayout: false },
      interaction: { hover: true, hoverConnectedEdges: false, selectConnectedEdges: false, tooltipDelay: 200, zoomSpeed: 0.6 },
      nodes: { margin: MARGIN, chosen: { node: true, label: false } },
    });
    this.canvas = canvas.querySelector("canvas");
    this.canvas.setAttribute("role", "img");
    this.sight = new Sight(this.network, this.canvas);
    this.note = new SightNote(canvas, (id) => this.goTo(id));
    this.controls = new Controls(host.querySelector(".tt-bar"), host.querySelector(".tt-legend"), {
      search: (text) => this.search(text),
      next: () => this.next(),
      toggleKeys: () => this.toggleKeys(),
      fold: () => this.fold(),
      turn: () => this.turn(),
      fit: () => this.fit(),
      download: (ending) => this.download(ending),
    });
    this.pulse = new Pulse(this.nodes);
    this.listen();
  }

  listen() {
    this.network.on("click", ({ nodes }) => this.click(nodes[0]));
    this.network.on("dragEnd", ({ nodes }) => {
      for (const id of nodes) this.arrangement.of(this.view, this.isWide).set(id, this.network.getPosition(id));
      if (nodes.length) this.arrangement.keep(this.data.name);
      if (!nodes.length) this.isMoved = true;
    });
    this.network.on("zoom", () => { this.isMoved = true; });
    this.network.on("doubleClick", ({ nodes }) => {
      clearTimeout(this.emptyClick);
      if (!nodes.length) this.fit();
    });
    this.network.on("afterDrawing", () => this.tell());
    // A change of theme shows as a transition of the colours, which the style makes as short as can be.
    this.host.addEventListener("transitionend", (event) => { if (event.target === this.host) this.draw(); });
    this.resized = new ResizeObserver(() => this.data && this.draw());
    this.resized.observe(this.host);
  }

  leave() {
    this.resized.disconnect();
    this.pulse.stop();
    clearTimeout(this.emptyClick);
    this.network.destroy();
    delete this.host.graph;
  }

  update(data) {
    const known = new Map((this.data?.nodes ?? []).map((node) => [node.id, node]));
    if (!this.data || isOther(this.data, data, known)) this.begin(data.name);
    else if (this.arrangement.carryOver(known, data.nodes) || data.name !== this.data.name) this.arrangement.keep(data.name);
    const isSelectedElsewhere = data.selected !== this.data?.selected && (this.nodeOf(data, this.focus)?.task || null) !== data.selected;
    if (isSelectedElsewhere) this.focus = data.selected && `task:${data.selected}`;
    this.data = data;
    this.host.style.setProperty("--tt-height", `${data.height}px`);
    this.draw();
    if (isSelectedElsewhere && this.focus) this.sight.bring(this.drawnFor(this.focus));
    if (data.text && data.text.language === this.awaited) {
      this.awaited = null;
      save(new Blob([data.text.content], { type: "text/plain" }), data.name, { mermaid: "mmd", dot: "dot" }[data.text.language]);
    }
  }

  // Another workflow: nothing of what the user did to the former one holds.
  begin(name) {
    this.open.clear();
    this.arrangement = new Arrangement(name);
    this.isMoved = false;
    this.shape = null;
  }

  draw() {
    if (!this.canvas.clientHeight) return;
    this.theme = new Theme(this.host);
    const { isWide, at, boxes } = this.layOut();
    this.sight.boxes = boxes;
    this.found = matches(this.data, this.view, this.text);
    const dragged = this.arrangement.of(this.view, isWide);
    const mark = this.marker();
    this.setDirection(isWide);
    const nodes = this.view.nodes.map((node) => ({ ...drawnNode(node, this.theme, mark.node(node)), ...(dragged.get(node.id) ?? at.get(node.id)) }));
    this.merge(this.nodes, nodes);
    const running = new Set(this.view.nodes.filter(({ state, kind }) => state === "running" && kind !== "key").map(({ id }) => id));
    this.pulse.update(nodes.filter(({ id }) => running.has(id)), styleOf("running").colour);
    this.merge(this.edges, this.view.edges.map((edge) => drawnEdge(edge, this.theme, mark.edge(edge))));
    const frame = `${isWide} ${this.canvas.clientWidth} ${this.canvas.clientHeight}`;
    const shape = `${this.view.nodes.map((node) => node.id).sort().join("\n")} ${frame}`;
    if (shape !== this.shape && !this.isMoved && !(this.shape && dragged.size)) this.look(!this.shape || frame !== this.frame);
    [this.shape, this.frame] = [shape, frame];
    this.controls.update({
      showsKeys: this.view.name === "keys", isLarge: isLarge(this.data), isUnfolded: this.open.size > 0, matches: this.found.length,
    });
    this.describe(mark);
  }

  // The view and its places. Until the user has decided, keys are nodes where the whole can then be read.
  layOut() {
    const size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
    const draft = (hidesKeys) => {
      this.view = viewOf(this.data, hidesKeys, this.open);
      return spread(this.view, this.theme, size, this.arrangement.turned);
    };
    const { hidesKeys } = this.arrangement;
    const drawn = draft(hidesKeys ?? false);
    if (hidesKeys !== undefined || !this.view.nodes.length) return drawn;
    const area = areaOf(new Map([...drawn.at].map(([id, place]) => [id, { ...place, ...drawn.boxes.get(id) }])));
    this.arrangement.hidesKeys = this.sight.scaleOf(area) < READABLE;
    return this.arrangement.hidesKeys ? draft(true) : drawn;
  }

  // Show the whole if it can be read then. Else show a part: of a new drawing the part with the selected task, the
  // running one, or the first; of a drawing that has changed the same part, as far as the selected task is in it.
  look(isNew) {
    const ids = this.view.nodes.map((node) => node.id);
    const selected = this.drawnFor(this.data.selected && `task:${this.data.selected}`);
    const isWhole = this.sight.scaleOf(areaOf(this.sight.placed()) ?? { left: 0, right: 1, top: 0, bottom: 1 }) >= READABLE;
    if (isWhole) this.sight.showAll();
    else if (isNew || !this.sight.isReadable) this.sight.show(ids, selected ?? this.running()[0]?.id ?? this.inOrder()[0]);
    else if (selected) this.sight.bring(selected);
  }

  running() {
    return this.view.nodes.filter(({ state, kind }) => state === "running" && (kind === "task" || kind === "group"));
  }

  // The ids of the drawn tasks, from the first layer to the last.
  inOrder() {
    const tasks = this.view.nodes.filter(({ kind }) => kind === "task" || kind === "group");
    return tasks.sort((one, other) => one.layer - other.layer || one.row - other.row).map(({ id }) => id);
  }

  tell() {
    if (this.view) this.note.update(this.sight, this.inOrder(), this.running());
  }

  goTo(id) {
    this.isMoved = true;
    this.sight.show([id], id);
  }

  // Who stands out and who steps back: the matches of a search, else all that hangs together with the node in focus.
  marker() {
    const selected = this.drawnFor(this.data.selected && `task:${this.data.selected}`);
    const found = this.text.trim() ? new Set(this.found.map((id) => this.drawnFor(id))) : null;
    const focus = this.drawnFor(this.focus);
    const near = !found && focus ? reach(this.view.edges, focus) : null;
    return {
      node: ({ id }) => {
        if (found) return found.has(id) ? "found" : "faded";
        if (id === selected) return "selected";
        return near && !near.nodes.has(id) ? "faded" : "";
      },
      edge: ({ id }) => (found ? "faded" : !near ? "" : near.edges.has(id) ? "lit" : "faded"),
    };
  }

  // The id of the node that stands for another one: itself, or the group that it is folded into.
  drawnFor(id) {
    return this.view.nodes.find((node) => node.id === id || node.members?.includes(id))?.id;
  }

  nodeOf(data, id) {
    return data.nodes.find((node) => node.id === id);
  }

  setDirection(isWide) {
    const isLarge = this.view.edges.length > MANY_EDGES;
    if (isWide === this.isWide && isLarge === this.isLarge) return;
    [this.isWide, this.isLarge] = [isWide, isLarge];
    this.network.setOptions({
      interaction: { hideEdgesOnDrag: isLarge, hideEdgesOnZoom: isLarge },
      edges: { smooth: { enabled: true, type: "cubicBezier", forceDirection: isWide ? "horizontal" : "vertical", roundness: 0.5 } },
    });
  }

  // Only what has changed is handed to the network.
  merge(set, items) {
    const wanted = new Map(items.map((item) => [item.id, JSON.stringify(item)]));
    set.remove(set.getIds().filter((id) => !wanted.has(id)));
    const changed = items.filter((item) => !set.get(item.id) || this.sent.get(item.id) !== wanted.get(item.id));
    // An edge keeps a text that it shall lose, unless it is made anew.
    set.remove(changed.filter(({ id, label }) => label === "" && set.get(id)?.label).map(({ id }) => id));
    for (const item of changed) this.sent.set(item.id, wanted.get(item.id));
    set.update(changed.map((item) => ({ ...item, title: item.about && tooltip(item.about) })));
  }

  describe(mark) {
    const drawn = this.view.nodes.filter((node) => node.kind !== "bend");
    const tasks = this.data.nodes.filter((node) => node.kind === "task");
    const broken = tasks.filter((node) => node.state === "broken").length;
    const said = `Graph of ${tasks.length} ${tasks.length === 1 ? "task" : "tasks"}, ${broken || "none"} with problems`;
    this.canvas.setAttribute("aria-label", said);
    Object.assign(this.host.dataset, {
      nodes: drawn.length,
      faded: drawn.filter((node) => mark.node(node) === "faded").length,
      found: this.found.length,
      states: JSON.stringify(Object.fromEntries(this.data.nodes.map((node) => [node.id, node.state]))),
    });
  }

  click(id) {
    const node = this.view.nodes.find((other) => other.id === id);
    if (node?.kind === "group") {
      this.unfold(node);
      return;
    }
    clearTimeout(this.emptyClick);
    if (!node) {
      this.emptyClick = setTimeout(() => this.deselect(), DOUBLE_CLICK);
      return;
    }
    this.focus = id;
    this.draw();
    if (!this.sight.isReadable) this.goTo(id);
    if (node.task || this.data.selected) this.send("select", node.task || "");
  }

  deselect() {
    this.focus = null;
    this.draw();
    if (this.data.selected) this.send("select", "");
  }

  unfold({ order, members }) {
    this.open.add(order);
    this.draw();
    this.isMoved = true;
    this.sight.show(members, members[0]);
  }

  fold() {
    this.open.clear();
    this.isMoved = false;
    this.shape = null;
    this.draw();
  }

  toggleKeys() {
    this.arrangement.hidesKeys = !this.arrangement.hidesKeys;
    this.arrangement.keep(this.data.name);
    this.isMoved = false;
    this.shape = null;
    this.draw();
  }

  turn() {
    this.arrangement.turned = !this.isWide;
    this.arrangement.keep(this.data.name);
    this.isMoved = false;
    this.shape = null;
    this.draw();
  }

  fit() {
    this.isMoved = true;
    this.sight.showAll();
  }

  search(text) {
    this.text = text;
    this.match = -1;
    this.draw();
  }

  next() {
    if (!this.found.length) return;
    this.match = (this.match + 1) % this.found.length;
    const id = this.found[this.match];
    const node = this.nodeOf(this.data, id);
    if (this.drawnFor(id) !== id) this.open.add(node.order);
    this.focus = id;
    this.draw();
    this.goTo(id);
    if (node.task) this.send("select", node.task);
  }

  async download(ending) {
    if (ending === "mermaid" || ending === "dot") {
      this.awaited = ending;
      this.send("text", ending);
      return;
    }
    const drawn = picture(this.view, this.theme, this.isWide, (id) => this.boxOf(id));
    const blob = ending === "png" ? await pngBlob(drawn, 2) : new Blob([svgText(drawn)], { type: "image/svg+xml" });
    save(blob, this.data.name, ending);
  }

  boxOf(id) {
    if (this.nodes.get(id).kind !== "bend") return this.network.getBoundingBox(id);
    const { x, y } = this.network.getPosition(id);
    return { left: x, right: x, top: y, bottom: y };
  }

  // Where the middle of a node is in the window.
  positionOf(id) {
    const { x, y } = this.network.canvasToDOM(this.network.getPosition(id));
    const box = this.canvas.getBoundingClientRect();
    return { x: box.left + x, y: box.top + y };
  }
}

function tooltip(text) {
  const made = document.createElement("div");
  made.textContent = text;
  return made;
}
