// Calls the part that is named NAME: as soon as its scripts are there, for each drawing that is still the newest. They
// are in FILE, beside the page's own; if that is "", another component has them.

function read(part) {
  const entry = document.querySelector("script[type=module][src]")?.src ?? document.baseURI;
  delete part.show; // a server that has begun anew since may have another file, and draws for that one
  part.file = FILE;
  // What cannot be read now is asked for again by the next drawing.
  import(new URL(FILE, entry).href).then(({ offer }) => offer(), () => (part.file = ""));
}

export default function (component) {
  const { parentElement } = component;
  const part = ((window.tasktableParts ??= {})[NAME] ??= { waiting: new Map() });
  if (FILE && part.file !== FILE) read(part);
  // While this script is being read, drawings wait for it, and the browser lets them go on in any order. Streamlit
  // leaves one that a newer one has overtaken, but only after it was called.
  const timer = setTimeout(() => {
    if (part.show) part.show(component);
    else part.waiting.set(parentElement, component);
  });
  return () => {
    clearTimeout(timer);
    if ((parentElement.host ?? parentElement).isConnected) return;
    part.waiting.delete(parentElement);
    part.leave?.(parentElement);
  };
}
