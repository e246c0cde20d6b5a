// What the page knows: the data that was embedded, its indexes, and what is chosen.

const app = {
  data: null,
  config: null, // how to talk to the server; null where the page was opened from disk
  spots: [], // by number: { page (index), kind, text, where, table (index within the page) }
  doubtsOf: [], // by task: the indexes of its doubts
  uses: null, // by spot: [task, field] of whatever was read there; made when somebody asks
  chosen: { task: null, field: null, doubt: null, spot: null },
  list: "doubts", // which of the lists the arrow keys go through: doubts or records
  tasks: [], // the indexes of the tasks that pass the filters, in order
  doubts: [], // and of the doubts
};

/** Takes the object that the page or the server gives. */
function loadData(data) {
  app.data = data;
  app.spots = spotsOf(data.pages);
  app.uses = null;
  app.doubtsOf = data.tasks.map(() => []);
  data.doubts.forEach((doubt, index) => {
    if (doubt.task !== null) app.doubtsOf[doubt.task].push(index);
  });
  for (const task of data.tasks) for (const name of data.words.lists) task[name] = task[name].map((at) => data.shared[at]);
  for (const doubt of data.doubts) doubt.advice = data.shared[doubt.advice];
}

/** Every place of the pages by its number: cells, texts and left-out texts of a page count on from its first. */
function spotsOf(pages) {
  const spots = [];
  pages.forEach((page, index) => {
    let number = page.first;
    page.tables.forEach((table, at) => {
      for (const [text, row, col, rows, cols, where] of table.cells) {
        spots[number++] = { page: index, kind: "cell", text, where, table: at, row, col, rows, cols };
      }
    });
    for (const [text, where] of page.texts) spots[number++] = { page: index, kind: "text", text, where };
    for (const [text, where, why] of page.out) spots[number++] = { page: index, kind: "out", text, where, why };
    for (const [extra, where] of page.extra) spots[extra] = { page: index, kind: "extra", text: "", where };
  });
  return spots;
}

/** What was read at a spot: [task, field], in the order of the tasks. */
function usesOf(spot) {
  if (app.uses === null) {
    app.uses = new Map();
    app.data.tasks.forEach((task, index) => {
      for (const [field, spots] of Object.entries(task.at)) {
        for (const number of spots) {
          if (!app.uses.has(number)) app.uses.set(number, []);
          app.uses.get(number).push([index, field]);
        }
      }
    });
  }
  return app.uses.get(spot) || [];
}

/** The names of the fields, in their order. */
function fieldNames() {
  return Object.keys(app.data.words.fields);
}

/** What a field is called. */
function fieldLabel(field) {
  return field === null ? "整行" : app.data.words.fields[field] || field;
}

function isList(field) {
  return app.data.words.lists.includes(field);
}

function isNumber(field) {
  return field === "task_no" || field === "category_no";
}

/** The value of a field as corrections know it: a text, a number, a list of names as printed, or null. */
function valueOf(task, field) {
  return isList(field) ? task[field].map((party) => party[0]) : task[field];
}

/** What a rule is called. */
function ruleLabel(rule) {
  return app.data.words.rules[rule]?.label || app.config?.rules?.[rule] || rule;
}

/** The number of a task as people write it; one of a second table says so. */
function taskLabel(task) {
  return task.table === 1 ? `(${task.task_no})` : `表${task.table}(${task.task_no})`;
}

/** A place in words: page and line, cell or paragraph. */
function placeLabel(spot) {
  const page = app.data.pages[spot.page];
  const parts = page.n ? [`第 ${page.n} 页`] : [];
  if (typeof spot.where === "string") parts.push(lineLabel(spot.where));
  if (spot.kind === "cell") parts.push(`行 ${spot.row + 1} 列 ${spot.col + 1}`);
  return parts.join(" · ");
}

/** The name of a line, a paragraph or a cell of the source: as it is there, its usual forms in Chinese. */
function lineLabel(line) {
  if (/^[\d-]+$/.test(line)) return `第 ${line} 行`;
  return line
    .replace(/^paragraph (\d+)/, "第 $1 段")
    .replace(/\btable (\d+)/, "表 $1")
    .replace(/\brow (\d+)/, "行 $1")
    .replace(/\bcell (\d+)/, "格 $1");
}

/** Whether a doubt can be taken as settled in reference/corrections. */
function canAccept(doubt) {
  return doubt.severity !== "critical" && Boolean(app.data.words.rules[doubt.rule]?.known);
}
