// One case: its facts, and every deadline as it was computed, line by line.

import { ask } from "./session.js";
import { element, fill, table } from "./page.js";
import { moment } from "./manage_assessment_words.js";
import { dueText, valueText } from "./manage_registers.js";

const FACTS = [
  "case_no", "service", "department", "counter", "clerk", "kind", "state", "outcome", "online", "on_site", "received_at", "accepted_at", "legal_days", "promised_days", "suspended_days", "corrections",
  "correction_notice_at", "corrected_at", "extension_days", "extension_told_at", "appointed_at", "citizen_missed", "closed_at", "return_reason", "due_at", "legal_due_at", "calendar_version", "deemed_on_time", "overdue", "imported",
];

export async function showCase(root, page, words, case_no) {
  const whole = await ask("GET", `/cases/${encodeURIComponent(case_no)}`, undefined, page.language);
  const known = whole.case;
  root.append(
    element("div", { className: "bar" },
      element("h2", {}, fill(words.whole, known), " ", known.overdue ? element("span", { className: "mark bad", textContent: `✕ ${words.overdue}` }) : ""),
      element("a", { className: "small button", href: page.address("registers", "cases"), textContent: words.back })),
    element("div", { className: "pair" },
      element("section", { className: "panel" }, element("h2", { textContent: words.facts }), facts(page, words, known)),
      element("section", { className: "panel" }, element("h2", { textContent: words.deadlines }), ...[...whole.deadlines].reverse().map((one) => deadline(page, words, one)))),
    element("div", { className: "pair" }, steps(page, words, whole), papers(page, words, whole)));
}

function facts(page, words, known) {
  const told = FACTS.map((name) => [name, valueText(page, words, name, known[name])]).filter(([, text]) => text);
  return element("dl", { className: "one-of" }, ...told.flatMap(([name, text]) => [element("dt", { textContent: words.fields[name] }), element("dd", { textContent: text })]));
}

function deadline(page, words, one) {
  const due = (at) => (at ? dueText(page, at) : words.unknown);
  const lines = (list) => element("ol", { className: "lines" }, ...list.map((line) => element("li", { textContent: line[page.language] })));
  const same = JSON.stringify(one.lines) === JSON.stringify(one.legal_lines);
  return element("article", { className: "deadline" },
    element("h3", { textContent: fill(words.deadline, { cause: words.verbs[one.cause] || one.cause, due: due(one.due_at) }) }),
    lines(one.lines),
    same ? null : element("details", {}, element("summary", { textContent: fill(words.legal, { due: due(one.legal_due_at) }) }), lines(one.legal_lines)),
    element("p", { className: "hint", textContent: fill(words.computed, { at: moment(page, one.at), version: one.calendar_version }) }));
}

function steps(page, words, whole) {
  const rows = whole.steps.map((one) => element("tr", {}, element("td", { className: "time", textContent: moment(page, one.at) }), element("td", { textContent: words.verbs[one.verb] || one.verb }),
    element("td", { textContent: words.values.state[one.state] }), element("td", { textContent: one.by }), element("td", { className: "wrap", textContent: one.reason || "" })));
  return element("section", { className: "panel" }, element("h2", { textContent: words.steps }), table(words.step_heads, rows, words.none));
}

function papers(page, words, whole) {
  const notices = whole.notices.map((one) => element("tr", {}, element("td", { textContent: words.values.kind[one.kind] || one.kind }), element("td", { textContent: one.notice_no }), element("td", { className: "time", textContent: moment(page, one.at) })));
  const stops = whole.suspensions.map((one) => element("tr", {}, element("td", { textContent: one.first }), element("td", { textContent: one.last || "" }), element("td", { textContent: one.reason })));
  return element("section", { className: "panel" },
    element("h2", { textContent: words.notices }), table(words.notice_heads, notices, words.none),
    element("h2", { textContent: words.suspensions }), table(words.suspension_heads, stops, words.none));
}
