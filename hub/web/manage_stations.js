// Stations: who has access, who waits with a code to be let in. Managers and administrators confirm and revoke.

import { ask } from "./session.js";
import { button, element, field, fill, openForm, table } from "./page.js";

const MAY_PAIR = ["manager", "administrator"];

const WORDS = {
  zh: {
    title: "终端", again: "刷新", pair: "配对终端",
    waiting: "等待配对", waiting_heads: ["配对码", "类型", "自报名称", "窗口", "来自", "有效至", ""], nobody: "没有终端在等待配对",
    known: "已授权的终端", known_heads: ["名称", "类型", "窗口", "授权时间", "状态", "设备", ""], none: "还没有终端",
    roles: { kiosk: "取号机", display: "大屏", counter: "窗口程序" },
    connected: "在线", away: "不在线", fine: "正常", silent: "无应答", degraded: "需留意", faulty: "故障",
    confirm: "确认", refuse: "拒绝", revoke: "取消授权", cancel: "取消",
    code: "终端屏幕上的配对码", name: "名称（不填则用自报名称）", counter: "窗口编号（仅窗口程序）", replace: "替换同名的旧终端",
    same: "终端屏幕上的证书指纹与此完全相同：",
    hint: "请对着终端屏幕核对配对码。", paired: "已配对：{name}", refused: "已拒绝",
    sure: "取消“{name}”的授权？", sure_hint: "该终端会立即断开，并显示新的配对码。",
  },
  en: {
    title: "Stations", again: "Refresh", pair: "Pair a station",
    waiting: "Waiting to be paired", waiting_heads: ["Code", "Kind", "Calls itself", "Counter", "From", "Until", ""], nobody: "No station is waiting",
    known: "Stations with access", known_heads: ["Name", "Kind", "Counter", "Since", "State", "Devices", ""], none: "No stations yet",
    roles: { kiosk: "kiosk", display: "screen", counter: "counter program" },
    connected: "connected", away: "away", fine: "fine", silent: "no answer", degraded: "look after it", faulty: "fault",
    confirm: "Confirm", refuse: "Refuse", revoke: "Take access away", cancel: "Cancel",
    code: "The code on the station's screen", name: "Name (else its own)", counter: "Counter (for a counter program)", replace: "In place of the old station of this name",
    same: "The station's screen shows exactly this certificate:",
    hint: "Compare the code with the station's own screen.", paired: "Paired: {name}", refused: "Refused",
    sure: "Take the access of “{name}” away?", sure_hint: "It is cut off at once and shows a new code.",
  },
};

const WORST = ["faulty", "silent", "degraded", "fine"];
const MARKS = { faulty: "mark bad", silent: "mark warn", degraded: "mark warn", fine: "mark" };

const grouped = (code) => `${code.slice(0, 4)}-${code.slice(4)}`;
const input = (name, properties) => element("input", { name, autocomplete: "off", ...properties });

function check(name, text, required, ...lines) {
  const words = element("span", {}, text, ...lines.map((line) => element("span", { className: "fingerprint", textContent: line })));
  return element("label", { className: "check" }, element("input", { type: "checkbox", name, required }), words);
}

/** A fingerprint of eight groups in two lines, as the stations show it. */
function twoLines(fingerprint) {
  const groups = fingerprint.split(" ");
  return [groups.slice(0, 4).join("  "), groups.slice(4).join("  ")];
}

export async function show(root, page) {
  const words = WORDS[page.language];
  const mayPair = MAY_PAIR.includes(page.session.role);
  const said = element("p", { className: "done said" });
  const why = element("p", { className: "why" });
  const waiting = element("div", {});
  const known = element("div", {});
  const time = new Intl.DateTimeFormat(page.language === "zh" ? "zh-CN" : "en-GB", { dateStyle: "short", timeStyle: "short", timeZone: page.hall.time_zone });
  let fingerprint = "";

  function pairForm(request) {
    const code = input("code", { required: true, value: request ? grouped(request.code) : "", maxLength: 12 });
    openForm({
      title: words.pair,
      hint: words.hint,
      fields: [
        field(words.code, code),
        field(words.name, input("name", { maxLength: 60, placeholder: request ? request.station : "" })),
        field(words.counter, input("counter", { maxLength: 40, value: (request && request.counter) || "" })),
        check("replace", words.replace, false),
        ...(fingerprint ? [check("same", words.same, true, ...twoLines(fingerprint))] : []),
      ],
      submit: words.confirm,
      cancel: words.cancel,
      send: confirm,
    });
  }

  async function confirm(values) {
    const body = { replace: Boolean(values.replace) };
    if (values.name.trim()) body.name = values.name.trim();
    if (values.counter.trim()) body.counter = values.counter.trim();
    const paired = await ask("POST", `/pairing/${encodeURIComponent(values.code.trim())}/confirm`, body);
    said.textContent = fill(words.paired, { name: paired.name });
    await draw();
  }

  async function refuse(request) {
    await ask("POST", `/pairing/${request.code}/refuse`);
    said.textContent = words.refused;
    await draw();
  }

  function revokeForm(station) {
    openForm({
      title: fill(words.sure, { name: station.name }), hint: words.sure_hint, fields: [], submit: words.revoke, cancel: words.cancel, danger: true,
      send: async () => {
        await ask("POST", `/stations/${encodeURIComponent(station.name)}/revoke`);
        await draw();
      },
    });
  }

  function waitingRow(request) {
    return element("tr", {},
      element("td", {}, element("strong", { textContent: grouped(request.code) })),
      element("td", { textContent: words.roles[request.role] }),
      element("td", { textContent: request.station }),
      element("td", { textContent: request.counter || "" }),
      element("td", { textContent: request.address }),
      element("td", { className: "time", textContent: time.format(Date.parse(request.expires_at)) }),
      element("td", {}, element("div", { className: "buttons" }, button(words.confirm, () => pairForm(request)), button(words.refuse, () => tried(() => refuse(request)), "small danger"))));
  }

  function deviceMark(devices) {
    const state = WORST.find((one) => devices.some((device) => device.state === one));
    return state ? element("span", { className: MARKS[state], textContent: words[state], title: devices.map((device) => `${device.name} ${device.detail || ""}`).join("\n") }) : null;
  }

  function knownRow(station, devices) {
    return element("tr", {},
      element("td", { textContent: station.name }),
      element("td", { textContent: words.roles[station.role] }),
      element("td", { textContent: station.counter || "" }),
      element("td", { className: "time", textContent: time.format(Date.parse(station.added_at)) }),
      element("td", {}, element("span", { className: station.connected ? "mark" : "mark off", textContent: station.connected ? words.connected : words.away })),
      element("td", {}, deviceMark(devices)),
      element("td", {}, mayPair ? button(words.revoke, () => revokeForm(station), "small danger") : null));
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
    const [{ stations }, present] = await Promise.all([ask("GET", "/stations/known"), ask("GET", "/stations")]);
    const devices = (name) => present.filter((one) => one.token === name).flatMap((one) => one.devices);
    known.replaceChildren(table(words.known_heads, stations.map((station) => knownRow(station, devices(station.name))), words.none));
    if (!mayPair) return;
    const open = await ask("GET", "/pairing");
    fingerprint = open.fingerprint || "";
    waiting.replaceChildren(
      element("div", { className: "bar" }, element("h2", { textContent: words.waiting })),
      table(words.waiting_heads, open.requests.map(waitingRow), words.nobody));
  }

  root.append(
    element("div", { className: "bar" }, element("h2", { textContent: words.title }), element("div", { className: "fields" },
      button(words.again, () => tried(draw), "action"), mayPair ? button(words.pair, () => pairForm(null), "action primary") : null)),
    said, why, waiting,
    element("div", { className: "bar next" }, element("h2", { textContent: words.known })), known);
  await draw();
}
