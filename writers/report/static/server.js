// Talking to `fenjie review`, where it serves the page (docs/review.md).

/** Takes up what the server says of itself, if there is one. */
function connect() {
  const element = byId("fenjie-review");
  app.config = element ? JSON.parse(element.textContent) : null;
  for (const id of ["save", "publish"]) byId(id).hidden = !app.config;
  showUndo();
  showWritten();
}

function showUndo() {
  byId("undo").hidden = !(app.config && app.config.undo > 0);
}

/** Sends a request and takes up the data that comes back; true where it was done. */
async function ask(action, body) {
  if (hasOpenForm()) return false;
  const buttons = ["save", "undo", "publish"].map(byId);
  buttons.forEach((one) => (one.disabled = true));
  document.body.classList.add("busy");
  say("正在处理…");
  try {
    const response = await fetch(`${app.config.base}/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Fenjie-Token": app.config.token },
      body: JSON.stringify({ ...body, base_version: app.config.version ?? null }),
    });
    return takeReply(response.status, await response.json());
  } catch (error) {
    say(`没有连上 fenjie review，它可能已停止；待存的仍在（${error.message}）`, true);
    return false;
  } finally {
    document.body.classList.remove("busy");
    buttons.forEach((one) => (one.disabled = false));
    showPending();
  }
}

function takeReply(status, reply) {
  if (reply.version !== undefined) app.config.version = reply.version;
  if (reply.undo !== undefined) app.config.undo = reply.undo;
  if (reply.file !== undefined) app.config.file = reply.file;
  showUndo();
  if (reply.data) renew(reply.data);
  showWritten();
  const problems = (reply.problems || []).join("；");
  if (reply.ok) say([reply.message || "已保存", problems].filter((part) => part).join("；"));
  else say(problems || reply.message || `未能完成（${status}）`, true);
  return Boolean(reply.ok);
}

async function saveEntries() {
  if (!pending.entries.length) return;
  const sent = pending.entries;
  if (await ask("corrections", { entries: sent, merge: true })) {
    pending.entries = pending.entries.filter((entry) => !sent.includes(entry));
    entriesChanged();
  }
}

const undoSave = () => ask("undo", {});
const publishDocument = () => ask("release", {});
