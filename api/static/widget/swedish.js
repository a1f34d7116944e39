/** Dates, distances and paces in Swedish words. Times are Sweden's, wherever the reader is. */
import { plain } from './dom.js';
import { S } from './strings.sv.js';

const DAY_MS = 864e5;
const SOON = 30; // days

// A calendar day is read as midnight UTC: the same day in Sweden.
/** @param {Intl.DateTimeFormatOptions} [options] */
const formatter = (options) =>
  new Intl.DateTimeFormat('sv-SE', Object.assign({ timeZone: 'Europe/Stockholm' }, options));
const isoOf = formatter();
const dayOf = formatter({ day: 'numeric', month: 'long', year: 'numeric' });
const weekdayOf = formatter({ weekday: 'long', day: 'numeric', month: 'long' });
const timeOf = formatter({ hour: '2-digit', minute: '2-digit' });

/** What cannot be read is shown as it is. @param {Intl.DateTimeFormat} formatter @param {unknown} value */
function format(formatter, value) {
  const text = plain(value);
  const date = new Date(text);
  return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(date.getTime()) ? formatter.format(date) : text;
}

/** "11 januari 2027", of an ISO date or moment. @param {unknown} value */
export const day = (value) => format(dayOf, value);

/** "torsdag 26 november", of an ISO moment. @param {unknown} value */
export const weekday = (value) => format(weekdayOf, value);

/** "13.00", of an ISO moment. @param {unknown} value */
export const time = (value) => format(timeOf, value).replace(':', '.');

/** "torsdag 26 november kl. 13.00–13.30". @param {unknown} start @param {unknown} end */
export function period(start, end) {
  if (!/T/.test(plain(start))) return day(start);
  const from = `${weekday(start)} ${S.clock(time(start))}`;
  return plain(end) ? `${from}–${time(end)}` : from;
}

/** "3 dagar kvar"; empty when the day is far off or cannot be read. @param {unknown} value ISO date */
export function daysLeft(value) {
  const [then, today] = [plain(value).slice(0, 10), isoOf.format(new Date())].map((iso) => new Date(iso).getTime());
  const days = Math.round((then - today) / DAY_MS);
  return days <= SOON ? S.daysLeft(days) : '';
}

/** @param {unknown} value per cent of full time, or a word */
export function pace(value) {
  const text = plain(value).replace(/\s*%$/, '');
  if (!/^\d+$/.test(text)) return text;
  return text === '100' ? S.fullTime : S.percent(text);
}

/** @param {unknown} value kilometres */
export function km(value) {
  const text = plain(value);
  return text && S.km(Math.round(Number(text)) || text);
}
