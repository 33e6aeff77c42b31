// a[data-dialog]: a form of ours in a dialog over the page, so that a related record is made without leaving it.
import { fresh } from "./find.js";
import { ask, bringIn, focusFirst, tellSaved } from "./server.js";

export function attachDialogs(root) {
  for (const link of fresh(root, "a[data-dialog]", "Dialog")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(link);
    });
  }
}

async function open(link) {
  const answer = await ask(link.href);
  if (!answer?.html) return;
  const dialog = document.createElement("dialog");
  dialog.className = "form-dialog";
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.isConnected && link.focus();
  });
  show(dialog, answer.html, link);
  dialog.showModal();
  focusFirst(dialog.querySelector(".form-grid") ?? dialog, { empty: true });
}

function show(dialog, html, link) {
  bringIn(dialog, html);
  const form = dialog.querySelector("form");
  const title = dialog.querySelector("h2");
  if (title) dialog.setAttribute("aria-labelledby", title.id);
  dialog.querySelector("[data-drop-draft]")?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    send(dialog, form, link, event.submitter);
  });
}

async function send(dialog, form, link, button) {
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  const values = new FormData(form);
  if (button?.name) values.append(button.name, button.value);
  const answer = await ask(form.action, values);
  delete form.dataset.sending;
  if (!answer) return;
  if (!answer.data) {
    show(dialog, answer.html, link);
    focusFirst(dialog.querySelector(".form-grid") ?? dialog);
    return;
  }
  dialog.close();
  dialog.remove();
  sessionStorage.removeItem(`klynge-draft:${form.dataset.draft}`);
  tellSaved(answer.data);
  refresh();
}

/** Fetch the open tab anew; a page without tabs is loaded again. */
function refresh() {
  const tab = document.querySelector("[data-tabs] a[aria-current]");
  if (!tab) window.location.reload();
  else window.htmx.ajax("GET", tab.getAttribute("hx-get"), { target: "#tabs", swap: "outerHTML" });
}

