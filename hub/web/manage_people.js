// Accounts: auditors look, administrators also change.

import { ask } from "./session.js";
import { button, element, field, fill, openForm, table } from "./page.js";

const WORDS = {
  zh: {
    title: "人员账号", add: "新增人员", heads: ["登录名", "姓名", "角色", "固定窗口", "状态", "在线", ""], none: "还没有账号",
    name: "登录名（工号、拼音等，2–40 个字符）", display_name: "姓名", role: "角色", counter: "固定窗口", any: "不固定", password: "初始密码（本人首次登录后须修改）",
    change: "修改", reset: "重置密码", off: "停用", on: "启用", unlock: "解锁", save: "保存", cancel: "取消",
    active: "正常", is_off: "已停用", locked: "已锁定", must: "须改密码", new_password: "新密码（本人下次登录后须修改）",
    off_title: "停用 {name}？", off_hint: "停用后不能再登录，已登录的会话立即结束。以后可以重新启用。",
    reset_title: "重置 {name} 的密码", change_title: "修改 {name}", ends: "修改角色或固定窗口后，此人须重新登录。",
    did: { add: "已新增 {name}", change: "已修改 {name}", reset: "已重置 {name} 的密码", off: "已停用 {name}", on: "已启用 {name}", unlock: "已解锁 {name}" },
  },
  en: {
    title: "People", add: "Add a person", heads: ["Name", "Display name", "Role", "Home counter", "State", "Sessions", ""], none: "There is no account yet",
    name: "Log-in name (2–40 characters)", display_name: "Display name", role: "Role", counter: "Home counter", any: "any", password: "First password (must be changed at the first sign-in)",
    change: "Change", reset: "Reset password", off: "Switch off", on: "Switch on", unlock: "Unlock", save: "Save", cancel: "Cancel",
    active: "active", is_off: "off", locked: "locked", must: "must change password", new_password: "New password (must be changed at the next sign-in)",
    off_title: "Switch off {name}?", off_hint: "Nobody can sign in with it any more, and its sessions end now. It can be switched on again.",
    reset_title: "Reset the password of {name}", change_title: "Change {name}", ends: "After another role or home counter this person signs in again.",
    did: { add: "{name} added", change: "{name} changed", reset: "Password of {name} reset", off: "{name} switched off", on: "{name} switched on", unlock: "{name} unlocked" },
  },
};

const AT_COUNTERS = ["clerk", "duty_leader"];

export async function show(root, page) {
  const words = WORDS[page.language];
  const mayChange = page.session.role === "administrator";
  const said = element("p", { className: "done said" });
  said.setAttribute("role", "status");
  const list = element("div", {});
  const { people } = await ask("GET", "/people");
  const path = (person, verb) => `/people/${encodeURIComponent(person.name)}${verb ? `/${verb}` : ""}`;

  async function again(did, name) {
    said.textContent = fill(words.did[did], { name });
    draw((await ask("GET", "/people")).people);
  }

  async function at_once(person, verb) {
    try {
      await ask("POST", path(person, verb));
      await again(verb, person.name);
    } catch (error) {
      said.textContent = error.message;
    }
  }

  function roleFields(role, counter) {
    const counters = element("select", { name: "counter" },
      element("option", { value: "", textContent: words.any }),
      ...page.hall.counters.map((one) => element("option", { value: one.code, textContent: one.label, selected: one.code === counter })));
    const roles = element("select", { name: "role" },
      ...Object.keys(page.roles).map((one) => element("option", { value: one, textContent: page.roles[one], selected: one === role })));
    const home = field(words.counter, counters);
    roles.onchange = () => { home.hidden = !AT_COUNTERS.includes(roles.value); };
    roles.onchange();
    return [field(words.role, roles), home];
  }

  const passwordField = (label) => field(label, element("input", { name: "password", type: "password", autocomplete: "new-password", required: true, maxLength: 1000 }));

  function add() {
    openForm({
      title: words.add, submit: words.add, cancel: words.cancel,
      fields: [
        field(words.name, element("input", { name: "name", required: true, minLength: 2, maxLength: 40, autocomplete: "off" })),
        field(words.display_name, element("input", { name: "display_name", maxLength: 80, autocomplete: "off" })),
        ...roleFields("clerk", ""), passwordField(words.password),
      ],
      send: async ({ name, display_name, role, counter, password }) => {
        const home = AT_COUNTERS.includes(role) && counter ? { counter } : {};
        await ask("POST", "/people", { name, display_name, role, password, ...home });
        await again("add", name);
      },
    });
  }

  function change(person) {
    openForm({
      title: fill(words.change_title, person), hint: words.ends, submit: words.save, cancel: words.cancel,
      fields: [
        field(words.display_name, element("input", { name: "display_name", value: person.display_name, required: true, maxLength: 80 })),
        ...roleFields(person.role, person.counter),
      ],
      send: async ({ display_name, role, counter }) => {
        const home = AT_COUNTERS.includes(role) && counter ? { counter } : { any_counter: true };
        await ask("POST", path(person), { display_name, role, ...home });
        await again("change", person.name);
      },
    });
  }

  function reset(person) {
    openForm({
      title: fill(words.reset_title, person), submit: words.reset, cancel: words.cancel, fields: [passwordField(words.new_password)],
      send: async ({ password }) => {
        await ask("POST", path(person, "password"), { password });
        await again("reset", person.name);
      },
    });
  }

  function off(person) {
    openForm({
      title: fill(words.off_title, person), hint: words.off_hint, submit: words.off, cancel: words.cancel, danger: true, fields: [],
      send: async () => {
        await ask("POST", path(person, "off"));
        await again("off", person.name);
      },
    });
  }

  function state(person) {
    return [
      person.active ? element("span", { className: "mark", textContent: words.active }) : element("span", { className: "mark off", textContent: words.is_off }),
      person.locked ? element("span", { className: "mark bad", textContent: words.locked }) : null,
      person.must_change ? element("span", { className: "mark warn", textContent: words.must }) : null,
    ];
  }

  function buttons(person) {
    if (!mayChange) return null;
    return element("div", { className: "buttons" },
      button(words.change, () => change(person)),
      button(words.reset, () => reset(person)),
      person.locked ? button(words.unlock, () => at_once(person, "unlock")) : null,
      person.active ? button(words.off, () => off(person), "small danger") : button(words.on, () => at_once(person, "on")));
  }

  function draw(all) {
    list.replaceChildren(table(words.heads, all.map((person) => element("tr", { className: person.active ? "" : "off" },
      element("td", { textContent: person.name }),
      element("td", { textContent: person.display_name }),
      element("td", { textContent: page.roles[person.role] }),
      element("td", { textContent: person.counter || (AT_COUNTERS.includes(person.role) ? words.any : "") }),
      element("td", {}, ...state(person)),
      element("td", { className: "number", textContent: String(person.sessions || "") }),
      element("td", {}, buttons(person)))), words.none));
  }

  root.append(
    element("div", { className: "bar" }, element("h2", { textContent: words.title }), mayChange ? button(words.add, add, "action primary") : null),
    said, list);
  draw(people);
}
