// The board as it stands, by WebSocket: the whole of it once, then merge patches (RFC 7396); and the hall's own time.

const AGAIN_MS = [500, 1000, 2000, 5000, 10000];
const SILENT_MS = 15000; // the hub beats every 5 s

function merge(document, patch) {
  const merged = Object.assign({}, document);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = typeof value === "object" && !Array.isArray(value) ? merge(merged[name] || {}, value) : value;
  }
  return merged;
}

/** `on.board(board)` at every change, `on.state(connected)`. Ends by `close()`. */
export class BoardLive {
  constructor(on) {
    this.on = on;
    this.board = {};
    this.seq = -1;
    this.tries = 0;
    this.time = null;
    this.closed = false;
    this.open();
  }

  /** Hall time in milliseconds; null before the first beat. */
  now() {
    return this.time && this.time.at + (performance.now() - this.time.heard) * this.time.speed;
  }

  open() {
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/api/v1/board/ws`);
    this.socket.addEventListener("message", (event) => this.hear(JSON.parse(event.data)));
    this.socket.addEventListener("close", () => this.again());
  }

  hear(frame) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.socket.close(), SILENT_MS);
    this.tries = 0;
    this.on.state(true);
    if (frame.kind === "beat") this.time = { at: Date.parse(frame.at), speed: frame.speed || 1, heard: performance.now() };
    if (frame.kind === "board") this.board = frame.board;
    if (frame.kind === "patch") {
      if (frame.seq !== this.seq + 1) {
        this.socket.close(); // something is missing: the next connection brings the whole board
        return;
      }
      this.board = merge(this.board, frame.patch);
    }
    this.seq = frame.seq;
    if (frame.kind !== "beat") this.on.board(this.board);
  }

  again() {
    clearTimeout(this.silence);
    if (this.closed) return;
    this.on.state(false);
    setTimeout(() => { if (!this.closed) this.open(); }, AGAIN_MS[Math.min(this.tries++, AGAIN_MS.length - 1)]);
  }

  close() {
    this.closed = true;
    clearTimeout(this.silence);
    this.socket.close();
  }
}
