// The measurable targets within the text of a task.

/** The text of a task, with the words of its targets underlined; offsets count characters, as Python does. */
function contentWithTargets(task) {
  const characters = Array.from(task.content);
  const parts = [];
  let at = 0;
  for (const target of [...task.targets].sort((one, other) => one[0] - other[0])) {
    const [start, end] = target;
    if (start < at || end > characters.length) continue;
    parts.push(characters.slice(at, start).join(""));
    parts.push(el("span", { className: "target", title: targetLabel(target) }, characters.slice(start, end).join("")));
    at = end;
  }
  parts.push(characters.slice(at).join(""));
  return parts.filter((part) => part !== "");
}

/** A target in one line: what is measured, how it binds, how much. */
function targetLabel([, , kind, metric, comparator, value, upper, unit, baseValue, baseUnit]) {
  const words = app.data.words;
  const amount = value === null ? "" : `${value}${upper === null ? "" : `～${upper}`} ${unit || ""}`;
  const base = baseValue !== null && baseUnit && baseValue !== value ? `（${baseValue} ${baseUnit}）` : "";
  return [metric, comparator ? words.comparators[comparator] : words.kinds[kind], `${amount}${base}`.trim()]
    .filter((part) => part).join(" · ");
}

/** The list of a task's targets. */
function targetList(task) {
  if (!task.targets.length) return null;
  return el("div", { className: "field" }, el("dt", {}, el("span", { className: "name" }, "量化目标")),
    el("dd", {}, el("ul", { className: "targets" }, task.targets.map((target) => el("li", {}, targetLabel(target))))));
}
