// Words of the assessment's pages, and how they write what the hub tells.

import { element, fill } from "./page.js";

export const WORDS = {
  zh: {
    title: "考核", scheme: "办法", period: "周期", unit: "对象", all: "全部（排名）", kinds: { month: "月", quarter: "季度", year: "年度" },
    counting: "正在计算……", no_data: "无数据", none: "本期没有可考核的对象", save: "保存", cancel: "取消", reason: "理由",
    rank_heads: ["名次", "对象", "基础分", "加分", "减分", "总分", "评定", "状态"], ranking: "排名", chart: "总分", points: "分",
    provisional: "暂定", closed: "已定稿", open: "未定稿", vetoed: "一票否决", reports: "报表", compare: "对比", with_none: "不对比", difference: "差", difference_of: "两期对比", changed: "得分有变化的指标", all_the_same: "各项得分都相同",
    sums: { base: "基础分", bonus: "加分", deduction: "减分", total: "总分" }, rank: "名次", award: "评定", available: "满分", calendar: "日历版本", class: "双目标类别",
    item_heads: ["编号", "指标", "分值", "得分", "计算依据", "理解"], items: "逐项说明", happenings: "扣分、加分事项", behind: "相关记录", more: "另有 {n} 条",
    happening_heads: ["事项", "时间", "计分", "录入", "确认", ""], not_counted: "未计：同一事件已按 {because} 计", extra: "另计加分 {bonus}",
    why: { no_data: "没有数据，待考核领导小组决定", "not scored": "尚无人打分，暂记满分", "not in the text": "原文没有，不计分", decided: "由人决定", "with another item": "随另一项一并不得分" },
    why_no_data: "没有数据，按理解“{way}”处理", parts: "组成本期的各期", part_heads: ["周期", "总分", "名次", "评定", "状态"],
    trend: "趋势", trend_of: "{unit} 近 {n} 期总分", compared: "{one} 与 {other} 对比", compare_heads: ["编号", "指标", "分值"], sum_heads: ["项目"],
    readings: "理解（开关）", reading_heads: ["名称", "采用", "条款", ""], default: "默认", change: "修改", unset: "未设定", value: "采用",
    reading_hint: "改变以后的计算；已定稿的周期不变。理由记入流水。", read_now: "已修改：{title}", used: "本次采用的理解",
    closing: "定稿", close: "定稿", reopen: "重新打开", close_title: "{period} 定稿？", close_hint: "结果将存档并封存，其间的认定不能再改。", reopen_title: "重新打开 {period}？", reopen_hint: "前后都留痕；已发布到大屏的公告随之撤下。",
    waits: { over: "本期尚未结束", proposed: "{n} 条线索待认定", appeals: "{n} 项申诉待复核", nothing: "没有待办事项，可以定稿" },
    closing_heads: ["定稿时间", "定稿人", "校验码", "重新打开", "理由"], never: "本期没有定稿过", by_at: "{at} {by}",
    publish: "发布到大屏", withdraw: "撤下", on_screens: "大屏公告", not_public: "本期结果没有在大屏公布", close_first: "定稿后才能发布到大屏", publish_title: "发布到大厅大屏？", language: "语言", name_stars: "同时公布服务明星姓名（4–6 人，可不选）",
    publish_hint: "公告在大屏底部轮流显示。除选定的服务明星外不公布个人姓名；重新打开本期会自动撤下。",
    stars: "服务明星候选", star_heads: ["人员", "窗口", "得分", "测评票", "资格", "未过的条件"], eligible: "符合", not_eligible: "不符合", proposed: "提名", other_provisional: "暂定：含无数据或未打分的指标，定案前不作依据。",
    trace: { case: "办件", complaint: "投诉", ticket: "号票", clerk: "人员", day: "日期", service: "事项", week: "周", counter: "窗口", at: "时间", due: "期限", since: "自", until: "至", kind: "类别", minutes: "分钟", first: "自", last: "至", satisfied: "满意", visit: "" },
    award_reasons: { vetoed: "一票否决", "no score": "没有得分", "no thresholds set": "大厅未设档次线" },
    effects: { deduct: "减分", bonus: "加分", zero: "不得分", score: "打分", veto: "一票否决" },
  },
  en: {
    title: "Assessment", scheme: "Scheme", period: "Period", unit: "Unit", all: "all (ranking)", kinds: { month: "Months", quarter: "Quarters", year: "Years" },
    counting: "Computing…", no_data: "no data", none: "Nobody to assess in this period", save: "Save", cancel: "Cancel", reason: "Reason",
    rank_heads: ["Rank", "Unit", "Base", "Bonus", "Deduction", "Total", "Award", "State"], ranking: "Ranking", chart: "Totals", points: "points",
    provisional: "provisional", closed: "closed", open: "not closed", vetoed: "vetoed", reports: "Reports", compare: "Compare with", with_none: "nothing", difference: "Change", difference_of: "Two periods", changed: "Items whose score changed", all_the_same: "Every item has the same score",
    sums: { base: "Base", bonus: "Bonus", deduction: "Deduction", total: "Total" }, rank: "Rank", award: "Award", available: "out of", calendar: "Calendar version", class: "Class",
    item_heads: ["Item", "What is assessed", "Points", "Score", "Computed from", "Reading"], items: "Item by item", happenings: "Findings and events", behind: "Records behind it", more: "{n} more",
    happening_heads: ["What", "When", "Counts", "Entered", "Confirmed", ""], not_counted: "not counted: the same event counts under {because}", extra: "booked as bonus {bonus}",
    why: { no_data: "no data: the leading group decides", "not scored": "nobody has scored it yet; full for now", "not in the text": "the text has no rule for it", decided: "decided by a person", "with another item": "lost together with another item" },
    why_no_data: "no data: read as “{way}”", parts: "Periods inside it", part_heads: ["Period", "Total", "Rank", "Award", "State"],
    trend: "Trend", trend_of: "{unit}, totals of {n} periods", compared: "{one} and {other}", compare_heads: ["Item", "What is assessed", "Points"], sum_heads: ["Sum"],
    readings: "Readings", reading_heads: ["Name", "Choice", "Article", ""], default: "default", change: "Change", unset: "not set", value: "Choice",
    reading_hint: "Holds from now on; closed periods stay. The reason stands in the journal.", read_now: "Changed: {title}", used: "Readings used",
    closing: "Closing", close: "Close", reopen: "Reopen", close_title: "Close {period}?", close_hint: "The result is kept and sealed; findings of its days can no longer be changed.", reopen_title: "Reopen {period}?", reopen_hint: "Both leave their trace; what was published on the screens is withdrawn.",
    waits: { over: "The period is not over yet", proposed: "{n} leads wait for a decision", appeals: "{n} appeals wait for their review", nothing: "Nothing waits; it can be closed" },
    closing_heads: ["Closed at", "By", "Seal", "Reopened", "Reason"], never: "Never closed", by_at: "{at} {by}",
    publish: "Publish on the screens", withdraw: "Withdraw", on_screens: "On the hall's screens", not_public: "Nothing of this result is on the screens", close_first: "Only a closed result can be published", publish_title: "Publish on the hall's screens?", language: "Language", name_stars: "Name the stars of service (4 to 6, or nobody)",
    publish_hint: "Notices take turns at the foot of the screens. Nobody is named but the stars chosen here; reopening withdraws them.",
    stars: "Candidates for star of service", star_heads: ["Clerk", "Counter", "Score", "Ballots", "Eligible", "Gates not passed"], eligible: "yes", not_eligible: "no", proposed: "proposed", other_provisional: "Provisional: holds items without data or not scored yet; not to be relied on before they are.",
    trace: { case: "case", complaint: "complaint", ticket: "ticket", clerk: "clerk", day: "day", service: "service", week: "week", counter: "counter", at: "at", due: "due", since: "from", until: "to", kind: "kind", minutes: "minutes", first: "from", last: "to", satisfied: "satisfied", visit: "" },
    award_reasons: { "no thresholds set": "the hall has set no thresholds" },
    effects: { deduct: "deduction", bonus: "bonus", zero: "nothing left", score: "score", veto: "veto" },
  },
};

/** `2026年3月`, `2026年第1季度`, `2026年` */
export function periodName(language, key) {
  const [, year, quarter, month] = key.match(/^(\d{4})(?:Q(\d))?(?:-(\d\d))?$/) || [null, key];
  if (language === "en") return key;
  if (quarter) return `${year}年第${quarter}季度`;
  return month ? `${year}年${Number(month)}月` : `${year}年`;
}

/** `3号窗口（3）`; only once where both are the same. */
export function unitName(known, code) {
  const name = known.units[code];
  return name && name !== code ? `${name}（${code}）` : code;
}

export function scoreText(words, score) {
  return score === null || score === undefined ? words.no_data : score;
}

export function awardText(words, known, one) {
  if (one.award) return known.words.awards[one.award] || one.award;
  return one.award_reason ? words.award_reasons[one.award_reason] || one.award_reason : "";
}

export function stateMarks(words, one) {
  return [
    one.provisional ? element("span", { className: "mark warn", textContent: `▲ ${words.provisional}` }) : null,
    one.closed ? element("span", { className: "mark", textContent: `● ${words.closed}` }) : null,
  ];
}

/** Why an item has the score it has, where the numbers alone do not say it. */
export function whyText(words, why) {
  if (!why) return "";
  return words.why[why] || (why.startsWith("no_data ") ? fill(words.why_no_data, { way: why.slice(8) }) : why);
}

export function moment(page, text) {
  if (!text) return "";
  if (!text.includes("T")) return text;
  const form = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", timeZone: page.hall.time_zone };
  return new Intl.DateTimeFormat("sv-SE", form).format(Date.parse(text));
}

/** The periods that the scheme knows, newest first; one that was asked for by its address as well. */
export function periodOptions({ page, words, known }, chosen, but) {
  const every = Object.values(known.offered).flat();
  const option = (key) => element("option", { value: key, textContent: periodName(page.language, key), selected: key === chosen });
  const groups = Object.entries(known.offered).map(([kind, keys]) => element("optgroup", { label: words.kinds[kind] }, ...keys.filter((key) => key !== but).map(option)));
  return chosen && !every.includes(chosen) ? [option(chosen), ...groups] : groups;
}
