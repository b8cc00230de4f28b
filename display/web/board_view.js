/* From the board's JSON to what a citizen reads: the same rules as display/view.py and hub/wire/labels.py. */
(function () {
  "use strict";

  var say = window.HallWords.say;
  var word = window.HallWords.word;
  var STATES = {
    open: ["idle", "idle"],
    calling: ["calling_state", "calling"],
    serving: ["serving", "serving"],
    away: ["away", "away"],
    closed: ["shut", "closed"]
  };

  /* Hall time as the people of the hall read it. */
  function local(ms, zone) {
    var parts = {};
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone || "Asia/Shanghai", hour12: false, year: "numeric", month: "numeric", day: "numeric",
      hour: "2-digit", minute: "2-digit"
    }).formatToParts(new Date(ms)).forEach(function (part) {
      parts[part.type] = part.value;
    });
    var date = new Date(Date.UTC(+parts.year, +parts.month - 1, +parts.day));
    var hour = String(+parts.hour % 24);
    return { time: (hour.length < 2 ? "0" : "") + hour + ":" + parts.minute, date: date, days: date.getTime() / 86400000 };
  }

  function day(moment, language) {
    var month = moment.date.getUTCMonth();
    return {
      weekday: window.HallWords.WEEKDAYS[language][moment.date.getUTCDay()],
      month: language === "zh" ? month + 1 : window.HallWords.MONTHS.en[month],
      day: moment.date.getUTCDate(),
      time: moment.time
    };
  }

  function natural(one, other) {
    return one.localeCompare(other, "en", { numeric: true });
  }

  /* How a counter is told: a short label is a number (`3号窗口`), a longer one a name of its own; who reads no
     Chinese is sent to the counter's code. */
  function placeOf(code, counters, language) {
    var label = String((counters[code] && counters[code].label) || "").trim() || code;
    var short = /^第?\s*([A-Za-z0-9-]{1,4})\s*(?:号?\s*窗口|号)?$/.exec(label);
    if (short && language === "zh") {
      return { before: "", large: short[1], after: "号窗口", text: short[1] + "号窗口", short: short[1] + "号" };
    }
    if (!short && (language === "zh" || /^[\x00-\x7f]*$/.test(label))) {
      return { before: "", large: label, after: "", text: label, short: label };
    }
    var number = short ? short[1] : code;
    return { before: "Counter", large: number, after: "", text: "Counter " + number, short: number };
  }

  function card(number, counter, counters, caption, languages, fresh) {
    var chinese = languages[0] === "zh";
    var second = "";
    if (languages.length > 1) {
      var other = placeOf(counter, counters, languages[1]).text;
      second = chinese ? number + ", please go to " + other : "请 " + number + " 号到 " + other;
    }
    return {
      number: number, place: placeOf(counter, counters, languages[0]), caption: caption, second: second, fresh: fresh,
      lead: chinese ? "请" : "", joint: chinese ? "号到" : "to", jointAlone: chinese ? "请到" : "to"
    };
  }

  function cards(board, showing, languages) {
    if (showing.length) {
      return showing.map(function (shown) {
        var call = shown.call;
        var caption = call.times < 2 ? say("calling", languages) : say("calling_again", languages, { times: call.times });
        return card(call.number, call.counter, board.counters, caption, languages, true);
      });
    }
    var last = board.recent[0];
    if (!last || board.hall.opening.state === "closed") {
      return [];
    }
    return [card(last.number, last.counter, board.counters, say("last_call", languages), languages, false)];
  }

  function when(moment, now, language) {
    var days = now ? moment.days - now.days : -1;
    return word(days === 0 ? "today" : days === 1 ? "tomorrow" : "on_day", language, day(moment, language));
  }

  /* Why no numbers are given; "" from a hub that tells none, or one that this page does not know yet. */
  function why(opening, language) {
    var key = "why_" + opening.reason;
    var names = opening.names || {};
    var name = names[language] || names.zh || "";
    if (key === "why_closed_day" && name) {
      key = "why_special";
    }
    return window.HallWords.WORDS[key] ? word(key, language, { name: name || word("a_holiday", language) }) : "";
  }

  /* The reason; who has a number is told that it still counts. */
  function closedTitle(reasons, busy, languages) {
    if (!reasons.every(Boolean)) {
      return say(busy ? "tickets_ended" : "hall_closed", languages);
    }
    return reasons.map(function (reason, at) {
      return busy ? word("still_called", languages[at], { why: reason }) : reason;
    }).join("　");
  }

  function sign(board, state, now, zone, languages) {
    if (state === "refused") {
      return { title: say("refused", languages), detail: "" };
    }
    if (!board) {
      return { title: say("no_hub", languages), detail: say("no_hub_hint", languages) };
    }
    if (board.hall.opening.state !== "closed") {
      return { title: say("no_calls", languages), detail: "" };
    }
    var busy = Object.keys(board.services).some(function (code) {
      return board.services[code].waiting;
    }) || Object.keys(board.counters).some(function (code) {
      return board.counters[code].number;
    });
    var closed = board.hall.opening;
    var reasons = languages.map(function (language) {
      return why(closed, language);
    });
    var opens = closed.next_opening;
    var detail = opens ? languages.map(function (language) {
      return word("next_opening", language, { when: when(local(Date.parse(opens), zone), now, language) });
    }).join("　") : "";
    return { title: closedTitle(reasons, busy, languages), detail: detail };
  }

  /* When a paused counter goes on, once for all languages; "" once that has passed or nobody knows. */
  function backWords(counter, now, zone, languages) {
    var back = counter.state === "away" && counter.away ? Date.parse(counter.away.back_at) : NaN;
    if (now === null || !(back > now)) {
      return "";
    }
    var until = word("away_until", languages[languages.length - 1], local(back, zone));
    return languages.length > 1 ? word("away_short", languages[0], {}) + " " + until : until;
  }

  function counterRow(code, counters, languages, now, zone) {
    var counter = counters[code];
    var state = STATES[counter.state] || STATES.closed;
    var place = placeOf(code, counters, languages[0]);
    return {
      place: place.text, short: place.short, number: counter.number || "", mood: state[1],
      state: backWords(counter, now, zone, languages) || say(state[0], counter.number ? languages.slice(0, 1) : languages, {}, " ")
    };
  }

  function serviceRow(service, languages, closed) {
    var names = languages.map(function (language) {
      return service.names[language] || service.names.zh || "";
    });
    var range = service.wait_minutes;
    var wait = "";
    if (range && !(closed && !service.waiting)) {
      wait = word(waitKey(range, service.waiting), languages[0], range);
    }
    if (!closed && service.opening && service.opening.state === "closed" && !service.waiting) {
      wait = why(service.opening, languages[0]);
    }
    return {
      name: names[0], second: names[1] && names[1] !== names[0] ? names[1] : "",
      waiting: word("people", languages[0], { n: service.waiting || 0 }), wait: wait
    };
  }

  function waitKey(range, waiting) {
    if (range.high <= 1) {
      return waiting ? "soon" : "no_wait";
    }
    return range.low === range.high ? "wait_one" : range.low ? "wait" : "wait_within";
  }

  function opening(hall, zone, languages) {
    if (hall.opening.state === "closed") {
      return why(hall.opening, languages[0]) || word("not_open", languages[0]);
    }
    var closes = hall.opening.closes_at;
    return closes ? word("open_until", languages[0], local(Date.parse(closes), zone)) : word("open", languages[0]);
  }

  function warning(board, link, zone, languages) {
    if (!board || link.state === "there") {
      return "";
    }
    var texts = [say(link.state === "refused" ? "refused" : "hub_away", languages)];
    if (link.asOf()) {
      texts.push(say("data_until", languages, local(link.asOf(), zone), " "));
    }
    return "！" + texts.join("　·　");
  }

  /* A board of an older or newer hub: what is missing is empty. */
  function whole(board) {
    return board && Object.assign({}, { hall: {}, counters: {}, services: {}, recent: [], missed: [], notices: [] }, board);
  }

  /* A hall outside its own hours is open as long as one of its services is. */
  function awake(hall, services) {
    var open = Object.keys(services).some(function (code) {
      return (services[code].opening || {}).state === "open";
    });
    return open && hall.opening.state === "closed" ? Object.assign({}, hall, { opening: { state: "open" } }) : hall;
  }

  /* The whole board at this moment; `turn` counts notices on. */
  function view(link, showing, languages, turn) {
    var board = whole(link.board);
    var hall = Object.assign({ opening: {}, names: {}, name: "" }, board && board.hall);
    if (board) {
      board.hall = awake(hall, board.services);
    }
    hall = board ? board.hall : hall;
    var zone = hall.time_zone;
    var ms = link.hallNow();
    var now = ms === null ? null : local(ms, zone);
    var found = board ? cards(board, showing, languages) : [];
    return {
      hall: hall.names[languages[0]] || hall.name,
      opening: board ? opening(hall, zone, languages) : "",
      clock: now ? now.time : "--:--",
      date: now ? word("date", languages[0], day(now, languages[0])) : "",
      cards: found,
      sign: found.length ? null : sign(board, link.state, now, zone, languages),
      counters: board ? Object.keys(board.counters).sort(natural).map(function (code) {
        return counterRow(code, board.counters, languages, ms, zone);
      }) : [],
      services: board ? Object.keys(board.services).sort(natural).map(function (code) {
        return serviceRow(board.services[code], languages, hall.opening.state === "closed");
      }) : [],
      recent: board ? board.recent.map(function (call) {
        return { number: call.number, place: placeOf(call.counter, board.counters, languages[0]).text };
      }) : [],
      missed: board ? board.missed.map(function (call) {
        return call.number;
      }) : [],
      notice: board && board.notices.length ? board.notices[turn % board.notices.length] : "",
      warning: warning(board, link, zone, languages)
    };
  }

  window.HallView = { view: view, placeOf: placeOf };
})();
