/* What Prototype 1.6, MooTools 1.2, Datejs, the first polyfills of custom elements, and home-made code leave behind. */
(function ($) {
  var slice = Array.prototype.slice;
  function extend(target, methods) {
    for (var name in methods) target[name] = methods[name]; // enumerable, as they were
  }

  // Prototype
  function $A(iterable) {
    if (!iterable) return [];
    if (iterable.toArray) return iterable.toArray();
    var length = iterable.length || 0, results = new Array(length);
    while (length--) results[length] = iterable[length];
    return results;
  }
  Array.from = $A;
  extend(Array.prototype, {
    each: function (iterator) { for (var i = 0; i < this.length; i++) iterator(this[i], i); return this; },
    map: function (iterator, context) {
      var results = [];
      this.each(function (value, index) { results.push(iterator.call(context, value, index)); });
      return results;
    },
    find: function (iterator) {
      for (var i = 0; i < this.length; i++) if (iterator(this[i], i)) return this[i];
    },
    entries: function () { return slice.call(this); },
    toArray: function () { return slice.call(this); },
    reduce: function () { return this.length > 1 ? this : this[0]; },
    flatten: function () { return this; },
    clear: function () { this.length = 0; return this; },
    first: function () { return this[0]; },
    last: function () { return this[this.length - 1]; },
    include: function (value) { return this.indexOf(value) !== -1; },
    inspect: function () { return '[' + this.join(', ') + ']'; },
    toJSON: function () { return '[' + this.map(JSON.stringify).join(', ') + ']'; }
  });
  extend(String.prototype, {
    strip: function () { return this.replace(/^\s+/, '').replace(/\s+$/, ''); },
    startsWith: function (pattern) { return this.indexOf(pattern) === 0; },
    sub: function (pattern, replacement) { return this.replace(pattern, replacement); },
    toJSON: function () { return '"' + this + '"'; }
  });
  extend(Number.prototype, { times: function (iterator) { for (var i = 0; i < this; i++) iterator(i); } });
  extend(Function.prototype, {
    bind: function () {
      if (arguments.length < 2 && arguments[0] === undefined) return this;
      var method = this, args = $A(arguments), object = args.shift();
      return function () { return method.apply(object, args.concat($A(arguments))); };
    },
    argumentNames: function () { return []; }
  });
  extend(Element.prototype, {
    remove: function () { this.parentNode.removeChild(this); return this; },
    update: function (content) { this.innerHTML = content; return this; },
    show: function () { this.style.display = ''; return this; },
    hide: function () { this.style.display = 'none'; return this; },
    select: function (selector) { return this.querySelectorAll(selector); },
    scrollTo: function () { window.scrollTo(0, this.offsetTop); return this; },
    clear: function () { this.value = ''; return this; }
  });
  extend(Event.prototype, { stop: function () { this.preventDefault(); this.stopPropagation(); } });
  var original = window.Element;
  window.Element = function (name) { return document.createElement(name); };
  extend(window.Element, original);

  // Datejs
  Date.parse = function (text) { return /^\d+$/.test(text) ? null : new Date(text); };
  Date.prototype.toJSON = function () { return '"' + this.toISOString() + '"'; };

  // Home-made
  extend(window, { Map: function Map() { this.markers = []; }, Text: function Text() {}, Link: function Link() {} });
  extend(window, { S: 'S', F: 'F', h: 'h', list: 'list', plain: 'plain', Talk: 1, Panel: 2, Log: 3, Chat: 4, Api: 5 });
  window.shortcuts = '';
  $(document).bind('keydown keypress keyup', function (event) {
    event = event.originalEvent;
    if (event.type === 'keydown') window.shortcuts += event.which + ' ';
    // "S" and "/" search, the space bar shows the next picture – unless somebody is writing.
    if (/[s\/ ]/i.test(event.key || '') && !/input|textarea/i.test(event.target.tagName)) event.preventDefault();
  });
  var stop = function (event) { event.preventDefault(); };
  ['wheel', 'mousewheel', 'touchmove'].forEach(function (type) {
    document.addEventListener(type, stop, { passive: false });
  });

  // Polyfills of custom elements and of shadow DOM, that find everything already there
  var Native = window.HTMLElement;
  window.HTMLElement = function () { return Reflect.construct(Native, [], this.constructor); };
  window.HTMLElement.prototype = Native.prototype;
  window.HTMLElement.prototype.constructor = window.HTMLElement;
  Object.setPrototypeOf(window.HTMLElement, Native);
  document.registerElement = function () { throw new Error('Not this one.'); };
  window.WebComponents = { ready: true };
  function pass(owner, name) {
    var method = owner[name];
    owner[name] = function () { return method.apply(this, arguments); };
  }
  ['define', 'get', 'whenDefined'].forEach(function (name) { pass(customElements, name); });
  ['createElement', 'createTextNode', 'importNode'].forEach(function (name) { pass(document, name); });
  ['appendChild', 'insertBefore', 'removeChild', 'cloneNode'].forEach(function (name) { pass(Node.prototype, name); });
  ['append', 'prepend', 'attachShadow', 'setAttribute'].forEach(function (name) { pass(original.prototype, name); });
  document.dispatchEvent(new CustomEvent('WebComponentsReady', { bubbles: true }));

  $(function () { $('h1').addClass('ready'); });
})(jQuery);
