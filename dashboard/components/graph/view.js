// What is drawn: tasks with keys, tasks alone, or whole orders folded into one node each; and what hangs together.

const RANK = ["broken", "failed", "running", "stale", "waiting", "skipped", "reused", "done"];

// Return {name, nodes: [{id, layer, row, ...}], edges: [{id, from, to, label}]}. `open` are the unfolded orders.
function viewOf(data, hidesKeys, open) {
  const name = hidesKeys || !data.views.keys ? "tasks" : "keys";
  const known = new Map(data.nodes.map((node) => [node.id, node]));
  const { places, edges } = data.views[name];
  const nodes = Object.entries(places).map(([id, [layer, row]]) => {
    return { ...(known.get(id) ?? { id, kind: "bend", label: "" }), layer, row };
  });
  const view = { name, nodes, edges: edges.map((edge) => ({ ...edge })) };
  const whole = isLarge(data) ? folded(view, open) : view;
  const broken = new Set(whole.nodes.filter((node) => node.kind === "input" && node.state === "broken").map((node) => node.id));
  for (const edge of whole.edges) {
    edge.id = `${edge.from} ${edge.to}`;
    edge.isBroken = broken.has(edge.from);
    if (edge.isBroken && edge.arrows !== "to") broken.add(edge.to);
  }
  labelOnce(whole);
  return whole;
}

// Where all edges of a node hand over the same, one of the nearest says so, the one in the middle.
function labelOnce({ nodes, edges }) {
  const ends = new Map(nodes.map((node) => [node.id, node]));
  const start = startOf(edges, nodes);
  const fans = new Map();
  for (const edge of edges) if (edge.label) fans.set(start(edge.from), [...(fans.get(start(edge.from)) ?? []), edge]);
  for (const fan of fans.values()) {
    if (new Set(fan.map(({ label }) => label)).size > 1) continue;
    const nearest = Math.min(...fan.map(({ to }) => ends.get(to).layer));
    const near = fan.filter(({ to }) => ends.get(to).layer === nearest).sort((one, other) => ends.get(one.to).row - ends.get(other.to).row);
    const chosen = near[Math.floor((near.length - 1) / 2)];
    for (const edge of fan) if (edge !== chosen) edge.label = "";
  }
}

// A table that comes without a view of its keys is too large to be drawn whole.
function isLarge(data) {
  return !data.views.keys;
}

function folded({ name, nodes, edges }, open) {
  const orders = new Map();
  for (const node of nodes) {
    if (node.kind === "task") orders.set(node.order, [...(orders.get(node.order) ?? []), node]);
  }
  const home = new Map();
  const drawn = [];
  for (const [order, tasks] of orders) {
    if (tasks.length === 1 || open.has(order)) {
      drawn.push(...tasks);
      for (const task of tasks) home.set(task.id, task.id);
    } else {
      const group = groupOf(order, tasks);
      drawn.push(group);
      for (const task of tasks) home.set(task.id, group.id);
    }
  }
  const shown = new Set(drawn.map((node) => node.id));
  const direct = withoutBends(edges, nodes);
  for (const node of nodes) {
    const isRead = direct.some((edge) => edge.from === node.id && shown.has(edge.to));
    if (node.kind === "input" && isRead) {
      drawn.push(node);
      home.set(node.id, node.id);
    }
  }
  return { name, nodes: closedUp(drawn), edges: joined(direct, home) };
}

function groupOf(order, tasks) {
  const state = RANK.find((name) => tasks.some((task) => task.state === name)) ?? "waiting";
  const count = (name) => tasks.filter((task) => task.state === name).length;
  const counts = RANK.filter(count).map((name) => `${count(name)} ${styleOf(name).name}`);
  return {
    id: `order:${order}`, kind: "group", shape: "box", order, state, label: `order ${order}\n${tasks.length} tasks`,
    about: `order ${order}: ${counts.join(", ")}\nclick to unfold`, members: tasks.map((task) => task.id),
    layer: Math.min(...tasks.map((task) => task.layer)),
    row: Math.round(tasks.reduce((sum, task) => sum + task.row, 0) / tasks.length),
  };
}

// Return a function from a node or bend to the node where its edge begins.
function startOf(edges, nodes) {
  const bends = new Set(nodes.filter((node) => node.kind === "bend").map((node) => node.id));
  const before = new Map(edges.filter((edge) => bends.has(edge.to)).map((edge) => [edge.to, edge.from]));
  return (id) => {
    while (bends.has(id)) id = before.get(id);
    return id;
  };
}

function withoutBends(edges, nodes) {
  const bends = new Set(nodes.filter((node) => node.kind === "bend").map((node) => node.id));
  const start = startOf(edges, nodes);
  return edges.filter((edge) => !bends.has(edge.to)).map((edge) => ({ ...edge, from: start(edge.from) }));
}

function joined(edges, home) {
  const found = new Map();
  for (const edge of edges) {
    const [from, to] = [home.get(edge.from), home.get(edge.to)];
    if (!from || !to || from === to) continue;
    const known = found.get(`${from} ${to}`) ?? { from, to, arrows: "to", keys: new Set() };
    for (const key of (edge.label ?? "").split(", ")) known.keys.add(key);
    found.set(`${from} ${to}`, known);
  }
  return [...found.values()].map(({ keys, ...edge }) => ({
    ...edge, label: keys.size > 2 ? `${keys.size} keys` : [...keys].join(", "),
  }));
}

// Layers that hold nothing any more are left out.
function closedUp(nodes) {
  const layers = [...new Set(nodes.map((node) => node.layer))].sort((one, other) => one - other);
  const number = new Map(layers.map((layer, index) => [layer, index]));
  return nodes.map((node) => ({ ...node, layer: number.get(node.layer) }));
}

// The ids of a node, of everything that it comes from and of everything that comes from it; and of the edges between.
function reach(edges, id) {
  const walk = (from, to) => {
    const next = new Map();
    for (const edge of edges) next.set(edge[from], [...(next.get(edge[from]) ?? []), edge]);
    const nodes = new Set([id]);
    const passed = [];
    for (const node of nodes) {
      for (const edge of next.get(node) ?? []) {
        nodes.add(edge[to]);
        passed.push(edge.id);
      }
    }
    return [nodes, passed];
  };
  const [later, down] = walk("from", "to");
  const [earlier, up] = walk("to", "from");
  return { nodes: new Set([...later, ...earlier]), edges: new Set([...down, ...up]) };
}

// The nodes whose text holds the words; tasks are found by their path too, and by their keys where those are hidden.
function matches(data, view, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const places = new Map(view.nodes.map((node, index) => [node.id, index]));
  for (const node of view.nodes) for (const id of node.members ?? []) places.set(id, places.get(node.id));
  const said = (node) => {
    const [path] = (node.words ?? "").split(" ");
    return `${node.label} ${view.name === "keys" ? path : node.words ?? ""}`.toLowerCase();
  };
  return data.nodes
    .filter((node) => places.has(node.id) && said(node).includes(wanted))
    .sort((one, other) => places.get(one.id) - places.get(other.id))
    .map((node) => node.id);
}
