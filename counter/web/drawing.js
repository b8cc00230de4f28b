// Draws the desk's state on the page. Reads everything, decides nothing.

import {
  COMMANDS, DOUBLE_PRESS_MS, calledAt, counterOf, elapsed, hintOf, labelOf, obstacle, serviceOf, servicesOf, waitingOf,
} from "./rules.js";
import { WORDS, fill } from "./words.js";

const at = (id) => document.getElementById(id);

function write(id, text) {
  const element = typeof id === "string" ? at(id) : id;
  if (element.textContent !== text) element.textContent = text;
}

/** Everything that can change by a command, the board or the language. */
export function draw(desk) {
  const words = WORDS[desk.language];
  const counter = counterOf(desk.board, desk.counter);
  document.documentElement.lang = desk.language === "zh" ? "zh-CN" : "en";
  document.body.dataset.state = (counter && counter.state) || "unknown";
  document.body.dataset.link = desk.signedIn ? desk.link : "none";
  document.querySelectorAll("[data-text]").forEach((element) => write(element, words[element.dataset.text]));
  at("console").hidden = !desk.signedIn;
  at("leave").hidden = !desk.signedIn;
  at("away").hidden = !desk.signedIn || desk.link !== "away";
  write("away", words.away);
  drawTop(desk, words, counter);
  drawCurrent(desk, words, counter);
  drawWaiting(desk, words);
  drawActions(desk, words, counter);
  drawMessages(desk);
  drawSignIn(desk, words);
  drawChoose(desk, words);
  drawPerson(desk, words);
  tick(desk);
}

/** What changes by itself every second. */
export function tick(desk) {
  const words = WORDS[desk.language];
  const counter = counterOf(desk.board, desk.counter);
  const now = desk.clock.now();
  write("clock", desk.signedIn && now !== null ? timeOf(desk, now, true) : "");
  const called = counter && counter.number ? calledAt(desk.board, desk.counter, counter.number) : null;
  const known = called !== null && now !== null && desk.link === "there";
  const facts = known ? { time: timeOf(desk, called, false), elapsed: elapsed((now - called) / 1000) } : {};
  write("since", known ? fill(words.called_at, facts) : "");
}

function timeOf(desk, instant, seconds) {
  const zone = desk.hall ? desk.hall.time_zone : undefined;
  const parts = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone };
  return new Intl.DateTimeFormat("en-GB", seconds ? Object.assign({ second: "2-digit" }, parts) : parts).format(instant);
}

function nameOf(names, language) {
  return (names && (names[language] || names.zh)) || "";
}

function drawTop(desk, words, counter) {
  const label = counter ? counter.label : desk.counter;
  const place = desk.signedIn && label ? placeOf(words, label) : words.title;
  write("label", place);
  write("hall", desk.hall ? nameOf(desk.hall.names, desk.language) || desk.hall.name : "");
  write("link", desk.signedIn ? words.link[desk.link] : "");
  write("language", words.other_language);
  const number = counter && counter.number;
  document.title = number ? `${number} · ${place}` : place;
}

/** "3" and "3 号窗口" read well in both languages; a name of its own ("综合窗口") stays as it is. */
function placeOf(words, label) {
  const plain = /^([A-Za-z]?\d+)\s*(号窗口|号|窗口)?$/.exec(label);
  return plain ? fill(words.counter, { label: plain[1] }) : label;
}

function drawCurrent(desk, words, counter) {
  const number = (counter && counter.number) || "";
  const waiting = waitingOf(desk.board, desk.counter);
  const service = number && desk.hall ? serviceOf(number, desk.hall.services) : null;
  write("state", counter ? words.state[counter.state] : "");
  write("number", number);
  write("service", service ? nameOf(service.names, desk.language) : "");
  write("hint", number ? "" : fill(words[hintOf(counter, waiting)], { waiting }));
  write("last", desk.last ? fill(words[desk.last.how], desk.last) : "");
}

function drawWaiting(desk, words) {
  write("total", String(waitingOf(desk.board, desk.counter)));
  const rows = servicesOf(desk.board, desk.counter).map((service) => waitingRow(service, desk, words));
  at("services").replaceChildren(...rows);
}

function waitingRow(service, desk, words) {
  const row = document.createElement("li");
  row.className = service.waiting ? "some" : "none";
  const minutes = service.waiting && service.wait_minutes ? minutesOf(service.wait_minutes, words) : "";
  [
    ["name", nameOf(service.names, desk.language)],
    ["minutes", service.waiting ? minutes : words.nobody_here],
    ["count", String(service.waiting)],
  ].forEach(([part, text]) => {
    const element = document.createElement("span");
    element.className = part;
    element.textContent = text;
    row.append(element);
  });
  return row;
}

function minutesOf(range, words) {
  return fill(range.low === range.high ? words.minutes_one : words.minutes, range);
}

function drawActions(desk, words, counter) {
  const state = (counter && counter.state) || "closed";
  document.querySelectorAll("[data-command]").forEach((button) => {
    const name = button.dataset.command;
    const label = words[labelOf(name, state)];
    write(button.firstElementChild, label);
    const justPressed = performance.now() - (desk.pressed[name] || -Infinity) < DOUBLE_PRESS_MS;
    button.disabled = justPressed || obstacle(name, { link: desk.link, busy: desk.busy, state }) !== null;
    button.classList.toggle("busy", desk.busy === name);
    button.title = `${label} (${COMMANDS[name].hotkey})`;
    if (name === "shutter") button.classList.toggle("primary", state === "closed");
  });
}

function drawMessages(desk) {
  const rows = desk.messages.map((message, place) => {
    const row = document.createElement("li");
    row.className = `${message.kind}${place ? " old" : ""}`;
    const time = document.createElement("time");
    time.textContent = message.at === null ? "" : timeOf(desk, message.at, true);
    const text = document.createElement("span");
    text.textContent = message.text;
    row.append(time, text);
    return row;
  });
  at("messages").replaceChildren(...rows);
}

function drawSignIn(desk, words) {
  const form = at("sign-in");
  const shown = !desk.signedIn && (desk.stage === "token" || Boolean(desk.token));
  if (shown && form.hidden) at("counter").value = desk.counter;
  form.hidden = !shown;
  write("why", desk.why ? fill(words[desk.why], { counter: desk.counter }) : "");
}

function drawChoose(desk, words) {
  const shown = !desk.signedIn && desk.stage === "choose";
  at("choose").hidden = !shown;
  at("wait").hidden = desk.signedIn || desk.stage !== "" || Boolean(desk.token);
  write("wait", desk.why ? words[desk.why] : words.wait);
  if (!shown) return;
  const serves = ["clerk", "duty_leader"].includes(desk.session.role);
  write("choose-why", desk.whyText || (serves ? "" : words.not_for_role));
  const home = desk.session.home_counter;
  const counters = serves ? desk.hall.counters.filter((counter) => !home || counter.code === home) : [];
  at("counters").replaceChildren(...counters.map((counter) => counterButton(counter, desk, words)));
}

function counterButton(counter, desk, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.value = counter.code;
  button.className = `pick ${counter.state}`;
  [["pick-label", placeOf(words, counter.label)], ["pick-state", words.state[counter.state]]].forEach(([name, text]) => {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    button.append(part);
  });
  return button;
}

function drawPerson(desk, words) {
  at("other").hidden = !desk.signedIn || !desk.session || Boolean(desk.session.home_counter);
  write("person", desk.session ? fill(words.person, desk.session) : "");
  at("idle").hidden = desk.idle === null;
  if (desk.idle !== null) write("idle-text", fill(words.idle, { seconds: desk.idle }));
}
