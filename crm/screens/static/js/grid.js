// A table as a sheet. It stays a plain table until one turns it into a grid: by its button, a double click, or F2 on a name.
import { fresh } from "./find.js";
import { copy, empty, fillDown, paste } from "./grid-clipboard.js";
import { editCell } from "./grid-edit.js";
import { Range } from "./grid-range.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const MOVES = { up: [-1, 0], down: [1, 0], left: [0, -1], right: [0, 1] };
const grids = new WeakMap();

export function attachGrids(root) {
  for (const table of fresh(root, "table[data-grid]", "Grid")) grids.set(table, new Grid(table));
  for (const button of fresh(root, "[data-grid-toggle]", "GridToggle")) {
    button.hidden = false;
    button.addEventListener("click", () => gridOf(button.dataset.gridToggle)?.toggle());
  }
}

function gridOf(key) {
  return grids.get(document.querySelector(`table[data-grid="${key}"]`));
}

/** Whether a table is a sheet just now: then a click marks a cell and opens nothing. */
export function isGrid(table) {
  return table?.getAttribute("role") === "grid";
}

class Grid {
  constructor(table) {
    this.table = table;
    this.range = new Range(table);
    this.editing = false;
    table.addEventListener("dblclick", (event) => this.open(event));
    table.addEventListener("mousedown", (event) => this.press(event));
    table.addEventListener("click", (event) => this.click(event), true);
    table.addEventListener("mousemove", (event) => this.drag(event));
    table.addEventListener("keydown", (event) => this.key(event));
    for (const [name, act] of [["copy", copy], ["paste", paste]]) {
      table.addEventListener(name, (event) => this.on && !this.editing && act(this.range, event));
    }
    const box = this.notes?.querySelector("[data-grid-refused]");
    box?.querySelector("[data-grid-shut]").addEventListener("click", () => {
      box.hidden = true;
      this.range.at && this.range.draw(true);
    });
  }

  get on() {
    return isGrid(this.table);
  }

  get notes() {
    return document.querySelector(`[data-grid-notes="${this.table.dataset.grid}"]`);
  }

  toggle() {
    if (this.on) this.leave();
    else this.enter({ row: 0, column: 0 });
  }

  enter(place) {
    this.table.setAttribute("role", "grid");
    this.table.setAttribute("aria-multiselectable", "true");
    this.show(true);
    this.range.go(place);
  }

  leave() {
    this.range.clear();
    this.range.at = null;
    this.table.removeAttribute("role");
    this.table.removeAttribute("aria-multiselectable");
    this.show(false);
    document.querySelector(`[data-grid-toggle="${this.table.dataset.grid}"]`)?.focus();
  }

  show(on) {
    const hint = this.notes?.querySelector("[data-grid-hint]");
    if (hint) hint.hidden = !on;
    const button = document.querySelector(`[data-grid-toggle="${this.table.dataset.grid}"]`);
    button?.setAttribute("aria-pressed", String(on));
  }

  cellOf(event) {
    const cell = event.target.closest("tbody td, tbody th");
    const place = cell && this.table.contains(cell) ? this.range.placeOf(cell) : null;
    return place && { cell, place };
  }

  open(event) {
    const found = this.cellOf(event);
    if (!found || this.editing) return;
    event.preventDefault();
    window.getSelection().removeAllRanges();
    if (!this.on) this.enter(found.place);
    this.edit();
  }

  press(event) {
    this.again = false;
    const found = this.on && event.button === 0 ? this.cellOf(event) : null;
    if (!found) return;
    event.preventDefault();
    const { at } = this.range;
    this.again = at?.row === found.place.row && at?.column === found.place.column && event.detail === 1;
    this.range.go(found.place, { extend: event.shiftKey });
  }

  /** A click on a name marks its cell; a second tap on the marked cell edits it. */
  click(event) {
    const found = this.on && !event.ctrlKey && !event.metaKey ? this.cellOf(event) : null;
    if (!found) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.again && event.detail === 1 && !event.shiftKey) this.edit();
  }

  drag(event) {
    if (!this.on || event.buttons !== 1 || this.editing) return;
    const found = this.cellOf(event);
    if (found) this.range.go(found.place, { extend: true });
  }

  key(event) {
    if (!this.on) {
      if (event.key === "F2") this.open(event);
      return;
    }
    if (!event.target.matches("td, th")) return;
    if (this.editing) {
      if (this.early(event)) event.preventDefault();
    } else if (this.move(event) || this.act(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** Keys that come while the editor is being fetched: nothing that is typed is lost. */
  early(event) {
    const { opening } = this;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Escape") {
      opening.given = true;
      this.editing = false;
    } else if (event.key === "Tab") opening.leave = event.shiftKey ? "left" : "right";
    else if (event.key === "Enter") opening.leave = "down";
    else if (event.key.length === 1 && !opening.leave) opening.typed = (opening.typed ?? "") + event.key;
    else return false;
    return true;
  }

  move(event) {
    const { at } = this.range;
    const far = event.ctrlKey || event.metaKey;
    const step = STEPS[event.key];
    if (step) return this.go(step, { extend: event.shiftKey, far });
    const last = this.range.columns.length - 1;
    if (event.key === "Home" || event.key === "End") {
      const row = far ? (event.key === "Home" ? 0 : Infinity) : at.row;
      this.range.go({ row, column: event.key === "Home" ? 0 : last }, { extend: event.shiftKey });
      return true;
    }
    if (event.key !== "Tab" || far) return false;
    return this.tab(event.shiftKey ? -1 : 1, last);
  }

  /** Tab goes on to the next row at the end of one; beyond the table it leaves it, as everywhere. */
  tab(step, last) {
    const { row, column } = this.range.at;
    const next = column + step;
    const place = next < 0 ? { row: row - 1, column: last } : next > last ? { row: row + 1, column: 0 } : { row, column: next };
    if (place.row < 0 || place.row >= this.range.rows.length) return false;
    this.range.go(place);
    return true;
  }

  go([down, over], { extend = false, far = false } = {}) {
    const { row, column } = this.range.at;
    const reach = far ? 10_000 : 1;
    this.range.go({ row: row + down * reach, column: column + over * reach }, { extend });
    return true;
  }

  act(event) {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (command && event.key.toLowerCase() === "d") return done(fillDown(this.range));
    if (command && event.key.toLowerCase() === "a") return done(this.all());
    if (event.key === "Escape") return done(this.leave());
    if (event.key === "Enter" || event.key === "F2") return done(this.edit());
    if (event.key === "Delete" || event.key === "Backspace") return done(empty(this.range));
    if (event.key.length !== 1 || command || event.key === " ") return false;
    return done(this.edit(event.key));
  }

  all() {
    this.range.go({ row: 0, column: 0 });
    this.range.go({ row: Infinity, column: Infinity }, { extend: true });
  }

  edit(typed = null) {
    if (this.editing) return;
    this.editing = true;
    this.opening = { typed, leave: null, given: false };
    const moved = (direction) => {
      this.editing = false;
      if (!this.range.at || !this.table.isConnected) return;
      if (MOVES[direction]) this.go(MOVES[direction]);
      else this.range.go(this.range.at);
    };
    editCell(this.range, { opening: this.opening, moved });
  }
}

function done() {
  return true;
}
