/** Leads the conversation between the log, the writing field, the service and the browser's storage. */
import { Api, ChatError, Slot } from './api.js';
import { setUsed } from './choices.js';
import { h } from './dom.js';
import { newId, Writing } from './draft.js';
import { Runner } from './runner.js';
import { S } from './strings.sv.js';

export class Talk extends Runner {
  /** @param {Settings} settings @param {string} key @param {Log} log @param {Panel} panel @param {TalkActions} on */
  constructor(settings, key, log, panel, on) {
    super(log, panel, on);
    this.start = settings.start;
    this.api = new Api(settings.api);
    /** @type {Slot<KeptConversation>} */
    this.saved = new Slot('localStorage', key);
    this.writing = new Writing(key, panel);
    /** @type {Conversation|null} */
    this.id = null;
    this.isKept = false; // in the browser's storage
    /** @type {(() => void)|null} another tab removed the talk while an answer was awaited here */
    this.removedMeanwhile = null;
  }

  /** Shows the kept conversation, or begins one. */
  async load() {
    const kept = this.saved.value;
    if (!kept) return this.begin();
    try {
      const messages = await this.api.history(kept);
      this.id = { id: kept.id, token: kept.token };
      this.isKept = true;
      const first = this.log.merge(messages, false);
      if (first) this.log.show(this.log.list.lastElementChild);
      this.writing.forgetSent(messages);
    } catch (error) {
      if (!(error instanceof ChatError && error.isStale)) throw error;
      await this.renew();
    }
  }

  async begin() {
    const { id, token, messages } = await this.api.start(this.start);
    this.id = { id, token };
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
    this.id = null;
    this.isKept = false;
  }

  /** Asks whether anybody answers. */
  async probe() {
    if (this.id && this.isKept) await this.api.history(this.id);
  }

  /** Fetches what other tabs said. */
  refresh() {
    if (this.isBusy || this.again || (this.id && !this.isKept)) return; // what waits to be sent comes first
    this.run(() => this.load().catch((error) => {
      if (!this.id || !error.isTemporary) throw error;
    }));
  }

  /** @param {boolean} isShown whether to fetch at once */
  followOtherTab(isShown) {
    const other = this.saved.value;
    const mine = this.isKept && this.id ? this.id.id : '';
    if (this.isBusy) {
      if (mine && !other) this.removedMeanwhile = () => this.followOtherTab(isShown);
      return;
    }
    if ((other ? other.id : '') !== mine) {
      this.stopTrying();
      this.next = null;
      this.panel.clearAlert();
      this.id = null;
      this.isKept = false;
      if (!other) this.writing.set('');
      this.log.clear();
      if (mine) this.log.notice(S.removedElsewhere);
    }
    if (isShown) this.refresh();
  }

  /** Says something that is not typed. @param {string} text */
  tell(text) {
    this.on.rest();
    this.say({ text, client_id: newId() }, text);
  }

  submit() {
    if (this.isBusy) {
      this.next = () => this.submit();
      return;
    }
    const { text, left } = this.panel;
    if (!text || left < 0) return this.panel.field.focus();
    const draft = this.writing.next();
    this.say({ text: draft.text, client_id: draft.client_id }, draft.text, { isTyped: true });
  }

  /** @param {Choice} choice @param {HTMLElement} group */
  choose(choice, group) {
    this.on.rest();
    this.say({ choice: choice.id, client_id: newId() }, choice.title, { group });
  }

  /** The last wish counts. @param {Turn} turn @param {string} shown the words @param {From} [from] */
  say(turn, shown, from = {}) {
    if (this.isBusy) {
      this.next = () => this.say(turn, shown, from);
      return;
    }
    if (from.isTyped) this.writing.take({ text: shown, client_id: turn.client_id });
    if (from.group) setUsed(from.group, true);
    const item = this.log.addLocal(shown);
    this.log.show(item);
    this.run(async () => {
      try {
        await this.deliver(turn, shown, item);
      } catch (error) {
        this.log.drop(item);
        if (from.isTyped) this.writing.giveBack(shown);
        if (from.group && error instanceof ChatError && error.isTemporary) setUsed(from.group, false);
        throw error;
      }
      if (from.isTyped) this.writing.attempt = null;
      this.writing.save();
    }, () => (from.isTyped ? this.submit() : this.say(turn, shown, from)));
  }

  /** @param {Turn} turn @param {string} shown @param {HTMLElement} item */
  async deliver(turn, shown, item) {
    if (!this.id) await this.load();
    this.log.list.append(item);
    let messages;
    try {
      messages = await this.send(turn);
    } catch (error) {
      if (!(error instanceof ChatError && error.isStale) || this.removedMeanwhile) throw error;
      await this.renew();
      this.log.list.append(item);
      // A choice belongs to the conversation that offered it: its words do for the new one.
      messages = await this.send({ text: shown, client_id: turn.client_id });
    }
    const first = this.log.merge(messages, true);
    this.keep();
    if (messages.length && !first) this.log.drop(item); // the history had it, and its answer
    this.log.show(item.isConnected ? item : this.log.list.lastElementChild);
    this.on.arrived(first, messages);
  }

  /** @param {Turn} turn */
  send(turn) {
    if (!this.isKept) this.keep();
    return this.api.send(/** @type {Conversation} */ (this.id), turn);
  }

  keep() {
    if (this.removedMeanwhile) return;
    this.isKept = true;
    this.saved.value = this.id && { id: this.id.id, token: this.id.token, heard: this.log.known.length };
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    super.setBusy(busy);
    const follow = this.removedMeanwhile;
    if (busy || !follow) return;
    this.removedMeanwhile = null;
    follow();
  }

  /** @param {string} id of a message @param {Thumb} value @param {string} [comment] */
  async rate(id, value, comment) {
    try {
      if (this.id) await this.api.feedback(this.id, id, value, comment);
      return true;
    } catch (error) {
      this.panel.showAlert(error instanceof ChatError ? error.message : S.failed, null);
      return false;
    }
  }

  remove() {
    this.run(async () => {
      const talk = this.id || this.saved.value;
      if (talk) await this.api.erase(talk);
      this.forget();
      this.writing.set('');
      this.log.clear();
      this.log.notice(S.removed);
      await this.begin();
    });
  }

  download() {
    this.run(async () => {
      if (!this.id) await this.load();
      if (!this.id) return;
      const address = URL.createObjectURL(await this.api.transcript(this.id));
      const link = h('a', { download: S.downloadName });
      link.href = address;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
    });
  }

  /** Somebody writes: what failed is not sent unasked any more. */
  edited() {
    if (this.writing.attempt) this.stopTrying();
    this.writing.save();
  }
}
