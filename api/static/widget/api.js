/** The chat contract over HTTP (its types are in types.d.ts), and what the browser remembers. */
import { S } from './strings.sv.js';

const TIMEOUT_MS = 20000;

/** A request that failed; `message` is a Swedish sentence for the person. */
export class ChatError extends Error {
  /** @param {string} message @param {number} [status] 0 when no answer came @param {string} [code] */
  constructor(message, status = 0, code = '') {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Nobody answers: worth trying again unasked. */
  get isOutage() {
    return !this.status || [502, 503, 504].includes(this.status);
  }

  /** The same request may work later. */
  get isTemporary() {
    return !this.status || this.status >= 500 || [408, 425, 429].includes(this.status);
  }

  /** The conversation is gone. */
  get isStale() {
    return this.status === 401 || this.status === 410 || (this.status === 404 && this.code !== 'choice_unknown');
  }
}

/** @param {Response} response */
async function problem(response) {
  const body = await response.json().catch(() => null);
  const { detail, code } = body || {};
  return new ChatError(typeof detail === 'string' ? detail : S.failed, response.status, String(code || ''));
}

export class Api {
  /** @param {string} base address of the service */
  constructor(base) {
    this.root = `${base}/api/v1/conversations`;
  }

  /** @param {Start} start what the page is about @returns {Promise<Conversation & {messages: Message[]}>} */
  async start(start) {
    const { conversation_id: id, token, messages } = await (await this.call('POST', '', null, start)).json();
    return { id, token, messages };
  }

  /** @param {Conversation} talk @param {Turn} turn @returns {Promise<Message[]>} */
  async send(talk, turn) {
    return (await (await this.call('POST', '/messages', talk, turn)).json()).messages;
  }

  /** @param {Conversation} talk @returns {Promise<Message[]>} */
  async history(talk) {
    return (await (await this.call('GET', '/messages', talk)).json()).messages;
  }

  /** @param {Conversation} talk @param {string} message its id @param {Thumb} value @param {string} [comment] */
  feedback(talk, message, value, comment) {
    return this.call('POST', `/messages/${encodeURIComponent(message)}/feedback`, talk, { value, comment });
  }

  /** Erases the conversation; one that is already gone is fine. @param {Conversation} talk */
  async erase(talk) {
    await this.call('DELETE', '', talk).catch((error) => {
      if (!error.isStale) throw error;
    });
  }

  /** @param {Conversation} talk */
  async transcript(talk) {
    return (await this.call('GET', '/transcript.txt', talk)).blob();
  }

  /**
   * @param {string} method @param {string} path below the conversation @param {Conversation|null} talk
   * @param {object} [body] @returns {Promise<Response>}
   */
  async call(method, path, talk, body) {
    /** @type {Object<string, string>} */
    const headers = {};
    if (talk) headers.Authorization = `Bearer ${talk.token}`;
    if (body) headers['Content-Type'] = 'application/json';
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    const url = this.root + (talk ? `/${encodeURIComponent(talk.id)}` : '') + path;
    /** @type {RequestInit} */
    const init = { method, headers, signal: abort.signal, credentials: 'omit', cache: 'no-store' };
    if (body) init.body = JSON.stringify(body);
    try {
      const response = await fetch(url, init);
      if (!response.ok) throw await problem(response);
      return response;
    } catch (error) {
      throw error instanceof ChatError ? error : new ChatError(S.offline);
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * One JSON value in the browser's storage; null where that is blocked.
 * @template T
 */
export class Slot {
  /** @param {'localStorage'|'sessionStorage'} kind @param {string} key */
  constructor(kind, key) {
    this.kind = kind;
    this.key = key;
  }

  /** @returns {T|null} */
  get value() {
    try {
      return JSON.parse(window[this.kind].getItem(this.key) || 'null');
    } catch (error) {
      return null;
    }
  }

  set value(value) {
    try {
      if (value) window[this.kind].setItem(this.key, JSON.stringify(value));
      else window[this.kind].removeItem(this.key);
    } catch (error) {
      // The chat lives as long as the page.
    }
  }
}
