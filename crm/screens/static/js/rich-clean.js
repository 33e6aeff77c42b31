// What is pasted into formatted text, made small and safe: the tags that the server keeps, and nothing of Word's or a web page's
// own looks. HTML is read by a document that runs and fetches nothing; what stands in the page is made anew, tag by tag.
const KEPT = new Set(["P", "BR", "STRONG", "EM", "B", "I", "U", "S", "A", "UL", "OL", "LI", "H2", "H3", "BLOCKQUOTE", "CODE", "PRE", "HR"]);
const BECOMES = { H1: "H2", H4: "H3", H5: "H3", H6: "H3", STRIKE: "S", DEL: "S", INS: "U", STRONG: "B", EM: "I", DIV: "P", TR: "P" };
const GONE = new Set(["SCRIPT", "STYLE", "META", "LINK", "TITLE", "HEAD", "XML", "TEMPLATE", "NOSCRIPT", "SVG", "MATH", "IFRAME", "OBJECT", "IMG"]);
const BLOCKS = new Set(["P", "UL", "OL", "H2", "H3", "BLOCKQUOTE", "PRE", "HR"]);
const SAFE = /^(https?|mailto|tel):/i;
const NUMBERED = /^\s*(\d+|[a-zæøå])[.)]/i;

/** Give a fragment of this page for HTML, or for plain text: an empty line ends a paragraph. */
export function toFragment(html) {
  const fragment = document.createDocumentFragment();
  const text = /<[a-z!/][^<>]*>/i.test(html) ? html : paragraphs(html);
  const body = new DOMParser().parseFromString(withoutLooks(text), "text/html").body;
  walk(body, fragment);
  return gathered(fragment);
}

/** Looks are read as words and never applied: the content policy complains of them even in a document that is not shown. */
function withoutLooks(html) {
  const bare = html.replace(/<style\b[\s\S]*?<\/style>/gi, "");
  return bare.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-looks=").replace(/\son[a-z]+\s*=/gi, " data-gone="));
}

function paragraphs(text) {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => `<p>${part.trim().replaceAll("\n", "<br>")}</p>`).join("");
}

function walk(from, into) {
  let list = null;
  for (const node of [...from.childNodes]) {
    if (node.nodeType === Node.TEXT_NODE) into.append(node.data.replace(/[\r\n\t]+/g, " "));
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    list = isWordItem(node) ? wordItem(node, list, into) : null;
    if (!list) copy(node, into);
  }
}

function copy(node, into) {
  const name = node.nodeName.toUpperCase();
  if (GONE.has(name) || isMarker(node)) return;
  const tag = name === "DIV" && node.querySelector("p, div, ul, ol, h1, h2, h3, table") ? null : (BECOMES[name] ?? name);
  if (!tag || !KEPT.has(tag) || isPlain(node, tag)) return walk(node, styled(node, into));
  const made = document.createElement(tag);
  if (tag === "A") {
    const address = node.getAttribute("href") ?? "";
    if (!SAFE.test(address)) return walk(node, into);
    made.setAttribute("href", address);
  }
  walk(node, styled(node, made));
  if (name === "TD" || name === "TH") into.append(" ");
  if (tag === "BR" || tag === "HR" || made.textContent.trim() || made.querySelector("br")) into.append(made);
}

/** Google writes everything in a <b> that is not bold. */
function isPlain(node, tag) {
  return (tag === "B" || tag === "I") && /font-(weight|style):\s*(normal|400)/i.test(node.getAttribute("data-looks") ?? "");
}

/** Bold and italic that are written as looks become tags. */
function styled(node, into) {
  const style = node.getAttribute("data-looks") ?? "";
  let place = into;
  if (node.nodeName === "SPAN" && /font-weight:\s*(bold|[6-9]00)/i.test(style)) place = place.appendChild(document.createElement("b"));
  if (node.nodeName === "SPAN" && /font-style:\s*italic/i.test(style)) place = place.appendChild(document.createElement("i"));
  return place;
}

/** Word writes a list as paragraphs, each with its sign in front. */
function isWordItem(node) {
  return node.nodeName === "P" && (/MsoListParagraph/.test(node.className) || /mso-list:\s*l/i.test(node.getAttribute("data-looks") ?? ""));
}

function isMarker(node) {
  return /mso-list:\s*ignore/i.test(node.getAttribute("data-looks") ?? "");
}

function wordItem(node, list, into) {
  const marker = [...node.querySelectorAll("span")].find(isMarker)?.textContent ?? node.textContent;
  const tag = NUMBERED.test(marker) ? "OL" : "UL";
  const place = list?.nodeName === tag ? list : into.appendChild(document.createElement(tag));
  const item = place.appendChild(document.createElement("li"));
  walk(node, item);
  if (item.firstChild?.nodeType === Node.TEXT_NODE) item.firstChild.data = item.firstChild.data.replace(/^[\s\u00b7\u2022\u00a7o-]+(?=\S)/, "");
  return place;
}

/** Loose words between paragraphs become one; blanks between blocks go. */
function gathered(fragment) {
  const found = document.createDocumentFragment();
  let loose = null;
  for (const node of [...fragment.childNodes]) {
    const block = node.nodeType === Node.ELEMENT_NODE && BLOCKS.has(node.nodeName);
    if (block) {
      loose = null;
      found.append(node);
    } else if (loose || node.textContent.trim() || node.nodeName === "BR") {
      loose ??= found.appendChild(document.createElement("p"));
      loose.append(node);
    }
  }
  return found;
}
