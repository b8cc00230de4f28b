// Words of the findings' pages.

export const FINDING_WORDS = {
  zh: {
    title: "认定", scheme: "办法", state: "状态", period: "周期", unit: "对象", all: "全部", look: "查看", more: "下一页", none: "没有这样的记录", back: "返回列表",
    states: { proposed: "待认定", confirmed: "已确认", dismissed: "已驳回", appealed: "申诉待复核" },
    origins: { entered: "人工登记", seen: "系统线索", imported: "导入" },
    effects: { deduct: "减分", bonus: "加分", zero: "不得分", score: "打分", veto: "一票否决" },
    heads: ["时间", "指标", "对象", "事实", "计分", "来源", "状态", ""], open: "详情",
    propose: "从登记中找线索", proposed: "查到 {seen} 条线索，其中 {proposed} 条是新的", choose_period: "请先选择周期",
    enter: "登记认定", score: "人工打分", item: "指标", department: "部门", counter: "窗口", clerk: "人员（可不填）", at: "时间", effect: "处理", points: "分数", quantity: "次数", event: "同一事件标识（可不填）", compare_to: "比照条款", note: "事实（不写群众姓名、证件号、电话）", file: "佐证材料（JPEG、PNG、PDF，不超过 5 MB）", confirm_now: "同时确认", own: "按办法规定", at_most: "分数（0–{most}）", save: "保存", cancel: "取消",
    confirm: "确认", dismiss: "驳回", appeal: "申诉", review: "复核", add_file: "添加佐证",
    confirm_title: "确认属实？", dismiss_title: "驳回这条线索？", appeal_title: "对这条认定申诉", review_title: "复核申诉", reason: "理由", reason_may: "说明（可不填）", grounds: "申诉理由", outcome: "复核结果", outcomes: { granted: "申诉成立，认定撤销", rejected: "维持认定" },
    review_hint: "须由未参与登记、确认和申诉的另一人复核。", did: { confirm: "已确认", dismiss: "已驳回", appeal: "已提出申诉", review: "已复核", entered: "已登记", filed: "已添加佐证" },
    facts: { scheme: "办法", item: "指标", at: "时间", unit: "对象", effect: "处理", points: "分数", quantity: "次数", event: "事件", compare_to: "比照", note: "事实", state: "状态", origin: "来源", entered: "登记", decided: "认定", reason: "理由" },
    evidence: "佐证材料", evidence_heads: ["文件", "大小", "添加", ""], no_evidence: "没有佐证材料", download: "下载", appeals: "申诉", appeal_heads: ["申诉人", "理由", "复核", "复核理由"], no_appeals: "没有申诉", waits: "待复核", record: "所指的记录",
    case_of: "办件 {case_no}：{state}，期限 {due}", by_at: "{by}　{at}",
  },
  en: {
    title: "Findings", scheme: "Scheme", state: "State", period: "Period", unit: "Unit", all: "all", look: "Look", more: "Next page", none: "Nothing like that", back: "Back to the list",
    states: { proposed: "to decide", confirmed: "confirmed", dismissed: "dismissed", appealed: "appeal to review" },
    origins: { entered: "entered", seen: "seen by the system", imported: "imported" },
    effects: { deduct: "deduction", bonus: "bonus", zero: "nothing left", score: "score", veto: "veto" },
    heads: ["When", "Item", "Unit", "Facts", "Counts", "From", "State", ""], open: "Details",
    propose: "Look for leads", proposed: "{seen} leads seen, {proposed} of them new", choose_period: "Choose a period first",
    enter: "Enter a finding", score: "Score by hand", item: "Item", department: "Department", counter: "Counter", clerk: "Clerk (optional)", at: "When", effect: "Effect", points: "Points", quantity: "Times", event: "Same happening (optional)", compare_to: "Compared to", note: "Facts (no citizen's name, ID or telephone number)", file: "Evidence (JPEG, PNG, PDF up to 5 MB)", confirm_now: "confirm at once", own: "as the scheme says", at_most: "Points (0–{most})", save: "Save", cancel: "Cancel",
    confirm: "Confirm", dismiss: "Dismiss", appeal: "Appeal", review: "Review", add_file: "Add evidence",
    confirm_title: "Confirm it?", dismiss_title: "Dismiss this lead?", appeal_title: "Appeal against this finding", review_title: "Review the appeal", reason: "Reason", reason_may: "Remark (optional)", grounds: "Grounds", outcome: "Outcome", outcomes: { granted: "granted: the finding falls", rejected: "rejected: the finding stays" },
    review_hint: "By somebody who neither entered nor confirmed nor appealed.", did: { confirm: "Confirmed", dismiss: "Dismissed", appeal: "Appealed", review: "Reviewed", entered: "Entered", filed: "Evidence added" },
    facts: { scheme: "Scheme", item: "Item", at: "When", unit: "Unit", effect: "Effect", points: "Points", quantity: "Times", event: "Happening", compare_to: "Compared to", note: "Facts", state: "State", origin: "From", entered: "Entered", decided: "Decided", reason: "Reason" },
    evidence: "Evidence", evidence_heads: ["File", "Size", "Added", ""], no_evidence: "No evidence", download: "Download", appeals: "Appeals", appeal_heads: ["By", "Grounds", "Review", "Reason"], no_appeals: "No appeal", waits: "to review", record: "The record it names",
    case_of: "Case {case_no}: {state}, due {due}", by_at: "{by} {at}",
  },
};

const MARKS = { proposed: "mark warn", confirmed: "mark", dismissed: "mark off", appealed: "mark bad" };
const SIGNS = { proposed: "▲", confirmed: "●", dismissed: "○", appealed: "!" };

export const isAppealed = (finding) => (finding.appeals || []).some((one) => !one.outcome);
export const stateOf = (finding) => (isAppealed(finding) ? "appealed" : finding.state);

export function stateMark(words, state) {
  const mark = document.createElement("span");
  mark.className = MARKS[state];
  mark.textContent = `${SIGNS[state]} ${words.states[state]}`;
  return mark;
}

export function itemTitle(known, code) {
  const item = known.items.find((one) => one.code === code);
  return item ? `${code} ${item.title}` : code;
}

export function unitOf(words, finding) {
  return [finding.department, finding.counter && `${words.counter} ${finding.counter}`, finding.clerk].filter(Boolean).join(" · ");
}

export function countsAs(words, finding) {
  const times = finding.quantity > 1 ? ` ×${finding.quantity}` : "";
  return `${words.effects[finding.effect]}${finding.points ? ` ${finding.points}` : ""}${times}`;
}
