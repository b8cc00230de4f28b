// Who is signed in now, and from where; administrators may end a session.

import { ask } from "./session.js";
import { button, element, table } from "./page.js";

const WORDS = {
  zh: { title: "在线会话", again: "刷新", heads: ["登录名", "姓名", "角色", "窗口", "地址", "登录时间", "最近使用", ""], none: "没有人登录", end: "结束", own: "当前" },
  en: { title: "Sessions", again: "Refresh", heads: ["Name", "Display name", "Role", "Counter", "Address", "Since", "Last used", ""], none: "Nobody is signed in", end: "End", own: "this one" },
};

export async function show(root, page) {
  const words = WORDS[page.language];
  const list = element("div", {});
  const said = element("p", { className: "why" });
  const time = new Intl.DateTimeFormat(page.language === "zh" ? "zh-CN" : "en-GB", { dateStyle: "short", timeStyle: "short", timeZone: page.hall.time_zone });

  function last(session) {
    if (session.current) return element("span", { className: "mark", textContent: words.own });
    return page.session.role === "administrator" ? button(words.end, () => end(session), "small danger") : null;
  }

  async function end(session) {
    try {
      await ask("DELETE", `/sessions/${encodeURIComponent(session.id)}`);
    } catch (error) {
      said.textContent = error.message;
    }
    await draw();
  }

  async function draw() {
    const { sessions } = await ask("GET", "/sessions");
    list.replaceChildren(table(words.heads, sessions.map((session) => element("tr", {},
      element("td", { textContent: session.name }),
      element("td", { textContent: session.display_name }),
      element("td", { textContent: page.roles[session.role] }),
      element("td", { textContent: session.counter || "" }),
      element("td", { textContent: session.address }),
      element("td", { className: "time", textContent: time.format(Date.parse(session.started_at)) }),
      element("td", { className: "time", textContent: time.format(Date.parse(session.seen_at)) }),
      element("td", {}, last(session)))), words.none));
  }

  root.append(element("div", { className: "bar" }, element("h2", { textContent: words.title }), button(words.again, draw, "action")), said, list);
  await draw();
}
