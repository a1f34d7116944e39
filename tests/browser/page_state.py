"""What can be seen of a page's own state from inside it, to tell whether a guest left anything behind."""

from __future__ import annotations

WATCH = """(() => {
  window.touched = [];
  const own = (node) => node.closest && node.closest('industri-chatt');
  const name = (node) => `${node.nodeName} ${node.textContent.slice(0, 20)}`;
  const watch = new MutationObserver((changes) => changes.forEach((change) => {
    if (document.readyState === 'loading' || own(change.target)) return;
    const added = [...change.addedNodes].filter((node) => !own(node)).map(name);
    const removed = [...change.removedNodes].map(name);
    if (!added.length && !removed.length && change.type === 'childList') return;
    window.touched.push([change.type, change.attributeName, name(change.target), ...added, ...removed].join(' | '));
  }));
  watch.observe(document, { attributes: true, childList: true, characterData: true, subtree: true });
})()"""
"""Run before the page: `touched` are the changes of its DOM, once it was read, outside the chat's own element."""

STATE = """() => {
  const hash = (text) => {
    let sum = 0;
    for (let at = 0; at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) | 0;
    return sum;
  };
  const parts = (value) => hash(Reflect.ownKeys(value).map((key) => {
    const { value: own, get, set, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(value, key);
    const shown = typeof own === 'function' || typeof own !== 'object' ? String(own) : typeof own;
    if (/^jQuery\\d/.test(shown)) return ''; // another number each time
    return [String(key), shown, get, set, writable, enumerable, configurable].map(String).join();
  }).join('\\n'));
  const lines = [];
  Object.getOwnPropertyNames(window).filter((name) => !/^\\d+$/.test(name) && name !== 'touched').forEach((name) => {
    const { value } = Object.getOwnPropertyDescriptor(window, name);
    const isClass = typeof value === 'function';
    lines.push(`${name}: ${isClass ? [parts(value), value.prototype && parts(value.prototype)] : typeof value}`);
  });
  document.querySelectorAll('*').forEach((node) => {
    if (node.localName === 'industri-chatt') return;
    const style = getComputedStyle(node);
    let text = '';
    for (let at = 0; at < style.length; at += 1) text += style[at] + style.getPropertyValue(style[at]);
    const attributes = [...node.attributes].map((each) => `${each.name}=${each.value}`);
    const children = [...node.children].filter((each) => each.localName !== 'industri-chatt');
    lines.push(`${node.nodeName} ${attributes} ${children.length} ${hash(text)}`);
  });
  lines.push(`sheets: ${document.styleSheets.length} ${document.adoptedStyleSheets.length}`);
  lines.push(`place: ${[scrollX, scrollY, document.title, location.href, history.length, history.state]}`);
  lines.push(`cookie: ${document.cookie}`);
  return lines.join('\\n');
}"""
"""Globals, prototypes, elements with all their styles, scroll, title, history and cookies, a line each."""

LOOK = """() => {
  const lines = [];
  const see = (node, part) => {
    const style = getComputedStyle(node, part);
    const text = [];
    for (let at = 0; at < style.length; at += 1) {
      if (!style[at].startsWith('--')) text.push(`${style[at]}: ${style.getPropertyValue(style[at])}`);
    }
    lines.push(`${node.nodeName}.${node.className}${part || ''} {${text.join('; ')}}`);
  };
  document.querySelector('industri-chatt').shadowRoot.querySelectorAll('*').forEach((node) => {
    if (!node.getClientRects().length) return;
    see(node);
    ['::before', '::after'].filter((part) => getComputedStyle(node, part).content !== 'none')
      .forEach((part) => see(node, part));
  });
  return lines.join('\\n');
}"""
"""All computed styles of all that is drawn of the chat, a line each."""

SAID = "document.querySelector('industri-chatt').shadowRoot.querySelector('.scroll').innerText"
"""The talk, as it can be read."""

DIFFERENCE = """async (pictures) => {
  const [one, other] = await Promise.all(pictures.map(async (picture) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    return canvas.getImageData(0, 0, image.width, image.height);
  }));
  if (one.width !== other.width || one.height !== other.height) return 1;
  let different = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    if ([0, 1, 2].some((part) => Math.abs(one.data[at + part] - other.data[at + part]) > 24)) different += 1;
  }
  return different / (one.width * one.height);
}"""
"""Share of the pixels of two PNG pictures (base64) that differ visibly; 1 for other sizes."""
