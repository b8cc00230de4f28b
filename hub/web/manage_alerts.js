// The standing messages above every section: alerts of devices for this role, and what troubles the hub itself.

import { ask } from "./session.js";
import { button, element, fill } from "./page.js";

export const STATES = ["fine", "degraded", "faulty", "silent"];
const AGAIN_MS = 10000;
const ROLES = ["duty_leader", "manager", "administrator"];
const MARKS = { faulty: "mark bad", silent: "mark warn", degraded: "mark warn", fine: "mark" };
const SIGNS = { fine: "●", degraded: "▲", faulty: "✕", silent: "?" };

const WORDS = {
  zh: {
    states: { fine: "正常", degraded: "需留意", faulty: "故障", silent: "无应答" },
    devices: { printer: "打印机", keypad: "叫号评价器", caller: "叫号器", evaluator: "评价器", tablet: "平板评价器", voice: "语音播报", led: "条屏", "led-summary": "综合屏", "led-windows": "窗口总屏", scanner: "扫码器", id_reader: "身份证阅读器" },
    rules: { device_down: "设备故障", paper_near_end: "纸将用完" },
    codes: { station_away: "终端不在线", not_heard: "尚未收到设备数据", one_way: "打印机不会应答", near_end: "纸将用完" },
    alert: "{rule}：{station} {device}，{time} 起", acknowledge: "我来处理", by: "{who} 处理中", trouble: "服务端",
  },
  en: {
    states: { fine: "fine", degraded: "look after it", faulty: "fault", silent: "no answer" },
    devices: { printer: "printer", keypad: "keypads", caller: "caller keypad", evaluator: "evaluator", tablet: "tablet", voice: "voice", led: "LED strip", "led-summary": "summary wall", "led-windows": "wall of the counters", scanner: "scanner", id_reader: "ID-card reader" },
    rules: { device_down: "Device down", paper_near_end: "Paper ends soon" },
    codes: { station_away: "its station is away", not_heard: "nothing heard yet", one_way: "it cannot answer", near_end: "paper ends soon" },
    alert: "{rule}: {station} {device}, since {time}", acknowledge: "I look after it", by: "{who} looks after it", trouble: "Server",
  },
};

export const wordsOf = (language) => WORDS[language];

/** `led-3` is the strip of counter 3, `led-summary-2` the second summary wall. */
export function deviceName(language, name) {
  const words = WORDS[language].devices;
  const parts = name.split(/(?=[-:# ])/);
  const known = words[parts.slice(0, 2).join("")] ? 2 : 1;
  const kind = parts.slice(0, known).join("");
  return (words[kind] || kind) + parts.slice(known).join("");
}

export function stateMark(language, state) {
  return element("span", { className: MARKS[state], textContent: `${SIGNS[state]} ${WORDS[language].states[state]}` });
}

/** Why, in words: the station's own, else ours for its code. */
export function reason(language, device) {
  return device.detail || WORDS[language].codes[device.code] || device.code || "";
}

function line(page, alert, again) {
  const words = WORDS[page.language];
  const time = new Intl.DateTimeFormat(page.language === "zh" ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit", timeZone: page.hall.time_zone });
  const text = fill(words.alert, { rule: words.rules[alert.rule] || alert.rule, station: alert.station, device: deviceName(page.language, alert.device), time: time.format(Date.parse(alert.since)) });
  const right = alert.acknowledged_by
    ? element("span", { className: "looked", textContent: fill(words.by, { who: alert.acknowledged_by }) })
    : button(words.acknowledge, async () => {
      await ask("POST", `/alerts/${alert.id}/acknowledge`);
      await again();
    });
  return element("li", { className: alert.acknowledged_by ? "known" : "" }, stateMark(page.language, alert.state), element("span", { className: "what", textContent: text }), element("span", { className: "detail", textContent: reason(page.language, alert) }), right);
}

/** Draws the messages once; what cannot be asked for now is asked for later. */
export async function drawAlerts(page) {
  const place = document.getElementById("alerts");
  if (!ROLES.includes(page.session.role)) return;
  const [{ alerts }, { troubles }] = await Promise.all([ask("GET", "/alerts"), ask("GET", "/health")]);
  const standing = alerts.filter((alert) => !alert.ended_at);
  const server = troubles.map((trouble) => element("li", {}, element("span", { className: "mark bad", textContent: `✕ ${WORDS[page.language].trouble}` }), element("span", { className: "what", textContent: trouble.text })));
  const focused = place.contains(document.activeElement);
  place.replaceChildren(...server, ...standing.map((alert) => line(page, alert, () => drawAlerts(page))));
  place.hidden = !place.children.length;
  if (focused && !place.contains(document.activeElement)) (place.querySelector("button") || document.getElementById("section")).focus();
}

/** As long as the page is open; `page` gives what stands in the moment (the language changes). */
export async function keepAlerts(page) {
  for (;;) {
    if (!document.hidden) await drawAlerts(page()).catch(() => {}); // the sections say when the hub is away
    await new Promise((resolve) => { setTimeout(resolve, AGAIN_MS); });
  }
}
