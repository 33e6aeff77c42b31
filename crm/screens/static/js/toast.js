// Messages at the foot of the page. They live in a polite live region; one with an Undo stays until it is closed.
import { fresh, words } from "./find.js";

const SECONDS = 8;

/** Say something, as text; with an address to take it back, an Undo stands beside it. */
export function say(text, level = "info", undoUrl = null) {
  const line = document.createElement("div");
  line.className = `toast-line ${level}`;
  const span = document.createElement("span");
  span.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.closeToast = "";
  close.textContent = words().close;
  line.append(span, ...(undoUrl ? [undoForm(undoUrl)] : []), close);
  if (undoUrl) {
    // What was said before can still be taken back by its key and by the list of acts; a pile of offers would hide the page.
    for (const earlier of document.querySelectorAll("#toasts [data-said]")) earlier.remove();
    line.dataset.said = "";
  }
  document.getElementById("toasts").append(line);
  attachToasts(line);
}

function undoForm(url) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const token = document.querySelector('meta[name="csrf-token"]').content;
  for (const [name, value] of [["csrf_token", token], ["next", window.location.pathname + window.location.search + window.location.hash]]) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  const button = document.createElement("button");
  button.className = "undo";
  button.textContent = words().undo;
  form.append(button);
  return form;
}

export function attachToasts(root) {
  for (const line of fresh(root, ".toast-line", "Toast")) {
    line.querySelector("[data-close-toast]").addEventListener("click", () => line.remove());
    // A live region speaks of what comes into it, not of what was there when the page was made.
    if (root === document.body) window.setTimeout(() => line.parentElement?.append(line), 150);
    if (!line.querySelector("form, a") && !line.classList.contains("danger")) goLater(line);
  }
}

function goLater(line) {
  const held = () => line.matches(":hover, :focus-within");
  window.setTimeout(() => (held() ? goLater(line) : line.remove()), SECONDS * 1000);
}
