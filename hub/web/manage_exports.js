// The export box: the figures on the page and single rows as files, with the bytes that came so far, and a way to stop.

import { save } from "./files.js";
import { button, element, field, fill } from "./page.js";

const FIGURE_FORMS = ["csv", "xlsx", "json", "pdf"];
const LISTS = ["tickets", "evaluations", "cases", "journal"];
const ROW_FORMS = ["csv", "xlsx", "json"];
const CODES = ["", "gbt39046", "zhejiang"];

const WORDS = {
  zh: {
    title: "导出", figures: "本页统计", rows: "明细", list: "明细内容", codes: "代码列",
    lists: { tickets: "号票", evaluations: "评价", cases: "办件", journal: "操作流水" },
    code: { "": "不加", gbt39046: "国标 GB/T 39046", zhejiang: "浙江评价接口" },
    coming: "正在导出 {file}：已收到 {size}", done: "已保存 {file}（{size}）", stopped: "已取消", cancel: "取消导出", failed: "导出失败：{why}",
    as: "导出 {what} 为 {form}",
  },
  en: {
    title: "Export", figures: "These figures", rows: "Rows", list: "Which rows", codes: "Code columns",
    lists: { tickets: "tickets", evaluations: "evaluations", cases: "cases", journal: "journal" },
    code: { "": "none", gbt39046: "GB/T 39046", zhejiang: "Zhejiang interface" },
    coming: "Exporting {file}: {size} so far", done: "Saved {file} ({size})", stopped: "Cancelled", cancel: "Cancel the export", failed: "The export failed: {why}",
    as: "Export {what} as {form}",
  },
};

export function size(bytes) {
  const unit = ["B", "KB", "MB", "GB"].find((_, n) => bytes < 1024 ** (n + 1)) || "GB";
  const value = bytes / 1024 ** ["B", "KB", "MB", "GB"].indexOf(unit);
  return `${value < 10 && unit !== "B" ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** `asked()` gives what the page shows: {kind, by, from, to}; kind is empty where nothing can be exported. */
export function exportBox(page, asked) {
  const words = WORDS[page.language];
  const said = element("p", { className: "hint" });
  said.setAttribute("role", "status");
  const bar = element("progress", { hidden: true });
  let running = null;
  const cancel = button(words.cancel, () => running && running.abort(), "small danger");
  cancel.hidden = true;
  const list = element("select", { name: "rows" }, ...LISTS.map((name) => element("option", { value: name, textContent: words.lists[name] })));
  const codes = element("select", { name: "codes" }, ...CODES.map((name) => element("option", { value: name, textContent: words.code[name] })));
  const figures = FIGURE_FORMS.map((form) => button(form, (event) => start(event.currentTarget, form, asked().kind, { by: asked().by }), "small"));
  const rows = ROW_FORMS.map((form) => button(form, (event) => start(event.currentTarget, form, list.value, codes.value && list.value !== "journal" ? { codes: codes.value } : {}), "small"));
  figures.forEach((one, n) => one.setAttribute("aria-label", fill(words.as, { what: words.figures, form: FIGURE_FORMS[n] })));
  rows.forEach((one, n) => one.setAttribute("aria-label", fill(words.as, { what: words.rows, form: ROW_FORMS[n] })));
  list.addEventListener("change", () => { codes.disabled = list.value === "journal"; });

  async function start(pressed, form, kind, more) {
    if (running || !kind) return;
    const { from, to } = asked();
    const file = `${kind}_${from}_${to}.${form}`;
    running = new AbortController();
    busy(true);
    const told = (bytes) => { said.textContent = fill(words.coming, { file, size: size(bytes) }); };
    told(0);
    try {
      const query = new URLSearchParams({ from, to, ...more });
      const bytes = await save(`/exports/${kind}.${form}?${query}`, file, page.language, { signal: running.signal, told });
      said.textContent = fill(words.done, { file, size: size(bytes) });
    } catch (error) {
      said.textContent = running.signal.aborted ? words.stopped : fill(words.failed, { why: error.message });
    } finally {
      running = null;
      busy(false);
      if (document.activeElement === document.body) pressed.focus();
    }
  }

  function busy(on) {
    bar.hidden = cancel.hidden = !on;
    [...figures, ...rows].forEach((one) => { one.disabled = on; });
    if (on) cancel.focus();
  }

  const box = element("section", { className: "export-box" },
    element("h2", { textContent: words.title }),
    element("div", { className: "fields" },
      element("div", { className: "forms figures-forms" }, element("span", { textContent: words.figures }), ...figures),
      element("div", { className: "forms" }, field(words.list, list), field(words.codes, codes), ...rows)),
    element("div", { className: "fields" }, bar, cancel, said));
  /** Figures can be exported only where the page shows some. */
  box.offer = (can) => { box.querySelector(".figures-forms").hidden = !can; };
  return box;
}
