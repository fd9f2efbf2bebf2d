// Which part of the graph is in sight: all of it if its names can then be read, else a part of it in a readable size.

const READABLE = 0.73;
const BORDER = 12;

class Sight {
  constructor(network, canvas) {
    this.network = network;
    this.canvas = canvas;
    this.boxes = new Map();
  }

  get isReadable() {
    return this.network.getScale() > READABLE - 0.01;
  }

  // How large these boxes can be drawn at most if all of them shall be in sight.
  scaleOf({ left, right, top, bottom }) {
    const [width, height] = [this.canvas.clientWidth - 2 * BORDER, this.canvas.clientHeight - 2 * BORDER];
    return Math.min(1, width / Math.max(right - left, 1), height / Math.max(bottom - top, 1));
  }

  // Show all that is drawn, however small.
  showAll() {
    const area = areaOf(this.placed());
    if (area) this.move(this.scaleOf(area), middle(area));
  }

  // Show these nodes, or as many of them around `anchor` as can be read.
  show(ids, anchor) {
    const placed = this.placed();
    const area = areaOf(new Map(ids.filter((id) => placed.has(id)).map((id) => [id, placed.get(id)])));
    if (!area) return;
    const scale = Math.max(this.scaleOf(area), READABLE);
    const place = placed.get(anchor) ?? middle(area);
    const within = (at, low, high, size) => {
      const half = (size / 2 - BORDER) / scale;
      return high - low <= 2 * half ? (low + high) / 2 : Math.min(Math.max(at, low + half), high - half);
    };
    this.move(scale, {
      x: within(place.x, area.left, area.right, this.canvas.clientWidth),
      y: within(place.y, area.top, area.bottom, this.canvas.clientHeight),
    });
  }

  // Move no further than is needed to have a node in sight.
  bring(id) {
    const box = areaOf(new Map([...this.placed()].filter(([other]) => other === id)));
    if (!box || this.holds(box)) return;
    const seen = this.seen();
    const margin = BORDER / this.network.getScale();
    const shift = (low, high, from, to) => (low < from ? low - margin - from : high > to ? high + margin - to : 0);
    const { x, y } = this.network.getViewPosition();
    this.move(this.network.getScale(), {
      x: x + shift(box.left, box.right, seen.left, seen.right),
      y: y + shift(box.top, box.bottom, seen.top, seen.bottom),
    });
  }

  // Those of the nodes that are in sight as wholes.
  inSight(ids) {
    const placed = this.placed();
    return ids.filter((id) => placed.has(id) && this.holds(areaOf(new Map([[id, placed.get(id)]]))));
  }

  holds(box) {
    const seen = this.seen();
    return box.left >= seen.left && box.right <= seen.right && box.top >= seen.top && box.bottom <= seen.bottom;
  }

  seen() {
    const { x: left, y: top } = this.network.DOMtoCanvas({ x: 0, y: 0 });
    const { x: right, y: bottom } = this.network.DOMtoCanvas({ x: this.canvas.clientWidth, y: this.canvas.clientHeight });
    return { left, right, top, bottom };
  }

  // The boxes as they lie: id -> {x, y, width, height}.
  placed() {
    return new Map(Object.entries(this.network.getPositions()).map(([id, place]) => [id, { ...place, ...this.boxes.get(id) }]));
  }

  move(scale, position) {
    this.network.moveTo({ scale, position, animation: false });
  }
}

function areaOf(placed) {
  if (!placed.size) return null;
  const area = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const { x, y, width, height } of placed.values()) {
    area.left = Math.min(area.left, x - width / 2);
    area.right = Math.max(area.right, x + width / 2);
    area.top = Math.min(area.top, y - height / 2);
    area.bottom = Math.max(area.bottom, y + height / 2);
  }
  return area;
}

// Says under the graph what is out of sight: what runs there, or how many tasks.
class SightNote {
  constructor(parent, bring) {
    this.element = parent.appendChild(document.createElement("button"));
    Object.assign(this.element, { type: "button", className: "tt-sight", hidden: true });
    this.element.addEventListener("click", () => bring(this.target));
  }

  // `tasks` are the drawn nodes of tasks, in the order of the layers.
  update(sight, tasks, running) {
    const seen = new Set(sight.inSight(tasks));
    const lost = running.filter(({ id }) => !seen.has(id));
    const isLost = lost.length > 0 && lost.length === running.length;
    this.target = isLost ? lost[0].id : tasks.find((id, index) => !seen.has(id) && (index === 0 || seen.has(tasks[index - 1]))) ?? tasks[0];
    const text = isLost
      ? `${lost[0].label.split("\n")[0]} is running out of sight`
      : !sight.isReadable ? "Overview: click a task to read it" : `${seen.size} of ${tasks.length} in sight`;
    this.element.hidden = !isLost && seen.size === tasks.length && sight.isReadable;
    this.element.classList.toggle("tt-lost", isLost);
    if (this.element.textContent !== text) this.element.textContent = text;
  }
}
