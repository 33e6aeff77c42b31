// Cells as sheets put them on the clipboard: rows by line, cells by tab; quoted where a cell holds one of these or a quote.

/** Read a range: a list of rows, each a list of texts. */
export function readTsv(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const source = text.replaceAll("\r\n", "\n").replace(/\n$/, "");
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at];
    if (quoted && sign === '"' && source[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (quoted && sign === '"') quoted = false;
    else if (!quoted && sign === '"' && cell === "") quoted = true;
    else if (!quoted && (sign === "\t" || sign === "\n")) {
      rows.at(-1).push(cell);
      cell = "";
      if (sign === "\n") rows.push([]);
    } else cell += sign;
  }
  rows.at(-1).push(cell);
  return rows;
}

/** Write a range. */
export function writeTsv(rows) {
  return rows.map((row) => row.map(quote).join("\t")).join("\n");
}

function quote(text) {
  return /[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
