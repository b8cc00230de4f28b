// Charts as plain SVG: bars, lines, a heat map; each with a table of the same numbers, sorted by a click on its heads.
// Colours are Okabe and Ito's, told apart by colour-blind people; dashes, marks and labels tell the rest. Every mark
// can be reached by arrow keys and says its numbers below the chart.

import { element } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
export const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000"];
const DASHES = ["", "7 4", "2 3", "9 3 2 3", "4 4", "12 4", "1 5"];
const WIDTH = 620;
const LINE_HEIGHT = 300;
const BAR = 30;
const MOST_LABELS = 12;

const WORDS = {
  zh: { nothing: "这段时间没有数据", table: "数据表", by: "点表头排序", keys: "用方向键逐个查看" },
  en: { nothing: "No data for this time", table: "Table", by: "Click a head to sort", keys: "Arrow keys read the values" },
};

export function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** 1234.5 as people read it; a dash for what is not there. */
export function told(value, digits = 2) {
  if (value === null || value === undefined || value === "") return "—";
  return typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: digits }) : String(value);
}

/** Round steps of an axis from 0 that reach `most`. */
export function steps(most, wanted = 4) {
  if (!(most > 0)) return [0, 1];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough - 1e-9);
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, n) => Math.round(n * step * 1e6) / 1e6);
}

const columns = (text) => [...text].reduce((sum, one) => sum + (one.codePointAt(0) > 0x2e7f ? 2 : 1), 0);

/** As much of a text as stands in so many half-width columns. */
function cut(text, most) {
  if (columns(text) <= most) return text;
  let kept = "";
  for (const one of text) {
    if (columns(kept + one) > most - 1) break;
    kept += one;
  }
  return `${kept}…`;
}

/** The frame of every chart: title, unit, drawing, what the mark under the cursor says, and `rows` as a table. */
function framed(options, svg, marks) {
  const words = WORDS[options.language];
  const figure = element("figure", { className: options.wide ? "chart wide" : "chart" });
  const title = element("figcaption", {}, element("strong", { textContent: options.title }), options.unit ? element("span", { className: "unit", textContent: options.unit }) : null);
  figure.append(title);
  if (options.hint) figure.append(element("p", { className: "hint", textContent: options.hint }));
  if (!marks.length) {
    figure.append(element("p", { className: "empty", textContent: words.nothing }));
    return figure;
  }
  const says = element("output", { className: "says", textContent: words.keys });
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", options.title);
  readable(svg, marks, says);
  figure.append(element("div", { className: "drawing" }, options.legend, svg, says));
  if (options.table) {
    const details = element("details", { className: "numbers", open: Boolean(options.open) }, element("summary", { textContent: `${words.table} · ${words.by}` }));
    details.append(sortable(options.table.heads, options.table.rows, options));
    figure.append(details);
  }
  return figure;
}

/** One tab stop; the arrow keys, Home and End go from mark to mark. A mark says itself when it has the focus. */
function readable(svg, marks, says) {
  marks.forEach((mark, n) => {
    mark.setAttribute("tabindex", n ? "-1" : "0");
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", mark.told);
    mark.classList.add("mark-of");
    mark.addEventListener("focus", () => { says.textContent = mark.told; });
    mark.addEventListener("pointerenter", () => { says.textContent = mark.told; });
  });
  svg.addEventListener("keydown", (event) => {
    const at = marks.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -marks.length, End: marks.length }[event.key];
    if (at < 0 || step === undefined) return;
    event.preventDefault();
    const next = marks[Math.min(marks.length - 1, Math.max(0, at + step))];
    marks[at].setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
}

function mark(tag, attributes, says, ...children) {
  const made = drawn(tag, attributes, ...children);
  made.told = says;
  return made;
}

/** Horizontal bars. `rows`: {label, value, text?, says?}; `text` stands beside the bar, `most` ends the axis. */
export function bars(options) {
  const rows = options.rows.filter((row) => row.value !== null && row.value !== undefined);
  const left = Math.min(230, Math.max(60, ...rows.map((row) => columns(row.label) * 7.4 + 14)));
  const right = Math.max(50, ...rows.map((row) => columns(row.text || told(row.value)) * 7.2 + 14));
  const most = options.most || steps(Math.max(0, ...rows.map((row) => row.value))).at(-1);
  const scale = (value) => (Math.min(value, most) / most) * (WIDTH - left - right);
  const height = rows.length * BAR + 8;
  const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: "bars" });
  svg.append(drawn("line", { x1: left, x2: left, y1: 0, y2: height, class: "axis" }));
  const marks = rows.map((row, n) => {
    const y = n * BAR + 7;
    const text = row.text || told(row.value);
    return mark("g", {}, row.says || `${row.label}: ${text}`,
      drawn("rect", { x: 0, y: y - 4, width: WIDTH, height: BAR - 2, class: "reach" }),
      drawn("text", { x: left - 8, y: y + 15, "text-anchor": "end" }, cut(row.label, 30)),
      drawn("rect", { x: left, y, width: Math.max(1, scale(row.value)), height: BAR - 9, rx: 2, class: row.faint ? "bar faint" : "bar" }),
      drawn("text", { x: left + scale(row.value) + 6, y: y + 15, class: "value" }, text));
  });
  svg.append(...marks);
  return framed(options, svg, marks);
}

/** Lines over `labels`. `series`: {name, values}; null is a gap. `band`: {name, low, high} is drawn behind them. */
export function lines(options) {
  const { labels, series, band } = options;
  const known = [...series.flatMap((one) => one.values), ...(band ? band.high : [])].filter((value) => value !== null && value !== undefined);
  const ticks = options.ticks || steps(Math.max(0, ...known));
  const [low, most] = [ticks[0], ticks.at(-1)];
  const [left, top, bottom] = [54, 10, 34];
  const y = (value) => LINE_HEIGHT - bottom - ((Math.min(Math.max(value, low), most) - low) / (most - low || 1)) * (LINE_HEIGHT - top - bottom);
  const right = 30;
  const room = (WIDTH - left - right) / Math.max(1, labels.length - 1);
  const x = (n) => (labels.length === 1 ? left + (WIDTH - left - right) / 2 : left + n * room);
  const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${LINE_HEIGHT}`, class: "lines" });
  ticks.forEach((tick) => svg.append(
    drawn("line", { x1: left, x2: WIDTH - 10, y1: y(tick), y2: y(tick), class: tick ? "rule" : "axis" }),
    drawn("text", { x: left - 8, y: y(tick) + 5, "text-anchor": "end", class: "tick" }, told(tick))));
  labels.forEach((label, n) => {
    if (n % Math.ceil(labels.length / MOST_LABELS) === 0) svg.append(drawn("text", { x: x(n), y: LINE_HEIGHT - 10, "text-anchor": "middle", class: "tick" }, label));
  });
  if (band) svg.append(...pieces(band.high).map((piece) => drawn("polygon", { class: "band", points: [...piece.map((n) => `${x(n)},${y(band.high[n])}`), ...[...piece].reverse().map((n) => `${x(n)},${y(band.low[n])}`)].join(" ") })));
  series.forEach((one, place) => svg.append(
    ...pieces(one.values).map((piece) => drawn("polyline", { points: piece.map((n) => `${x(n)},${y(one.values[n])}`).join(" "), class: "line", stroke: COLOURS[place], "stroke-dasharray": DASHES[place] })),
    ...(labels.length <= 62 ? one.values.map((value, n) => (value === null || value === undefined ? null : dot(place, x(n), y(value)))).filter(Boolean) : [])));
  const marks = labels.map((label, n) => mark("g", { class: "slice" }, saysOf(options, label, n),
    drawn("rect", { x: x(n) - Math.max(2, room / 2), y: top, width: Math.max(4, Math.min(room, WIDTH)), height: LINE_HEIGHT - top - bottom, class: "reach" }),
    drawn("line", { x1: x(n), x2: x(n), y1: top, y2: LINE_HEIGHT - bottom, class: "cursor" })));
  svg.append(...marks);
  return framed({ ...options, legend: options.legend || legend(series, band) }, svg, known.length ? marks : []);
}

/** The runs of neighbouring places that have a value. */
function pieces(values) {
  const found = [];
  values.forEach((value, n) => {
    if (value === null || value === undefined) return;
    if (n && found.length && found.at(-1).at(-1) === n - 1) found.at(-1).push(n);
    else found.push([n]);
  });
  return found;
}

function dot(place, x, y) {
  const shapes = [
    () => drawn("circle", { cx: x, cy: y, r: 3.5 }),
    () => drawn("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7 }),
    () => drawn("polygon", { points: `${x},${y - 5} ${x + 5},${y + 4} ${x - 5},${y + 4}` }),
    () => drawn("polygon", { points: `${x},${y - 5} ${x + 5},${y} ${x},${y + 5} ${x - 5},${y}` }),
  ];
  const shape = shapes[place % shapes.length]();
  shape.setAttribute("fill", COLOURS[place % COLOURS.length]);
  return shape;
}

function saysOf({ series, band, unit }, label, n) {
  const parts = series.map((one) => `${one.name} ${one.texts ? one.texts[n] : told(one.values[n])}`);
  if (band && band.high[n] !== null && band.high[n] !== undefined) parts.push(`${band.name} ${told(band.low[n])}–${told(band.high[n])}`);
  return `${label}: ${parts.join(" · ")}${unit ? ` [${unit}]` : ""}`;
}

function legend(series, band) {
  if (series.length < 2 && !band) return null;
  const list = element("ul", { className: "key" });
  series.forEach((one, place) => list.append(element("li", {}, drawn("svg", { viewBox: "0 0 34 14", class: "sample-line", "aria-hidden": "true" },
    drawn("line", { x1: 1, x2: 33, y1: 7, y2: 7, class: "line", stroke: COLOURS[place], "stroke-dasharray": DASHES[place] }), dot(place, 17, 7)), one.name)));
  if (band) list.append(element("li", {}, drawn("svg", { viewBox: "0 0 34 14", class: "sample-line", "aria-hidden": "true" }, drawn("rect", { width: 34, height: 14, class: "band" })), band.name));
  return list;
}

/** Rows × columns: the darker the more; every cell has its number. `values[row][column]`, null where nothing can be. */
export function heat(options) {
  const { rowLabels, columnLabels, values } = options;
  const most = Math.max(0, ...values.flat().filter((value) => value !== null));
  const left = Math.max(50, ...rowLabels.map((label) => columns(label) * 7.4 + 14));
  const width = (WIDTH - left) / Math.max(1, columnLabels.length);
  const high = 34;
  const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${rowLabels.length * high + 26}`, class: "heat" });
  columnLabels.forEach((label, n) => svg.append(drawn("text", { x: left + (n + 0.5) * width, y: 16, "text-anchor": "middle", class: "tick" }, label)));
  rowLabels.forEach((label, n) => svg.append(drawn("text", { x: left - 8, y: 26 + (n + 0.5) * high + 5, "text-anchor": "end" }, label)));
  const marks = [];
  values.forEach((row, r) => row.forEach((value, c) => {
    if (value === null || value === undefined) return;
    const level = most ? Math.ceil((value / most) * 6) : 0;
    marks.push(mark("g", { class: `heat-${level}` }, `${rowLabels[r]} ${columnLabels[c]}: ${told(value)}${options.unit ? ` ${options.unit}` : ""}`,
      drawn("rect", { x: left + c * width + 1, y: 26 + r * high + 1, width: width - 2, height: high - 2, rx: 3 }),
      drawn("text", { x: left + (c + 0.5) * width, y: 26 + (r + 0.5) * high + 5, "text-anchor": "middle" }, told(value, 1))));
  }));
  svg.append(...marks);
  return framed(options, svg, marks);
}

/** A table whose heads sort it. `heads`: {text, number?}; a cell is a value or {value, text}. */
export function sortable(heads, rows, { caption } = {}) {
  let [by, down] = [-1, false];
  const body = element("tbody", {});
  const value = (cell) => (cell !== null && typeof cell === "object" ? cell.value : cell);
  const text = (cell) => (cell !== null && typeof cell === "object" ? cell.text : told(cell));
  const buttons = heads.map((head, n) => element("button", { type: "button", className: "sort", textContent: head.text, onclick: () => sort(n) }));
  const cells = heads.map((head, n) => {
    const cell = element("th", { scope: "col", className: head.number ? "right" : "" }, buttons[n]);
    cell.setAttribute("aria-sort", "none");
    return cell;
  });

  function draw(list) {
    body.replaceChildren(...list.map((row) => element("tr", {}, ...row.map((cell, n) => element("td", { className: heads[n].number ? "number right" : "", textContent: text(cell) })))));
  }

  function sort(n) {
    down = by === n ? !down : Boolean(heads[n].number);
    by = n;
    cells.forEach((cell, place) => cell.setAttribute("aria-sort", place === n ? (down ? "descending" : "ascending") : "none"));
    const order = (a, b) => compare(value(a[n]), value(b[n])) * (down ? -1 : 1);
    draw([...rows].sort(order));
  }

  draw(rows);
  const made = element("table", {}, caption ? element("caption", { textContent: caption }) : null, element("thead", {}, element("tr", {}, ...cells)), body);
  return element("div", { className: "scroll", tabIndex: 0 }, made); // whoever has no mouse scrolls it by the arrow keys
}

/** Numbers as numbers, counter 2 before counter 10; what is missing comes first. */
function compare(a, b) {
  const [gone, missing] = [a === null || a === undefined, b === null || b === undefined];
  if (gone || missing) return Number(missing) - Number(gone);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "zh-CN", { numeric: true });
}
