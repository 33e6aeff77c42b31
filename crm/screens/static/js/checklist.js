// Checklists: rows ticked off where they are shown, one click each (views/checklists.py); and textarea[data-checklist-text], over
// which an editor of rows is drawn. The textarea stays the form's field and holds a row a line: [x] text.
import { fresh } from "./find.js";
import { showSaved } from "./inline.js";
import { libraries } from "./lib.js";
import { ask, tellSaved } from "./server.js";

const LINE = /^\s*(?:[-*]\s*)?\[([ xX✓]?)\]\s?(.*)$/;

// -- ticking ----------------------------------------------------------------------------------------------------------------

/** One listener for the page: a list that was saved is drawn anew, so nothing may hang on its buttons. */
export function listenToChecklists() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-checklist]") || !event.submitter) return;
    event.preventDefault();
    tick(event.target, event.submitter);
  });
}

async function tick(form, button) {
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  button.classList.toggle("ticked"); // at once; what is stored is drawn when the answer comes
  const place = [...form.querySelectorAll("[data-tick]")].indexOf(button);
  const shows = form.closest("[data-shows]");
  const answer = await ask(form.action, new FormData(form, button));
  delete form.dataset.sending;
  if (!answer?.data) {
    button.classList.toggle("ticked");
    return;
  }
  tellSaved(answer.data);
  showSaved(answer.data);
  shows?.querySelectorAll("[data-tick]")[place]?.focus();
}

// -- the editor -------------------------------------------------------------------------------------------------------------

export function attachChecklists(root) {
  for (const area of fresh(root, "textarea[data-checklist-text]", "Checklist")) begin(area);
}

function begin(area) {
  const list = document.createElement("ol");
  list.className = "checklist-rows";
  const add = makeButton("checklist-add btn btn-link", area.dataset.add, "+ ");
  const box = document.createElement("div");
  box.className = "checklist-editor";
  box.append(list, add);
  area.before(box);
  area.classList.add("visually-hidden");
  area.tabIndex = -1;
  area.setAttribute("aria-hidden", "true");
  area.parentElement.querySelector("[data-checklist-plain]")?.setAttribute("hidden", "");
  const editor = { area, list, number: 0 };
  fill(editor);
  area.addEventListener("focus", () => inputs(list)[0]?.focus());
  area.addEventListener("klynge:drafted", () => fill(editor));
  add.addEventListener("click", () => focusEnd(addRow(editor, "", false, null)));
  list.addEventListener("input", () => write(editor));
  list.addEventListener("keydown", (event) => onKey(event, editor));
  list.addEventListener("paste", (event) => onPaste(event, editor));
  list.addEventListener("click", (event) => onClick(event, editor));
  dragRows(editor);
}

async function dragRows(editor) {
  await libraries([editor.area.dataset.library]);
  if (!editor.list.isConnected) return;
  window.Sortable.create(editor.list, { handle: ".checklist-grip", forceFallback: true, animation: 120, onEnd: () => write(editor) });
}

function fill(editor) {
  editor.list.replaceChildren();
  for (const line of editor.area.value.split("\n")) {
    const found = LINE.exec(line);
    const text = (found ? found[2] : line).trim();
    if (text) addRow(editor, text, Boolean(found?.[1].trim()), null);
  }
  if (!editor.list.children.length) addRow(editor, "", false, null);
}

/** Add a row after another, or at the end; gives its input. */
function addRow(editor, text, done, after) {
  const { area, list } = editor;
  const row = document.createElement("li");
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", checked: done, className: "form-check-input" });
  box.setAttribute("aria-label", area.dataset.done);
  const input = document.createElement("input");
  Object.assign(input, { type: "text", value: text, className: "form-control", maxLength: 200, autocomplete: "off" });
  input.setAttribute("aria-label", area.dataset.row);
  const grip = document.createElement("span");
  grip.className = "checklist-grip";
  grip.setAttribute("aria-hidden", "true");
  grip.textContent = "⋮⋮";
  const up = makeButton("row-act", area.dataset.up, "↑", "up");
  const down = makeButton("row-act", area.dataset.down, "↓", "down");
  const remove = makeButton("row-act", area.dataset.remove, "×", "remove");
  row.append(grip, box, input, up, down, remove);
  if (after) after.after(row);
  else list.append(row);
  return input;
}

function makeButton(className, words, sign, act = "") {
  const button = Object.assign(document.createElement("button"), { type: "button", className });
  if (act) {
    button.dataset.act = act;
    button.title = words;
    button.setAttribute("aria-label", words);
    button.textContent = sign;
  } else button.textContent = `${sign}${words}`;
  return button;
}

/** The textarea's own value is what is sent, drafted and compared. */
function write({ area, list }) {
  const rows = [...list.children].map((row) => [row.querySelector("[type=checkbox]").checked, row.querySelector("[type=text]").value.trim()]);
  area.value = rows
    .filter(([, text]) => text)
    .map(([done, text]) => `[${done ? "x" : " "}] ${text}`)
    .join("\n");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function onClick(event, editor) {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (!act) return;
  const row = event.target.closest("li");
  if (act === "remove") removeRow(editor, row);
  else {
    move(row, act === "up" ? -1 : 1);
    row.querySelector(`[data-act=${act}]`).focus();
  }
  write(editor);
}

/** Enter: a row below. Alt with an arrow: the row moves; an arrow alone goes to the next. Backspace in an empty row removes it. */
function onKey(event, editor) {
  if (!event.target.matches("[type=text]") || event.ctrlKey || event.metaKey) return;
  const row = event.target.closest("li");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.key === "Enter") focusEnd(addRow(editor, "", false, row));
  else if (step && event.altKey) {
    move(row, step);
    event.target.focus();
    write(editor);
  } else if (step) (step < 0 ? row.previousElementSibling : row.nextElementSibling)?.querySelector("[type=text]").focus();
  else if (event.key === "Backspace" && !event.target.value) {
    removeRow(editor, row);
    write(editor);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function move(row, step) {
  if (step < 0) row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
}

function removeRow(editor, row) {
  const next = row.previousElementSibling ?? row.nextElementSibling;
  row.remove();
  focusEnd(next ? next.querySelector("[type=text]") : addRow(editor, "", false, null));
}

/** Several lines become several rows. */
function onPaste(event, editor) {
  const lines = event.clipboardData.getData("text").split(/\r?\n/).filter((line) => line.trim());
  if (lines.length < 2 || !event.target.matches("[type=text]")) return;
  event.preventDefault();
  let row = event.target.closest("li");
  const first = event.target.value.trim() ? null : row;
  for (const line of lines) {
    const found = LINE.exec(line);
    row = addRow(editor, (found ? found[2] : line).trim(), Boolean(found?.[1].trim()), row).closest("li");
  }
  first?.remove();
  focusEnd(row.querySelector("[type=text]"));
  write(editor);
}

function focusEnd(input) {
  input.focus();
  input.setSelectionRange(input.value.length, input.value.length);
}

function inputs(list) {
  return [...list.querySelectorAll("[type=text]")];
}
