// Offers the part that is named NAME to those who wait for it, and to all who will call it.

function offer(show, leave) {
  const part = ((window.tasktableParts ??= {})[NAME] ??= { waiting: new Map() });
  Object.assign(part, { show, leave });
  for (const component of part.waiting.values()) show(component);
  part.waiting.clear();
}

export default function () {}
