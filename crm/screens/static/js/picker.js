// <select data-picker="/t/person/pick">: choose a record by typing; the server searches (word beginnings, Danish folding).
// <select data-list>: the same box over the options that are there.
import { fresh, words } from "./find.js";

export function attachPickers(root) {
  for (const select of fresh(root, "select[data-picker]", "Picker")) make(select, remote(select));
  for (const select of fresh(root, "select[data-list]", "Picker")) make(select, {});
}

function make(select, more) {
  const picker = new window.TomSelect(select, {
    create: false,
    allowEmptyOption: false,
    maxOptions: 100,
    selectOnTab: true,
    plugins: select.required ? [] : { clear_button: { title: words().remove } },
    render: {
      no_results: () => line("no-results", words().noResults),
      loading: () => line("no-results", words().searching),
    },
    ...more,
  });
  name(picker, select);
}

function remote(select) {
  const answers = new Map(); // what the server found, by the text it was asked for
  return {
    valueField: "id",
    labelField: "title",
    searchField: [],
    sortField: [{ field: "$order" }],
    // What is here already is matched at once; the server's answer adds what it alone knows (Danish folding, other records).
    score(text) {
      const found = answers.get(text);
      return (item) => Number(!text || Boolean(found?.has(String(item.id))) || fold(item.title).includes(fold(text)));
    },
    shouldLoad: () => true,
    preload: "focus",
    load(text, done) {
      const url = new URL(select.dataset.picker, window.location.origin);
      url.searchParams.set("q", text);
      fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : { results: [] }))
        .then((found) => {
          answers.set(text, new Set(found.results.map((item) => String(item.id))));
          done(found.results);
        })
        .catch(() => done());
    },
  };
}

function fold(text) {
  return text.toLowerCase().replaceAll("aa", "å");
}

/** Tom Select moves the label to its own input; what describes the field has to move along. */
function name(picker, select) {
  select.setAttribute("aria-hidden", "true"); // else two boxes of the same name are read out
  const input = picker.control_input;
  for (const attribute of ["aria-describedby", "aria-invalid", "aria-required"]) {
    if (select.hasAttribute(attribute)) input.setAttribute(attribute, select.getAttribute(attribute));
  }
}

function line(className, text) {
  const element = document.createElement("div");
  element.className = className;
  element.textContent = text;
  return element;
}
