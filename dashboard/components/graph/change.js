// What of the user's doing outlives a change of the data, and the page being loaded anew.

const KEPT = "tasktable_graph";

// A new name and other nodes at once: not an edit, but another workflow.
function isOther(before, after, known) {
  const isSame = before.nodes.length === after.nodes.length && after.nodes.every((node) => known.has(node.id));
  return before.name !== after.name && !isSame;
}

// How the user has arranged the graph of one workflow: with or without keys, its direction, and what was dragged where.
// The browser's tab keeps the arrangement of the workflow that was arranged last.
class Arrangement {
  constructor(name) {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
    const own = name !== undefined && kept.name === name ? kept : {};
    this.hidesKeys = own.hidesKeys;
    this.turned = own.turned;
    this.places = new Map((own.places ?? []).map(([view, places]) => [view, new Map(places)]));
  }

  keep(name) {
    const places = [...this.places].map(([view, places]) => [view, [...places]]);
    sessionStorage.setItem(KEPT, JSON.stringify({ name, hidesKeys: this.hidesKeys, turned: this.turned, places }));
  }

  // Where the nodes of a view lie that were dragged, in this direction.
  of(view, isWide) {
    const name = `${view.name} ${isWide ? "to the right" : "down"}`;
    if (!this.places.has(name)) this.places.set(name, new Map());
    return this.places.get(name);
  }

  // A key or input that got another name keeps its place, if there is no doubt which one it was. Return whether one did.
  carryOver(known, nodes) {
    const now = new Set(nodes.map((node) => node.id));
    let isChanged = false;
    for (const places of this.places.values()) {
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
}
