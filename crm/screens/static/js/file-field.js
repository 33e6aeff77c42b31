// [data-file-field]: files of a field in a form. Each is sent at once and waits for its record; the hidden input names them.
import { fresh } from "./find.js";
import { addLine, fail, listenToDrops, post, refusal } from "./upload.js";

export function attachFileFields(root) {
  for (const box of fresh(root, "[data-file-field][data-action]", "FileField")) begin(box);
}

function begin(box) {
  const kept = box.querySelector("[data-kept]");
  const input = box.querySelector('input[type="file"]');
  box.classList.add("live");
  input.removeAttribute("name"); // what was chosen is sent by itself, not once more with the form
  draw(box, kept);
  input.addEventListener("change", () => {
    send(box, kept, [...input.files]);
    input.value = "";
  });
  listenToDrops(box, (files) => send(box, kept, files));
  kept.addEventListener("klynge:drafted", () => draw(box, kept));
}

/** `12/Plan.pdf,13/Budget.xlsx`, the names quoted: as the field's kind reads it. */
function tokens(kept) {
  return kept.value.split(",").filter(Boolean);
}

function set(box, kept, listed) {
  kept.value = listed.join(",");
  draw(box, kept);
  kept.dispatchEvent(new Event("input", { bubbles: true }));
}

function draw(box, kept) {
  box.querySelector("[data-held]").replaceChildren(...tokens(kept).map((token) => makeLine(box, kept, token)));
}

function makeLine(box, kept, token) {
  const [id, quoted = ""] = token.split("/");
  const name = decodeURIComponent(quoted) || `#${id}`;
  const line = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: `/files/${id}/latest`, textContent: name });
  const out = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: "×" });
  out.setAttribute("aria-label", box.dataset.takeOut.replace("{name}", name));
  out.addEventListener("click", () => {
    set(box, kept, tokens(kept).filter((one) => one !== token));
    box.querySelector('input[type="file"]').focus();
  });
  line.append(link, out);
  return line;
}

async function send(box, kept, files) {
  const lines = files.map((file) => [file, addLine(box, file)]);
  for (const [file, line] of lines) await sendOne(box, kept, file, line);
}

async function sendOne(box, kept, file, line) {
  if (line.stopped) return;
  const single = box.dataset.most === "1";
  const full = !single && tokens(kept).length >= Number(box.dataset.most);
  const problem = full ? box.dataset.mostWords : refusal(box, file);
  if (problem) return fail(box, line, problem);
  const answer = await post(box.dataset.action, { file }, line);
  if (!answer) return line.stopped ? undefined : fail(box, line, box.dataset.stopped.replace("{name}", file.name));
  const [refused] = answer.refused ?? [];
  if (refused) return fail(box, line, refused.message);
  line.element.remove();
  const [sent] = answer.files;
  set(box, kept, [...(single ? [] : tokens(kept)), `${sent.id}/${encodeURIComponent(sent.name)}`]);
}
