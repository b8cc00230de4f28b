// What the board means for this counter, and what its clerk may do now. Pure: no DOM, no network, no clock.

/** A button: its hotkey, and the counter states in which it makes sense. The hub has the last word (409). */
export const COMMANDS = {
  next: { hotkey: "F2", verb: "next", body: { finish_current: true }, states: ["open", "calling", "serving"] },
  recall: { hotkey: "F3", verb: "recall", states: ["calling", "serving"] },
  start: { hotkey: "F4", verb: "start", states: ["calling"] },
  no_show: { hotkey: "F6", verb: "no-show", states: ["calling"] },
  finish: { hotkey: "F8", verb: "finish", states: ["calling", "serving"] },
  shutter: { hotkey: "F9", states: ["closed", "open"] },
};

export const HOTKEYS = Object.keys(COMMANDS).reduce(
  (all, name) => Object.assign(all, { [COMMANDS[name].hotkey]: name }),
  {},
);

/** The same button again within this time is one press: a double click must not skip a citizen. */
export const DOUBLE_PRESS_MS = 600;

/** What the button does in this state of the counter: a key of the words and of `did`. */
export function act(name, state) {
  if (name !== "shutter") return name;
  return state === "closed" ? "open" : "close";
}

export function verbOf(name, state) {
  return COMMANDS[name].verb || act(name, state);
}

/** The label's key in the words. */
export function labelOf(name, state) {
  if (name === "next" && (state === "calling" || state === "serving")) return "finish_next";
  return act(name, state);
}

/** Why the button cannot be pressed now, as a key of `cannot`; null when it can. */
export function obstacle(name, { link, busy, state }) {
  if (link !== "there") return "away";
  if (busy) return "busy";
  if (COMMANDS[name].states.includes(state)) return null;
  return state === "away" ? "counter_away" : state;
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

export function waitingOf(board, code) {
  return servicesOf(board, code).reduce((sum, service) => sum + service.waiting, 0);
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

/** What became of the number that was here before this board: `{number, how}`, or `known` when nothing ended. */
export function lastVisit(before, board, code, known) {
  const old = counterOf(before, code);
  const now = counterOf(board, code);
  if (!old || !now || !old.number || old.number === now.number) return known;
  const missed = (board.missed || []).some((entry) => entry.number === old.number && entry.counter === code);
  return { number: old.number, how: missed ? "last_missed" : "last_invited" };
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

/** A command sent again after an unknown outcome keeps its key while the counter shows the same number. */
export function keyFor(name, number, unanswered, now, fresh) {
  const same = unanswered && unanswered.name === name && unanswered.number === number && now - unanswered.at < 10000;
  return same ? unanswered.key : fresh;
}
