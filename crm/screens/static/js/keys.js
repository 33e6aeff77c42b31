// Keys of the whole page. Bound by the typed character; single letters are not used, so nothing is caught while typing.
export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (command && event.key.toLowerCase() === "k") return go(event, focusSearch);
    if (command && event.key.toLowerCase() === "s") return go(event, saveForm);
    return undefined;
  });
}

function go(event, act) {
  if (act()) event.preventDefault();
}

function focusSearch() {
  const field = document.querySelector("[data-search]");
  field?.focus();
  field?.select();
  return Boolean(field);
}

function saveForm() {
  const form = document.activeElement?.closest("form[data-draft]") ?? document.querySelector("form[data-draft]");
  form?.requestSubmit();
  return Boolean(form);
}
