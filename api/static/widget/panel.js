/** Heading, menu, tools, alert and writing field. */
import { button, h } from './dom.js';
import { S } from './strings.sv.js';

export const LIMIT = 1000;
const NEAR_LIMIT = 100;

export class Panel {
  /** @param {Settings} settings @param {Log} log @param {HTMLElement} region @param {Links} links @param {PanelActions} on */
  constructor({ title, contact, api }, log, region, links, on) {
    this.on = on;
    this.links = links;
    this.contact = contact;
    this.plainPage = `${api}/chatt`;
    this.statement = `${api}/tillganglighet`;
    this.privacy = `${api}/integritet`;
    this.aboutYou = `${api}/om-dig?efter=chatt`;
    this.level = 0;
    this.canRead = false;
    /** @type {HTMLElement} */
    this.heading = h('h2', { id: 'heading', tabindex: -1 }, title);
    /** @type {HTMLElement} */
    this.alertBox = h('div', { class: 'alert', hidden: true });
    this.easy = button(S.easy, () => on.toggleEasy(), { role: 'switch', 'aria-checked': 'false', class: 'switch' });
    this.aloud = button(S.aloud, () => on.toggleAloud(), { 'aria-pressed': 'false' });
    /** @type {HTMLElement} */
    this.menu = h('div', { class: 'menu', id: 'menu', hidden: true });
    this.menuButton = button(S.menu, () => this.toggleMenu(), {
      'aria-expanded': 'false', 'aria-controls': 'menu', class: 'bare',
    });
    this.fillMenu();
    /** @type {HTMLElement} */
    this.counter = h('p', { class: 'small', id: 'counter', hidden: true });
    /** @type {HTMLTextAreaElement} */
    this.field = h('textarea', {
      id: 'field', rows: 1, enterkeyhint: 'send', autocomplete: 'off', 'aria-describedby': 'hint counter',
      input: () => {
        this.grow();
        this.on.edited();
      },
      keydown: (/** @type {KeyboardEvent} */ event) => {
        // 229: an input method is at work (Safari).
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        this.on.submit();
      },
    });
    /** @type {HTMLElement} */
    this.sendButton = h('button', { class: 'send' }, S.send);
    /** @type {HTMLElement} */
    this.form = this.composer();
    /** @type {HTMLElement} */
    this.node = h('div', { class: 'panel', id: 'panel', role: 'dialog', 'aria-labelledby': 'heading', hidden: true },
      this.header(), this.tools(), log.node, this.alertBox, this.form, region);
  }

  header() {
    return h('header', {},
      h('div', { class: 'bar' },
        h('div', { class: 'name' }, this.heading, h('p', {}, S.subtitle)),
        this.menuButton,
        button(S.closeShort, () => this.on.close(), { 'aria-label': S.close, class: 'bare' })),
      this.menu);
  }

  /** Always in reach: easier words, and a person. */
  tools() {
    return h('div', { class: 'bar tools' }, this.easy, button(S.human, () => this.on.human(), { class: 'human' }));
  }

  fillMenu() {
    this.menu.textContent = '';
    this.menu.append(
      h('div', { role: 'group', 'aria-label': S.size },
        button(S.smaller, () => this.on.resize(-1)), button(S.larger, () => this.on.resize(1))),
      this.aloud,
      button(S.download, () => this.leaveMenu(() => this.on.download())),
      button(S.remove, () => this.confirmRemoval()),
      this.links.to(this.aboutYou, S.aboutYou, 'tap'),
      this.links.to(this.privacy, S.privacy, 'tap'),
      this.links.to(this.statement, S.accessibility, 'tap'));
  }

  confirmRemoval() {
    const question = h('p', { id: 'question' }, S.removeAsk);
    const yes = button(S.removeYes, () => this.leaveMenu(() => this.on.remove()), { 'aria-describedby': 'question' });
    this.menu.textContent = '';
    this.menu.append(question, yes, button(S.removeNo, () => this.leaveMenu()));
    yes.focus();
  }

  /** @param {() => void} [action] */
  leaveMenu(action) {
    this.toggleMenu(false);
    this.menuButton.focus();
    if (action) action();
  }

  toggleMenu(open = this.menu.hidden) {
    this.fillMenu();
    this.aloud.hidden = !this.canRead;
    this.menu.hidden = !open;
    this.menuButton.setAttribute('aria-expanded', String(open));
  }

  composer() {
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.on.submit();
    };
    return h('form', { novalidate: true, submit },
      h('label', { for: 'field' }, S.label),
      h('div', { class: 'write' }, this.field, this.sendButton),
      this.counter,
      h('p', { class: 'small hint', id: 'hint' }, S.hint));
  }

  get text() {
    return this.field.value.trim();
  }

  set text(value) {
    this.field.value = value;
    this.grow();
  }

  /** Characters left, as the service counts. */
  get left() {
    return LIMIT - [...this.text].length;
  }

  grow() {
    const { field, left, counter } = this;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
    const text = left < 0 ? S.over(-left) : S.left(left);
    const level = Number(left <= NEAR_LIMIT) + Number(left < 0);
    counter.hidden = !level;
    counter.textContent = level ? text : '';
    if (level > this.level) this.on.announcer.say(text);
    this.level = level;
    field.setAttribute('aria-invalid', String(left < 0));
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    this.sendButton.setAttribute('aria-disabled', String(busy));
  }

  /** The same alert is not said twice. @param {string} text @param {(() => void) | null} retry */
  showAlert(text, retry) {
    const shown = this.alertBox.querySelector('p');
    if (shown && shown.textContent === text && Boolean(this.retry) === Boolean(retry)) {
      this.retry = retry;
      return;
    }
    this.clearAlert();
    this.retry = retry;
    this.alertBox.hidden = false;
    this.alertBox.append(h('p', { role: 'alert' }, text));
    if (retry) this.alertBox.append(button(S.retry, () => this.retry && this.retry()));
    this.alertBox.append(
      this.links.safe(this.contact) ? this.links.to(this.contact, S.contactLink, 'tap') : '',
      this.links.to(this.plainPage, S.plainLink, 'tap'));
  }

  clearAlert() {
    const hadFocus = this.alertBox.matches(':focus-within');
    this.alertBox.textContent = '';
    this.alertBox.hidden = true;
    if (hadFocus) this.on.rest();
  }
}
