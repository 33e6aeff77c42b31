// The list of an event: choosing lines, and marking only what is chosen; the focus stays where one marked.
import { fresh } from "./find.js";

let marked = null;

export function attachEvents(root) {
  for (const list of fresh(root, "[data-participants]", "Participants")) {
    list.addEventListener("change", (event) => choose(list, event.target));
    list.addEventListener("submit", (event) => (marked = event.submitter?.id || null));
    show(list);
    if (marked) document.getElementById(marked)?.focus();
    marked = null;
  }
}

function boxes(list) {
  return [...list.querySelectorAll("[data-choose]")];
}

function choose(list, target) {
  if (target.matches("[data-choose-all]")) for (const box of boxes(list)) box.checked = target.checked;
  show(list);
}

function show(list) {
  const all = boxes(list);
  const chosen = all.filter((box) => box.checked).length;
  const every = list.querySelector("[data-choose-all]");
  if (!every) return;
  every.checked = chosen > 0 && chosen === all.length;
  every.indeterminate = chosen > 0 && chosen < all.length;
  list.querySelector("[data-chosen]").textContent = chosen ? `${chosen} / ${all.length}` : "";
  for (const button of list.querySelectorAll("[data-for-chosen]")) button.hidden = chosen === 0;
}
