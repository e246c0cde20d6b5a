// What is chosen, lit up where it was read.

/** The spots to light up: by spot, the fields that were read there; an empty list for a doubt's own place. */
function litSpots() {
  const { task, field, doubt, spot } = app.chosen;
  const lit = new Map();
  const add = (number, name) => {
    if (!lit.has(number)) lit.set(number, []);
    if (name && !lit.get(number).includes(name)) lit.get(number).push(name);
  };
  if (task !== null) {
    const at = app.data.tasks[task].at;
    for (const name of field ? [field] : fieldNames()) for (const number of at[name] || []) add(number, name);
  }
  if (doubt !== null) for (const number of app.data.doubts[doubt].at) add(number, null);
  if (spot !== null) add(spot, null);
  return lit;
}

/** Draws the marks again, on what is there of the pages. */
function showMarks() {
  app.lit = litSpots();
  for (const frame of source.list.frames) if (frame.firstChild) drawMarks(frame);
}

/** Draws the marks of one part of the pages. */
function drawMarks(frame) {
  for (const mark of frame.querySelectorAll(".mark, .tag")) mark.remove();
  for (const cell of frame.querySelectorAll(".lit")) cell.classList.remove("lit", "doubted");
  if (!app.lit) return;
  const sheet = frame.querySelector(".sheet");
  for (const [number, fields] of app.lit) {
    const spot = app.spots[number];
    if (!spot || (sheet ? Number(sheet.dataset.page) !== spot.page || !Array.isArray(spot.where) : false)) continue;
    if (sheet) sheet.querySelector(".layer").append(boxMark(spot, number, fields));
    else for (const cell of frame.querySelectorAll(`[data-spot="${number}"]`)) markCell(cell, number, fields);
  }
}

function isDoubted(number) {
  return app.chosen.doubt !== null && app.data.doubts[app.chosen.doubt].at.includes(number);
}

/** A box over a picture, with the names of the fields at its corner. */
function boxMark(spot, number, fields) {
  const mark = el("div", { className: "mark", data: { field: fields[0] || "", spot: number } }, tagOf(fields));
  mark.classList.toggle("doubted", isDoubted(number));
  return placed(mark, spot.where, app.data.pages[spot.page]);
}

function markCell(cell, number, fields) {
  cell.classList.add("lit");
  cell.classList.toggle("doubted", isDoubted(number));
  cell.dataset.field = fields[0] || "";
  const tag = tagOf(fields);
  if (tag) cell.prepend(tag);
}

function tagOf(fields) {
  return fields.length ? el("span", { className: "tag", aria: { hidden: "true" } }, fields.map(fieldLabel).join("·")) : null;
}

/** Brings into view where the chosen thing stands. */
function revealMarks() {
  const { task, field, doubt, spot } = app.chosen;
  const at = task === null ? {} : app.data.tasks[task].at;
  const first = spot !== null ? spot
    : doubt !== null && app.data.doubts[doubt].at.length ? app.data.doubts[doubt].at[0]
    : field ? (at[field] || [])[0] : (at.content || at.task_no || [])[0];
  if (first === undefined) return doubt !== null && app.data.doubts[doubt].page ? goToPage(app.data.doubts[doubt].page) : undefined;
  const frame = frameOf(first);
  const element = frame?.querySelector(`.mark[data-spot="${first}"], [data-spot="${first}"]`);
  if (!element) return;
  reveal(byId("pages"), element);
  // What was not made yet may have been of another height: look again when it is there.
  requestAnimationFrame(() => reveal(byId("pages"), element));
}

/** Chooses a task, one of its fields or a doubt, and shows all three where they are. */
function choose({ task = null, field = null, doubt = null }, from = null) {
  app.chosen = { task, field, doubt, spot: null };
  showMarks();
  revealMarks();
  showInspector();
  showChosenRecord(from !== "records");
  showChosenDoubt(from !== "doubts");
}

/** Chooses a place on a page, and says what became of it; who fills in a form goes on seeing it. */
function chooseSpot(number) {
  const isFilling = openForm?.element.isConnected && openForm.task !== undefined;
  const [task, field] = isFilling ? [openForm.task, openForm.name] : [null, null];
  app.chosen = { task, field, doubt: null, spot: number };
  showMarks();
  showInspector();
  showChosenRecord(false);
  showChosenDoubt(false);
}

/** Below the pages: what was read at the chosen place. */
function showInspector() {
  const panel = byId("inspector");
  const number = app.chosen.spot;
  panel.hidden = number === null;
  if (number === null) return fill(panel);
  const spot = app.spots[number];
  const uses = usesOf(number);
  fill(
    panel,
    el("p", {}, el("b", {}, placeLabel(spot)), " ", spot.text ? el("bdi", {}, `“${shortened(spot.text, 80)}”`) : "（空）",
      button("×", () => chooseSpot(null), { className: "close", name: "关闭" })),
    uses.length ? el("p", { className: "uses" }, usesLinks(uses)) : el("p", { className: "hint" }, whyUnused(spot)),
  );
}

const USES_SHOWN = 24;

function usesLinks(uses) {
  const links = uses.slice(0, USES_SHOWN).map(([task, field]) => {
    const record = app.data.tasks[task];
    const how = record.how[field] ? `（${app.data.words.methods[record.how[field]]}）` : "";
    return button(`${taskLabel(record)} ${fieldLabel(field)}${how}`, () => choose({ task, field }), { className: "link" });
  });
  return [...links, uses.length > USES_SHOWN ? ` 等 ${uses.length} 处` : null];
}

function whyUnused(spot) {
  if (spot.why) return `未入表：${app.data.words.left_out[spot.why] || spot.why}`;
  if (spot.kind === "text") return "表外文字，没有任务取自这里";
  return "没有任务取自这里（表头、空格，或未采用的内容）";
}
