// Tables of sources without pictures, drawn as tables: their spans, and each row's line.

/** So many rows are drawn at once. */
const ROWS_AT_ONCE = 40;

/** The pieces of a table, a few rows each; a cell that goes over the end of a piece goes on in the next. */
function tablePieces(table, firstSpot) {
  const pieces = [];
  for (let first = 0; first < table.rows; first += ROWS_AT_ONCE) {
    pieces.push({ table, first, last: Math.min(first + ROWS_AT_ONCE, table.rows), cells: [] });
  }
  table.cells.forEach((cell, index) => {
    const [, row, , rows] = cell;
    for (let at = Math.floor(row / ROWS_AT_ONCE); at * ROWS_AT_ONCE < row + rows; at++) {
      pieces[at]?.cells.push({ cell, spot: firstSpot + index });
    }
  });
  return pieces;
}

/** Shares of the width for each column: a column of long texts is wider, but not by as much as it has text. */
function columnWidths(table) {
  const longest = new Array(table.cols).fill(3);
  for (const [text, , col, , cols] of table.cells) {
    const share = Math.min(text.length, 120) / cols;
    for (let at = col; at < col + cols && at < table.cols; at++) longest[at] = Math.max(longest[at], share);
  }
  const weights = longest.map((length) => Math.sqrt(length) + 1);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (100 * weight) / sum);
}

/** A piece of a table as an element. */
function drawPiece(piece, widths) {
  const rows = [];
  for (let row = piece.first; row < piece.last; row++) rows.push(el("tr", {}, rowLabel(piece, row)));
  const inOrder = [...piece.cells].sort((one, other) => one.cell[2] - other.cell[2]);
  for (const { cell, spot } of inOrder) {
    const [text, row, , rowSpan, colSpan, where] = cell;
    const first = Math.max(row, piece.first);
    const last = Math.min(row + rowSpan, piece.last);
    const element = el("td", { rowSpan: last - first, colSpan, data: { spot } }, text);
    if (typeof where === "string") element.title = lineLabel(where);
    if (row < piece.first) element.classList.add("goes-on");
    rows[first - piece.first].append(element);
  }
  const columns = widths.map((width) => {
    const column = el("col");
    column.style.width = `${width}%`;
    return column;
  });
  return el("table", { className: "drawn" }, el("colgroup", {}, el("col", { className: "lines" }), columns), el("tbody", {}, rows));
}

/** The heading of a row: its line in a text, its number in a sheet, else which row of the table it is. */
function rowLabel(piece, row) {
  const own = piece.cells.find(({ cell }) => cell[1] === row);
  const where = own && typeof own.cell[5] === "string" ? own.cell[5] : "";
  const found = /^([\d-]+)$|![A-Z]+(\d+)$/.exec(where);
  return el("th", { scope: "row" }, found ? found[1] || found[2] : String(row + 1));
}

/** What a table is called where a document has several: its sheet, or its number. */
function tableName(table) {
  const where = table.cells.map((cell) => cell[5]).find((place) => typeof place === "string") || "";
  const found = /^(.+)![A-Z]+\d+$|^table (\d+)/.exec(where);
  return found ? found[1] || `表 ${found[2]}` : "";
}
