// Putting the page together.

/** Fills the page with the data. */
function showAll() {
  const { document: about, doubts, tasks } = app.data;
  byId("title").textContent = about.title;
  document.title = `${about.title} · 审阅`;
  const facts = [about.document_id, about.region, `${about.year} 年`, about.publisher, about.source_file, about.source_format.toUpperCase(),
    about.pages ? `${about.pages} 页` : null, app.data.release ? `第 ${app.data.release} 版` : null, `${tasks.length} 项任务`, `${doubts.length} 个疑点`];
  byId("facts").textContent = facts.filter((fact) => fact).join(" · ");
  showSource();
  fillFilters();
  applyFilters();
  showPending();
}

/** Takes up data that the server made anew, and leaves the reader where they were. */
function renew(data) {
  const before = app.data;
  const chosen = before.tasks[app.chosen.task]?.id ?? null;
  const { field } = app.chosen;
  const panes = ["pages", "records", "doubts"].map(byId);
  const places = panes.map((pane) => pane.scrollTop);
  const samePages = JSON.stringify(before.pages) === JSON.stringify(data.pages);
  closeForm();
  loadData(data);
  const task = data.tasks.findIndex((one) => one.id === chosen);
  app.chosen = { task: task < 0 ? null : task, field: task < 0 ? null : field, doubt: null, spot: null };
  records.shown = app.chosen.task;
  doubtList.shown = null;
  byId("facts").textContent = byId("facts").textContent.replace(/\d+ 个疑点$/, `${data.doubts.length} 个疑点`);
  if (!samePages) showSource();
  fillFilters();
  applyFilters();
  showMarks();
  showInspector();
  if (app.chosen.task !== null && records.list && records.place.has(app.chosen.task)) {
    records.list.get(records.place.get(app.chosen.task));
  }
  panes.forEach((pane, at) => (pane.scrollTop = places[at]));
  if (app.chosen.task !== null && recordElement(app.chosen.task)) reveal(byId("records"), recordElement(app.chosen.task), "start");
}

/** What every control does. */
function wire() {
  let waiting = 0;
  const filterSoon = (event) => {
    clearTimeout(waiting);
    if (!event.isComposing) waiting = setTimeout(applyFilters, 120);
  };
  byId("filter-text").addEventListener("input", filterSoon);
  byId("filter-text").addEventListener("compositionend", filterSoon);
  for (const id of Object.values(SELECTS)) byId(id).onchange = applyFilters;
  byId("only-doubtful").onchange = applyFilters;
  byId("filter-clear").onclick = clearFilters;
  byId("filters").onsubmit = (event) => {
    event.preventDefault();
    applyFilters();
    goTo(app.doubts.length ? "doubts" : "records");
    step(1);
  };
  byId("accept-listed").onclick = () => openAcceptance(app.doubts);
  byId("show-pending").onclick = () => togglePending();
  byId("show-help").onclick = () => toggleHelp();
  byId("copy").onclick = copyYaml;
  byId("download").onclick = downloadYaml;
  byId("save").onclick = saveEntries;
  byId("undo").onclick = undoSave;
  byId("publish").onclick = publishDocument;
  byId("zoom-in").onclick = () => zoomTo(source.zoom * 1.25);
  byId("zoom-out").onclick = () => zoomTo(source.zoom / 1.25);
  byId("zoom-fit").onclick = () => zoomTo(1);
  byId("page-no").onchange = () => goToPage(Number(byId("page-no").value));
  byId("show-out").onchange = () => byId("pages").classList.toggle("with-out", byId("show-out").checked);
  byId("pages").addEventListener("scroll", nameCurrentPage, { passive: true });
  byId("pages").addEventListener("click", (event) => {
    const cell = event.target.closest("[data-spot]");
    if (cell && !event.target.closest(".sheet")) chooseSpot(Number(cell.dataset.spot));
  });
  for (const list of ["doubts", "records"]) byId(list).addEventListener("focusin", () => (app.list = list));
  document.addEventListener("keydown", onKey);
  window.addEventListener("beforeprint", () => records.list?.all());
  fill(byId("key-list"), KEYS.map(([key, what]) => [el("dt", {}, key), el("dd", {}, what)]));
}

loadData(JSON.parse(byId("fenjie-data").textContent));
connect();
restoreEntries();
wire();
showAll();
if (pending.entries.length) togglePending(true);
document.documentElement.dataset.ready = "true";
