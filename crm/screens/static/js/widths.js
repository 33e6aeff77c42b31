// Widths of columns: drawn at the edge of a heading, or with Shift and an arrow key on it. The list is asked for anew with `cols`.
import { fresh } from "./find.js";

const [NARROWEST, WIDEST, STEP] = [48, 900, 16];
const USUAL = 110; // what a column without a width of its own keeps at least

export function attachWidths(root) {
  for (const table of fresh(root, "table[data-rows]", "Widths")) {
    makeRoom(table);
    for (const heading of headings(table)) {
      const edge = document.createElement("span");
      edge.className = "edge print-hide";
      edge.addEventListener("pointerdown", (event) => draw(table, heading, edge, event));
      heading.append(edge);
      heading.addEventListener("keydown", (event) => {
        const step = { ArrowRight: STEP, ArrowLeft: -STEP }[event.key];
        if (!event.shiftKey || !step) return;
        event.preventDefault();
        hold(table);
        resize(table, heading, heading.offsetWidth + step);
        keep(table, heading.dataset.field);
      });
    }
  }
}

/** A table with widths is at least as wide as they are together; beyond the window it scrolls. Cards on a phone have none. */
function makeRoom(table) {
  if (!table.classList.contains("sized") || !window.matchMedia("(min-width: 600px)").matches) return;
  const widths = [...table.querySelectorAll("colgroup col:not(.choose)")].map((col) => Number(col.getAttribute("width")) || USUAL);
  table.style.minWidth = `${widths.reduce((sum, width) => sum + width, 36)}px`;
}

function headings(table) {
  return [...table.querySelectorAll("thead th[data-field]")];
}

function column(table, heading) {
  return table.querySelectorAll("colgroup col")[heading.cellIndex];
}

/** Fix all columns as wide as they are, so that only one changes. */
function hold(table) {
  const widths = headings(table).map((heading) => [heading, heading.offsetWidth]);
  for (const [heading, width] of widths) column(table, heading).setAttribute("width", String(width));
  table.classList.add("sized");
}

function resize(table, heading, width) {
  const fitting = Math.max(NARROWEST, Math.min(WIDEST, Math.round(width)));
  column(table, heading).setAttribute("width", String(fitting));
  makeRoom(table);
}

function draw(table, heading, edge, event) {
  event.preventDefault();
  edge.setPointerCapture(event.pointerId);
  edge.classList.add("drawing");
  hold(table);
  const [from, width] = [event.clientX, heading.offsetWidth];
  const move = (moved) => resize(table, heading, width + moved.clientX - from);
  edge.addEventListener("pointermove", move);
  edge.addEventListener(
    "pointerup",
    () => {
      edge.removeEventListener("pointermove", move);
      keep(table);
    },
    { once: true },
  );
}

/** Ask for the list with these widths; the server says its new address. */
function keep(table, focused = "") {
  const all = headings(table);
  const cols = all.map((heading, place) => {
    const width = Number(column(table, heading).getAttribute("width"));
    return place === all.length - 1 ? heading.dataset.field : `${heading.dataset.field}:${Math.max(NARROWEST, Math.min(WIDEST, width))}`;
  });
  const url = new URL(window.location);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/rows`;
  url.searchParams.set("cols", cols.join(","));
  window.htmx.ajax("GET", url.pathname + url.search, { target: "#list", swap: "outerHTML" }).then(() => {
    if (focused) document.querySelector(`#list th[data-field="${focused}"] a`)?.focus();
  });
}
