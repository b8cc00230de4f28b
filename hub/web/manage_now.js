// The hall now: counters and lines as the board tells them at once, today's sums a moment later. Nothing is drawn anew
// that did not change, so that nothing flickers under the eyes of whoever watches.

import { ask } from "./session.js";
import { element, fill } from "./page.js";
import { BoardLive } from "./board_live.js";
import { clock } from "./clock.js";

const SUMS_MS = 2500; // after a change on the board
const AGAIN_MS = 15000;
const SEES_DEVICES = ["duty_leader", "manager", "administrator"];
const SIGNS = { serving: "●", calling: "◆", open: "○", away: "▲", closed: "–" };

const WORDS = {
  zh: {
    title: "大厅实况", live: "实时", lost: "连接中断，正在重连", at: "大厅时间 {time}",
    tiles: { issued: "今日取号", waiting: "正在等候", served: "今日办结", no_shows: "今日过号", rate: "今日满意率", wait: "今日等候 P50", longest: "等候最久", warnings: "告警" },
    none: "—", nobody: "无人等候", minutes: "{low}–{high} 分钟", quiet: "无", above: "见页面上方",
    counters: "窗口", lines: "各业务等候", heads: ["业务", "等候", "预计（P20–P80）", "最近叫号"],
    states: { serving: "办理中", calling: "呼叫中", open: "空闲", away: "暂离", closed: "未开放" },
    back: "{time} 返回", stand_in: "→ {name}", states_of: "办理 {serving} · 呼叫 {calling} · 空闲 {open} · 暂离 {away} · 未开放 {closed}",
    over: "P90 {p90} · 超时 {n}",
  },
  en: {
    title: "Hall now", live: "live", lost: "Connection lost, trying again", at: "Hall time {time}",
    tiles: { issued: "Tickets today", waiting: "Waiting now", served: "Served today", no_shows: "No-shows today", rate: "Satisfaction today", wait: "Wait today, P50", longest: "Longest wait", warnings: "Warnings" },
    none: "—", nobody: "nobody waits", minutes: "{low}–{high} min", quiet: "none", above: "see the top",
    counters: "Counters", lines: "Waiting by service", heads: ["Service", "Waiting", "P20–P80", "Last call"],
    states: { serving: "serving", calling: "calling", open: "free", away: "away", closed: "closed" },
    back: "back at {time}", stand_in: "→ {name}", states_of: "{serving} serving · {calling} calling · {open} free · {away} away · {closed} closed",
    over: "P90 {p90} · {n} too long",
  },
};

/** Change a text only where it differs. */
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Keeps one node a key, in the order of the keys. */
function keyed(root, make) {
  const known = new Map();
  return (keys) => {
    for (const [key, node] of known) {
      if (!keys.includes(key)) {
        node.root.remove();
        known.delete(key);
      }
    }
    keys.forEach((key, n) => {
      if (!known.has(key)) known.set(key, make(key));
      if (root.children[n] !== known.get(key).root) root.insertBefore(known.get(key).root, root.children[n] || null);
    });
    return known;
  };
}

function tile(label) {
  const value = element("strong", {});
  const more = element("span", { className: "more-of" });
  return { value, more, root: element("div", { className: "tile" }, element("span", { className: "name", textContent: label }), value, more) };
}

function card() {
  const parts = { label: element("span", { className: "label" }), state: element("span", { className: "state" }), number: element("strong", {}), time: element("span", { className: "time" }), what: element("span", { className: "what" }), who: element("span", { className: "who" }) };
  const root = element("li", {}, element("div", { className: "line" }, parts.label, parts.state), element("div", { className: "line" }, parts.number, parts.time), element("div", { className: "line" }, parts.what, parts.who));
  return { root, parts };
}

function serviceRow() {
  const cells = [element("td", {}), element("td", { className: "number right" }), element("td", { className: "number" }), element("td", { className: "number" })];
  return { root: element("tr", {}, ...cells), cells };
}

export async function show(root, page) {
  const words = WORDS[page.language];
  const names = Object.fromEntries(page.hall.services.map((service) => [service.code, service.names[page.language] || service.names.zh]));
  const headings = new Set(page.hall.services.map((service) => service.parent).filter(Boolean));
  const zone = { timeZone: page.hall.time_zone, hour12: false };
  const hours = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", ...zone });
  const seconds = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", ...zone });
  const state = element("span", { className: "mark", textContent: words.live });
  const time = element("span", { className: "time" });
  const why = element("p", { className: "why" });
  const tiles = Object.fromEntries(Object.entries(words.tiles).map(([name, label]) => [name, tile(label)]));
  tiles.warnings.root.hidden = !SEES_DEVICES.includes(page.session.role);
  const counters = element("ul", { className: "counters-now" });
  const sum = element("p", { className: "hint" });
  const lines = element("tbody", {});
  const cards = keyed(counters, card);
  const rows = keyed(lines, serviceRow);
  let told = { counters: [], today: {} };
  let board = {};
  let asked = null;
  const changed = new Map(); // counters whose state the board knows before the sums do

  /** The board is ahead of the sums: what it says of a counter holds, since the moment that it said so. */
  function counterNow(one) {
    const live = (board.counters || {})[one.code];
    if (!live || (live.state === one.state && live.number === one.number)) {
      changed.delete(one.code);
      return one;
    }
    const key = `${live.state} ${live.number}`;
    if ((changed.get(one.code) || {}).key !== key) changed.set(one.code, { key, since: new Date(now()).toISOString() });
    return { ...one, state: live.state, number: live.number, since: changed.get(one.code).since, service: live.number ? one.service : undefined };
  }

  function now() {
    return live.now() || Date.parse(told.at || page.hall.time);
  }

  const since = (text) => (text ? clock((now() - Date.parse(text)) / 1000) : "");

  function drawCounters() {
    const list = told.counters.map(counterNow);
    const known = cards(list.map((one) => one.code));
    for (const one of list) {
      const { root: node, parts } = known.get(one.code);
      if (node.className !== one.state) node.className = one.state;
      say(parts.label, one.label);
      say(parts.state, `${SIGNS[one.state]} ${words.states[one.state]}`);
      const away = one.state === "away";
      say(parts.number, (away ? one.reason : one.number) || "");
      say(parts.time, one.state === "closed" ? "" : since(one.since));
      say(parts.what, (away ? one.back_at && fill(words.back, { time: hours.format(Date.parse(one.back_at)) }) : one.number && names[one.service]) || "");
      say(parts.who, one.stand_in ? fill(words.stand_in, { name: one.stand_in }) : one.clerk || "");
      const title = [one.label, words.states[one.state], one.number, names[one.service], one.reason, one.clerk, one.stand_in && fill(words.stand_in, { name: one.stand_in })].filter(Boolean).join(" · ");
      if (node.title !== title) node.title = title;
    }
    const count = (name) => list.filter((one) => one.state === name).length;
    say(sum, fill(words.states_of, Object.fromEntries(Object.keys(SIGNS).map((name) => [name, count(name)]))));
  }

  function drawLines() {
    const services = Object.entries(board.services || {}).filter(([code]) => !headings.has(code));
    const known = rows(services.map(([code]) => code));
    for (const [code, service] of services) {
      const { cells } = known.get(code);
      [names[code] || code, String(service.waiting), service.wait_minutes ? fill(words.minutes, service.wait_minutes) : words.none, service.last_called || ""].forEach((text, n) => say(cells[n], text));
    }
    say(tiles.waiting.value, String(services.reduce((all, [, service]) => all + service.waiting, 0)));
  }

  function drawSums() {
    const today = told.today;
    const put = (name, value, more = "") => {
      say(tiles[name].value, value);
      say(tiles[name].more, more);
    };
    put("issued", String(today.issued ?? words.none));
    put("served", String(today.served ?? words.none));
    put("no_shows", String(today.no_shows ?? words.none));
    const rate = today.satisfaction_rate;
    put("rate", rate === null || rate === undefined ? words.none : `${rate.toFixed(2)} %`, `${today.satisfied ?? 0} / ${today.evaluated ?? 0}`);
    const wait = (value) => (value === null || value === undefined ? words.none : clock(value));
    put("wait", wait(today.p50_s), today.n ? fill(words.over, { p90: wait(today.p90_s), n: today.over_limit }) : "");
  }

  function drawLongest() {
    const longest = told.longest;
    say(tiles.longest.value, longest ? since(longest.since) : words.none);
    say(tiles.longest.more, longest ? `${longest.number} ${names[longest.service] || longest.service}` : words.nobody);
  }

  function tick() {
    say(time, live.now() ? fill(words.at, { time: seconds.format(now()) }) : "");
    drawCounters();
    drawLongest();
  }

  async function askSums() {
    clearTimeout(asked);
    asked = null;
    try {
      told = await ask("GET", "/figures/now");
      say(why, "");
    } catch (error) {
      if (error.status === 401) throw error;
      say(why, error.message);
    }
    drawSums();
    tick();
  }

  async function askWarnings() {
    if (!SEES_DEVICES.includes(page.session.role)) return;
    const [{ alerts }, { troubles }] = await Promise.all([ask("GET", "/alerts"), ask("GET", "/health")]);
    const count = alerts.filter((alert) => !alert.ended_at).length + troubles.length;
    say(tiles.warnings.value, String(count || words.quiet));
    say(tiles.warnings.more, count ? words.above : "");
    tiles.warnings.root.classList.toggle("bad", count > 0);
  }

  const live = new BoardLive({
    board: (document_) => {
      board = document_;
      drawLines();
      drawCounters();
      if (asked === null) asked = setTimeout(() => askSums().catch(() => {}), SUMS_MS);
    },
    state: (connected) => {
      state.className = connected ? "mark" : "mark bad";
      say(state, connected ? words.live : words.lost);
    },
  });

  root.append(
    element("div", { className: "bar" }, element("h2", { textContent: words.title }), element("div", { className: "fields" }, time, state)),
    why,
    element("div", { className: "tiles" }, ...Object.values(tiles).map((one) => one.root)),
    element("div", { className: "now" },
      element("section", {}, element("div", { className: "bar" }, element("h2", { textContent: words.counters }), sum), counters),
      element("section", {}, element("div", { className: "bar" }, element("h2", { textContent: words.lines })),
        element("div", { className: "scroll" }, element("table", { className: "lines-now" }, element("thead", {}, element("tr", {}, ...words.heads.map((text, n) => element("th", { scope: "col", className: n === 1 ? "right" : "", textContent: text })))), lines)))));
  await Promise.all([askSums(), askWarnings()]);
  keep();

  async function keep() {
    let waited = 0;
    while (root.isConnected) {
      await new Promise((resolve) => { setTimeout(resolve, 1000); });
      if (!root.isConnected) break;
      if (!document.hidden) tick();
      waited += 1000;
      if (waited >= AGAIN_MS && !document.hidden) {
        waited = 0;
        await Promise.all([askSums(), askWarnings()]).catch(() => {});
      }
    }
    clearTimeout(asked);
    live.close();
  }
}
