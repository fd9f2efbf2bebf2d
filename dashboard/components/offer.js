// Offers the part that is named NAME to those who wait for it, and to all who will call it; STYLE goes into the page.

export function offer() {
  if (STYLE) {
    const id = `tasktable-style-${NAME}`;
    const old = document.getElementById(id);
    const sheet = old ?? document.body.appendChild(Object.assign(document.createElement("style"), { id }));
    sheet.textContent = STYLE;
  }
  const part = ((window.tasktableParts ??= {})[NAME] ??= { waiting: new Map() });
  Object.assign(part, { show, leave });
  for (const component of part.waiting.values()) show(component);
  part.waiting.clear();
}

export default function () {}
