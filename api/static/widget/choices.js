/** Ready answers below a message; times stand under their day. */
import { button, h, list, plain } from './dom.js';
import { S } from './strings.sv.js';
import { time, weekday } from './swedish.js';

/** Used buttons stay readable but are no tab stops. @param {Element} group @param {boolean} used */
export function setUsed(group, used) {
  group.querySelectorAll('button').forEach((button) => {
    button.setAttribute('aria-disabled', String(used));
    button.tabIndex = used ? -1 : 0;
  });
}

/** "حجز لقاء (Boka ett möte)": what stands before the Swedish is in the language of the message. */
const IN_LANGUAGE = /^(.+)( \([^()]+\))$/;

/** @param {string} title @param {string} lang empty for Swedish @returns {(Node | string)[]} */
function worded(title, lang) {
  const parts = lang && IN_LANGUAGE.exec(title);
  return parts ? [h('span', { lang }, parts[1]), parts[2]] : [title];
}

/** @param {Message} message its language, empty for Swedish */
export const langOf = (message) => plain((message.data || {}).lang);

/** @param {Message} message @param {LogActions['choose']} choose */
export function choiceGroup(message, choose) {
  /** @type {Choice[]} */
  const choices = list(message.choices).filter((choice) => plain(choice.id) && plain(choice.title));
  if (!choices.length) return null;
  const lang = langOf(message);

  /** @param {Choice} choice @param {string} [label] part of the title */
  const make = (choice, label) => {
    const node = button('', () => {
      if (node.getAttribute('aria-disabled') !== 'true') choose(choice, group);
    }, { dir: 'auto', 'aria-label': label && choice.title });
    node.append(...(label ? [label] : worded(choice.title, lang)));
    return node;
  };

  const times = message.kind === 'slots' ? list((message.data || {}).items) : [];
  const isTimes = times.length > 0 && times.length <= choices.length;
  const group = h('div', { class: 'choices', role: 'group', 'aria-label': isTimes ? S.chooseTime : S.choose });
  if (isTimes) group.append(...days(times, choices, make));
  const others = choices.slice(isTimes ? times.length : 0);
  group.append(h('div', { class: 'row' }, ...others.map((choice) => make(choice))));
  return group;
}

/**
 * The choices come in the order of the times.
 * @param {Json[]} times @param {Choice[]} choices @param {(choice: Choice, label?: string) => HTMLElement} make
 * @returns {HTMLElement[]} one per day
 */
function days(times, choices, make) {
  /** @type {Object<string, HTMLElement>} by day */
  const groups = Object.create(null);
  times.forEach((item, index) => {
    const name = weekday(item.start);
    const row = groups[name] || h('div', { class: 'row', role: 'group', 'aria-label': name }, h('p', {}, name));
    groups[name] = row;
    const label = time(item.start);
    const choice = choices[index];
    row.append(make(choice, label && choice.title.includes(label) ? label : ''));
  });
  return Object.values(groups);
}
