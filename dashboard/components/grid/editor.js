// The cell editor: a text field, and under it what could be meant. Enter takes the chosen offer or what was typed;
// Tab does, too, and goes on to the next cell.

const MOST = 40;

// offers(text) returns [{ text, title, more }]: what the field would hold, and what is shown of it.
function textEditor(offers) {
  return (cell, onRendered, success, cancel) => {
    const input = document.createElement("input");
    input.className = "tt-editor";
    input.value = cell.getValue() ?? "";
    input.setAttribute("aria-label", `${cell.getField()} of row ${cell.getRow().getPosition()}`);
    input.spellcheck = false;
    input.autocomplete = "off";
    const list = new OfferList(input, offers);
    let isOver = false;
    const end = (action) => {
      if (isOver) return;
      isOver = true;
      list.close();
      action();
    };
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        list.move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" || event.key === "Tab") {
        event.preventDefault();
        const text = list.chosen ?? input.value;
        const home = input.closest(".tt-grid");
        input.dispatchEvent(new Event("tt-done", { bubbles: true }));
        end(() => success(text));
        if (event.key === "Tab") home?.dispatchEvent(new CustomEvent("tt-move", { detail: event.shiftKey ? -1 : 1 }));
      } else if (event.key === "Escape") {
        event.preventDefault();
        input.dispatchEvent(new Event("tt-done", { bubbles: true }));
        end(cancel);
      }
    });
    input.addEventListener("input", () => list.open());
    input.addEventListener("blur", () => end(() => success(input.value)));
    list.onPick = (text) => end(() => success(text));
    onRendered(() => {
      input.focus({ preventScroll: true });
      input.select();
      list.open();
    });
    return input;
  };
}

class OfferList {
  constructor(input, offers) {
    this.input = input;
    this.offers = offers;
    this.index = -1;
    this.items = [];
  }

  get chosen() {
    return this.items[this.index]?.text;
  }

  open() {
    this.close();
    this.items = this.offers(this.input.value).slice(0, MOST);
    this.index = -1;
    if (!this.items.length) return;
    const box = this.input.getBoundingClientRect();
    const list = document.body.appendChild(document.createElement("div"));
    list.className = "tt-offers";
    list.setAttribute("role", "listbox");
    const style = getComputedStyle(this.input);
    list.style.cssText = `left:${box.left}px; min-width:${box.width}px; background:${style.backgroundColor}; color:${style.color};`;
    const hasRoom = window.innerHeight - box.bottom > 240;
    list.style[hasRoom ? "top" : "bottom"] = `${hasRoom ? box.bottom + 2 : window.innerHeight - box.top + 2}px`;
    for (const item of this.items) {
      const line = list.appendChild(document.createElement("div"));
      line.setAttribute("role", "option");
      line.appendChild(document.createElement("div")).textContent = item.title;
      if (item.more) {
        const more = line.appendChild(document.createElement("div"));
        more.className = "tt-offer-more";
        more.textContent = item.more;
      }
      line.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        this.onPick(item.text);
      });
    }
    this.list = list;
  }

  move(by) {
    if (!this.list) return;
    const count = this.items.length;
    this.index = this.index < 0 && by < 0 ? count - 1 : (this.index + by + count) % count;
    [...this.list.children].forEach((line, index) => line.classList.toggle("tt-offer-chosen", index === this.index));
    this.list.children[this.index].scrollIntoView({ block: "nearest" });
  }

  close() {
    this.list?.remove();
    this.list = null;
    this.items = [];
    this.index = -1;
  }
}
