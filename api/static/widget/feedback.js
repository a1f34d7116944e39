/** A thumb up or down on an answer, and why. */
import { button, h } from './dom.js';
import { S } from './strings.sv.js';

export class Feedback {
  /** @param {Message} message @param {LogActions} on */
  constructor(message, on) {
    this.message = message;
    this.on = on;
    /** @type {Thumb | null | undefined} */
    this.value = message.feedback;
    this.up = this.thumb('up');
    this.down = this.thumb('down');
    this.mark();
    this.thanks = h('span', { class: 'small' });
    /** @type {HTMLElement} */
    this.node = h('div', { class: 'feedback', role: 'group', 'aria-label': S.feedback }, this.up, this.down, this.thanks);
  }

  /** @param {Thumb} value */
  thumb(value) {
    return button(S[value], () => this.rate(value));
  }

  /** @param {Thumb} value */
  async rate(value) {
    if (!(await this.save(value))) return;
    this.value = value;
    this.mark();
    if (!this.why) this.askWhy();
  }

  mark() {
    this.up.setAttribute('aria-pressed', String(this.value === 'up'));
    this.down.setAttribute('aria-pressed', String(this.value === 'down'));
  }

  askWhy() {
    const words = h('textarea', { rows: 2, maxlength: 1000 });
    this.why = h('div', { class: 'why' }, h('label', {}, S.why, words), button(S.sendWhy, async () => {
      if (words.value.trim() && !(await this.save(this.value || 'up', words.value.trim()))) return;
      (this.value === 'down' ? this.down : this.up).focus();
      this.why.remove();
    }));
    this.node.append(this.why);
    this.why.scrollIntoView({ block: 'nearest' });
  }

  /** @param {Thumb} value @param {string} [comment] */
  async save(value, comment) {
    const isSaved = await this.on.rate(this.message, value, comment);
    if (isSaved) {
      this.thanks.textContent = S.thanks;
      this.on.announcer.say(S.thanks);
    }
    return isSaved;
  }
}
