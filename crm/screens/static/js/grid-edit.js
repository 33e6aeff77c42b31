// The editor of a cell: the field's own form, laid over the cell. Tab saves and goes right, Enter saves and goes down, Esc restores.
import { openEditor } from "./inline-form.js";
import { showSaved } from "./inline.js";

/**
 * Edit a cell of a range; `moved(direction)` when it is done, "stay" when given up. `opening` gathers what is typed meanwhile:
 * `typed` replaces what stands in the cell, `leave` is where to go at once, `given` that it was given up.
 */
export async function editCell(range, { opening, moved }) {
  const place = range.at;
  const cell = range.cell(place);
  const row = cell.closest("tr");
  const field = range.columns[place.column].field;
  const box = document.createElement("div");
  box.className = "cell-editor";
  document.getElementById("main").append(box);
  let direction = "stay";
  let before = null;
  const away = (event) => {
    if (box.contains(event.target) || event.target.closest("#toasts, dialog, .ts-dropdown")) return;
    const form = box.querySelector("form");
    if (form && read(form) !== before) form.requestSubmit();
    else shut();
  };
  const shut = () => {
    document.removeEventListener("mousedown", away, true);
    box.remove();
    if (!opening.given) moved(direction);
  };
  const keys = (event, form) => {
    const go = leaving(event, form);
    if (!go) return;
    event.preventDefault();
    direction = go;
    if (read(form) === before) shut();
    else form.requestSubmit();
  };
  const done = (data) => {
    showSaved(data);
    shut();
  };
  const opened = await openEditor(box, `/r/${row.dataset.id}/field/${field}`, { done, shut, keys });
  if (!opened) {
    cell.setAttribute("aria-readonly", "true");
    shut();
    return;
  }
  const form = box.querySelector("form");
  if (opening.given) {
    shut();
    range.at && range.draw(true);
    return;
  }
  before = read(form);
  lay(box, cell);
  document.addEventListener("mousedown", away, true);
  if (opening.typed !== null) type(form, opening.typed);
  if (opening.leave) {
    direction = opening.leave;
    if (read(form) === before) shut();
    else form.requestSubmit();
  }
}

/** Write over what stands in the field; a box to choose in searches for it. */
function type(form, text) {
  const picker = form.querySelector("select")?.tomselect;
  const input = form.querySelector("input:not([type=hidden], [type=checkbox], [type=radio]), textarea");
  if (picker) {
    picker.setTextboxValue(text);
    picker.refreshOptions(true);
    picker.load?.(text);
  } else if (input) input.value = text;
}

function read(form) {
  return new URLSearchParams(new FormData(form)).toString();
}

/** Where a key leads to out of the editor; nothing while it belongs to the input itself. */
function leaving(event, form) {
  if (event.isComposing) return null;
  const chosen = event.defaultPrevented && event.target.closest(".ts-wrapper"); // the key has just chosen in a box
  if (event.defaultPrevented && !chosen) return null;
  if (event.key === "Enter" && !event.shiftKey && !event.target.matches("textarea, button, a, [type=checkbox]")) return "down";
  if (event.key !== "Tab") return null;
  if (chosen) return event.shiftKey ? "left" : "right";
  const controls = [...form.querySelectorAll("input, select, textarea, .ts-control input")].filter(isUsed);
  const edge = event.shiftKey ? controls[0] : controls.at(-1);
  if (controls.length > 1 && event.target !== edge) return null;
  return event.shiftKey ? "left" : "right";
}

function isUsed(control) {
  return control.type !== "hidden" && control.tabIndex >= 0 && !control.disabled && control.getAttribute("aria-hidden") !== "true";
}

/** Lay the editor over its cell; on a narrow screen over its whole width. */
function lay(box, cell) {
  const at = cell.getBoundingClientRect();
  const origin = (box.offsetParent ?? document.body).getBoundingClientRect();
  const width = Math.min(Math.max(at.width, box.querySelector("textarea, fieldset") ? 420 : 240), window.innerWidth - 16);
  const left = Math.max(8, Math.min(at.left, window.innerWidth - width - 8));
  box.style.width = `${width}px`;
  box.style.left = `${left - origin.left}px`;
  box.style.top = `${at.top - origin.top}px`;
  box.scrollIntoView({ block: "nearest" });
}
