// What each kind of figures shows: totals on top, then charts, each a question to the hub and a drawing of its answer.

import { element, fill } from "./page.js";
import { bars, heat, lines, told } from "./charts.js";
import { grain } from "./manage_periods.js";
import { heading, isRate, isTime, onAxis, rateOf, unitOf, valueText } from "./manage_figures_words.js";

const BARS_MOST = 20;
const LEVELS = ["very_satisfied", "satisfied_level", "basically_satisfied", "dissatisfied_level", "very_dissatisfied"];

//: Totals, what is compared by groups, groupings offered, and the columns of the tables.
export const VIEWS = {
  satisfaction: {
    totals: ["finished", "evaluation_rate", "satisfaction_rate", "bad_rate", "good_rate", "answer_p50_s"], measure: "satisfaction_rate",
    groups: ["counter", "service", "clerk", "department", "weekday"], columns: ["finished", "evaluation_rate", "satisfaction_rate", "bad_rate", ...LEVELS, "defaulted", "typed"], panels: [trend, levels, grouped], lowest: true,
  },
  waits: {
    totals: ["n", "p50_s", "p90_s", "max_s", "over_limit_rate", "no_shows", "service_p50_s"], measure: "p90_s",
    groups: ["counter", "service", "clerk", "department", "weekday"], columns: ["n", "no_shows", "mean_s", "p50_s", "p80_s", "p90_s", "p95_s", "max_s", "over_limit_rate", "service_p50_s", "service_p90_s"], panels: [waitsByHour, trend, grouped],
  },
  arrivals: { totals: ["issued", "called", "cancelled", "expired"], measure: "issued", groups: ["service", "department", "weekday"], columns: ["issued", "called", "cancelled", "expired"], panels: [arrivalsHeat, trend, grouped] },
  reasons: { totals: [], measure: "times", groups: ["counter", "service", "clerk", "department"], columns: ["times"], panels: [reasons] },
  counters: {
    totals: ["visits", "open_s", "busy_rate", "away_rate", "idle_s", "pauses"], measure: "busy_rate",
    groups: ["counter", "clerk", "weekday"], columns: ["visits", "open_s", "busy_rate", "away_rate", "idle_s", "pauses"], panels: [trend, grouped],
  },
  summary: {
    totals: ["accepted", "closed", "immediate", "closing_rate", "consultations", "evaluation_rate", "satisfaction_rate"], measure: "closed",
    groups: ["department", "service", "month"], columns: ["accepted", "closed", "immediate", "closing_rate", "consultations", "evaluation_rate", "satisfaction_rate"], panels: [grouped],
  },
  foreseen: { totals: [], groups: [], panels: [foreseen] },
};

/** What stands for a group's code. `scene` = {page, words, kind, period, other, by, figures}. */
function labelOf(scene, name, code) {
  const { hall, language } = scene.page;
  if (name === "counter") return (hall.counters.find((one) => one.code === code) || { label: code }).label || scene.words.clerk_none;
  if (name === "service") return serviceName(hall, code, language);
  if (name === "weekday") return scene.words.weekdays[Number(code) - 1];
  if (name === "hour") return `${Number(code)}:00`;
  if (name === "week") return fill(scene.words.week, { n: Number(code.slice(-2)) });
  if (name === "day") return code.slice(5).replace("-", "/");
  return code || scene.words.clerk_none;
}

function serviceName(hall, code, language) {
  const found = hall.services.find((one) => one.code === code);
  return found ? `${found.names[language] || found.names.zh}` : code || "—";
}

const titlesOf = (answer) => Object.fromEntries(answer.columns.map(({ name, title }) => [name, heading(title)]));

/** The answer's rows as a table: groups first, then `columns`. */
function tableOf(scene, answer, columns, wasOf = null) {
  const titles = titlesOf(answer);
  const measure = VIEWS[scene.kind].measure;
  const heads = [...answer.by.map((name) => ({ text: titles[name] })), ...columns.map((name) => ({ text: titles[name], number: true }))];
  if (wasOf) heads.push({ text: `${titles[measure]} · ${scene.words.other}`, number: true });
  const rows = answer.rows.map((row) => {
    const cells = [...answer.by.map((name) => ({ value: row[name], text: labelOf(scene, name, row[name]) })), ...columns.map((name) => ({ value: row[name], text: valueText(row, name) }))];
    const was = wasOf && wasOf(row);
    return wasOf ? [...cells, { value: was ? was[measure] : null, text: was ? valueText(was, measure) : "—" }] : cells;
  });
  return { heads, rows };
}

/** A tile a total, with that of the other period and the difference below it. */
export function totals(scene, answer) {
  const [row, was] = [answer.rows[0], answer.compare && answer.compare.rows[0]];
  const titles = titlesOf(answer);
  return element("div", { className: "tiles" }, ...VIEWS[scene.kind].totals.map((name) => {
    const [first, rest] = isRate(name) && rateOf(row, name) !== null ? [`${row[name].toFixed(2)} %`, valueText(row, name).split(" = ")[0]] : [valueText(row, name), ""];
    return element("div", { className: "tile" }, element("span", { className: "name", textContent: titles[name] }), element("strong", { textContent: first }),
      element("span", { className: "more-of", textContent: rest }), was ? element("span", { className: "more-of was", textContent: fill(scene.words.was, { value: `${valueText(was, name)}${change(row, was, name)}` }) }) : null);
  }));
}

function change(row, was, name) {
  if (row[name] === null || was[name] === null || isTime(name)) return "";
  const difference = row[name] - was[name];
  return ` (${difference > 0 ? "+" : ""}${told(difference)})`;
}

async function trend(scene) {
  const by = grain(scene.period);
  if (by === "hour" && scene.kind === "counters") return null;
  const answer = await scene.figures(by);
  const { measure, columns } = VIEWS[scene.kind];
  const titles = titlesOf(answer);
  const measures = scene.kind === "waits" ? ["p50_s", "p90_s"] : [measure];
  const seriesOf = (rows, name, title) => ({ name: title, values: rows.map((row) => onAxis(row, name)), texts: rows.map((row) => valueText(row, name)) });
  const series = measures.map((name) => seriesOf(answer.rows, name, titles[name]));
  if (answer.compare) {
    const rows = answer.rows.map((_, n) => answer.compare.rows[n] || Object.fromEntries([...columns, ...measures].map((name) => [name, null])));
    series.push(seriesOf(rows, measure, `${titles[measure]} · ${scene.words.other}`));
  }
  const known = series.flatMap((one) => one.values).filter((value) => value !== null);
  return lines({
    language: scene.page.language, title: fill(scene.words.trend, { what: measures.map((name) => titles[name]).join(" · "), per: scene.words.per[by] }), unit: unitOf(measure, scene.words),
    wide: VIEWS[scene.kind].panels.length === 2, open: VIEWS[scene.kind].panels.length === 2,
    labels: answer.rows.map((row) => labelOf(scene, by, row[by])), series, ticks: isRate(measure) && known.length ? rateTicks(known) : undefined,
    table: tableOf(scene, answer, columns, answer.compare ? (row) => answer.compare.rows[answer.rows.indexOf(row)] : null),
  });
}

/** An axis that ends at 100 % and begins where something is to be seen. */
function rateTicks(values) {
  const low = Math.min(...values);
  const step = low >= 95 ? 1 : low >= 80 ? 5 : low >= 50 ? 10 : 25;
  const begin = Math.max(0, Math.floor((low - step / 2) / step) * step);
  const end = Math.max(100, Math.ceil(Math.max(...values) / step) * step);
  return Array.from({ length: Math.round((end - begin) / step) + 1 }, (_, n) => begin + n * step);
}

async function grouped(scene) {
  const answer = await scene.figures(scene.by);
  const { measure, columns, lowest } = VIEWS[scene.kind];
  const titles = titlesOf(answer);
  const before = new Map((answer.compare ? answer.compare.rows : []).map((row) => [row[scene.by], row]));
  const known = answer.rows.filter((row) => rateOf(row, measure) !== null);
  const chosen = known.length > BARS_MOST ? [...known].sort((a, b) => (lowest ? a[measure] - b[measure] : b[measure] - a[measure])).slice(0, BARS_MOST) : known;
  return bars({
    language: scene.page.language, title: fill(scene.words.by_group, { what: titles[measure], group: scene.words.groups[scene.by] }), unit: unitOf(measure, scene.words),
    hint: known.length > BARS_MOST ? fill(lowest ? scene.words.lowest : scene.words.highest, { n: BARS_MOST }) : "", wide: true, most: isRate(measure) ? 100 : undefined,
    rows: chosen.map((row) => ({ label: labelOf(scene, scene.by, row[scene.by]), value: onAxis(row, measure), text: valueText(row, measure), says: saysOf(scene, row, before.get(row[scene.by]), measure) })),
    table: tableOf(scene, answer, columns, answer.compare ? (row) => before.get(row[scene.by]) : null), open: true,
  });
}

function saysOf(scene, row, was, measure) {
  const more = was ? ` · ${fill(scene.words.was, { value: valueText(was, measure) })}` : "";
  return `${labelOf(scene, scene.by, row[scene.by])}: ${valueText(row, measure)}${more}`;
}

async function levels(scene) {
  const answer = await scene.figures("");
  const [row] = answer.rows;
  const titles = titlesOf(answer);
  return bars({
    language: scene.page.language, title: scene.words.levels, unit: scene.words.units.people,
    rows: row.evaluated ? LEVELS.map((name) => ({ label: titles[name], value: row[name], text: `${told(row[name])} / ${told(row.evaluated)} = ${((100 * row[name]) / row.evaluated).toFixed(2)} %` })) : [],
    table: { heads: [{ text: "" }, { text: scene.words.units.people, number: true }], rows: LEVELS.map((name) => [titles[name], row[name]]) },
  });
}

async function waitsByHour(scene) {
  const answer = await scene.figures("hour");
  return lines({
    language: scene.page.language, title: scene.words.hours, unit: scene.words.units.minutes, labels: answer.rows.map((row) => labelOf(scene, "hour", row.hour)),
    series: ["p50_s", "p90_s"].map((name) => ({ name: name === "p50_s" ? "P50" : "P90", values: answer.rows.map((row) => onAxis(row, name)), texts: answer.rows.map((row) => valueText(row, name)) })),
    table: tableOf(scene, answer, ["n", "p50_s", "p80_s", "p90_s", "max_s", "over_limit_rate"]),
  });
}

/** Tickets of an ordinary such day: the sum over the weekdays of the period, divided by how many had tickets. */
async function arrivalsHeat(scene) {
  const [answer, days] = [await scene.figures("weekday,hour", false), await scene.figures("day", false)];
  const open = new Array(7).fill(0);
  days.rows.forEach((row) => { if (row.issued) open[(new Date(`${row.day}T00:00:00Z`).getUTCDay() + 6) % 7] += 1; });
  const hours = [...new Set(answer.rows.map((row) => row.hour))].sort();
  const weekdays = [0, 1, 2, 3, 4, 5, 6].filter((n) => open[n]);
  const cell = (n, hour) => answer.rows.find((row) => row.weekday === String(n + 1) && row.hour === hour);
  const mean = (n, hour) => Math.round(((cell(n, hour) || { issued: 0 }).issued / open[n]) * 10) / 10;
  const { words, page } = scene;
  return heat({
    language: page.language, title: words.heat, unit: words.units.people, rowLabels: weekdays.map((n) => words.weekdays[n]), columnLabels: hours.map((hour) => `${Number(hour)}:00`),
    values: weekdays.map((n) => hours.map((hour) => mean(n, hour))), table: tableOf(scene, answer, ["issued", "called"]),
  });
}

async function reasons(scene) {
  const [answer, split] = [await scene.figures(""), await scene.figures(scene.by)];
  return bars({
    language: scene.page.language, title: scene.words.reason_bars, unit: scene.words.units.people,
    rows: answer.rows.slice(0, BARS_MOST).map((row) => ({ label: row.reason, value: row.times })), table: reasonTable(scene, split), open: true, wide: true,
  });
}

function reasonTable(scene, answer) {
  const titles = titlesOf(answer);
  return {
    heads: [{ text: titles[scene.by] }, { text: titles.reason }, { text: titles.times, number: true }],
    rows: answer.rows.map((row) => [{ value: row[scene.by], text: labelOf(scene, scene.by, row[scene.by]) }, row.reason, row.times]),
  };
}

async function foreseen(scene) {
  const { words, page } = scene;
  const { hours, weeks } = await scene.foreseen();
  const column = (name) => hours.map((hour) => hour[name]);
  const labels = hours.map((hour) => `${Number(hour.hour)}:00`);
  const share = (hour) => ({ value: hour.inside_rate, text: hour.inside_rate === null ? "—" : `${hour.inside} / ${hour.foretold} = ${hour.inside_rate.toFixed(2)} %` });
  const table = {
    heads: words.foreseen_heads.map((text, n) => ({ text, number: n > 0 })),
    rows: hours.map((hour) => [`${Number(hour.hour)}:00`, hour.issued, hour.usual, hour.low, hour.middle, hour.high, hour.waited, share(hour)]),
  };
  const [inside, foretold] = ["inside", "foretold"].map((name) => column(name).reduce((all, one) => all + one, 0));
  const rate = foretold ? `${inside} / ${foretold} = ${((100 * inside) / foretold).toFixed(2)} %` : "—";
  return [
    lines({
      language: page.language, title: words.waits_day, unit: words.units.minutes, hint: `${words.inside}: ${rate}`, labels, band: { name: words.band, low: column("low"), high: column("high") },
      series: [{ name: words.middle, values: column("middle") }, { name: words.waited, values: column("waited") }], table, open: true, wide: true,
    }),
    lines({
      language: page.language, title: words.arrivals_day, unit: words.units.people, labels,
      series: [{ name: words.actual, values: column("issued") }, { name: fill(words.usual, { n: weeks }), values: column("usual") }],
      open: true, wide: true, table: { heads: table.heads.slice(0, 3), rows: table.rows.map((row) => row.slice(0, 3)) },
    }),
  ];
}
