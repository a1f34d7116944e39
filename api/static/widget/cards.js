/** Cards and ready answers below a message. Data is unknown JSON: what is missing is left out. */
import { h, list, plain } from './dom.js';
import { S } from './strings.sv.js';

const SHOWN = 3;
const F = S.fact;

/** @type {Object<string, CardMaker>} */
const KINDS = {
  courses: course,
  course,
  nodes: place,
  contact: place,
  occupation: entry,
  vacancies: entry,
  events: entry,
  booking: meeting,
  confirm: meeting,
};
const SINGLE = ['course', 'occupation', 'booking', 'confirm'];
const SHORTENED = ['courses', 'vacancies', 'events'];

function course(item) {
  const start = item.continuous === true && !plain(item.start) ? S.continuous : day(item.start);
  return {
    facts: [
      [F.node, [plain(item.node) || plain(item.municipality), item.km > 2 && km(item.km)].filter(Boolean).join(', ')],
      [F.start, start],
      [F.end, day(item.end)],
      [F.applyTo, day(item.apply_to)],
      [F.pace, pace(item.pace)],
      [F.distance, item.distance === true ? S.distance : plain(item.distance)],
      [F.length, plain(item.credits) && S.credits(plain(item.credits))],
      [F.status, S.status[plain(item.status)] || ''],
    ],
  };
}

function place(item, links) {
  const phone = plain(item.phone);
  const email = plain(item.email);
  return {
    title: plain(item.town) || plain(item.name) || plain(item.title),
    facts: [
      [F.km, km(item.km)],
      [F.address, plain(item.address) || plain(item.street)],
      [F.phone, phone && links.phone(phone)],
      [F.email, email && links.mail(email)],
      [F.hours, plain(item.opening_hours)],
    ],
  };
}

function entry(item) {
  return {
    text: plain(item.text) || plain(item.description),
    facts: [
      [F.employer, plain(item.employer)],
      [F.when, period(item.start, item.end)],
      [F.place, plain(item.place)],
      [F.applyTo, day(item.apply_to || item.deadline)],
      [F.placesLeft, plain(item.places_left)],
    ],
  };
}

function meeting(item, links) {
  const kind = plain(item.meeting_type);
  return {
    facts: [
      [F.reference, plain(item.reference)],
      [F.when, period(item.start, item.end)],
      [F.place, plain(item.place)],
      [F.meeting, S.meetingType[kind] || kind],
      [F.counsellor, plain(item.counsellor)],
      [F.name, plain(item.name)],
      [F.contact, plain(item.contact)],
    ],
    actions: [
      links.safe(item.manage_url) && links.to(item.manage_url, S.manage),
      links.safe(item.ics_url) && links.to(item.ics_url, S.calendar),
    ].filter(Boolean),
  };
}

const badge = () => h('span', { class: 'badge' }, S.example);

function cardOf(item, make, links) {
  const card = Object.assign({ title: plain(item.title), url: item.url, text: '', actions: [] }, make(item, links));
  const facts = (card.facts || []).filter((fact) => fact[1]);
  const hasMore = card.text || facts.length || card.actions.length || card.url;
  if (!hasMore) return null; // a bare title says nothing that the message does not
  return h('li', { class: 'card' },
    card.title && h('p', { class: 'title' }, links.to(card.url, card.title)),
    item.example === true && badge(),
    card.text && h('p', { class: 'text' }, ...links.inText(card.text)),
    facts.length && h('dl', {}, ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
    ...card.actions.map((action) => h('p', {}, action)),
  );
}

function moreButton(rest) {
  rest.forEach((item) => (item.hidden = true));
  const button = h('button', { type: 'button', class: 'more', click: reveal }, S.showMore(rest.length));
  function reveal() {
    rest.forEach((item) => (item.hidden = false));
    const target = rest[0].querySelector('a') || rest[0];
    if (target === rest[0]) target.tabIndex = -1;
    target.focus();
    button.remove();
  }
  return button;
}

/** @param {Message} message @returns {HTMLElement|null} null when the kind has no cards */
export function cards(message, links) {
  const make = Object.prototype.hasOwnProperty.call(KINDS, message.kind) && KINDS[message.kind];
  const data = message.data || {};
  if (!make) return null;
  const single = SINGLE.includes(message.kind) && !list(data.items).length;
  const found = single ? [data.item || data] : list(data.items);
  const items = found.map((item) => cardOf(item, make, links)).filter(Boolean);
  if (!items.length) return null;
  const rest = SHORTENED.includes(message.kind) ? items.slice(SHOWN) : [];
  return h('div', { class: 'cards' },
    !single && data.example === true && badge(),
    h('ul', { role: 'list' }, ...items),
    rest.length && moreButton(rest),
    Number(data.total) > items.length && h('p', { class: 'small' }, S.total(Number(data.total))),
  );
}

/** Used buttons stay readable but are no tab stops. */
export function setUsed(group, used) {
  group.querySelectorAll('button').forEach((button) => {
    button.setAttribute('aria-disabled', String(used));
    button.tabIndex = used ? -1 : 0;
  });
}

/** @param {Message} message @param {LogActions['choose']} choose */
export function choiceGroup(message, choose) {
  const choices = list(message.choices).filter((choice) => plain(choice.id) && plain(choice.title));
  if (!choices.length) return null;

  /** @param {Choice} choice @param {string} [label] part of the title */
  const button = (choice, label) =>
    h('button', {
      type: 'button',
      'aria-label': label && choice.title,
      click: (event) => {
        if (event.currentTarget.getAttribute('aria-disabled') !== 'true') choose(choice, group);
      },
    }, label || choice.title);

  const times = message.kind === 'slots' ? list((message.data || {}).items) : [];
  const isTimes = times.length > 0 && times.length <= choices.length;
  const group = h('div', { class: 'choices', role: 'group', 'aria-label': isTimes ? S.chooseTime : S.choose });
  if (isTimes) group.append(...days(times, choices, button));
  const others = isTimes ? choices.slice(times.length) : choices;
  group.append(h('div', { class: 'row' }, ...others.map((choice) => button(choice))));
  return group;
}

/** Times under their day; the choices come in the order of the items, others last. @param {Choice[]} choices */
function days(times, choices, button) {
  const groups = new Map();
  times.forEach((item, index) => {
    const name = weekday(item.start);
    const row = groups.get(name) || h('div', { class: 'row', role: 'group', 'aria-label': name }, h('p', {}, name));
    groups.set(name, row);
    const label = time(item.start);
    const choice = choices[index];
    row.append(button(choice, label && choice.title.includes(label) ? label : ''));
  });
  return groups.values();
}

// Swedish time. A calendar day is read as midnight UTC: the same day in Sweden.
const formatter = (options) =>
  new Intl.DateTimeFormat('sv-SE', Object.assign({ timeZone: 'Europe/Stockholm' }, options));
const dayOf = formatter({ day: 'numeric', month: 'long', year: 'numeric' });
const weekdayOf = formatter({ weekday: 'long', day: 'numeric', month: 'long' });
const timeOf = formatter({ hour: '2-digit', minute: '2-digit' });

/** What cannot be read is shown as it is. */
function format(formatter, value) {
  const text = plain(value);
  const date = new Date(text);
  return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(date.getTime()) ? formatter.format(date) : text;
}

/** "11 januari 2027", of an ISO date or moment. */
const day = (value) => format(dayOf, value);

/** "torsdag 26 november", of an ISO moment. */
const weekday = (value) => format(weekdayOf, value);

/** "13.00", of an ISO moment. */
const time = (value) => format(timeOf, value).replace(':', '.');

/** "torsdag 26 november kl. 13.00–13.30". */
function period(start, end) {
  if (!/T/.test(plain(start))) return day(start);
  return `${weekday(start)} ${S.clock(time(start))}${plain(end) ? `–${time(end)}` : ''}`;
}

/** @param {unknown} value per cent of full time, or a word */
function pace(value) {
  const text = plain(value).replace(/\s*%$/, '');
  if (!/^\d+$/.test(text)) return text;
  return text === '100' ? S.fullTime : S.percent(text);
}

/** @param {unknown} value kilometres */
function km(value) {
  const text = plain(value);
  return text && S.km(Math.round(Number(text)) || text);
}
