// Signing in, and choosing a new password.

import { HubAway, ask, languageNow, nextPage, signedIn } from "./session.js";

const WORDS = {
  zh: {
    title: "政务服务大厅", other: "English", sign_in: "登录", name: "登录名", password: "密码", enter: "登录",
    show: "显示", hide: "隐藏", caps: "大写锁定已打开。", forgotten: "忘记密码请找管理员重置。", by_token: "使用访问令牌",
    ended: "登录已超时或已在别处结束，请重新登录。", left: "已退出。",
    change: "修改密码", must: "密码由他人设置或已到期，请先修改密码再使用。", old: "当前密码", new: "新密码", again: "再输一次新密码",
    rules: "长一些最好；不要包含登录名，不要用常见密码。", save: "保存新密码", back: "返回", leave: "退出登录",
    differ: "两次输入的新密码不一样。", no_hub: "没有连接到大厅服务器，请稍后再试。",
  },
  en: {
    title: "Government service hall", other: "中文", sign_in: "Sign in", name: "Name", password: "Password", enter: "Sign in",
    show: "Show", hide: "Hide", caps: "Caps lock is on.", forgotten: "Forgotten? An administrator sets a new one.", by_token: "Use an access token",
    ended: "The session has timed out or was ended elsewhere; please sign in again.", left: "Signed out.",
    change: "Change password", must: "This password was set by somebody else or has expired; choose a new one first.", old: "Present password", new: "New password", again: "New password again",
    rules: "Longer is better; without your name in it, and not one that everybody uses.", save: "Save new password", back: "Back", leave: "Sign out",
    differ: "The two new passwords differ.", no_hub: "No connection to the hall's server; try again in a moment.",
  },
};

const HOME = { clerk: "/counter", duty_leader: "/manage" };
const at = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
let language = languageNow();
let session = null;
let shown = "";

function draw() {
  const words = WORDS[language];
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = words[shown === "change" ? "change" : "sign_in"];
  document.querySelectorAll("[data-text]").forEach((element) => { element.textContent = words[element.dataset.text]; });
  document.querySelectorAll("[data-show]").forEach((button) => {
    button.textContent = at(button.dataset.show).type === "password" ? words.show : words.hide;
  });
  at("language").textContent = words.other;
  at("note").textContent = words[asked.get("why")] || "";
  at("note").hidden = !at("note").textContent;
  at("by-token").hidden = nextPage(asked.get("next"), "") !== "/counter";
  at("sign-in").hidden = shown !== "sign-in";
  at("change").hidden = shown !== "change";
  at("must").textContent = session && session.must_change ? words.must : "";
  at("back").hidden = Boolean(session && session.must_change);
  if (session) at("back").href = nextPage(asked.get("next"), HOME[session.role] || "/manage");
}

function show(what, focus) {
  shown = what;
  draw();
  at(focus).focus();
}

function came(answer) {
  session = answer;
  sessionStorage.removeItem("hall.token"); // a program's, used in this tab before: the person counts now
  if (session.must_change || asked.has("change")) {
    at("account").value = session.name;
    show("change", "old");
  } else {
    location.replace(nextPage(asked.get("next"), HOME[session.role] || "/manage"));
  }
}

async function during(form, why, work) {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  at(why).textContent = "";
  try {
    await work();
  } catch (error) {
    at(why).textContent = error instanceof HubAway ? WORDS[language].no_hub : error.message;
  } finally {
    button.disabled = false;
  }
}

at("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  during(at("sign-in"), "why", async () => {
    try {
      came(await ask("POST", "/session", { name: at("name").value, password: at("password").value }));
    } finally {
      if (shown === "sign-in") {
        at("password").value = "";
        at("password").focus();
      } else {
        at("old").value = at("password").value;
        at("password").value = "";
        at(at("old").value ? "new" : "old").focus();
      }
    }
  });
});

at("change").addEventListener("submit", (event) => {
  event.preventDefault();
  if (at("new").value !== at("again").value) {
    at("change-why").textContent = WORDS[language].differ;
    at("again").focus();
    return;
  }
  during(at("change"), "change-why", async () => {
    session = await ask("POST", "/session/password", { old: at("old").value, new: at("new").value });
    asked.delete("change");
    came(session);
  });
});

at("leave").addEventListener("click", async (event) => {
  event.preventDefault();
  await during(at("change"), "change-why", async () => {
    await ask("DELETE", "/session");
    location.replace("/login?why=left");
  });
});

document.querySelectorAll("[data-show]").forEach((button) => button.addEventListener("click", () => {
  const input = at(button.dataset.show);
  input.type = input.type === "password" ? "text" : "password";
  draw();
  input.focus();
}));

addEventListener("keyup", (event) => {
  if (event.getModifierState) at("caps").hidden = !event.getModifierState("CapsLock");
});

at("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("hall.language", language);
  draw();
});

draw();
signedIn().then((known) => (known ? came(known) : show("sign-in", "name"))).catch(() => {
  show("sign-in", "name");
  at("why").textContent = WORDS[language].no_hub;
});
