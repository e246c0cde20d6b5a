// The list of doubts.

const doubtList = { list: null, place: new Map() };

/** Shows the doubts that pass the filters. */
function showDoubts() {
  doubtList.list?.stop();
  doubtList.place = new Map(app.doubts.map((doubt, place) => [doubt, place]));
  byId("doubt-count").textContent = countOf(app.doubts.length, app.data.doubts.length);
  byId("doubts-part").classList.toggle("none", !app.data.doubts.length);
  byId("accept-listed").disabled = !app.doubts.some((index) => canAccept(app.data.doubts[index]) && app.data.doubts[index].task !== null);
  if (!app.doubts.length) {
    doubtList.list = null;
    fill(byId("doubts"), el("p", { className: "empty" }, app.data.doubts.length ? "没有符合筛选的疑点" : "没有疑点"));
    return;
  }
  doubtList.list = lazyList(byId("doubts"), app.doubts.length, (place) => doubtRow(app.doubts[place]), 44, 40);
}

/** One doubt: how grave, of which task and field, what it is. */
function doubtRow(index) {
  const doubt = app.data.doubts[index];
  const task = doubt.task === null ? null : app.data.tasks[doubt.task];
  const isChosen = app.chosen.doubt === index;
  const pending = pendingAcceptance(doubt);
  const row = el("div", { className: `doubt ${doubt.severity}${isChosen ? " chosen" : ""}`, data: { doubt: index } },
    el("span", { className: `badge ${doubt.severity}` }, app.data.words.severities[doubt.severity]),
    el("div", { className: "what" },
      button(`${task ? taskLabel(task) : "全文"} ${doubt.field ? `${fieldLabel(doubt.field)} · ` : ""}${ruleLabel(doubt.rule)}`,
        () => chooseDoubt(index), { className: "link" }),
      el("span", { className: "message", title: doubt.message }, doubt.message),
      isChosen && doubt.advice ? el("span", { className: "hint" }, doubt.advice) : null),
    pending ? el("span", { className: "how waiting" }, "待存：接受") : null,
    canAccept(doubt) ? button("接受", () => openAcceptance([index]), { className: "accept", name: `接受疑点 ${ruleLabel(doubt.rule)}` }) : null);
  row.onclick = (event) => {
    if (!event.target.closest("button")) chooseDoubt(index);
  };
  return row;
}

/** Chooses a doubt: its record and its place come into view. */
function chooseDoubt(index) {
  app.list = "doubts";
  const doubt = app.data.doubts[index];
  choose({ task: doubt.task, field: doubt.field, doubt: index }, "doubts");
  doubtElement(index)?.querySelector(".link").focus({ preventScroll: true });
}

function showChosenDoubt(follows) {
  const before = doubtList.shown ?? null;
  doubtList.shown = app.chosen.doubt;
  if (before !== null) renewDoubt(before);
  const chosen = app.chosen.doubt;
  if (chosen === null || !doubtList.place.has(chosen)) return;
  doubtList.list.get(doubtList.place.get(chosen));
  renewDoubt(chosen);
  if (follows) reveal(byId("doubts"), doubtElement(chosen));
}

function doubtElement(index) {
  return byId("doubts").querySelector(`.doubt[data-doubt="${index}"]`);
}

function renewDoubt(index) {
  if (doubtList.list && doubtList.place.has(index)) doubtList.list.renew(doubtList.place.get(index));
}
