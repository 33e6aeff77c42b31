// The editor of one field (views/inline.py) in any place: opened, sent, refused or closed, with what was typed always kept.
import { ask, bringIn, focusFirst, tellSaved } from "./server.js";

const PREFIX = "klynge-draft:"; // as drafts.js keeps them

/** Open the editor in `place`. `done(data)` after a save, `shut()` when it is given up. Gives false when it was refused. */
export async function openEditor(place, url, { done, shut, keys = null }) {
  const answer = await ask(url);
  if (!answer?.html) return false;
  show(place, answer.html, { done, shut, keys });
  return true;
}

function show(place, html, facts) {
  place.classList.add("inline-place");
  bringIn(place, html);
  const form = place.querySelector("[data-inline-form]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(place, form, facts);
  });
  form.querySelector("[data-inline-cancel]")?.addEventListener("click", (event) => {
    event.preventDefault();
    close(form, facts.shut);
  });
  form.addEventListener("keydown", (event) => onKey(event, form, facts));
  focusFirst(form);
}

function onKey(event, form, { shut, keys }) {
  if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest(".dropdown-active")) {
    event.preventDefault();
    event.stopPropagation();
    close(form, shut);
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (keys) keys(event, form);
}

/** Taking a changed input away fires its last `change`, and the draft is kept once more: so it is forgotten afterwards. */
function close(form, shut) {
  shut();
  forget(form);
}

function forget(form) {
  if (form.dataset.draft) sessionStorage.removeItem(PREFIX + form.dataset.draft);
}

/** Send the form once; a second Enter while it is under way does nothing. */
export async function send(place, form, facts) {
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  form.setAttribute("aria-busy", "true");
  const answer = await ask(form.action, new FormData(form));
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
  if (!answer) return;
  if (answer.data) {
    tellSaved(answer.data);
    facts.done(answer.data);
    forget(form);
  } else {
    show(place, answer.html, facts);
  }
}
