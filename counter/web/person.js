// The person at the desk: who is signed in, at which counter they sit, and how they leave it. A program's token knows
// nothing of this.

import { Refused, Watch, ask, signInPage, signedIn } from "/home/-/session.js";
import { get } from "./hub.js";

const AGAIN_MS = 2000;

export class Person {
  /** `on` = {draw(), sit(counter), stand(), words(), wrong(text)}. */
  constructor(desk, on) {
    this.desk = desk;
    this.on = on;
    this.watch = null;
  }

  /** Whoever is signed in, at the counter they sit at; else they sign in, or choose a counter. */
  async begin() {
    const { desk } = this;
    try {
      desk.session = await signedIn();
      if (!desk.session || desk.session.must_change) {
        location.replace(signInPage());
        return;
      }
      desk.hall = await get("/hall", desk);
    } catch (error) {
      desk.why = "no_hub";
      this.on.draw();
      setTimeout(() => this.begin(), AGAIN_MS);
      return;
    }
    desk.why = null;
    this.watchTime();
    if (desk.session.counter) this.sit();
    else if (desk.session.home_counter) await this.take(desk.session.home_counter);
    else this.choose();
  }

  watchTime() {
    if (this.watch) return;
    const left = (seconds) => {
      this.desk.idle = seconds;
      this.on.draw();
    };
    this.watch = new Watch({ left, over: () => this.over() });
  }

  /** The session stands for nobody any more. */
  over() {
    if (!this.leaving) location.replace(signInPage("ended"));
  }

  stay() {
    if (this.watch) this.watch.stay();
  }

  sit() {
    Object.assign(this.desk, { stage: "", whyText: "" });
    this.on.sit(this.desk.session.counter);
  }

  choose() {
    this.desk.stage = "choose";
    this.on.draw();
  }

  async take(counter) {
    this.desk.whyText = "";
    try {
      this.desk.session = await ask("POST", "/session/counter", { counter }, this.desk.language);
      this.sit();
    } catch (error) {
      this.refused(error);
      this.choose();
    }
  }

  /** An idle counter is closed by that; while a citizen is there the hub refuses. */
  async signOut() {
    this.leaving = true; // the hub's word that the session is over may come before its answer
    if (await this.end("/session")) location.replace("/login?why=left");
    else this.leaving = false;
  }

  async standUp() {
    const session = await this.end("/session/counter");
    if (!session) return;
    this.desk.session = session;
    this.desk.counter = "";
    this.on.stand();
    this.choose();
  }

  async end(path) {
    try {
      return await ask("DELETE", path, undefined, this.desk.language);
    } catch (error) {
      this.refused(error);
      return null;
    }
  }

  refused(error) {
    if (error instanceof Refused && error.status === 401) this.over();
    this.desk.whyText = error instanceof Refused ? error.message : this.on.words().no_hub;
    if (this.desk.signedIn) this.on.wrong(this.desk.whyText);
    else this.on.draw();
  }
}
