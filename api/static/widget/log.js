/** The visible messages, and the live region that speaks new ones. */
import { cards, choiceGroup, setUsed } from './cards.js';
import { h, list, plain } from './dom.js';
import { S } from './strings.sv.js';

const STAY_MS = 1000; // shorter loses messages with TalkBack

/** Lets a plain-text twin of each new message into the live region for a moment. */
export class Announcer {
  constructor(region) {
    this.region = region;
    this.from = 0;
  }

  hold(ms) {
    this.from = Date.now() + ms;
  }

  /** @param {string} [lang] if other than Swedish */
  say(text, lang) {
    setTimeout(() => {
      const twin = h('div', { lang, dir: lang && 'auto' }, text);
      this.region.append(twin);
      setTimeout(() => twin.remove(), STAY_MS);
    }, Math.max(0, this.from - Date.now()));
  }
}

export class Log {
  constructor(links, announcer, chat) {
    this.links = links;
    this.announcer = announcer;
    this.chat = chat;
    this.list = h('ol', { role: 'list' });
    this.waiting = h('p', { class: 'typing', hidden: true }, S.typing);
    this.node = h('div', { class: 'scroll', role: 'group', 'aria-label': S.conversation }, this.list, this.waiting);
    this.clear();
  }

  clear() {
    /** @type {Map<string, Message>} messages shown, by id */
    this.known = new Map();
    /** @type {HTMLElement[]} own messages that the service has not repeated */
    this.local = [];
    this.list.textContent = '';
  }

  /** Shows what is new. @param {Message[]} messages @param {boolean} speak false for history */
  merge(messages, speak) {
    const added = list(messages).map((message) => this.add(message, speak)).filter(Boolean);
    this.markTurns();
    this.fit();
    return added[0];
  }

  /** @param {Message} message */
  add(message, speak) {
    const id = plain(message.id);
    if (id && this.known.has(id)) return null;
    this.known.set(id, message);
    const isUser = message.sender === 'user';
    if (isUser) this.markChosen(plain(message.text));
    const own = isUser && this.takeLocal(plain(message.text));
    if (own) {
      own.dataset.id = id;
      own.lastElementChild.textContent = plain(message.text); // maybe masked
      return null;
    }
    const item = isUser ? this.userItem(plain(message.text)) : this.botItem(message);
    item.dataset.id = id;
    this.list.append(item);
    if (speak && !isUser) this.speak(message);
    return item;
  }

  takeLocal(text) {
    const index = Math.max(0, this.local.findIndex((item) => item.lastElementChild.textContent === text));
    return this.local.splice(index, 1)[0];
  }

  addLocal(text) {
    const item = this.userItem(text);
    this.local.push(item);
    this.list.append(item);
    this.markTurns();
    return item;
  }

  drop(item) {
    this.local = this.local.filter((other) => other !== item);
    item.remove();
    this.fit();
  }

  notice(text) {
    this.list.append(h('li', { class: 'note' }, text));
    this.announcer.say(text);
  }

  /** The conversation is over: its buttons do nothing any more. */
  retire() {
    this.node.querySelectorAll('.choices').forEach((group) => setUsed(group, true));
    this.node.querySelectorAll('.feedback').forEach((group) => group.remove());
    this.known.clear();
    this.local = [];
  }

  userItem(text) {
    return h('li', { class: 'user' }, h('p', { class: 'who' }, S.user), h('div', { class: 'text', dir: 'auto' }, text));
  }

  /** @param {Message} message */
  botItem(message) {
    const { lang, lead } = message.data || {};
    const drawn = cards(message, this.links);
    const text = plain(((drawn || message.kind === 'slots') && lead) || message.text); // cards or buttons say the rest
    return h('li', { class: 'bot' },
      h('p', { class: 'who' }, S.bot),
      h('div', { class: 'text', dir: 'auto', lang: plain(lang) || null }, ...this.links.inText(text)),
      this.source(message.source),
      drawn,
      choiceGroup(message, (choice, group) => this.chat.choose(choice, group)),
    );
  }

  source(source) {
    if (!source || !plain(source.title)) return null;
    const text = S.source(plain(source.title), plain(source.checked_on));
    return h('p', { class: 'small' }, this.links.to(source.url, text));
  }

  /** @param {Message} message */
  speak(message) {
    const count = list(message.choices).length;
    const parts = [`${S.bot}: ${plain(message.text)}`, count ? S.spokenChoices(count) : ''];
    this.announcer.say(parts.join(' ').trim(), plain((message.data || {}).lang));
  }

  /** In history. */
  markChosen(text) {
    const groups = this.node.querySelectorAll('.bot:last-of-type .choices');
    const last = Array.from(this.known.values()).reverse().find((message) => message.sender === 'bot');
    if (groups.length && last && list(last.choices).some((choice) => choice.title === text)) setUsed(groups[0], true);
  }

  /** Asks about the last answer of every turn; the greeting answers nothing. */
  markTurns() {
    let asked = false;
    const items = Array.from(this.list.children);
    items.forEach((item, index) => {
      const next = items[index + 1];
      const message = this.known.get(item.dataset.id);
      const isAnswer = asked && message && item.matches('.bot') && !(next && next.matches('.bot'));
      const feedback = item.querySelector('.feedback');
      if (isAnswer && !feedback) item.append(this.feedback(message));
      if (!isAnswer && feedback) feedback.remove();
      asked = item.matches('.user') || (asked && item.matches('.bot'));
    });
  }

  /** @param {Message} message */
  feedback(message) {
    const thanks = h('span', { class: 'small' });
    const group = h('div', { class: 'feedback', role: 'group', 'aria-label': S.feedback });
    const button = (value) =>
      h('button', { type: 'button', 'aria-pressed': 'false', click: () => rate(value) }, S[value]);
    const buttons = { up: button('up'), down: button('down') };
    const rate = async (value) => {
      if (!(await this.chat.rate(message, value))) return;
      buttons.up.setAttribute('aria-pressed', String(value === 'up'));
      buttons.down.setAttribute('aria-pressed', String(value === 'down'));
      thanks.textContent = S.thanks;
      this.announcer.say(S.thanks);
    };
    group.append(buttons.up, buttons.down, thanks);
    return group;
  }

  typing(on) {
    this.waiting.hidden = !on;
    if (!on) return;
    this.announcer.say(S.typing);
    this.show(this.waiting);
  }

  /** A tab stop only when it scrolls. */
  fit() {
    this.node.tabIndex = this.node.scrollHeight > this.node.clientHeight + 1 ? 0 : -1;
  }

  /** Scrolls `item` to the top, as far as it goes. */
  show(item) {
    if (!item) return;
    // In a low window the whole panel scrolls instead of the list.
    [this.node, this.node.parentElement].forEach((box) => {
      if (getComputedStyle(box).overflowY !== 'auto') return;
      box.scrollTop += item.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
    });
    this.fit();
  }
}
