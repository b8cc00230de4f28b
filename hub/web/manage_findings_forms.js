// Forms of findings: enter one, or a score by hand; confirm, dismiss, appeal, review; a file of evidence.

import { ask } from "./session.js";
import { upload } from "./files.js";
import { element, field, fill, openForm } from "./page.js";
import { itemTitle } from "./manage_findings_words.js";
import { unitName } from "./manage_assessment_words.js";

const path = (finding, verb) => `/findings/${encodeURIComponent(finding.id)}/${verb}`;
const text = (name, required = false) => element("textarea", { name, required, minLength: required ? 2 : 0, maxLength: 500 });
const option = (value, label, selected = false) => element("option", { value, textContent: label, selected });

/** `2026-04-20T10:00` of the hall's clock, with the hall's offset. */
function hallMoment(page, local) {
  const parts = new Intl.DateTimeFormat("en", { timeZone: page.hall.time_zone, timeZoneName: "longOffset" }).formatToParts(Date.parse(`${local}Z`));
  const offset = parts.find((part) => part.type === "timeZoneName").value.slice(3) || "+00:00";
  return `${local}:00${offset}`;
}

const hallNow = (page) => new Intl.DateTimeFormat("sv-SE", { timeZone: page.hall.time_zone, dateStyle: "short", timeStyle: "short" }).format(Date.parse(page.hall.time)).replace(" ", "T");

/** `only`: an effect whose items alone are offered (打分). */
export function enterForm({ page, words, known, done }, only) {
  const offered = Object.entries(known.entries).filter(([, entry]) => !only || entry.effects.includes(only));
  const item = element("select", { name: "item", required: true }, ...offered.map(([code]) => option(code, itemTitle(known, code))));
  const unit = element("select", { name: known.unit, required: true }, ...Object.keys(known.units).map((code) => option(code, unitName(known, code))));
  const of_item = element("div", { className: "rows-of-form" });
  const draw = () => of_item.replaceChildren(...itemFields(words, known.entries[item.value], only));
  item.onchange = draw;
  draw();
  const at = element("input", { type: "datetime-local", name: "at", value: hallNow(page), max: hallNow(page), required: true });
  const file = element("input", { type: "file", name: "file", accept: "image/jpeg,image/png,application/pdf" });
  const mayConfirm = page.session.role === "manager";
  openForm({
    title: only ? words.score : words.enter, submit: words.save, cancel: words.cancel,
    fields: [
      field(words.item, item), field(words[known.unit] || words.unit, unit),
      known.unit === "person" ? null : field(words.clerk, element("input", { name: "clerk", maxLength: 80, autocomplete: "off" })),
      field(words.at, at), of_item,
      field(words.event, element("input", { name: "event", maxLength: 80, autocomplete: "off" })),
      field(words.note, text("note", true)), field(words.file, file),
      mayConfirm ? element("label", { className: "check" }, element("input", { type: "checkbox", name: "confirm", value: "yes" }), words.confirm_now) : null,
    ].filter(Boolean),
    send: async (values) => {
      const body = { scheme: known.scheme, at: hallMoment(page, values.at), quantity: Number(values.quantity || 1), confirm: values.confirm === "yes" };
      for (const name of ["item", "department", "counter", "clerk", "effect", "points", "event", "compare_to", "note"]) if (values[name]) body[name] = values[name];
      const made = await ask("POST", "/findings", body, page.language);
      if (values.file && values.file.size) await addFile(page, made, values.file);
      await done(words.did.entered);
    },
  });
}

/** What the scheme lets say about the item. */
function itemFields(words, entry, only) {
  const effects = only ? [only] : entry.effects;
  const fields = [];
  if (effects.length > 1) fields.push(field(words.effect, element("select", { name: "effect" }, ...effects.map((one) => option(one, words.effects[one])))));
  else if (effects.length) fields.push(element("input", { type: "hidden", name: "effect", value: effects[0] }));
  if (entry.amounts.length > 1) fields.push(field(words.points, element("select", { name: "points" }, option("", words.own), ...entry.amounts.map((one) => option(one, one)))));
  else if (entry.free || entry.must_compare) fields.push(field(entry.most ? fill(words.at_most, entry) : words.points, element("input", { name: "points", type: "number", min: 0, max: entry.most || "", step: 0.01, required: entry.free })));
  if (entry.compare_to.length) fields.push(field(words.compare_to, element("select", { name: "compare_to", required: entry.must_compare }, entry.must_compare ? null : option("", "—"), ...entry.compare_to.map((one) => option(one, one)))));
  if (!effects.includes("score")) fields.push(field(words.quantity, element("input", { name: "quantity", type: "number", min: 1, max: 1000, value: 1 })));
  return fields;
}

const addFile = (page, finding, file) => upload(`${path(finding, "evidence")}?${new URLSearchParams({ name: file.name.slice(0, 120) })}`, file, "application/octet-stream", page.language);

export function fileForm({ page, words, done }, finding) {
  const file = element("input", { type: "file", name: "file", accept: "image/jpeg,image/png,application/pdf", required: true });
  openForm({
    title: words.add_file, submit: words.save, cancel: words.cancel, fields: [field(words.file, file)],
    send: async (values) => {
      await addFile(page, finding, values.file);
      await done(words.did.filed);
    },
  });
}

function decision({ page, words, done }, finding, verb, options) {
  openForm({
    title: words[`${verb}_title`], submit: words[verb], cancel: words.cancel, hint: finding.note, ...options,
    send: async (values) => {
      const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
      await ask("POST", path(finding, verb), body, page.language);
      await done(words.did[verb]);
    },
  });
}

export const confirmForm = (at, finding) => decision(at, finding, "confirm", { fields: [...confirmPoints(at, finding), field(at.words.reason_may, text("reason"))] });
export const dismissForm = (at, finding) => decision(at, finding, "dismiss", { danger: true, fields: [field(at.words.reason, text("reason", true))] });
export const appealForm = (at, finding) => decision(at, finding, "appeal", { fields: [field(at.words.grounds, text("grounds", true))] });

export function reviewForm(at, finding) {
  const { words } = at;
  const outcome = element("select", { name: "outcome" }, ...Object.entries(words.outcomes).map(([value, label]) => option(value, label)));
  decision(at, finding, "review", { hint: words.review_hint, fields: [field(words.outcome, outcome), field(words.reason, text("reason", true))] });
}

/** Other points than the proposed ones, where the item leaves a choice. */
function confirmPoints({ words, known }, finding) {
  const entry = known.entries[finding.item];
  if (!entry || finding.effect === "zero" || finding.effect === "veto") return [];
  return itemFields(words, { ...entry, compare_to: [], must_compare: false }, finding.effect)
    .filter((one) => one.querySelector && one.querySelector("[name=points]"))
    .map((one) => { if (finding.points) one.querySelector("[name=points]").value = finding.points; return one; });
}
