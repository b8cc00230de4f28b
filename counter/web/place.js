// Why a ticket is where it is: the answer of `GET /tickets/{ticket}/place` as something to read.

import { make } from "./dialog.js";
import { counterName, nameOf, timeOf } from "./telling.js";
import { fill } from "./words.js";

const BEFORE_SHOWN = 12;

export function placeContent(place, desk, words) {
  return [
    make("div", { className: "sentences" }, place.sentences[desk.language].map((text) => make("p", { text }))),
    ...section(words.place.before, beforeRows(place, desk, words)),
    ...section(words.place.overtaken, place.overtaken_by.map((one) => overtakenRow(one, desk, words))),
    ...section(words.place.counters, place.counters.map((one) => serverRow(one, desk, words))),
    ...section(words.place.moves, place.moves.map((one) => moveRow(one, desk, words))),
  ];
}

function section(title, rows) {
  return rows.length ? [make("h3", { text: title }), make("ul", { className: "facts" }, rows)] : [];
}

function row(head, text) {
  return make("li", {}, [make("b", { text: head }), make("span", { text })]);
}

const timed = (desk, instant) => timeOf(desk, Date.parse(instant));

function beforeRows(place, desk, words) {
  const rows = place.before.slice(0, BEFORE_SHOWN).map((one) => {
    const priority = desk.hall.priorities.find((known) => known.name === one.priority);
    const favoured = one.priority === "ordinary" ? "" : ` · ${priority ? nameOf(priority.names, desk.language) : one.priority}`;
    return row(one.number, `${fill(words.place.taken, { time: timed(desk, one.issued_at) })}${favoured} · ${words.place.why[one.why]}`);
  });
  const more = place.before.length - BEFORE_SHOWN;
  return more > 0 ? rows.concat([row("…", fill(words.place.more, { more }))]) : rows;
}

function overtakenRow(one, desk, words) {
  const facts = { time: timed(desk, one.called_at), counter: counterName(desk, words, one.counter), clerk: one.clerk };
  const reason = one.reason ? ` · ${one.reason}` : "";
  return row(one.number, `${fill(words.place.called_by, facts)} · ${words.place.how[one.how]}${reason}`);
}

function serverRow(one, desk, words) {
  const choice = one.choice === 2 ? ` · ${words.place.second_choice}` : "";
  return row(counterName(desk, words, one.counter), `${words.state[one.state] || one.state}${choice}`);
}

function moveRow(one, desk, words) {
  const told = [words.place.kinds[one.kind] || one.kind, one.who];
  if (one.counter) told.push(counterName(desk, words, one.counter));
  if (one.reason) told.push(one.reason);
  return row(timed(desk, one.at), told.join(" · "));
}
