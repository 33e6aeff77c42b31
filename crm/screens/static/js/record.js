// A record, wherever it is shown: facts and cells edited where they stand, forms in dialogs, the quick view.
import { attachDialogs } from "./dialog.js";
import { fresh } from "./find.js";
import { attachGrids } from "./grid.js";
import { attachInline } from "./inline.js";
import { attachPeek, listenToPeek } from "./peek.js";

listenToPeek();

export function attachRecord(root) {
  for (const attach of [attachInline, attachDialogs, attachGrids, attachPeek]) attach(root);
  for (const button of fresh(root, "[data-print]", "Print")) button.addEventListener("click", () => window.print());
}
