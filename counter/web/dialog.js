// One modal window for every question. A question is a list of fields; the answer is their values, or null.

const at = (id) => document.getElementById(id);

export function make(tag, { text, ...facts } = {}, children = []) {
  const element = document.createElement(tag);
  Object.keys(facts).forEach((name) => {
    if (name in element && name !== "list" && name !== "role") element[name] = facts[name];
    else element.setAttribute(name, facts[name]);
  });
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

export const isOpen = () => at("dialog").open;

let parts = []; // the fields of the open question

/** What can be chosen may have changed. */
export function refresh() {
  if (isOpen()) parts.forEach((part) => part.refresh());
}

export function shut() {
  if (isOpen()) at("dialog").close();
}

/**
 * Shows `content` with `buttons` `[{value, text, primary, hotkey}]`; resolves to the value of the one pressed, null for Esc.
 * `check(value)` may refuse with a sentence that is shown.
 */
export function show({ title, content, buttons, check = () => "" }) {
  const dialog = at("dialog");
  const why = at("dialog-why");
  at("dialog-title").textContent = title;
  at("dialog-body").replaceChildren(...content);
  why.textContent = "";
  at("dialog-buttons").replaceChildren(
    ...buttons.map(({ value, text, primary }) =>
      make("button", { type: primary ? "submit" : "button", className: primary ? "action primary" : "action", text, value }),
    ),
  );
  return new Promise((resolve) => {
    let chosen = null;
    const choose = (value) => {
      const refusal = value === null ? "" : check(value);
      why.textContent = refusal;
      if (refusal) return;
      chosen = value;
      dialog.close();
    };
    at("dialog-buttons").onclick = (event) => {
      const button = event.target.closest("button");
      if (button && button.type === "button") choose(button.value || null);
    };
    at("dialog-form").onsubmit = (event) => {
      event.preventDefault();
      const first = buttons.find((button) => button.primary);
      if (first) choose(first.value);
    };
    dialog.onclose = () => resolve(chosen);
    dialog.showModal();
    at("dialog-body").scrollTop = 0;
  });
}

/**
 * `fields`: `{name, kind, label, …}` with kind
 *   pick   one of `options(values)` or `options`, `[{value, label, detail, group}]`; `rows` for a long list, `filter` to find in it,
 *          `first` chooses the first one when nothing is chosen
 *   ticks  some of `options`     tick  yes or no     text  a line; `optional`
 * `when(values)` hides a field. Answers `{name: value}` without the hidden ones, null when given up.
 */
export async function ask({ title, fields, confirm, cancel, missing }) {
  const values = {};
  parts = fields.map((field) => partOf(field, values, refresh));
  parts.forEach((part) => part.refresh());
  const shown = () => parts.filter((part) => !part.element.hidden);
  const content = parts.map((part) => part.element);
  const check = () => {
    const empty = shown().find((part) => part.isEmpty());
    if (!empty) return "";
    empty.focus();
    return missing.replace("{field}", empty.field.label);
  };
  const buttons = [{ value: "", text: cancel }, { value: "yes", text: confirm, primary: true }];
  const answer = show({ title, content, buttons, check });
  const first = shown().find((part) => !part.field.optional);
  if (first) first.focus();
  const given = await answer;
  const all = shown();
  parts = [];
  if (!given) return null;
  return all.reduce((told, part) => Object.assign(told, { [part.field.name]: values[part.field.name] }), {});
}

function partOf(field, values, changed) {
  const part = KINDS[field.kind](field, values, changed);
  const refresh = () => {
    part.element.hidden = field.when ? !field.when(values) : false;
    if (part.fill && !part.element.hidden) part.fill();
  };
  return Object.assign(part, { field, refresh });
}

const KINDS = { pick, ticks, tick, text };

function optionsOf(field, values) {
  return typeof field.options === "function" ? field.options(values) : field.options;
}

function option({ value, label, detail, group }, { name, type, checked }, change) {
  const input = make("input", { type, name, value, checked });
  input.addEventListener("change", change);
  const words = [make("b", { text: label })].concat(detail ? [make("small", { text: detail })] : []);
  const row = make("label", { className: "option" }, [input, make("span", {}, words)]);
  if (group) row.dataset.group = group;
  return row;
}

function pick(field, values, changed) {
  const list = make("div", { className: field.rows ? "rows" : "chips" });
  const filter = field.filter ? make("input", { type: "text", className: "filter", autocomplete: "off", placeholder: field.filter }) : null;
  const element = make("fieldset", {}, [make("legend", { text: field.label })].concat(filter ? [filter] : [], [list]));
  let drawn = null;
  values[field.name] = field.value;
  const fill = () => {
    const wanted = filter ? filter.value.trim().toLowerCase() : "";
    const options = optionsOf(field, values).filter((one) => one.label.toLowerCase().includes(wanted));
    const now = JSON.stringify(options);
    if (now === drawn) return;
    drawn = now;
    if (!options.some((one) => one.value === values[field.name])) {
      values[field.name] = options.length && (wanted || field.first) ? options[0].value : undefined;
    }
    const within = list.contains(document.activeElement);
    list.replaceChildren(...rows(options), ...(options.length ? [] : [make("p", { className: "none", text: field.none || "" })]));
    if (within) focus();
  };
  const rows = (options) => {
    let group = null;
    return options.flatMap((one) => {
      const facts = { name: field.name, type: "radio", checked: one.value === values[field.name] };
      const row = option(one, facts, () => {
        values[field.name] = one.value;
        changed();
      });
      const head = one.group && one.group !== group ? [make("p", { className: "group", text: one.group })] : [];
      group = one.group;
      return head.concat([row]);
    });
  };
  if (filter) filter.addEventListener("input", () => changed());
  const focus = () => (filter || list.querySelector("input:checked") || list.querySelector("input") || list).focus();
  return { element, fill, focus, isEmpty: () => values[field.name] === undefined };
}

function ticks(field, values) {
  values[field.name] = field.value;
  const change = (value) => (event) => {
    const others = values[field.name].filter((one) => one !== value);
    values[field.name] = event.target.checked ? others.concat([value]) : others;
  };
  const rows = optionsOf(field, values).map((one) =>
    option(one, { name: field.name, type: "checkbox", checked: field.value.includes(one.value) }, change(one.value)),
  );
  const list = make("div", { className: "rows" }, rows);
  const element = make("fieldset", {}, [make("legend", { text: field.label }), list]);
  return { element, focus: () => list.querySelector("input").focus(), isEmpty: () => !values[field.name].length };
}

function tick(field, values) {
  values[field.name] = Boolean(field.value);
  const change = (event) => {
    values[field.name] = event.target.checked;
  };
  const element = make("div", { className: "chips" }, [
    option({ value: "yes", label: field.label }, { name: field.name, type: "checkbox", checked: Boolean(field.value) }, change),
  ]);
  return { element, focus: () => element.querySelector("input").focus(), isEmpty: () => false };
}

function text(field, values) {
  values[field.name] = "";
  const input = make("input", { type: "text", name: field.name, maxLength: field.most || 200, autocomplete: "off" });
  input.addEventListener("input", () => {
    values[field.name] = input.value.trim();
  });
  const element = make("label", { className: "line" }, [make("span", { text: field.label }), input]);
  return { element, focus: () => input.focus(), isEmpty: () => !field.optional && !values[field.name] };
}
