// The list of entries that wait, and what can be done with them.

/** Shows the waiting entries and how many there are. */
function showPending() {
  const { entries } = pending;
  byId("pending-count").textContent = entries.length;
  byId("show-pending").classList.toggle("some", entries.length > 0);
  fill(byId("entries"), entries.map((entry) => el("li", {}, entryLine(entry), button("删除", () => removeEntry(entry), { name: `删除：${entryText(entry)}` }))));
  const file = `reference/corrections/${app.data.document.document_id}.yaml`;
  byId("pending-hint").textContent = app.config
    ? `保存后写入 ${file}，并立即重新归一与校验。`
    : `没有连接到 fenjie review：请把 YAML 并入 ${file} 的同名列表，再运行 fenjie ingest。`;
  for (const id of ["copy", "download"]) byId(id).disabled = !entries.length;
  byId("save").disabled = !entries.length;
  // What is published is what is saved: nobody should think that it has the waiting entries.
  byId("publish").disabled = entries.length > 0;
  byId("publish").title = entries.length ? "请先保存" : "";
}

/** Lists what the file of corrections has, where a server tells it; each entry can be taken out. */
function showWritten() {
  const lists = Object.entries(app.config?.file || {});
  const items = lists.flatMap(([list, entries]) => entries.map((entry, index) => {
    const text = entryText({ ...entry, list });
    const remove = () => ask("corrections", { entries: [], remove: [{ list, index }] });
    return el("li", {}, entryLine({ ...entry, list }), button("删去", remove, { name: `从文件中删去：${text}` }));
  }));
  byId("written").hidden = !items.length;
  byId("written-count").textContent = items.length;
  fill(byId("written-entries"), items);
}

const LIST_LABELS = { corrections: "更正", accepted: "接受", doubts: "存疑" };

function entryLine(entry) {
  return [el("span", { className: `kind ${entry.list}` }, LIST_LABELS[entry.list]), ` ${entryText(entry)} `, el("span", { className: "hint" }, entry.reason)];
}

function entryText(entry) {
  const where = entry.task === null ? "全文" : `${entry.table ? `表${entry.table}` : ""}(${entry.task})`;
  const what = entry.list === "corrections" ? `${shortened(shownValue(entry.was), 30)} → ${shortened(shownValue(entry.now), 30)}`
    : entry.list === "accepted" ? ruleLabel(entry.rule) : "";
  return `${where} ${fieldLabel(entry.field)} ${what}`.trim();
}

/** Opens or closes the list of waiting entries. */
function togglePending(isOpen = byId("pending").hidden) {
  byId("pending").hidden = !isOpen;
  byId("show-pending").setAttribute("aria-expanded", String(isOpen));
}

async function copyYaml() {
  const text = toYaml(pending.entries);
  try {
    await navigator.clipboard.writeText(text);
    say("已复制");
  } catch {
    // Pages from disk may not be allowed to use the clipboard: the old way still works there.
    const area = el("textarea", { value: text, className: "off-screen", aria: { label: "YAML" } });
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    say(isDone ? "已复制" : "无法复制，请改用下载", !isDone);
  }
}

function downloadYaml() {
  const url = URL.createObjectURL(new Blob([toYaml(pending.entries)], { type: "text/yaml" }));
  el("a", { href: url, download: `${app.data.document.document_id}.yaml` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
