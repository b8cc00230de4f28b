// Small pieces that the management pages are drawn with.

/** `element("td", {className: "time"}, "09:00", child)` */
export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(text, onclick, className = "small") {
  return element("button", { type: "button", className, textContent: text, onclick });
}

export function field(label, input) {
  return element("label", {}, element("span", { textContent: label }), input);
}

/** A head is a text, or `{text, number: true}` above numbers. */
export function table(heads, rows, nothing) {
  const body = rows.length ? rows : [element("tr", {}, element("td", { colSpan: heads.length, className: "empty", textContent: nothing }))];
  const head = element("tr", {}, ...heads.map((one) => element("th", { scope: "col", textContent: one.text ?? one, className: one.number ? "right" : "" })));
  return element("div", { className: "scroll" }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
}

export function fill(text, facts) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

/** A form in a dialog. `send(values)` may throw: its message is shown and the dialog stays. */
export function openForm({ title, fields, submit, cancel, danger, hint, send }) {
  const why = element("p", { className: "why" });
  why.setAttribute("role", "alert");
  const save = element("button", { className: danger ? "action danger" : "action primary", textContent: submit });
  const dialog = element("dialog", {});
  const form = element("form", {},
    element("h2", { textContent: title }),
    hint ? element("p", { className: "hint", textContent: hint }) : null,
    ...fields, why,
    element("div", { className: "ends" }, button(cancel, () => dialog.close(), "action"), save));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    save.disabled = true;
    why.textContent = "";
    try {
      await send(Object.fromEntries(new FormData(form)));
      dialog.close();
    } catch (error) {
      why.textContent = error.message;
    } finally {
      save.disabled = false;
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
}
