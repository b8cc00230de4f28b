// The clerk's console: sign-in, buttons and hotkeys. What it shows is drawn in drawing.js from `desk`.

import { Refused, Watch, ask, signInPage, signedIn } from "/home/-/session.js";
import { draw, tick } from "./drawing.js";
import { HallClock, HubAway, LiveBoard, freshKey, get, post } from "./hub.js";
import { COMMANDS, DOUBLE_PRESS_MS, HOTKEYS, act, counterOf, keyFor, labelOf, lastVisit, obstacle, verbOf } from "./rules.js";
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
  last: null, // what became of the visit before
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
let watch = null;

const words = () => WORDS[desk.language];
const stateNow = () => {
  const counter = counterOf(desk.board, desk.counter);
  return counter ? counter.state : null;
};
const numberNow = () => {
  const counter = counterOf(desk.board, desk.counter);
  return (counter && counter.number) || null;
};
const path = (verb) => `/counters/${encodeURIComponent(desk.counter)}${verb ? `/${verb}` : ""}`;

function say(kind, text) {
  desk.messages = [{ kind, text, at: desk.clock.now() }].concat(desk.messages).slice(0, MESSAGES_SHOWN);
  draw(desk);
}

// ---- commands ----

async function press(name) {
  const now = performance.now();
  if (!desk.signedIn || now - (desk.pressed[name] || -Infinity) < DOUBLE_PRESS_MS) return;
  if (desk.busy === name) return;
  const state = stateNow();
  const number = numberNow();
  const command = words()[labelOf(name, state)];
  const why = obstacle(name, { link: desk.link, busy: desk.busy, state: state || "closed" });
  if (why) {
    say("wrong", fill(words().cannot[why], { command, number: number || "" }));
    return;
  }
  desk.pressed[name] = now;
  desk.busy = name;
  draw(desk);
  await carryOut(name, { state, number, command });
  desk.busy = null;
  draw(desk);
  setTimeout(() => draw(desk), DOUBLE_PRESS_MS);
}

async function carryOut(name, { state, number, command }) {
  const key = keyFor(name, number, desk.unanswered, performance.now(), freshKey());
  desk.unanswered = null;
  try {
    const answer = await post(path(verbOf(name, state)), desk, COMMANDS[name].body || {}, key);
    done(name, state, number, answer);
  } catch (error) {
    failed(error, { name, number, command, key });
  }
}

function done(name, state, before, answer) {
  const did = words().did;
  const number = (answer.ticket && answer.ticket.number) || before;
  if (name === "next" && !answer.ticket) {
    say("plain", fill(before ? did.next_nobody_finished : did.next_nobody, { before }));
  } else {
    say("good", fill(did[act(name, state)], { number }));
  }
}

function failed(error, { name, number, command, key }) {
  if (error instanceof HubAway) {
    desk.unanswered = { name, number, key, at: performance.now() };
    say("wrong", fill(words().no_answer, { command }));
  } else if (error.status === 401) {
    refused();
  } else {
    say("wrong", fill(words().failed, { command, detail: error.message }));
  }
}

// ---- the hub ----

function boardIs(board) {
  desk.last = lastVisit(desk.board, board, desk.counter, desk.last);
  desk.board = board;
  desk.link = "there";
  draw(desk);
}

async function hubAway() {
  desk.link = "away";
  draw(desk);
  try {
    await get(path(), desk); // a refused socket and an absent hub look the same to a page: ask
  } catch (error) {
    if (error.status === 401 || error.status === 403) refused();
  }
}

/** The token or the session stands for nobody any more. */
function refused() {
  if (desk.session) location.replace(signInPage("ended"));
  else signOut("refused_token");
}

async function signIn() {
  desk.why = null;
  try {
    await get(path(), desk);
    desk.hall = await get("/hall", desk);
  } catch (error) {
    const why = { 401: "refused_token", 403: "refused_token", 404: "unknown_counter" }[error.status] || "no_hub";
    signOut(why, { keep: why === "no_hub" });
    return;
  }
  desk.clock.set(desk.hall.time, desk.hall.speed);
  sessionStorage.setItem("hall.counter", desk.counter);
  if (desk.token) sessionStorage.setItem("hall.token", desk.token);
  desk.signedIn = true;
  live = new LiveBoard(desk.token, {
    board: boardIs,
    beat: (beat) => desk.clock.set(beat.at, beat.speed),
    away: hubAway,
  });
  draw(desk);
}

/** `keep`: the hub is only away, so the same sign-in is tried again. */
function signOut(why, { keep } = {}) {
  if (live) live.stop();
  live = null;
  Object.assign(desk, { signedIn: false, board: null, busy: null, last: null, messages: [], link: "connecting", why });
  if (keep) {
    setTimeout(() => !desk.signedIn && desk.why === "no_hub" && signIn(), 2000);
  } else {
    sessionStorage.removeItem("hall.token");
    desk.token = "";
    desk.stage = "token";
  }
  draw(desk);
}

// ---- people ----

/** Without a token: whoever is signed in, at the counter they sit at; else they sign in, or choose a counter. */
async function begin() {
  try {
    desk.session = await signedIn();
    if (!desk.session || desk.session.must_change) {
      location.replace(signInPage());
      return;
    }
    desk.hall = await get("/hall", desk);
  } catch (error) {
    desk.why = "no_hub";
    draw(desk);
    setTimeout(begin, 2000);
    return;
  }
  desk.why = null;
  if (!watch) watch = new Watch({ left: (seconds) => { desk.idle = seconds; draw(desk); }, over: () => location.replace(signInPage("ended")) });
  if (desk.session.counter) sit(desk.session.counter);
  else if (desk.session.home_counter) await take(desk.session.home_counter);
  else choose();
}

function choose() {
  desk.stage = "choose";
  draw(desk);
}

function sit(counter) {
  Object.assign(desk, { counter, stage: "", whyText: "" });
  signIn();
}

async function take(counter) {
  desk.whyText = "";
  try {
    desk.session = await ask("POST", "/session/counter", { counter }, desk.language);
    sit(desk.session.counter);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) refused();
    desk.whyText = error instanceof Refused ? error.message : words().no_hub;
    choose();
  }
}

/** Stand up, or sign out altogether: an idle counter is closed by that; with a citizen there the hub refuses. */
async function leave(path, then) {
  try {
    const answer = await ask("DELETE", path, undefined, desk.language);
    then(answer);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) refused();
    const text = error instanceof Refused ? error.message : words().no_hub;
    desk.whyText = text;
    if (desk.signedIn) say("wrong", text);
    draw(desk);
  }
}

function onLeave() {
  if (desk.session) leave("/session", () => location.replace("/login?why=left"));
  else signOut(null);
}

async function onOtherCounter() {
  await leave("/session/counter", async (session) => {
    if (live) live.stop();
    live = null;
    Object.assign(desk, { session, signedIn: false, board: null, busy: null, last: null, messages: [], link: "connecting", counter: "" });
    desk.hall = await get("/hall", desk);
    choose();
  });
}

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
  const name = HOTKEYS[event.key];
  if (!name || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !desk.signedIn) return;
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
document.getElementById("leave").addEventListener("click", onLeave);
document.getElementById("leave-too").addEventListener("click", onLeave);
document.getElementById("other").addEventListener("click", onOtherCounter);
document.getElementById("stay").addEventListener("click", () => watch && watch.stay());
document.getElementById("counters").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) take(button.value);
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

takeFromAddress();
draw(desk);
setInterval(() => tick(desk), 1000);
if (desk.counter && desk.token) {
  signIn();
} else if (new URLSearchParams(location.search).get("by") === "token") {
  desk.stage = "token";
  draw(desk);
} else {
  begin();
}
