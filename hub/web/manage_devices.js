// Devices: how each one is and was, by station; the alerts of this role; a device's history and its days.

import { ask } from "./session.js";
import { button, element, fill, openForm, table } from "./page.js";
import { STATES, drawAlerts, deviceName, reason, stateMark, wordsOf } from "./manage_alerts.js";

const MAY_FORGET = ["manager", "administrator"];
const AGAIN_MS = 10000;
const HOUR = 3600000;
const SVG = "http://www.w3.org/2000/svg";

const WORDS = {
  zh: {
    title: "设备", again: "刷新", none: "还没有终端报告过设备",
    heads: ["终端", "设备", "状态", "自", "近 24 小时", "今日可用", "说明", ""],
    past: "告警", past_heads: ["规则", "终端", "设备", "状态", "告警时间", "解除时间", "确认"], no_alerts: "没有告警",
    history: "历史", history_of: "{station} · {device} 近 7 天", close: "收起",
    spell_heads: ["状态", "从", "到", "时长", "说明"], no_spells: "这段时间没有记录", until_now: "至今",
    day_heads: ["日期", "可用率", "正常", "需留意", "故障", "无应答"], hours: "按开放时间计；无应答视为未知，不计入可用",
    not_connected: "不在线", legend: "图例", unseen: "无记录",
    forget: "停用", sure: "停用“{station}”？", sure_hint: "该终端的设备不再告警，历史保留；重新连接后自动恢复。", cancel: "取消", forgotten: "已停用：{station}",
    d: "{n} 天", h: "{n} 小时", m: "{n} 分", s: "{n} 秒",
  },
  en: {
    title: "Devices", again: "Refresh", none: "No station has reported a device yet",
    heads: ["Station", "Device", "State", "Since", "Last 24 h", "Today", "Why", ""],
    past: "Alerts", past_heads: ["Rule", "Station", "Device", "State", "Told", "Over", "Acknowledged"], no_alerts: "No alerts",
    history: "History", history_of: "{station} · {device}, last 7 days", close: "Close",
    spell_heads: ["State", "From", "To", "For", "Why"], no_spells: "Nothing is recorded for this time", until_now: "now",
    day_heads: ["Day", "Up", "Fine", "Look after", "Fault", "No answer"], hours: "Within opening hours; no answer is unknown and does not count as up",
    not_connected: "away", legend: "Key", unseen: "no record",
    forget: "Out of use", sure: "Take “{station}” out of use?", sure_hint: "Its devices raise no alert any more; their history stays. It is back as soon as it connects.", cancel: "Cancel", forgotten: "Out of use: {station}",
    d: "{n} d", h: "{n} h", m: "{n} min", s: "{n} s",
  },
};

function lasting(words, milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [d, h, m] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const parts = d ? [["d", d], ["h", h]] : h ? [["h", h], ["m", m]] : m ? [["m", m]] : [["s", seconds]];
  return parts.filter(([, n]) => n).map(([unit, n]) => fill(words[unit], { n })).join(" ");
}

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Hatching tells the states apart without colours. */
function patterns() {
  const pattern = (id, path) => drawn("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, drawn("rect", { width: 8, height: 8, class: `${id}-ground` }), drawn("path", { d: path, class: `${id}-line` }));
  return drawn("svg", { width: 0, height: 0, "aria-hidden": "true", class: "patterns" }, drawn("defs", {},
    pattern("day-degraded", "M-2,10 L10,-2 M-2,2 L2,-2 M6,10 L10,6"),
    pattern("day-faulty", "M0,0 L8,8 M8,0 L0,8"),
    pattern("day-silent", "M4,0 V8")));
}

/** The last 24 hours from left to right. */
function dayBar(page, spells, now) {
  const begin = now - 24 * HOUR;
  const seconds = Object.fromEntries(STATES.map((state) => [state, 0]));
  const bar = drawn("svg", { viewBox: "0 0 1440 22", preserveAspectRatio: "none", class: "day", role: "img" });
  for (const spell of spells) {
    const from = Math.max(begin, Date.parse(spell.since));
    const to = Math.min(now, spell.until ? Date.parse(spell.until) : now);
    if (to <= from) continue;
    seconds[spell.state] += to - from;
    const left = (from - begin) / 60000;
    bar.append(drawn("rect", { x: left, y: 0, width: Math.max(2, (to - from) / 60000), height: 22, class: `day-${spell.state}` }));
  }
  const known = STATES.reduce((sum, state) => sum + seconds[state], 0);
  const words = wordsOf(page.language);
  const share = (state) => `${words.states[state]} ${(100 * seconds[state] / known).toFixed(seconds[state] === known ? 0 : 1)}%`;
  const text = known ? STATES.filter((state) => seconds[state]).map(share).join(" · ") : WORDS[page.language].unseen;
  bar.setAttribute("aria-label", text);
  return element("div", { className: "day-cell", title: text }, bar, element("span", { className: "share", textContent: text }));
}

export async function show(root, page) {
  const words = WORDS[page.language];
  const said = element("p", { className: "done said" });
  const why = element("p", { className: "why" });
  const now = element("div", { className: "devices" });
  const opened = element("div", { className: "opened" });
  const past = element("div", {});
  const zone = { timeZone: page.hall.time_zone };
  const locale = page.language === "zh" ? "zh-CN" : "en-GB";
  const time = new Intl.DateTimeFormat(locale, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", ...zone });
  const told = (text) => (text ? time.format(Date.parse(text)) : "");
  let hallNow = Date.now();
  let chosen = null;

  function row(device, index, all, spells, share) {
    const first = index === 0 || all[index - 1].station !== device.station;
    const forget = first && !device.connected && MAY_FORGET.includes(page.session.role);
    const station = first ? [element("strong", { textContent: device.station }), device.connected ? null : element("span", { className: "mark off", textContent: words.not_connected })] : [];
    const open = button(words.history, () => tried(() => choose(device)));
    open.setAttribute("aria-label", `${words.history}: ${device.station} ${deviceName(page.language, device.device)}`);
    return element("tr", { className: first ? "first" : "" },
      element("td", {}, ...station.filter(Boolean).flatMap((one) => [one, " "])),
      element("td", { textContent: deviceName(page.language, device.device), title: device.model }),
      element("td", {}, stateMark(page.language, device.state)),
      element("td", { className: "time", textContent: told(device.since) }),
      element("td", {}, dayBar(page, spells, hallNow)),
      element("td", { className: "number", textContent: share ? `${share.uptime}%` : "–" }),
      element("td", { className: "detail", textContent: reason(page.language, device) }),
      element("td", {}, element("div", { className: "buttons" }, open, forget ? button(words.forget, () => forgetForm(device.station), "small danger") : null)));
  }

  function legend() {
    const sample = (state) => drawn("svg", { viewBox: "0 0 28 16", class: "sample", "aria-hidden": "true" }, drawn("rect", { width: 28, height: 16, class: `day-${state}` }));
    return element("p", { className: "legend" }, `${words.legend}　`, ...STATES.flatMap((state) => [sample(state), ` ${wordsOf(page.language).states[state]}　`]));
  }

  function forgetForm(station) {
    openForm({
      title: fill(words.sure, { station }), hint: words.sure_hint, fields: [], submit: words.forget, cancel: words.cancel, danger: true,
      send: async () => {
        await ask("POST", `/devices/${encodeURIComponent(station)}/forget`);
        said.textContent = fill(words.forgotten, { station });
        await draw();
      },
    });
  }

  async function choose(device) {
    chosen = device;
    await drawHistory();
    opened.querySelector("h2").focus();
  }

  async function drawHistory() {
    if (!chosen) {
      opened.replaceChildren();
      return;
    }
    const query = new URLSearchParams({ station: chosen.station, device: chosen.device, hours: 24 * 7, most: 200 });
    const from = dayText(hallNow - 6 * 24 * HOUR);
    const [{ spells }, { shares }] = await Promise.all([ask("GET", `/devices/history?${query}`), ask("GET", `/devices/uptime?from=${from}&to=${dayText(hallNow)}`)]);
    const mine = shares.filter((one) => one.station === chosen.station && one.device === chosen.device).reverse();
    const title = element("h2", { tabIndex: -1, textContent: fill(words.history_of, { station: chosen.station, device: deviceName(page.language, chosen.device) }) });
    const close = button(words.close, () => { chosen = null; drawHistory(); }, "action");
    const seconds = (value) => (value ? lasting(words, value * 1000) : "");
    opened.replaceChildren(
      element("div", { className: "bar next" }, title, close),
      element("div", { className: "two" },
        table(words.spell_heads, spells.map(spellRow), words.no_spells),
        element("div", {}, table(words.day_heads, mine.map((one) => element("tr", {},
          element("td", { className: "time", textContent: one.day }), element("td", { className: "number", textContent: `${one.uptime}%` }),
          ...STATES.map((state) => element("td", { className: "number", textContent: seconds(one[`${state}_s`]) })))), words.no_spells),
        element("p", { className: "hint", textContent: words.hours }))));
  }

  function spellRow(spell) {
    const end = spell.until ? Date.parse(spell.until) : hallNow;
    return element("tr", {},
      element("td", {}, stateMark(page.language, spell.state)),
      element("td", { className: "time", textContent: told(spell.since) }),
      element("td", { className: "time", textContent: spell.until ? told(spell.until) : words.until_now }),
      element("td", { className: "number", textContent: lasting(words, end - Date.parse(spell.since)) }),
      element("td", { className: "detail", textContent: reason(page.language, spell) }));
  }

  const dayText = (moment) => new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", ...zone }).format(moment);

  function alertRow(alert) {
    const names = wordsOf(page.language);
    return element("tr", {},
      element("td", { textContent: names.rules[alert.rule] || alert.rule }),
      element("td", { textContent: alert.station }),
      element("td", { textContent: deviceName(page.language, alert.device) }),
      element("td", {}, stateMark(page.language, alert.state)),
      element("td", { className: "time", textContent: told(alert.raised_at) }),
      element("td", { className: "time", textContent: told(alert.ended_at) || "–" }),
      element("td", { textContent: alert.acknowledged_by ? `${alert.acknowledged_by} ${told(alert.acknowledged_at)}` : "" }));
  }

  async function tried(work) {
    why.textContent = "";
    try {
      await work();
    } catch (error) {
      why.textContent = error.message;
    }
  }

  async function draw() {
    const [{ devices }, { spells }, { shares }, { alerts }, { time: at }] = await Promise.all([
      ask("GET", "/devices"), ask("GET", "/devices/history?hours=24"), ask("GET", "/devices/uptime"), ask("GET", "/alerts"), ask("GET", "/hall")]);
    hallNow = Date.parse(at);
    const of = (list, device) => list.filter((one) => one.station === device.station && one.device === device.device);
    now.replaceChildren(table(words.heads, devices.map((device, index, all) => row(device, index, all, of(spells, device), of(shares, device)[0])), words.none));
    past.replaceChildren(table(words.past_heads, alerts.slice(0, 50).map(alertRow), words.no_alerts));
    await drawAlerts(page);
  }

  async function keep() {
    while (root.isConnected) {
      await new Promise((resolve) => { setTimeout(resolve, AGAIN_MS); });
      const inside = root.contains(document.activeElement) && document.activeElement !== document.body;
      if (root.isConnected && !document.hidden && !inside) await tried(draw);
    }
  }

  root.append(patterns(),
    element("div", { className: "bar" }, element("h2", { textContent: words.title }), element("div", { className: "fields" }, button(words.again, () => tried(draw), "action"))),
    said, why, now, legend(), opened,
    element("div", { className: "bar next" }, element("h2", { textContent: words.past })), past);
  await draw();
  keep();
}
