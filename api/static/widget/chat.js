/** The chat's window: opening and closing, where the focus goes, and how somebody likes it. */
import { Announcer, Voice } from './announcer.js';
import { Slot } from './api.js';
import { langOf } from './choices.js';
import { h, Links, plain } from './dom.js';
import { Held } from './held.js';
import { Log } from './log.js';
import { Modal } from './modal.js';
import { Panel } from './panel.js';
import { S } from './strings.sv.js';
import { CSS } from './styles.js';
import { Talk } from './talk.js';

const FOCUS_MOVE_MS = 600; // NVDA drops what is said while the focus moves.
const SIZES = [100, 125, 150, 200]; // per cent

/** @param {Context} context */
export function mount(context) {
  return new Chat(context);
}

const isTouch = () => matchMedia('(pointer: coarse)').matches;

export class Chat {
  /** @param {Context} context */
  constructor({ host, frame, launcher, addStyles, settings }) {
    this.frame = frame;
    this.launcher = launcher;
    this.isOpen = false;
    this.unread = 0;
    /** @type {HTMLElement|undefined} */
    this.firstUnread = undefined;
    const key = `industri-chatt:${settings.api}`;
    /** @type {Slot<Look>} */
    this.lookSlot = new Slot('localStorage', `${key}:utseende`);
    this.look = Object.assign({ size: 0, aloud: false }, this.lookSlot.value);
    const links = new Links(`${settings.api}/`);
    const region = h('div', { role: 'log', 'aria-live': 'polite', class: 'sr' });
    this.announcer = new Announcer(region);
    this.voice = new Voice(() => this.show());
    this.isEasy = false;
    this.held = new Held(this.announcer);
    this.log = new Log(links, this);
    const inPage = settings.announcer === 'page';
    const spoken = inPage ? h('div', { class: 'sr' }, h('slot')) : region;
    this.panel = new Panel(settings, this.log, spoken, links, this);
    this.panel.form.before(this.held.node);
    this.badge = h('span', { class: 'new', hidden: true });
    launcher.append(' ', this.badge);
    addStyles(/** @type {ShadowRoot} */ (host.shadowRoot), CSS);
    frame.prepend(this.panel.node);
    if (inPage) host.append(region);
    launcher.setAttribute('aria-controls', 'panel');
    this.modal = new Modal(host, this.panel.node);
    this.talk = new Talk(settings, key, this.log, this.panel, this);
    this.show();
    this.listen();
  }

  listen() {
    this.frame.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.isComposing || !this.isOpen) return;
      this.close();
    });
    // The page's shortcuts and its own ways of scrolling end here.
    ['keydown', 'keypress', 'keyup', 'wheel', 'touchmove'].forEach((type) =>
      this.frame.addEventListener(type, (event) => event.stopPropagation(), { passive: true }));
    const isShown = () => this.isOpen && !document.hidden;
    window.addEventListener('storage', (event) => {
      if (event.key === this.talk.saved.key) this.talk.followOtherTab(isShown());
    });
    window.addEventListener('online', () => this.isOpen && this.talk.reconnect());
    window.addEventListener('resize', () => this.log.fit());
    document.addEventListener('visibilitychange', () => isShown() && this.talk.refresh());
  }

  /** @param {HTMLElement} opener gets the focus back */
  open(opener) {
    if (!this.isOpen) {
      this.isOpen = true;
      this.opener = opener;
      this.panel.node.hidden = false;
      this.frame.classList.add('open');
      this.launcher.setAttribute('aria-expanded', 'true');
      this.modal.update();
      this.panel.grow();
      this.log.show(this.firstUnread);
      this.count(0);
    }
    this.announcer.hold(FOCUS_MOVE_MS);
    (isTouch() ? this.panel.heading : this.panel.field).focus();
    if (this.talk.again) this.talk.reconnect();
    else this.talk.refresh();
  }

  close() {
    if (!this.isOpen) return;
    const root = /** @type {ShadowRoot} */ (this.frame.getRootNode());
    const hadFocus = this.frame.contains(root.activeElement);
    this.isOpen = false;
    this.announcer.shut();
    this.voice.stop();
    this.panel.toggleMenu(false);
    this.panel.node.hidden = true;
    this.frame.classList.remove('open');
    this.launcher.setAttribute('aria-expanded', 'false');
    this.modal.update();
    if (hadFocus) (this.opener && this.opener.isConnected ? this.opener : this.launcher).focus();
  }

  /** Moves the focus from a button that goes away, without raising a soft keyboard. */
  rest() {
    (isTouch() ? this.log.node : this.panel.field).focus({ preventScroll: true });
  }

  /** @param {HTMLElement | undefined} first @param {Message[]} messages */
  arrived(first, messages) {
    if (this.look.aloud) messages.forEach((message) => this.read(message));
    if (this.isOpen) return;
    if (!this.unread) this.firstUnread = first;
    this.count(this.unread + messages.length);
  }

  /** @param {number} unread answers that came while the chat was closed */
  count(unread) {
    this.unread = unread;
    this.badge.hidden = !unread;
    this.badge.textContent = unread ? S.unread(unread) : '';
  }

  /** What was removed is neither counted nor said. */
  forgetUnread() {
    this.firstUnread = undefined;
    this.announcer.queue = [];
    this.count(0);
  }

  // How somebody likes it

  show() {
    const { size, aloud } = this.look;
    this.panel.node.style.fontSize = `${SIZES[size] / 100}em`;
    this.panel.canRead = Boolean(this.voice.of('sv'));
    this.panel.aloud.hidden = !this.panel.canRead;
    this.panel.aloud.setAttribute('aria-pressed', String(aloud));
    this.log.node.classList.toggle('aloud', aloud && this.panel.canRead);
    this.log.fit();
  }

  /** @param {Partial<Look>} change */
  like(change) {
    this.lookSlot.value = Object.assign(this.look, change);
    this.show();
  }

  /** @param {number} step */
  resize(step) {
    this.like({ size: Math.min(Math.max(this.look.size + step, 0), SIZES.length - 1) });
    this.announcer.say(S.sizeNow(SIZES[this.look.size]));
    this.panel.grow();
  }

  toggleAloud() {
    this.voice.stop();
    this.like({ aloud: !this.look.aloud });
  }

  /** @param {Message} message */
  readAloud(message) {
    if (!this.voice.stop()) this.read(message);
  }

  /** @param {Message} message */
  read(message) {
    this.voice.say(plain(message.text), langOf(message) || 'sv');
  }

  /** @param {boolean} on */
  setEasy(on) {
    this.isEasy = on;
    if (this.panel) this.panel.easy.setAttribute('aria-checked', String(on));
  }

  /** @param {string} until when a time is held for somebody, empty when none is any more */
  hold(until) {
    this.held.show(until);
  }

  // What is asked of the conversation

  toggleEasy() {
    this.talk.tell(this.isEasy ? S.easyOff : S.easy);
  }

  human() {
    this.talk.tell(S.humanMessage);
  }

  /** @param {Choice} choice @param {HTMLElement} group */
  choose(choice, group) {
    this.talk.choose(choice, group);
  }

  /** @param {Message} message @param {Thumb} value @param {string} [comment] */
  rate(message, value, comment) {
    return this.talk.rate(message.id, value, comment);
  }

  submit() {
    this.talk.submit();
  }

  edited() {
    this.talk.edited();
  }

  download() {
    this.talk.download();
  }

  remove() {
    this.lookSlot.value = null;
    this.talk.remove();
  }
}
