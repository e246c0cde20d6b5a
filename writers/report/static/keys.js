// The keyboard.

const KEYS = [
  ["j / ↓", "下一条疑点（或任务）"],
  ["k / ↑", "上一条"],
  ["d", "在疑点列表中移动"],
  ["r", "在任务列表中移动"],
  ["[ / ]", "选中任务的上一栏、下一栏"],
  ["a", "接受选中的疑点"],
  ["e", "更正选中的栏"],
  ["/", "查找"],
  ["s", "打开或关闭待存更正"],
  ["Esc", "关闭表单、取消选择"],
  ["?", "快捷键"],
];

/** Goes on by one in the list that the reader is in. */
function step(by) {
  const inDoubts = app.list === "doubts" && app.doubts.length > 0;
  const items = inDoubts ? app.doubts : app.tasks;
  if (!items.length) return;
  const chosen = inDoubts ? app.chosen.doubt : app.chosen.task;
  const at = items.indexOf(chosen);
  const next = items[Math.min(Math.max(at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by, 0), items.length - 1)];
  if (inDoubts) {
    choose({ task: app.data.doubts[next].task, field: app.data.doubts[next].field, doubt: next });
    doubtElement(next)?.querySelector(".link").focus({ preventScroll: true });
  } else {
    choose({ task: next });
    recordElement(next)?.querySelector(".no").focus({ preventScroll: true });
  }
}

/** Goes on to another field of the chosen task. */
function stepField(by) {
  const { task, field } = app.chosen;
  if (task === null) return;
  const names = fieldNames();
  const at = names.indexOf(field);
  choose({ task, field: names[at < 0 ? (by > 0 ? 0 : names.length - 1) : (at + by + names.length) % names.length] });
}

/** Leaves whatever is open: a form, the help, the chosen thing. */
function leave() {
  if (openForm?.element.isConnected) return closeForm();
  if (!byId("help").hidden) return toggleHelp(false);
  if (document.activeElement === byId("filter-text")) return byId("filter-text").blur();
  choose({});
}

function toggleHelp(isOpen = byId("help").hidden) {
  byId("help").hidden = !isOpen;
  byId("show-help").setAttribute("aria-expanded", String(isOpen));
}

const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  d: () => goTo("doubts"),
  r: () => goTo("records"),
  "[": () => stepField(-1),
  "]": () => stepField(1),
  a: () => app.chosen.doubt !== null && openAcceptance([app.chosen.doubt]),
  e: () => app.chosen.task !== null && openEditor(app.chosen.task, app.chosen.field || "content"),
  "/": () => byId("filter-text").select(),
  s: () => togglePending(),
  "?": () => toggleHelp(),
};

function goTo(list) {
  app.list = list;
  byId(list).focus();
}

/** Keys that scroll where the focus is stay what they are there; nothing is taken from fields that are filled in. */
function onKey(event) {
  if (event.isComposing) return; // keys of an input method: Esc there gives up a word, not a form
  if (event.key === "Escape") return leave();
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key.startsWith("Arrow") && event.target.closest("#pages")) return;
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}
