// The bell: who follows a notice's link has read it; who comes back to the page sees the numbers of now.
import { fresh } from "./find.js";

export function listenToBell() {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") document.body.dispatchEvent(new CustomEvent("klynge:waiting"));
  });
}

export function attachBell(root) {
  for (const link of fresh(root, "a[data-notice]", "Notice")) {
    for (const way of ["click", "auxclick"]) link.addEventListener(way, () => markRead(link));
  }
  for (const input of fresh(root, "[data-submit]", "Submit")) input.addEventListener("change", () => input.form.requestSubmit());
}

/** Sent even though the page goes away at once. */
function markRead(link) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  fetch(`/notices/${link.dataset.notice}/read`, { method: "POST", keepalive: true, redirect: "manual", headers: { "X-CSRF-Token": token } });
}
