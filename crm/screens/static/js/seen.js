// Records seen lately: their ids only, in this browser, by user. Reading a page writes nothing on the server, and nothing that a
// page says is left behind: the names are asked for when the palette shows them, under the rights of that moment.

const MOST = 20;

function place() {
  const user = document.getElementById("palette")?.dataset.user;
  return user ? `klynge-seen-${user}` : null;
}

/** Give the ids, the last seen first. */
export function seenIds() {
  try {
    const ids = JSON.parse(localStorage.getItem(place()) ?? "[]");
    return Array.isArray(ids) ? ids.filter(Number.isInteger) : [];
  } catch {
    return [];
  }
}

/** Note the record of this page; at signing out all is forgotten. */
export function noteSeen() {
  const key = place();
  if (!key) return;
  const here = recordHere();
  if (here) keep(key, [here, ...seenIds().filter((id) => id !== here)].slice(0, MOST));
  for (const form of document.querySelectorAll("form[data-forget-drafts]")) {
    form.addEventListener("submit", () => localStorage.removeItem(key));
  }
}

/** The id of the record that this page shows, or null. */
export function recordHere() {
  const found = window.location.pathname.match(/^\/r\/(\d{1,15})(\/|$)/);
  return found ? Number(found[1]) : null;
}

function keep(key, ids) {
  try {
    localStorage.setItem(key, JSON.stringify(ids));
  } catch {
    // Full or forbidden: the palette then shows none.
  }
}
