// Draws the desk's state on the page. Reads everything, decides nothing.

import { make } from "./dialog.js";
import {
  COMMANDS, DOUBLE_PRESS_MS, atCounter, calledAt, counterOf, elapsed, hintOf, labelOf, obstacle, recallIn, serviceOf, servicesOf,
  waitingOf,
} from "./rules.js";
import { isOverdue, nameOf, placeOf, serviceName, tagsOf, timeOf, whenOf } from "./telling.js";
import { WORDS, fill } from "./words.js";

const LISTED_MOST = 100; // the hub names no more of a list

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
  drawActions(desk, words, counter);
  tickTickets(desk, words, now);
}

function tickTickets(desk, words, now) {
  const tickets = (desk.lists && desk.lists[desk.tab]) || [];
  at("tickets").querySelectorAll(".row").forEach((row) => {
    const ticket = tickets.find((one) => one.id === row.dataset.ticket);
    if (!ticket) return;
    write(row.lastElementChild, whenOf(desk, words, ticket, now));
    row.classList.toggle("overdue", isOverdue(ticket, now));
  });
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

function drawCurrent(desk, words, counter) {
  const number = (counter && counter.number) || "";
  const waiting = waitingOf(desk.board, desk.lists, desk.counter);
  const here = atCounter(desk.lists, counter);
  const guessed = number && desk.hall ? serviceOf(number, desk.hall.services) : null;
  const service = here ? serviceName(desk, here.ticket.service) : guessed ? nameOf(guessed.names, desk.language) : "";
  write("state", counter ? words.state[counter.state] : "");
  write("number", number);
  write("service", service);
  write("tags", here ? tagsOf(desk, words, here.ticket).join(" · ") : "");
  write("hint", number ? "" : fill(words[hintOf(counter, waiting)], { waiting }));
  const last = desk.lists && desk.lists.last;
  write("last", last ? fill(words.last[last.outcome], last) : "");
}

function drawWaiting(desk, words) {
  const lists = desk.lists || { waiting: [], held: [], missed: [] };
  const total = waitingOf(desk.board, desk.lists, desk.counter);
  write("total", desk.lists && total >= LISTED_MOST ? `${LISTED_MOST}+` : String(total));
  document.querySelectorAll("[data-tab]").forEach((tab) => {
    const name = tab.dataset.tab;
    const count = name === "services" ? "" : ` ${lists[name].length}`;
    write(tab, `${words.tabs[name]}${count}`);
    tab.setAttribute("aria-selected", String(desk.tab === name));
    tab.tabIndex = desk.tab === name ? 0 : -1;
    tab.classList.toggle("alarm", name === "held" && lists.held.some((one) => isOverdue(one, desk.clock.now())));
  });
  at("tickets").hidden = desk.tab === "services";
  at("services").hidden = desk.tab !== "services";
  at("tickets").setAttribute("aria-labelledby", `tab-${desk.tab}`);
  if (desk.tab !== "services") drawTickets(desk, words, lists[desk.tab]);
  const rows = servicesOf(desk.board, desk.counter).map((service) => waitingRow(service, desk, words));
  at("services").replaceChildren(...rows);
}

/** The row that had the focus keeps it. */
function drawTickets(desk, words, tickets) {
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.ticket : null;
  const rows = tickets.map((ticket) => ticketRow(desk, words, ticket));
  const none = make("li", { className: "none", text: words.tab_empty[desk.tab] });
  at("tickets").replaceChildren(...(rows.length ? rows : [none]));
  const again = focused && Array.from(at("tickets").querySelectorAll("button")).find((row) => row.dataset.ticket === focused);
  if (again) again.focus();
}

function ticketRow(desk, words, ticket) {
  const now = desk.clock.now();
  const parts = [
    make("b", { className: "row-number", text: ticket.number }),
    make("span", { className: "row-name", text: serviceName(desk, ticket.service) }),
    make("span", { className: "row-tags", text: tagsOf(desk, words, ticket).join(" · ") }),
    make("span", { className: "row-when", text: whenOf(desk, words, ticket, now) }),
  ];
  const row = make("button", { type: "button", className: "row", title: fill(words.open_why, ticket) }, parts);
  row.dataset.ticket = ticket.id;
  row.classList.toggle("overdue", isOverdue(ticket, now));
  return make("li", {}, [row]);
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
  const text = range.low === range.high ? words.minutes_one : range.low ? words.minutes : words.minutes_within;
  return fill(text, range);
}

function drawActions(desk, words, counter) {
  const state = (counter && counter.state) || "closed";
  document.querySelectorAll("[data-command]").forEach((button) => {
    const name = button.dataset.command;
    const label = words[labelOf(name, state)];
    write(button.firstElementChild, countedLabel(name, label, desk, words, counter));
    const justPressed = performance.now() - (desk.pressed[name] || -Infinity) < DOUBLE_PRESS_MS;
    button.disabled = justPressed || obstacleNow(desk, name) !== null;
    button.classList.toggle("busy", desk.busy === name);
    button.title = `${label} (${COMMANDS[name].hotkey})`;
    if (name === "shutter") button.classList.toggle("primary", state === "closed");
    if (name === "pause") button.classList.toggle("primary", state === "away");
    if (name === "choose") button.hidden = Boolean(desk.lists && !desk.lists.may_choose);
  });
}

/** What the clerk wants to know before pressing: how often, how soon, how many. */
function countedLabel(name, label, desk, words, counter) {
  const here = atCounter(desk.lists, counter);
  if (name === "recall" && here) {
    const seconds = recallIn(desk.lists, desk.clock.now());
    return seconds && here.recalls_left ? fill(words.recall_in, { seconds }) : fill(words.recall_left, { left: here.recalls_left });
  }
  const many = desk.lists && { resume: desk.lists.held, requeue: desk.lists.missed }[name];
  return many && many.length ? fill(words[`${name}_n`], { n: many.length }) : label;
}

/** Why the button cannot be pressed at this moment; null when it can. */
export function obstacleNow(desk, name) {
  const counter = counterOf(desk.board, desk.counter);
  const state = (counter && counter.state) || "closed";
  const stale = desk.lists && counter && counter.number && !atCounter(desk.lists, counter);
  if (stale && name === "recall") return "busy"; // a number just called: how soon is not known yet
  const lists = stale ? null : desk.lists;
  return obstacle(name, { link: desk.link, busy: desk.busy, state, lists, now: desk.clock.now() });
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
