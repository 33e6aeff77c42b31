// Log sparring: the form over any page (data-quick="sparring", key L), its line read while it is typed, people found by three letters,
// a draft that survives a lost connection (kept for this user on this machine until it is saved, or they sign out).
import { fresh } from "./find.js";
import { recordHere } from "./seen.js";
import { ask, bringIn, tellSaved } from "./server.js";
import { attachChoices, choose } from "./sparring-choices.js";

const PREFIX = "klynge-sparring:";
const SKIP = new Set(["csrf_token", "next"]);
const PAUSE = 200;

export function attachSparring(root) {
  for (const link of fresh(root, 'a[data-quick="sparring"], a[href^="/sparring/new"]', "Sparring")) link.addEventListener("click", open);
  for (const form of fresh(root, "form[data-sparring-log]", "SparringForm")) new Log(form);
  for (const form of fresh(root, "form[data-forget-drafts]", "SparringForget")) form.addEventListener("submit", forget);
}

/** The record that the page is about, if it is about one. */
function about() {
  return recordHere() ?? document.querySelector("main [data-about]")?.dataset.about;
}

function forget() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}

/** Over the page, unless one is on the form's own page already or wants it in a tab of its own. */
async function open(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || document.querySelector("dialog.sparring-dialog")) return;
  event.preventDefault();
  const own = document.querySelector("main form[data-sparring-log]");
  if (own) return own.querySelector("[data-sparring-read]").focus();
  const link = event.currentTarget;
  const url = new URL(link.href);
  const here = about();
  if (here && !url.searchParams.has("about")) url.searchParams.set("about", here);
  const answer = await ask(url.pathname + url.search);
  if (!answer?.html) return;
  const dialog = document.createElement("dialog");
  dialog.className = "form-dialog sparring-dialog";
  dialog.setAttribute("aria-label", link.dataset.paletteAct ?? link.textContent.trim());
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (link.isConnected) link.focus();
  });
  bringIn(dialog, answer.html);
  dialog.showModal();
  dialog.querySelector("[data-sparring-read]").focus();
}

class Log {
  constructor(form) {
    this.form = form;
    this.line = form.querySelector("[data-sparring-read]");
    this.own = form.querySelector("[data-own]");
    this.key = PREFIX + form.dataset.sparringLog;
    this.filling = false;
    attachChoices(form);
    this.before = this.values();
    this.listen();
    if (form.dataset.refused === undefined) this.putBack();
    this.follow();
    if (this.line.value.trim()) this.read();
  }

  listen() {
    this.line.addEventListener("input", () => {
      window.clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => this.read(), PAUSE);
    });
    for (const name of ["input", "change"]) this.form.addEventListener(name, (event) => this.changed(event.target));
    this.form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      if (event.ctrlKey || event.metaKey) this.send(event);
      else if (event.target === this.line) event.preventDefault(); // it is read; saving is Ctrl+Enter
    });
    this.form.addEventListener("submit", (event) => this.send(event));
    this.form.querySelector("[data-sparring-reading]").addEventListener("click", (event) => this.settle(event.target.closest("[data-choose]")));
    this.form.querySelector("[data-sparring-close]").addEventListener("click", (event) => {
      const dialog = this.form.closest("dialog");
      if (!dialog) return;
      event.preventDefault();
      this.drop();
      dialog.close();
    });
  }

  /** What is changed by hand counts more than the line. */
  changed(element) {
    if (element.name === "minutes" && element.checked) this.form.elements.minutes_other.value = "";
    if (element.name === "minutes_other") for (const one of this.form.querySelectorAll("[name=minutes]")) one.checked = false;
    const name = element.name === "minutes_other" ? "minutes" : element.name;
    if (!this.filling && name && element !== this.line) this.mark(name);
    this.follow();
    this.keep();
  }

  mark(name) {
    const names = new Set(this.own.value.split(",").filter(Boolean));
    this.own.value = [...names.add(name)].join(",");
  }

  /** What belongs to a choice is there only with it. */
  follow() {
    const at = (name) => this.form.querySelector(name);
    at("[data-sparring-role]").hidden = this.form.querySelector("[name=channel]:checked")?.value !== "strategy_meeting";
    at("[data-sparring-shared]").hidden = !at("[data-sparring-confidential]").checked;
  }

  async read() {
    const line = this.line.value;
    const place = this.form.querySelector("[data-sparring-reading]");
    if (!line.trim()) return place.replaceChildren();
    const answer = await fetch(`/sparring/read?${this.question(line)}`, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
    if (this.done || !answer?.ok || answer.redirected || line !== this.line.value) return;
    const { html, values, names } = await answer.json();
    place.innerHTML = html;
    const settled = this.settled();
    for (const doubt of place.querySelectorAll("[data-doubt]")) if (settled.includes(doubt.dataset.doubt)) doubt.remove();
    this.fill(values, names);
  }

  /** The line, and whose page it is: of several Annes theirs is meant. */
  question(line) {
    const question = new URLSearchParams({ line });
    for (const option of this.form.querySelectorAll("[data-sparring-organisations] option:checked")) question.append("organisations", option.value);
    return question;
  }

  /** Put what the line says into the fields, but not into those that were changed by hand. */
  fill(values, names) {
    const own = new Set(this.own.value.split(","));
    this.filling = true;
    for (const [name, value] of Object.entries(values)) if (!own.has(name)) put(this.form, name, value, names);
    this.filling = false;
    this.follow();
    this.keep();
  }

  settled() {
    return [...this.form.querySelectorAll("[name=settled]")].map((one) => one.value);
  }

  /** One says what words mean that were not understood: somebody new, one of several, or a part of the note. */
  settle(button) {
    if (!button) return;
    const doubt = button.closest("[data-doubt]");
    const { choose: chosen, field, name } = button.dataset;
    if (chosen === "note") {
      const note = this.form.elements.note;
      note.value = [note.value, doubt.dataset.doubt].filter(Boolean).join("\n");
      this.mark("note");
    } else {
      choose(this.form, field, chosen === "new" ? `new:${name}` : chosen, name);
      this.mark(field);
    }
    const settled = Object.assign(document.createElement("input"), { type: "hidden", name: "settled", value: doubt.dataset.doubt });
    this.form.prepend(settled);
    doubt.remove();
    this.line.focus();
    this.keep();
  }

  values() {
    const found = {};
    for (const [name, value] of new FormData(this.form)) if (!SKIP.has(name)) (found[name] ??= []).push(value);
    return found;
  }

  /** Nothing is to be kept any more: an answer that comes late must not bring the draft back. */
  drop() {
    this.done = true;
    localStorage.removeItem(this.key);
  }

  keep() {
    if (this.done) return;
    const values = this.values();
    const same = JSON.stringify({ ...values, own: [] }) === JSON.stringify({ ...this.before, own: [] });
    if (same) return localStorage.removeItem(this.key);
    const names = {};
    for (const option of this.form.querySelectorAll("select option:checked")) names[option.value] = option.textContent;
    localStorage.setItem(this.key, JSON.stringify({ values, names }));
  }

  putBack() {
    const kept = localStorage.getItem(this.key);
    if (!kept) return;
    const { values, names } = JSON.parse(kept);
    this.filling = true;
    for (const name of ["topics", "organisations", "shared_with", "confidential"]) values[name] ??= [];
    for (const [name, value] of Object.entries(values)) {
      if (name === "settled") for (const one of value) this.form.prepend(Object.assign(document.createElement("input"), { type: "hidden", name, value: one }));
      else put(this.form, name, value, names);
    }
    this.filling = false;
    if (values.referred_to?.[0] || values.confidential.length) this.form.querySelector("[data-sparring-more]").open = true;
    this.tell();
  }

  tell() {
    const note = Object.assign(document.createElement("div"), { className: "notice" });
    const drop = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-link", textContent: this.form.dataset.afresh });
    note.setAttribute("role", "status");
    drop.addEventListener("click", () => this.afresh());
    note.append(`${this.form.dataset.draftKept} `, drop);
    this.form.prepend(note);
  }

  async afresh() {
    this.drop();
    const dialog = this.form.closest("dialog");
    if (!dialog) return window.location.reload();
    const here = about();
    const answer = await ask(`/sparring/new${here ? `?about=${here}` : ""}`);
    if (answer?.html) bringIn(dialog, answer.html);
    dialog.querySelector("[data-sparring-read]")?.focus();
  }

  /** Save. On its own page the browser sends the form itself; a draft is dropped when the server says that it is saved. */
  async send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    window.clearTimeout(this.waiting);
    this.keep();
    const answer = await ask(this.form.action, new FormData(this.form));
    this.sending = false;
    if (!answer) return;
    if (answer.data) return this.saved(answer.data);
    const place = this.form.parentElement;
    bringIn(place, answer.html);
    (place.querySelector('[aria-invalid="true"]') ?? place.querySelector("[data-sparring-read]")).focus();
  }

  saved(record) {
    this.drop();
    const dialog = this.form.closest("dialog");
    if (!dialog) return window.location.assign(this.form.elements.next.value || record.url);
    dialog.close();
    tellSaved(record);
    const here = recordHere();
    if (here && document.getElementById("timeline")) window.htmx.ajax("GET", `/r/${here}/timeline`, { target: "#timeline", swap: "outerHTML" });
    document.body.dispatchEvent(new CustomEvent("klynge:waiting", { bubbles: true }));
  }
}

/** Put a value into a field, whatever its kind; lists tick boxes and choose options. */
function put(form, name, value, names) {
  const all = Array.isArray(value) ? value : [value];
  if (name === "minutes") return putMinutes(form, all[0]);
  const fields = [...form.querySelectorAll(`[name="${name}"]`)];
  if (!fields.length) return;
  if (/^(checkbox|radio)$/.test(fields[0].type)) for (const field of fields) field.checked = all.includes(field.value);
  else if (fields[0].tomselect) choose(form, name, all.filter(Boolean), names);
  else fields[0].value = all[0] ?? "";
}

function putMinutes(form, value) {
  let found = false;
  for (const field of form.querySelectorAll("[name=minutes]")) found = (field.checked = field.value === value) || found;
  form.elements.minutes_other.value = found ? "" : value;
}

