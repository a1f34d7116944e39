/** Leads the conversation between panel, service and storage. */
import { Api, ChatError, Slot } from './api.js';
import { setUsed } from './cards.js';
import { h, Links } from './dom.js';
import { Announcer, Log } from './log.js';
import { Modal, Panel } from './panel.js';
import { S } from './strings.sv.js';
import { CSS } from './styles.js';

const TYPING_AFTER_MS = 1000;
const FOCUS_MOVE_MS = 600; // NVDA drops what is said while the focus moves.

export function mount(context) {
  return new Chat(context);
}

const isTouch = () => matchMedia('(pointer: coarse)').matches;

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // absent on http:
  const parts = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(parts, (part) => part.toString(16).padStart(8, '0')).join('');
}

class Chat {
  /** @param {Context} context */
  constructor({ host, frame, launcher, addStyles, settings }) {
    this.frame = frame;
    this.launcher = launcher;
    this.isOpen = false;
    this.isBusy = false;
    this.talk = null;
    this.isKept = false; // in the browser's storage
    /** @type {Draft|null} sent but not answered */
    this.attempt = null;
    this.again = null;
    this.api = new Api(settings.api);
    const key = `industri-chatt:${settings.api}`;
    this.saved = new Slot('localStorage', key);
    this.draft = new Slot('sessionStorage', key);
    const links = new Links(`${settings.api}/`);
    const region = h('div', { role: 'log', 'aria-live': 'polite', class: 'sr' });
    this.announcer = new Announcer(region);
    this.log = new Log(links, this.announcer, this);
    const inPage = settings.announcer === 'page';
    const spoken = inPage ? h('div', { class: 'sr' }, h('slot')) : region;
    this.panel = new Panel(settings, this.log, spoken, links, this);
    addStyles(host.shadowRoot, CSS);
    frame.prepend(this.panel.node);
    if (inPage) host.append(region);
    launcher.setAttribute('aria-controls', 'panel');
    this.modal = new Modal(host, this.panel.node);
    this.listen();
    this.restoreDraft();
  }

  listen() {
    this.frame.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.isComposing || !this.isOpen) return;
      event.stopPropagation();
      this.close();
    });
    window.addEventListener('storage', (event) => event.key === this.saved.key && this.followOtherTab());
    window.addEventListener('online', () => (this.again ? this.again() : this.refresh()));
    window.addEventListener('resize', () => this.log.fit());
    document.addEventListener('visibilitychange', () => document.hidden || this.refresh());
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
    }
    this.announcer.hold(FOCUS_MOVE_MS);
    (isTouch() ? this.panel.heading : this.panel.field).focus();
    if (this.talk) this.refresh();
    else this.run(() => this.load());
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = this.frame.contains(this.frame.getRootNode().activeElement);
    this.isOpen = false;
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

  /** One thing at a time. @param {() => Promise<void>} task @param {() => void} [again] for "try again" */
  async run(task, again) {
    if (this.isBusy) return;
    this.setBusy(true);
    this.again = null;
    this.panel.clearAlert();
    const slow = setTimeout(() => this.log.typing(true), TYPING_AFTER_MS);
    try {
      await task();
    } catch (error) {
      this.fail(error, again || (() => this.run(task)));
    }
    clearTimeout(slow);
    this.log.typing(false);
    this.setBusy(false);
    const { next } = this;
    this.next = null;
    if (next && !this.again) next();
  }

  /** The last wish counts. */
  wait(wish) {
    this.next = wish;
  }

  setBusy(busy) {
    this.isBusy = busy;
    this.panel.setBusy(busy);
  }

  fail(error, again) {
    const isOurs = error instanceof ChatError;
    if (!isOurs) console.error(error);
    this.again = isOurs && error.isTemporary ? again : null;
    this.panel.showAlert(isOurs ? error.message : S.failed, this.again && (() => {
      this.rest();
      again();
    }));
    this.log.fit();
  }

  async load() {
    const talk = this.saved.value;
    if (!talk) return this.begin();
    try {
      const messages = await this.api.history(talk);
      this.talk = talk;
      this.isKept = true;
      if (this.log.merge(messages, false)) this.log.show(this.log.list.lastElementChild);
      this.forgetSentDraft(messages);
    } catch (error) {
      if (!error.isStale) throw error;
      await this.renew();
    }
  }

  async begin() {
    const { id, token, messages } = await this.api.start();
    this.talk = { id, token };
    this.isKept = false;
    this.log.merge(messages, true);
  }

  async renew() {
    this.forget();
    this.log.retire();
    this.log.notice(S.renewed);
    await this.begin();
  }

  forget() {
    this.saved.value = null;
    this.talk = null;
    this.isKept = false;
  }

  /** Fetches what other tabs said. */
  refresh() {
    if (!this.isOpen || this.isBusy || (this.talk && !this.isKept)) return;
    this.run(() => this.load().catch((error) => {
      if (!this.talk || !error.isTemporary) throw error;
    }));
  }

  followOtherTab() {
    const other = this.saved.value;
    const mine = this.isKept && this.talk ? this.talk.id : '';
    if ((other ? other.id : '') === mine || this.isBusy) return;
    this.talk = null;
    this.isKept = false;
    if (!other) this.setDraft('');
    this.log.clear();
    if (mine) this.log.notice(S.removedElsewhere);
    if (!document.hidden) this.refresh();
  }

  human() {
    this.say({ text: S.humanMessage, client_id: newId() }, S.humanMessage);
  }

  submit() {
    if (this.isBusy) return this.wait(() => this.submit());
    const { text, left } = this.panel;
    if (!text || left < 0) return this.panel.field.focus();
    const isSame = this.attempt && this.attempt.text === text;
    const attempt = isSame ? this.attempt : { text, client_id: newId() };
    this.say(attempt, text, { isTyped: true });
  }

  choose(choice, group) {
    this.say({ choice: choice.id, client_id: newId() }, choice.title, { group });
  }

  /** @param {Turn} turn @param {string} shown the words @param {{isTyped?: boolean, group?: HTMLElement}} [from] */
  say(turn, shown, from = {}) {
    if (this.isBusy) return this.wait(() => this.say(turn, shown, from));
    if (from.isTyped) this.takeText(turn, shown);
    if (from.group) setUsed(from.group, true);
    if (!from.isTyped) this.rest();
    const item = this.log.addLocal(shown);
    this.log.show(item);
    this.run(async () => {
      try {
        await this.deliver(turn, shown, item);
      } catch (error) {
        this.log.drop(item);
        if (from.isTyped) this.panel.text = [shown, this.panel.text].filter(Boolean).join('\n');
        if (from.group && error.isTemporary) setUsed(from.group, false);
        throw error;
      }
      if (from.isTyped) this.attempt = null;
      this.saveDraft();
    }, () => this.say(turn, shown, from));
  }

  /** Leaves in the field what was added since a failed try. */
  takeText(turn, text) {
    const attempt = { text, client_id: turn.client_id };
    this.attempt = attempt;
    this.draft.value = attempt; // stays until the answer is here
    if (this.panel.text.startsWith(text)) this.panel.text = this.panel.text.slice(text.length).trim();
  }

  async deliver(turn, shown, item) {
    if (!this.talk) await this.load();
    this.log.list.append(item);
    let messages;
    try {
      messages = await this.send(turn);
    } catch (error) {
      if (!error.isStale) throw error;
      await this.renew();
      this.log.local.push(item);
      this.log.list.append(item);
      // A choice belongs to the conversation that offered it: its words do for the new one.
      messages = await this.send({ text: shown, client_id: turn.client_id });
    }
    this.log.merge(messages, true);
    this.log.show(item);
  }

  send(turn) {
    if (!this.isKept) this.saved.value = this.talk;
    this.isKept = true;
    return this.api.send(this.talk, turn);
  }

  async rate({ id }, value) {
    try {
      await this.api.feedback(this.talk, id, value);
      return true;
    } catch (error) {
      this.fail(error, () => this.panel.clearAlert());
      return false;
    }
  }

  remove() {
    this.run(async () => {
      const talk = this.talk || this.saved.value;
      if (talk) await this.api.erase(talk);
      this.forget();
      this.setDraft('');
      this.log.clear();
      this.log.notice(S.removed);
      await this.begin();
    });
  }

  download() {
    this.run(async () => {
      if (!this.talk) await this.load();
      const address = URL.createObjectURL(await this.api.transcript(this.talk));
      const link = h('a', { download: S.downloadName });
      link.href = address;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
    });
  }

  setDraft(text) {
    this.attempt = null;
    this.panel.text = text;
    this.saveDraft();
  }

  saveDraft() {
    const { text } = this.panel;
    const isSame = this.attempt && this.attempt.text === text;
    this.draft.value = isSame ? this.attempt : text && { text: this.panel.field.value, client_id: '' };
  }

  restoreDraft() {
    const draft = this.draft.value;
    if (!draft) return;
    this.panel.text = draft.text;
    if (draft.client_id) this.attempt = draft;
  }

  /** The page was left before the answer came. @param {Message[]} messages */
  forgetSentDraft(messages) {
    const own = messages.filter((message) => message.sender === 'user');
    const last = own[own.length - 1];
    if (this.attempt && last && last.text === this.attempt.text && this.panel.text === last.text) this.setDraft('');
  }
}
