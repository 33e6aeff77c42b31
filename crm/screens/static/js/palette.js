// The command palette (Ctrl+K): a combobox over the page. What one types is looked for among the acts of this page, the places one
// may go to, and all records; `>` acts alone, `@` people, `#` cases. Focus goes back where it was.
import { askPlaces, askRecords, askSeen, fitting, pageActs } from "./palette-sources.js";
import { noteSeen } from "./seen.js";

const PAUSE = 120; // milliseconds without a key before the server is asked
let dialog = null;
let input = null;
let list = null;
let shown = []; // the items of the list, in order
let active = -1;
let asking = null; // cancels an answer that is no longer wanted
let waiting = 0;
let hurried = false; // Enter was pressed before the server had answered

export function listenToPalette() {
  dialog = document.getElementById("palette");
  if (!dialog) return;
  input = document.getElementById("palette-input");
  list = document.getElementById("palette-list");
  noteSeen();
  input.addEventListener("input", later);
  input.addEventListener("keydown", onKey);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
  list.addEventListener("mousemove", (event) => hover(event.target.closest("[role=option]")));
  list.addEventListener("click", (event) => choose(event.target.closest("[role=option]"), event));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close-palette]")) dialog.close();
  });
  dialog.addEventListener("close", stop);
  for (const button of document.querySelectorAll("[data-open-palette]")) button.addEventListener("click", () => openPalette());
}

/** Open it; false where there is none. A second time closes it. */
export function openPalette(text = "") {
  if (!dialog) return false;
  if (dialog.open) {
    dialog.close();
    return true;
  }
  if (document.querySelector("dialog[open]")) return true; // a question waits for its answer
  input.value = text;
  dialog.showModal();
  input.focus();
  refresh();
  return true;
}

function stop() {
  hurried = false;
  window.clearTimeout(waiting);
  waiting = 0;
  asking?.abort();
  list.replaceChildren();
  shown = [];
  expanded(false);
}

function later() {
  hurried = false;
  window.clearTimeout(waiting);
  waiting = 0;
  asking?.abort();
  refresh();
}

/** Show what is known at once, and after a pause what the server knows. */
async function refresh() {
  const controller = (asking = new AbortController());
  const typed = input.value.replace(/^\s+/, "");
  const places = await askPlaces();
  if (controller.signal.aborted || !dialog.open) return;
  showPrefixes(places);
  if (!typed) {
    draw([acts("")]);
    const seen = await askSeen(controller.signal);
    if (!controller.signal.aborted && dialog.open) draw([group(dialog.dataset.seen, seen), acts(""), ...some(places)]);
    return;
  }
  const sign = typed[0];
  if (sign === ">") return draw([acts(typed.slice(1).trim())]);
  const type = places.prefixes[sign] ?? null;
  const text = (type ? typed.slice(1) : typed).trim();
  const rest = type ? [] : local(text, places);
  draw([...rest, last(typed, text)]);
  if (!text) return;
  waiting = window.setTimeout(async () => {
    const records = await askRecords(text, type, controller.signal);
    if (controller.signal.aborted || !dialog.open) return;
    waiting = 0;
    draw(together(text, records, rest, last(typed, text)));
    if (hurried) choose(document.getElementById(`palette-${active}`), {});
  }, PAUSE);
}

function showPrefixes(places) {
  for (const part of dialog.querySelectorAll("[data-prefix]")) part.hidden = !(part.dataset.prefix in places.prefixes);
}

function group(label, items) {
  return { label, items };
}

function acts(text) {
  return group(dialog.dataset.acts, fitting(text, pageActs(dialog.dataset), text ? 8 : 10));
}

/** With nothing typed: what one may make. */
function some(places) {
  return places.groups.filter((one) => one.key === "new").map((one) => group(one.label, one.items.slice(0, 6)));
}

function local(text, places) {
  return [acts(text), ...places.groups.map((one) => group(one.label, fitting(text, one.items, 5)))];
}

/** Records stand first, but for an act or a place that fits to the letter. */
function together(text, records, rest, tail) {
  const found = group(dialog.dataset.records, records);
  const exact = rest.filter((one) => one.items.some((item) => item.label.toLowerCase() === text.toLowerCase()));
  return [...exact, found, ...rest.filter((one) => !exact.includes(one)), tail];
}

/** Always there: the search page. */
function last(typed, text) {
  if (!text) return group("", []);
  const label = dialog.dataset.everywhere.replace("{text}", text);
  return group("", [{ label, detail: "", icon: "search", url: `/search?q=${encodeURIComponent(text)}` }]);
}

function draw(groups) {
  const before = shown[active]?.label;
  const parts = once(groups).filter((one) => one.items.length);
  shown = parts.flatMap((one) => one.items);
  list.replaceChildren(...parts.map(drawGroup));
  expanded(shown.length > 0);
  const again = before === undefined || active === 0 ? -1 : shown.findIndex((item) => item.label === before);
  activate(shown.length ? Math.max(0, again) : -1);
  if (!shown.length) {
    const line = document.createElement("p");
    line.className = "palette-nothing";
    line.textContent = dialog.dataset.nothing;
    list.append(line);
  }
  say();
}

/** What stands in one group is left out of the next: "New person" may be an act of this page too. */
function once(groups) {
  const known = new Set();
  return groups.map(({ label, items }) => {
    const fresh = items.filter((item) => !known.has(`${item.label} ${item.id ?? ""}`));
    for (const item of items) known.add(`${item.label} ${item.id ?? ""}`);
    return group(label, fresh);
  });
}

function drawGroup({ label, items }, number) {
  const box = document.createElement("div");
  box.setAttribute("role", "group");
  if (label) {
    const head = document.createElement("div");
    head.className = "palette-group";
    head.id = `palette-group-${number}`;
    head.textContent = label;
    head.setAttribute("role", "presentation");
    box.setAttribute("aria-labelledby", head.id);
    box.append(head);
  } else box.setAttribute("aria-label", dialog.getAttribute("aria-label"));
  box.append(...items.map(drawItem));
  return box;
}

function drawItem(item) {
  const line = document.createElement("div");
  const name = document.createElement("span");
  const more = document.createElement("span");
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  line.className = "palette-item";
  line.id = `palette-${shown.indexOf(item)}`;
  name.className = "palette-name";
  name.textContent = item.label;
  more.className = "palette-detail";
  more.textContent = item.detail;
  line.append(drawIcon(item.icon), name, more);
  return line;
}

function drawIcon(name) {
  const space = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${dialog.dataset.sprite}#${name}`);
  icon.append(use);
  return icon;
}

function expanded(is) {
  input.setAttribute("aria-expanded", String(is));
  if (!is) input.removeAttribute("aria-activedescendant");
}

function activate(number) {
  document.getElementById(`palette-${active}`)?.setAttribute("aria-selected", "false");
  active = number;
  const line = document.getElementById(`palette-${number}`);
  if (!line) return;
  line.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", line.id);
  line.scrollIntoView({ block: "nearest" });
}

function hover(line) {
  if (line && line.getAttribute("aria-selected") !== "true") activate(Number(line.id.slice("palette-".length)));
}

function onKey(event) {
  if (event.isComposing) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps && shown.length) {
    hurried = false;
    activate((active + steps[event.key] + shown.length) % shown.length);
  } else if (event.key === "Enter" && waiting && active === 0) hurried = true;
  else if (event.key === "Enter") choose(document.getElementById(`palette-${active}`), event);
  else return;
  event.preventDefault();
}

function choose(line, event) {
  const item = line && shown[Number(line.id.slice("palette-".length))];
  if (!item) return;
  if (item.url && (event.ctrlKey || event.metaKey)) {
    window.open(item.url, "_blank", "noopener");
    return;
  }
  dialog.close();
  if (item.url) window.location.assign(item.url);
  else item.run();
}

/** Tell those who do not see the list how long it is, once the typing rests. */
function say() {
  const { one, many, nothing } = dialog.dataset;
  const text = shown.length === 1 ? one : shown.length ? many.replace("{number}", shown.length) : nothing;
  const status = document.getElementById("palette-status");
  if (status.textContent !== text) status.textContent = text;
}
