// Facts of a record's page: a click on one, or Enter on its pencil, edits it where it stands.
import { fresh } from "./find.js";
import { openEditor } from "./inline-form.js";
import { bringIn } from "./server.js";

export function attachInline(root) {
  for (const pencil of fresh(root, "a[data-inline]", "Inline")) {
    const fact = pencil.closest("[data-fact]");
    pencil.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      edit(fact, pencil);
    });
    fact.querySelector("dd")?.addEventListener("click", (event) => {
      if (event.target.closest("a, button, form, summary") || String(window.getSelection())) return;
      edit(fact, pencil);
    });
  }
}

async function edit(fact, pencil) {
  if (fact.querySelector("[data-inline-form]") || fact.dataset.opening) return;
  fact.dataset.opening = "1";
  const place = document.createElement("div");
  pencil.parentElement.append(place);
  const back = () => {
    place.remove();
    pencil.focus();
  };
  const done = (data) => {
    back();
    showSaved(data);
  };
  if (!(await openEditor(place, pencil.href, { done, shut: back }))) place.remove();
  delete fact.dataset.opening;
}

/** Show everywhere on the page how a record looks now: its facts, its name, its cells, and the version that forms send. */
export function showSaved(data) {
  for (const place of document.querySelectorAll(`[data-record="${data.id}"]`)) {
    place.dataset.version = data.version;
    for (const [name, shown] of Object.entries(data.fields)) showFact(place, name, shown);
  }
  if (document.querySelector(`main [data-record="${data.id}"]`)) {
    for (const field of document.querySelectorAll("main [data-version]")) if (field.type === "hidden") field.value = data.version;
    showName(data);
    showSteps(data);
  }
  for (const row of document.querySelectorAll(`tr[data-id="${data.id}"]`)) showRow(row, data);
  document.dispatchEvent(new CustomEvent("klynge:saved", { detail: data }));
}

function showFact(place, name, shown) {
  for (const value of place.querySelectorAll(`[data-shows="${name}"]`)) {
    value.innerHTML = shown.html || shown.text;
    value.closest(".fact")?.classList.toggle("blank", !shown.text);
  }
}

/** What may be done next may have waited for what was saved: the menu of the state follows. */
function showSteps({ id, steps }) {
  const menu = document.querySelector(`[data-steps-of="${id}"]`);
  if (menu && steps) bringIn(menu, steps);
}

function showName(data) {
  if (!data.fields.title) return;
  for (const name of document.querySelectorAll('[data-fact="title"] .fact-value, [data-shows="title"], .crumbs [aria-current]')) {
    name.textContent = data.title;
  }
  document.title = document.title.replace(/^.*?(?= · Klynge$)/, data.title);
}

/** Show a record's changed fields in a row of a table, wherever their columns stand. */
export function showRow(row, data) {
  row.dataset.version = data.version;
  const headings = [...row.closest("table").querySelectorAll("thead th")];
  for (const [name, shown] of Object.entries(data.fields)) {
    const cell = row.cells[headings.findIndex((one) => one.dataset.field === name)];
    if (!cell) continue;
    cell.innerHTML = shown.cell;
    if (cell.tagName === "TD") cell.classList.toggle("blank", !shown.text);
  }
}
