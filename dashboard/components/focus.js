// Puts the cursor into a field of the page, once, when this part of the page appears.
export default function ({ data, parentElement }) {
  if (parentElement.hasFocused) return;
  parentElement.hasFocused = true;
  document.querySelector(`.st-key-${CSS.escape(data)} input`)?.focus();
}
