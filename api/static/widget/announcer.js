/** What a screen reader hears, and what the browser's own voice reads aloud. */
const STAY_MS = 1000; // shorter loses messages with TalkBack

/** Lets a plain-text twin of each new message into the live region for a moment. */
export class Announcer {
  /** @param {HTMLElement} region */
  constructor(region) {
    this.region = region;
    this.from = Infinity; // closed: a live region that is hidden is not heard
    /** @type {[string, string | undefined][]} */
    this.queue = [];
  }

  /** On opening. @param {number} ms nothing is said until they have passed */
  hold(ms) {
    this.from = Date.now() + ms;
    this.sayLater();
  }

  /** What is to be said waits until the chat is opened again. */
  shut() {
    this.from = Infinity;
  }

  /** @param {string} text @param {string} [lang] if other than Swedish */
  say(text, lang) {
    this.queue.push([text, lang]);
    this.sayLater();
  }

  /** Timers may fire in another order than they were set: the first one says all that waits. */
  sayLater() {
    if (this.from === Infinity) return;
    setTimeout(() => {
      if (this.from !== Infinity) this.queue.splice(0).forEach((words) => this.show(...words));
    }, Math.max(0, this.from - Date.now()));
  }

  /** @param {string} text @param {string} [lang] */
  show(text, lang) {
    const twin = document.createElement('div');
    if (lang) twin.lang = lang;
    twin.textContent = text;
    this.region.append(twin);
    setTimeout(() => twin.remove(), STAY_MS);
  }
}

/** Reads aloud with the device's own voices: others would send the words to their maker. */
export class Voice {
  /** @param {() => void} changed called when voices come or go */
  constructor(changed) {
    this.synth = window.speechSynthesis;
    if (this.synth && this.synth.addEventListener) this.synth.addEventListener('voiceschanged', changed);
  }

  /** @param {string} lang such as `sv` */
  of(lang) {
    const voices = this.synth ? this.synth.getVoices() : [];
    const wanted = lang.slice(0, 2).toLowerCase();
    return voices.find((voice) => voice.localService && voice.lang.slice(0, 2).toLowerCase() === wanted);
  }

  /** Nothing is read in a language without a voice. @param {string} text @param {string} lang */
  say(text, lang) {
    const voice = this.of(lang);
    if (!voice) return;
    const words = new SpeechSynthesisUtterance(text.replace(/https?:\S+/g, ''));
    words.voice = voice;
    words.lang = voice.lang;
    this.synth.speak(words);
  }

  /** Returns whether something was being read. */
  stop() {
    const wasReading = Boolean(this.synth && this.synth.speaking);
    if (wasReading) this.synth.cancel();
    return wasReading;
  }
}
