/** Heading, menu, alert and writing field. */
import { h } from './dom.js';
import { S } from './strings.sv.js';

export const LIMIT = 1000;
const NEAR_LIMIT = 100;
export const SMALL = '(max-width: 29.99em), (max-height: 25em)';
const STOPS = 'a[href], button, textarea, [tabindex="0"]';

export class Panel {
  /** @param {Settings} settings @param {PanelHandlers} on */
  constructor({ title, contact }, log, region, links, on) {
    this.on = on;
    this.links = links;
    this.contact = contact;
    this.heading = h('h2', { id: 'heading', tabindex: -1 }, title);
    this.alertBox = h('div', { class: 'alert', hidden: true });
    this.node = h('div', { class: 'panel', id: 'panel', role: 'dialog', 'aria-labelledby': 'heading', hidden: true },
      this.header(), log.node, this.alertBox, this.composer(), region);
  }

  header() {
    this.menu = h('div', { class: 'menu', id: 'menu', hidden: true });
    this.menuButton = this.button(S.menu, () => this.toggleMenu(), {
      'aria-expanded': 'false', 'aria-controls': 'menu', class: 'bare',
    });
    this.fillMenu();
    return h('header', {},
      h('div', { class: 'bar' },
        h('div', { class: 'name' }, this.heading, h('p', {}, S.subtitle)),
        this.menuButton,
        this.button(S.closeShort, () => this.on.close(), { 'aria-label': S.close, class: 'bare' })),
      this.menu);
  }

  button(text, click, props) {
    return h('button', Object.assign({ type: 'button', click }, props), text);
  }

  fillMenu() {
    this.menu.textContent = '';
    this.menu.append(
      this.button(S.download, () => this.leaveMenu(() => this.on.download())),
      this.button(S.remove, () => this.confirmRemoval()));
  }

  confirmRemoval() {
    const question = h('p', { id: 'question' }, S.removeAsk);
    const remove = () => this.leaveMenu(() => this.on.remove());
    const yes = this.button(S.removeYes, remove, { 'aria-describedby': 'question' });
    this.menu.textContent = '';
    this.menu.append(question, yes, this.button(S.removeNo, () => this.leaveMenu()));
    yes.focus();
  }

  leaveMenu(action) {
    this.toggleMenu(false);
    this.menuButton.focus();
    if (action) action();
  }

  toggleMenu(open = this.menu.hidden) {
    this.fillMenu();
    this.menu.hidden = !open;
    this.menuButton.setAttribute('aria-expanded', String(open));
  }

  composer() {
    this.counter = h('p', { class: 'small', id: 'counter', hidden: true });
    this.field = h('textarea', {
      id: 'field', rows: 1, enterkeyhint: 'send', autocomplete: 'off', 'aria-describedby': 'hint counter',
      input: () => this.changed(),
      keydown: (event) => {
        // 229: an input method is at work (Safari).
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        this.on.submit();
      },
    });
    this.sendButton = h('button', { class: 'send' }, S.send);
    const submit = (event) => {
      event.preventDefault();
      this.on.submit();
    };
    return h('form', { novalidate: true, submit },
      h('div', { class: 'bar' },
        h('label', { for: 'field' }, S.label),
        this.button(S.human, () => this.on.human(), { class: 'human' })),
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
    return LIMIT - Array.from(this.text).length;
  }

  changed() {
    this.grow();
    this.on.saveDraft();
  }

  grow() {
    const { field, left, counter } = this;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
    const text = left < 0 ? S.over(-left) : S.left(left);
    const level = Number(left <= NEAR_LIMIT) + Number(left < 0);
    counter.hidden = !level;
    counter.textContent = level ? text : '';
    if (level > (this.level || 0)) this.on.announcer.say(text);
    this.level = level;
    field.setAttribute('aria-invalid', String(left < 0));
  }

  setBusy(busy) {
    this.sendButton.setAttribute('aria-disabled', String(busy));
  }

  showAlert(text, retry) {
    this.alertBox.textContent = '';
    this.alertBox.hidden = false;
    const contact = this.contact && this.links.safe(this.contact) && this.links.to(this.contact, S.contactLink);
    this.alertBox.append(h('p', { role: 'alert' }, text));
    if (contact) this.alertBox.append(h('p', {}, contact));
    if (retry) this.alertBox.append(this.button(S.retry, retry));
  }

  clearAlert() {
    this.alertBox.textContent = '';
    this.alertBox.hidden = true;
  }
}

/** Full screen in a small window: only there the rest of the page is out of reach. */
export class Modal {
  constructor(host, panel) {
    this.host = host;
    this.panel = panel;
    this.query = matchMedia(SMALL);
    this.covered = [];
    if (this.query.addEventListener) this.query.addEventListener('change', () => this.update());
    if (window.visualViewport) window.visualViewport.addEventListener('resize', () => this.fit());
    panel.addEventListener('keydown', (event) => this.trap(event));
  }

  get isOn() {
    return !this.panel.hidden && this.query.matches;
  }

  update() {
    this.covered.splice(0).forEach((element) => cover(element, false));
    if (this.isOn) {
      this.panel.setAttribute('aria-modal', 'true');
      const others = Array.from(document.body.children).filter((element) => element !== this.host);
      this.covered = others.filter((element) => !element.matches('script, style, [inert], [aria-hidden="true"]'));
      this.covered.forEach((element) => cover(element, true));
    } else this.panel.removeAttribute('aria-modal');
    this.fit();
  }

  /** Keeps the writing field above the soft keyboard. */
  fit() {
    const view = window.visualViewport;
    const isCut = this.isOn && view && view.scale === 1 && view.height < innerHeight - 1;
    this.panel.style.height = isCut ? `${view.height}px` : '';
    this.panel.style.top = isCut ? `${view.offsetTop}px` : '';
  }

  trap(event) {
    if (event.key !== 'Tab' || !this.isOn) return;
    const stops = Array.from(this.panel.querySelectorAll(STOPS)).filter(
      (stop) => stop.tabIndex >= 0 && stop.getClientRects().length,
    );
    const active = this.panel.getRootNode().activeElement;
    const at = stops.indexOf(active);
    const isLeaving = event.shiftKey ? at <= 0 : at === stops.length - 1;
    if (!isLeaving) return;
    event.preventDefault();
    stops[event.shiftKey ? stops.length - 1 : 0].focus();
  }
}

function cover(element, on) {
  const name = 'inert' in HTMLElement.prototype ? 'inert' : 'aria-hidden';
  if (on) element.setAttribute(name, name === 'inert' ? '' : 'true');
  else element.removeAttribute(name);
}
