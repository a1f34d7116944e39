/** Full screen in a small window: only there the rest of the page is out of reach. */
export const SMALL = '(max-width: 29.99em), (max-height: 25em)';
const STOPS = 'a[href], button, summary, textarea, [tabindex="0"]';

export class Modal {
  /** @param {HTMLElement} host @param {HTMLElement} panel */
  constructor(host, panel) {
    this.host = host;
    this.panel = panel;
    this.query = matchMedia(SMALL);
    /** @type {Element[]} */
    this.covered = [];
    if (this.query.addEventListener) this.query.addEventListener('change', () => this.update());
    if (window.visualViewport) window.visualViewport.addEventListener('resize', () => this.fit());
    panel.addEventListener('keydown', (event) => this.trap(event));
  }

  get isOn() {
    return !this.panel.hidden && this.query.matches;
  }

  update() {
    this.covered.splice(0).forEach((element) => cover(element, false));
    if (this.isOn) {
      this.panel.setAttribute('aria-modal', 'true');
      const others = [...document.documentElement.children].filter((element) => element !== this.host);
      this.covered = others.filter((element) => !element.matches('head, script, [inert], [aria-hidden="true"]'));
      this.covered.forEach((element) => cover(element, true));
    } else this.panel.removeAttribute('aria-modal');
    this.fit();
  }

  /** Keeps the writing field above the soft keyboard. */
  fit() {
    const view = this.isOn && window.visualViewport;
    const isCut = view && view.scale === 1 && view.height < innerHeight - 1;
    this.panel.style.height = isCut ? `${view.height}px` : '';
    this.panel.style.top = isCut ? `${view.offsetTop}px` : '';
  }

  /** @param {KeyboardEvent} event */
  trap(event) {
    if (event.key !== 'Tab' || !this.isOn) return;
    const all = /** @type {HTMLElement[]} */ ([...this.panel.querySelectorAll(STOPS)]);
    const stops = all.filter((stop) => stop.tabIndex >= 0 && stop.getClientRects().length);
    const root = /** @type {ShadowRoot} */ (this.panel.getRootNode());
    const at = stops.indexOf(/** @type {HTMLElement} */ (root.activeElement));
    const isLeaving = event.shiftKey ? at <= 0 : at === stops.length - 1;
    if (!isLeaving) return;
    event.preventDefault();
    stops[event.shiftKey ? stops.length - 1 : 0].focus();
  }
}

/** @param {Element} element @param {boolean} on */
function cover(element, on) {
  const name = 'inert' in HTMLElement.prototype ? 'inert' : 'aria-hidden';
  if (on) element.setAttribute(name, name === 'inert' ? '' : 'true');
  else element.removeAttribute(name);
}
