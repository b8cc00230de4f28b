/* A screen without access asks for it: a key of its own, a code to show, and patience. The key stays in this browser. */
(function () {
  "use strict";

  var KEPT = "hall.board.key";
  var AGAIN_MS = 5000;
  var LATER_MS = 30000;

  /* The kept key; none when the browser keeps nothing. */
  function kept() {
    try {
      return localStorage.getItem(KEPT);
    } catch (error) {
      return null;
    }
  }

  function keep(key) {
    try {
      localStorage.setItem(KEPT, key);
    } catch (error) {
      console.warn("this browser keeps nothing: the screen must be paired again after a restart");
    }
  }

  function newKey() {
    var bytes = crypto.getRandomValues(new Uint8Array(32));
    return Array.prototype.map.call(bytes, function (byte) {
      return ("0" + byte.toString(16)).slice(-2);
    }).join("");
  }

  function send(method, path, body, heard) {
    var request = new XMLHttpRequest();
    request.open(method, "/api/v1/pairing" + path);
    request.setRequestHeader("Content-Type", "application/json");
    request.timeout = 5000;
    request.onloadend = function () {
      var answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch (error) {
        answer = null; // no hub, or not ours: the status tells
      }
      heard(request.status, answer);
    };
    request.send(body ? JSON.stringify(body) : null);
  }

  /* `code` is what to show, "" for nothing; `changed()` tells of it; `letIn(key)` gives the key that opens the board. */
  function Pairing(screen, changed, letIn) {
    this.code = "";
    this._station = "board-" + screen.replace(/[^\w.-]/g, "-").slice(0, 50);
    this._changed = changed;
    this._letIn = letIn;
    this._key = null;
  }

  /* Ask, unless it is being asked already. */
  Pairing.prototype.begin = function () {
    if (this._key === null) {
      this._key = newKey();
      this._ask();
    }
  };

  Pairing.prototype.end = function () {
    this._key = null;
    this._show("");
  };

  Pairing.prototype._ask = function () {
    var self = this;
    var key = this._key;
    var body = { role: "display", station: this._station, key_hash: window.HallSha256(key) };
    send("POST", "", body, function (status, answer) {
      if (self._key !== key) {
        return;
      }
      if (status === 201) {
        self._show(answer.code.slice(0, 4) + "-" + answer.code.slice(4));
        self._wait(key, answer);
      } else {
        self._show("");
        setTimeout(self._retry.bind(self, key), status ? LATER_MS : AGAIN_MS);
      }
    });
  };

  Pairing.prototype._retry = function (key) {
    if (this._key === key) {
      this._ask();
    }
  };

  Pairing.prototype._wait = function (key, asked) {
    var self = this;
    setTimeout(function () {
      if (self._key === key) {
        send("GET", "/requests/" + encodeURIComponent(asked.request), null, function (status, answer) {
          self._decided(key, asked, status === 200 ? answer.state : status === 404 ? "expired" : "open");
        });
      }
    }, asked.poll_seconds * 1000);
  };

  Pairing.prototype._decided = function (key, asked, state) {
    if (this._key !== key) {
      return;
    }
    if (state === "open") {
      this._wait(key, asked);
    } else if (state === "confirmed") {
      keep(key);
      this.end();
      this._letIn(key);
    } else {
      this._key = newKey();
      this._show("");
      setTimeout(this._retry.bind(this, this._key), state === "refused" ? LATER_MS : 0);
    }
  };

  Pairing.prototype._show = function (code) {
    this.code = code;
    this._changed();
  };

  window.HallPairing = { Pairing: Pairing, kept: kept };
})();
