// A slow glow around what is running; nothing for those who want no motion, whom the thick border tells it.

const BEAT = 600;

class Pulse {
  constructor(nodes) {
    this.nodes = nodes;
    this.running = [];
    this.isStill = window.matchMedia("(prefers-reduced-motion: reduce)");
  }

  // `running` are nodes as they are drawn at rest.
  update(running, colour) {
    this.colour = colour;
    this.running = running;
    if (running.length && !this.isStill.matches) this.timer ??= setInterval(() => this.beat(), BEAT);
    else this.stop();
  }

  beat() {
    this.isLit = !this.isLit;
    const lit = { enabled: true, size: 18, x: 0, y: 0, color: this.colour };
    this.nodes.update(this.running.map(({ id, shadow }) => ({ id, shadow: this.isLit ? lit : shadow })));
  }

  stop() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.isLit = false;
  }
}
