// Assessment: scheme, period and unit; the ranking of all units with readings and closing, or one unit item by item.

import { ask } from "./session.js";
import { bars } from "./charts.js";
import { button, element, field, fill, table } from "./page.js";
import { save } from "./files.js";
import { closingPanel, readingsPanel } from "./manage_assessment_rule.js";
import { showUnit } from "./manage_assessment_unit.js";
import { WORDS, awardText, periodName, periodOptions, scoreText, stateMarks, unitName } from "./manage_assessment_words.js";

const FORMS = ["xlsx", "pdf", "csv", "json"];
const above = (text) => ({ text, number: true });
const path = (...parts) => `/assessments/${parts.map(encodeURIComponent).join("/")}`;

export async function show(root, page) {
  const words = WORDS[page.language];
  const { schemes } = await ask("GET", "/assessments", undefined, page.language);
  const scheme = schemes.find((one) => one.scheme === page.place[0]) || schemes[0];
  const known = await ask("GET", path(scheme.scheme), undefined, page.language);
  const kind = Object.keys(known.offered)[0];
  const period = page.place[1] || known.offered[kind][1]; // the last one that is over
  const at = { page, words, scheme, known, period, unit: page.place[2] || "", other: page.place[3] || "" };
  const body = element("div", {}, element("p", { className: "busy", textContent: words.counting }));
  body.setAttribute("aria-live", "polite");
  const why = element("p", { className: "why" });
  why.setAttribute("role", "alert");
  root.append(head(at, schemes, why), why, body);
  try {
    const whole = await ask("GET", `${path(scheme.scheme, period)}?brief=true`, undefined, page.language);
    drawUnits(root, at, whole);
    if (at.unit) await showUnit(body, at, whole);
    else await showRanking(body, at, whole);
  } catch (error) {
    body.replaceChildren();
    throw error;
  }
}

function head(at, schemes, why) {
  const { page, words, scheme, known, period } = at;
  const option = (value, text, chosen) => element("option", { value, textContent: text, selected: value === chosen });
  const pickScheme = element("select", { name: "scheme" }, ...schemes.map((one) => option(one.scheme, one.title, scheme.scheme)));
  const pickPeriod = element("select", { name: "period" }, ...periodOptions(at, period));
  const pickUnit = element("select", { name: "unit" }, option("", words.all, at.unit));
  pickScheme.onchange = () => page.go(pickScheme.value);
  pickPeriod.onchange = () => page.go(scheme.scheme, pickPeriod.value, at.unit);
  pickUnit.onchange = () => page.go(scheme.scheme, period, pickUnit.value);
  const query = (form) => new URLSearchParams({ format: form, ...(at.unit ? { unit: at.unit } : {}) });
  const reports = FORMS.map((form) => button(form.toUpperCase(), async () => {
    why.textContent = "";
    try {
      await save(`${path(scheme.scheme, period)}?${query(form)}`, `${scheme.scheme}_${period}${at.unit ? `_${at.unit}` : ""}.${form}`, page.language);
    } catch (error) {
      why.textContent = error.message;
    }
  }, "action"));
  const group = element("div", { className: "fields" }, ...reports);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.reports);
  return element("div", { className: "bar" },
    element("div", {}, element("h2", { textContent: words.title }), element("p", { className: "hint", textContent: known.source })),
    element("div", { className: "fields" }, field(words.scheme, pickScheme), field(words.period, pickPeriod), field(words.unit, pickUnit), group));
}

function drawUnits(root, at, whole) {
  const pick = root.querySelector("select[name=unit]");
  pick.append(...whole.units.map((one) => element("option", { value: one.unit, textContent: unitName(at.known, one.unit), selected: one.unit === at.unit })));
}

async function showRanking(body, at, whole) {
  const { page, words, known } = at;
  const other = page.place[3] ? await ask("GET", `${path(at.scheme.scheme, page.place[3])}?brief=true`, undefined, page.language) : null;
  const units = [...whole.units].sort((a, b) => (a.rank || 1e9) - (b.rank || 1e9) || (Number(b.total) || 0) - (Number(a.total) || 0));
  const pick = element("select", { name: "other" }, element("option", { value: "", textContent: words.with_none }), ...periodOptions(at, page.place[3] || "", at.period));
  pick.onchange = () => { location.hash = pick.value ? `${page.address("assessment", at.scheme.scheme, at.period)}//${pick.value}` : page.address("assessment", at.scheme.scheme, at.period); };
  const numbers = [...words.rank_heads.slice(2, 6), ...(other ? [periodName(page.language, page.place[3]), words.difference] : [])];
  const heads = [...words.rank_heads.slice(0, 2), ...numbers.map(above), ...words.rank_heads.slice(6)];
  const before = new Map(other ? other.units.map((one) => [one.unit, one.total]) : []);
  const rows = units.map((one) => rankRow(at, { ...one, closed: whole.closed }, other ? before : null));
  const scored = units.filter((one) => one.total !== null);
  const chart = bars({
    language: page.language, title: `${periodName(page.language, at.period)} ${words.chart}`, unit: words.points,
    rows: scored.map((one) => ({ label: unitName(known, one.unit), value: Math.max(0, Number(one.total)), text: one.total, faint: one.provisional })),
  });
  body.replaceChildren(
    element("div", { className: "bar" }, element("h2", { textContent: words.ranking }), element("div", { className: "fields" }, field(words.compare, pick))),
    table(heads, rows, words.none),
    whole.units.some((one) => one.provisional) ? element("p", { className: "hint", textContent: `▲ ${words.other_provisional}` }) : "",
    element("div", { className: "pair" }, chart, await closingPanel(at, whole)),
    whole.stars ? starsPanel(at, whole.stars) : "",
    element("div", { className: "rows" }, readingsPanel(at)));
}

function rankRow({ page, words, scheme, known, period }, one, before) {
  const cell = (text, className = "number right") => element("td", { className, textContent: text });
  const gone = before ? before.get(one.unit) : null;
  const change = before && gone !== null && gone !== undefined && one.total !== null ? (Number(one.total) - Number(gone)).toFixed(2) : "—";
  return element("tr", {},
    cell(one.rank ? String(one.rank) : "—", "number"),
    element("td", {}, element("a", { href: page.address("assessment", scheme.scheme, period, one.unit), textContent: unitName(known, one.unit) })),
    cell(scoreText(words, one.base)), cell(one.bonus), cell(one.deduction), cell(scoreText(words, one.total)),
    ...(before ? [cell(scoreText(words, gone)), cell(change > 0 ? `+${change}` : change)] : []),
    element("td", { textContent: awardText(words, known, one) }),
    element("td", {}, ...stateMarks(words, one)));
}

function starsPanel({ words }, stars) {
  const failed = (one) => Object.entries(one.gates).filter(([, passed]) => !passed).map(([name]) => name).join("、");
  const rows = stars.candidates.map((one) => element("tr", {},
    element("td", {}, one.clerk, " ", stars.proposed.includes(one.clerk) ? element("span", { className: "mark", textContent: `★ ${words.proposed}` }) : null),
    element("td", { textContent: one.counter }),
    element("td", { className: "number", textContent: scoreText(words, one.score) }),
    element("td", { className: "number", textContent: String(one.ballots) }),
    element("td", { textContent: one.eligible ? words.eligible : words.not_eligible }),
    element("td", { className: "detail", textContent: failed(one) })));
  const least = fill("{least}–{most}", stars);
  return element("section", { className: "panel" }, element("h2", { textContent: `${words.stars}（${least}）` }), table(words.star_heads, rows, words.none));
}
