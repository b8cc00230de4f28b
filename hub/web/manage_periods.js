// Periods of the calendar as inclusive days (ISO text). Pure: days are counted in UTC, whatever this computer's zone.

const DAY = 86400000;
const MONTHS = { month: 1, quarter: 3, half: 6, year: 12 };

export const PERIODS = ["today", "week", "month", "quarter", "half", "year", "free"];

const at = (day) => Date.parse(`${day}T00:00:00Z`);
const text = (moment) => new Date(moment).toISOString().slice(0, 10);

/** The hall's day, which may be another than this computer's. */
export const dayOf = (instant, zone) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(instant);
export const addDays = (day, days) => text(at(day) + days * DAY);
export const daysOf = ({ from, to }) => Math.round((at(to) - at(from)) / DAY) + 1;

function addMonths(day, months) {
  const [year, month] = day.split("-").map(Number);
  return text(Date.UTC(year, month - 1 + months, 1));
}

/** The period of this kind that `day` lies in; a week begins on Monday. */
export function periodOf(kind, day) {
  if (kind === "week") {
    const from = addDays(day, -((new Date(at(day)).getUTCDay() + 6) % 7));
    return { from, to: addDays(from, 6) };
  }
  const months = MONTHS[kind];
  if (!months) return { from: day, to: day };
  const [year, month] = day.split("-").map(Number);
  const from = text(Date.UTC(year, Math.floor((month - 1) / months) * months, 1));
  return { from, to: addDays(addMonths(from, months), -1) };
}

/** The period before (−1) or after (1): of the same kind, or as many days. */
export function moved(kind, period, by) {
  if (MONTHS[kind]) return periodOf(kind, addMonths(period.from, by * MONTHS[kind]));
  const days = daysOf(period);
  return { from: addDays(period.from, by * days), to: addDays(period.to, by * days) };
}

/** The same days of the year before; 29 February becomes the 28th. */
export function yearBefore({ from, to }) {
  const back = (day) => {
    const [year, month, date] = day.split("-").map(Number);
    const last = new Date(Date.UTC(year - 1, month, 0)).getUTCDate();
    return text(Date.UTC(year - 1, month - 1, Math.min(date, last)));
  };
  return { from: back(from), to: back(to) };
}

/** By what a trend over these days is drawn. */
export function grain(period) {
  const days = daysOf(period);
  if (days <= 1) return "hour";
  if (days <= 62) return "day";
  return days <= 200 ? "week" : "month";
}
