// <div data-board="/t/task/board">: cards move between columns by dragging (SortableJS) or by the menu on each card. A move is shown
// at once and sent; a refusal says why and the card goes back; then the columns are counted anew (data-numbers).
import { fresh } from "./find.js";
import { libraries } from "./lib.js";
import { send, tellOutcome } from "./moves.js";

export function attachBoards(root) {
  for (const board of fresh(root, "[data-board]", "Board")) start(board);
}

async function start(board) {
  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ways-of]");
    if (button) openWays(board, button.closest(".board-card"));
  });
  await libraries([board.dataset.library]);
  for (const list of board.querySelectorAll("[data-cards]")) {
    window.Sortable.create(list, {
      group: { name: "board", put: () => !("shut" in list.closest("[data-column]").dataset) },
      draggable: ".board-card.movable",
      sort: false,
      forceFallback: true,
      fallbackTolerance: 6,
      delay: 250,
      delayOnTouchOnly: true,
      animation: 120,
      filter: "button",
      preventOnFilter: false,
      scrollSensitivity: 60,
      onStart: (drag) => mark(board, drag.from.closest("[data-column]").dataset.column),
      onEnd: (drag) => dropped(board, drag),
    });
  }
  board.dataset.ready = "";
}

/** While a card is dragged, dim the columns that no step leads to. */
function mark(board, from) {
  board.classList.add("dragging");
  if (!board.dataset.steps) return;
  const reached = JSON.parse(board.dataset.steps)[from] ?? [];
  for (const column of board.querySelectorAll("[data-column]")) {
    const key = column.dataset.column;
    column.classList.toggle("unreached", key !== from && !reached.includes(key));
  }
}

function dropped(board, drag) {
  board.classList.remove("dragging");
  for (const column of board.querySelectorAll(".unreached")) column.classList.remove("unreached");
  const [from, to] = [drag.from, drag.to].map((list) => list.closest("[data-column]").dataset.column);
  if (from === to) return;
  const next = drag.from.querySelectorAll(":scope > .board-card")[drag.oldDraggableIndex] ?? drag.from.querySelector(".board-more");
  move(board, drag.item, { from, to }, () => drag.from.insertBefore(drag.item, next));
}

/** Send a move and show what came of it; `back` puts the card where it was. */
async function move(board, card, { from, to, step }, back) {
  card.classList.add("moving");
  const answer = await send(`${board.dataset.board}/move`, {
    id: card.dataset.id,
    by: board.dataset.by,
    seen_version: card.dataset.version,
    query: board.dataset.query,
    from,
    to,
    step,
  });
  card.classList.remove("moving");
  if (answer.choose) return chooseStep(board, card, { from, to }, answer, back);
  if (answer.refused) back();
  else settle(board, card, answer);
  tellOutcome(answer);
  count(board);
  return undefined;
}

/** Put the card, as the server says it looks now, into the column where it now is. */
function settle(board, card, answer) {
  const list = answer.to === null ? null : listOf(board, answer.to);
  const focused = card.contains(document.activeElement) || document.activeElement === document.body;
  if (!list) {
    card.remove();
    return;
  }
  const holder = document.createElement("ul");
  holder.innerHTML = answer.card; // rendered and escaped by the server, as the board itself
  const now = holder.firstElementChild;
  if (card.parentElement === list) card.replaceWith(now);
  else {
    card.remove();
    list.prepend(now);
  }
  window.htmx.process(now);
  if (focused) now.querySelector("[data-ways-of]")?.focus();
}

function listOf(board, key) {
  return board.querySelector(`[data-column="${CSS.escape(key)}"] [data-cards]`);
}

// -- the menu that does what dragging does ----------------------------------------------------------------------------

async function openWays(board, card) {
  const url = new URL(`${board.dataset.board}/ways`, window.location.origin);
  url.searchParams.set("id", card.dataset.id);
  url.searchParams.set("by", board.dataset.by);
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" })
    .then((found) => found.json())
    .catch(() => ({ refused: document.getElementById("words").dataset.offline }));
  if (answer.refused) {
    tellOutcome(answer);
    return;
  }
  const dialog = show(card, "heading", answer.ways);
  const way = await chosen(dialog, answer.ways);
  const from = card.closest("[data-column]").dataset.column;
  if (way) move(board, card, { from, to: way.to, step: way.step }, () => {});
  else card.querySelector("[data-ways-of]").focus();
}

async function chooseStep(board, card, { from, to }, answer, back) {
  const dialog = show(card, "question", answer.choose);
  const way = await chosen(dialog, answer.choose);
  if (way) move(board, card, { from, to, step: way.step }, back);
  else back();
}

function show(card, heading, ways) {
  const dialog = document.getElementById("board-ways");
  const title = card.querySelector(".card-name").textContent;
  dialog.querySelector("h2").textContent = dialog.dataset[heading].replace("{title}", title);
  dialog.querySelector("[data-ways]").replaceChildren(...ways.map((way, place) => line(way, place)));
  if (!ways.length) dialog.querySelector("h2").textContent = dialog.dataset.none;
  dialog.returnValue = "no";
  dialog.showModal();
  return dialog;
}

/** One way: the step's own words, and where it leads; a blocked one can be read but not taken. */
function line(way, place) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "way";
  button.dataset.way = String(place);
  if (way.step_label) button.append(way.step_label);
  if (way.label) {
    const pill = document.createElement("span");
    pill.className = `pill tone-${way.colour || "grey"}`;
    pill.textContent = way.label;
    button.append(" ", pill);
  }
  item.append(button);
  if (way.reasons?.length) {
    button.setAttribute("aria-disabled", "true");
    const reasons = document.createElement("p");
    reasons.className = "form-hint";
    reasons.id = `way-why-${place}`;
    reasons.textContent = way.reasons.join(" ");
    button.setAttribute("aria-describedby", reasons.id);
    item.append(reasons);
  }
  return item;
}

function chosen(dialog, ways) {
  const list = dialog.querySelector("[data-ways]");
  return new Promise((resolve) => {
    const take = (event) => {
      const button = event.target.closest("[data-way]");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      dialog.close(button.dataset.way);
    };
    list.addEventListener("click", take);
    dialog.addEventListener(
      "close",
      () => {
        list.removeEventListener("click", take);
        resolve(ways[Number(dialog.returnValue)] ?? null);
      },
      { once: true },
    );
  });
}

// -- what the columns count --------------------------------------------------------------------------------------------

async function count(board) {
  if (!board.dataset.numbers) return;
  const found = await fetch(board.dataset.numbers, { headers: { Accept: "application/json" }, credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.json() : null))
    .catch(() => null); // the page is being left, or there is no connection: the old numbers stay
  if (!found) return;
  for (const column of board.querySelectorAll("[data-column]")) {
    const numbers = found[column.dataset.column];
    column.querySelector("[data-count]").textContent = numbers?.number ?? "0";
    column.querySelector(".sum").textContent = numbers?.total ?? "";
  }
}
