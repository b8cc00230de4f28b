// Words of the registers' and the imports' pages.

export const REGISTER_WORDS = {
  zh: {
    title: "登记", lists: { cases: "办件", complaints: "投诉", attendance: "考勤", staff: "人员", posts: "岗位", counters: "窗口", departments: "部门", import: "导入" },
    look: "查看", more: "下一页", none: "没有这样的记录", all: "全部", back: "返回列表", yes: "是", no: "否", overdue: "超期", most: "只显示前 2000 行",
    fields: {
      case_no: "办件编号", service: "业务", department: "部门", counter: "窗口", clerk: "人员", kind: "类型", state: "状态", outcome: "结果", received_at: "收件", due_at: "期限", legal_due_at: "法定期限", closed_at: "办结", overdue: "超期",
      complaint_no: "投诉编号", at: "时间", finding: "认定", decided_at: "认定时间", decided_by: "认定人", reason: "理由", event: "事件", date: "日期", session: "时段", minutes: "分钟", excused: "事由", verdict: "认定为", counts: "计入", stand_in: "顶岗", whereabouts: "去向",
      from: "自", to: "至", code: "代码", name: "名称", label: "名称", historical: "仅历史", rank: "职级", established: "在编", chief_representative: "首席代表", valid_from: "自", valid_to: "至", post: "岗位", stand_ins: "顶岗人",
      online: "网上", on_site: "现场", accepted_at: "受理", legal_days: "法定工作日", promised_days: "承诺工作日", suspended_days: "中止工作日", corrections: "补正次数", correction_notice_at: "补正告知", corrected_at: "补齐", extension_days: "延期工作日", extension_told_at: "延期告知", appointed_at: "约定时间", citizen_missed: "申请人未到", return_reason: "退件理由", calendar_version: "日历版本", deemed_on_time: "视为按时", imported: "导入",
    },
    values: {
      kind: { immediate: "即办件", promised: "承诺件", joint: "联办件", reported: "上报件", late: "迟到", early: "早退", off_post: "脱岗", absent: "缺勤", acceptance: "受理通知", correction: "补正告知", refusal: "不予许可", not_accepted: "不予受理", returned: "退件", extension: "延期告知", suspension: "中止告知", overdue: "超期告知", result: "办理结果" },
      state: { received: "已收件", correcting: "补正中", accepted: "已受理", suspended: "已中止", closed: "已办结" },
      outcome: { approved: "准予", refused: "不予许可", withdrawn: "撤回", returned: "退件", not_accepted: "不予受理", open: "未办结" },
      finding: { open: "待核实", verified: "经查属实", unfounded: "不属实", unproven: "无法核实" },
      session: { am: "上午", pm: "下午", day: "全天" }, excused: { none: "", leave: "请假", public: "公务" },
      verdict: { none: "不计", grace: "宽限内", late: "迟到", early: "早退", off_post: "脱岗", absent: "缺勤" },
    },
    whole: "办件 {case_no}", facts: "办件情况", deadlines: "期限是怎样算出的", deadline: "{cause}：{due}", legal: "法定期限：{due}", unknown: "未能算出", steps: "办理过程", notices: "文书", suspensions: "中止", to_decide: "待人认定",
    step_heads: ["时间", "操作", "状态", "人员", "理由"], notice_heads: ["种类", "文号", "时间"], suspension_heads: ["自", "至", "事由"], computed: "{at} 按日历第 {version} 版计算",
    verbs: { receive: "收件", accept: "受理", correction: "告知补正", corrected: "补齐材料", suspend: "中止", resume: "恢复", extend: "延期", appoint: "约定时间", missed: "申请人未到", "change-kind": "变更类型", notice: "文书", close: "办结", withdraw: "撤回", deemed: "视为受理", import: "导入时" },
    import: {
      kind: "内容", file: "CSV 文件（UTF-8，第一行为表头）", create: "未知的部门、窗口、人员、业务作为历史新增（--create-missing）", send: "上传并导入", hint: "先检查整个文件：有一行有误就什么都不导入，逐行列出；全部正确才一次性生效，期间大厅照常运行。",
      kinds: { visits: "往年办理记录", cases: "办件", complaints: "投诉", attendance: "考勤", findings: "扣分/加分认定", registers: "其他登记（由表头识别）" },
      states: { sending: "正在上传", checking: "正在检查", loading: "正在导入", done: "已导入", refused: "未导入" },
      progress: "{state}　{percent}%　{rows} 行", taken: "{register}：已导入 {rows} 行", created: "作为历史新增：{names}", bad: "{n} 处错误，没有导入任何内容", bad_heads: ["行号", "原因"], more_bad: "此处列出前 {n} 处，其余见清单。", download: "下载全部错误行",
      now: "本次上传", past: "导入过的文件", past_heads: ["时间", "登记", "文件", "行数", "操作者", "校验码"], no_past: "还没有导入过", columns: "各文件的列见 docs/registers.md。", other_process: "进度由接收文件的那个服务进程告知；请在导入记录中查看结果。",
    },
  },
  en: {
    title: "Registers", lists: { cases: "Cases", complaints: "Complaints", attendance: "Attendance", staff: "Staff", posts: "Posts", counters: "Counters", departments: "Departments", import: "Import" },
    look: "Look", more: "Next page", none: "Nothing like that", all: "all", back: "Back to the list", yes: "yes", no: "no", overdue: "overdue", most: "the first 2000 rows only",
    fields: {
      case_no: "Case", service: "Service", department: "Department", counter: "Counter", clerk: "Clerk", kind: "Kind", state: "State", outcome: "Outcome", received_at: "Received", due_at: "Due", legal_due_at: "Due by law", closed_at: "Closed", overdue: "Overdue",
      complaint_no: "Complaint", at: "When", finding: "Finding", decided_at: "Decided", decided_by: "By", reason: "Reason", event: "Happening", date: "Day", session: "Session", minutes: "Minutes", excused: "Excuse", verdict: "Amounts to", counts: "Counts", stand_in: "Stand-in", whereabouts: "Whereabouts",
      from: "From", to: "To", code: "Code", name: "Name", label: "Name", historical: "History only", rank: "Rank", established: "Established", chief_representative: "Chief representative", valid_from: "From", valid_to: "To", post: "Post", stand_ins: "Stand-ins",
      online: "Online", on_site: "On site", accepted_at: "Accepted", legal_days: "Working days by law", promised_days: "Working days promised", suspended_days: "Working days suspended", corrections: "Corrections", correction_notice_at: "Told to correct", corrected_at: "Corrected", extension_days: "Days of extension", extension_told_at: "Extension told", appointed_at: "Appointed", citizen_missed: "Applicant missed it", return_reason: "Reason of return", calendar_version: "Calendar version", deemed_on_time: "Counts as in time", imported: "Imported",
    },
    values: {
      kind: { immediate: "at once", promised: "promised", joint: "joint", reported: "reported", late: "late", early: "left early", off_post: "off post", absent: "absent", acceptance: "acceptance", correction: "correction", refusal: "refusal", not_accepted: "not accepted", returned: "returned", extension: "extension", suspension: "suspension", overdue: "overdue", result: "result" },
      state: { received: "received", correcting: "correcting", accepted: "accepted", suspended: "suspended", closed: "closed" },
      outcome: { approved: "approved", refused: "refused", withdrawn: "withdrawn", returned: "returned", not_accepted: "not accepted", open: "open" },
      finding: { open: "open", verified: "verified", unfounded: "unfounded", unproven: "unproven" },
      session: { am: "morning", pm: "afternoon", day: "day" }, excused: { none: "", leave: "leave", public: "public duty" },
      verdict: { none: "nothing", grace: "within grace", late: "late", early: "left early", off_post: "off post", absent: "absent" },
    },
    whole: "Case {case_no}", facts: "The case", deadlines: "How the deadline came about", deadline: "{cause}: {due}", legal: "By law: {due}", unknown: "could not be computed", steps: "What was done", notices: "Papers", suspensions: "Suspensions", to_decide: "for a person to decide",
    step_heads: ["When", "What", "State", "Who", "Reason"], notice_heads: ["Kind", "Number", "When"], suspension_heads: ["From", "To", "Reason"], computed: "computed {at} with calendar version {version}",
    verbs: { receive: "received", accept: "accepted", correction: "told to correct", corrected: "corrected", suspend: "suspended", resume: "resumed", extend: "extended", appoint: "appointed", missed: "applicant missed it", "change-kind": "kind changed", notice: "paper given", close: "closed", withdraw: "withdrawn", deemed: "counts as accepted", import: "on import" },
    import: {
      kind: "What", file: "CSV file (UTF-8, header on line 1)", create: "add unknown departments, counters, clerks and services as history (--create-missing)", send: "Upload and import", hint: "The whole file is checked first: one bad line and nothing is taken, and every bad line is named; else all rows are seen at once at the end, and the hall runs on meanwhile.",
      kinds: { visits: "visits of earlier years", cases: "cases", complaints: "complaints", attendance: "attendance", findings: "findings", registers: "any other register (by its header)" },
      states: { sending: "uploading", checking: "checking", loading: "importing", done: "taken", refused: "not taken" },
      progress: "{state} {percent}% {rows} rows", taken: "{register}: {rows} rows taken", created: "new as history: {names}", bad: "{n} mistakes, nothing was taken", bad_heads: ["Line", "Reason"], more_bad: "The first {n} stand here, the others in the list.", download: "Download all bad lines",
      now: "This upload", past: "Files that were taken", past_heads: ["When", "Register", "File", "Rows", "Who", "Seal"], no_past: "Nothing has been imported yet", columns: "The columns of each file stand in docs/registers.md.", other_process: "Progress is told by the server process that took the file; look for the result among the files taken.",
    },
  },
};
