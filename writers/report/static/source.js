// The left side: pages as pictures, or their tables drawn.

const source = { list: null, parts: [], firstPart: [], zoom: 1, isTall: false };

/** Shows all pages. */
function showSource() {
  source.list?.stop();
  source.parts = [];
  source.firstPart = [];
  app.data.pages.forEach((page, index) => {
    source.firstPart.push(source.parts.length);
    source.parts.push(...partsOf(page, index));
  });
  source.list = lazyPages(byId("pages"));
  const last = app.data.pages[app.data.pages.length - 1];
  byId("page-choice").hidden = app.data.pages.length < 2;
  byId("page-no").max = last ? last.n : 1;
  byId("page-count").textContent = last ? last.n : "";
  const out = app.data.pages.reduce((sum, page) => sum + page.texts.length + page.out.length, 0);
  byId("out-count").textContent = out;
}

/** What a page is made of: its picture, or its texts and the pieces of its tables, each as high as it may be. */
function partsOf(page, index) {
  if (page.picture) {
    const ratio = page.size[0] / page.size[1];
    return [{ page: index, make: () => picturePart(page, index), ratio: turnOf(page) % 180 ? 1 / ratio : ratio }];
  }
  const [before, behind] = textsAround(page);
  const parts = [{ page: index, make: () => textsPart(page, index, before, true), height: 30 + 24 * before.length }];
  let spot = page.first;
  for (const table of page.tables) {
    const widths = columnWidths(table);
    for (const piece of tablePieces(table, spot)) {
      const name = piece.first === 0 && page.tables.length > 1 ? tableName(table) : "";
      const make = () => el("div", { className: "piece" }, name ? el("p", { className: "page-name" }, name) : null, drawPiece(piece, widths));
      parts.push({ page: index, make, height: 46 * (piece.last - piece.first), spots: new Set(piece.cells.map((cell) => cell.spot)) });
    }
    spot += table.cells.length;
  }
  parts.push({ page: index, make: () => textsPart(page, index, behind, false), height: 24 * behind.length });
  return parts;
}

/** The texts of a page that stand before its first table, and the others: their lines tell in a text. */
function textsAround(page) {
  let number = page.first + page.tables.reduce((sum, table) => sum + table.cells.length, 0);
  const texts = page.texts.map(([text, where]) => ({ text, where, spot: number++ }));
  const out = page.out.map(([text, where, why]) => ({ text, where, why, spot: number++ }));
  const lines = page.tables.flatMap((table) => table.cells.map((cell) => lineNumber(cell[5])));
  const first = lines.reduce((least, line) => (line < least ? line : least), Infinity);
  const isBehind = (item) => lineNumber(item.where) > first;
  return [texts.filter((item) => !isBehind(item)), [...texts.filter(isBehind), ...out]];
}

/** The line of a text, or the row of a sheet, as a number; not a number for other places. */
function lineNumber(where) {
  const found = /^(\d+)(?:-\d+)?$|![A-Z]+(\d+)$/.exec(typeof where === "string" ? where : "");
  return found ? Number(found[1] || found[2]) : NaN;
}

function textsPart(page, index, texts, isFirst) {
  const heading = isFirst && page.n ? el("p", { className: "page-name" }, `第 ${page.n} 页`) : null;
  const extra = isFirst ? page.extra.map(([spot, where]) =>
    el("p", { className: "beside", data: { spot } }, typeof where === "string" ? lineLabel(where) : "此处")) : [];
  return el("div", { className: "texts", data: { page: index } }, heading, extra, texts.map((item) =>
    el("p", { className: item.why ? "beside left-out" : "beside", data: { spot: item.spot } },
      item.why ? `〔${app.data.words.left_out[item.why] || item.why}〕` : "", item.text)));
}

/** A page as it is displayed; marks are laid over it. */
function picturePart(page, index) {
  const picture = el("img", { alt: `第 ${page.n} 页`, src: page.picture, decoding: "async", draggable: false });
  const layer = el("div", { className: "layer" });
  const turn = turnOf(page);
  const part = el("div", { className: turn ? `sheet turned turned-${turn}` : "sheet", data: { page: index } }, picture, layer);
  if (turn % 180) {
    part.style.width = `${(100 * page.size[0]) / page.size[1]}%`;
    part.style.height = `${(100 * page.size[1]) / page.size[0]}%`;
  }
  part.onclick = (event) => chooseSpot(spotAt(part, event));
  part.onmousemove = (event) => hover(layer, spotAt(part, event));
  part.onmouseleave = () => hover(layer, null);
  for (const [spot, box] of boxesOutside(page)) layer.append(placed(el("div", { className: "outside", data: { spot } }), box, page));
  return part;
}

/**
 * By how many degrees clockwise a page is turned to be read: tables are often printed sideways. The cells of a row tell:
 * they go from left to right on a page that stands upright.
 */
function turnOf(page) {
  let [across, down] = [0, 0];
  for (const { cells } of page.tables) {
    const before = new Map();
    for (const [, row, , , , box] of cells) {
      if (!Array.isArray(box)) continue;
      const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
      if (before.has(row)) {
        across += middle[0] - before.get(row)[0];
        down += middle[1] - before.get(row)[1];
      }
      before.set(row, middle);
    }
  }
  if (Math.abs(down) <= Math.abs(across)) return across < 0 ? 180 : 0;
  return down > 0 ? 270 : 90;
}

/** The texts outside of the tables of a page, with their boxes. */
function boxesOutside(page) {
  let number = page.first + page.tables.reduce((sum, table) => sum + table.cells.length, 0);
  return [...page.texts, ...page.out].map(([, where]) => [number++, where]).filter(([, where]) => Array.isArray(where));
}

/** An element laid over a box of a page. */
function placed(element, [x0, top, x1, bottom], page) {
  const [width, height] = page.size;
  element.style.left = `${(100 * x0) / width}%`;
  element.style.top = `${(100 * top) / height}%`;
  element.style.width = `${(100 * (x1 - x0)) / width}%`;
  element.style.height = `${(100 * (bottom - top)) / height}%`;
  return element;
}

/** The smallest spot under the pointer; null where there is none. */
function spotAt(part, event) {
  const index = Number(part.dataset.page);
  const page = app.data.pages[index];
  // The offset is one on the page itself, however it is turned on the screen.
  const x = (event.offsetX / part.offsetWidth) * page.size[0];
  const y = (event.offsetY / part.offsetHeight) * page.size[1];
  const next = index + 1 < app.data.pages.length ? app.data.pages[index + 1].first : app.spots.length;
  let best = null;
  let smallest = Infinity;
  for (let number = page.first; number < next; number++) {
    const spot = app.spots[number];
    if (!spot || spot.page !== index || !Array.isArray(spot.where)) continue;
    const [x0, top, x1, bottom] = spot.where;
    const size = (x1 - x0) * (bottom - top);
    if (x >= x0 && x <= x1 && y >= top && y <= bottom && size < smallest) [best, smallest] = [number, size];
  }
  return best;
}

function hover(layer, number) {
  const before = layer.querySelector(".hover");
  if (before && Number(before.dataset.spot) === number) return;
  before?.remove();
  if (number === null) return;
  const spot = app.spots[number];
  layer.append(placed(el("div", { className: "hover", data: { spot: number } }), spot.where, app.data.pages[spot.page]));
}

/** The pages, each made when it comes near and, if it is a picture, forgotten when it is far away. */
function lazyPages(pane) {
  const parts = source.parts;
  const frames = parts.map((part, index) => {
    const frame = el("div", { className: part.ratio ? "frame picture" : "frame", data: { part: index } });
    if (part.ratio) frame.style.aspectRatio = String(part.ratio);
    else frame.style.minHeight = `${part.height}px`;
    return frame;
  });
  const build = (index) => {
    if (frames[index].firstChild) return;
    frames[index].append(parts[index].make());
    frames[index].style.minHeight = "";
    drawMarks(frames[index]);
  };
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const index = Number(target.dataset.part);
      if (isIntersecting) build(index);
      else if (parts[index].ratio) fill(target);
    }
  }, { root: pane, rootMargin: "1200px" });
  fill(pane, frames);
  frames.forEach((frame) => observer.observe(frame));
  return { frames, build, stop: () => observer.disconnect() };
}

/** The frame in which a spot stands, made if need be; null for a spot that there is not. */
function frameOf(number) {
  const spot = app.spots[number];
  if (!spot) return null;
  const end = spot.page + 1 < source.firstPart.length ? source.firstPart[spot.page + 1] : source.parts.length;
  let found = source.firstPart[spot.page];
  for (let index = found; index < end; index++) if (source.parts[index].spots?.has(number)) found = index;
  if (spot.kind !== "cell" && !source.parts[found].ratio) found = spot.kind === "extra" ? found : textFrame(number, found, end);
  source.list.build(found);
  return source.list.frames[found];
}

/** Of the two frames with the texts of a page the one that has this one. */
function textFrame(number, first, end) {
  source.list.build(first);
  return source.list.frames[first].querySelector(`[data-spot="${number}"]`) ? first : end - 1;
}

/** Goes to a page by its number. */
function goToPage(number) {
  const index = app.data.pages.findIndex((page) => page.n >= number);
  if (index < 0) return;
  const frame = source.list.frames[source.firstPart[index]];
  source.list.build(source.firstPart[index]);
  byId("pages").scrollTop += frame.getBoundingClientRect().top - byId("pages").getBoundingClientRect().top;
}

/** Shows in the bar which page is being looked at. */
function nameCurrentPage() {
  const pane = byId("pages");
  const top = pane.getBoundingClientRect().top + pane.clientHeight / 3;
  const frames = source.list.frames;
  let low = 0;
  let high = frames.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (frames[middle].getBoundingClientRect().top <= top) low = middle;
    else high = middle - 1;
  }
  const part = source.parts[low];
  if (part && document.activeElement !== byId("page-no")) byId("page-no").value = app.data.pages[part.page].n;
}

function zoomTo(zoom) {
  source.zoom = Math.min(Math.max(zoom, 0.5), 4);
  byId("pages").style.setProperty("--zoom", source.zoom);
}
