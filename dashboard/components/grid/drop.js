// A workflow file may be dropped anywhere on the page.

function takeDrops() {
  if (window.tasktableDrop) return;
  window.tasktableDrop = true;
  const field = () => document.querySelector(".st-key-upload input[type=file]");
  const hasFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (hasFile(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const input = field();
    if (!hasFile(event) || !input || event.target.closest?.(".st-key-upload")) return;
    event.preventDefault();
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
