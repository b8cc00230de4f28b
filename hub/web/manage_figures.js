// Figures: a period, a kind and a grouping chosen on top; totals, charts with their tables, and files below.

import { ask } from "./session.js";
import { button, element, field } from "./page.js";
import { PERIODS, dayOf, moved, periodOf, yearBefore } from "./manage_periods.js";
import { exportBox } from "./manage_exports.js";
import { VIEWS, totals } from "./manage_figures_views.js";
import { WORDS } from "./manage_figures_words.js";

const choice = (name_, names, texts, value) => element("select", { name: name_ }, ...names.map((name) => element("option", { value: name, textContent: texts[name], selected: name === value })));

export async function show(root, page) {
  const words = WORDS[page.language];
  const today = dayOf(Date.parse(page.hall.time), page.hall.time_zone);
  const kind = choice("kind", Object.keys(VIEWS), words.kinds, "satisfaction");
  const period = choice("period", PERIODS, words.periods, "month");
  const by = element("select", { name: "by" });
  const compare = choice("compare", ["none", "before", "year"], words.compares, "none");
  const [from, to] = ["from", "to"].map((name) => element("input", { type: "date", name, required: true }));
  const why = element("p", { className: "why" });
  why.setAttribute("role", "alert");
  const body = element("div", { className: "figures-body" });
  const fields = { period: field(words.period, period), by: field(words.by, by), compare: field(words.compare, compare), from: field(words.from, from), to: field(words.to, to) };
  const box = exportBox(page, () => ({ kind: VIEWS[kind.value].totals.length || kind.value === "reasons" ? kind.value : "", by: by.value, from: from.value, to: to.value }));
  let drawing = 0;

  const chosen = () => ({ from: from.value, to: to.value });

  function put(days) {
    [from.value, to.value] = [days.from, days.to];
  }

  function offer() {
    const { groups } = VIEWS[kind.value];
    const kept = groups.includes(by.value) ? by.value : groups[0];
    by.replaceChildren(...groups.map((name) => element("option", { value: name, textContent: words.groups[name], selected: name === kept })));
    const ofDay = kind.value === "foreseen";
    fields.by.hidden = !groups.length;
    fields.compare.hidden = ofDay || kind.value === "reasons";
    fields.from.hidden = fields.period.hidden = ofDay;
    fields.to.firstChild.textContent = ofDay ? words.day : words.to;
    if (ofDay && to.value > today) to.value = today;
    else if (!ofDay && period.value !== "free") put(periodOf(period.value, to.value));
    box.offer(!ofDay);
  }

  function scene() {
    const other = { none: null, before: moved(period.value, chosen(), -1), year: yearBefore(chosen()) }[compare.value];
    const asked = new Map();
    const figures = (grouping, comparing = true) => {
      const query = new URLSearchParams({ ...chosen(), by: grouping });
      if (other && comparing) {
        query.set("compare_from", other.from);
        query.set("compare_to", other.to);
      }
      const path = `/figures/${kind.value}?${query}`;
      if (!asked.has(path)) asked.set(path, ask("GET", path, undefined, page.language));
      return asked.get(path);
    };
    return { page, words, kind: kind.value, period: chosen(), by: by.value, figures, foreseen: () => ask("GET", `/figures/foreseen?day=${to.value}`) };
  }

  /** What stands there stays until the new is whole. */
  async function draw() {
    const mine = ++drawing;
    why.textContent = "";
    if (!from.value || !to.value) return;
    body.setAttribute("aria-busy", "true");
    if (kind.value === "foreseen") body.replaceChildren(element("p", { className: "empty", textContent: words.computing }));
    try {
      const made = await drawn(scene());
      if (mine === drawing) body.replaceChildren(...made);
    } catch (error) {
      if (mine === drawing) why.textContent = error.message;
    } finally {
      if (mine === drawing) body.removeAttribute("aria-busy");
    }
  }

  async function drawn(now) {
    const view = VIEWS[now.kind];
    const answer = view.totals.length ? await now.figures("") : null;
    const charts = (await Promise.all(view.panels.map((panel) => panel(now)))).flat().filter(Boolean);
    return [
      answer && answer.sentence ? sentence(answer.sentence) : null,
      answer ? totals(now, answer) : null,
      now.kind === "foreseen" ? element("p", { className: "hint", textContent: words.foreseen_hint }) : null,
      element("div", { className: "charts" }, ...charts),
      ["waits", "counters", "satisfaction"].includes(now.kind) ? element("p", { className: "hint", textContent: words.times }) : null,
    ].filter(Boolean);
  }

  function sentence(text) {
    const copy = button(words.copy, async () => {
      await navigator.clipboard.writeText(text);
      copy.textContent = words.copied;
    });
    copy.hidden = !navigator.clipboard; // absent on plain http: then the text is selected by hand
    return element("p", { className: "sentence" }, element("span", { textContent: text }), copy);
  }

  function step(by_) {
    put(kind.value === "foreseen" ? { from: from.value, to: moved("today", { from: to.value, to: to.value }, by_).to } : moved(period.value, chosen(), by_));
    draw();
  }

  const on = (inputs, work) => inputs.forEach((one) => one.addEventListener("change", () => {
    work();
    draw();
  }));
  on([kind], offer);
  on([by, compare], () => {});
  on([period], () => { if (period.value !== "free") put(periodOf(period.value, from.value > today || to.value < today ? from.value : today)); });
  on([from, to], () => { if (kind.value !== "foreseen") period.value = "free"; });

  put(periodOf("month", today));
  offer();
  root.append(
    element("div", { className: "bar" }, element("h2", { textContent: words.title })),
    element("div", { className: "chooser" }, field(words.kind, kind), fields.period,
      button("◀", () => step(-1), "action step"), fields.from, fields.to, button("▶", () => step(1), "action step"), fields.by, fields.compare),
    why, body, box);
  root.querySelectorAll(".step").forEach((one, n) => one.setAttribute("aria-label", n ? words.after : words.before));
  await draw();
}
