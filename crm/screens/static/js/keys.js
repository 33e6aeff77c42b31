// Keys of the whole page, in one place. Bound by the typed character, whatever the layout; nothing needs AltGr, and a single sign does
// nothing while one types, under an open dialog, or when the user has switched single signs off (`/me`).
//
// A link or button says its key itself: data-key="ctrl+ " or data-key="f" (data-key-label names it, else its own words do).
// A row of links or buttons is numbered 1–9 by data-numbered (its words: data-numbered="…", else "a tab"). A module that needs more
// calls declareKeys.
import { declareHints } from "./keys-hints.js";
import { drawKeys } from "./keys-list.js";
import { openPalette } from "./palette.js";
import { listenToStandardKeys, numbered, press } from "./keys-page.js";

const declared = [];

/**
 * Declare keys: {keys: "ctrl+k" or "f", label, group, run(event), when()}. `run` may return false when there was nothing to do;
 * `when` says whether the key is there now (default: always). `typing` lets it work inside a field (always so with Ctrl).
 */
export function declareKeys(...keys) {
  declared.push(...keys);
}

/** The name of what was pressed: "ctrl+k", "f", "?", "ctrl+Enter", "Escape"; null for what is not ours (AltGr, a dead key). */
export function nameOf(event) {
  const one = event.key.length === 1;
  if (event.isComposing || event.key === "Dead" || event.key === "Unidentified" || event.getModifierState?.("AltGraph")) return null;
  const ctrl = event.ctrlKey || event.metaKey;
  if (one && event.altKey) return null; // AltGr, where the browser calls it Ctrl+Alt; or a sign of the Mac's layout
  const parts = [ctrl && "ctrl", event.altKey && "alt", event.shiftKey && !one && "shift", one ? event.key.toLowerCase() : event.key];
  return parts.filter(Boolean).join("+");
}

export function isTyping(element) {
  const field = element?.closest?.("input, textarea, select, [contenteditable='true'], [role=textbox], [role=combobox]");
  return Boolean(field) && !/^(checkbox|radio|button|submit|reset|range|file)$/.test(field.type ?? "");
}

function singlesAreOn() {
  return document.getElementById("keys")?.dataset.singleKeys !== "off";
}

export function listenToKeys() {
  listenToStandardKeys(declareKeys, { palette: openPalette, keys: toggleKeys });
  declareHints(declareKeys);
  document.addEventListener("klynge:keys", () => toggleKeys());
  document.addEventListener("keydown", (event) => {
    const name = event.defaultPrevented ? null : nameOf(event);
    if (!name || !document.getElementById("keys") || !isAllowed(name, event.target)) return;
    if (act(name, event)) event.preventDefault();
  });
}

function isAllowed(name, target) {
  if (/^ctrl\+(Arrow|[zy]$)/.test(name)) return !isTyping(target); // they belong to the field
  if (name.length > 1) return true;
  if (!singlesAreOn() || isTyping(target)) return false;
  const open = document.querySelector("dialog[open]");
  return !open || (open.id === "keys" && name === "?");
}

/** Do what a key stands for: what the page says itself comes before what modules declare. */
function act(name, event) {
  const typing = isTyping(event.target);
  const element = !typing || name.length > 1 ? keyed().find((one) => one.dataset.key === name) : null;
  if (element && press(element)) return true;
  if (/^[1-9]$/.test(name)) return press(numbered()[Number(name) - 1]);
  return declared.some((one) => one.keys === name && (one.when?.() ?? true) && one.run(event) !== false);
}

/** What carries a key and can be used now. */
function keyed() {
  const open = document.querySelector("dialog[open]") ?? document;
  return [...open.querySelectorAll("[data-key]")].filter((one) => one.checkVisibility?.() ?? one.offsetParent !== null);
}

function toggleKeys() {
  const dialog = document.getElementById("keys");
  if (!dialog) return false;
  if (dialog.open) dialog.close();
  else if (!document.querySelector("dialog[open]")) {
    drawKeys(dialog, listed(dialog.dataset), singlesAreOn());
    dialog.showModal();
  }
  return true;
}

/** Every key that does something on this page now, once. */
function listed(words) {
  const own = keyed().map((one) => ({ keys: one.dataset.key, label: labelOf(one), group: "page" }));
  const row = numbered().length ? [{ keys: "1–9", label: document.querySelector("[data-numbered]")?.dataset.numbered || words.numbered, group: "page" }] : [];
  const known = new Set(own.map((one) => one.keys));
  const others = declared.filter((one) => (one.when?.() ?? true) && !known.has(one.keys));
  return [...own, ...row, ...others.map((one) => ({ ...one, label: typeof one.label === "function" ? one.label(words) : one.label }))];
}

function labelOf(element) {
  return (element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent || element.placeholder || "").replace(/\s+/g, " ").trim();
}
