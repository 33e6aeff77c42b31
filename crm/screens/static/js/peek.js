// The quick view: a record beside its list. A click on a row or Space on its name opens it, Ctrl + the middle button on any
// link to a record; Alt + arrows walk the list, Ctrl+Space edits, Esc closes. Scroll and selection of the list stay.
import { fresh } from "./find.js";
import { isGrid } from "./grid.js";
import { showSaved } from "./inline.js";
import { ask, bringIn, focusFirst, tellSaved } from "./server.js";

const PATIENCE = 220; // ms: a double click edits the cell and opens nothing
const NARROW = window.matchMedia("(max-width: 599.98px)");
let panel = null;
let from = null; // what had the focus
let here = null; // the record that is shown
let waiting = 0;

export function listenToPeek() {
  document.addEventListener("auxclick", (event) => {
    const link = event.button === 1 && event.ctrlKey ? event.target.closest?.('a[href^="/r/"]') : null;
    if (!link) return;
    event.preventDefault();
    open(idOf(link), link);
  });
  document.addEventListener("keydown", onKey);
}

export function attachPeek(root) {
  for (const table of fresh(root, "table[data-rows]", "Peek")) {
    table.addEventListener("click", (event) => click(table, event));
    table.addEventListener("dblclick", () => window.clearTimeout(waiting));
    table.addEventListener("keydown", (event) => space(event));
    if (here) mark();
  }
}

function idOf(link) {
  return /^\/r\/(\d+)/.exec(new URL(link.href).pathname)?.[1];
}

function click(table, event) {
  const row = event.target.closest("tbody tr[data-id]");
  if (!row || isGrid(table) || event.detail > 1 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("a, button, input, label, select, textarea, td.choose") || String(window.getSelection())) return;
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => open(row.dataset.id, nameOf(row)), table.dataset.grid ? PATIENCE : 0);
}

function space(event) {
  if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  const row = event.target.closest("tbody tr[data-id]");
  if (!row || !event.target.matches("th a, td, th")) return;
  event.preventDefault();
  open(row.dataset.id, event.target);
}

function nameOf(row) {
  return row.querySelector("th a") ?? row;
}

/** Open the quick view of a record; `opener` gets the focus back. */
async function open(id, opener) {
  if (!id) return;
  const answer = await ask(`/r/${id}/peek`);
  if (!answer?.html || answer.status !== 200) return;
  if (!panel) make();
  from = panel.hidden || !panel.contains(document.activeElement) ? opener : from;
  here = id;
  show(answer.html);
  panel.hidden = false;
  cover(NARROW.matches);
  mark();
  panel.querySelector("#peek-title").focus({ preventScroll: true });
}

function make() {
  panel = document.createElement("section");
  panel.className = "peek print-hide";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-labelledby", "peek-title");
  document.body.append(panel);
  NARROW.addEventListener("change", () => !panel.hidden && cover(NARROW.matches));
}

/** On a phone it covers the page: what lies below can be reached no more. */
function cover(whole) {
  panel.setAttribute("aria-modal", String(whole));
  document.querySelector(".shell").inert = whole;
}

function show(html) {
  bringIn(panel, html);
  panel.scrollTop = 0;
  panel.querySelector("[data-peek-shut]")?.addEventListener("click", shut);
  panel.querySelector("[data-peek-edit]")?.addEventListener("click", edit);
  for (const button of panel.querySelectorAll("[data-peek-step]")) {
    button.disabled = !beside(Number(button.dataset.peekStep));
    button.addEventListener("click", () => walk(Number(button.dataset.peekStep)));
  }
}

function beside(step) {
  const row = document.querySelector(`main tr[data-id="${here}"]`);
  const rows = [...(row?.closest("table").querySelectorAll("tbody tr[data-id]") ?? [])];
  return rows[rows.indexOf(row) + step] ?? null;
}

async function walk(step) {
  const row = beside(step);
  if (!row) return;
  from = nameOf(row);
  await open(row.dataset.id, from);
  row.scrollIntoView({ block: "nearest" });
}

function mark() {
  for (const row of document.querySelectorAll("tr.peeked")) row.classList.remove("peeked");
  for (const row of document.querySelectorAll(`main tr[data-id="${here}"]`)) row.classList.add("peeked");
}

export function shut() {
  if (!panel || panel.hidden) return;
  panel.hidden = true;
  const name = document.querySelector(`main tr[data-id="${here}"] th a`); // a saved name is a new link
  here = null;
  cover(false);
  mark();
  panel.replaceChildren();
  (from?.isConnected ? from : name)?.focus({ preventScroll: true });
}

async function edit() {
  const id = here;
  const answer = await ask(`/r/${id}/edit`);
  if (answer?.html && here === id) form(answer.html);
}

function form(html) {
  const body = panel.querySelector(".peek-body");
  bringIn(body, html);
  body.querySelector("h2")?.remove();
  const sheet = body.querySelector("form");
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    save(sheet);
  });
  sheet.querySelector(".form-foot [data-drop-draft]")?.addEventListener("click", (event) => {
    event.preventDefault();
    open(here, from);
  });
  focusFirst(sheet.querySelector("#clashes, #form-errors") ?? sheet.querySelector(".form-grid"));
}

async function save(sheet) {
  if (sheet.dataset.sending) return;
  sheet.dataset.sending = "1";
  const answer = await ask(sheet.action, new FormData(sheet));
  delete sheet.dataset.sending;
  if (!answer) return;
  if (!answer.data) {
    form(answer.html);
    return;
  }
  showSaved(answer.data);
  tellSaved(answer.data);
  await open(here, from);
  sessionStorage.removeItem(`klynge-draft:${sheet.dataset.draft}`);
}

function onKey(event) {
  if (!panel || panel.hidden || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") stop(event, () => (panel.querySelector(".record-form") ? open(here, from) : shut()));
  else if (event.altKey && event.key === "ArrowDown") stop(event, () => walk(1));
  else if (event.altKey && event.key === "ArrowUp") stop(event, () => walk(-1));
  else if (event.ctrlKey && event.code === "Space" && panel.querySelector("[data-peek-edit]")) stop(event, edit);
}

function stop(event, act) {
  event.preventDefault();
  event.stopPropagation();
  act();
}
