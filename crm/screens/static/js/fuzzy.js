// How well a typed text fits a label: words first, then letters in their order. Danish folding as on the server: aa is å.

export function fold(text) {
  return text.normalize("NFC").toLowerCase().replaceAll("aa", "å");
}

/** Give a number, higher is better; 0 when it does not fit. */
export function fits(typed, label) {
  const wanted = fold(typed).trim();
  if (!wanted) return 1;
  const text = fold(label);
  if (text.startsWith(wanted)) return 100 - Math.min(text.length, 60) / 100;
  const words = text.split(/[\s/.,()-]+/);
  const parts = wanted.split(/\s+/);
  if (parts.every((part) => words.some((word) => begins(word, part)))) return 80 - Math.min(text.length, 60) / 100;
  if (text.includes(wanted)) return 60;
  return wanted.length > 2 ? inOrder(wanted.replaceAll(" ", ""), text) : 0;
}

/** A last `a` may be the first half of `aa`. */
function begins(word, part) {
  return word.startsWith(part) || (part.endsWith("a") && word.startsWith(`${part.slice(0, -1)}å`));
}

function inOrder(wanted, text) {
  let at = 0;
  let gaps = 0;
  for (const sign of wanted) {
    const found = text.indexOf(sign, at);
    if (found < 0) return 0;
    if (at > 0) gaps += found - at;
    at = found + 1;
  }
  return gaps <= wanted.length * 2 ? 40 - gaps : 0;
}
