// form[data-draft="key"]: what is typed is kept in this tab until it is saved, so that a lost connection or session costs nothing.
import { fresh, words } from "./find.js";

const PREFIX = "klynge-draft:";
const SKIP = new Set(["csrf_token", "seen_version"]);

export function attachDrafts(root) {
  for (const form of fresh(root, "form[data-draft]", "Draft")) {
    const key = PREFIX + form.dataset.draft;
    const before = beginning(form, key);
    if (form.dataset.refused === undefined) putBack(form, key);
    for (const event of ["input", "change"]) form.addEventListener(event, () => keep(key, before, form));
  }
  for (const link of fresh(root, "[data-drop-draft]", "Drop")) {
    link.addEventListener("click", () => sessionStorage.removeItem(PREFIX + link.closest("form").dataset.draft));
  }
  for (const form of fresh(root, "form[data-forget-drafts]", "Forget")) form.addEventListener("submit", () => forget(() => true));
}

/** Forget what the server says it has saved. A form that was only sent may have met a lost session: its draft stays. */
export function sweepDrafts() {
  const saved = new Set([...document.querySelectorAll("[data-saved]")].map((line) => PREFIX + line.dataset.saved));
  forget((key) => saved.has(key));
}

/** What the form held when the typing began; a refused form comes back full, and its beginning is in the draft. */
function beginning(form, key) {
  const kept = form.dataset.refused === undefined ? null : sessionStorage.getItem(key);
  return kept ? JSON.parse(kept).before : read(form);
}

function forget(test) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && test(key)) sessionStorage.removeItem(key);
  }
}

function read(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (SKIP.has(name) || typeof value !== "string") continue;
    values[name] = name in values ? `${values[name]},${value}` : value; // ticked boxes of one name
  }
  return values;
}

function keep(key, before, form) {
  const values = read(form);
  const names = chosenNames(form);
  if (JSON.stringify(before) === JSON.stringify(values)) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, JSON.stringify({ values, before, names }));
}

/** The names of chosen records: the box knows only what the server has sent it. */
function chosenNames(form) {
  const names = {};
  for (const { name, tomselect } of form.elements) {
    const option = tomselect?.options[tomselect.getValue()];
    if (option?.title) names[name] = option.title;
  }
  return names;
}

function putBack(form, key) {
  const kept = sessionStorage.getItem(key);
  if (!kept) return;
  const { values, before, names } = JSON.parse(kept);
  for (const field of form.elements) {
    // Only what was typed is put back: the record may have moved on in its other fields.
    if (!field.name || SKIP.has(field.name) || (field.type === "hidden" && field.dataset.kept === undefined) || values[field.name] === before[field.name]) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = (values[field.name] ?? "").split(",").includes(field.value);
    else if (field.tomselect) putChoice(field.tomselect, values[field.name], names?.[field.name]);
    else if (values[field.name] !== undefined) field.value = values[field.name];
    field.dispatchEvent(new CustomEvent("klynge:drafted")); // what is drawn over a field follows
  }
  tellOf(form, key);
}

function putChoice(picker, value, title) {
  if (value && title) picker.addOption({ id: value, title });
  if (!value || picker.options[value]) picker.setValue(value ?? "", true);
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
