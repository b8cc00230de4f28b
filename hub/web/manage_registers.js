// Registers to look at: cases with every deadline explained, complaints, attendance, staff, posts; and imports.

import { ask } from "./session.js";
import { button, element, field, fill, table } from "./page.js";
import { showCase } from "./manage_registers_case.js";
import { showImport } from "./manage_registers_import.js";
import { moment } from "./manage_assessment_words.js";
import { REGISTER_WORDS } from "./manage_registers_words.js";

const LOOKERS = ["duty_leader", "manager", "auditor"];
const IMPORTERS = ["manager", "administrator"];

/** Lists by name: where they are asked for, what can be asked, what is shown. The first filter is the key. */
const LISTS = {
  cases: {
    path: "/cases", member: "cases", filters: ["case_no", "department", "service", "clerk", "kind", "state", "overdue"],
    columns: ["case_no", "service", "department", "counter", "clerk", "kind", "state", "outcome", "received_at", "due_at", "closed_at", "overdue"],
  },
  complaints: {
    path: "/complaints", member: "complaints", filters: ["complaint_no", "department", "counter", "clerk", "finding"],
    columns: ["complaint_no", "at", "department", "counter", "clerk", "finding", "decided_at", "decided_by", "case_no", "reason"],
  },
  attendance: {
    path: "/attendance", member: "entries", filters: ["clerk", "department", "kind", "from", "to"],
    columns: ["date", "clerk", "department", "counter", "session", "kind", "minutes", "excused", "verdict", "counts", "stand_in", "whereabouts"],
  },
  staff: { path: "/registers/staff", member: "rows", filters: [], columns: ["clerk", "department", "counter", "rank", "established", "chief_representative", "valid_from", "valid_to"] },
  posts: { path: "/registers/posts", member: "rows", filters: [], columns: ["post", "department", "counter", "clerk", "stand_ins", "valid_from", "valid_to"] },
  counters: { path: "/registers/counters", member: "rows", filters: [], columns: ["code", "label", "department"] },
  departments: { path: "/registers/departments", member: "rows", filters: [], columns: ["code", "name", "historical"] },
};
const CHOICES = {
  cases: { kind: ["immediate", "promised", "joint", "reported"], state: ["received", "correcting", "accepted", "suspended", "closed"] },
  complaints: { finding: ["open", "verified", "unfounded", "unproven"] },
  attendance: { kind: ["late", "early", "off_post", "absent"] },
};
const DAYS = ["from", "to"];
const FLAGS = ["overdue"];

/** `#registers/LIST/KEY` */
export async function show(root, page) {
  const words = REGISTER_WORDS[page.language];
  const names = [...(LOOKERS.includes(page.session.role) ? Object.keys(LISTS) : []), ...(IMPORTERS.includes(page.session.role) ? ["import"] : [])];
  const name = names.includes(page.place[0]) ? page.place[0] : names[0];
  const key = page.place[1] || "";
  root.append(element("div", { className: "bar" }, element("h2", { textContent: words.title })), links(page, words, names, name));
  if (name === "import") await showImport(root, page, words.import);
  else if (name === "cases" && key) await showCase(root, page, words, key);
  else await showList(root, { page, words, name, ...LISTS[name] }, key);
}

function links(page, words, names, chosen) {
  const nav = element("nav", { className: "subs" }, ...names.map((name) => {
    const link = element("a", { href: page.address("registers", name), textContent: words.lists[name] });
    if (name === chosen) link.setAttribute("aria-current", "page");
    return link;
  }));
  nav.setAttribute("aria-label", words.title);
  return nav;
}

async function showList(root, at, key) {
  const { words, filters } = at;
  const list = element("div", {});
  const why = element("p", { className: "why" });
  why.setAttribute("role", "alert");
  const form = element("form", { className: "fields" }, ...filters.map((name) => filterField(at, name, name === filters[0] ? key : "")));
  if (filters.length) form.append(element("button", { className: "action primary", textContent: words.look }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    why.textContent = "";
    await look(list, at, form).catch((error) => { why.textContent = error.message; });
  });
  root.append(element("div", { className: "bar" }, form), why, list);
  await look(list, at, form);
}

function filterField({ words, name }, filter, value) {
  const label = words.fields[filter];
  if (FLAGS.includes(filter)) return element("label", { className: "check" }, element("input", { type: "checkbox", name: filter, value: "true" }), label);
  const choices = (CHOICES[name] || {})[filter];
  if (choices) return field(label, element("select", { name: filter }, element("option", { value: "", textContent: words.all }), ...choices.map((one) => element("option", { value: one, textContent: words.values[filter][one] }))));
  return field(label, element("input", { name: filter, value, type: DAYS.includes(filter) ? "date" : "search", maxLength: 80, autocomplete: "off" }));
}

/** From the first page on, or the page behind `after` below what is there. */
async function look(list, at, form, after = "", before = []) {
  const { page, words, path, member, columns } = at;
  const asked = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
  if (after) asked.set("after", after);
  const answer = await ask("GET", `${path}?${asked}`, undefined, page.language);
  const rows = before.concat(answer[member]);
  const more = answer.next ? button(words.more, () => look(list, at, form, answer.next, rows), "action") : answer.more ? words.most : "";
  list.replaceChildren(table(columns.map((name) => words.fields[name]), rows.map((row) => listRow(at, row)), words.none), element("p", { className: "more" }, more));
}

function listRow(at, row) {
  return element("tr", {}, ...at.columns.map((name) => cell(at, row, name)));
}

function cell({ page, words, name }, row, column) {
  if (column === "case_no" && row.case_no) return element("td", {}, element("a", { href: page.address("registers", "cases", row.case_no), textContent: row.case_no }));
  if (column === "overdue") return element("td", {}, row.overdue ? element("span", { className: "mark bad", textContent: `✕ ${words.overdue}` }) : "");
  if (column === "verdict" && row.to_decide) return element("td", {}, words.values.verdict[row.verdict], " ", element("span", { className: "mark warn", textContent: `▲ ${words.to_decide}` }));
  const number = column === "minutes" || column.endsWith("_at") || column === "date";
  return element("td", { className: number ? "number" : name === "complaints" && column === "reason" ? "wrap" : "", textContent: valueText(page, words, column, row[column]) });
}

/** A value of a register as people read it. */
export function valueText(page, words, column, value) {
  if (value === undefined || value === null || value === "") return "";
  if (typeof value === "boolean") return value ? words.yes : words.no;
  const known = words.values[column];
  if (known && value in known) return known[value];
  if (column.endsWith("due_at")) return dueText(page, value);
  if (column === "service") return serviceText(page, value);
  return typeof value === "string" && (column.endsWith("_at") || column === "at") ? moment(page, value) : String(value);
}

/** The end of a day is its own 24:00, not the next day's 00:00. */
export function dueText(page, at) {
  const text = moment(page, at);
  return text.endsWith(" 00:00") ? `${moment(page, new Date(Date.parse(at) - 60000).toISOString()).slice(0, 10)} 24:00` : text;
}

function serviceText(page, code) {
  const service = page.hall.services.find((one) => one.code === code);
  return service ? `${code} ${service.names[page.language] || ""}` : code;
}
