/* The connection to the hub: the whole board once, then merge patches; a gap asks for the whole board again. */
(function () {
  "use strict";

  var BACKOFF_MS = [200, 500, 1000, 2000, 5000];
  var SILENCE_MS = 12000;

  /* RFC 7396 section 2: objects merge, null removes, everything else replaces. The old document stays as it was. */
  function merge(document, patch) {
    var merged = Object.assign({}, document);
    Object.keys(patch).forEach(function (key) {
      var value = patch[key];
      if (value === null) {
        delete merged[key];
      } else if (isObject(value)) {
        merged[key] = merge(isObject(merged[key]) ? merged[key] : {}, value);
      } else {
        merged[key] = value;
      }
    });
    return merged;
  }

  function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }

  /* `changed(link)` is called whenever board or state differ. `state`: connecting, there, away or refused. */
  function Link(token, changed) {
    this.state = "connecting";
    this.board = null;
    this.beat = null;
    this.heardAt = 0;
    this._token = token;
    this._changed = changed;
    this._epoch = null;
    this._seq = 0;
    this._attempt = 0;
    this._socket = null;
    this._connect();
    setInterval(this._watch.bind(this), 500);
  }

  /* Hall time in ms by the last beat, carried on by the machine's steady clock; null before the first. */
  Link.prototype.hallNow = function (at) {
    var now = at === undefined ? performance.now() : at;
    return this.beat && this.beat.at + (now - this.beat.heardAt) * this.beat.speed;
  };

  /* The last moment at which the board was certainly true. */
  Link.prototype.asOf = function () {
    return this.hallNow(this.heardAt);
  };

  /* From the next connection on. */
  Link.prototype.enter = function (token) {
    this._token = token;
    this._attempt = 0;
  };

  Link.prototype._connect = function () {
    var query = [];
    if (this._epoch !== null) {
      query.push("epoch=" + encodeURIComponent(this._epoch), "since=" + this._seq);
    }
    if (this._token) {
      query.push("token=" + encodeURIComponent(this._token));
    }
    var scheme = location.protocol === "https:" ? "wss://" : "ws://";
    var socket = new WebSocket(scheme + location.host + "/api/v1/board/ws" + (query.length ? "?" + query.join("&") : ""));
    var self = this;
    var opened = false;
    this._socket = socket;
    this._openedAt = performance.now();
    socket.onopen = function () {
      opened = true;
    };
    socket.onmessage = function (message) {
      if (self._socket === socket) {
        self._heard(JSON.parse(message.data));
      }
    };
    socket.onclose = function () {
      if (self._socket === socket) {
        self._lost(opened);
      }
    };
  };

  Link.prototype._heard = function (frame) {
    this.heardAt = performance.now();
    this._attempt = 0;
    if (frame.kind === "board") {
      this._epoch = frame.epoch;
      this._seq = frame.seq;
      this.board = frame.board;
      this._become("there");
    } else if (frame.kind === "patch") {
      this._patched(frame);
    } else if (frame.kind === "beat") {
      this.beat = { at: Date.parse(frame.at), speed: frame.speed || 1, heardAt: this.heardAt };
      this._become(this.board ? "there" : "connecting");
    }
  };

  Link.prototype._patched = function (frame) {
    if (this.board === null || frame.epoch !== this._epoch || frame.seq !== this._seq + 1) {
      this._epoch = null;
      this._drop();
      return;
    }
    this._seq = frame.seq;
    this.board = merge(this.board, frame.patch);
    this._become("there");
  };

  Link.prototype._watch = function () {
    if (this._socket && performance.now() - Math.max(this.heardAt, this._openedAt) > SILENCE_MS) {
      this._become(this.board ? "away" : "connecting");
      this._drop();
    }
  };

  /* Give this connection up; a socket of a cable that was pulled may never tell that it closed. */
  Link.prototype._drop = function () {
    var socket = this._socket;
    this._socket = null;
    socket.close();
    this._again();
  };

  Link.prototype._lost = function (opened) {
    this._socket = null;
    if (this.state === "there") {
      this._become("away");
    }
    if (!opened) {
      this._askWhy();
    }
    this._again();
  };

  Link.prototype._again = function () {
    setTimeout(this._connect.bind(this), BACKOFF_MS[Math.min(this._attempt, BACKOFF_MS.length - 1)]);
    this._attempt += 1;
  };

  /* A browser does not tell a refused WebSocket from a missing hub: the same question over HTTP does. */
  Link.prototype._askWhy = function () {
    var self = this;
    var request = new XMLHttpRequest();
    request.open("GET", "/api/v1/board" + (this._token ? "?token=" + encodeURIComponent(this._token) : ""));
    request.timeout = 4000;
    request.onloadend = function () {
      var refused = request.status === 401 || request.status === 403;
      if (self.state !== "there") {
        self._become(refused ? "refused" : self.board ? "away" : "connecting");
      }
    };
    request.send();
  };

  Link.prototype._become = function (state) {
    this.state = state;
    this._changed(this);
  };

  window.HallLink = { Link: Link, merge: merge };
})();
