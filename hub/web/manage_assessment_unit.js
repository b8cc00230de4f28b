// One unit, item by item: score, both numbers, reading, findings and the records behind; trend and comparison.

import { ask } from "./session.js";
import { bars, lines } from "./charts.js";
import { element, field, fill, table } from "./page.js";
import { awardText, moment, periodName, periodOptions, scoreText, stateMarks, unitName, whyText } from "./manage_assessment_words.js";

const EARLIER = 5;
const SUMS = ["base", "bonus", "deduction", "total"];
const path = (...parts) => `/assessments/${parts.map(encodeURIComponent).join("/")}`;
const above = (text) => ({ text, number: true });
const cell = (text, className = "number right") => element("td", { className, textContent: text });

export async function showUnit(body, at, whole) {
  const { page, scheme, period, unit } = at;
  const query = `?unit=${encodeURIComponent(unit)}`;
  const one = { ...(await ask("GET", `${path(scheme.scheme, period)}${query}`, undefined, page.language)) };
  const placed = whole.units.find((each) => each.unit === unit) || {};
  one.rank = placed.rank;
  one.award = placed.award;
  one.award_reason = placed.award_reason;
  const later = element("div", { className: "pair" });
  const changes = element("div", { className: "rows" });
  body.replaceChildren(cards(at, one), one.parts ? partsTable(at, one) : "", itemsTable(at, one), later, changes, used(at, one));
  later.append(await trend(at, one, query));
  await compare(at, one, query, later, changes);
}

function cards({ words, known, unit }, one) {
  const card = (title, value, className = "") => element("li", { className }, element("span", { textContent: title }), element("strong", {}, value));
  return element("div", {},
    element("div", { className: "bar" }, element("h2", { textContent: unitName(known, unit) }), element("div", {}, ...stateMarks(words, one))),
    element("ul", { className: "cards" },
      ...SUMS.map((name) => card(words.sums[name], scoreText(words, one[name]))),
      card(words.available, one.available_points),
      card(words.rank, one.rank ? String(one.rank) : "—"),
      awardText(words, known, one) ? card(words.award, awardText(words, known, one), "wide") : null,
      one.class ? card(words.class, one.class.title, "wide") : null,
      card(words.calendar, String(one.calendar_version))));
}

function itemsTable(at, one) {
  const { words, known } = at;
  const rows = [];
  let group = null;
  for (const item of one.items) {
    const title = known.groups.find((each) => each.code === item.group);
    if (item.group !== group && title) rows.push(groupRow(words, title, one.groups.find((each) => each.code === item.group)));
    group = item.group;
    const more = behindOf(at, item);
    rows.push(itemRow(at, one, item, Boolean(more)));
    if (more) rows.push(element("tr", { className: "behind" }, element("td", { colSpan: words.item_heads.length }, more)));
  }
  return element("section", { className: "panel" }, element("h2", { textContent: words.items }), table(words.item_heads.map((text, n) => (n === 2 || n === 3 ? above(text) : text)), rows, words.none));
}

function groupRow(words, title, group) {
  const score = group && group.score !== null ? `${group.score}${group.points ? ` / ${group.points}` : ""}` : "";
  const head = element("th", { colSpan: words.item_heads.length, scope: "colgroup" }, `${title.title}　${score} `,
    group && group.vetoed ? element("span", { className: "mark bad", textContent: `✕ ${words.vetoed}` }) : null);
  return element("tr", { className: "group" }, head);
}

function itemRow({ page, words, known }, one, item, more) {
  const texts = Object.fromEntries(one.readings_text.map((each) => [each.name, `${each.title}：${each.text || words.unset}`]));
  const inputs = Object.entries(item.inputs).filter(([, value]) => value !== null).map(([name, value]) => `${known.words.inputs[name] || name} ${value}`);
  const why = whyText(words, item.why);
  return element("tr", { className: more ? "has-behind" : "" },
    element("td", { textContent: item.code }),
    element("td", { className: "wrap", title: item.article }, item.title, " ", element("span", { className: "hint", textContent: item.article })),
    cell(item.points || "—"),
    element("td", { className: "number right" }, element("strong", { textContent: scoreText(words, item.score) }),
      item.bonus ? element("div", { className: "hint", textContent: fill(words.extra, item) }) : null),
    element("td", { className: "why-score" }, item.provisional ? element("span", { className: "mark warn", textContent: `▲ ${words.provisional}` }) : null,
      inputs.join(page.language === "zh" ? "，" : ", "), why ? element("span", { className: "why-line", textContent: why }) : null),
    element("td", { className: "why-score", textContent: Object.keys(item.reading || {}).map((name) => texts[name] || name).join("；") }));
}

/** Findings, events and records of an item; null when there is nothing. */
function behindOf(at, item) {
  const { words } = at;
  const happenings = [...item.findings, ...(item.events || [])];
  const traces = item.behind || [];
  if (!happenings.length && !traces.length) return null;
  const box = element("div", {});
  if (happenings.length) box.append(folded(`${words.happenings} ${happenings.length}`, table(words.happening_heads, happenings.map((one) => happening(at, one)), "—")));
  if (traces.length) {
    const list = element("ul", { className: "traces" }, ...traces.map((trace) => element("li", {}, ...traced(at, trace))));
    if (item.behind_more) list.append(element("li", { textContent: fill(words.more, { n: item.behind_more }) }));
    box.append(folded(`${words.behind} ${traces.length + (item.behind_more || 0)}`, list));
  }
  return box;
}

const folded = (title, content) => element("details", {}, element("summary", { textContent: title }), content);

function happening(at, one) {
  const { page, words } = at;
  const quantity = one.quantity > 1 ? ` ×${one.quantity}` : "";
  const what = one.id ? [`${words.effects[one.effect]}${quantity} ${one.note || one.event || ""}`] : traced(at, one);
  const instead = one.counted ? [] : [element("div", { className: "hint", textContent: fill(words.not_counted, one) })];
  return element("tr", { className: one.counted ? "" : "off-count" },
    element("td", { className: "wrap" }, ...what, ...instead),
    element("td", { className: "time", textContent: moment(page, one.at || one.due || one.day || one.since) }),
    cell(one.counted ? one.points || "—" : "0.00"),
    element("td", { textContent: one.entered_by ? `${one.entered_by} ${moment(page, one.entered_at)}` : "" }),
    element("td", { textContent: one.confirmed_by ? `${one.confirmed_by} ${moment(page, one.confirmed_at)}` : "" }),
    element("td", {}, one.id ? element("a", { href: page.address("findings", "one", one.id), textContent: one.id.slice(-6) }) : null));
}

/** `{case: "B1", due: …}` as words, with a link where the record can be looked at. */
function traced({ page, words }, trace) {
  const links = { case: (value) => ["registers", "cases", value], complaint: (value) => ["registers", "complaints", value], clerk: (value) => ["registers", "attendance", value] };
  const parts = [];
  for (const [name, value] of Object.entries(trace)) {
    if (!value || !words.trace[name]) continue;
    const shown = links[name] ? element("a", { href: page.address(...links[name](value)), textContent: value }) : moment(page, value);
    parts.push(`${parts.length ? " · " : ""}${words.trace[name]} `, shown);
  }
  return parts;
}

function partsTable(at, one) {
  const { page, words, known, scheme, unit } = at;
  const rows = one.parts.map((part) => element("tr", {},
    element("td", {}, element("a", { href: page.address("assessment", scheme.scheme, part.period, unit), textContent: periodName(page.language, part.period) })),
    cell(scoreText(words, part.total)), cell(part.rank ? String(part.rank) : "—"),
    element("td", { textContent: awardText(words, known, part) }), element("td", {}, ...stateMarks(words, part))));
  return element("section", { className: "panel rows" }, element("h2", { textContent: words.parts }), table(words.part_heads, rows, words.none));
}

/** This period and those before it, oldest first. */
async function trend(at, one, query) {
  const { page, words, known, scheme, period, unit } = at;
  const keys = Object.values(known.offered).find((each) => each.includes(period)) || [period];
  const place = keys.indexOf(period);
  const wanted = keys.slice(place, place + EARLIER + 1).reverse();
  const found = [];
  for (const key of wanted) {
    found.push(key === period ? one : await totalOf(`${path(scheme.scheme, key)}${query}&brief=true`, page.language));
  }
  const totals = found.map((each) => (each && each.total !== null ? Number(each.total) : null));
  const names = wanted.map((key) => periodName(page.language, key));
  return lines({
    language: page.language, title: `${words.trend}　${fill(words.trend_of, { unit: unitName(known, unit), n: wanted.length })}`, unit: words.points, labels: wanted, open: true,
    series: [{ name: words.sums.total, values: totals, texts: found.map((each) => (each ? scoreText(words, each.total) : words.no_data)) }],
    table: {
      heads: [{ text: words.period }, ...SUMS.map((name) => above(words.sums[name])), { text: words.rank_heads.at(-1) }],
      rows: found.map((each, n) => [names[n], ...SUMS.map((name) => (each && each[name] !== null ? { value: Number(each[name]), text: each[name] } : { value: null, text: words.no_data })), each && each.provisional ? `▲ ${words.provisional}` : ""]),
    },
  });
}

/** A unit that did not exist then has no score then. */
async function totalOf(address, language) {
  try {
    return await ask("GET", address, undefined, language);
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

async function compare(at, one, query, charts, changes) {
  const { page, words, scheme, period, unit } = at;
  const pick = element("select", { name: "other" }, element("option", { value: "", textContent: words.with_none }), ...periodOptions(at, at.other, period));
  pick.onchange = () => page.go(scheme.scheme, period, unit, pick.value);
  const box = element("section", { className: "panel" }, element("div", { className: "bar" }, element("h2", { textContent: words.difference_of }), element("div", { className: "fields" }, field(words.compare, pick))));
  charts.append(box);
  if (!at.other) return;
  const other = await totalOf(`${path(scheme.scheme, at.other)}${query}`, page.language);
  const names = [periodName(page.language, period), periodName(page.language, at.other)];
  const both = (name, of) => [[one, names[0]], [other, names[1]]].map(([each, when]) => ({ label: `${of} ${when}`, value: each && each[name] !== null ? Number(each[name]) : null, text: each ? scoreText(words, each[name]) : words.no_data, faint: each === other }));
  box.append(bars({ language: page.language, title: fill(words.compared, { one: names[0], other: names[1] }), unit: words.points, rows: SUMS.flatMap((name) => both(name, words.sums[name])) }));
  changes.append(element("section", { className: "panel" }, element("h2", { textContent: words.changed }), comparedItems(words, names, one, other)));
}

/** Only what differs: the rest is the same in both. */
function comparedItems(words, names, one, other) {
  const before = new Map(other ? other.items.map((item) => [item.code, item]) : []);
  const difference = (a, b) => (a === null || b === null || a === undefined || b === undefined ? "—" : (Number(a) - Number(b)).toFixed(2));
  const differing = one.items.filter((item) => !before.has(item.code) || before.get(item.code).score !== item.score);
  const rows = differing.map((item) => {
    const was = before.get(item.code);
    const change = difference(item.score, was && was.score);
    return element("tr", {}, element("td", { textContent: item.code }), element("td", { className: "wrap", textContent: item.title }), cell(item.points || "—"),
      cell(scoreText(words, item.score)), cell(scoreText(words, was && was.score)), cell(change > 0 ? `+${change}` : change));
  });
  return table([...words.compare_heads.slice(0, 2), ...[words.compare_heads[2], ...names, words.difference].map(above)], rows, words.all_the_same);
}

function used({ words }, one) {
  const rows = one.readings_text.map((each) => element("tr", {}, element("td", { className: "wrap", textContent: each.title }),
    element("td", { className: "wrap", textContent: each.text || words.unset }), element("td", { textContent: each.article })));
  return element("section", { className: "panel rows" }, element("h2", { textContent: words.used }), table(words.reading_heads.slice(0, 3), rows, "—"));
}
