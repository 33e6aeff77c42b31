// The filter builder closes without a new page; it is drawn by the server, and what it gives is an address.
import { fresh } from "./find.js";

export function attachBuilder(root) {
  for (const link of fresh(root, "[data-close-builder]", "CloseBuilder")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      link.closest("form").parentElement.replaceChildren();
      document.getElementById("list-text")?.focus();
    });
  }
}
