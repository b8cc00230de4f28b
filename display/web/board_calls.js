/* The order of announcements: each call gets the newest-call area once, in order, none skipped.
   The same rules as display/calls.py, and tested against it. Nothing here touches the page or the clock. */
(function () {
  "use strict";

  var LEAST_S_PER_SLOT = 0.3;
  var REMEMBERED = 200;

  function fresh() {
    return { known: [], waiting: [], showing: [] };
  }

  /* Take in the board's calls (newest first). What has expired by hallNow (ms) is remembered but never announced. */
  function heard(state, calls, hallNow) {
    var known = state.known.slice();
    var waiting = state.waiting.slice();
    inOrder(calls).forEach(function (call) {
      if (known.indexOf(call.id) >= 0) {
        return;
      }
      known.push(call.id);
      if (Date.parse(call.expires_at) > hallNow) {
        queue(waiting, { ids: [call.id], number: call.number, counter: call.counter, times: call.times || 1 });
      }
    });
    return { known: known.slice(-REMEMBERED), waiting: waiting, showing: state.showing };
  }

  /* The slots at this moment (seconds): what had its time leaves, what waits comes in. */
  function step(state, nowS, slots, callSeconds) {
    var showing = state.showing.slice(0, slots);
    var cut = state.showing.slice(slots).map(function (shown) {
      return shown.call;
    });
    var waiting = recallInPlace(showing, cut.concat(state.waiting), nowS);
    var leastS = secondsEach(waiting.length, slots, callSeconds);
    oldestFirst(showing).forEach(function (place) {
      if (waiting.length && nowS - showing[place].sinceS >= leastS) {
        showing[place] = { call: waiting.shift(), sinceS: nowS };
      }
    });
    showing = showing.filter(function (shown) {
      return nowS - shown.sinceS < callSeconds;
    });
    while (waiting.length && showing.length < slots) {
      showing.push({ call: waiting.shift(), sinceS: nowS });
    }
    return { known: state.known, waiting: waiting, showing: showing };
  }

  function secondsEach(waiting, slots, callSeconds) {
    if (!waiting) {
      return callSeconds;
    }
    return Math.min(callSeconds, Math.max(LEAST_S_PER_SLOT * slots, callSeconds / (3 * waiting)));
  }

  /* Older browsers sort without keeping ties in order, so the place in the list decides them. */
  function inOrder(calls) {
    return calls
      .map(function (call, place) {
        return { call: call, at: Date.parse(call.at), place: place };
      })
      .sort(function (one, other) {
        return one.at - other.at || other.place - one.place;
      })
      .map(function (entry) {
        return entry.call;
      });
  }

  function queue(waiting, call) {
    for (var index = 0; index < waiting.length; index += 1) {
      if (sameTicket(waiting[index], call)) {
        call.ids = waiting[index].ids.concat(call.ids);
        waiting[index] = call;
        return;
      }
    }
    waiting.push(call);
  }

  function recallInPlace(showing, waiting, nowS) {
    return waiting.filter(function (call) {
      for (var place = 0; place < showing.length; place += 1) {
        if (sameTicket(showing[place].call, call)) {
          showing[place] = { call: call, sinceS: nowS };
          return false;
        }
      }
      return true;
    });
  }

  function sameTicket(one, other) {
    return one.number === other.number && one.counter === other.counter;
  }

  function oldestFirst(showing) {
    return showing
      .map(function (_, place) {
        return place;
      })
      .sort(function (one, other) {
        return showing[one].sinceS - showing[other].sinceS || one - other;
      });
  }

  window.HallCalls = { fresh: fresh, heard: heard, step: step, secondsEach: secondsEach };
})();
