// Findings: leads to confirm or dismiss, entries by hand, scores, evidence, appeals and their review.

import { ask } from "./session.js";
import { save } from "./files.js";
import { button, element, field, fill, table } from "./page.js";
import { appealForm, confirmForm, dismissForm, enterForm, fileForm, reviewForm } from "./manage_findings_forms.js";
import { FINDING_WORDS, countsAs, isAppealed, itemTitle, stateMark, stateOf, unitOf } from "./manage_findings_words.js";
import { WORDS, moment, periodOptions, unitName } from "./manage_assessment_words.js";

const ENTERERS = ["duty_leader", "manager"];
const DECIDERS = ["manager"];
const path = (...parts) => `/assessments/${parts.map(encodeURIComponent).join("/")}`;

/** `#findings/SCHEME/STATE/PERIOD/UNIT` or `#findings/one/ID` */
export async function show(root, page) {
  if (page.place[0] === "one" && page.place[1]) await showOne(root, page, page.place[1]);
  else await showList(root, page);
}

async function showList(root, page) {
  const words = FINDING_WORDS[page.language];
  const { schemes } = await ask("GET", "/assessments", undefined, page.language);
  const scheme = (schemes.find((one) => one.scheme === page.place[0]) || schemes[0]).scheme;
  const known = await ask("GET", path(scheme), undefined, page.language);
  const [state, period, unit] = ["proposed", "", ""].map((otherwise, n) => (page.place[n + 1] === undefined ? otherwise : page.place[n + 1].replace(/^-$/, "")));
  const said = element("p", { className: "done said" });
  said.setAttribute("role", "status");
  const why = element("p", { className: "why" });
  why.setAttribute("role", "alert");
  const list = element("div", {});
  const at = { page, words, known, scheme, state, period, unit };
  at.done = async (text) => {
    said.textContent = text;
    await draw(list, at);
  };
  at.tried = (work) => async () => {
    why.textContent = "";
    await work().catch((error) => { why.textContent = error.message; });
  };
  root.append(head(at, schemes), element("div", { className: "bar" }, verbs(at)), said, why, list);
  await draw(list, at);
}

function head({ page, words, known, scheme, state, period, unit }, schemes) {
  const option = (value, text, chosen) => element("option", { value, textContent: text, selected: value === chosen });
  const pick = (name, ...options) => element("select", { name }, ...options);
  const pickScheme = pick("scheme", ...schemes.map((one) => option(one.scheme, one.title, scheme)));
  const pickState = pick("state", option("", words.all, state), ...Object.keys(words.states).map((one) => option(one, words.states[one], state)));
  const pickPeriod = pick("period", option("", words.all, period), ...periodOptions({ page, words: WORDS[page.language], known }, period));
  const pickUnit = pick("unit", option("", words.all, unit), ...Object.keys(known.units).map((code) => option(code, unitName(known, code), unit)));
  const go = () => page.go(pickScheme.value, ...[pickState, pickPeriod, pickUnit].map((one) => one.value || "-"));
  [pickState, pickPeriod, pickUnit].forEach((one) => { one.onchange = go; });
  pickScheme.onchange = () => page.go(pickScheme.value, state || "-");
  return element("div", { className: "bar" }, element("h2", { textContent: words.title }),
    element("div", { className: "fields" }, field(words.scheme, pickScheme), field(words.state, pickState), field(words.period, pickPeriod), field(words.unit, pickUnit)));
}

function verbs(at) {
  const { page, words, scheme, period } = at;
  if (!ENTERERS.includes(page.session.role)) return null;
  const propose = at.tried(async () => {
    if (!period) throw new Error(words.choose_period);
    await at.done(fill(words.proposed, await ask("POST", "/findings/propose", { scheme, period }, page.language)));
  });
  return element("div", { className: "fields" },
    button(words.propose, propose, "action primary"), button(words.enter, () => enterForm(at), "action"), button(words.score, () => enterForm(at, "score"), "action"));
}

async function query({ page, known, scheme, state, period, unit }) {
  const asked = new URLSearchParams({ scheme, limit: 50 });
  if (state === "appealed") asked.set("appealed", "true");
  else if (state) asked.set("state", state);
  if (unit) asked.set(known.unit === "person" ? "clerk" : known.unit, unit);
  if (period) {
    const standing = await ask("GET", path(scheme, period, "standing"), undefined, page.language);
    asked.set("from", standing.first);
    asked.set("to", standing.last);
  }
  return asked;
}

/** The list from its first page on; `after` goes on below. */
async function draw(list, at, after = "", before = []) {
  const { page, words } = at;
  const asked = await query(at);
  if (after) asked.set("after", after);
  const answer = await ask("GET", `/findings?${asked}`, undefined, page.language);
  const findings = before.concat(answer.findings);
  const place = rowOfFocus(list);
  const more = answer.next ? element("p", { className: "more" }, button(words.more, () => draw(list, at, answer.next, findings), "action")) : "";
  list.replaceChildren(table(words.heads, findings.map((one) => row(at, one)), words.none), more);
  const dialog = document.querySelector("dialog");
  if (place >= 0 && dialog) dialog.addEventListener("close", () => focusRow(list, place), { once: true });
  else if (place >= 0) focusRow(list, place);
}

const rowOfFocus = (list) => [...list.querySelectorAll("tbody tr")].findIndex((one) => one.contains(document.activeElement) || one.dataset.chosen);

/** After a decision the next row is at hand. */
function focusRow(list, place) {
  const rows = list.querySelectorAll("tbody tr");
  const next = rows[Math.min(place, rows.length - 1)];
  const first = next && next.querySelector("button, a");
  if (first) first.focus();
}

function row(at, finding) {
  const { page, words, known } = at;
  const made = element("tr", {},
    element("td", { className: "time", textContent: moment(page, finding.at) }),
    element("td", { className: "wrap", textContent: itemTitle(known, finding.item) }),
    element("td", { className: "wrap", textContent: unitOf(words, finding) }),
    element("td", { className: "wrap", textContent: [finding.note, finding.event].filter(Boolean).join(" · ") }),
    element("td", { textContent: countsAs(words, finding) }),
    element("td", {}, words.origins[finding.origin], element("div", { className: "hint", textContent: finding.entered_by })),
    element("td", {}, stateMark(words, stateOf(finding))),
    element("td", {}, element("div", { className: "buttons" }, ...actions(at, finding),
      element("a", { className: "small button", href: page.address("findings", "one", finding.id), textContent: words.open }))));
  made.addEventListener("click", () => { made.dataset.chosen = "1"; });
  return made;
}

/** What this role can do with the finding as it stands. */
function actions(at, finding) {
  const { page, words } = at;
  const can = (roles, wanted) => roles.includes(page.session.role) && wanted;
  return [
    can(DECIDERS, finding.state === "proposed") ? button(words.confirm, () => confirmForm(at, finding)) : null,
    can(DECIDERS, finding.state === "proposed") ? button(words.dismiss, () => dismissForm(at, finding), "small danger") : null,
    can(ENTERERS, finding.state === "confirmed" && !isAppealed(finding)) ? button(words.appeal, () => appealForm(at, finding)) : null,
    can(DECIDERS, isAppealed(finding)) ? button(words.review, () => reviewForm(at, finding)) : null,
  ].filter(Boolean);
}

async function showOne(root, page, id) {
  const words = FINDING_WORDS[page.language];
  const said = element("p", { className: "done said" });
  said.setAttribute("role", "status");
  const body = element("div", {});
  const again = async (text = "") => {
    said.textContent = text;
    const finding = await ask("GET", `/findings/${encodeURIComponent(id)}`, undefined, page.language);
    const known = await ask("GET", path(finding.scheme), undefined, page.language);
    const at = { page, words, known, done: again };
    body.replaceChildren(
      element("div", { className: "bar" }, element("h2", { textContent: itemTitle(known, finding.item) }),
        element("div", { className: "fields" }, ...actions(at, finding), ENTERERS.includes(page.session.role) ? button(words.add_file, () => fileForm(at, finding)) : null,
          element("a", { className: "small button", href: page.address("findings", finding.scheme), textContent: words.back }))),
      element("div", { className: "pair" }, facts(at, finding), element("div", {}, await record(at, finding), evidence(at, finding), appeals(at, finding))));
  };
  root.append(said, body);
  await again();
}

function facts({ page, words, known }, finding) {
  const who = (by, at) => (by ? fill(words.by_at, { by, at: moment(page, at) }) : "");
  const told = {
    scheme: known.title, item: itemTitle(known, finding.item), at: moment(page, finding.at), unit: unitOf(words, finding), effect: words.effects[finding.effect], points: finding.points,
    quantity: String(finding.quantity), event: finding.event, compare_to: finding.compare_to, note: finding.note, state: stateMark(words, stateOf(finding)), origin: words.origins[finding.origin],
    entered: who(finding.entered_by, finding.entered_at), decided: who(finding.decided_by, finding.decided_at), reason: finding.reason,
  };
  const list = Object.entries(told).filter(([, value]) => value).flatMap(([name, value]) => [element("dt", { textContent: words.facts[name] }), element("dd", {}, value)]);
  return element("section", { className: "panel" }, element("dl", { className: "one-of" }, ...list));
}

/** The case that the happening names, if there is one. */
async function record({ page, words }, finding) {
  if (!finding.event || /[\s/?#%]/.test(finding.event)) return "";
  try {
    const { case: known } = await ask("GET", `/cases/${encodeURIComponent(finding.event)}`, undefined, page.language);
    const told = fill(words.case_of, { case_no: known.case_no, state: known.state, due: moment(page, known.due_at) });
    return element("section", { className: "panel" }, element("h2", { textContent: words.record }), element("p", {}, element("a", { href: page.address("registers", "cases", known.case_no), textContent: told })));
  } catch (error) {
    if (error.status === 404) return ""; // a happening of another kind
    throw error;
  }
}

function evidence({ page, words }, finding) {
  const address = (one) => `/findings/${encodeURIComponent(finding.id)}/evidence/${one.sha256}`;
  const rows = (finding.evidence || []).map((one) => element("tr", {},
    element("td", { className: "wrap", textContent: one.name }),
    element("td", { className: "number", textContent: `${Math.ceil(one.bytes / 1000)} kB` }),
    element("td", { textContent: fill(words.by_at, { by: one.by, at: moment(page, one.at) }) }),
    element("td", {}, button(words.download, () => save(address(one), one.name, page.language)))));
  return element("section", { className: "panel" }, element("h2", { textContent: words.evidence }), table(words.evidence_heads, rows, words.no_evidence));
}

function appeals({ page, words }, finding) {
  const rows = (finding.appeals || []).map((one) => element("tr", {},
    element("td", { textContent: fill(words.by_at, { by: one.by, at: moment(page, one.at) }) }),
    element("td", { className: "wrap", textContent: one.grounds }),
    element("td", { textContent: one.outcome ? `${words.outcomes[one.outcome]} ${one.reviewed_by}` : words.waits }),
    element("td", { className: "wrap", textContent: one.reason || "" })));
  return element("section", { className: "panel rows" }, element("h2", { textContent: words.appeals }), table(words.appeal_heads, rows, words.no_appeals));
}
