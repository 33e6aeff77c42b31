// [data-pdf="/files/5"]: a PDF drawn page by page on canvases, with its words over them to be marked and read aloud.
// No plug-in and no frame: nothing in the file runs. The library is fetched only where a PDF is looked at.
import { fresh } from "./find.js";

const AHEAD = "800px";

export function attachPdf(root) {
  for (const place of fresh(root, "[data-pdf]", "Pdf")) {
    open(place).catch(() => {
      place.replaceChildren(Object.assign(document.createElement("p"), { textContent: place.dataset.failed, role: "alert" }));
    });
  }
}

async function open(place) {
  const library = await import("../vendor/pdfjs/pdf.min.mjs");
  library.GlobalWorkerOptions.workerSrc = new URL("../vendor/pdfjs/pdf.worker.min.mjs", import.meta.url).href;
  const whole = { disableRange: true, disableStream: true, withCredentials: true };
  const pdf = await library.getDocument({ url: place.dataset.pdf, isEvalSupported: false, enableXfa: false, ...whole }).promise;
  const first = await pdf.getPage(1);
  place.replaceChildren();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        watcher.unobserve(entry.target);
        draw(library, pdf, entry.target).catch(() => entry.target.classList.add("failed"));
      }
    },
    { rootMargin: AHEAD },
  );
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const sheet = makeSheet(place, number, pdf.numPages, first.getViewport({ scale: 1 }));
    place.append(sheet);
    watcher.observe(sheet);
  }
}

function makeSheet(place, number, pages, size) {
  const sheet = document.createElement("section");
  sheet.className = "pdf-page";
  sheet.dataset.number = number;
  sheet.setAttribute("aria-label", place.dataset.pageWords.replace("{page}", number).replace("{pages}", pages));
  sheet.style.aspectRatio = `${size.width} / ${size.height}`; // by script, so the content policy allows it
  return sheet;
}

async function draw(library, pdf, sheet) {
  const page = await pdf.getPage(Number(sheet.dataset.number));
  const plain = page.getViewport({ scale: 1 });
  sheet.style.aspectRatio = `${plain.width} / ${plain.height}`;
  const scale = sheet.clientWidth / plain.width;
  const sharp = Math.min(window.devicePixelRatio || 1, 2);
  const viewport = page.getViewport({ scale: scale * sharp });
  const canvas = Object.assign(document.createElement("canvas"), { width: viewport.width, height: viewport.height });
  canvas.setAttribute("aria-hidden", "true");
  sheet.replaceChildren(canvas);
  await page.render({ canvasContext: canvas.getContext("2d"), viewport }).promise;
  const words = document.createElement("div");
  words.className = "pdf-words";
  words.style.setProperty("--scale-factor", scale);
  sheet.append(words);
  await new library.TextLayer({ textContentSource: page.streamTextContent(), container: words, viewport: page.getViewport({ scale }) }).render();
  for (const ruler of document.querySelectorAll("body > canvas.hiddenCanvasElement")) ruler.hidden = true; // it measures words
  sheet.dataset.drawn = "1";
}
