// Which tasks and doubts are shown.

const SELECTS = { rule: "filter-rule", category: "filter-category", leader: "filter-leader", unit: "filter-unit" };

/** What the reader chose to see. */
function filterState() {
  const state = { text: byId("filter-text").value.trim().toLowerCase(), only: byId("only-doubtful").checked };
  for (const [name, id] of Object.entries(SELECTS)) state[name] = byId(id).value;
  state.hidden = new Set([...document.querySelectorAll("#severities input:not(:checked)")].map((box) => box.value));
  return state;
}

/** Fills the choices with what there is, most frequent first, and keeps what was chosen where it still exists. */
function fillFilters() {
  const { tasks, doubts } = app.data;
  const order = (counts) => [...counts].sort((one, other) => other[1] - one[1]);
  fillSelect("rule", "全部规则", order(counted(doubts.map((doubt) => doubt.rule))), ruleLabel);
  fillSelect("category", "全部目标", [...counted(tasks.map((task) => task.category || ""))], (name) => name || "（无）");
  fillSelect("leader", "全部领导", order(counted(tasks.flatMap((task) => unique(task.leaders.map(partyName))))));
  fillSelect("unit", "全部单位", order(counted(tasks.flatMap(unitNames))));
  fillSeverities();
}

function unique(values) {
  return [...new Set(values)];
}

/** The name by which a party is counted: the canonical one where it is known. */
function partyName(party) {
  return party[2] || party[0];
}

function unitNames(task) {
  return unique([...task.lead_units, ...task.support_units].map(partyName));
}

function counted(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return counts;
}

/** Options carry `=` before their value, so that one for an empty value differs from the one for all. */
function fillSelect(name, all, counts, label = (value) => value) {
  const select = byId(SELECTS[name]);
  const before = select.value;
  fill(select, el("option", { value: "" }, all), counts.map(([value, count]) =>
    el("option", { value: `=${value}` }, `${shortened(label(value), 24)} (${count})`)));
  select.value = before;
  if (select.selectedIndex < 0) select.value = "";
}

function fillSeverities() {
  const hidden = new Set([...document.querySelectorAll("#severities input:not(:checked)")].map((box) => box.value));
  const counts = counted(app.data.doubts.map((doubt) => doubt.severity));
  fill(byId("severities"), Object.entries(app.data.words.severities).map(([severity, label]) => {
    const box = el("input", { type: "checkbox", value: severity, checked: !hidden.has(severity), onchange: applyFilters });
    return el("label", { className: `severity ${severity}` }, box, ` ${label} ${counts.get(severity) || 0}`);
  }));
}

/** All that can be looked for in a task, in lower case; made once. */
function wordsOf(task) {
  if (task.words === undefined) {
    const parties = [...task.leaders, ...task.lead_units, ...task.support_units].flat();
    const texts = [taskLabel(task), task.content, task.category, task.subcategory, task.deadline, task.remark, ...parties];
    task.words = texts.filter((text) => text).join("\n").toLowerCase();
  }
  return task.words;
}

/** Whether a task passes what is asked of tasks. */
function taskPasses(task, state) {
  return (
    (!state.category || `=${task.category || ""}` === state.category) &&
    (!state.leader || task.leaders.some((party) => `=${partyName(party)}` === state.leader)) &&
    (!state.unit || unitNames(task).some((name) => `=${name}` === state.unit))
  );
}

/** Whether a doubt passes what is asked of doubts. */
function doubtPasses(doubt, state) {
  return !state.hidden.has(doubt.severity) && (!state.rule || `=${doubt.rule}` === state.rule);
}

function doubtSays(doubt, text) {
  return `${ruleLabel(doubt.rule)}\n${doubt.rule}\n${doubt.message}`.toLowerCase().includes(text);
}

/** Finds out what is to be seen, and shows it. */
function applyFilters() {
  const state = filterState();
  const { tasks, doubts } = app.data;
  const fits = tasks.map((task) => taskPasses(task, state));
  const asksTasks = Boolean(state.category || state.leader || state.unit);
  app.doubts = [];
  doubts.forEach((doubt, index) => {
    if (!doubtPasses(doubt, state) || (doubt.task === null ? asksTasks : !fits[doubt.task])) return;
    const found = !state.text || doubtSays(doubt, state.text) ||
      (doubt.task !== null && wordsOf(tasks[doubt.task]).includes(state.text));
    if (found) app.doubts.push(index);
  });
  const grave = Object.keys(app.data.words.severities);
  app.doubts.sort((one, other) => grave.indexOf(doubts[one].severity) - grave.indexOf(doubts[other].severity) || one - other);
  const doubtful = new Set(app.doubts.map((index) => doubts[index].task));
  const needsDoubt = state.only || Boolean(state.rule);
  app.tasks = tasks.map((_, index) => index).filter((index) =>
    fits[index] && (doubtful.has(index) || (!needsDoubt && (!state.text || wordsOf(tasks[index]).includes(state.text)))));
  showDoubts();
  showRecords();
}

/** Takes all filters back. */
function clearFilters() {
  byId("filters").reset();
  byId("only-doubtful").checked = false;
  for (const box of document.querySelectorAll("#severities input")) box.checked = true;
  applyFilters();
}
