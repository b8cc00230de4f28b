"use strict";

(function () {
  const AGAIN_MS = 4000;
  const AGAIN_MS_AT_MOST = 30000;
  const OVER = ["finished", "cancelled", "expired"];

  const WORDS = {
    zh: {
      title: "排队进度",
      other: "English",
      otherLang: "en",
      loading: "正在读取您的号票…",
      unknown: "没有找到这张号票。\n请核对二维码，或到导办台咨询。",
      away: "暂时连接不上叫号系统，正在重试。\n请留意大厅屏幕和广播。",
      stale: "暂时连接不上，正在重试。以上可能不是最新情况，请留意大厅屏幕和广播。",
      number: "您的号码",
      ahead: "前面等候",
      people: (n) => (n === 0 ? "您是下一位" : n + " 人"),
      wait: "预计等候",
      minutes: (low, high) => (high <= 1 ? "很快叫到" : low === 0 ? high + " 分钟以内" : low === high ? "约 " + high + " 分钟" : low + "–" + high + " 分钟"),
      counters: "办理窗口",
      issued: "取号时间",
      counter: (c) => (/^[0-9A-Za-z]+$/.test(c) ? c + " 号窗口" : c),
      list: (all) => (all.every((c) => /^[0-9A-Za-z]+$/.test(c)) ? all.join("、") + " 号" : all.join("、")),
      goTo: (where) => "请到 " + where,
      next: "之后办理",
      comma: "、",
      heldUntil: (time, where) => "请在 " + time + " 前回到 " + where,
      back: "我回来了，重新排队",
      cancel: "取消排队",
      sure: "取消后号码作废，排队位置不保留。确定取消吗？",
      cancelYes: "确定取消",
      cancelNo: "不取消，继续排队",
      noAnswer: "没有连接上叫号系统，请再试一次。",
      footer: "请留意大厅屏幕和广播，过号请到导办台咨询。",
      pauses: {
        lunch: "现在是午间休息",
        before_opening: "窗口还没有开始办理",
        after_closing: "今日取号已结束，已取的号请等候叫号",
        holiday: "大厅放假",
        closed_day: "大厅今天不开放"
      },
      resumes: (why, at) => why + "，" + at + " 恢复办理",
      states: {
        waiting: ["等候中", "叫到您时，这里会显示窗口"],
        next: ["快到您了", "请留在大厅，留意屏幕和广播"],
        called: ["请到窗口", "现在轮到您了"],
        serving: ["正在办理", ""],
        held: ["已暂缓办理", "办好后请直接回到窗口"],
        no_show: ["已过号", "叫号时您不在，请到导办台或窗口重新排队"],
        may_return: ["已过号", "您回来了吗？可以在这里重新排队，也可到取号机旁的导办台"],
        finished: ["已办结", "感谢您的到来"],
        cancelled: ["已取消", "如需办理，请重新取号"],
        expired: ["已失效", "号票仅当日有效，请重新取号"]
      }
    },
    en: {
      title: "Your place in the queue",
      other: "中文",
      otherLang: "zh-CN",
      loading: "Reading your ticket…",
      unknown: "This ticket was not found.\nPlease check the QR code or ask at the desk.",
      away: "The hall system cannot be reached; trying again.\nPlease watch the screens in the hall.",
      stale: "The hall system cannot be reached; trying again. This may be out of date: please watch the screens in the hall.",
      number: "Your number",
      ahead: "Ahead of you",
      people: (n) => (n === 0 ? "You are next" : n === 1 ? "1 person" : n + " people"),
      wait: "Expected wait",
      minutes: (low, high) => (high <= 1 ? "very soon" : low === 0 ? "within " + high + " min" : low === high ? "about " + high + " min" : low + "–" + high + " min"),
      counters: "Counters",
      issued: "Taken at",
      counter: (c) => (/^[0-9A-Za-z]+$/.test(c) ? "counter " + c : c),
      list: (all) => all.join(", "),
      goTo: (where) => "Go to " + where,
      next: "Afterwards",
      comma: ", ",
      heldUntil: (time, where) => "Be back at " + where + " by " + time,
      back: "I am back, join the queue again",
      cancel: "Leave the queue",
      sure: "Your number will no longer be valid and your place is given up. Leave the queue?",
      cancelYes: "Yes, leave the queue",
      cancelNo: "No, stay in the queue",
      noAnswer: "The hall system cannot be reached; please try again.",
      pauses: {
        lunch: "It is the lunch break",
        before_opening: "The counters have not opened yet",
        after_closing: "No more numbers today; yours will still be called",
        holiday: "The hall is closed for a holiday",
        closed_day: "The hall is closed today"
      },
      resumes: (why, at) => why + ", until " + at,
      footer: "Please watch the screens and listen. Missed your call? Ask at the desk.",
      states: {
        waiting: ["Waiting", "When you are called, the counter shows here"],
        next: ["Almost your turn", "Please stay in the hall and watch the screens"],
        called: ["Go to your counter", "It is your turn now"],
        serving: ["Being served", ""],
        held: ["On hold", "When you are ready, go straight back to the counter"],
        no_show: ["Call missed", "You were not there when called; please ask at the desk or a counter"],
        may_return: ["Call missed", "Are you back? Join the queue again here, or ask at the desk"],
        finished: ["Done", "Thank you for coming"],
        cancelled: ["Cancelled", "Please take a new number if you need one"],
        expired: ["No longer valid", "A ticket is valid on its day only; please take a new number"]
      }
    }
  };

  const token = location.pathname.replace(/\/+$/, "").split("/").pop();
  let language = remembered() || ((navigator.language || "zh").toLowerCase().indexOf("zh") === 0 ? "zh" : "en");
  let ticket = null;
  let trouble = "";
  let failures = 0;
  let timer = 0;
  let leaving = false; // asked whether the queue shall be left
  let busy = false; // an answer to a press is awaited
  let refusal = "";

  function remembered() {
    try {
      const kept = localStorage.getItem("hall-language");
      return kept === "zh" || kept === "en" ? kept : "";
    } catch (blocked) {
      return "";
    }
  }

  function remember(chosen) {
    try {
      localStorage.setItem("hall-language", chosen);
    } catch (blocked) {
      /* private browsing: the choice lasts as long as the page */
    }
  }

  function put(id, text) {
    const element = document.getElementById(id);
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }

  function show(id, shown) {
    document.getElementById(id).hidden = !shown;
  }

  function row(name, text) {
    show(name + "-row", Boolean(text));
    put(name, text);
  }

  function draw() {
    const words = WORDS[language];
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    put("language", words.other);
    document.getElementById("language").lang = words.otherLang;
    put("footer", words.footer);
    put("hall", ticket ? ticket.hall_names[language] || ticket.hall_names.zh : words.title);
    put("message", ticket ? "" : words[trouble || "loading"]);
    put("stale", words.stale);
    show("stale", Boolean(ticket && trouble === "away"));
    show("ticket", Boolean(ticket));
    document.body.dataset.state = ticket ? ticket.state : trouble || "loading";
    document.title = words.title;
    if (ticket) {
      drawTicket(words);
      drawActions(words);
    }
  }

  function drawTicket(words) {
    const waiting = ticket.state === "waiting";
    const wait = ticket.wait_minutes;
    put("number-label", words.number);
    put("number", ticket.number);
    put("service", ticket.service_names[language] || ticket.service_names.zh);
    drawState(words, stateShown());
    drawPause(words);
    put("ahead-label", words.ahead);
    put("wait-label", words.wait);
    put("counters-label", words.counters);
    put("next-label", words.next);
    put("issued-label", words.issued);
    row("ahead", waiting && ticket.ahead !== undefined ? words.people(ticket.ahead) : "");
    row("wait", waiting && wait ? words.minutes(wait.low, wait.high) : "");
    row("counters", waiting ? words.list(ticket.counters) : ticket.counter ? words.counter(ticket.counter) : "");
    row("next", (ticket.services_left || []).map((names) => names[language] || names.zh).join(words.comma));
    row("issued", ticket.issued_at.slice(0, 10) + " " + ticket.issued_at.slice(11, 16));
  }

  function stateShown() {
    if (ticket.state === "waiting" && ticket.ahead !== undefined && ticket.ahead <= 1) {
      return "next";
    }
    return ticket.may_return ? "may_return" : ticket.state;
  }

  function drawActions(words) {
    const may = ticket.state === "waiting" || ticket.state === "held";
    leaving = leaving && may;
    const texts = { return: words.back, cancel: words.cancel, "cancel-yes": words.cancelYes, "cancel-no": words.cancelNo };
    const shown = { return: Boolean(ticket.may_return), cancel: may && !leaving, "cancel-yes": leaving, "cancel-no": leaving };
    Object.keys(texts).forEach(function (id) {
      put(id, texts[id]);
      show(id, shown[id]);
      document.getElementById(id).disabled = busy;
    });
    put("sure", leaving ? words.sure : "");
    put("refusal", refusal === "away" ? words.noAnswer : refusal);
    show("actions", may || Boolean(ticket.may_return) || Boolean(refusal));
  }

  /* Told only to who waits: at lunch also until when; after closing the wait goes on. */
  function drawPause(words) {
    const pause = ticket.pause;
    const why = pause ? words.pauses[pause.reason] || "" : "";
    const today = why && pause.next_opening && pause.next_opening.slice(0, 10) === ticket.issued_at.slice(0, 10);
    put("pause", today ? words.resumes(why, pause.next_opening.slice(11, 16)) : why);
    show("pause", Boolean(why));
  }

  function drawState(words, state) {
    const said = words.states[state] || [state, ""];
    const until = state === "held" && ticket.held_until && ticket.counter;
    const called = state === "called" && ticket.counter;
    const headline = called ? words.goTo(words.counter(ticket.counter)) : said[0];
    put("state", headline);
    put("advice", until ? words.heldUntil(ticket.held_until.slice(11, 16), words.counter(ticket.counter)) : said[1]);
    document.title = ticket.number + " · " + headline;
  }

  function again() {
    clearTimeout(timer);
    if (document.hidden || trouble === "unknown" || (ticket && OVER.indexOf(ticket.state) >= 0)) {
      return;
    }
    timer = setTimeout(read, Math.min(AGAIN_MS * Math.pow(2, failures), AGAIN_MS_AT_MOST));
  }

  function taken(fresh) {
    const justCalled = ticket && ticket.state !== "called" && fresh.state === "called";
    ticket = fresh;
    trouble = "";
    failures = 0;
    if (justCalled && navigator.vibrate) {
      navigator.vibrate([400, 200, 400, 200, 400]);
    }
  }

  async function read() {
    try {
      const answer = await fetch("/api/v1/public/tickets/" + encodeURIComponent(token), {
        cache: "no-store",
        headers: { Accept: "application/json" }
      });
      if (answer.status === 404) {
        ticket = null;
        trouble = "unknown";
      } else if (answer.ok) {
        taken(await answer.json());
      } else {
        throw new Error("HTTP " + answer.status);
      }
    } catch (unreachable) {
      failures += 1;
      trouble = "away";
    }
    draw();
    again();
  }

  /** Leaving twice or coming back twice is refused by the hub's own states, so a repeated request does no harm. */
  async function press(verb) {
    busy = true;
    refusal = "";
    draw();
    try {
      const answer = await fetch("/api/v1/public/tickets/" + encodeURIComponent(token) + "/" + verb, {
        method: "POST",
        headers: { Accept: "application/json", "Accept-Language": language }
      });
      const told = await answer.json();
      if (answer.ok) {
        taken(told);
      } else {
        refusal = told.detail || "away";
      }
    } catch (unreachable) {
      refusal = "away";
    }
    busy = false;
    leaving = false;
    draw();
    again();
  }

  function onPress(id, act) {
    document.getElementById(id).addEventListener("click", act);
  }

  onPress("return", () => press("requeue"));
  onPress("cancel-yes", () => press("cancel"));
  onPress("cancel", function () {
    leaving = true;
    refusal = "";
    draw();
    document.getElementById("cancel-no").focus();
  });
  onPress("cancel-no", function () {
    leaving = false;
    draw();
    document.getElementById("cancel").focus();
  });
  document.getElementById("language").addEventListener("click", function () {
    language = language === "zh" ? "en" : "zh";
    remember(language);
    draw();
  });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && trouble !== "unknown") {
      read();
    }
  });
  window.addEventListener("online", read);

  draw();
  read();
})();
