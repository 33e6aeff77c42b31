// The list of keys (`?`), drawn from what is declared and what the page shows: never a key that does nothing here.

const GROUPS = ["everywhere", "page", "form", "rows", "cells", "calendar"];
const NAMES = { ctrl: "Ctrl", alt: "Alt", shift: "Shift", Escape: "Esc", Delete: "Del", ArrowRight: "→", ArrowLeft: "←", ArrowUp: "↑", ArrowDown: "↓" };

export function drawKeys(dialog, keys, singlesAreOn) {
  const words = dialog.dataset;
  const shown = keys.filter((one) => singlesAreOn || !isSingle(one.keys));
  const groups = [...new Set([...GROUPS, ...shown.map((one) => one.group)])];
  const list = dialog.querySelector("#keys-list");
  list.replaceChildren();
  for (const group of groups) {
    const inside = shown.filter((one) => one.group === group);
    if (inside.length) list.append(drawGroup(words[group] ?? group, inside, words));
  }
}

function isSingle(keys) {
  return (keys.length === 1 && keys !== " ") || /^1–\d$/.test(keys);
}

function drawGroup(title, keys, words) {
  const part = document.createElement("section");
  const head = document.createElement("h3");
  const rows = document.createElement("dl");
  head.textContent = title;
  for (const [label, names] of byLabel(keys)) {
    const term = document.createElement("dt");
    const what = document.createElement("dd");
    names.forEach((name, number) => {
      if (number) term.append(" / ");
      term.append(...drawName(name, words));
    });
    what.textContent = label;
    rows.append(term, what);
  }
  part.append(head, rows);
  return part;
}

/** Two ways to the same thing stand on one line. */
function byLabel(keys) {
  const found = new Map();
  for (const one of keys) {
    const names = found.get(one.label) ?? [];
    if (!names.includes(one.keys)) found.set(one.label, [...names, one.keys]);
  }
  return found;
}

function drawName(name, words) {
  const parts = name.split(/\+(?=.)/);
  return parts.flatMap((part, number) => {
    const key = document.createElement("kbd");
    key.textContent = NAMES[part] ?? (part === " " ? words.space : part.length === 1 ? part.toUpperCase() : part);
    return number ? ["+", key] : [key];
  });
}
