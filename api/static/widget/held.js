/** How long a chosen time is still held for somebody: a quiet line above the field. */
import { h } from './dom.js';
import { S } from './strings.sv.js';

const MINUTE_MS = 60000;
const LAST_MINUTES = 2; // from here on it is said aloud, once

export class Held {
  /** @param {Announcer} announcer */
  constructor(announcer) {
    this.announcer = announcer;
    /** @type {HTMLElement} */
    this.node = h('p', { class: 'small held', hidden: true });
    this.until = 0;
    this.timer = 0;
    this.isSaid = false;
  }

  /** @param {string} until ISO moment; empty when no time is held */
  show(until) {
    const moment = Date.parse(until);
    if (moment !== this.until) this.isSaid = false;
    this.until = moment;
    this.tick();
  }

  tick() {
    clearTimeout(this.timer);
    const left = this.until - Date.now();
    const minutes = Math.ceil(left / MINUTE_MS);
    this.node.hidden = !(minutes > 0);
    if (this.node.hidden) return;
    this.node.textContent = S.held(minutes);
    if (minutes <= LAST_MINUTES && !this.isSaid && this.node.getClientRects().length) {
      this.isSaid = true;
      this.announcer.say(S.held(minutes));
    }
    this.timer = window.setTimeout(() => this.tick(), left - (minutes - 1) * MINUTE_MS);
  }
}
