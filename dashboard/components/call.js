// Calls the part that is named NAME: at once where its scripts are there, else as soon as they are.

export default function (component) {
  const { parentElement } = component;
  const part = ((window.tasktableParts ??= {})[NAME] ??= { waiting: new Map() });
  if (part.show) part.show(component);
  else part.waiting.set(parentElement, component);
  // Streamlit calls this also for a drawing that a newer one has overtaken.
  return () => {
    if ((parentElement.host ?? parentElement).isConnected) return;
    part.waiting.delete(parentElement);
    part.leave?.(parentElement);
  };
}
