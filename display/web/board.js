/* The page: draws what differs, four times a second and at every message. */
(function () {
  "use strict";

  var CALL_SECONDS = 12;
  var PAGE_MS = 8000;
  var PATIENCE_MS = 2000;
  var LEAST_NUMBER = 44;
  var MOST_COLUMNS = 6;
  var CHARACTER = 0.6;

  var query = new URLSearchParams(location.search);
  var languages = (query.get("lang") || "zh").split(",").filter(function (language, place, all) {
    return (language === "zh" || language === "en") && all.indexOf(language) === place;
  });
  if (!languages.length) {
    languages = ["zh"];
  }
  document.documentElement.lang = languages[0] === "zh" ? "zh-CN" : "en";

  var say = window.HallWords.say;
  var announcements = window.HallCalls.fresh();
  var unheard = [];
  var lastBoard = null;
  var drawn = {};

  function byId(id) {
    return document.getElementById(id);
  }

  function make(tag, name, text) {
    var element = document.createElement(tag);
    if (name) {
      element.className = name;
    }
    if (text !== undefined) {
      element.textContent = text;
    }
    return element;
  }

  function standing() {
    return window.innerHeight > window.innerWidth;
  }

  /* One pixel of a 1920x1080 or 1080x1920 screen. */
  function unit() {
    var across = standing() ? 1080 : 1920;
    var down = standing() ? 1920 : 1080;
    return Math.min(window.innerWidth / across, window.innerHeight / down);
  }

  /* Runs `draw` only when what it draws differs from what stands there. */
  function whenNew(name, content, draw) {
    var key = JSON.stringify(content);
    if (drawn[name] !== key) {
      drawn[name] = key;
      draw(content);
    }
  }

  /* Smaller until it fits, down to a share of its size; CSS cuts what is still too long, with an ellipsis. */
  function fit(element, least) {
    element.style.fontSize = "";
    shrink(element, least);
  }

  function shrink(element, least) {
    var full = parseFloat(getComputedStyle(element).fontSize);
    for (var share = 1; share > (least || 0.6) && element.scrollWidth > element.clientWidth; share -= 0.03) {
      element.style.fontSize = full * share + "px";
    }
  }

  /* All type of a line shrinks together until the card holds it. */
  function fitLine(line) {
    var texts = line.firstChild.children;
    var sizes = Array.prototype.map.call(texts, function (text) {
      return parseFloat(getComputedStyle(text).fontSize);
    });
    for (var share = 0.98; share > 0.3 && line.firstChild.offsetWidth > line.clientWidth; share -= 0.02) {
      for (var place = 0; place < texts.length; place += 1) {
        texts[place].style.fontSize = sizes[place] * share + "px";
      }
    }
  }

  function sentence(parts) {
    var line = make("div", "sentence");
    var inner = line.appendChild(make("span", "inner"));
    parts.forEach(function (part) {
      if (part[1]) {
        inner.appendChild(make("span", part[0], part[1]));
      }
    });
    return line;
  }

  function cardElement(card, alone) {
    var named = card.place.large.length > 4 ? " named" : "";
    var element = make("div", "card" + (card.fresh ? " fresh" : "") + (alone ? " alone" : " stacked") + named + (card.second ? " two" : ""));
    element.appendChild(make("div", "caption", card.caption));
    var place = [["words", card.place.before], ["large", card.place.large], ["words", card.place.after]];
    if (alone && !standing()) {
      var words = [["words", card.lead], ["number", card.number], ["words", card.joint]];
      element.appendChild(sentence(words.concat(place)));
    } else {
      element.appendChild(sentence([["number", card.number]]));
      element.appendChild(sentence([["words", card.jointAlone]].concat(place)));
    }
    if (card.second) {
      element.appendChild(make("div", "second", card.second));
    }
    return element;
  }

  function drawCalls(content) {
    var area = byId("calls");
    area.textContent = "";
    content.cards.forEach(function (card) {
      area.appendChild(cardElement(card, content.cards.length === 1));
    });
    Array.prototype.forEach.call(area.querySelectorAll(".sentence"), fitLine);
    if (content.sign) {
      var element = area.appendChild(make("div", "sign"));
      fit(element.appendChild(make("div", "title", content.sign.title)), 0.3);
      fit(element.appendChild(make("div", "detail", content.sign.detail)), 0.3);
    }
  }

  function drawRecent(content) {
    var area = byId("recent");
    area.hidden = !content.rows.length;
    area.textContent = "";
    area.appendChild(make("span", "heading", content.heading));
    var most = Math.max(2, Math.floor(area.clientWidth / (330 * unit())));
    for (var place = 0; place < Math.min(most, Math.max(content.rows.length, 4)); place += 1) {
      var row = content.rows[place];
      var cell = area.appendChild(make("span", row ? "call" : "call empty"));
      if (row) {
        cell.appendChild(make("b", "", row.number));
        cell.appendChild(make("span", "place", row.place));
      }
    }
  }

  /* As few pages as keep numbers readable, then the number of columns that makes them largest. */
  function counterGrid(width, height, count, longest) {
    var characters = Math.max(longest, 4) * CHARACTER;
    var gap = 10 * unit();
    for (var pages = 1; pages <= Math.max(count, 1); pages += 1) {
      var perPage = Math.ceil(count / pages) || 1;
      var best = null;
      for (var columns = 1; columns <= MOST_COLUMNS; columns += 1) {
        var rows = Math.ceil(perPage / columns);
        var across = (width - gap * (columns - 1)) / columns;
        var down = (height - gap * (rows - 1)) / rows;
        var number = Math.floor(Math.min(down * 0.48, (across * 0.86) / characters));
        if (best === null || number > best.number) {
          best = { columns: columns, width: across, height: down, gap: gap, number: number };
        }
      }
      best.pages = pages;
      best.perPage = perPage;
      if (best.number >= LEAST_NUMBER * unit()) {
        break;
      }
    }
    best.number = Math.min(best.number, 150 * unit());
    return best;
  }

  function drawCounters(content) {
    var grid = document.querySelector("#counters .grid");
    var longest = content.rows.reduce(function (most, row) {
      return Math.max(most, row.number.length);
    }, 4);
    var cut = counterGrid(grid.clientWidth, grid.clientHeight, content.rows.length, longest);
    var page = content.turn % cut.pages;
    heading("counters", content.heading, page, cut.pages);
    grid.textContent = "";
    content.rows.slice(page * cut.perPage, (page + 1) * cut.perPage).forEach(function (row, place) {
      var cell = grid.appendChild(counterCell(row, cut));
      cell.style.left = (place % cut.columns) * (cut.width + cut.gap) + "px";
      cell.style.top = Math.floor(place / cut.columns) * (cut.height + cut.gap) + "px";
      fit(cell.firstChild, 0.5);
      if (!row.number) {
        shrink(cell.lastChild.firstChild);
      }
    });
  }

  function counterCell(row, cut) {
    var cell = make("div", "cell " + row.mood);
    cell.style.width = cut.width + "px";
    cell.style.height = cut.height + "px";
    var top = cell.appendChild(make("div", "top"));
    var roomy = cut.width > 7.4 * 32 * unit();
    top.appendChild(make("span", "place", roomy ? row.place : row.short));
    var below = cell.appendChild(make("div", "below"));
    if (row.number) {
      top.appendChild(make("span", "state", row.state));
      below.appendChild(make("b", "", row.number)).style.fontSize = cut.number + "px";
    } else {
      below.appendChild(make("span", "state", row.state)).style.fontSize = Math.min(34 * unit(), cut.number * 0.7) + "px";
    }
    return cell;
  }

  function heading(id, text, page, pages) {
    var element = document.querySelector("#" + id + " h2");
    element.textContent = "";
    element.appendChild(make("span", "", text));
    if (pages > 1) {
      element.appendChild(make("span", "", page + 1 + "/" + pages));
    }
  }

  function drawServices(content) {
    var list = document.querySelector("#services .list");
    var least = languages.length > 1 ? 60 : 48;
    var perPage = Math.max(1, Math.floor(list.clientHeight / (least * unit())));
    var pages = Math.max(1, Math.ceil(content.rows.length / perPage));
    var page = content.turn % pages;
    var shown = content.rows.slice(page * perPage, (page + 1) * perPage);
    var height = Math.min(72 * unit(), list.clientHeight / Math.max(1, Math.min(perPage, content.rows.length)));
    heading("services", content.heading, page, pages);
    list.textContent = "";
    shown.forEach(function (row) {
      var line = list.appendChild(make("div", "service"));
      line.style.height = height + "px";
      var name = line.appendChild(make("span", row.second ? "name two" : "name", row.name));
      if (row.second) {
        name.appendChild(make("small", "", row.second));
      }
      line.appendChild(make("b", "", row.waiting));
      line.appendChild(make("span", "wait", row.wait));
    });
    fitNames(Array.prototype.slice.call(list.querySelectorAll(".name")));
  }

  /* All names in the size of the longest; a name that is still too long goes on two lines. */
  function fitNames(names) {
    names.forEach(function (name) {
      fit(name, 0.7);
    });
    var sizes = names.map(function (name) {
      return parseFloat(getComputedStyle(name).fontSize);
    });
    names.forEach(function (name) {
      name.style.fontSize = Math.min.apply(null, sizes) + "px";
      if (name.scrollWidth > name.clientWidth && !name.querySelector("small")) {
        name.style.fontSize = "";
        name.className = "name long";
      }
    });
  }

  function drawMissed(content) {
    var list = document.querySelector("#missed .list");
    var room = Math.max(1, Math.floor((list.clientHeight - 12 * unit()) / (60 * unit()))) * (standing() ? 3 : 2);
    var shown = content.numbers.length <= room ? content.numbers : content.numbers.slice(0, room - 1);
    heading("missed", content.heading, 0, 1);
    list.textContent = "";
    shown.forEach(function (number) {
      fit(list.appendChild(make("span", "", number)), 0.6);
    });
    if (shown.length < content.numbers.length) {
      list.appendChild(make("span", "", "+" + (content.numbers.length - shown.length)));
    } else if (!shown.length) {
      list.appendChild(make("span", "none", say("none", languages.slice(0, 1))));
    }
  }

  function drawText(id, text) {
    whenNew(id, text, function () {
      byId(id).textContent = text;
      if (id === "warning" || id === "notice") {
        byId(id).hidden = !text;
        fit(byId(id), 0.6);
      }
    });
  }

  /* Bars that come or go leave another room to everything below them. */
  function forgetWhenBarsChange(view) {
    whenNew("bars", [Boolean(view.warning), Boolean(view.notice), Boolean(view.recent.length)], function () {
      ["recent", "calls", "counters", "services", "missed"].forEach(function (name) {
        delete drawn[name];
      });
    });
  }

  function draw() {
    var turn = Math.floor(performance.now() / PAGE_MS);
    var view = window.HallView.view(link, announcements.showing, languages, turn);
    document.body.className = (standing() ? "standing" : "lying") + (view.counters.length ? "" : " empty");
    ["warning", "notice", "hall", "opening", "date", "clock"].forEach(function (id) {
      drawText(id, view[id]);
    });
    forgetWhenBarsChange(view);
    whenNew("recent", { rows: view.recent, heading: say("recent", languages) }, drawRecent);
    whenNew("calls", { cards: view.cards, sign: view.sign }, drawCalls);
    whenNew("counters", { rows: view.counters, heading: say("counters", languages), turn: turn }, drawCounters);
    whenNew("services", { rows: view.services, heading: say("waiting", languages), turn: turn }, drawServices);
    whenNew("missed", { numbers: view.missed, heading: say("missed", languages) }, drawMissed);
  }

  /* How many calls fit with their numbers at full height: two on a standing screen, up to three side by side. */
  function slots() {
    if (standing()) {
      return 2;
    }
    var longest = announcements.waiting.concat(announcements.showing.map(function (shown) {
      return shown.call;
    })).reduce(function (most, call) {
      return Math.max(most, call.number.length);
    }, 4);
    var card = window.innerHeight * 0.22 * CHARACTER * longest + 48 * unit();
    return Math.max(1, Math.min(3, Math.floor((window.innerWidth - 56 * unit()) / card)));
  }

  /* Announcements wait for the first beat: before it nobody knows which of them are still fresh. */
  function update() {
    var hallNow = link.hallNow();
    if (link.board !== lastBoard) {
      lastBoard = link.board;
      unheard.push(link.board.calls || []);
    }
    if (hallNow !== null) {
      var late = hallNow - PATIENCE_MS * link.beat.speed;
      unheard.forEach(function (calls) {
        announcements = window.HallCalls.heard(announcements, calls, late);
      });
      unheard = [];
    }
    announcements = window.HallCalls.step(announcements, performance.now() / 1000, slots(), CALL_SECONDS);
    draw();
  }

  /* A screen that nobody gave a token lets itself be paired; an address with `?token=` says what it wants. */
  function drawPairing(code) {
    document.querySelector("#pairing h2").textContent = say("pairing", languages);
    document.querySelector("#pairing b").textContent = code;
    document.querySelector("#pairing .how").textContent = say("pairing_how", languages.slice(0, 1));
    document.querySelector("#pairing .command").textContent = say("pairing_command", languages.slice(0, 1), { code: code });
    byId("pairing").hidden = !code;
  }

  function askForAccess() {
    if (link.state === "refused" && !query.get("token")) {
      pairing.begin();
    } else if (link.state === "there") {
      pairing.end();
    }
  }

  function resized() {
    document.documentElement.style.fontSize = unit() * 10 + "px";
    drawn = {};
    update();
  }

  var pairing = new window.HallPairing.Pairing(
    location.pathname.split("/")[2] || "main",
    function () {
      whenNew("pairing", pairing.code, drawPairing);
    },
    function (key) {
      link.enter(key);
    }
  );
  var link = new window.HallLink.Link(query.get("token") || window.HallPairing.kept(), function () {
    if (link) {
      askForAccess();
      update();
    }
  });
  resized();
  window.addEventListener("resize", resized);
  setInterval(update, 250);
  if (document.fonts && document.fonts.ready) {
    document.fonts.ready.then(resized);
  }
})();
