// The cells of a table that can be edited, by row and column; where one stands, and what is marked.

export class Range {
  constructor(table) {
    this.table = table;
    this.at = null; // {row, column}
    this.anchor = null;
  }

  get rows() {
    return [...this.table.querySelectorAll("tbody tr[data-id]")];
  }

  /** The columns with a field: their place in a row, field and kind. */
  get columns() {
    const headings = [...this.table.querySelectorAll("thead th")];
    return headings.flatMap((one, index) => (one.dataset.field ? [{ index, field: one.dataset.field, kind: one.dataset.kind }] : []));
  }

  cell(place) {
    return this.rows[place.row]?.cells[this.columns[place.column]?.index] ?? null;
  }

  placeOf(cell) {
    const row = this.rows.indexOf(cell.closest("tr"));
    const column = this.columns.findIndex((one) => one.index === cell.cellIndex);
    return row < 0 || column < 0 ? null : { row, column };
  }

  /** Go to a cell; with `extend` the mark reaches from where it began to there. */
  go(place, { extend = false, focus = true } = {}) {
    const rows = this.rows.length;
    const columns = this.columns.length;
    if (!rows || !columns) return;
    this.at = { row: clamp(place.row, rows), column: clamp(place.column, columns) };
    if (!extend || !this.anchor) this.anchor = this.at;
    this.draw(focus);
  }

  get box() {
    if (!this.at) return null;
    const rows = [this.at.row, this.anchor.row].sort((a, b) => a - b);
    const columns = [this.at.column, this.anchor.column].sort((a, b) => a - b);
    return { top: rows[0], bottom: rows[1], left: columns[0], right: columns[1] };
  }

  /** The marked cells, row by row: [{place, row, column, cell}]. */
  get marked() {
    if (!this.box) return [];
    const { top, bottom, left, right } = this.box;
    const [rows, columns] = [this.rows, this.columns];
    const found = [];
    for (let row = top; row <= bottom; row += 1) {
      found.push(columns.slice(left, right + 1).map((column) => ({ row: rows[row], column, cell: rows[row].cells[column.index] })));
    }
    return found;
  }

  draw(focus) {
    this.clear();
    for (const { cell } of this.marked.flat()) {
      cell.classList.add("marked");
      cell.setAttribute("aria-selected", "true");
    }
    const cell = this.cell(this.at);
    cell.tabIndex = 0;
    cell.classList.add("at");
    if (focus) cell.focus({ preventScroll: false });
  }

  clear() {
    for (const cell of this.table.querySelectorAll(".marked, .at, [tabindex]")) {
      cell.classList.remove("marked", "at");
      cell.removeAttribute("aria-selected");
      if (cell.matches("td, th")) cell.removeAttribute("tabindex");
    }
  }
}

function clamp(number, length) {
  return Math.max(0, Math.min(number, length - 1));
}
