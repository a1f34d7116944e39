/**
 * Puts the chat on a page: the only file fetched, with nothing stored, before somebody opens it.
 * The settings are described in README.md beside this file.
 */
(() => {
  'use strict';
  const TAG = 'industri-chatt';
  // Needed before strings.sv.js may be fetched.
  const TEXT = {
    title: 'Industrivägledaren',
    launcher: 'Fråga chatten',
    region: 'Chatt',
    failed: 'Chatten gick inte att öppna. Kontrollera din uppkoppling och tryck igen. ',
    plain: 'Öppna den enkla chatten',
    contact: 'Kontakta vägledningen',
  };
  /** As red, green, blue: what lies below answers, thinly, and the borders of fields and cards. */
  const TINT = [140, 115, 90];
  const TINT_SHARE = 0.15;
  const LINE = [133, 122, 112];
  // Names with an underscore are our own: a page may have registered --text with @property, which counts in here too.
  const CSS = `
:host{all:initial!important;position:fixed!important;right:0!important;bottom:0!important;z-index:2147483647!important}
.iv{--iv_a:#7a2a20;--iv_at:#fff;--iv_s:#fffdf9;--iv_t:#241f1b;
--iv_line:rgb(${LINE});--iv_tint:rgba(${TINT},${TINT_SHARE});
--iv_accent:var(--iv-accent,var(--iv_a));--iv_accent-text:var(--iv-accent-text,var(--iv_at));
--iv_surface:var(--iv-surface,var(--iv_s));--iv_text:var(--iv-text,var(--iv_t));
direction:ltr;-webkit-user-select:text;user-select:text;
color:var(--iv_text);background-color:var(--iv_surface);color-scheme:light dark;
font:1rem/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:max(1rem,1em)}
.iv.plain{--iv_accent:var(--iv_a);--iv_accent-text:var(--iv_at);
--iv_surface:var(--iv_s);--iv_text:var(--iv_t)}
.launcher,.failed{position:fixed;right:var(--iv-right,1em);bottom:var(--iv-bottom,1em);
max-width:calc(100vw - 2em);font:inherit;box-shadow:0 .15em .7em rgba(0,0,0,.3)}
.launcher{min-height:2.75em;padding:.5em 1.15em;border:2px solid var(--iv_accent-text);border-radius:1.5em;
color:var(--iv_accent-text);background-color:var(--iv_accent);font-weight:600;cursor:pointer}
.launcher:hover{text-decoration:underline}
.new{margin-inline-start:.6em;padding:.1em .6em;border-radius:1em;
color:var(--iv_accent);background-color:var(--iv_accent-text)}
.launcher:focus-visible{outline:3px solid var(--iv_text);outline-offset:2px;box-shadow:0 0 0 7px var(--iv_surface)}
.failed{bottom:calc(var(--iv-bottom,1em) + 3.5em);width:20em;box-sizing:border-box;margin:0;
padding:.75em 1em;border:1px solid var(--iv_line);
border-radius:.5em;color:var(--iv_text);background-color:var(--iv_surface)}
.failed a{display:block;width:fit-content;margin-top:.5em;color:inherit}
@media (prefers-color-scheme:dark){.iv{--iv_a:#93392b;--iv_s:#211c19;--iv_t:#f5eee7}}
@media print{:host{display:none!important}}`;

  const script = /** @type {HTMLScriptElement | null} */ (
    document.currentScript || document.querySelector('script[src*="/widget/loader.js"]'));
  if (!script || customElements.get(TAG)) return;
  const folder = new URL('.', script.src);
  const data = script.dataset;
  const colours = ['accent', 'accent-text', 'surface', 'text'].map((name) =>
    [`--iv-${name}`, script.getAttribute(`data-${name}`) || '']);
  const settings = {
    title: data.title || TEXT.title,
    api: (data.api || folder.origin).replace(/\/+$/, ''),
    contact: data.contact || '',
    announcer: data.announcer || '',
    start: { topic: data.startTopic, occupation: data.startOccupation, place: data.startPlace },
  };

  /** @type {AddStyles} */
  const addStyles = (root, text) => {
    if (root.adoptedStyleSheets && 'replaceSync' in CSSStyleSheet.prototype) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    } else {
      // iOS 16.3 and older; the page's CSP has to allow inline styles there.
      root.appendChild(document.createElement('style')).textContent = text;
    }
  };

  /** Red, green, blue; empty when the colour is not plain rgb(). @param {string} colour */
  const partsOf = (colour) => (/^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour) || []).slice(1).map(Number);

  /** WCAG's relative luminance; NaN without a colour. @param {number[]} colour */
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) => {
      const c = part / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  /** @param {number[]} one @param {number[]} other @param {number} [least] WCAG's for text */
  const isClear = (one, other, least = 4.5) => {
    const pair = [luminance(one), luminance(other)];
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05) >= least;
  };

  /** @param {Element} node @returns {number[][]} its text and what that stands on */
  const coloursOf = (node) => {
    const { color, backgroundColor } = getComputedStyle(node);
    return [partsOf(color), partsOf(backgroundColor)];
  };

  class IndustriChatt extends HTMLElement {
    constructor() {
      super();
      this.frame = document.createElement('section');
      this.launcher = document.createElement('button');
      this.failed = document.createElement('p');
      this.isLoading = false;
      this.tries = 0;
      /** @type {import('./chat.js').Chat | null} */
      this.chat = null;
    }

    connectedCallback() {
      if (this.shadowRoot) return;
      this.lang = 'sv';
      colours.forEach(([name, colour]) => this.style.setProperty(name, colour));
      const root = this.attachShadow({ mode: 'open' });
      this.frame.className = 'iv';
      this.frame.setAttribute('aria-label', TEXT.region);
      this.launcher.type = 'button';
      this.launcher.className = 'launcher';
      this.launcher.textContent = data.launcher || TEXT.launcher;
      this.launcher.setAttribute('aria-expanded', 'false');
      this.launcher.addEventListener('click', () => (this.chat && this.chat.isOpen ? this.chat.close() : this.open()));
      this.frame.append(this.launcher);
      root.append(this.frame);
      addStyles(root, CSS);
      this.checkTheme();
      const dark = matchMedia('(prefers-color-scheme: dark)');
      if (dark.addEventListener) dark.addEventListener('change', () => this.checkTheme());
    }

    /** Refuses the page's colours when they cannot be read. */
    checkTheme() {
      this.frame.classList.remove('plain');
      const [text, surface] = coloursOf(this.frame);
      const [accentText, accent] = coloursOf(this.launcher);
      const bubble = surface.map((part, i) => part + (TINT[i] - part) * TINT_SHARE);
      const isReadable = isClear(text, bubble) && isClear(text, surface) && isClear(accentText, accent);
      if (isReadable && isClear(LINE, surface, 3)) return;
      this.frame.classList.add('plain');
      console.warn(`${TAG}: colours need rgb and contrast (see README.md); the default colours are used.`);
    }

    /** @param {HTMLElement} [opener] gets the focus back when the chat closes */
    async open(opener) {
      if (this.isLoading) return;
      this.isLoading = true;
      this.launcher.setAttribute('aria-busy', 'true');
      try {
        if (this.failed.isConnected) this.failed.remove();
        if (!this.chat) {
          // Browsers may remember a failed import: another address makes them try again.
          const url = new URL(`chat.js${this.tries ? `?${this.tries}` : ''}`, folder);
          this.tries += 1;
          const module = await import(url.href);
          this.chat = module.mount({ host: this, frame: this.frame, launcher: this.launcher, settings, addStyles });
        }
        if (this.chat) this.chat.open(opener || this.launcher);
      } catch (error) {
        console.error(error);
        this.showFailure();
      }
      this.launcher.removeAttribute('aria-busy');
      this.isLoading = false;
    }

    showFailure() {
      this.failed.className = 'failed';
      this.failed.setAttribute('role', 'alert');
      this.failed.textContent = TEXT.failed;
      [[`${settings.api}/chatt`, TEXT.plain], [settings.contact, TEXT.contact]].forEach(([address, text]) => {
        if (!address) return;
        const link = document.createElement('a');
        link.href = address;
        link.textContent = text;
        this.failed.append(link);
      });
      this.frame.append(this.failed);
    }
  }

  customElements.define(TAG, IndustriChatt);

  const start = () => {
    const chat = new IndustriChatt();
    // Beside the body: one that is transformed, faded, cut off or replaced does not take the chat along.
    document.documentElement.append(chat);
    const openers = ['[data-industri-chatt]', data.openOn].filter(Boolean).join(',');
    document.addEventListener('click', (event) => {
      const target = /** @type {Element} */ (event.target);
      const opener = /** @type {HTMLElement | null | undefined} */ (target.closest && target.closest(openers));
      if (!opener) return;
      event.preventDefault();
      chat.open(opener);
    });
  };
  if (document.body) start();
  else document.addEventListener('DOMContentLoaded', start);
})();
