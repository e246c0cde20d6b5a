(() => {
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const one = (id) => document.getElementById(id);
const TOP = 20, PAGE = 100, MOST_YEARS = 8;
let page = PAGE;

// An element with a class, attributes and children; texts become text nodes, never markup.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

function bar(parts, most) {
  const ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg");
  for (const [name, value] of Object.entries({ class: "bar", viewBox: "0 0 100 12", preserveAspectRatio: "none", "aria-hidden": "true" })) svg.setAttribute(name, value);
  let x = 0;
  for (const [kind, count] of parts) {
    if (!count) continue;
    const rect = document.createElementNS(ns, "rect"), width = most ? count * 100 / most : 0;
    for (const [name, value] of Object.entries({ class: kind, x, y: 1, width, height: 10 })) rect.setAttribute(name, value);
    svg.append(rect);
    x += width;
  }
  return svg;
}

function table(kind, caption, headings, rows) {
  const head = headings.map(([text, name]) => el("th", { scope: "col", class: name || null }, text));
  return el("table", { class: kind }, caption ? el("caption", {}, caption) : null, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows));
}

const place = (id, ...nodes) => one(id).replaceChildren(...nodes);
const sum = (list) => list.reduce((a, b) => a + b, 0);
const href = (card, file) => [card.year, card.document_id, file].map(encodeURIComponent).join("/");
const severities = (counts) => counts.map((count, i) => [["critical", "warning", "info"][i], count]);
const said = (counts) => counts.map((count, i) => count ? `${["严重", "警告", "提示"][i]} ${count}` : "").filter(Boolean).join("，") || "无";

function chosen() {
  const region = one("region").value, year = one("year").value;
  const words = one("text").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (card) => {
    const text = `${card.document_id} ${card.region} ${card.year} ${card.title}`.toLowerCase();
    return (!region || card.region_code === region) && (!year || String(card.year) === year) && words.every((word) => text.includes(word));
  };
  return data.documents.filter(fits);
}

// 2025年 beside a document of the same region, else its identifier.
function nameOf(id, card) {
  const other = data.documents.find((one) => one.document_id === id);
  return other && other.region_code === card.region_code && other.kind === card.kind ? `${other.year}年` : ` ${id}`;
}

function tiles(docs) {
  const issues = [0, 1, 2].map((i) => sum(docs.map((card) => card.issues[i])));
  const list = [["文件", docs.length], ["地区", new Set(docs.map((c) => c.region_code)).size], ["任务", sum(docs.map((c) => c.n_tasks))],
    ["量化目标", sum(docs.map((c) => c.n_targets))], ["警告", issues[1]], ["提示", issues[2]], ["未发布", data.heldBack.length]];
  place("tiles", ...list.map(([label, value]) => el("li", {}, el("b", {}, value.toLocaleString("zh-CN")), el("span", {}, label))));
}

function years(docs) {
  const found = new Map();
  for (const card of docs) {
    const of = found.get(card.year) || { docs: 0, tasks: 0, targets: 0, issues: [0, 0, 0] };
    of.docs += 1; of.tasks += card.n_tasks; of.targets += card.n_targets;
    card.issues.forEach((count, i) => { of.issues[i] += count; });
    found.set(card.year, of);
  }
  const order = [...found.keys()].sort((a, b) => b - a), most = Math.max(...[...found.values()].map((of) => sum(of.issues)), 1);
  const most_tasks = Math.max(...[...found.values()].map((of) => of.tasks), 1);
  const rows = order.map((year) => {
    const of = found.get(year);
    return el("tr", {}, el("th", { scope: "row" }, `${year}年`), el("td", { class: "n" }, `${of.docs}`),
      el("td", { class: "cell" }, el("div", {}, el("span", {}, `${of.tasks}`), bar([["b", of.tasks]], most_tasks))), el("td", { class: "n" }, `${of.targets}`),
      el("td", { class: "cell" }, el("div", {}, el("span", {}, `${sum(of.issues)}`), bar(severities(of.issues), most)), el("span", { class: "soft" }, said(of.issues))));
  });
  place("years-table", rows.length ? table("plot years", null, [["年度", "year"], ["文件", "n num"], ["任务"], ["量化目标", "n num"], ["疑点"]], rows) : empty("没有符合条件的文件。"));
}

const empty = (text) => el("p", { class: "empty" }, text);

function documents(docs) {
  const most = Math.max(...docs.map((card) => sum(card.issues)), 1);
  const sorted = [...docs].sort((a, b) => b.year - a.year || (a.region_code < b.region_code ? -1 : a.region_code > b.region_code ? 1 : 0) || (a.document_id < b.document_id ? -1 : 1));
  const rows = sorted.slice(0, page).map((card) => {
    const links = [];
    if (card.files.includes("report.html")) links.push(el("a", { href: href(card, "report.html") }, "审阅页"));
    if (card.files.includes("dataset.xlsx")) links.push(el("a", { href: href(card, "dataset.xlsx") }, "工作簿"));
    for (const pair of data.comparisons) {
      if (pair.later_id === card.document_id) links.push(el("a", { href: encodeURI(pair.href) }, `对照${nameOf(pair.earlier_id, card)}`));
    }
    return el("tr", {}, el("td", {}, `${card.year}`), el("td", {}, card.region), el("th", { scope: "row" }, card.title, el("br"), el("span", { class: "soft" }, card.document_id)),
      el("td", { class: "n" }, `${card.n_tasks}`), el("td", { class: "n" }, `${card.n_targets}`),
      el("td", { class: "doubts" }, el("div", {}, el("span", {}, `${sum(card.issues)} 个`), bar(severities(card.issues), most)), el("span", { class: "soft" }, said(card.issues))),
      el("td", { class: "links" }, links));
  });
  if (!rows.length) { place("documents-table", empty("没有符合条件的文件。")); return; }
  const shown = table("docs", null, [["年度"], ["地区"], ["文件"], ["任务", "n"], ["量化目标", "n"], ["疑点"], ["查看"]], rows);
  if (sorted.length <= page) { place("documents-table", shown); return; }
  const more = el("button", { type: "button", class: "more" }, `再显示 ${Math.min(PAGE * 5, sorted.length - page)} 份（共 ${sorted.length} 份）`);
  more.addEventListener("click", () => { page += PAGE * 5; documents(docs); });
  place("documents-table", shown, more);
}

// Tasks of organisations or leaders over the years: one row each, one cell a year, bars on one scale.
function load(id, key, heading, kinds, docs) {
  const all = [...new Set(docs.map((card) => card.year))].sort((a, b) => a - b), order = all.slice(-MOST_YEARS);
  const found = new Map();
  for (const card of docs) {
    const column = order.indexOf(card.year);
    if (column < 0) continue;
    for (const [index, ...counts] of card[key]) {
      if (!found.has(index)) found.set(index, order.map(() => kinds.map(() => 0)));
      counts.forEach((count, i) => { found.get(index)[column][i] += count; });
    }
  }
  const last = order.length - 1, total = (cell) => sum(cell);
  // Who has most in the last year comes first, then who had most before.
  const list = [...found].map(([index, cells]) => ({ name: data.names[index], cells }));
  list.sort((a, b) => total(b.cells[last]) - total(a.cells[last]) || sum(b.cells.map(total)) - sum(a.cells.map(total)) || (a.name < b.name ? -1 : 1));
  const most = Math.max(...list.flatMap((party) => party.cells.map(total)), 1);
  const row = (party) => el("tr", {}, el("th", { scope: "row" }, party.name), party.cells.map((cell) =>
    el("td", { class: "cell" }, el("div", {}, el("span", {}, total(cell) ? cell.length > 1 && cell[1] ? `${cell[0]}+${cell[1]}` : `${cell[0]}` : "—"), bar(kinds.map((kind, i) => [kind, cell[i]]), most)))));
  const headings = [[heading, "name"], ...order.map((year) => [`${year}年`])];
  if (!list.length) { place(id, empty("没有数据。")); return; }
  const regions = new Set(docs.map((card) => card.region_code)).size;
  const notes = [regions > 1 ? `${regions} 个地区同名者合计` : "", all.length > order.length ? `只列最近 ${MOST_YEARS} 年` : "", list.length > TOP ? `任务最多的 ${TOP} 个` : ""].filter(Boolean);
  const kind = order.length > 3 ? "plot dense" : "plot";
  one(id).closest(".over").classList.toggle("wide", order.length > 3);
  const nodes = [table(kind, notes.join("；") || null, headings, list.slice(0, TOP).map(row))];
  if (list.length > TOP) {
    const rest = el("details", {}, el("summary", {}, `其余 ${list.length - TOP} 个`));
    rest.addEventListener("toggle", () => { if (rest.children.length < 2) rest.append(table(kind, null, headings, list.slice(TOP).map(row))); });
    nodes.push(rest);
  }
  place(id, ...nodes);
}

function comparisons(docs) {
  const ids = new Set(docs.map((card) => card.document_id));
  const rows = data.comparisons.filter((pair) => ids.has(pair.later_id) || ids.has(pair.earlier_id)).map((pair) =>
    el("tr", {}, el("th", { scope: "row" }, el("a", { href: encodeURI(pair.href) }, `${pair.earlier_id} → ${pair.later_id}`)), pair.counts.map((count) => el("td", { class: "n" }, `${count}`))));
  place("comparisons-table", rows.length ? table("pairs", null, [["文件"], ["延续", "n"], ["新增", "n"], ["未再列入", "n"], ["存疑", "n"]], rows)
    : el("p", { class: "empty" }, "还没有对照。用 ", el("code", {}, "fenjie compare 文件编号 文件编号"), " 生成。"));
}

// What a person types to settle a document's doubts.
const settle = (card) => card.status === "held_back" && card.document_id ? [el("br"), el("span", { class: "soft" }, "处理："), el("code", {}, `fenjie review ${card.document_id}`)] : [];

function held() {
  const names = { held_back: "暂缓发布", unreadable: "不能读取" };
  const rows = data.heldBack.map((card) => el("tr", {}, el("th", { scope: "row" }, card.source, el("br"), el("span", { class: "soft" }, `${names[card.status] || card.status}，疑点：${said(card.issues)}`), settle(card)),
    el("td", {}, el("ul", {}, card.reasons.map((reason) => el("li", {}, reason)), card.more ? el("li", {}, `另有 ${card.more} 条`) : null))));
  data.problems.forEach((card) => rows.push(el("tr", {}, el("th", { scope: "row" }, card.document_id || `${card.earlier_id} → ${card.later_id}`), el("td", {}, card.problem))));
  place("held-table", rows.length ? table("held", null, [["来源"], ["原因"]], rows) : empty("没有未发布的文件。"));
}

function apply() {
  const docs = chosen();
  one("count").textContent = `${docs.length} / ${data.documents.length} 份文件`;
  tiles(docs); years(docs); documents(docs); comparisons(docs);
  load("units-table", "units", "单位", ["b", "b2"], docs);
  load("leaders-table", "leaders", "领导", ["b"], docs);
}

function options(id, pairs) { one(id).append(...pairs.map(([value, text]) => el("option", { value }, text))); }

const regions = [...new Map(data.documents.map((card) => [card.region_code, card.region]))].sort((a, b) => (a[0] < b[0] ? -1 : 1));
options("region", regions.map(([code, name]) => [code, `${name}（${code}）`]));
options("year", [...new Set(data.documents.map((card) => card.year))].sort((a, b) => b - a).map((year) => [String(year), `${year}年`]));
one("filter").addEventListener("input", () => { page = PAGE; apply(); });
one("filter").addEventListener("submit", (event) => event.preventDefault());
one("filter").addEventListener("reset", () => setTimeout(() => { page = PAGE; apply(); }));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "Escape" && typing) event.target.blur();
  if (event.key === "/" && !typing) { event.preventDefault(); one("text").focus(); }
});
held();
apply();
})();
