// Ctrl+Z takes back my last act on this page, Ctrl+Shift+Z (or Ctrl+Y) does it again; while typing they belong to the field.
const PLACE = "klynge-place";
let sent = false;

export function listenToUndo() {
  putBackPlace();
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "z") ask(event, event.shiftKey ? "/acts/redo" : "/acts/undo");
    else if (key === "y" && !event.shiftKey) ask(event, "/acts/redo");
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches(".toast-line form")) keepPlace();
  });
}

function isTyping(element) {
  return element.closest?.("input, textarea, select, [contenteditable], dialog[open]") !== null;
}

function ask(event, action) {
  event.preventDefault();
  if (sent || !document.querySelector("body[data-signed-in]")) return;
  sent = true;
  keepPlace();
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  const page = window.location.pathname + window.location.search;
  const token = document.querySelector('meta[name="csrf-token"]').content;
  for (const [name, value] of Object.entries({ csrf_token: token, page })) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

/** The page comes anew, at the place where one was reading. */
function keepPlace() {
  sessionStorage.setItem(PLACE, JSON.stringify({ path: window.location.pathname, top: window.scrollY }));
}

function putBackPlace() {
  const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  if (kept?.path === window.location.pathname) window.scrollTo({ top: kept.top, behavior: "instant" });
}
