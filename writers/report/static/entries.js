// Entries for reference/corrections that wait to be saved: their form is that of docs/corrections.md.

const pending = { entries: [] };

/** What the waiting entries are kept under, so that closing the page loses nothing; a new source begins anew. */
function storeName() {
  const { document_id: id, source_sha256: hash } = app.data.document;
  return `fenjie ${id} ${String(hash).slice(0, 16)}`;
}

/** Takes up the entries that waited when the page was closed. A browser may keep nothing: then there are none. */
function restoreEntries() {
  try {
    const kept = JSON.parse(localStorage.getItem(storeName()) || "[]");
    pending.entries = Array.isArray(kept) ? kept : [];
  } catch {
    pending.entries = [];
  }
}

function keepEntries() {
  try {
    if (pending.entries.length) localStorage.setItem(storeName(), JSON.stringify(pending.entries));
    else localStorage.removeItem(storeName());
  } catch {
    // No room, or not allowed: they stay in the page.
  }
}

/** Adds entries; one about the same thing replaces the one before. */
function addEntries(entries) {
  for (const entry of entries) {
    pending.entries = pending.entries.filter((other) => !isSameMatter(entry, other));
    pending.entries.push(entry);
  }
  entriesChanged();
}

function removeEntry(entry) {
  pending.entries = pending.entries.filter((other) => other !== entry);
  entriesChanged();
}

function isSameMatter(one, other) {
  return ["list", "task", "where", "field", "rule", "table", "says"].every((key) => String(one[key] ?? "") === String(other[key] ?? ""));
}

/** What is new is shown where it belongs. */
function entriesChanged() {
  keepEntries();
  showPending();
  if (app.chosen.task !== null) renewRecord(app.chosen.task);
  app.doubts.forEach(renewDoubt);
}

/** The first and the last number of an entry's tasks. */
function rangeOf(entry) {
  const [first, last] = String(entry.task ?? "").split("-").map(Number);
  return [first, last ?? first];
}

function concerns(entry, task) {
  const [first, last] = rangeOf(entry);
  return (entry.table ?? 1) === task.table && first <= task.task_no && task.task_no <= last &&
    (!entry.where || task.content.includes(entry.where));
}

/** The waiting correction of a field, if there is one. */
function pendingFor(task, field) {
  return pending.entries.find((entry) => entry.list === "corrections" && entry.field === field && concerns(entry, task));
}

/** The waiting acceptance of a doubt, if there is one. */
function pendingAcceptance(doubt) {
  return pending.entries.find((entry) => entry.list === "accepted" && entry.rule === doubt.rule && entry.field === doubt.field &&
    (doubt.task === null ? entry.says === doubt.message : entry.task !== null && concerns(entry, app.data.tasks[doubt.task])));
}

/** The keys that only entries of a second table have. */
function tableOf(task) {
  return task.table === 1 ? {} : { table: task.table };
}

/** Where several tasks carry the number of a task, words that only its text has; nothing where there are none. */
function whereOf(task) {
  const twins = app.data.tasks.filter((other) => other !== task && other.table === task.table && other.task_no === task.task_no);
  if (!twins.length || !task.content) return {};
  const text = Array.from(task.content);
  for (let length = Math.min(4, text.length); length <= text.length; length++) {
    const part = text.slice(0, length).join("");
    if (!twins.some((other) => (other.content || "").includes(part))) return { where: part };
  }
  return {};
}

/** Acceptances of doubts with one reason: those of neighbouring tasks that are otherwise alike become one range. */
function acceptances(indexes, reason) {
  const doubts = indexes.map((index) => app.data.doubts[index]).filter(canAccept);
  const whole = doubts.filter((doubt) => doubt.task === null).map((doubt) =>
    ({ list: "accepted", task: null, field: doubt.field, rule: doubt.rule, says: doubt.message, reason }));
  const alike = new Map();
  for (const doubt of doubts.filter((found) => found.task !== null)) {
    const task = app.data.tasks[doubt.task];
    const key = JSON.stringify([doubt.rule, doubt.field, task.table]);
    if (!alike.has(key)) alike.set(key, { rule: doubt.rule, field: doubt.field, task, numbers: new Set() });
    alike.get(key).numbers.add(task.task_no);
  }
  const entries = [...alike.values()].flatMap(({ rule, field, task, numbers }) =>
    runs([...numbers]).map(([first, last]) =>
      ({ list: "accepted", task: first === last ? first : `${first}-${last}`, field, rule, reason, ...tableOf(task) })));
  return [...whole, ...entries];
}

/** Numbers as runs without a gap: first and last of each. */
function runs(numbers) {
  const result = [];
  for (const number of numbers.sort((one, other) => one - other)) {
    const run = result[result.length - 1];
    if (run && run[1] === number - 1) run[1] = number;
    else result.push([number, number]);
  }
  return result;
}

/**
 * A change of a text as short as it can be told: the part that differs, with so much around it that it stands in the
 * text exactly once. The whole text where most of it is new.
 */
function smallestChange(was, now) {
  const whole = { was, now };
  if (typeof was !== "string" || typeof now !== "string") return whole;
  const [old, fresh] = [Array.from(was), Array.from(now)];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let end = 0;
  while (end < old.length - start && end < fresh.length - start && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end++;
  for (let around = 2; ; around += 2) {
    const [from, to] = [Math.max(0, start - around), Math.max(0, end - around)];
    const part = old.slice(from, old.length - to).join("");
    if (part.length * 2 > was.length) return whole;
    if (part.trim() && was.split(part).length === 2) return { was: part, now: fresh.slice(from, fresh.length - to).join("") };
  }
}
