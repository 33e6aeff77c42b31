// data-confirm="question" on a form: ask before it is sent, in our own words.
import { fresh } from "./find.js";

export function attachAsk(root) {
  for (const form of fresh(root, "form[data-confirm]", "Ask")) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.confirmed) return;
      event.preventDefault();
      const sender = event.submitter;
      if (await ask(form.dataset.confirm)) {
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
