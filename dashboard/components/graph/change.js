// What of the user's doing outlives a change of the data.

// A new name and other nodes at once: not an edit, but another workflow.
function isOther(before, after, known) {
  const isSame = before.nodes.length === after.nodes.length && after.nodes.every((node) => known.has(node.id));
  return before.name !== after.name && !isSame;
}

// A key or input that got another name keeps its dragged place, if there is no doubt which one it was.
function carryOver(dragged, known, nodes) {
  const now = new Set(nodes.map((node) => node.id));
  for (const places of Object.values(dragged)) {
    for (const [id, place] of [...places]) {
      const old = known.get(id);
      if (!old || now.has(id)) continue;
      const heirs = nodes.filter((node) => !known.has(node.id) && node.kind === old.kind && node.task === old.task);
      if (heirs.length === 1) places.set(heirs[0].id, place);
    }
  }
}
