/** What is written and not answered yet: it outlives failures and reloads. */
import { Slot } from './api.js';

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // absent on http:
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16).padStart(8, '0')).join('');
}

export class Writing {
  /** @param {string} key @param {Panel} panel */
  constructor(key, panel) {
    this.panel = panel;
    /** @type {Slot<Draft>} */
    this.slot = new Slot('sessionStorage', key);
    /** @type {Draft|null} sent but not answered */
    this.attempt = null;
    const kept = this.slot.value;
    if (!kept) return;
    panel.text = kept.text;
    if (kept.client_id) this.attempt = kept;
  }

  /** What to send: a failed try as it was, and what was added since is left for the next message. @returns {Draft} */
  next() {
    const { attempt, panel: { text } } = this;
    const isSame = attempt && (text === attempt.text || text.startsWith(`${attempt.text}\n`));
    return isSame && attempt ? attempt : { text, client_id: newId() };
  }

  /** Out of the field, but kept until the answer is here. @param {Draft} draft */
  take(draft) {
    const { panel } = this;
    this.attempt = draft;
    this.slot.value = draft;
    if (panel.text.startsWith(draft.text)) panel.text = panel.text.slice(draft.text.length).trim();
  }

  /** Back into the field, before what was added meanwhile. @param {string} text */
  giveBack(text) {
    this.panel.text = [text, this.panel.text].filter(Boolean).join('\n');
  }

  /** @param {string} text */
  set(text) {
    this.attempt = null;
    this.panel.text = text;
    this.save();
  }

  save() {
    const { text, field } = this.panel;
    const isSame = this.attempt && this.attempt.text === text;
    this.slot.value = isSame ? this.attempt : text ? { text: field.value, client_id: '' } : null;
  }

  /** The page was left before the answer came. @param {Message[]} messages */
  forgetSent(messages) {
    const own = messages.filter((message) => message.sender === 'user');
    const last = own[own.length - 1];
    if (this.attempt && last && last.text === this.attempt.text && this.panel.text === last.text) this.set('');
  }
}
