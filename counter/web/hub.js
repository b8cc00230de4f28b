// The console's side of the hub: requests, the live board, the hall's clock. A program's token goes into a header;
// without one the cookie of a person's session stands for them, and its CSRF token goes along.

import { csrfToken } from "/home/-/session.js";

const COMMAND_MS = 3000; // a command with its one retry
const RETRY_PAUSE_MS = 200;
const SILENCE_MS = 12000; // the hub beats every 5 s
const BACKOFF_MS = [200, 500, 1000, 2000, 5000];

/** The hub did not answer: nothing is known of what became of the request. */
export class HubAway extends Error {}

/** The hub said no; `problem` is its RFC 9457 document. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || String(status));
    this.status = status;
    this.problem = problem;
  }
}

/** Not crypto.randomUUID: that exists only on https and localhost, and a hall is neither. */
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function once(method, path, who, body, key, ms) {
  const headers = { "Accept-Language": who.language };
  if (who.token) headers.Authorization = `Bearer ${who.token}`;
  else if (method !== "GET") headers["X-CSRF-Token"] = csrfToken();
  if (key) headers["Idempotency-Key"] = key;
  if (body) headers["Content-Type"] = "application/json";
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), ms);
  try {
    const answer = await fetch(`/api/v1${path}`, {
      method, headers, body: body && JSON.stringify(body), signal: abort.signal, cache: "no-store",
      credentials: who.token ? "omit" : "same-origin",
    });
    const document = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, document);
    return document;
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new HubAway(String(error));
  } finally {
    clearTimeout(timer);
  }
}

export function get(path, who) {
  return once("GET", path, who, null, null, 5000);
}

/** Twice at most and with the same key, so that it is carried out once. */
export async function post(path, who, body, key) {
  const until = Date.now() + COMMAND_MS;
  try {
    return await once("POST", path, who, body, key, COMMAND_MS / 2);
  } catch (error) {
    if (!(error instanceof HubAway)) throw error;
  }
  await pause(RETRY_PAUSE_MS);
  return once("POST", path, who, body, key, Math.max(until - Date.now(), RETRY_PAUSE_MS));
}

/** RFC 7396; the old document is left as it was. */
export function merge(document, patch) {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const old = document !== null && typeof document === "object" && !Array.isArray(document) ? document : {};
  const merged = Object.assign({}, old);
  Object.keys(patch).forEach((name) => {
    if (patch[name] === null) delete merged[name];
    else merged[name] = merge(merged[name], patch[name]);
  });
  return merged;
}

/** Hall time by the hub's last word, carried on by this machine's monotonic clock. */
export class HallClock {
  constructor() {
    this.at = null;
    this.speed = 1;
    this.heard = 0;
  }

  set(at, speed) {
    this.at = Date.parse(at);
    this.speed = speed || 1;
    this.heard = performance.now();
  }

  now() {
    return this.at === null ? null : this.at + (performance.now() - this.heard) * this.speed;
  }
}

/** Keeps `/board/ws` open until `stop`. `on` = {board(board), beat(message), away()}. */
export class LiveBoard {
  constructor(token, on) {
    this.token = token;
    this.on = on;
    this.board = null;
    this.epoch = null;
    this.seq = 0;
    this.attempt = 0;
    this.stopped = false;
    this.open();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.socket.close();
  }

  open() {
    const url = new URL("/api/v1/board/ws", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (this.token) url.searchParams.set("token", this.token);
    if (this.epoch !== null) {
      url.searchParams.set("epoch", this.epoch);
      url.searchParams.set("since", String(this.seq));
    }
    const socket = new WebSocket(url.href);
    this.socket = socket;
    socket.onopen = () => {
      if (this.socket === socket && this.epoch !== null) this.on.board(this.board); // resumed: news follow, if any
    };
    socket.onmessage = (event) => this.socket === socket && this.heard(JSON.parse(event.data));
    socket.onclose = () => this.socket === socket && this.lost();
    this.listenFor(SILENCE_MS);
  }

  heard(message) {
    this.listenFor(SILENCE_MS);
    this.attempt = 0;
    if (message.kind === "board") {
      this.epoch = message.epoch;
      this.seq = message.seq;
      this.board = message.board;
      this.on.board(this.board);
    } else if (message.kind === "patch") {
      this.patched(message);
    } else if (message.kind === "beat") {
      this.on.beat(message);
    }
  }

  patched(message) {
    if (message.epoch !== this.epoch || message.seq !== this.seq + 1) {
      this.epoch = null; // a gap: ask for the whole board
      this.socket.close();
      return;
    }
    this.seq = message.seq;
    this.board = merge(this.board, message.patch);
    this.on.board(this.board);
  }

  listenFor(ms) {
    clearTimeout(this.silence);
    const socket = this.socket;
    this.silence = setTimeout(() => {
      if (this.socket !== socket) return;
      this.lost(); // a dead cable never says goodbye: do not wait for the close
      socket.close();
    }, ms);
  }

  lost() {
    clearTimeout(this.silence);
    this.socket = { close() {} };
    if (this.stopped) return;
    this.on.away();
    const ms = BACKOFF_MS[Math.min(this.attempt, BACKOFF_MS.length - 1)];
    this.attempt += 1;
    this.timer = setTimeout(() => this.open(), ms);
  }
}
