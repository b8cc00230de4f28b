// What a clerk is asked before an act, and what the answer means. Pure: `ask` of dialog.js shows the fields.

import { choosable, counterOf } from "./rules.js";
import { counterName, nameOf, serviceName, tagsOf, timeOf, whenOf } from "./telling.js";
import { fill } from "./words.js";

const HOLD_MINUTES = [5, 10, 15, 30, 60];
const AWAY_MINUTES = [10, 15, 30, 45, 60, 90, 120];
const OTHER = "*";

/** `{fields, wish(values) → {body, ticket, facts}}` of an act; `ticket` is one chosen in the lists already. */
export function questionOf(doing, desk, words, ticket) {
  return QUESTIONS[doing](desk, words, ticket);
}

const QUESTIONS = { hold, resume, transfer, choose, requeue, away, open_some };

function reasonFields(words, presets, value) {
  const options = presets.map((label) => ({ value: label, label })).concat([{ value: OTHER, label: words.other }]);
  return [
    { name: "why", kind: "pick", label: words.reason, options, value },
    { name: "other", kind: "text", label: words.other_reason, when: (values) => values.why === OTHER },
  ];
}

const reasonIn = (values) => (values.why === OTHER ? values.other : values.why);

function minuteOptions(desk, words, choices) {
  const now = desk.clock.now();
  return choices.map((minutes) => ({
    value: String(minutes),
    label: fill(words.minutes_plain, { minutes }),
    detail: now === null ? "" : fill(words.until_time, { time: timeOf(desk, now + minutes * 60000) }),
  }));
}

function hold(desk, words) {
  const usual = desk.lists ? desk.lists.hold_minutes : 15;
  const choices = Array.from(new Set(HOLD_MINUTES.concat([usual]))).sort((one, other) => one - other);
  const options = minuteOptions(desk, words, choices);
  const fields = [{ name: "minutes", kind: "pick", label: words.back_in, options, value: String(usual) }];
  return {
    fields: fields.concat(reasonFields(words, words.hold_reasons, words.hold_reasons[0])),
    wish: (values) => ({ body: { minutes: Number(values.minutes), reason: reasonIn(values) } }),
  };
}

function ticketOptions(desk, words, tickets) {
  const now = desk.clock.now();
  return tickets.map((ticket) => ({
    value: ticket.id,
    label: ticket.number,
    detail: [serviceName(desk, ticket.service)].concat(tagsOf(desk, words, ticket), [whenOf(desk, words, ticket, now)]).join(" · "),
    group: words.tabs[LIST_OF[ticket.state]],
  }));
}

const LIST_OF = { waiting: "waiting", held: "held", no_show: "missed" };

function ticketField(desk, words, tickets, ticket) {
  const options = () => ticketOptions(desk, words, ticket ? [ticket] : tickets());
  return { name: "ticket", kind: "pick", label: words.number_field, options, rows: true, first: true,
    filter: ticket ? "" : words.filter, value: ticket ? ticket.id : undefined, none: words.none_found };
}

const numberIn = (tickets, id) => (tickets.find((one) => one.id === id) || {}).number;

function resume(desk, words, ticket) {
  const held = () => (desk.lists ? desk.lists.held : []);
  return {
    fields: [ticketField(desk, words, held, ticket)],
    wish: (values) => ({ body: { ticket: values.ticket }, facts: { number: numberIn(held(), values.ticket) } }),
  };
}

function requeue(desk, words, ticket) {
  const missed = () => (desk.lists ? desk.lists.missed : []);
  return {
    fields: [ticketField(desk, words, missed, ticket)],
    wish: (values) => ({ body: {}, ticket: values.ticket, facts: { number: numberIn(choosable(desk.lists), values.ticket) } }),
  };
}

function choose(desk, words, ticket) {
  const tickets = () => choosable(desk.lists);
  return {
    fields: [ticketField(desk, words, tickets, ticket)].concat(reasonFields(words, words.choose_reasons)),
    wish: (values) => ({ body: { ticket: values.ticket, reason: reasonIn(values) } }),
  };
}

function transfer(desk, words) {
  const to = ["service", "counter", "clerk"].map((value) => ({ value, label: words.transfer_to[value] }));
  const here = desk.lists && desk.lists.now ? desk.lists.now.ticket.service : null;
  const chosen = (value) => (values) => values.to === value;
  const list = (name, label, options, none) => ({ name, kind: "pick", label, options, rows: true, none, when: chosen(name) });
  return {
    fields: [
      { name: "to", kind: "pick", label: words.transfer_kind, options: to, value: "service" },
      list("service", words.transfer_to.service, () => otherServices(desk, words, here), words.none_found),
      list("counter", words.transfer_to.counter, () => otherCounters(desk, words), words.no_counter),
      { name: "at_service", kind: "pick", label: words.at_service, first: true, none: words.none_found,
        options: (values) => servicesAt(desk, values.counter, here), when: (values) => values.to === "counter" && Boolean(values.counter) },
      list("clerk", words.transfer_to.clerk, () => otherClerks(desk, words), words.no_clerk),
      { name: "keep", kind: "tick", label: words.keep_place },
    ].concat(reasonFields(words, words.transfer_reasons, words.transfer_reasons[0])),
    wish: (values) => ({ body: transferBody(values), facts: { target: targetOf(desk, words, values) } }),
  };
}

function transferBody(values) {
  const body = { keep_place: values.keep, reason: reasonIn(values) };
  if (values.to === "counter") return Object.assign(body, { counter: values.counter, service: values.at_service });
  return Object.assign(body, { [values.to]: values[values.to] });
}

function targetOf(desk, words, values) {
  if (values.to === "counter") return counterName(desk, words, values.counter);
  return values.to === "service" ? serviceName(desk, values.service) : values.clerk;
}

function otherServices(desk, words, here) {
  const services = desk.hall ? desk.hall.services : [];
  return services
    .filter((service) => service.counters.length && service.code !== here)
    .map((service) => {
      const live = desk.board.services[service.code];
      return { value: service.code, label: nameOf(service.names, desk.language), detail: live ? fill(words.waiting_n, { n: live.waiting }) : "" };
    });
}

function otherCounters(desk, words) {
  return Object.keys(desk.board.counters)
    .filter((code) => code !== desk.counter && desk.board.counters[code].state !== "closed")
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }))
    .map((code) => ({
      value: code,
      label: counterName(desk, words, code),
      detail: `${words.state[desk.board.counters[code].state]} · ${desk.board.counters[code].services.map((one) => serviceName(desk, one)).join(words.comma)}`,
    }));
}

function servicesAt(desk, code, here) {
  const counter = counterOf(desk.board, code);
  const services = counter ? counter.services : [];
  const ordered = services.filter((one) => one === here).concat(services.filter((one) => one !== here));
  return ordered.map((service) => ({ value: service, label: serviceName(desk, service) }));
}

function otherClerks(desk, words) {
  return (desk.lists ? desk.lists.clerks : []).map(({ clerk, counter }) => ({
    value: clerk, label: clerk, detail: counterName(desk, words, counter),
  }));
}

function away(desk, words) {
  const options = minuteOptions(desk, words, AWAY_MINUTES);
  const back = (minutes) => new Date(desk.clock.now() + Number(minutes) * 60000);
  return {
    fields: [
      ...reasonFields(words, words.away_reasons),
      { name: "minutes", kind: "pick", label: words.back_at, options, value: "30" },
      { name: "stand_in", kind: "text", label: words.stand_in, optional: true, most: 80 },
    ],
    wish: (values) => ({
      body: Object.assign(
        { reason: reasonIn(values), back_at: back(values.minutes).toISOString() },
        values.stand_in ? { stand_in: values.stand_in } : {},
      ),
      facts: { time: timeOf(desk, back(values.minutes)) },
    }),
  };
}

function open_some(desk, words) {
  const services = (desk.hall ? desk.hall.services : []).filter((service) => service.counters.includes(desk.counter));
  const options = services.map((service) => ({ value: service.code, label: nameOf(service.names, desk.language) }));
  return {
    fields: [{ name: "services", kind: "ticks", label: words.which_services, options, value: options.map((one) => one.value) }],
    wish: (values) => ({ body: { services: values.services } }),
  };
}
