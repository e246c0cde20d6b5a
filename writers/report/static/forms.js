// The forms: correct or doubt a field, accept doubts.

// The open form; that of a field has its task and the name of the field, and goes where its record goes.
let openForm = null;

/** Closes the form that is open and gives the focus back to what opened it. */
function closeForm() {
  if (!openForm) return false;
  const { element, opener } = openForm;
  openForm = null;
  element.remove();
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  return true;
}

/** Puts the open form of a field into its record, which was made anew: nothing that was typed is lost. */
function keepForm(index, card) {
  if (openForm?.task === index) card.querySelector(`.field[data-field="${openForm.name}"] .form-place`)?.append(openForm.element);
}

/** Whether a form is open; it is brought into view, and the reader is told to send or close it first. */
function hasOpenForm() {
  if (!openForm) return false;
  if (openForm.task !== undefined) choose({ task: openForm.task, field: openForm.name });
  openForm.element.scrollIntoView({ block: "nearest" });
  say("表单还开着：请先加入待存或取消", true);
  return true;
}

/** Shows a form; `save` is called when it is sent, and says what is wrong, if anything. */
function showForm(place, parts, save, field = {}) {
  const opener = document.activeElement;
  closeForm();
  const problem = el("p", { className: "problem", role: "alert" });
  const form = el("form", { className: "form" }, parts, problem,
    el("div", { className: "row" }, el("button", { type: "submit", className: "main" }, "加入待存"), button("取消", closeForm)));
  form.onsubmit = (event) => {
    event.preventDefault();
    const wrong = save();
    if (wrong) problem.textContent = wrong;
    else closeForm();
  };
  form.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  };
  fill(place, form);
  openForm = { element: form, opener, ...field };
  (form.querySelector("textarea, input[type=text]") || form.querySelector("input")).focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
}

/** The form for a field of a task: another value, or a doubt about the one that is read. */
function openEditor(index, name) {
  const task = app.data.tasks[index];
  if (openForm && openForm.task === index && openForm.name === name) {
    choose({ task: index, field: name }, "records");
    return openForm.element.querySelector("textarea").focus({ preventScroll: true });
  }
  if (app.chosen.task !== index || app.chosen.field !== name) choose({ task: index, field: name }, "records");
  const place = recordElement(index)?.querySelector(`.field[data-field="${name}"] .form-place`);
  if (!place) return;
  const waiting = pendingFor(task, name);
  const value = el("textarea", { rows: name === "content" ? 4 : isList(name) ? Math.max(2, task[name].length) : 1, value: editable(task, name) });
  const unknown = el("input", { type: "checkbox", onchange: () => (value.disabled = unknown.checked) });
  const doubts = el("input", { type: "checkbox", onchange: () => (value.disabled = unknown.disabled = doubts.checked) });
  const tasks = el("input", { type: "text", value: String(task.task_no), size: 8, inputMode: "numeric" });
  const reason = el("input", { type: "text", required: true, value: waiting?.reason || "", autocomplete: "off" });
  showForm(place, [
    el("label", {}, isList(name) ? `${fieldLabel(name)}（每行一个，照印）` : fieldLabel(name), value),
    el("div", { className: "row" },
      name === "content" || name === "task_no" ? null : el("label", { className: "check" }, unknown, " 未知（来源没有）"),
      el("label", { className: "check" }, doubts, " 只存疑，不改值"),
      el("label", {}, "任务 ", tasks)),
    el("label", {}, "理由", reason),
    el("p", { className: "hint" }, "任务可写范围，如 46-63：范围内的任务此栏都须是同一原值。Ctrl+Enter 加入待存。"),
  ], () => saveField(task, name, { value: value.value, unknown: unknown.checked, doubts: doubts.checked, tasks: tasks.value, reason: reason.value }), { task: index, name });
}

/** A value as it stands in the field of a form. */
function editable(task, name) {
  const value = valueOf(task, name);
  return Array.isArray(value) ? value.join("\n") : value === null ? "" : String(value);
}

/** Makes an entry of what was filled in; gives what is wrong with it, or nothing. */
function saveField(task, name, { value, unknown, doubts, tasks, reason }) {
  if (!reason.trim()) return "请写明理由";
  const range = /^\s*(\d+)\s*(?:[-–—~～]\s*(\d+)\s*)?$/.exec(tasks);
  if (!range || Number(range[2] ?? range[1]) < Number(range[1])) return "任务应是序号（12）或范围（46-63）";
  const numbers = range[2] && range[2] !== range[1] ? `${Number(range[1])}-${Number(range[2])}` : Number(range[1]);
  const entry = { list: doubts ? "doubts" : "corrections", task: numbers, field: name, ...tableOf(task), reason: reason.trim() };
  if (numbers === task.task_no) Object.assign(entry, whereOf(task));
  const concerned = app.data.tasks.filter((other) => concerns(entry, other));
  const missing = missingNumbers(entry, concerned);
  if (missing.length) return `没有任务 ${missing.slice(0, 5).join("、")}`;
  if (!doubts) {
    const now = newValue(name, value, unknown);
    if (now === undefined) return name === "content" ? "工作标准不能为空" : "应是一个数字";
    const was = valueOf(task, name);
    if (JSON.stringify(was) === JSON.stringify(now)) return "与原值相同";
    Object.assign(entry, smallestChange(was, now));
    const misfit = concerned.find((other) => !fitsEntry(entry, valueOf(other, name)));
    if (misfit) return `${taskLabel(misfit)} 的原值不同：${shortened(shownValue(valueOf(misfit, name)), 30)}`;
  }
  addEntries([entry]);
  return "";
}

function missingNumbers(entry, concerned) {
  const [first, last] = rangeOf(entry);
  if (last - first > 20000) return [last];
  const known = new Set(concerned.map((task) => task.task_no));
  return Array.from({ length: last - first + 1 }, (_, at) => first + at).filter((number) => !known.has(number));
}

/** Whether a value is what an entry expects: the same, or a text that holds it exactly once. */
function fitsEntry(entry, value) {
  if (JSON.stringify(entry.was) === JSON.stringify(value)) return true;
  return typeof value === "string" && typeof entry.was === "string" && value.split(entry.was).length === 2;
}

/** The value that was filled in, as corrections want it; undefined where it can't be one. */
function newValue(name, text, unknown) {
  if (isList(name)) {
    const names = text.split("\n").map((line) => line.trim()).filter((line) => line);
    return unknown || !names.length ? null : names;
  }
  if (unknown || !text.trim()) return name === "content" || name === "task_no" ? undefined : null;
  if (isNumber(name)) return /^\d+$/.test(text.trim()) ? Number(text.trim()) : undefined;
  return text.trim();
}

/** The form for accepting doubts as they stand. */
function openAcceptance(indexes) {
  const acceptable = indexes.filter((index) => canAccept(app.data.doubts[index]));
  if (!acceptable.length) return;
  const first = app.data.doubts[acceptable[0]];
  const same = app.data.doubts.map((_, index) => index).filter((index) => isAlike(app.data.doubts[index], first));
  const reason = el("input", { type: "text", required: true, autocomplete: "off" });
  const all = el("input", { type: "checkbox" });
  const counted = acceptable.length > 1 ? `接受所列 ${acceptable.length} 条疑点` : `接受 ${first.task === null ? "全文" : taskLabel(app.data.tasks[first.task])} ${ruleLabel(first.rule)}`;
  if (acceptable.length === 1) chooseDoubt(acceptable[0]);
  showForm(byId("accept-form"), [
    el("p", {}, el("b", {}, counted), acceptable.length === 1 ? `：${shortened(first.message, 120)}` : ""),
    el("label", {}, "理由（照样成立的原因）", reason),
    acceptable.length === 1 && same.length > 1
      ? el("label", { className: "check" }, all, ` 同样接受全部 ${same.length} 条「${fieldLabel(first.field)} · ${ruleLabel(first.rule)}」`) : null,
  ], () => {
    if (!reason.value.trim()) return "请写明理由";
    addEntries(acceptances(all.checked ? same : acceptable, reason.value.trim()));
    return "";
  });
}

function isAlike(doubt, other) {
  return doubt.rule === other.rule && doubt.field === other.field && (doubt.task === null) === (other.task === null) && canAccept(doubt);
}
