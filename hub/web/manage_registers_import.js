// Import by upload: a file goes up, the hub says how far it is, names every bad line, and what it has taken before.

import { ask } from "./session.js";
import { save, upload } from "./files.js";
import { button, element, field, fill, table } from "./page.js";
import { moment } from "./manage_assessment_words.js";

const AGAIN_MS = 500;
const OVER = ["done", "refused"];

export async function showImport(root, page, words) {
  const now = element("div", { className: "panel" });
  now.setAttribute("aria-live", "polite");
  const past = element("div", { className: "panel rows" });
  const why = element("p", { className: "why" });
  why.setAttribute("role", "alert");
  const at = { root, page, words, now, past };
  root.append(form(at, why), why, now, past);
  const { now: known } = await drawPast(at);
  if (page.place[1]) await follow(at, page.place[1]);
  else if (known.length && !OVER.includes(known[0].state)) await follow(at, known[0].id);
}

function form(at, why) {
  const { page, words } = at;
  const kind = element("select", { name: "kind" }, ...Object.entries(words.kinds).map(([value, text]) => element("option", { value, textContent: text })));
  const file = element("input", { type: "file", name: "file", accept: ".csv,text/csv", required: true });
  const create = element("input", { type: "checkbox", name: "create" });
  const send = element("button", { className: "action primary", textContent: words.send });
  const made = element("form", { className: "fields" }, field(words.kind, kind), field(words.file, file), element("label", { className: "check" }, create, words.create), send);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    why.textContent = "";
    send.disabled = true;
    drawProgress(at, { state: "sending", percent: 0, rows: 0 });
    try {
      const query = new URLSearchParams({ name: file.files[0].name.slice(0, 120), create_missing: String(create.checked) });
      const begun = await upload(`/imports/${kind.value}?${query}`, file.files[0], "text/csv", page.language);
      await follow(at, begun.id);
    } catch (error) {
      at.now.replaceChildren();
      why.textContent = error.message;
    } finally {
      send.disabled = false;
    }
  });
  return element("div", {}, element("div", { className: "bar" }, made), element("p", { className: "hint", textContent: `${words.hint} ${words.columns}` }));
}

/** Asks again and again until the import is over, or the page is left. */
async function follow(at, id) {
  const { root, page } = at;
  while (root.isConnected) {
    const told = await ask("GET", `/imports/${encodeURIComponent(id)}`, undefined, page.language).catch((error) => {
      if (error.status === 404) throw new Error(at.words.other_process);
      throw error;
    });
    if (OVER.includes(told.state)) {
      drawEnd(at, told);
      await drawPast(at);
      return;
    }
    drawProgress(at, told);
    await new Promise((resolve) => { setTimeout(resolve, AGAIN_MS); });
  }
}

function drawProgress({ words, now }, told) {
  const bar = element("progress", { max: 100 });
  if (told.state !== "sending") bar.value = told.percent;
  const text = told.state === "sending" ? words.states.sending : fill(words.progress, { ...told, state: words.states[told.state] });
  bar.setAttribute("aria-label", text);
  now.replaceChildren(element("div", { className: "progress" }, element("strong", { textContent: told.file || "" }), bar, element("span", { textContent: text })));
}

function drawEnd({ page, words, now }, told) {
  const title = element("h2", { textContent: `${words.now}　${told.file}` });
  if (told.state === "done") {
    const names = Object.values(told.created).flat();
    now.replaceChildren(title, element("p", { className: "done", textContent: `✓ ${fill(words.taken, { register: told.register_name, rows: told.rows })}` }),
      names.length ? element("p", { className: "hint", textContent: fill(words.created, { names: names.join(page.language === "zh" ? "、" : ", ") }) }) : "");
    return;
  }
  const rows = told.bad_lines.map((bad) => element("tr", {}, element("td", { className: "number", textContent: String(bad.line) }), element("td", { className: "wrap", textContent: bad.reason })));
  now.replaceChildren(title, element("p", { className: "why", textContent: `✕ ${told.bad ? fill(words.bad, { n: told.bad }) : told.reason}` }),
    ...(told.bad ? [
      element("p", {}, button(words.download, () => save(`/imports/${told.id}/bad-lines`, `bad_lines_${told.file}`, page.language), "action")),
      table(words.bad_heads, rows, ""),
      told.bad > rows.length ? element("p", { className: "hint", textContent: fill(words.more_bad, { n: rows.length }) }) : "",
    ] : []));
}

async function drawPast({ page, words, past }) {
  const answer = await ask("GET", "/imports", undefined, page.language);
  const rows = answer.past.map((one) => element("tr", {},
    element("td", { className: "time", textContent: moment(page, one.at) }), element("td", { textContent: one.register_name }), element("td", { className: "wrap", textContent: one.file }),
    element("td", { className: "number", textContent: one.rows.toLocaleString("en-US") }), element("td", { textContent: one.by }), element("td", { className: "seal", textContent: one.sha256.slice(0, 16), title: one.sha256 })));
  past.replaceChildren(element("h2", { textContent: words.past }), table(words.past_heads, rows, words.no_past));
  return answer;
}
