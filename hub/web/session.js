// Signed in by cookie: requests with the CSRF token, and the time until the session ends by itself.

const LOOK_MS = 30000;
const STAY_MS = 60000; // how often use of the page is told to the hub
const WARN_S = 120;

/** The hub did not answer. */
export class HubAway extends Error {}

/** The hub said no; `problem` is its RFC 9457 document. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || String(status));
    this.status = status;
    this.code = problem.code || "";
  }
}

let csrf = "";

export const csrfToken = () => csrf;

export async function ask(method, path, body, language) {
  const headers = { "Accept-Language": language || document.documentElement.lang.slice(0, 2) };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store", credentials: "same-origin",
    });
  } catch (error) {
    throw new HubAway(String(error));
  }
  const document_ = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, document_);
  if (document_.csrf_token) csrf = document_.csrf_token;
  return document_;
}

/** Who is signed in, or null. Throws HubAway. */
export async function signedIn() {
  try {
    return await ask("GET", "/session");
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return null;
    throw error;
  }
}

/** A page of this hub to go to after signing in; never another site. */
export function nextPage(wanted, otherwise) {
  return wanted && /^\/(?![/\\])[\w\-./?=&%]*$/.test(wanted) ? wanted : otherwise;
}

/** Where to sign in, and to come back from there. */
export function signInPage(why) {
  const query = new URLSearchParams({ next: location.pathname });
  if (why) query.set("why", why);
  return `/login?${query}`;
}

export function languageNow() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked === "zh" || asked === "en") localStorage.setItem("hall.language", asked);
  return localStorage.getItem("hall.language") === "en" ? "en" : "zh";
}

/** Watches the session: `on.left(seconds)` when little time is left (null when there is enough), `on.over()` at its end. */
export class Watch {
  constructor(on) {
    this.on = on;
    this.endsAt = Infinity;
    this.used = false;
    this.toldAt = performance.now();
    this.warned = false;
    ["pointerdown", "keydown", "wheel"].forEach((name) => addEventListener(name, () => this.use(), { passive: true }));
    this.timers = [setInterval(() => this.look(), LOOK_MS), setInterval(() => this.tick(), 1000)];
    this.look();
  }

  stop() {
    this.timers.forEach(clearInterval);
    this.timers = [];
  }

  use() {
    this.used = true;
  }

  stay() {
    this.toldAt = performance.now();
    this.used = false;
    this.tell("POST", "/session/stay");
  }

  look() {
    this.tell("GET", "/session");
  }

  async tell(method, path) {
    try {
      this.hear(await ask(method, path));
    } catch (error) {
      if (error instanceof Refused && error.status === 401) this.over();
    }
  }

  hear(session) {
    this.endsAt = performance.now() + session.seconds_left * 1000;
    this.tick();
  }

  tick() {
    if (!this.timers.length) return;
    if (this.used && !this.warned && performance.now() - this.toldAt > STAY_MS) this.stay();
    const left = Math.ceil((this.endsAt - performance.now()) / 1000);
    if (left <= 0) {
      this.look(); // the hub has the last word: somebody may work at this counter by its keypad
    }
    const warned = left <= WARN_S;
    if (warned || this.warned) this.on.left(warned ? Math.max(0, left) : null);
    this.warned = warned;
  }

  over() {
    if (!this.timers.length) return;
    this.stop();
    this.on.over();
  }
}
