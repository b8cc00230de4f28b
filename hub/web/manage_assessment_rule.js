// How the hall reads a scheme, and closing a period: what still waits, who closed and reopened it.

import { ask } from "./session.js";
import { button, element, field, fill, openForm, table } from "./page.js";
import { moment, periodName } from "./manage_assessment_words.js";

const KEEPERS = ["manager"];
const path = (...parts) => `/assessments/${parts.map(encodeURIComponent).join("/")}`;

export const reasonField = (words, required) => field(words.reason, element("textarea", { name: "reason", required, minLength: 2, maxLength: 500 }));

const again = () => dispatchEvent(new HashChangeEvent("hashchange"));

/** Every switch of the scheme as it stands now; the manager changes one with a reason. */
export function readingsPanel(at) {
  const { page, words, scheme, known } = at;
  const mayChange = KEEPERS.includes(page.session.role);
  const text = (one) => {
    const value = scheme.readings[one.name];
    return one.choices[value] || value || words.unset;
  };
  const rows = known.readings.map((one) => element("tr", {},
    element("td", { className: "wrap", textContent: one.title }),
    element("td", { className: "wrap" }, text(one), " ", scheme.readings[one.name] === one.default ? element("span", { className: "mark off", textContent: words.default }) : null),
    element("td", { textContent: one.article }),
    element("td", {}, mayChange ? button(words.change, () => changeReading(at, one)) : null)));
  return element("section", { className: "panel" }, element("h2", { textContent: words.readings }), table(words.reading_heads, rows, "—"));
}

function changeReading({ page, words, scheme }, reading) {
  const now = scheme.readings[reading.name];
  const names = Object.entries(reading.choices);
  const input = names.length
    ? element("select", { name: "value" }, ...names.map(([value, text]) => element("option", { value, textContent: text, selected: value === now })))
    : element("input", { name: "value", value: now, inputMode: "decimal", pattern: "\\d{0,6}(\\.\\d{1,2})?" });
  openForm({
    title: reading.title, hint: words.reading_hint, submit: words.save, cancel: words.cancel,
    fields: [field(words.value, input), reasonField(words, true)],
    send: async ({ value, reason }) => {
      await ask("POST", path(scheme.scheme, "readings"), { name: reading.name, value, reason }, page.language);
      again();
    },
  });
}

/** Closing and reopening, with what waits before and the trace after. */
export async function closingPanel(at, whole) {
  const { page, words, scheme, period } = at;
  const standing = await ask("GET", path(scheme.scheme, period, "standing"), undefined, page.language);
  const closed = standing.closings.some((one) => !one.reopened_at);
  const mayKeep = KEEPERS.includes(page.session.role);
  const rows = standing.closings.map((one) => element("tr", {},
    element("td", { className: "time", textContent: moment(page, one.closed_at) }),
    element("td", { textContent: one.closed_by }),
    element("td", { className: "seal", textContent: one.sha256.slice(0, 16), title: one.sha256 }),
    element("td", { textContent: one.reopened_at ? fill(words.by_at, { at: moment(page, one.reopened_at), by: one.reopened_by }) : "" }),
    element("td", { className: "wrap", textContent: one.reason || "" })));
  return element("section", { className: "panel" },
    element("div", { className: "bar" }, element("h2", { textContent: `${words.closing}　${periodName(page.language, period)}` }), mayKeep ? verb(at, standing, closed) : null),
    waiting(at, standing, closed),
    table(words.closing_heads, rows, words.never),
    await publicPanel(at, whole, closed));
}

/** What stands on the hall's screens of this result; the manager publishes and withdraws. */
async function publicPanel({ page, words, scheme, period }, whole, closed) {
  const source = `assessment ${scheme.scheme} ${period}`;
  const { notices } = await ask("GET", "/notices", undefined, page.language);
  const standing = notices.filter((one) => one.source === source);
  const may = KEEPERS.includes(page.session.role);
  const withdraw = async () => {
    await ask("POST", "/notices/withdraw", { source }, page.language);
    again();
  };
  const publish = button(words.publish, () => publishForm({ page, words, scheme, period }, whole), "action");
  publish.disabled = !closed;
  const verbs = element("div", { className: "fields" }, may ? publish : null, may && standing.length ? button(words.withdraw, withdraw, "small danger") : null);
  const shown = standing.length ? element("ul", { className: "lines" }, ...standing.map((one) => element("li", { textContent: one.text }))) : element("p", { className: "hint", textContent: closed ? words.not_public : words.close_first });
  return element("div", {}, element("div", { className: "bar next" }, element("h2", { textContent: words.on_screens }), verbs), shown);
}

async function publishForm({ page, words, scheme, period }, whole) {
  const send = (body, dry) => ask("POST", `${path(scheme.scheme, period, "publish")}${dry ? "?dry=true" : ""}`, body, page.language);
  const shown = element("ul", { className: "lines" });
  const stars = whole.stars ? whole.stars.candidates.filter((one) => one.eligible) : [];
  const boxes = stars.map((one) => element("label", { className: "check" }, element("input", { type: "checkbox", name: "star", value: one.clerk }), `${one.clerk}　${words.trace.counter} ${one.counter}`));
  const language = element("select", { name: "language" }, element("option", { value: "zh", textContent: "中文" }), element("option", { value: "en", textContent: "English" }));
  const wanted = () => ({ language: language.value, stars: boxes.map((box) => box.firstChild).filter((box) => box.checked).map((box) => box.value) });
  const draw = async () => {
    const { lines } = await send({ language: language.value }, true);
    shown.replaceChildren(...lines.map((line) => element("li", { textContent: line })));
  };
  language.onchange = draw;
  await draw();
  openForm({
    title: words.publish_title, hint: words.publish_hint, submit: words.publish, cancel: words.cancel,
    fields: [shown, field(words.language, language), boxes.length ? element("fieldset", {}, element("legend", { textContent: words.name_stars }), ...boxes) : null].filter(Boolean),
    send: async () => {
      await send(wanted(), false);
      again();
    },
  });
}

function waiting({ page, words, scheme }, standing, closed) {
  if (closed) return element("p", {}, element("span", { className: "mark", textContent: `● ${words.closed}` }));
  const link = (n, text, state) => (n ? element("a", { href: page.address("findings", scheme.scheme, state, standing.period), textContent: fill(text, { n }) }) : null);
  const told = [
    standing.over ? null : words.waits.over,
    link(standing.proposed, words.waits.proposed, "proposed"),
    link(standing.appeals, words.waits.appeals, "appealed"),
  ].filter(Boolean);
  return element("ul", { className: "lines" }, ...(told.length ? told : [words.waits.nothing]).map((one) => element("li", {}, one)));
}

function verb({ page, words, scheme, period }, standing, closed) {
  const name = periodName(page.language, period);
  const send = (what) => async ({ reason }) => {
    await ask("POST", path(scheme.scheme, period, what), reason ? { reason } : {}, page.language);
    again();
  };
  if (closed) {
    return button(words.reopen, () => openForm({
      title: fill(words.reopen_title, { period: name }), hint: words.reopen_hint, submit: words.reopen, cancel: words.cancel, danger: true,
      fields: [reasonField(words, true)], send: send("reopen"),
    }), "action");
  }
  const made = button(words.close, () => openForm({
    title: fill(words.close_title, { period: name }), hint: words.close_hint, submit: words.close, cancel: words.cancel, fields: [], send: send("close"),
  }), "action primary");
  made.disabled = !standing.over || standing.proposed + standing.appeals > 0;
  return made;
}
