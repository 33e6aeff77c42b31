// textarea[data-rich]: an editor of formatted text in its place. The textarea stays the form's field and holds the HTML; the
// server sanitises whatever comes. The library is fetched only where such a field stands.
import { fresh } from "./find.js";
import { toFragment } from "./rich-clean.js";

const BLOCKS = { heading: "H2", subheading: "H3" };
/** What a button does, and the tag that says that it is in force where the cursor stands. */
const ACTS = {
  bold: ["B", (editor, on) => (on ? editor.removeBold() : editor.bold())],
  italic: ["I", (editor, on) => (on ? editor.removeItalic() : editor.italic())],
  underline: ["U", (editor, on) => (on ? editor.removeUnderline() : editor.underline())],
  strike: ["S", (editor, on) => (on ? editor.removeStrikethrough() : editor.strikethrough())],
  heading: ["H2", (editor, on) => setBlock(editor, on ? "P" : BLOCKS.heading)],
  subheading: ["H3", (editor, on) => setBlock(editor, on ? "P" : BLOCKS.subheading)],
  bullets: ["UL", (editor, on) => (on ? editor.removeList() : editor.makeUnorderedList())],
  numbers: ["OL", (editor, on) => (on ? editor.removeList() : editor.makeOrderedList())],
  quote: ["BLOCKQUOTE", (editor, on) => (on ? editor.removeQuote() : editor.increaseQuoteLevel())],
  clear: [null, (editor) => editor.removeAllFormatting()],
  undo: [null, (editor) => editor.undo()],
  redo: [null, (editor) => editor.redo()],
};

export function attachRich(root) {
  for (const area of fresh(root, "textarea[data-rich]", "Rich")) begin(area);
}

async function begin(area) {
  const { default: Squire } = await import("../vendor/squire/squire.mjs");
  if (!area.isConnected) return;
  const place = area.closest("[data-rich-place]");
  const box = makeBox(area);
  const editor = new Squire(box, { blockTag: "P", sanitizeToDOMFragment: toFragment, addLinks: false });
  editor.setKeyHandler("Tab", null); // Tab goes on to the next field
  editor.setKeyHandler("Shift-Tab", null);
  fill(editor, area.value);
  takeOver(area, box);
  const tools = place.querySelector(".rich-tools");
  tools.hidden = false;
  listenToTools(editor, place, tools);
  editor.addEventListener("input", () => write(editor, area));
  area.addEventListener("klynge:drafted", () => fill(editor, area.value));
}

function fill(editor, html) {
  editor.setHTML(html);
  editor.saveUndoState?.();
}

/** The textarea's own value is what is sent, drafted and compared. */
function write(editor, area) {
  const root = editor.getRoot();
  area.value = root.textContent.replace(/[\u200b\ufeff]/g, "").trim() ? editor.getHTML() : "";
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function makeBox(area) {
  const box = document.createElement("div");
  box.className = "form-control rich-text rich-box";
  box.id = `${area.id}-editor`;
  for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
    if (area.hasAttribute(name)) box.setAttribute(name, area.getAttribute(name));
  }
  box.classList.toggle("is-invalid", area.classList.contains("is-invalid"));
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-multiline", "true");
  return box;
}

/** The editor takes the place, the name and the focus of the textarea. */
function takeOver(area, box) {
  const label = document.querySelector(`label[for="${CSS.escape(area.id)}"]`);
  if (label) {
    label.id ||= `${area.id}-label`;
    box.setAttribute("aria-labelledby", label.id);
    label.addEventListener("click", () => box.focus());
  } else box.setAttribute("aria-label", area.closest("form")?.getAttribute("aria-label") ?? area.name);
  const focused = document.activeElement === area;
  area.after(box);
  area.hidden = true;
  area.closest(".field")?.querySelector("[data-plain]")?.setAttribute("hidden", "");
  area.addEventListener("focus", () => box.focus());
  if (focused) box.focus();
}

function listenToTools(editor, place, tools) {
  const buttons = [...tools.querySelectorAll("button")];
  const link = place.querySelector(".rich-link");
  roam(tools, buttons);
  const show = () => {
    for (const button of buttons) {
      const tag = button.dataset.act === "link" ? "A" : ACTS[button.dataset.act]?.[0];
      if (tag) button.setAttribute("aria-pressed", String(editor.hasFormat(tag)));
    }
  };
  editor.addEventListener("pathChange", show);
  editor.addEventListener("select", show);
  for (const button of place.querySelectorAll("[data-act]")) {
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps its selection
    button.addEventListener("click", () => act(editor, link, button.dataset.act, show));
  }
  link.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") act(editor, link, "set-link", show);
    else closeLink(editor, link);
  });
  show();
}

function act(editor, link, name, show) {
  if (name === "link") openLink(editor, link);
  else if (name === "set-link" || name === "no-link") setLink(editor, link, name === "set-link");
  else {
    const [tag, run] = ACTS[name];
    run(editor, Boolean(tag) && editor.hasFormat(tag));
    editor.focus();
  }
  show();
}

function openLink(editor, link) {
  const range = editor.getSelection();
  const anchor = (range.startContainer.nodeType === 1 ? range.startContainer : range.startContainer.parentElement)?.closest("a");
  const input = link.querySelector("[data-link-address]");
  input.value = anchor?.getAttribute("href") ?? "";
  link.hidden = false;
  input.focus();
}

function setLink(editor, link, wanted) {
  const written = link.querySelector("[data-link-address]").value.trim();
  const address = /^[a-z][a-z0-9+.-]*:/i.test(written) ? written : `https://${written}`;
  closeLink(editor, link);
  if (!wanted || !written) editor.removeLink();
  else if (/^(https?|mailto|tel):/i.test(address)) editor.makeLink(address);
}

function closeLink(editor, link) {
  link.hidden = true;
  editor.focus();
}

function setBlock(editor, tag) {
  editor.modifyBlocks((fragment) => {
    for (const block of fragment.querySelectorAll("p, h2, h3")) {
      const made = document.createElement(tag);
      made.append(...block.childNodes);
      block.replaceWith(made);
    }
    return fragment;
  });
}

/** One stop for Tab; arrows, Home and End walk the buttons (the pattern of toolbars). */
function roam(tools, buttons) {
  const stop = (chosen) => buttons.forEach((button) => (button.tabIndex = button === chosen ? 0 : -1));
  stop(buttons[0]);
  tools.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = buttons[(to + buttons.length) % buttons.length];
    stop(next);
    next.focus();
  });
}
