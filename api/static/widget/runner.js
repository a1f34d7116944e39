/** Does one thing at a time, and what failed once more. */
import { ChatError } from './api.js';
import { S } from './strings.sv.js';

const TYPING_AFTER_MS = 1000;
/** Waiting times before trying again unasked, while nobody answers. */
const WAITS_MS = [3000, 8000, 20000, 40000, 60000];

export class Runner {
  /** @param {Log} log @param {Panel} panel @param {TalkActions} on */
  constructor(log, panel, on) {
    this.log = log;
    this.panel = panel;
    this.on = on;
    this.isBusy = false;
    /** @type {(() => void)|null} what to try again unasked */
    this.again = null;
    /** @type {(() => void)|null} what was wished for meanwhile */
    this.next = null;
    this.tries = 0;
    this.timer = 0;
  }

  /** One thing at a time. @param {() => Promise<void>} task @param {() => void} [again] for "try again" */
  async run(task, again) {
    if (this.isBusy) return;
    this.setBusy(true);
    this.stopTrying();
    const slow = setTimeout(() => this.log.typing(true), TYPING_AFTER_MS);
    try {
      await task();
      this.tries = 0;
      this.panel.clearAlert();
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

  /** @param {boolean} busy */
  setBusy(busy) {
    this.isBusy = busy;
    this.panel.setBusy(busy);
  }

  stopTrying() {
    clearTimeout(this.timer);
    this.again = null;
  }

  /** The network is back, or the time has come. Nothing moves on screen until somebody answers. */
  async retry() {
    const { again } = this;
    if (!again) return this.refresh();
    clearTimeout(this.timer);
    try {
      await this.probe();
    } catch (error) {
      if (error instanceof ChatError && error.isOutage && this.again === again) return this.wait();
    }
    if (this.again === again) again();
  }

  /** Networks say that they are back a little before they are. */
  reconnect() {
    this.tries = 0;
    this.retry();
  }

  wait() {
    const ms = WAITS_MS[Math.min(this.tries, WAITS_MS.length - 1)];
    this.tries += 1;
    this.timer = window.setTimeout(() => this.retry(), ms);
  }

  /** @param {unknown} error @param {() => void} again */
  fail(error, again) {
    const known = error instanceof ChatError ? error : null;
    if (!known) console.error(error);
    const mayHelp = known && known.isTemporary;
    this.panel.showAlert(known ? known.message : S.failed, mayHelp ? () => {
      this.on.rest();
      again();
    } : null);
    this.log.fit();
    if (!known || !known.isOutage) return;
    this.again = again;
    this.wait();
  }

  /** Asks whether anybody answers. @returns {Promise<void>} */
  async probe() {}

  /** Nothing waits to be sent. */
  refresh() {}
}
