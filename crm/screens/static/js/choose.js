// Choosing rows of a list: boxes, Shift for a range, the box of the heading for the whole page. Others listen to the document's
// `klynge:chosen` ({ids, total}) and may send `klynge:choose-none`.
import { fresh } from "./find.js";

export function attachChoose(root) {
  for (const table of fresh(root, "table[data-rows]", "Choose")) {
    let last = null;
    table.addEventListener("click", (event) => {
      const box = event.target.closest("tbody td.choose input");
      if (!box) return;
      if (event.shiftKey && last?.isConnected) chooseRange(boxes(table), last, box);
      last = box;
      tell(table);
    });
    table.querySelector("[data-choose-all]")?.addEventListener("change", (event) => {
      for (const box of boxes(table)) box.checked = event.target.checked;
      tell(table);
    });
    tell(table);
  }
}

document.addEventListener("klynge:choose-none", () => {
  for (const table of document.querySelectorAll("table[data-rows]")) {
    for (const box of boxes(table)) box.checked = false;
    tell(table);
  }
});

function boxes(table) {
  return [...table.querySelectorAll("tbody td.choose input")];
}

function chooseRange(all, from, to) {
  const [first, last] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  for (const box of all.slice(first, last + 1)) box.checked = to.checked;
}

function tell(table) {
  const all = boxes(table);
  const chosen = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr").classList.toggle("chosen", box.checked);
  const every = table.querySelector("[data-choose-all]");
  if (every) {
    every.checked = chosen.length > 0 && chosen.length === all.length;
    every.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const detail = { ids: chosen.map((box) => box.value), total: all.length };
  document.dispatchEvent(new CustomEvent("klynge:chosen", { detail }));
}
