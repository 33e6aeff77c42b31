// data-confirm="question" on a form, or on one of its buttons: ask before it is sent, in our own words.
import { fresh } from "./find.js";

export function attachAsk(root) {
  for (const form of fresh(root, "form[data-confirm], form:has(button[data-confirm])", "Ask")) {
    form.addEventListener("submit", async (event) => {
      const sender = event.submitter;
      const question = sender?.dataset.confirm ?? form.dataset.confirm;
      if (form.dataset.confirmed || !question) return;
      event.preventDefault();
      if (await ask(question)) {
        form.dataset.confirmed = "1";
        form.requestSubmit(sender);
      }
    });
  }
}

/** Ask yes or no; Esc is no. */
export function ask(question) {
  const dialog = document.getElementById("ask");
  dialog.querySelector("#ask-text").textContent = question;
  dialog.returnValue = "no";
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
    dialog.querySelector("[data-yes]").focus();
  });
}
