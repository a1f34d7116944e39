/** The visible messages. */
import { cards } from './cards.js';
import { choiceGroup, langOf, setUsed } from './choices.js';
import { button, h, list, plain } from './dom.js';
import { Feedback } from './feedback.js';
import { S } from './strings.sv.js';
import { day } from './swedish.js';

export class Log {
  /** @param {Links} links @param {LogActions} on */
  constructor(links, on) {
    this.links = links;
    this.on = on;
    /** @type {HTMLElement} */
    this.list = h('ol', { role: 'list' });
    /** @type {HTMLElement} */
    this.waiting = h('p', { class: 'typing', hidden: true }, S.typing);
    /** @type {HTMLElement} */
    this.node = h('div', { class: 'scroll', role: 'group', 'aria-label': S.conversation }, this.list, this.waiting);
    /** @type {Message[]} shown, oldest first */
    this.known = [];
  }

  clear() {
    this.known = [];
    this.list.textContent = '';
    this.on.setEasy(false);
    this.on.hold('');
    this.on.forgetUnread();
  }

  /** @param {string} [id] */
  messageOf(id) {
    return id ? this.known.find((message) => plain(message.id) === id) : undefined;
  }

  /** Shows what is new. @param {Message[]} messages @param {boolean} speak false for history */
  merge(messages, speak) {
    const all = list(messages);
    const added = all.map((message, index) => this.add(message, speak, all[index + 1])).filter(Boolean);
    this.markTurns();
    this.fit();
    return /** @type {HTMLElement | undefined} */ (added[0]);
  }

  /** @param {Message} message @param {boolean} speak @param {Message} [next] @returns {HTMLElement|null} */
  add(message, speak, next) {
    const id = plain(message.id);
    if (id && this.messageOf(id)) return null;
    const isUser = message.sender === 'user';
    if (isUser) this.markChosen(plain(message.text));
    this.known.push(message);
    const own = isUser && this.ownBefore(next);
    if (own) {
      own.dataset.id = id;
      textOf(own).textContent = plain(message.text); // maybe masked
      return null;
    }
    const { easy, held_until: held } = message.data || {};
    if (!isUser && typeof easy === 'boolean') this.on.setEasy(easy);
    if (!isUser && held !== undefined) this.on.hold(plain(held));
    const item = isUser ? this.userItem(plain(message.text)) : this.botItem(message);
    item.dataset.id = id;
    if (!isUser) this.markLanguage(message);
    this.list.append(item);
    if (speak && !isUser) this.speak(message);
    return item;
  }

  /** Who is answered in another language wrote in it. @param {Message} message */
  markLanguage(message) {
    const last = this.list.lastElementChild;
    const lang = langOf(message);
    if (lang && last && last.matches('.user')) textOf(last).lang = lang;
  }

  /** The bubble of what was said here, known by the answer below it. @param {Message | undefined} answer */
  ownBefore(answer) {
    const id = answer && plain(answer.id);
    if (!this.messageOf(id)) return null;
    const items = /** @type {HTMLElement[]} */ ([...this.list.children]);
    const item = items[items.findIndex((one) => one.dataset.id === id) - 1];
    return item && item.matches('.user:not([data-id])') ? item : null;
  }

  /** What is said here; the service repeats it later. @param {string} text */
  addLocal(text) {
    const item = this.userItem(text);
    this.list.append(item);
    this.markTurns();
    return item;
  }

  /** @param {HTMLElement} item */
  drop(item) {
    item.remove();
    this.fit();
  }

  /** @param {string} text */
  notice(text) {
    this.list.append(h('li', { class: 'note' }, text));
    this.on.announcer.say(text);
  }

  /** The conversation is over: its buttons do nothing any more. */
  retire() {
    this.node.querySelectorAll('.choices').forEach((group) => setUsed(group, true));
    this.node.querySelectorAll('.feedback').forEach((group) => group.remove());
    this.known = [];
    this.on.setEasy(false);
    this.on.hold('');
  }

  /** @param {string} text @returns {HTMLElement} */
  userItem(text) {
    return h('li', { class: 'user' }, h('p', { class: 'who' }, S.user), h('div', { class: 'text', dir: 'auto' }, text));
  }

  /** @param {Message} message @returns {HTMLElement} */
  botItem(message) {
    const { lead, dir } = message.data || {};
    const drawn = cards(message, this.links);
    const text = plain(((drawn || message.kind === 'slots') && lead) || message.text); // cards or buttons say the rest
    const look = { class: 'text', lang: langOf(message) || 'sv', dir: dir === 'rtl' ? 'rtl' : 'auto' };
    return h('li', { class: 'bot' },
      h('p', { class: 'who' }, S.bot),
      h('div', look, ...this.links.inText(text)),
      this.source(message.source),
      drawn,
      button(S.listen, () => this.on.readAloud(message), { class: 'listen small' }),
      choiceGroup(message, (choice, group) => this.on.choose(choice, group)),
    );
  }

  /** @param {Source | null | undefined} source @returns {Child} */
  source(source) {
    if (!source || !plain(source.title)) return null;
    const text = S.source(plain(source.title), day(source.checked_on));
    return h('p', { class: 'small' }, this.links.to(source.url, text));
  }

  /** @param {Message} message */
  speak(message) {
    const count = list(message.choices).length;
    const parts = [`${S.bot}: ${plain(message.text)}`, count ? S.spokenChoices(count) : ''];
    this.on.announcer.say(parts.join(' ').trim(), langOf(message));
  }

  /** In history. @param {string} text */
  markChosen(text) {
    const groups = this.node.querySelectorAll('.bot:last-of-type .choices');
    const last = [...this.known].reverse().find((message) => message.sender === 'bot');
    if (groups.length && last && list(last.choices).some((choice) => choice.title === text)) setUsed(groups[0], true);
  }

  /** Asks about the last answer of every turn; the greeting answers nothing. */
  markTurns() {
    let asked = false;
    const items = /** @type {HTMLElement[]} */ ([...this.list.children]);
    items.forEach((item, index) => {
      const next = items[index + 1];
      const message = this.messageOf(item.dataset.id);
      const isAnswer = asked && message && item.matches('.bot') && !(next && next.matches('.bot'));
      const feedback = item.querySelector('.feedback');
      if (isAnswer && message && !feedback) item.append(new Feedback(message, this.on).node);
      if (!isAnswer && feedback) feedback.remove();
      asked = item.matches('.user') || (asked && item.matches('.bot'));
    });
  }

  /** @param {boolean} on */
  typing(on) {
    this.waiting.hidden = !on;
    if (!on || !this.waiting.getClientRects().length) return; // closed: nobody shall hear it later
    this.on.announcer.say(S.typing);
    this.show(this.waiting);
  }

  /** A tab stop only when it scrolls. */
  fit() {
    this.node.tabIndex = this.node.scrollHeight > this.node.clientHeight + 1 ? 0 : -1;
  }

  /** Scrolls `item` to the top, as far as it goes. @param {Element | null | undefined} item */
  show(item) {
    if (!item) return;
    // In a low window the whole panel scrolls instead of the list.
    [this.node, this.node.parentElement].forEach((box) => {
      if (!box || getComputedStyle(box).overflowY !== 'auto') return;
      box.scrollTop += item.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
    });
    this.fit();
  }
}

/** @param {Element} item @returns {HTMLElement} the words of a bubble */
const textOf = (item) => /** @type {HTMLElement} */ (item.querySelector('.text'));
