// The right side: the records, in the order and under the categories of the table.

const records = { list: null, place: new Map() };

/** Fields that stand in the heading above the records; a record shows them when it is chosen. */
const IN_HEADING = ["task_no", "category_no", "category", "subcategory"];

/** Shows the tasks that pass the filters. */
function showRecords() {
  records.list?.stop();
  records.place = new Map(app.tasks.map((task, place) => [task, place]));
  byId("record-count").textContent = countOf(app.tasks.length, app.data.tasks.length);
  if (!app.tasks.length) {
    records.list = null;
    fill(byId("records"), el("p", { className: "empty" }, "没有符合筛选的任务"));
    return;
  }
  records.list = lazyList(byId("records"), app.tasks.length, (place) => recordWithHeading(place), 118);
}

function countOf(shown, all) {
  return shown === all ? `${all}` : `${shown} / ${all}`;
}

/** A record, below the heading of its category where that is another than before. */
function recordWithHeading(place) {
  const index = app.tasks[place];
  const task = app.data.tasks[index];
  const before = place ? app.data.tasks[app.tasks[place - 1]] : null;
  const isNew = (...names) => !before || names.some((name) => before[name] !== task[name]);
  const category = [task.category_no, task.category].filter((part) => part !== null).join(" ");
  return el("div", { className: "entry" },
    isNew("table", "category_no", "category") ? el("h3", {}, task.table > 1 ? `表 ${task.table} · ` : "", category || "（无目标名称）") : null,
    isNew("table", "category_no", "category", "subcategory") && task.subcategory ? el("h4", {}, task.subcategory) : null,
    record(index));
}

/** One record: short, or with all of its fields when it is chosen. */
function record(index) {
  const task = app.data.tasks[index];
  const isChosen = app.chosen.task === index;
  const doubts = app.doubtsOf[index];
  const blank = isChosen ? fieldNames().filter((name) => isBlank(index, name)) : [];
  const names = fieldNames().filter((name) => (isChosen ? !blank.includes(name) : !IN_HEADING.includes(name) && hasValue(task, name)));
  const worst = Object.keys(app.data.words.severities).find((severity) => doubts.some((at) => app.data.doubts[at].severity === severity));
  const card = el("article", { className: `record${isChosen ? " chosen" : ""}`, data: { task: index }, aria: { label: `任务 ${taskLabel(task)}` } },
    el("div", { className: "head" },
      button(taskLabel(task), () => choose({ task: index }, "records"), { className: "no", name: `选择任务 ${taskLabel(task)}` }),
      worst ? el("span", { className: `badge ${worst}` }, `疑点 ${doubts.length}`) : null,
      isChosen ? el("span", { className: "hint" }, task.id) : null),
    el("dl", {}, names.map((name) => fieldRow(index, task, name, isChosen)), isChosen ? targetList(task) : null),
    blank.length ? el("p", { className: "blank-fields" }, "空栏：", blank.map((name) => blankField(index, name))) : null,
    doubts.length ? el("ul", { className: "own-doubts" }, doubts.map((at) => ownDoubt(at, isChosen))) : null);
  card.onclick = (event) => {
    if (!event.target.closest("button, a, input, textarea, select, label, form")) choose({ task: index }, "records");
  };
  if (isChosen) keepForm(index, card);
  return card;
}

/** Whether a field of a chosen record has nothing to show: no value, no doubt, nothing waiting, and nobody looks at it. */
function isBlank(index, name) {
  const task = app.data.tasks[index];
  const isOpen = openForm?.task === index && openForm.name === name;
  return !hasValue(task, name) && app.chosen.field !== name && !isOpen && !pendingFor(task, name) &&
    !app.doubtsOf[index].some((at) => app.data.doubts[at].field === name);
}

function blankField(index, name) {
  return button(fieldLabel(name), () => openEditor(index, name), { className: "link", name: `填写${fieldLabel(name)}` });
}

function hasValue(task, name) {
  const value = task[name];
  return Array.isArray(value) ? value.length > 0 : value !== null;
}

/** A field with its value; of a chosen record with how it was read, and a button to correct it. */
function fieldRow(index, task, name, isChosen) {
  const isField = isChosen && app.chosen.field === name;
  const how = task.how[name];
  const pending = pendingFor(task, name);
  return el("div", { className: `field${isField ? " chosen-field" : ""}`, data: { field: name } },
    el("dt", {}, button(fieldLabel(name), () => choose({ task: index, field: name }, "records"),
      { className: "name", title: "在来源中标出", name: `标出${fieldLabel(name)}` })),
    el("dd", {},
      el("span", { className: "value" }, valueParts(task, name, isChosen)),
      how && (isChosen || how === "corrected") ? el("span", { className: `how ${how}` }, app.data.words.methods[how] || how) : null,
      isChosen && task.raw[name] ? el("span", { className: "raw" }, `原文：${task.raw[name]}`) : null,
      isChosen && name === "deadline" && task.deadline_to ? el("span", { className: "raw" }, [task.deadline_from, task.deadline_to].filter((day) => day).join(" 至 ")) : null,
      pending ? el("span", { className: "how waiting" }, `待存：${shownValue(pending.now)}`) : null,
      isChosen ? button("改", () => openEditor(index, name), { className: "edit", name: `更正${fieldLabel(name)}` }) : null,
      isChosen ? el("div", { className: "form-place" }) : null));
}

/** A value as the page shows it. */
function shownValue(value) {
  if (value === null || value === undefined || value === "") return "（空）";
  return Array.isArray(value) ? value.join("、") || "（空）" : String(value);
}

function valueParts(task, name, isChosen) {
  if (name === "content") return contentWithTargets(task);
  if (!isList(name)) return hasValue(task, name) ? String(task[name]) : el("span", { className: "none" }, "（空）");
  if (!task[name].length) return el("span", { className: "none" }, "（空）");
  return task[name].map((party) => partyChip(party, isChosen));
}

/** A leader or an organisation: as printed, and what the reference calls it. */
function partyChip([printed, id, canonical, more], isChosen) {
  const known = id ? `${canonical} ${id}` : "名录中没有";
  const detail = id ? `${canonical && canonical !== printed ? `${canonical} ` : ""}${id}` : "未识别";
  return el("span", { className: id ? "party" : "party unknown", title: more ? `${known} · ${more}` : known }, printed,
    isChosen ? el("span", { className: "id" }, detail) : null);
}

/** A doubt within its record. */
function ownDoubt(at, isChosen) {
  const doubt = app.data.doubts[at];
  const label = `${doubt.field ? `${fieldLabel(doubt.field)} · ` : ""}${ruleLabel(doubt.rule)}`;
  return el("li", { className: `own-doubt ${doubt.severity}` },
    button(label, () => choose({ task: doubt.task, field: doubt.field, doubt: at }, "records"), { className: "link" }),
    el("span", { className: "message" }, doubt.message),
    isChosen && app.chosen.doubt === at && doubt.advice ? el("span", { className: "hint" }, doubt.advice) : null);
}

/** Shows the chosen record with all of its fields, the one before short again. */
function showChosenRecord(follows) {
  const before = records.shown ?? null;
  const task = app.chosen.task;
  records.shown = task;
  if (before !== null && before !== task) renewRecord(before);
  if (task === null || !records.list) return;
  if (!records.place.has(task)) return say("选中的任务不在筛选结果中");
  const entry = records.list.get(records.place.get(task));
  renewRecord(task);
  const element = recordElement(task) || entry;
  if (follows) {
    reveal(byId("records"), element, "start");
    requestAnimationFrame(() => reveal(byId("records"), recordElement(task) || element, "start"));
  }
}

function recordElement(task) {
  return byId("records").querySelector(`.record[data-task="${task}"]`);
}

function renewRecord(task) {
  if (records.list && records.place.has(task)) records.list.renew(records.place.get(task));
}
