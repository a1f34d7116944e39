/** Text and links become DOM nodes here and only here: no markup is ever parsed. */
import { S } from './strings.sv.js';

/**
 * Makes an element; a function among `props` is an event listener.
 * @param {string} tag @param {Object<string, any> | null | false} [props] @param {...Child} children
 * @returns {any} an HTMLElement; `any` saves a cast per use
 */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  Object.entries(props || {}).forEach(([key, value]) => {
    if (typeof value === 'function') node.addEventListener(key, value);
    else if (value !== false && value != null) node.setAttribute(key, value === true ? '' : String(value));
  });
  children.forEach((child) => child && node.append(/** @type {Node} */ (child)));
  return node;
}

/** @param {Child} text @param {() => void} click @param {Object<string, any>} [props] @returns {HTMLButtonElement} */
export function button(text, click, props) {
  return h('button', Object.assign({ type: 'button', click }, props), text);
}

const MOST = 10000; // characters; browsers need a minute to lay out a word of 200,000 letters

/** Unknown JSON as text: empty unless a string or number. @param {unknown} value */
export function plain(value) {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, MOST).trim() : '';
}

/** @param {unknown} value @returns {any[]} */
export function list(value) {
  return Array.isArray(value) ? value.filter(Boolean) : [];
}

const PATTERN = /https?:\/\/[^\s<>"']+|[\p{L}\d_.+-]{1,64}@[\p{L}\d-]{1,64}(?:\.[\p{L}\d-]{1,64}){1,4}|IV-[A-Z\d]{5}/gu;

/** Links to https:, mailto:, tel:, and http: on the page's or the service's own origin; no others. */
export class Links {
  /** @param {string} base address of the service; relative addresses are its own */
  constructor(base) {
    this.base = base;
  }

  /** @param {unknown} address @returns {URL|null} */
  safe(address) {
    if (!plain(address)) return null;
    try {
      const url = new URL(plain(address), this.base);
      if (/^(https|mailto|tel):$/.test(url.protocol)) return url;
      return url.protocol === 'http:' && [location.origin, new URL(this.base).origin].includes(url.origin) ? url : null;
    } catch (error) {
      return null;
    }
  }

  /**
   * A link, or its text when the address is refused. Other sites open in a new tab: the chat stays.
   * @param {unknown} address @param {string} text @param {string} [look] class @returns {Node}
   */
  to(address, text, look) {
    const url = this.safe(address);
    if (!url) return document.createTextNode(text);
    const away = /^http/.test(url.protocol) && url.origin !== location.origin;
    const link = h('a', Object.assign({ class: look }, away && { target: '_blank', rel: 'noopener' }), text);
    link.href = url.href;
    if (away) link.append(h('span', { class: 'sr' }, S.newTab));
    return link;
  }

  /** @param {string} number as people write it */
  phone(number) {
    const digits = number.replace(/\(0\)/, '').replace(/[^\d+]/g, '');
    return this.to(digits && `tel:${digits}`, S.call(number), 'tap');
  }

  /** @param {string} address @param {string} [look] class */
  mail(address, look) {
    return this.to(/^[^\s@?]+@[^\s@?]+$/.test(address) ? `mailto:${address}` : '', address, look);
  }

  /** Text with its addresses made into links. @param {string} text @returns {Node[]} */
  inText(text) {
    const nodes = [];
    let done = 0;
    PATTERN.lastIndex = 0;
    for (let match = PATTERN.exec(text); match; match = PATTERN.exec(text)) {
      const found = match[0].replace(/[.,;:!?)\]]+$/, '');
      nodes.push(document.createTextNode(text.slice(done, match.index)));
      if (/^IV-/.test(found)) nodes.push(h('span', { class: 'code' }, found)); // a booking's, in one piece
      else nodes.push(/^https?:/.test(found) ? this.to(found, found) : this.mail(found));
      done = match.index + found.length;
    }
    nodes.push(document.createTextNode(text.slice(done)));
    return nodes;
  }
}
