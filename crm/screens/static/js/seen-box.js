// The box "Seen lately" of the home page: filled from the ids that this browser keeps, and hidden while there are none.
import { fresh } from "./find.js";
import { askSeen } from "./palette-sources.js";

export function attachSeenBox(root) {
  for (const box of fresh(root, "[data-seen-box]", "Seen")) fill(box);
}

async function fill(box) {
  const found = await askSeen();
  box.hidden = !found.length;
  box.querySelector("ul").replaceChildren(...found.map(line));
}

function line({ label, detail, url }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const kind = document.createElement("span");
  link.href = url;
  link.textContent = label;
  kind.className = "muted small";
  kind.textContent = detail;
  item.append(link, kind);
  return item;
}
