// The two boxes of whom a sparring was with: people found by three letters, each with where they are; who is not known is made inline.
import { words } from "./find.js";

const NEW = "new:";


export function attachChoices(form) {
  const organisations = make(form.querySelector("[data-sparring-organisations]"), form, "/t/organisation/pick", {});
  make(form.querySelector("[data-sparring-who]"), form, "/sparring/who", {
    onItemAdd(value) {
      const place = this.options[value]?.organisation;
      // Choosing a person fills the organisation from where they are now.
      if (place && !organisations.items.length) choose(form, "organisations", [place.id], { [place.id]: place.title });
      this.close();
    },
  });
}

/** Choose records in one of the boxes: one id or several, and their names by id (or the name of the one). */
export function choose(form, name, value, names) {
  const box = form.querySelector(`[name="${name}"]`).tomselect;
  const ids = (Array.isArray(value) ? value : [value]).map(String);
  for (const id of ids) box.addOption({ id, title: typeof names === "string" ? names : (names[id] ?? id.replace(NEW, "")) });
  if (Array.isArray(value) || box.settings.maxItems === 1) box.setValue(box.settings.maxItems === 1 ? (ids[0] ?? "") : ids, true);
  else for (const id of ids) box.addItem(id, true);
}

function make(select, form, address, more) {
  const found = new Map(); // what the server gave, by the text that was asked for
  const box = new window.TomSelect(select, {
    valueField: "id",
    labelField: "title",
    searchField: [],
    sortField: [{ field: "$order" }],
    selectOnTab: true,
    maxOptions: 50,
    plugins: { remove_button: { title: words().remove } },
    create: (text) => ({ id: NEW + text.trim(), title: text.trim() }),
    createFilter: (text) => text.trim().length > 1,
    score: (text) => (item) => Number(!text || Boolean(found.get(text)?.has(String(item.id)))),
    shouldLoad: (text) => text.length > 1,
    load(text, done) {
      fetch(`${address}?${new URLSearchParams({ q: text })}`, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : { results: [] }))
        .then(({ results }) => {
          found.set(text, new Set(results.map((one) => String(one.id))));
          done(results);
        })
        .catch(() => done());
    },
    render: {
      option: drawn,
      option_create: (data, escape) => `<div class="create">${escape(form.dataset.make.replace("{name}", data.input.trim()))}</div>`,
      no_results: () => null,
      loading: () => line(words().searching),
    },
    ...more,
  });
  select.setAttribute("aria-hidden", "true"); // the box has an input of its own, with the label
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) box.control_input.setAttribute(name, select.getAttribute(name));
  return box;
}

function drawn(data, escape) {
  return `<div>${escape(data.title)}${data.detail ? ` <span class="muted">· ${escape(data.detail)}</span>` : ""}</div>`;
}

function line(text) {
  return Object.assign(document.createElement("div"), { className: "no-results", textContent: text });
}
