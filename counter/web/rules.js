// What the board and the lists mean for this counter, and what its clerk may do now. Pure: no DOM, no network, no clock.

const FREE = ["open"];
const BUSY = ["calling", "serving"];
const ALL = ["closed", "open", "calling", "serving", "away"];

/** A button: its hotkey, and the counter states in which it makes sense. The hub has the last word (409). */
export const COMMANDS = {
  next: { hotkey: "F2", states: ["open", "calling", "serving"] },
  recall: { hotkey: "F3", states: BUSY },
  start: { hotkey: "F4", states: ["calling"] },
  no_show: { hotkey: "F6", states: ["calling"] },
  finish: { hotkey: "F8", states: BUSY },
  hold: { hotkey: "F7", states: BUSY },
  resume: { hotkey: "Shift+F7", states: FREE },
  transfer: { hotkey: "F10", states: BUSY },
  choose: { hotkey: "Shift+F2", states: FREE },
  requeue: { hotkey: "Shift+F6", states: ALL },
  pause: { hotkey: "Shift+F9", states: ["closed", "open", "away"] },
  shutter: { hotkey: "F9", states: ["closed", "open", "away"] },
};

export const HOTKEYS = Object.keys(COMMANDS).reduce(
  (all, name) => Object.assign(all, { [COMMANDS[name].hotkey]: name }),
  {},
);

/** What is asked before it is done; everything else is done at once. */
const ASKING = ["hold", "resume", "transfer", "choose", "requeue", "away", "open_some"];

/** Acts whose verb in the path is another word. */
const VERBS = { no_show: "no-show", choose: "call", open_some: "open" };

const BODIES = { next: { finish_current: true } };

/** The same button again within this time is one press: a double click must not skip a citizen. */
export const DOUBLE_PRESS_MS = 600;

/** What the button does in this state of the counter: a key of the words and of `did`. */
export function act(name, state) {
  if (name === "shutter") return state === "closed" ? "open" : "close";
  if (name === "pause") return { closed: "open_some", away: "back" }[state] || "away";
  return name;
}

export function asks(name, state) {
  return ASKING.includes(act(name, state));
}

/** Where the command is sent, under `/api/v1`. */
export function pathOf(name, state, counter, ticket) {
  if (name === "requeue") return `/tickets/${encodeURIComponent(ticket)}/requeue`;
  const doing = act(name, state);
  return `/counters/${encodeURIComponent(counter)}/${VERBS[doing] || doing}`;
}

export function bodyOf(name) {
  return BODIES[name] || {};
}

/** The label's key in the words. */
export function labelOf(name, state) {
  if (name === "next" && BUSY.includes(state)) return "finish_next";
  return act(name, state);
}

/** Why the button cannot be pressed now, as a key of `cannot`; null when it can. `lists` may not be known yet. */
export function obstacle(name, { link, busy, state, lists, now }) {
  if (link !== "there") return "away";
  if (busy) return "busy";
  if (!COMMANDS[name].states.includes(state)) return state === "away" ? "counter_away" : state;
  return lists ? emptyHanded(name, lists, now) : null;
}

function emptyHanded(name, lists, now) {
  const people = { resume: lists.held, requeue: lists.missed, choose: choosable(lists) }[name];
  if (name === "choose" && !lists.may_choose) return "may_not_choose";
  if (people && !people.length) return `none_${name}`;
  if (name !== "recall" || !lists.now) return null;
  if (!lists.now.recalls_left) return "recalled_out";
  return recallIn(lists, now) > 0 ? "recall_soon" : null;
}

/** Seconds until the number may be called again. */
export function recallIn(lists, now) {
  if (!lists || !lists.now || !lists.now.recall_from || now === null) return 0;
  return Math.max(0, Math.ceil((Date.parse(lists.now.recall_from) - now) / 1000));
}

/** Whom a clerk may call out of turn. */
export function choosable(lists) {
  return lists ? lists.waiting.concat(lists.held, lists.missed) : [];
}

export function counterOf(board, code) {
  return (board && board.counters && board.counters[code]) || null;
}

/** `[{code, names, waiting, wait_minutes}]` of the services this counter serves, its own order. */
export function servicesOf(board, code) {
  const counter = counterOf(board, code);
  if (!counter) return [];
  return counter.services
    .filter((service) => board.services[service])
    .map((service) => Object.assign({ code: service }, board.services[service]));
}

/** How many wait for this counter: its own list knows, the board only what its services have in all. */
export function waitingOf(board, lists, code) {
  if (lists) return lists.waiting.length;
  return servicesOf(board, code).reduce((sum, service) => sum + service.waiting, 0);
}

/** What of the board bears on this counter's lists: when it changes, they are read again. */
export function bearing(board, code) {
  const own = counterOf(board, code);
  const services = servicesOf(board, code);
  const codes = services.map((service) => service.code);
  const beside = Object.keys((board && board.counters) || {})
    .filter((other) => board.counters[other].services.some((service) => codes.includes(service)))
    .map((other) => [other, board.counters[other].state, board.counters[other].number]);
  const calls = ((board && board.calls) || []).filter((call) => call.counter === code);
  return JSON.stringify([own, services.map((service) => service.waiting), beside, calls, board && board.missed]);
}

/** What the lists say of the number that is at the counter; null while they speak of another one. */
export function atCounter(lists, counter) {
  const known = lists && lists.now && counter && lists.now.ticket.number === counter.number;
  return known ? lists.now : null;
}

/** When this number was called to this counter, or null. */
export function calledAt(board, code, number) {
  const calls = (board.recent || []).concat(board.calls || []);
  const call = calls.find((entry) => entry.number === number && entry.counter === code);
  return call ? Date.parse(call.at) : null;
}

/** The service of a number by the longest prefix; `services` as in `GET /hall`. */
export function serviceOf(number, services) {
  const fitting = services.filter((service) => service.prefix && number.startsWith(service.prefix));
  fitting.sort((one, other) => other.prefix.length - one.prefix.length);
  return fitting.length ? fitting[0] : null;
}

/** The line in place of a number: a key of the words. */
export function hintOf(counter, waiting) {
  if (!counter) return "unknown_hint";
  if (counter.state === "closed") return "closed_hint";
  if (counter.state === "away") return "away_hint";
  return waiting > 0 ? "can_call" : "nobody_waits";
}

/** `75` seconds → `1:15`, over an hour `1:02:05`. */
export function elapsed(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** The same wish sent again after an unknown outcome keeps its key while the counter shows the same number. */
export function keyFor(wish, unanswered, now, fresh) {
  const same =
    unanswered &&
    unanswered.name === wish.name &&
    unanswered.number === wish.number &&
    JSON.stringify(unanswered.body) === JSON.stringify(wish.body) &&
    now - unanswered.at < 10000;
  return same ? unanswered.key : fresh;
}
