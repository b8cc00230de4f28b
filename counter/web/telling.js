// Tickets of the lists in a clerk's words. Pure: the words and the hall's time come in.

import { fill } from "./words.js";

export function nameOf(names, language) {
  return (names && (names[language] || names.zh)) || "";
}

export function timeOf(desk, instant, seconds) {
  const zone = desk.hall ? desk.hall.time_zone : undefined;
  const parts = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone };
  return new Intl.DateTimeFormat("en-GB", seconds ? Object.assign({ second: "2-digit" }, parts) : parts).format(instant);
}

/** "3" and "3 号窗口" read well in both languages; a name of its own ("综合窗口") stays as it is. */
export function placeOf(words, label) {
  const plain = /^([A-Za-z]?\d+)\s*(号窗口|号|窗口)?$/.exec(label);
  return plain ? fill(words.counter, { label: plain[1] }) : label;
}

export function counterName(desk, words, code) {
  const counter = desk.board && desk.board.counters[code];
  return placeOf(words, counter ? counter.label : code);
}

export function serviceName(desk, code) {
  const service = desk.hall && desk.hall.services.find((one) => one.code === code);
  return service ? nameOf(service.names, desk.language) : code;
}

/** What sets this ticket apart: its priority, that it was sent here, that it came back, what it visits afterwards. */
export function tagsOf(desk, words, ticket) {
  const tags = [];
  const priority = desk.hall && desk.hall.priorities.find((one) => one.name === ticket.priority);
  if (ticket.priority !== "ordinary") tags.push(priority ? nameOf(priority.names, desk.language) : ticket.priority);
  if (ticket.directed) tags.push(words.directed);
  if (ticket.returns) tags.push(fill(words.returned, { times: ticket.returns }));
  if (ticket.services_left) {
    const list = ticket.services_left.map((code) => serviceName(desk, code)).join(words.comma);
    tags.push(fill(words.afterwards, { list }));
  }
  return tags;
}

export function isOverdue(ticket, now) {
  return Boolean(ticket.held_until && now !== null && Date.parse(ticket.held_until) < now);
}

/** How long a ticket has waited, or until when it is held. */
export function whenOf(desk, words, ticket, now) {
  if (now === null) return "";
  if (ticket.state === "held" && ticket.held_until) {
    const due = Date.parse(ticket.held_until);
    const late = Math.floor((now - due) / 60000);
    const facts = { time: timeOf(desk, due), counter: ticket.counter ? counterName(desk, words, ticket.counter) : "" };
    return due < now ? fill(words.overdue, { minutes: late }) : fill(words.held_until, facts);
  }
  const minutes = Math.max(0, Math.floor((now - Date.parse(ticket.issued_at)) / 60000));
  return fill(words.waited, { minutes, time: timeOf(desk, Date.parse(ticket.issued_at)) });
}
