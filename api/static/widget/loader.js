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
    failed: 'Chatten gick inte att öppna. Kontrollera din uppkoppling och tryck igen.',
  };
  const CSS = `
:host{all:initial!important;position:fixed!important;right:0!important;bottom:0!important;z-index:2147483000!important}
.iv{--a:#7a2a20;--at:#fff;--s:#fffdf9;--t:#241f1b;--line:#857a70;--tint:rgba(140,115,90,.15);
--accent:var(--iv-accent,var(--a));--accent-text:var(--iv-accent-text,var(--at));
--surface:var(--iv-surface,var(--s));--text:var(--iv-text,var(--t));
color:var(--text);background-color:var(--surface);color-scheme:light dark;
font:1rem/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:max(1rem,1em)}
.iv.plain{--accent:var(--a);--accent-text:var(--at);--surface:var(--s);--text:var(--t)}
.launcher,.failed{position:fixed;right:var(--iv-right,1em);bottom:var(--iv-bottom,1em);
max-width:calc(100vw - 2em);font:inherit;box-shadow:0 .15em .7em rgba(0,0,0,.3)}
.launcher{min-height:2.75em;padding:.5em 1.15em;border:2px solid var(--accent-text);border-radius:1.5em;
color:var(--accent-text);background-color:var(--accent);font-weight:600;cursor:pointer}
.launcher:hover{text-decoration:underline}
.launcher:focus-visible{outline:3px solid var(--text);outline-offset:2px;box-shadow:0 0 0 7px var(--surface)}
.failed{bottom:calc(var(--iv-bottom,1em) + 3.5em);width:20em;box-sizing:border-box;margin:0;
padding:.75em 1em;border:1px solid var(--line);
border-radius:.5em;color:var(--text);background-color:var(--surface)}
@media (prefers-color-scheme:dark){.iv{--a:#93392b;--s:#211c19;--t:#f5eee7}}
@media print{:host{display:none!important}}`;

  const script = document.currentScript || document.querySelector('script[src*="/widget/loader.js"]');
  if (!script || customElements.get(TAG)) return;
  const folder = new URL('.', script.src);
  const data = script.dataset;
  const settings = {
    title: data.title || TEXT.title,
    api: (data.api || folder.origin).replace(/\/+$/, ''),
    contact: data.contact || '',
    announcer: data.announcer || '',
  };

  const addStyles = (root, text) => {
    if (root.adoptedStyleSheets && CSSStyleSheet.prototype.replaceSync) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    } else {
      // iOS 16.3 and older; the page's CSP has to allow inline styles there.
      root.appendChild(document.createElement('style')).textContent = text;
    }
  };

  /** WCAG's relative luminance; null when the colour is not plain rgb(). */
  const luminance = (colour) => {
    const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour);
    if (!parts) return null;
    const [r, g, b] = parts.slice(1).map((part) => {
      const c = Number(part) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  const isReadable = (node) => {
    const style = getComputedStyle(node);
    const pair = [luminance(style.color), luminance(style.backgroundColor)];
    if (pair[0] === null || pair[1] === null) return false;
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05) >= 4.5;
  };

  class IndustriChatt extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      this.lang = 'sv';
      const root = this.attachShadow({ mode: 'open' });
      this.frame = document.createElement('section');
      this.frame.className = 'iv';
      this.frame.setAttribute('aria-label', TEXT.region);
      this.launcher = document.createElement('button');
      this.launcher.type = 'button';
      this.launcher.className = 'launcher';
      this.launcher.textContent = data.launcher || TEXT.launcher;
      this.launcher.setAttribute('aria-expanded', 'false');
      this.launcher.addEventListener('click', () => (this.chat && this.chat.isOpen ? this.close() : this.open()));
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
      if ([this.frame, this.launcher].every(isReadable)) return;
      this.frame.classList.add('plain');
      console.warn(`${TAG}: --iv-* colours need rgb and a contrast of 4.5:1; the default colours are used.`);
    }

    /** @param {HTMLElement} [opener] gets the focus back when the chat closes */
    async open(opener) {
      if (this.loading) return;
      this.loading = true;
      this.launcher.setAttribute('aria-busy', 'true');
      if (this.failed) this.failed.remove();
      try {
        if (!this.chat) {
          // Browsers may remember a failed import: another address makes them try again.
          const url = new URL(`chat.js${this.tries ? `?${this.tries}` : ''}`, folder);
          this.tries = (this.tries || 0) + 1;
          const module = await import(url.href);
          this.chat = module.mount({ host: this, frame: this.frame, launcher: this.launcher, settings, addStyles });
        }
        this.chat.open(opener || this.launcher);
      } catch (error) {
        console.error(error);
        this.failed = document.createElement('p');
        this.failed.className = 'failed';
        this.failed.setAttribute('role', 'alert');
        this.failed.textContent = TEXT.failed;
        this.frame.append(this.failed);
      }
      this.launcher.removeAttribute('aria-busy');
      this.loading = false;
    }

    close() {
      if (this.chat) this.chat.close();
    }
  }

  customElements.define(TAG, IndustriChatt);

  const start = () => {
    const chat = document.createElement(TAG);
    document.body.append(chat);
    const openers = ['[data-industri-chatt]', data.openOn].filter(Boolean).join(',');
    document.addEventListener('click', (event) => {
      const opener = event.target instanceof Element && event.target.closest(openers);
      if (!opener) return;
      event.preventDefault();
      chat.open(opener);
    });
  };
  if (document.body) start();
  else document.addEventListener('DOMContentLoaded', start);
})();
