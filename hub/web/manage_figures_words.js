// Words of the figures, and how their values are read: rates with both numbers, seconds as minutes.

import { told } from "./charts.js";
import { clock } from "./clock.js";

export const WORDS = {
  zh: {
    title: "统计", kind: "内容", period: "时间", from: "从", to: "到", by: "按", compare: "对比", before: "上一段", after: "下一段",
    kinds: { satisfaction: "满意度", waits: "等候", arrivals: "取号", reasons: "评价原因", counters: "窗口时间", summary: "工作小结", foreseen: "预估与实际" },
    periods: { today: "某日", week: "周", month: "月", quarter: "季度", half: "半年", year: "年", free: "自定" },
    groups: { counter: "窗口", service: "业务", department: "部门", clerk: "窗口人员", weekday: "星期", month: "月份", day: "日期" },
    compares: { none: "不对比", before: "与上期比", year: "与去年同期比" },
    weekdays: ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    trend: "{what}走势（{per}）", by_group: "{what}（按{group}）", hours: "各时段等候（P50 · P90）", heat: "到达热力图（星期 × 时段，日均取号）", levels: "评价分布", reason_bars: "评价原因次数",
    per: { hour: "按小时", day: "按日", week: "按周", month: "按月" }, other: "对比期", was: "对比期 {value}",
    highest: "图中为最高的 {n} 项，全部见数据表。", lowest: "图中为最低的 {n} 项，全部见数据表。", week: "第{n}周", times: "时间为 分:秒 或 时:分:秒。", units: { people: "人次", cases: "件", minutes: "分钟", percent: "%" },
    arrivals_day: "取号：实际与往常", waits_day: "等候：预估与实际", actual: "实际", usual: "前 {n} 周同日均值", middle: "预估中值", waited: "实际中位", band: "预估区间 P20–P80",
    foreseen_hint: "当时告知群众的预估没有保存；此处用操作流水按当时所知重新推算（每分钟一次，同“hall estimate”）。",
    foreseen_heads: ["时段", "实际取号", "往常取号", "预估低", "预估中值", "预估高", "实际中位", "落入区间"], inside: "落入预估区间",
    computing: "正在推算，大厅繁忙的一天需要数秒……", day: "日期", copy: "复制", copied: "已复制", empty: "这段时间没有数据", clerk_none: "（无）",
  },
  en: {
    title: "Figures", kind: "What", period: "Time", from: "From", to: "To", by: "By", compare: "Compare", before: "Earlier", after: "Later",
    kinds: { satisfaction: "Satisfaction", waits: "Waits", arrivals: "Arrivals", reasons: "Reasons", counters: "Counters' time", summary: "Summary", foreseen: "Forecast and actual" },
    periods: { today: "a day", week: "week", month: "month", quarter: "quarter", half: "half-year", year: "year", free: "other days" },
    groups: { counter: "counter", service: "service", department: "department", clerk: "clerk", weekday: "weekday", month: "month", day: "day" },
    compares: { none: "with nothing", before: "with the time before", year: "with the year before" },
    weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    trend: "{what}: trend ({per})", by_group: "{what} by {group}", hours: "Waits by hour (P50 · P90)", heat: "Arrivals by weekday and hour (tickets a day)", levels: "Answers by level", reason_bars: "Reasons given",
    per: { hour: "by hour", day: "by day", week: "by week", month: "by month" }, other: "other time", was: "other time {value}",
    highest: "The chart has the {n} highest; the table has all.", lowest: "The chart has the {n} lowest; the table has all.", week: "W{n}", times: "Times are min:s or h:min:s.", units: { people: "tickets", cases: "cases", minutes: "minutes", percent: "%" },
    arrivals_day: "Arrivals: actual and usual", waits_day: "Waits: foretold and actual", actual: "actual", usual: "mean of {n} such weekdays before", middle: "foretold middle", waited: "actual median", band: "foretold P20–P80",
    foreseen_hint: "What people were told is not stored; it is foretold anew from the journal with what was known then (once a minute, as `hall estimate` does).",
    foreseen_heads: ["Hour", "Arrivals", "Usual", "Foretold low", "Middle", "High", "Actual median", "Inside the range"], inside: "Inside the foretold range",
    computing: "Foretelling; a busy day takes some seconds…", day: "Day", copy: "Copy", copied: "Copied", empty: "No data for this time", clerk_none: "(none)",
  },
};

//: The two numbers of each rate.
const PARTS = {
  satisfaction_rate: ["satisfied", "evaluated"], evaluation_rate: ["evaluated", "finished"], bad_rate: ["dissatisfied", "evaluated"], good_rate: ["good", "answers"],
  over_limit_rate: ["over_limit", "n"], closing_rate: ["closed", "accepted"], busy_rate: ["busy_s", "open_s"], away_rate: ["away_s", "open_s"],
};

export const isRate = (name) => name in PARTS;
export const isTime = (name) => name.endsWith("_s");

/** Imported visits come without the times that their counters were open: then a counter is busier than open, and there is no rate. */
export const rateOf = (row, name) => (name === "busy_rate" && row.busy_s > row.open_s ? null : row[name]);

/** `174 / 180 = 96.67 %`; a dash over zero. */
export function rateText(row, name) {
  const [part, whole] = PARTS[name].map((one) => (isTime(one) ? clock(row[one]) : told(row[one])));
  const rate = rateOf(row, name);
  return rate === null ? "—" : `${part} / ${whole} = ${rate.toFixed(2)} %`;
}

export function valueText(row, name) {
  if (isRate(name)) return rateText(row, name);
  if (row[name] === null || row[name] === undefined) return "—";
  return isTime(name) ? clock(row[name]) : told(row[name]);
}

/** The heading without its unit, which the value carries. */
export const heading = (title) => title.replace(/[（(](?:秒|%|s|含默认和代录，%)[）)]$/, "").trim();

/** How a chart's axis reads a value: seconds as minutes. */
export function onAxis(row, name) {
  const value = rateOf(row, name);
  if (value === null || value === undefined) return null;
  return isTime(name) ? Math.round(value / 6) / 10 : value;
}
export const unitOf = (name, words) => (isRate(name) ? words.units.percent : isTime(name) ? words.units.minutes : name === "closed" ? words.units.cases : words.units.people);
