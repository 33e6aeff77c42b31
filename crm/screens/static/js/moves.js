// Moving a record on a board or in a calendar: one POST, an answer in words, and the way back.
import { words } from "./find.js";
import { say } from "./toast.js";

/** Send a move; gives the answer, whose `refused` holds the reason when it was not done. */
export async function send(url, values) {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== null && value !== undefined) body.set(name, value);
  const headers = { Accept: "application/json", "X-CSRF-Token": document.querySelector('meta[name="csrf-token"]').content };
  try {
    const answer = await fetch(url, { method: "POST", headers, body, credentials: "same-origin" });
    if (answer.status === 401) window.location.reload();
    return await answer.json();
  } catch {
    return { refused: navigator.onLine ? words().failed : words().offline };
  }
}

/** Say what came of it: the reason of a refusal, or what was done, with Undo. */
export function tellOutcome(answer) {
  if (answer.refused) say(answer.refused, "danger");
  else if (answer.text) say(answer.text, "success", answer.undo_url);
}

/** Whether a key is meant for a field, a menu or a dialog rather than for the page. */
export function isTyping(target) {
  return Boolean(target.closest?.("input, textarea, select, [contenteditable], [role=menu], dialog, .ts-wrapper"));
}
