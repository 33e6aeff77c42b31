// form[data-comment]: Ctrl+Enter sends; a refusal comes back into its place; what was sent is no draft any more.
// [data-mentions] on a text area or an input: after an @ the colleagues whom its address gives are offered.
import { fresh, words } from "./find.js";

const DRAFT = "klynge-draft:";

// It speaks on what is exchanged, not on the form.
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig?.elt;
  if (!form?.matches?.("form[data-comment]")) return;
  if (event.detail.xhr.status === 422) Object.assign(event.detail, { shouldSwap: true, isError: false });
  else if (event.detail.xhr.status < 300) sessionStorage.removeItem(DRAFT + form.dataset.draft);
});

export function attachComments(root) {
  for (const form of fresh(root, "form[data-comment]", "Comment")) {
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit();
    });
  }
  for (const button of fresh(root, "[data-close-form]", "CloseForm")) {
    button.addEventListener("click", () => {
      const form = button.closest("form");
      sessionStorage.removeItem(DRAFT + form.dataset.draft);
      const line = form.closest("li");
      form.remove();
      line?.querySelector(".comment-acts button")?.focus();
    });
  }
  for (const box of fresh(root, "[data-mentions]", "Mentions")) new Mentions(box);
}

/** The list of people under a text area; the focus stays in the text. */
class Mentions {
  constructor(box) {
    this.box = box;
    this.people = null;
    this.list = document.createElement("ul");
    this.list.className = "mention-list";
    this.list.id = `${box.id}-people`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", words().mention);
    box.after(this.list);
    box.setAttribute("aria-controls", this.list.id);
    box.setAttribute("aria-autocomplete", "list");
    box.addEventListener("input", () => this.look());
    box.addEventListener("click", () => this.look());
    box.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
    box.addEventListener("keydown", (event) => this.key(event), { capture: true });
  }

  /** What stands after the last @ before the caret; null when nobody is being mentioned. */
  begun() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    const found = /(?:^|[^\p{L}\p{N}_@])@([\p{L}\p{N}_ .'()-]{0,40})$/u.exec(before);
    return found ? found[1] : null;
  }

  async look() {
    const begun = this.begun();
    if (begun === null) return this.close();
    this.people ??= await this.fetch();
    if (this.begun() === null) return this.close();
    const wanted = fold(this.begun());
    const found = this.people.filter((one) => fits(fold(one.called), wanted)).slice(0, 8);
    const isWhole = found.length === 1 && fold(found[0].called) === wanted.trim();
    return found.length && !isWhole ? this.show(found) : this.close();
  }

  async fetch() {
    const answer = await fetch(this.box.dataset.mentions, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
    return answer?.ok ? (await answer.json()).people : [];
  }

  show(people) {
    this.list.replaceChildren(
      ...people.map((one, index) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${one.id}`;
        item.setAttribute("role", "option");
        item.textContent = one.called;
        item.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          this.choose(one);
        });
        item.setAttribute("aria-selected", String(index === 0));
        return item;
      }),
    );
    this.shown = people;
    this.at = 0;
    this.list.hidden = false;
    this.box.setAttribute("aria-activedescendant", this.list.children[0].id);
  }

  close() {
    this.list.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.list.hidden || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" || event.key === "Tab") this.choose(this.shown[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move(by) {
    const items = [...this.list.children];
    items[this.at].setAttribute("aria-selected", "false");
    this.at = (this.at + by + items.length) % items.length;
    items[this.at].setAttribute("aria-selected", "true");
    items[this.at].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", items[this.at].id);
  }

  choose(person) {
    const caret = this.box.selectionStart;
    const start = caret - this.begun().length;
    this.box.setRangeText(`${person.called} `, start, caret, "end");
    this.close();
    this.box.focus();
    this.box.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** Whether any word of a name begins so. */
function fits(name, wanted) {
  return name.startsWith(wanted) || name.includes(` ${wanted}`);
}

function fold(text) {
  return text.toLowerCase().replaceAll("aa", "å");
}
