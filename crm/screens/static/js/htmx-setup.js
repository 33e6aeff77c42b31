// Every request of htmx carries the CSRF token; what goes wrong is said in words.
import { words } from "./find.js";
import { say } from "./toast.js";

export function listenToHtmx() {
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRF-Token"] = document.querySelector('meta[name="csrf-token"]').content;
  });
  document.addEventListener("htmx:sendError", () => say(words().offline, "danger"));
  document.addEventListener("htmx:responseError", (event) => {
    const spoken = event.detail.xhr.getResponseHeader("HX-Trigger") ?? "";
    if (!spoken.includes("klynge:message")) say(words().failed, "danger");
  });
  document.addEventListener("klynge:message", (event) => say(event.detail.text, event.detail.level, event.detail.undo_url));
  document.addEventListener("klynge:counts", (event) => {
    for (const [key, number] of Object.entries(event.detail)) {
      const place = document.getElementById(`count-${key}`);
      if (place && typeof number === "number") place.textContent = number ? String(number) : "";
    }
  });
}
