// form[data-draft="key"]: what is typed is kept in this tab until it is saved, so that a lost connection or session costs nothing.
import { fresh, words } from "./find.js";

const PREFIX = "klynge-draft:";
const SKIP = new Set(["csrf_token", "seen_version"]);

export function attachDrafts(root) {
  for (const form of fresh(root, "form[data-draft]", "Draft")) {
    const key = PREFIX + form.dataset.draft;
    const before = beginning(form, key);
    if (form.dataset.refused === undefined) putBack(form, key);
    form.addEventListener("input", () => keep(key, before, read(form)));
    form.addEventListener("change", () => keep(key, before, read(form)));
    form.addEventListener("submit", () => {
      const kept = sessionStorage.getItem(key);
      if (kept) sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(kept), sent: true }));
    });
  }
  for (const link of fresh(root, "[data-drop-draft]", "Drop")) {
    link.addEventListener("click", () => sessionStorage.removeItem(PREFIX + link.closest("form").dataset.draft));
  }
  for (const form of fresh(root, "form[data-forget-drafts]", "Forget")) form.addEventListener("submit", () => forget(() => true));
}

/** A draft whose form was sent, and is not on this signed-in page any more, was saved. */
export function sweepDrafts() {
  if (document.body.dataset.signedIn === undefined) return;
  const here = new Set([...document.querySelectorAll("form[data-draft]")].map((form) => PREFIX + form.dataset.draft));
  forget((key, draft) => draft.sent && !here.has(key));
}

/** What the form held when the typing began; a refused form comes back full, and its beginning is in the draft. */
function beginning(form, key) {
  const kept = form.dataset.refused === undefined ? null : sessionStorage.getItem(key);
  return kept ? JSON.parse(kept).before : read(form);
}

function forget(test) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && test(key, JSON.parse(sessionStorage.getItem(key)))) sessionStorage.removeItem(key);
  }
}

function read(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) if (!SKIP.has(name) && typeof value === "string") values[name] = value;
  return values;
}

function keep(key, before, now) {
  const changed = JSON.stringify(before) !== JSON.stringify(now);
  if (changed) sessionStorage.setItem(key, JSON.stringify({ values: now, before }));
  else sessionStorage.removeItem(key);
}

function putBack(form, key) {
  const kept = sessionStorage.getItem(key);
  if (!kept) return;
  const { values, before } = JSON.parse(kept);
  if (JSON.stringify(before) !== JSON.stringify(read(form)) && Object.keys(before).length) {
    sessionStorage.removeItem(key); // the record has moved on: what was typed belongs to another version
    return;
  }
  for (const field of form.elements) {
    if (!field.name || SKIP.has(field.name) || field.type === "hidden") continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values[field.name] === field.value;
    else if (field.tomselect) putChoice(field, values[field.name]);
    else if (values[field.name] !== undefined) field.value = values[field.name];
  }
  tellOf(form, key);
}

function putChoice(select, value) {
  if (value && !select.tomselect.options[value]) return;
  select.tomselect.setValue(value ?? "", true);
}

function tellOf(form, key) {
  const note = document.createElement("div");
  note.className = "notice";
  note.setAttribute("role", "status");
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn btn-link";
  drop.textContent = words().draftDrop;
  drop.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    window.location.reload();
  });
  note.append(`${words().draft} `, drop);
  form.prepend(note);
}
