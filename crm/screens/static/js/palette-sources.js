// Where the palette's suggestions come from: the acts of this page, places from the server, records as one types.
import { fits } from "./fuzzy.js";
import { recordHere, seenIds } from "./seen.js";

const ACTS = "[data-palette-act], .head-actions a.btn, .head-actions button, .head-actions .dropdown-item, .head-title .dropdown-item";
let places = null; // the answer of /palette, asked for once a page

/** Ask for JSON; null when there is none (offline, signed out, or no longer wanted). */
async function ask(url, signal) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", signal });
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Give the places that one may go to, as groups. */
export async function askPlaces() {
  places ??= await ask("/palette");
  return places ?? { groups: [], prefixes: {} };
}

/** Give what was seen lately, but not this page's own record. */
export async function askSeen(signal) {
  const ids = seenIds().filter((id) => id !== recordHere()).slice(0, 8);
  if (!ids.length) return [];
  return (await ask(`/palette/seen?ids=${ids.join(",")}`, signal))?.items ?? [];
}

/** Find records; `type` is the one to look in, if any. */
export async function askRecords(text, type, signal) {
  const query = new URLSearchParams({ q: text });
  if (type) query.set("in", type);
  return (await ask(`/palette/find?${query}`, signal))?.items ?? [];
}

/** Give the acts of this page that can be used now: what stands there is what one may do. */
export function pageActs(words) {
  const found = [];
  const names = new Set();
  for (const element of document.querySelectorAll(ACTS)) {
    const label = nameOf(element);
    if (!label || names.has(label) || !usable(element)) continue;
    names.add(label);
    found.push({ label, detail: "", icon: iconOf(element), run: () => element.click() });
  }
  found.push({ label: words.keys, detail: "?", icon: "help", run: () => document.dispatchEvent(new CustomEvent("klynge:keys")) });
  found.push({ label: words.print, detail: "", icon: "printer", run: () => window.print() });
  return found;
}

function usable(element) {
  if (element.disabled || element.getAttribute("aria-disabled") === "true" || element.dataset.bsToggle) return false;
  return !element.closest("[hidden], dialog, [aria-current]:not([aria-current=false])");
}

function nameOf(element) {
  const label = element.dataset.paletteAct || element.getAttribute("aria-label") || element.textContent;
  return label.replace(/\s+/g, " ").trim();
}

function iconOf(element) {
  const name = element.querySelector("use")?.getAttribute("href")?.split("#")[1];
  return name ?? (element.tagName === "A" ? "arrow-right" : "bolt");
}

/** Give the items that fit what is typed, the best first. */
export function fitting(text, items, most) {
  const scored = items.map((item) => ({ item, score: Math.max(fits(text, item.label), item.detail ? fits(text, `${item.label} ${item.detail}`) - 5 : 0) }));
  return scored.filter((one) => one.score > 0).sort((one, other) => other.score - one.score).slice(0, most).map((one) => one.item);
}
