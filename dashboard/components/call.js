// Calls the part that is named NAME: as soon as its scripts are there, for each drawing that is still the newest.

export default function (component) {
  const { parentElement } = component;
  const part = ((window.tasktableParts ??= {})[NAME] ??= { waiting: new Map() });
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
