// Lists of tasks: after a list came anew the focus stays where one was; up and down go from one tick to the next.
import { fresh } from "./find.js";

let place = null;

export function attachTasks(root) {
  for (const list of fresh(root, "[data-tasks]", "Tasks")) {
    list.addEventListener("keydown", walk);
    list.addEventListener("submit", (event) => (place = placeOf(list, event.target)));
    if (list.dataset.open) countTab(list);
    if (place !== null) putFocus(list);
  }
}

/** The number on the tab that the list stands under is the list's own. */
function countTab(list) {
  const tab = list.closest("#tabs")?.querySelector("nav a[aria-current]");
  if (!tab) return;
  const number = tab.querySelector(".count") ?? tab.appendChild(Object.assign(document.createElement("span"), { className: "count" }));
  number.textContent = list.dataset.open === "0" ? "" : list.dataset.open;
}

/** Where the focus belongs after the list has come anew: the line to write in, or the n-th tick. */
function placeOf(list, form) {
  const tick = form.querySelector("[data-tick]");
  return tick ? ticks(list).indexOf(tick) : "line";
}

function putFocus(list) {
  const found = ticks(list);
  const target = place === "line" ? list.querySelector("[data-task-line]") : (found[place] ?? found.at(-1) ?? list.querySelector("[data-task-line]"));
  place = null;
  target?.focus();
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const here = ticks(event.currentTarget).indexOf(event.target);
  if (!step || here < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  ticks(event.currentTarget)[here + step]?.focus();
}

function ticks(list) {
  return [...list.querySelectorAll("[data-tick]")];
}
