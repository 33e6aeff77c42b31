// form[data-upload]: files by drag and drop or by choosing, each sent by itself with its progress, and stopped by a click.
// What is refused says why beside its name; the list of files is fetched anew when the last one is in.
import { fresh } from "./find.js";
import { ask, bringIn } from "./server.js";
import { say } from "./toast.js";

export function attachUploads(root) {
  for (const form of fresh(root, "form[data-upload]", "Upload")) begin(form);
}

function begin(form) {
  const input = form.querySelector('input[type="file"]');
  form.classList.add("live");
  input.required = false;
  input.addEventListener("change", () => {
    send(form, [...input.files]);
    input.value = "";
  });
  listenToDrops(form, (files) => send(form, input.multiple ? files : files.slice(0, 1)));
  form.addEventListener("submit", (event) => event.preventDefault());
}

/** Files dropped on a place; it shows that it takes them while they hang over it. */
export function listenToDrops(place, take) {
  let depth = 0;
  const over = (open) => place.classList.toggle("over", open);
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  place.addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth += 1;
    over(true);
  });
  place.addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  place.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    over(depth > 0);
  });
  place.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    over(false);
    take([...event.dataTransfer.files]);
  });
}

/** One after the other: a drop of many is one act, and a slow line is not shared by all of them. */
async function send(form, files) {
  const chain = form.uploading ?? Promise.resolve();
  const drop = { act: "", undo: null, added: 0, last: "" };
  const lines = files.map((file) => [file, addLine(form, file)]);
  form.uploading = chain.then(async () => {
    for (const [file, line] of lines) await sendOne(form, file, line, drop);
    await finish(form, drop);
  });
  await form.uploading;
}

async function sendOne(form, file, line, drop) {
  if (line.stopped) return;
  const problem = refusal(form, file);
  if (problem) return fail(form, line, problem);
  const answer = await post(form.action, { file, act: drop.act, after: form.dataset.refresh ? "" : "page" }, line);
  if (!answer) return line.stopped ? undefined : fail(form, line, named(form.dataset.stopped, file));
  const [refused] = answer.refused ?? [];
  if (refused) return fail(form, line, refused.message);
  Object.assign(drop, { act: answer.act ?? "", undo: answer.undo, added: drop.added + 1, last: file.name });
  line.element.remove();
}

async function finish(form, drop) {
  if (!drop.added) return;
  if (!form.dataset.refresh) {
    window.location.assign(form.querySelector('input[name="next"]')?.value || window.location.href); // the next page says it
    return;
  }
  say(named(form.dataset.added, { name: drop.last }), "success", drop.undo);
  await refresh(form.dataset.refresh);
}

async function refresh(url) {
  const [answer, place] = [await ask(url), document.getElementById("files-place")];
  if (!answer?.html || !place) return;
  bringIn(place, answer.html);
  const list = document.getElementById("files-list");
  const tab = document.querySelector('[data-tabs] a[aria-current][href*="tab=files"]');
  if (!list || !tab) return;
  const count = tab.querySelector(".count") ?? tab.appendChild(Object.assign(document.createElement("span"), { className: "count" }));
  count.textContent = list.dataset.count;
}

/** Why a file need not be sent at all, in words; the server looks again. */
export function refusal(form, file) {
  const { max, suffixes, tooLarge, wrongType, empty } = form.dataset;
  if (!file.size) return named(empty, file);
  if (file.size > Number(max)) return named(tooLarge, file);
  const suffix = file.name.includes(".") ? file.name.split(".").pop().toLowerCase() : "";
  return suffixes.split(" ").includes(suffix) ? "" : named(wrongType, file);
}

function named(text, file) {
  return text.replace("{name}", file.name);
}

/** POST a file; gives the server's answer, or null when the line broke or was stopped. */
export function post(url, { file, ...more }, line) {
  const body = new FormData();
  body.append("file", file);
  for (const [name, value] of Object.entries(more)) if (value) body.append(name, value);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    line.stop = () => request.abort();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", document.querySelector('meta[name="csrf-token"]').content);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && line.show(event.loaded / event.total));
    request.addEventListener("load", () => done(read(request)));
    for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => done(null));
    request.send(body);
  });
}

function read(request) {
  try {
    const answer = JSON.parse(request.responseText);
    return answer.files || answer.refused ? answer : null;
  } catch {
    return null;
  }
}

/** A line for a file under way: its name, how far it is, and a button that stops it. */
export function addLine(form, file) {
  const element = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { className: "upload-name", textContent: file.name });
  const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  bar.setAttribute("aria-label", file.name);
  const cancel = button(named(form.dataset.cancel, file), "×");
  element.append(name, bar, cancel);
  form.querySelector("[data-uploads]").append(element);
  const line = { element, stopped: false, stop: () => {}, show: (part) => (bar.value = Math.round(part * 100)) };
  cancel.addEventListener("click", () => {
    line.stopped = true;
    line.stop();
    element.remove();
  });
  return line;
}

export function fail(form, line, message) {
  line.element.className = "failed";
  const text = Object.assign(document.createElement("span"), { className: "field-error", textContent: message });
  const close = button(form.dataset.dismiss, "×");
  close.addEventListener("click", () => line.element.remove());
  line.element.replaceChildren(text, close);
}

function button(label, text) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: text });
  made.setAttribute("aria-label", label);
  return made;
}
