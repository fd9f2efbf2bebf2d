// The search field, the buttons and the menu above the graph, and the legend below it.

const ENDINGS = { png: "PNG picture", svg: "SVG picture", mermaid: "Mermaid text", dot: "Graphviz DOT text" };

class Controls {
  // `does` is what the controls call: search, next, toggleKeys, turn, fit, fold, download.
  constructor(bar, legend, does) {
    this.search = bar.appendChild(document.createElement("input"));
    Object.assign(this.search, { type: "search", placeholder: "Search", autocomplete: "off", spellcheck: false });
    this.search.setAttribute("aria-label", "Search the graph; Enter goes to the next match");
    this.search.addEventListener("input", () => does.search(this.search.value));
    this.search.addEventListener("keydown", (event) => this.key(event, does));
    this.count = bar.appendChild(document.createElement("output"));
    this.count.setAttribute("aria-label", "Matches");
    this.keys = this.button(bar, "Keys", "Show keys as nodes of their own", does.toggleKeys);
    this.fold = this.button(bar, "Fold", "Fold each order into one node again", does.fold);
    this.button(bar, "Turn", "Draw from left to right, or from top to bottom", does.turn);
    this.button(bar, "Fit", "Show the whole graph (or double-click)", does.fit);
    this.menu(bar, does.download);
    this.legend(legend);
  }

  update({ showsKeys, isLarge, isUnfolded, matches }) {
    this.keys.setAttribute("aria-pressed", String(showsKeys));
    this.keys.hidden = isLarge;
    this.fold.hidden = !isLarge;
    this.fold.disabled = !isUnfolded;
    this.count.textContent = this.search.value.trim() ? `${matches} found` : "";
  }

  key(event, does) {
    if (event.key === "Enter") does.next();
    else if (event.key === "Escape") {
      this.search.value = "";
      does.search("");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  button(parent, label, title, action) {
    const button = parent.appendChild(document.createElement("button"));
    Object.assign(button, { type: "button", textContent: label, title });
    button.setAttribute("aria-label", `${label}: ${title}`);
    button.addEventListener("click", action);
    return button;
  }

  menu(bar, download) {
    const place = bar.appendChild(document.createElement("div"));
    place.className = "tt-menu";
    const opener = this.button(place, "Export", "Export the graph as a file", () => show(list.hidden));
    const list = place.appendChild(document.createElement("div"));
    const show = (isShown) => {
      list.hidden = !isShown;
      opener.setAttribute("aria-expanded", String(isShown));
    };
    list.setAttribute("role", "menu");
    opener.setAttribute("aria-haspopup", "menu");
    show(false);
    for (const [ending, label] of Object.entries(ENDINGS)) {
      const item = this.button(list, label, "Save the whole graph", () => {
        show(false);
        download(ending);
      });
      item.setAttribute("role", "menuitem");
    }
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      show(false);
      opener.focus();
    });
    place.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !place.contains(event.relatedTarget)) show(false);
    });
  }

  legend(parent) {
    for (const [state, { name, colour, tint, dashes, isPale }] of Object.entries(STYLES)) {
      const item = parent.appendChild(document.createElement("span"));
      item.setAttribute("role", "listitem");
      const swatch = item.appendChild(document.createElement("i"));
      const line = !dashes ? "solid" : dashes[0] < 3 ? "dotted" : "dashed";
      swatch.style.border = `${["running", "broken"].includes(state) ? 2.5 : 1.5}px ${line} ${colour}`;
      swatch.style.background = `color-mix(in srgb, ${colour} ${tint * 100}%, transparent)`;
      if (state === "input") swatch.style.borderRadius = "50%";
      if (isPale) item.className = "tt-pale";
      item.appendChild(document.createTextNode(name));
    }
  }
}
