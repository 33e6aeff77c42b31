// The keys that lists, records and forms have alike (the same ones everywhere, so that they can be learnt).

const SKIP = "[hidden], [inert]";

export function listenToStandardKeys(declare, { palette, keys }) {
  const here = (selector) => find(selector);
  const link = (name, label, selector, group = "page") => ({ keys: name, label, group, when: () => Boolean(here(selector)), run: () => press(here(selector)) });
  declare(
    { keys: "ctrl+k", label: (words) => words.search, group: "everywhere", run: () => palette() },
    { keys: "?", label: (words) => words.help, group: "everywhere", run: () => keys() },
    { keys: "ctrl+z", label: (words) => words.undo, group: "everywhere", run: () => false }, // undo.js hears it
    { keys: "ctrl+shift+z", label: (words) => words.redo, group: "everywhere", run: () => false },
    { keys: "f", label: (words) => words.filter, group: "page", when: () => Boolean(filter()), run: () => press(filter()) },
    { keys: "ctrl+/", label: (words) => words.filter, group: "page", when: () => Boolean(filter()), run: () => press(filter()) },
    link("ctrl+ ", (words) => words.edit, "[data-edit-record]"),
    link("ctrl+ ", (words) => words.new, ".head-actions a.btn-primary[href$='/new']"),
    link("ctrl+ArrowRight", (words) => words.next, ".pager [rel=next]"),
    link("ctrl+ArrowLeft", (words) => words.previous, ".pager [rel=prev]"),
    { keys: "ctrl+>", label: (words) => words.nextView, group: "page", when: () => views().length > 1, run: () => step(1) },
    { keys: "ctrl+<", label: (words) => words.previousView, group: "page", when: () => views().length > 1, run: () => step(-1) },
    { keys: "ctrl+s", label: (words) => words.save, group: "form", when: () => Boolean(form()), run: () => send(form(), "stay") },
    { keys: "ctrl+Enter", label: (words) => words.leave, group: "form", when: () => Boolean(form()), run: (event) => leave(event) },
    { keys: "ctrl+Enter", label: (words) => words.send, group: "form", when: () => !form() && Boolean(here("main form textarea")), run: (event) => leave(event) },
    { keys: "ctrl+Enter", label: (words) => words.apply, group: "page", when: () => Boolean(filter()), run: (event) => leave(event) },
    { keys: "ctrl+alt+Enter", label: (words) => words.again, group: "form", when: () => Boolean(again()), run: () => press(again()) },
    { keys: "Escape", label: (words) => words.cancel, group: "form", when: () => Boolean(cancel()) && !somethingIsOpen(), run: () => go(cancel().href) },
  );
}

function find(selector) {
  return [...document.querySelectorAll(selector)].find((one) => !one.closest(SKIP) && shows(one)) ?? null;
}

function shows(element) {
  return element.checkVisibility?.() ?? element.offsetParent !== null;
}

/** Use an element: a field is entered, a link or button pressed. False when there is none. */
export function press(element) {
  if (!element || element.disabled || element.getAttribute("aria-disabled") === "true") return false;
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else element.click();
  return true;
}

/** The links or buttons that are numbered 1–9: tabs of a record, ways to show a calendar. */
export function numbered() {
  const row = find("[data-numbered], [data-tabs]");
  return row ? [...row.querySelectorAll("a, button")].filter(shows).slice(0, 9) : [];
}

function filter() {
  return find("form.filters input[type=search], [data-filter-text]");
}

function views() {
  return [...document.querySelectorAll("[data-views] a, .view-tabs a")].filter(shows);
}

function step(by) {
  const all = views();
  const at = all.findIndex((one) => one.matches("[aria-current]:not([aria-current=false])"));
  return press(all[(Math.max(at, by < 0 ? 0 : -1) + by + all.length) % all.length]);
}

function form() {
  const open = document.querySelector("dialog[open]");
  if (open) return open.querySelector("form[data-draft]");
  return document.activeElement?.closest("form[data-draft]") ?? document.querySelector("form[data-draft]");
}

function again() {
  return form()?.querySelector("button[name=again]") ?? null;
}

function cancel() {
  return document.querySelector("dialog[open]") ? null : (find("[data-key-cancel]") ?? find("main .form-card [data-drop-draft]"));
}

/** Leave as the link does, but keep what was typed: it is put back when the form is opened again. */
function go(address) {
  window.location.assign(address);
}

/** Something that Esc closes by itself. */
function somethingIsOpen() {
  return Boolean(document.querySelector("dialog[open], .dropdown-menu.show, .offcanvas.show, .ts-wrapper.dropdown-active"));
}

/** Ctrl+Enter sends what one types in; else the form of the page. */
function leave(event) {
  const own = event.target.closest?.("form");
  const target = own && own.querySelector("textarea, input") ? own : form();
  return send(target, null);
}

function send(target, after) {
  if (!target) return false;
  if (after && target.action.match(/\/(edit|new)(\?|$)/)) {
    const field = target.querySelector("input[name=after]") ?? target.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "after" }));
    field.value = after;
  }
  target.requestSubmit(target.querySelector("button[name=save]") ?? undefined);
  return true;
}
