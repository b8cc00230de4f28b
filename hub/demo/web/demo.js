// The demo's page: looks at the real parts through the hub and lets people press and touch them.
"use strict";

const at = (id) => document.getElementById(id);
let language = navigator.language.startsWith("zh") ? "zh" : "en";
if (new URLSearchParams(location.search).get("lang")) language = new URLSearchParams(location.search).get("lang");
const say = (zh, en) => (language === "zh" ? zh : en);

const COUNTS = [["issued", "取号", "Issued"], ["waiting", "等候", "Waiting"], ["serving", "在办", "At counters"],
  ["served", "办结", "Served"], ["no_shows", "过号", "No-shows"], ["evaluated", "评价", "Evaluated"]];
const KEYS = [["呼叫", "Call", ["0C"]], ["重呼", "Recall", ["0D"]], ["评价", "Evaluate", ["0B"]], ["弃号", "No-show", ["06", "0F"]]];
const LEVELS = [["非常满意", "Very good"], ["满意", "Good"], ["基本满意", "Fair"], ["不满意", "Bad"], ["非常不满意", "Very bad"]];
const FAULTS = [["paper-out", "缺纸", "paper out"], ["near-end", "纸将尽", "near end"], ["cover-open", "开盖", "cover open"],
  ["offline", "离线", "off-line"], ["mute", "不应答", "mute"], ["paper-out-mid-ticket", "打印中缺纸", "out mid-ticket"]];

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

async function json(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(path + ": " + answer.status);
  return answer.json();
}

const post = (path, body) => fetch(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
const rest = (ms) => new Promise((done) => setTimeout(done, ms));

// Keeps a look at something going; a failed look is tried again, slower.
async function forever(look) {
  for (;;) {
    try {
      await look();
      document.body.classList.remove("away");
    } catch (trouble) {
      await rest(1500);
    }
  }
}

function wordEverything() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const one of document.querySelectorAll("[data-zh]")) one.textContent = one.dataset[language];
  at("language").textContent = say("English", "中文");
  at("kiosk-screen").alt = say("取号机屏幕", "the kiosk's screen");
  at("board-frame").src = "/board/main?lang=" + language;
  at("console-frame").src = "/counter?counter=4&token=demo-clerk-4&lang=" + language;
  drawFaults(shownFaults);
  linesDrawn = "";
  drawStrips();
  at("lines").textContent = "";
}

at("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  wordEverything();
});

// -- board and console keep their proportions and are shown smaller as a whole

function fit(frame) {
  const [width, height] = [Number(frame.dataset.width), Number(frame.dataset.height)];
  const scale = Math.min(frame.clientWidth / width, frame.clientHeight / height);
  const inside = frame.firstElementChild;
  inside.style.width = width + "px";
  inside.style.height = height + "px";
  inside.style.transform = "scale(" + scale + ") translate(-50%, -50%)";
}
for (const frame of document.querySelectorAll(".frame")) new ResizeObserver(() => fit(frame)).observe(frame);

// -- time and counts

let hallTime = null;
let facts = { speed: 1, strips: [] };
let exportPath = "";

at("export").addEventListener("click", async () => {
  if (!exportPath) return;
  const answer = await fetch(exportPath, { headers: { Authorization: "Bearer demo-manager", "Accept-Language": language } });
  const link = element("a", { href: URL.createObjectURL(await answer.blob()), download: "satisfaction.xlsx" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
});

function drawClock() {
  if (hallTime === null) return;
  const now = new Date(hallTime.at + (performance.now() - hallTime.heard) * facts.speed);
  const text = now.toLocaleString(language === "zh" ? "zh-CN" : "en-GB", { timeZone: hallTime.zone, weekday: "short", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  at("clock").textContent = text + (facts.speed === 1 ? "" : "  ×" + facts.speed);
}

async function lookAtHall() {
  const hall = await json("/api/v1/hall");
  hallTime = { at: Date.parse(hall.time), heard: performance.now(), zone: hall.time_zone };
  const counts = await json("/demo/counts");
  at("counts").replaceChildren(...COUNTS.map(([name, zh, en]) => element("div", {}, element("dt", { textContent: say(zh, en) }), element("dd", { textContent: counts[name] }))));
  const day = hall.time.slice(0, 10);
  exportPath = "/api/v1/exports/satisfaction.xlsx?by=counter,service,day&from=" + day + "&to=" + day;
  await rest(2000);
}

// -- the kiosk: its own screen as a picture; a click is a touch

async function lookAtKiosk() {
  const answer = await fetch("/demo/stations/kiosk-1/screen.png", { cache: "no-store" });
  if (!answer.ok) throw new Error("kiosk: " + answer.status);
  const address = URL.createObjectURL(await answer.blob());
  const picture = at("kiosk-screen");
  const old = picture.src;
  picture.src = address;
  await picture.decode();
  if (old) URL.revokeObjectURL(old);
  await rest(400);
}

at("kiosk-screen").addEventListener("click", (event) => {
  const picture = event.target;
  const box = picture.getBoundingClientRect();
  const edge = parseFloat(getComputedStyle(picture).borderLeftWidth);
  const x = Math.round(((event.clientX - box.left - edge) / (box.width - 2 * edge)) * picture.naturalWidth);
  const y = Math.round(((event.clientY - box.top - edge) / (box.height - 2 * edge)) * picture.naturalHeight);
  post("/demo/stations/kiosk-1/touch", { x: Math.max(0, x), y: Math.max(0, y) });
});

// -- the printer: the paper that came out, and its faults

let printerSeen = -1;
let slipSeen = 0;
let shownFaults = [];

async function lookAtPrinter() {
  const state = await json("/demo/twins/printer/state.json");
  shownFaults = state.faults;
  drawFaults(state.faults);
  at("paper-state").textContent = state.blocked ? say("不能打印", "blocked") : say("已出 " + state.slips + " 张", state.slips + " slips");
  for (let number = Math.max(slipSeen + 1, state.slips - 5); number <= state.slips; number++) {
    at("slips").prepend(element("img", { src: "/demo/twins/printer/paper/" + number + ".png", alt: say("号票 ", "slip ") + number }));
  }
  slipSeen = state.slips;
  while (at("slips").children.length > 6) at("slips").lastChild.remove();
  printerSeen = state.version;
  await json("/demo/twins/printer/events?after=" + printerSeen);
}

function drawFaults(on) {
  at("faults").replaceChildren(...FAULTS.map(([name, zh, en]) => {
    const button = element("button", { type: "button", textContent: say(zh, en) });
    button.setAttribute("aria-pressed", on.includes(name));
    button.addEventListener("click", () => post("/demo/twins/printer/faults", on.includes(name) ? { off: [name] } : { on: [name] }));
    return button;
  }));
}

// -- the keypads

let linesDrawn = "";

async function lookAtKeypads() {
  const state = await json("/demo/twins/ff68/state.json");
  if (linesDrawn !== language) {
    at("lines").replaceChildren(...state.lines.map(drawLine));
    linesDrawn = language;
  }
  state.lines.forEach((line, index) => {
    const box = at("lines").children[index];
    const { pad, evaluator } = line.devices[0];
    box.querySelector(".waiting").textContent = pad.waiting;
    box.querySelector(".number").textContent = pad.number;
    box.querySelector("h3 small").textContent = evaluator.asking ? say("请评价", "asking") : say("已评 " + evaluator.pressed, evaluator.pressed + " pressed");
    box.classList.toggle("asking", evaluator.asking);
  });
  await json("/demo/twins/ff68/events?after=" + state.version);
  await rest(100);
}

function drawLine(line) {
  const press = (body) => post("/demo/twins/ff68/press", { line: line.number, address: 1, ...body });
  const key = (label, body) => {
    const button = element("button", { type: "button", textContent: label });
    button.addEventListener("click", () => press(body));
    return button;
  };
  return element("div", { className: "line" },
    element("h3", {}, element("span", { textContent: say(line.number + " 号窗口", "Counter " + line.number) }), element("small")),
    element("div", { className: "digits" },
      element("small", { textContent: say("等候", "waiting") }), element("span", { className: "waiting" }),
      element("small", { textContent: say("号码", "number") }), element("span", { className: "number" })),
    element("div", { className: "keys" }, ...KEYS.map(([zh, en, keys]) => key(say(zh, en), { device: "caller", keys }))),
    element("div", { className: "keys levels" }, ...LEVELS.map(([zh, en], value) => key(say(zh, en), { device: "evaluator", value }))));
}

// -- the LED strips: their pictures, looked at one after the other, fetched anew when one has changed

const stripSeen = {};

function drawStrips() {
  at("strips").replaceChildren(...facts.strips.map((twin) => {
    const address = "/demo/twins/devices/" + twin.name + "/";
    const picture = element("img", { id: twin.name, alt: say(twin.zh, twin.en) });
    return element("a", { href: address, target: "_blank" }, element("span", { textContent: say(twin.zh, twin.en) }), picture);
  }));
  Object.keys(stripSeen).forEach((name) => delete stripSeen[name]);
}

async function lookAtStrips() {
  for (const { name } of facts.strips) {
    const { version } = await json("/demo/twins/devices/" + name + "/state.json");
    if (stripSeen[name] !== version) at(name).src = "/demo/twins/devices/" + name + "/picture.png?" + version;
    stripSeen[name] = version;
  }
  await rest(800);
}

json("/demo/facts").then((answer) => {
  facts = answer;
  drawStrips();
  forever(lookAtStrips);
  at("tokens").textContent = answer.tokens.join("  ");
  at("accounts").textContent = answer.accounts.join("  ");
});
wordEverything();
setInterval(drawClock, 250);
forever(lookAtHall);
forever(lookAtKiosk);
forever(lookAtPrinter);
forever(lookAtKeypads);
