// What of the user's doing outlives a change of the data, and the page being loaded anew.

const PLACES = "tasktable_places";

// A new name and other nodes at once: not an edit, but another workflow.
function isOther(before, after, known) {
  const isSame = before.nodes.length === after.nodes.length && after.nodes.every((node) => known.has(node.id));
  return before.name !== after.name && !isSame;
}

// A key or input that got another name keeps its dragged place, if there is no doubt which one it was. Return whether
// there was one.
function carryOver(dragged, known, nodes) {
  let isChanged = false;
  const now = new Set(nodes.map((node) => node.id));
  for (const places of Object.values(dragged)) {
    for (const [id, place] of [...places]) {
      const old = known.get(id);
      if (!old || now.has(id)) continue;
      const heirs = nodes.filter((node) => !known.has(node.id) && node.kind === old.kind && node.task === old.task);
      if (heirs.length !== 1) continue;
      places.set(heirs[0].id, place);
      isChanged = true;
    }
  }
  return isChanged;
}

// The browser's tab keeps the dragged places of one workflow, the one that they were dragged in last.
function remember(name, { keys, tasks }) {
  sessionStorage.setItem(PLACES, JSON.stringify({ name, keys: [...keys], tasks: [...tasks] }));
}

function recalled(name) {
  const kept = JSON.parse(sessionStorage.getItem(PLACES) ?? "{}");
  const isOf = name !== undefined && kept.name === name;
  return { keys: new Map(isOf ? kept.keys : []), tasks: new Map(isOf ? kept.tasks : []) };
}
