// Keeps the counter's lists fresh: read again when the board changed something that bears on them, never by the clock.

import { HubAway, Refused, get } from "./hub.js";
import { bearing, counterOf } from "./rules.js";

const PAUSE_MS = 1000; // a busy hall changes more often than a clerk reads

export class Lists {
  /** `take(lists)` gets every answer of `GET /counters/{counter}/queue`. */
  constructor(desk, take) {
    this.desk = desk;
    this.take = take;
    this.seen = null;
    this.own = null;
    this.reading = false;
    this.again = false;
    this.readAt = -Infinity;
    this.timer = null;
  }

  stop() {
    clearTimeout(this.timer);
    this.take = () => {};
  }

  boardIs(board) {
    const seen = bearing(board, this.desk.counter);
    if (seen === this.seen) return;
    const own = JSON.stringify(counterOf(board, this.desk.counter));
    const mine = own !== this.own;
    this.seen = seen;
    this.own = own;
    this.wish(mine);
  }

  /** Read at once when this counter itself changed, else when the last reading is long enough ago. */
  wish(mine) {
    if (this.reading) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.read(), mine ? 0 : Math.max(0, this.readAt + PAUSE_MS - performance.now()));
  }

  async read() {
    this.reading = true;
    this.again = false;
    this.readAt = performance.now();
    try {
      this.take(await get(`/counters/${encodeURIComponent(this.desk.counter)}/queue`, this.desk));
    } catch (error) {
      if (!(error instanceof HubAway || error instanceof Refused)) throw error;
      this.seen = null; // the next board asks again
    }
    this.reading = false;
    if (this.again) this.wish(true);
  }
}
