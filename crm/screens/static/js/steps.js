// Small things of single pages: focus on what needs it, blocked steps that must not act, filters that apply at once.
import { fresh } from "./find.js";

export function attachSteps(root) {
  for (const box of fresh(root, "[data-focus]", "Focus")) box.focus();
  for (const button of fresh(root, "[aria-disabled=true]", "Blocked")) button.addEventListener("click", (event) => event.preventDefault());
  for (const field of fresh(root, "[data-apply]", "Apply")) field.addEventListener("change", () => field.form.requestSubmit());
}
