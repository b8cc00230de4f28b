// The management page: who is signed in, and the sections that their role has. A section is a module with
// `show(root, page)`; `page.place` are the parts of the address behind its name (`#assessment/star/2026-03`), and
// `page.go(...parts)` goes there. A new one needs a line in SECTIONS and its name in TABS.

import { HubAway, Watch, ask, languageNow, signInPage, signedIn } from "./session.js";
import { button, element, fill } from "./page.js";
import { drawAlerts, keepAlerts } from "./manage_alerts.js";

const SECTIONS = [
  { name: "now", roles: ["duty_leader", "manager", "auditor"], module: () => import("./manage_now.js") },
  { name: "figures", roles: ["duty_leader", "manager", "auditor"], module: () => import("./manage_figures.js") },
  { name: "assessment", roles: ["duty_leader", "manager", "auditor"], module: () => import("./manage_assessment.js") },
  { name: "findings", roles: ["duty_leader", "manager", "auditor"], module: () => import("./manage_findings.js") },
  { name: "people", roles: ["administrator", "auditor"], module: () => import("./manage_people.js") },
  { name: "sessions", roles: ["administrator", "auditor"], module: () => import("./manage_sessions.js") },
  { name: "journal", roles: ["auditor"], module: () => import("./manage_journal.js") },
  { name: "registers", roles: ["duty_leader", "manager", "administrator", "auditor"], module: () => import("./manage_registers.js") },
  { name: "devices", roles: ["duty_leader", "manager", "administrator"], module: () => import("./manage_devices.js") },
  { name: "stations", roles: ["duty_leader", "manager", "administrator"], module: () => import("./manage_stations.js") },
];

const WORDS = {
  zh: {
    title: "大厅管理", other: "English", leave: "退出登录", change: "修改密码", console: "窗口操作台", board: "叫号大屏",
    who: "{display_name}（{role}）", nothing: "您的角色目前没有管理项目。",
    idle: "{seconds} 秒后将自动退出登录。", stay: "继续使用", no_hub: "没有连接到大厅服务器，请稍后刷新页面。",
    roles: { clerk: "窗口人员", duty_leader: "值班长", manager: "大厅管理者", administrator: "系统管理员", auditor: "审计员" },
    tabs: { now: "大厅实况", figures: "统计", assessment: "考核", findings: "认定", registers: "登记", people: "人员账号", sessions: "在线会话", journal: "操作流水", devices: "设备", stations: "终端" },
  },
  en: {
    title: "Hall management", other: "中文", leave: "Sign out", change: "Change password", console: "Clerk's console", board: "Call board",
    who: "{display_name} ({role})", nothing: "There is nothing to manage for your role yet.",
    idle: "You will be signed out in {seconds} s.", stay: "Stay signed in", no_hub: "No connection to the hall's server; reload the page in a moment.",
    roles: { clerk: "clerk", duty_leader: "duty leader", manager: "manager", administrator: "administrator", auditor: "auditor" },
    tabs: { now: "Hall now", figures: "Figures", assessment: "Assessment", findings: "Findings", registers: "Registers", people: "People", sessions: "Sessions", journal: "Journal", devices: "Devices", stations: "Stations" },
  },
};

const at = (id) => document.getElementById(id);
let language = languageNow();
let session = null;
let hall = null;
let open = "";

const words = () => WORDS[language];
const sections = () => SECTIONS.filter((section) => section.roles.includes(session.role));

function drawTop() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = words().title;
  at("title").textContent = words().title;
  at("hall").textContent = hall ? hall.names[language] || hall.name : "";
  at("who").textContent = session ? fill(words().who, { display_name: session.display_name, role: words().roles[session.role] }) : "";
  at("change").textContent = words().change;
  at("language").textContent = words().other;
  at("leave").textContent = words().leave;
  at("stay").textContent = words().stay;
}

function drawTabs() {
  at("tabs").replaceChildren(...sections().map((section) => {
    const tab = button(words().tabs[section.name], () => { location.hash = section.name; }, "");
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", String(section.name === open));
    return tab;
  }));
  at("tabs").hidden = !sections().length;
}

/** `#assessment/star/2026-03` → ["assessment", "star", "2026-03"] */
const place = () => location.hash.slice(1).split("/").map(decodeURIComponent);
const address = (...parts) => `#${parts.filter((part) => part !== "" && part !== undefined).map(encodeURIComponent).join("/")}`;

async function drawSection() {
  const [name, ...rest] = place();
  const wanted = sections().find((section) => section.name === name) || sections()[0];
  const used = document.activeElement ? document.activeElement.name : "";
  const moved = Boolean(open);
  open = wanted ? wanted.name : "";
  drawTop();
  drawTabs();
  if (!wanted) {
    at("section").replaceChildren(element("p", { className: "empty" }, words().nothing, " ",
      element("a", { href: "/board/main", textContent: words().board }), " · ",
      element("a", { href: "/counter", textContent: words().console })));
    return;
  }
  const root = element("div", {});
  at("section").replaceChildren(root);
  const page = { language, session, hall, roles: words().roles, place: rest, address, go: (...parts) => { location.hash = address(wanted.name, ...parts); } };
  try {
    await (await wanted.module()).show(root, page);
    if (moved && root.isConnected) focusAgain(root, used);
  } catch (error) {
    if (error.status === 401 || error.code === "password_must_change") location.replace(signInPage("ended"));
    root.append(element("p", { className: "why", textContent: error instanceof HubAway ? words().no_hub : error.message }));
  }
}

/** Whoever works by keyboard goes on where they were: at the same field, else at the top of what was drawn. */
function focusAgain(root, name) {
  if (document.activeElement && document.activeElement !== document.body) return;
  const field = name && root.querySelector(`[name="${CSS.escape(name)}"]`);
  (field || at("section")).focus({ preventScroll: true });
}

async function leave() {
  await ask("DELETE", "/session").catch(() => ({}));
  location.replace("/login?why=left");
}

async function begin() {
  session = await signedIn();
  if (!session || session.must_change) {
    location.replace(signInPage());
    return;
  }
  hall = await ask("GET", "/hall");
  const watch = new Watch({
    left: (seconds) => {
      at("idle").hidden = seconds === null;
      if (seconds !== null) at("idle-text").textContent = fill(words().idle, { seconds });
    },
    over: () => location.replace(signInPage("ended")),
  });
  at("stay").addEventListener("click", () => watch.stay());
  keepAlerts(() => ({ language, session, hall }));
  await drawSection();
}

at("leave").addEventListener("click", leave);
at("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("hall.language", language);
  drawSection();
  drawAlerts({ language, session, hall }).catch(() => {});
});
addEventListener("hashchange", drawSection);

drawTop();
begin().catch((error) => {
  at("section").replaceChildren(element("p", { className: "why", textContent: error instanceof HubAway ? words().no_hub : error.message }));
});
