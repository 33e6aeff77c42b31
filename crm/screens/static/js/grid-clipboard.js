// Ranges of cells copied, pasted (from a sheet too), emptied and filled down: one request, one act, one step to undo.
import { ask as askFirst } from "./ask.js";
import { showRow } from "./inline.js";
import { ask, tellSaved } from "./server.js";
import { readTsv, writeTsv } from "./tsv.js";

const MANY = 200; // above this the outcome is told before anything is changed
let copied = null; // what was copied here last, so that values are taken over exactly

export function copy(range, event) {
  const text = writeTsv(range.marked.map((row) => row.map(({ cell }) => wordsOf(cell))));
  event.clipboardData.setData("text/plain", text);
  event.preventDefault();
  copied = { text, cells: range.marked.map((row) => row.map((one) => ({ id: Number(one.row.dataset.id), field: one.column.field }))) };
}

export function paste(range, event) {
  const text = event.clipboardData.getData("text/plain");
  if (!text) return;
  event.preventDefault();
  const rows = readTsv(text);
  const own = copied?.text === text.replaceAll("\r\n", "\n") ? copied.cells : null;
  const { cells, outside } = spread(range, rows, own);
  send(range, cells, outside);
}

export function empty(range) {
  send(range, range.marked.flat().map((one) => order(one, "")), 0);
}

export function fillDown(range) {
  const [first, ...others] = range.marked;
  const source = others.length ? first : above(range);
  const rows = others.length ? others : range.marked;
  if (!source) return;
  send(range, rows.flatMap((row) => row.map((one, at) => order(one, { from: Number(source[at].row.dataset.id) }))), 0);
}

/** With one row marked, what stands above it is taken. */
function above(range) {
  const { top, left, right } = range.box;
  const row = range.rows[top - 1];
  return row ? range.columns.slice(left, right + 1).map((column) => ({ row, column })) : null;
}

/** Lay what was pasted over the table; a single row, column or cell is repeated over what is marked. */
function spread(range, rows, own) {
  const { top, bottom, left, right } = range.box;
  const height = Math.max(rows.length, fits(bottom - top + 1, rows.length));
  const width = Math.max(rows[0].length, fits(right - left + 1, rows[0].length));
  const [lines, columns] = [range.rows, range.columns];
  const cells = [];
  let outside = 0;
  for (let down = 0; down < height; down += 1) {
    const from = rows[down % rows.length];
    for (let over = 0; over < width; over += 1) {
      const [row, column] = [lines[top + down], columns[left + over]];
      const text = from[over % from.length];
      const source = own?.[down % rows.length]?.[over % from.length];
      if (!row || !column) outside += 1;
      else cells.push(order({ row, column }, source?.field === column.field ? { from: source.id } : text));
    }
  }
  return { cells, outside };
}

function fits(marked, pasted) {
  return marked % pasted === 0 ? marked : pasted;
}

function order({ row, column }, content) {
  return [Number(row.dataset.id), Number(row.dataset.version), column.field, content];
}

async function send(range, cells, outside) {
  if (!cells.length) return;
  const table = range.table;
  const notes = document.querySelector(`[data-grid-notes="${table.dataset.grid}"]`);
  const url = `/t/${table.dataset.grid}/cells`;
  const form = { cells: JSON.stringify(cells) };
  if (cells.length > MANY) {
    const trial = await ask(url, { ...form, try: "1" });
    if (!trial?.data || !(await askFirst(fill(notes.dataset.ask, { changed: trial.data.changed, refused: trial.data.refusals })))) return;
  }
  table.setAttribute("aria-busy", "true");
  const answer = await ask(url, form);
  table.removeAttribute("aria-busy");
  if (!answer?.data) return;
  for (const data of answer.data.rows) {
    for (const row of document.querySelectorAll(`tr[data-id="${data.id}"]`)) showRow(row, data);
  }
  tellSaved(answer.data);
  tellRefused(range, notes, answer.data, outside);
  range.draw(!answer.data.refused.length);
}

function tellRefused(range, notes, { refused, message }, outside) {
  const box = notes.querySelector("[data-grid-refused]");
  const list = box.querySelector("ul") ?? box.insertBefore(document.createElement("ul"), box.querySelector("button"));
  const lines = refused.map((one) => `${one.where}: ${one.reason}`);
  if (outside) lines.push(fill(notes.dataset.outside, { cells: outside }));
  box.querySelector("p").textContent = message;
  list.replaceChildren(...lines.map(line));
  box.hidden = !lines.length;
  for (const cell of range.table.querySelectorAll(".refused")) cell.classList.remove("refused");
  for (const one of refused) {
    const row = range.table.querySelector(`tr[data-id="${one.id}"]`);
    const column = range.columns.find((item) => item.field === one.field);
    if (row && column) row.cells[column.index].classList.add("refused");
  }
  if (lines.length) box.focus();
}

function line(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
}

/** What a cell says; the initials of a person stand in a picture of their own. */
function wordsOf(cell) {
  const copy = cell.cloneNode(true);
  for (const one of copy.querySelectorAll("[aria-hidden]")) one.remove();
  return copy.textContent.replaceAll("\u00a0", " ").trim();
}
