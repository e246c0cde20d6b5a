(() => {
"use strict";
const one = (id) => document.getElementById(id);
const rows = [...one("task-rows").rows];
const texts = new Map(rows.map((row) => [row.id, row.textContent.toLowerCase()]));
const targets = [...one("target-rows").rows];
const pressed = (name) => [...document.querySelectorAll(`button[data-${name}][aria-pressed=true]`)].map((b) => b.dataset[name]);
const has = (list, name) => !name || list.split("|").includes(name);

function apply() {
  const matches = pressed("match"), kinds = matches.filter((m) => m !== "doubtful"), doubtful = matches.includes("doubtful");
  const unit = one("unit").value, leader = one("leader").value, words = one("text").value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Set(), reachable = new Set();
  for (const row of rows) {
    const who = has(row.dataset.units, unit) && has(row.dataset.leaders, leader);
    const said = words.every((word) => texts.get(row.id).includes(word));
    const kind = (!kinds.length || kinds.some((k) => row.classList.contains(k))) && (!doubtful || row.classList.contains("doubtful"));
    row.hidden = !(who && said && kind);
    if (!row.hidden) shown.add(row.id);
    if (who && said) reachable.add(row.id);
  }
  one("count").textContent = `显示 ${shown.size} / ${rows.length} 行`;
  const standings = pressed("standing");
  let n = 0, last = null;
  for (const row of targets) {
    const fits = !standings.length || standings.some((s) => row.dataset.standing.split(" ").includes(s));
    row.hidden = !(fits && reachable.has(row.dataset.row));
    if (row.hidden) continue;
    n += 1;
    row.classList.toggle("first", row.dataset.row !== last);
    last = row.dataset.row;
  }
  one("target-count").textContent = `显示 ${n} / ${targets.length} 个`;
}

function step(by) {
  const shown = rows.filter((row) => !row.hidden);
  const at = shown.indexOf(document.activeElement.closest ? document.activeElement.closest("tr") : null);
  const next = shown[Math.min(Math.max(at + by, 0), shown.length - 1)];
  if (next) { next.focus(); next.scrollIntoView({ block: "center" }); }
}

// A row that a link leads to is shown even if the filter hides it.
function arrive() {
  const row = one(location.hash.slice(1));
  rows.forEach((r) => r.classList.toggle("lit", r === row));
  if (row && row.hidden) { one("filter").reset(); clear("match"); apply(); row.scrollIntoView(); }
}

function clear(name) { document.querySelectorAll(`button[data-${name}]`).forEach((b) => b.setAttribute("aria-pressed", "false")); }

document.addEventListener("click", (event) => {
  const chip = event.target.closest("button[aria-pressed]");
  if (!chip) return;
  chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
  apply();
});
one("filter").addEventListener("input", apply);
one("filter").addEventListener("submit", (event) => event.preventDefault());
one("filter").addEventListener("reset", () => setTimeout(() => { clear("match"); marks(); apply(); }));
one("target-filter").addEventListener("submit", (event) => event.preventDefault());
const marks = () => document.body.classList.toggle("plain", !one("marks").checked);
one("marks").addEventListener("change", marks);
addEventListener("hashchange", arrive);
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && typing) event.target.blur();
  if (typing) return;
  if (event.key === "/") { event.preventDefault(); one("text").focus(); }
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
});
apply();
arrive();
})();
