// The journal for auditors: a day, a kind, a person; newest first, a page at a time. Nothing here can be changed.

import { ask } from "./session.js";
import { KINDS } from "./journal_words.js";
import { button, element, field, table } from "./page.js";

const WORDS = {
  zh: {
    title: "操作流水", day: "日期", kind: "事项", all: "全部", who: "操作者", look: "查看", more: "更早的记录",
    heads: ["序号", "时间", "操作者", "事项", "窗口", "详情"], none: "这一天没有这样的记录",
  },
  en: {
    title: "Journal", day: "Day", kind: "What", all: "everything", who: "Who", look: "Look", more: "Earlier entries",
    heads: ["No.", "Time", "Who", "What", "Counter", "Details"], none: "Nothing like that on this day",
  },
};

/** The hall's day, which may be another than this computer's. */
function dayOf(instant, zone) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(instant);
}

export async function show(root, page) {
  const words = WORDS[page.language];
  const kindName = (kind) => (KINDS[kind] ? KINDS[kind][page.language === "zh" ? 0 : 1] : kind);
  const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: page.hall.time_zone });
  const day = element("input", { type: "date", name: "day", value: dayOf(Date.parse(page.hall.time), page.hall.time_zone), required: true });
  const kind = element("select", { name: "kind" }, element("option", { value: "", textContent: words.all }),
    ...Object.keys(KINDS).map((one) => element("option", { value: one, textContent: kindName(one) })));
  const who = element("input", { name: "who", maxLength: 200, autocomplete: "off" });
  const list = element("div", {});
  let entries = [];

  function detail(entry) {
    const facts = Object.assign({}, entry.data);
    ["service", "ticket", "visit"].forEach((name) => { if (entry[name]) facts[name] = entry[name]; });
    return Object.entries(facts).filter(([, value]) => value !== null && value !== "")
      .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ");
  }

  async function look(before) {
    const query = new URLSearchParams({ day: day.value });
    if (kind.value) query.set("kind", kind.value);
    if (who.value.trim()) query.set("who", who.value.trim());
    if (before) query.set("before", String(before));
    const answer = await ask("GET", `/journal?${query}`);
    entries = before ? entries.concat(answer.entries) : answer.entries;
    const rows = entries.map((entry) => element("tr", {},
      element("td", { className: "number", textContent: String(entry.seq) }),
      element("td", { className: "time", textContent: time.format(Date.parse(entry.at)) }),
      element("td", { textContent: `${entry.who}${page.roles[entry.role] ? `（${page.roles[entry.role]}）` : ""}` }),
      element("td", { textContent: kindName(entry.kind) }),
      element("td", { textContent: entry.counter || "" }),
      element("td", { className: "detail", textContent: detail(entry) })));
    const more = answer.before ? element("p", { className: "more" }, button(words.more, () => look(answer.before), "action")) : "";
    list.replaceChildren(table(words.heads, rows, words.none), more);
  }

  const filters = element("form", { className: "fields" }, field(words.day, day), field(words.kind, kind), field(words.who, who),
    element("button", { className: "action primary", textContent: words.look }));
  filters.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  root.append(element("div", { className: "bar" }, element("h2", { textContent: words.title }), filters), list);
  await look();
}
