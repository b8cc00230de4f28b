// The clerk's console: sign-in, buttons and hotkeys. What it shows is drawn in drawing.js from `desk`.

import { ask, isOpen, refresh, show, shut } from "./dialog.js";
import { draw, obstacleNow, tick } from "./drawing.js";
import { HallClock, HubAway, LiveBoard, freshKey, get, post } from "./hub.js";
import { Lists } from "./lists.js";
import { placeContent } from "./place.js";
import { Person } from "./person.js";
import { questionOf } from "./questions.js";
import { DOUBLE_PRESS_MS, HOTKEYS, act, asks, bodyOf, counterOf, keyFor, labelOf, pathOf, recallIn } from "./rules.js";
import { serviceName, timeOf } from "./telling.js";
import { WORDS, fill } from "./words.js";

const MESSAGES_SHOWN = 4;

const desk = {
  language: localStorage.getItem("hall.language") === "en" ? "en" : "zh",
  counter: "",
  token: "",
  link: "connecting", // there, connecting, away
  busy: null, // the command on its way
  board: null,
  hall: null, // GET /hall: names and prefixes of the services
  lists: null, // GET /counters/{counter}/queue: who is there, who left, whom may be chosen
  tab: "waiting",
  unanswered: null, // a command whose outcome nobody knows
  pressed: {}, // when each button was last taken, to take a double click once
  messages: [],
  why: null, // why the sign-in is shown again
  whyText: "", // the same in the hub's own words
  session: null, // a person's session; without one a program's token
  stage: "", // "token": asked for counter and token, "choose": asked for a counter
  idle: null, // seconds until the session ends by itself, when they are few
  signedIn: false,
  clock: new HallClock(),
};
let live = null;
let lists = null;

const words = () => WORDS[desk.language];
const stateNow = () => {
  const counter = counterOf(desk.board, desk.counter);
  return counter ? counter.state : null;
};
const numberNow = () => {
  const counter = counterOf(desk.board, desk.counter);
  return (counter && counter.number) || null;
};
const counterPath = () => `/counters/${encodeURIComponent(desk.counter)}`;

function say(kind, text) {
  desk.messages = [{ kind, text, at: desk.clock.now() }].concat(desk.messages).slice(0, MESSAGES_SHOWN);
  draw(desk);
}

// ---- commands ----

/** `ticket` is one chosen in the lists already. */
async function press(name, ticket) {
  const now = performance.now();
  if (!desk.signedIn || now - (desk.pressed[name] || -Infinity) < DOUBLE_PRESS_MS) return;
  if (desk.busy === name || isOpen() || refused(name)) return;
  const wish = asks(name, stateNow()) ? await asked(name, ticket) : { name, body: bodyOf(name) };
  if (!wish || !desk.signedIn || refused(name)) return; // the counter may have changed while it was asked
  desk.pressed[name] = performance.now();
  desk.busy = name;
  draw(desk);
  await carryOut(wish, stateNow());
  desk.busy = null;
  draw(desk);
  setTimeout(() => draw(desk), DOUBLE_PRESS_MS);
}

/** Says why it cannot be done now, and whether so. */
function refused(name) {
  const why = obstacleNow(desk, name);
  if (why === null) return false;
  const facts = { number: numberNow() || "", seconds: recallIn(desk.lists, desk.clock.now()) };
  say("wrong", fill(words().cannot[why], Object.assign(facts, { command: words()[labelOf(name, stateNow())] })));
  return true;
}

async function asked(name, ticket) {
  const doing = act(name, stateNow());
  const { fields, wish } = questionOf(doing, desk, words(), ticket);
  const values = await ask({
    title: numberNow() ? `${words()[doing]} · ${numberNow()}` : words()[doing],
    fields,
    confirm: words().confirm[doing],
    cancel: words().cancel,
    missing: words().missing,
  });
  return values && Object.assign({ name }, wish(values));
}

async function carryOut(wish, state) {
  const before = { name: wish.name, body: wish.body, number: numberNow(), command: words()[labelOf(wish.name, state)] };
  const key = keyFor(before, desk.unanswered, performance.now(), freshKey());
  desk.unanswered = null;
  try {
    const answer = await post(pathOf(wish.name, state, desk.counter, wish.ticket), desk, wish.body, key);
    done(wish, state, before.number, answer);
  } catch (error) {
    failed(error, Object.assign(before, { key }));
  }
}

function done(wish, state, before, answer) {
  const did = words().did;
  const ticket = answer.ticket || null;
  const facts = Object.assign({ number: (ticket && ticket.number) || before, before }, wish.facts);
  if (wish.name === "next" && !ticket) {
    say("plain", fill(before ? did.next_nobody_finished : did.next_nobody, facts));
    return;
  }
  if (ticket && ticket.held_until) facts.time = timeOf(desk, Date.parse(ticket.held_until));
  const more = wish.name === "finish" && ticket && ticket.state === "waiting";
  if (more) facts.service = serviceName(desk, ticket.service);
  say("good", fill(more ? did.finish_more : did[act(wish.name, state)], facts));
}

/** The panel "why is it here", with what may be done with the ticket. */
async function explain(id) {
  const ticket = desk.lists && ["waiting", "held", "missed"].flatMap((list) => desk.lists[list]).find((one) => one.id === id);
  if (!ticket || isOpen()) return;
  let place;
  try {
    place = await get(`/tickets/${encodeURIComponent(id)}/place`, desk);
  } catch (error) {
    say("wrong", fill(words().failed, { command: ticket.number, detail: error.message }));
    return;
  }
  if (isOpen() || !desk.signedIn) return;
  const may = { waiting: ["choose"], held: ["resume", "requeue", "choose"], no_show: ["requeue", "choose"] }[ticket.state];
  const buttons = may.filter((name) => obstacleNow(desk, name) === null).map((name) => ({ value: name, text: words()[name] }));
  const chosen = await show({
    title: fill(words().why_here, ticket),
    content: placeContent(place, desk, words()),
    buttons: buttons.concat([{ value: "", text: words().shut }]),
  });
  if (chosen) press(chosen, ticket);
}

function failed(error, { name, body, number, command, key }) {
  if (error instanceof HubAway) {
    desk.unanswered = { name, body, number, key, at: performance.now() };
    say("wrong", fill(words().no_answer, { command }));
  } else if (error.status === 401) {
    turnedAway();
  } else {
    say("wrong", fill(words().failed, { command, detail: error.message }));
  }
}

// ---- the hub ----

function boardIs(board) {
  desk.board = board;
  desk.link = "there";
  lists.boardIs(board);
  refresh();
  draw(desk);
}

function listsAre(fresh) {
  desk.lists = fresh;
  refresh();
  draw(desk);
}

async function hubAway() {
  desk.link = "away";
  draw(desk);
  try {
    await get(counterPath(), desk); // a refused socket and an absent hub look the same to a page: ask
  } catch (error) {
    if (error.status === 401 || error.status === 403) turnedAway();
  }
}

/** The token or the session stands for nobody any more. */
function turnedAway() {
  if (desk.session) person.over();
  else signOut("refused_token");
}

async function signIn() {
  desk.why = null;
  try {
    await get(counterPath(), desk);
    desk.hall = await get("/hall", desk);
  } catch (error) {
    if (desk.session && error.status === 401) {
      turnedAway();
      return;
    }
    const why = { 401: "refused_token", 403: "refused_token", 404: "unknown_counter" }[error.status] || "no_hub";
    signOut(why, { keep: why === "no_hub" });
    return;
  }
  desk.clock.set(desk.hall.time, desk.hall.speed);
  sessionStorage.setItem("hall.counter", desk.counter);
  if (desk.token) sessionStorage.setItem("hall.token", desk.token);
  desk.signedIn = true;
  lists = new Lists(desk, listsAre);
  live = new LiveBoard(desk.token, {
    board: boardIs,
    beat: (beat) => desk.clock.set(beat.at, beat.speed),
    away: hubAway,
  });
  draw(desk);
}

function stopWork() {
  if (live) live.stop();
  if (lists) lists.stop();
  live = lists = null;
  shut();
  Object.assign(desk, { signedIn: false, board: null, busy: null, lists: null, messages: [], link: "connecting", why: null });
}

/** `keep`: the hub is only away, so the same sign-in is tried again. */
function signOut(why, { keep } = {}) {
  stopWork();
  desk.why = why;
  if (keep) {
    setTimeout(() => !desk.signedIn && desk.why === "no_hub" && signIn(), 2000);
  } else {
    sessionStorage.removeItem("hall.token");
    desk.token = "";
    desk.stage = "token";
  }
  draw(desk);
}

const person = new Person(desk, {
  draw: () => draw(desk),
  words,
  wrong: (text) => say("wrong", text),
  stand: stopWork,
  sit: (counter) => {
    desk.counter = counter;
    signIn();
  },
});

// ---- the page ----

/** The demo's links carry `?counter=…&token=…`; the token does not stay in the address bar. */
function takeFromAddress() {
  const asked = new URLSearchParams(location.search);
  desk.counter = asked.get("counter") || sessionStorage.getItem("hall.counter") || "";
  desk.token = asked.get("token") || (asked.get("counter") ? tokenKeptFor(asked.get("counter")) : kept("hall.token"));
  if (asked.get("lang") === "zh" || asked.get("lang") === "en") desk.language = asked.get("lang");
  if (asked.has("token")) {
    asked.delete("token");
    history.replaceState(null, "", `${location.pathname}?${asked}`);
  }
}

const kept = (name) => sessionStorage.getItem(name) || "";
const tokenKeptFor = (counter) => (kept("hall.counter") === counter ? kept("hall.token") : "");

function onKey(event) {
  const name = HOTKEYS[event.shiftKey ? `Shift+${event.key}` : event.key];
  if (!name || event.ctrlKey || event.altKey || event.metaKey || !desk.signedIn) return;
  event.preventDefault(); // F3 would search, F6 would leave the page
  if (!event.repeat) press(name);
}

function onSignIn(event) {
  event.preventDefault();
  desk.counter = document.getElementById("counter").value.trim();
  desk.token = document.getElementById("token").value.trim();
  signIn();
}

document.addEventListener("keydown", onKey);
document.getElementById("sign-in").addEventListener("submit", onSignIn);
document.getElementById("leave").addEventListener("click", () => (desk.session ? person.signOut() : signOut(null)));
document.getElementById("leave-too").addEventListener("click", () => person.signOut());
document.getElementById("other").addEventListener("click", () => person.standUp());
document.getElementById("stay").addEventListener("click", () => person.stay());
document.getElementById("counters").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) person.take(button.value);
});
document.getElementById("language").addEventListener("click", () => {
  desk.language = desk.language === "zh" ? "en" : "zh";
  localStorage.setItem("hall.language", desk.language);
  draw(desk);
});
document.querySelectorAll("[data-command]").forEach((button) => {
  button.addEventListener("click", () => {
    button.blur(); // a held Enter would press it again and again
    press(button.dataset.command);
  });
});

document.getElementById("tickets").addEventListener("click", (event) => {
  const row = event.target.closest("[data-ticket]");
  if (row) explain(row.dataset.ticket);
});

function openTab(tab, { focus } = {}) {
  desk.tab = tab;
  draw(desk);
  if (focus) document.getElementById(`tab-${tab}`).focus();
}

const TABS = ["waiting", "held", "missed", "services"];
document.querySelectorAll("[data-tab]").forEach((tab) => {
  tab.addEventListener("click", () => openTab(tab.dataset.tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: TABS.length - 1 }[event.key];
    if (step) openTab(TABS[(TABS.indexOf(desk.tab) + step) % TABS.length], { focus: true });
  });
});

takeFromAddress();
draw(desk);
setInterval(() => tick(desk), 1000);
if (desk.counter && desk.token) {
  signIn();
} else if (new URLSearchParams(location.search).get("by") === "token") {
  desk.stage = "token";
  draw(desk);
} else {
  person.begin();
}
