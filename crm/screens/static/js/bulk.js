// The bar of acts on chosen rows, and its dialog. The rows tell by `klynge:chosen` which are chosen (choose.js).
import { fresh } from "./find.js";

let chosen = [];
let whole = false;
let last = null; // the box that was used last: where the keyboard goes back to

document.addEventListener("klynge:chosen", (event) => {
  chosen = event.detail.ids;
  whole = false;
  const bar = document.getElementById("bulk-bar");
  if (bar) show(bar, event.detail.total);
});

export function attachBulk(root) {
  // The whole list as a file: without a script it is a page of its own.
  for (const link of fresh(root, "a[data-export-list]", "Bulk")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      openDialog(link.dataset.exportList, { "bulk-whole": "1", "bulk-list": address() });
    });
  }
  for (const bar of fresh(root, "[data-bulk]", "Bulk")) {
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.bulkAct) open(bar, button.dataset.bulkAct);
      else if ("bulkWhole" in button.dataset) choose(bar, !whole);
      else if ("bulkPage" in button.dataset) choosePage();
      else if ("bulkNone" in button.dataset) none();
    });
    bar.addEventListener("keydown", (event) => {
      if (event.key === "Escape") (last ?? document.querySelector("td.choose input"))?.focus();
    });
  }
  for (const dialog of fresh(root, "#bulk-dialog", "Bulk")) {
    dialog.addEventListener("click", (event) => {
      if (!event.target.closest("[data-bulk-close]")) return;
      event.preventDefault();
      dialog.close();
    });
    // A file is fetched beside the page: the dialog has done its work.
    dialog.addEventListener("submit", (event) => {
      if ("export" in event.target.dataset) dialog.close();
    });
    // A refusal is an answer too: the dialog as it was typed, with what is wrong.
    dialog.addEventListener("htmx:beforeSwap", (event) => {
      if (![409, 422].includes(event.detail.xhr.status)) return;
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    });
    dialog.addEventListener("htmx:afterSwap", () => dialog.querySelector("[data-focus]")?.focus());
  }
}

// From a box, Enter leads to the acts, and Escape chooses none.
document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.(".choose input");
  const bar = document.getElementById("bulk-bar");
  if (!box || !bar || bar.hidden) return;
  last = box;
  if (event.key === "Enter") {
    event.preventDefault();
    bar.querySelector("[data-bulk-act]").focus();
  } else if (event.key === "Escape") none();
});

/** On a phone the table has no heading to choose all rows by. */
function choosePage() {
  const every = document.querySelector("[data-choose-all]");
  every.checked = true;
  every.dispatchEvent(new Event("change", { bubbles: true }));
}

function none() {
  document.dispatchEvent(new CustomEvent("klynge:choose-none"));
  last?.focus();
}

function show(bar, total) {
  bar.hidden = chosen.length === 0;
  bar.querySelector("[data-bulk-number]").textContent = String(chosen.length);
  const button = bar.querySelector("[data-bulk-whole]");
  button.hidden = true;
  bar.querySelector("[data-bulk-page]").classList.toggle("d-none", chosen.length === total);
  button.setAttribute("aria-pressed", "false");
  if (chosen.length && chosen.length === total) offerWhole(bar, button, total);
}

/** When all rows of the page are chosen and the result goes on, offer all of it, with its exact number. */
async function offerWhole(bar, button, total) {
  await window.htmx.ajax("GET", `${bar.dataset.bulk}/bulk/number?${new URLSearchParams({ "bulk-list": address() })}`, {
    target: button,
    swap: "innerHTML",
  });
  const number = Number(button.querySelector("[data-number]")?.dataset.number ?? 0);
  if (chosen.length === total && number > total) button.hidden = false;
}

function choose(bar, all) {
  whole = all;
  const button = bar.querySelector("[data-bulk-whole]");
  button.setAttribute("aria-pressed", String(all));
  const number = all ? button.querySelector("[data-number]").dataset.number : String(chosen.length);
  bar.querySelector("[data-bulk-number]").textContent = Number(number).toLocaleString(document.documentElement.lang);
}

function open(bar, act) {
  const path = act === "export" ? `${bar.dataset.bulk}/export` : `${bar.dataset.bulk}/bulk/${act}`;
  openDialog(path, { "bulk-ids": whole ? "" : chosen.join(","), "bulk-whole": whole ? "1" : "", "bulk-list": address() });
}

function openDialog(path, facts) {
  const dialog = document.getElementById("bulk-dialog");
  window.htmx.ajax("GET", `${path}?${new URLSearchParams(facts)}`, { target: dialog, swap: "innerHTML" }).then(() => {
    if (!dialog.open && dialog.childElementCount) dialog.showModal();
    dialog.querySelector("[data-focus]")?.focus();
  });
}

/** The list as the address has it, from its first row. */
function address() {
  const found = new URLSearchParams(window.location.search);
  for (const name of ["after", "trail"]) found.delete(name);
  return found.toString();
}
