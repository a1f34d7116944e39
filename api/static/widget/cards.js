/** Cards below a message. Data is unknown JSON: what is missing is left out. */
import { button, h, list, plain } from './dom.js';
import { S } from './strings.sv.js';
import { day, daysLeft, km, pace, period } from './swedish.js';

const SHOWN = 3;
const F = S.fact;

/** @type {Object<string, CardMaker>} */
const KINDS = {
  courses: course,
  course,
  nodes: place,
  contact: place,
  occupation,
  vacancies: entry,
  events: happening,
  booking: meeting,
};
const SINGLE = ['course', 'occupation', 'booking'];

/** The day, and how long it is until then. @param {unknown} value @returns {Child} */
function deadline(value) {
  const left = daysLeft(value);
  return plain(value) && h('span', {}, `${day(value)}${left && ' '}`, left && h('strong', {}, left));
}

/** @type {CardMaker} */
function course(item) {
  const town = plain(item.node) || plain(item.municipality);
  const start = item.continuous === true && !plain(item.start) ? S.continuous : day(item.start);
  return {
    facts: [
      [F.node, [town, item.km > 2 && km(item.km)].filter(Boolean).join(', ')],
      [F.forWork, item.for_work === true && S.forWork],
      [F.start, start],
      [F.end, day(item.end)],
      [F.applyTo, deadline(item.apply_to)],
      [F.pace, pace(item.pace)],
      [F.distance, item.distance === true ? S.yes : plain(item.distance)],
      [F.length, plain(item.credits) && S.credits(plain(item.credits))],
      [F.status, S.status[plain(item.status)] || ''],
    ],
  };
}

/** @type {CardMaker} */
function place(item, links) {
  const phone = plain(item.phone);
  const email = plain(item.email);
  return {
    title: plain(item.town) || plain(item.name) || plain(item.title),
    facts: [
      [F.km, km(item.km)],
      [F.address, plain(item.address) || plain(item.street)],
      [F.hours, plain(item.opening_hours)],
    ],
    actions: [phone && links.phone(phone), email && links.mail(email, 'tap')],
  };
}

/** The message says what one does; the card what it takes and where it leads. @type {CardMaker} */
function occupation(item) {
  return {
    more: [
      [F.demands, plain(item.demands)],
      [F.society, plain(item.society)],
      [F.paths, plain(item.paths)],
    ],
  };
}

/** @type {CardMaker} */
function entry(item) {
  return {
    text: plain(item.text) || plain(item.description),
    facts: [
      [F.employer, plain(item.employer)],
      [F.when, period(item.start, item.end)],
      [F.place, plain(item.place)],
      [F.applyTo, deadline(item.apply_to || item.deadline)],
    ],
  };
}

/** @type {CardMaker} */
function happening(item) {
  const full = item.waiting_list === true ? S.waitingList : S.status.full;
  return {
    text: plain(item.text) || plain(item.description),
    facts: [
      [F.when, period(item.start, item.end)],
      [F.place, plain(item.place)],
      [F.placesLeft, item.places_left === 0 ? full : plain(item.places_left)],
      [F.signUp, item.signup_until !== item.start && deadline(item.signup_until)],
      [F.status, item.status === 'cancelled' && S.status.cancelled],
    ],
  };
}

/** @type {CardMaker} */
function meeting(item, links) {
  const kind = plain(item.meeting_type);
  return {
    facts: [
      [F.reference, plain(item.reference)],
      [F.when, period(item.start, item.end)],
      [F.place, plain(item.place)],
      [F.meeting, S.meetingType[kind] || kind],
      [F.counsellor, plain(item.counsellor)],
      [F.interpreter, plain(item.interpreter_language)],
      [F.language, plain(item.spoken_language)],
      [F.name, plain(item.name)],
      [F.contact, plain(item.contact)],
    ],
    actions: [
      links.safe(item.ics_url) && links.to(item.ics_url, S.calendar, 'tap'),
      links.safe(item.manage_url) && links.to(item.manage_url, S.manage, 'tap'),
    ],
  };
}

const badge = () => h('span', { class: 'badge' }, S.example);

/** @param {Fact[]} facts */
const table = (facts) => h('dl', {}, ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));

/** @param {Json} item @param {CardMaker} make @param {Links} links */
function cardOf(item, make, links) {
  const card = Object.assign({ title: plain(item.title), url: item.url }, make(item, links));
  const [facts, more] = [card.facts, card.more].map((all) => list(all).filter((fact) => fact[1]));
  const actions = list(card.actions);
  // A bare title says nothing that the message does not.
  if (!(card.text || facts.length || more.length || actions.length || card.url)) return null;
  return h('li', { class: 'card' },
    card.title && h('p', { class: 'title' }, links.to(card.url, card.title)),
    item.example === true && badge(),
    card.text && h('p', { class: 'text' }, ...links.inText(card.text)),
    facts.length > 0 && table(facts),
    more.length > 0 && h('details', {}, h('summary', {}, S.more), table(more)),
    ...actions,
  );
}

/** @param {HTMLElement[]} rest */
function moreButton(rest) {
  rest.forEach((item) => (item.hidden = true));
  const all = button(S.showMore(rest.length), () => {
    rest.forEach((item) => (item.hidden = false));
    const target = rest[0].querySelector('a') || rest[0];
    if (target === rest[0]) target.tabIndex = -1;
    target.focus();
    all.remove();
  });
  return all;
}

/** @param {Message} message @param {Links} links @returns {HTMLElement|null} null when the kind has no cards */
export function cards(message, links) {
  const make = Object.prototype.hasOwnProperty.call(KINDS, message.kind) && KINDS[message.kind];
  const data = message.data || {};
  if (!make) return null;
  const single = SINGLE.includes(message.kind) && !list(data.items).length;
  const found = single ? [data.item || data] : list(data.items);
  const items = found.map((item) => cardOf(item, make, links)).filter(Boolean);
  if (!items.length) return null;
  const rest = items.slice(SHOWN);
  return h('div', { class: 'cards' },
    !single && data.example === true && badge(),
    h('ul', { role: 'list' }, ...items),
    rest.length > 0 && moreButton(rest),
    Number(data.total) > items.length && h('p', { class: 'small' }, S.total(Number(data.total))),
  );
}
