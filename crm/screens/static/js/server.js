// Asking the server by script: with the CSRF token, as a fragment (HX-Request), and with its refusals said in words.
import { words } from "./find.js";
import { say } from "./toast.js";

/** Ask; gives {status, html} for a fragment, {status, data} for JSON, or null when nothing can be shown (it has been said). */
export async function ask(url, form = null) {
  const headers = { "HX-Request": "true", "HX-Current-URL": window.location.href, Accept: "text/html, application/json" };
  const options = { headers, credentials: "same-origin" };
  if (form) {
    headers["X-CSRF-Token"] = document.querySelector('meta[name="csrf-token"]').content;
    Object.assign(options, { method: "POST", body: new URLSearchParams(form) });
  }
  let answer;
  try {
    answer = await fetch(url, options);
  } catch {
    say(words().offline, "danger");
    return null;
  }
  const away = answer.headers.get("HX-Redirect");
  if (away) {
    window.location.assign(away);
    return null;
  }
  return read(answer);
}

/** Say what was saved, with its Undo; it takes the place of the one before, since cells are saved one after the other. */
export function tellSaved({ message, undo }) {
  for (const line of document.querySelectorAll(".toast-line[data-edit]")) line.remove();
  say(message, "success", undo);
  const line = document.querySelector("#toasts .toast-line:last-child");
  if (line) line.dataset.edit = "";
}

async function read(answer) {
  const told = message(answer);
  if (told) say(told.text, told.level);
  else if (answer.status >= 500) say(words().failed, "danger");
  if (told || answer.status >= 500) return null;
  const kind = answer.headers.get("Content-Type") ?? "";
  if (kind.startsWith("application/json")) return { status: answer.status, data: await answer.json() };
  return { status: answer.status, html: await answer.text() };
}

function message(answer) {
  const spoken = answer.headers.get("HX-Trigger");
  if (!spoken) return null;
  try {
    return JSON.parse(spoken)["klynge:message"] ?? null;
  } catch {
    return null;
  }
}

/** Put HTML of ours into an element and let all modules attach to it. */
export function bringIn(element, html) {
  element.innerHTML = html;
  window.htmx?.process(element);
  element.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: element } }));
}

/**
 * Go to the first input of a form that a person can use, or with `empty` to the first that is not filled in yet; a select that
 * became a search box gives its own input.
 */
export function focusFirst(root, { empty = false } = {}) {
  const found = root.querySelector('[aria-invalid="true"]') ?? (empty && controls(root).find((one) => !one.value)) ?? null;
  return focusOn(found || firstControl(root));
}

function focusOn(found) {
  const target = found?.tomselect?.control_input ?? found;
  target?.focus();
  if (target?.matches("input:not([type]), input[type=text]")) target.select();
  return Boolean(target);
}

function controls(root) {
  return [...root.querySelectorAll("input[name], select, textarea")].filter((one) => one.type !== "hidden" && !one.disabled);
}

function firstControl(root) {
  const found = controls(root);
  return found.find((one) => one.checked || one.type !== "radio") ?? found[0] ?? root.querySelector("button");
}
