// The box "Seen lately" of the home page: filled from the ids that this browser keeps; while there are none it says what will stand there.
import { fresh } from "./find.js";
import { askSeen } from "./palette-sources.js";

export function attachSeenBox(root) {
  for (const box of fresh(root, "[data-seen-box]", "Seen")) fill(box);
}

async function fill(box) {
  const found = await askSeen();
  const list = box.querySelector("ul");
  list.replaceChildren(...found.map(line));
  list.hidden = !found.length;
  box.querySelector("[data-seen-none]").hidden = found.length > 0;
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
