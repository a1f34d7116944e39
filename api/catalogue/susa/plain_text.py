"""Texts that others wrote, made fit for our pages and files. Pure, and never an error.

HTML becomes plain text, control and invisible characters go, and what is too long is cut at a word. What comes out is
what `api.cells` accepts, so that an export of it can be read back without a change.
"""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

from api import cells

_MOST_RAW = 200_000
"""Characters that are looked at; the rest of a text is not."""
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|$)", re.DOTALL)
_OPEN = re.compile("<(?![^<>]*>)")
"""A bracket that no other closes. The parser would look for its end through all that follows, for each of them."""
_BLOCKS = frozenset({"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style", "iframe", "object", "template", "svg", "noscript"})
_BAD_KINDS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n ?")
_MANY_LINES = re.compile(r"\n{3,}")


class _Text(HTMLParser):
    """What a reader of the HTML would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag in _UNSEEN:
            self._hidden.append(tag)
        self._break(tag)

    def handle_startendtag(self, tag: str, _: object) -> None:
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")


def one_line(value: object, limit: int) -> str:
    """`value` on one line of at most `limit` characters; empty for what is no text or cannot be made fit."""
    text = " ".join(_seen(value).split())
    return _fit(_cut(text, limit), limit, lines=False)


def paragraphs(value: object, limit: int) -> str:
    """`value` with its lines, at most `limit` characters; empty for what is no text or cannot be made fit."""
    text = _MANY_LINES.sub("\n\n", _LINES.sub("\n", _SPACE.sub(" ", _seen(value)))).strip()
    return _fit(_cut(text, limit), limit, lines=True)


def web_address(value: object, limit: int = 500, *, only_https: bool = False) -> str:
    """`value` if it is a whole https address (or http, which a page may link to); otherwise empty."""
    if not isinstance(value, str) or len(value) > limit:
        return ""
    text = value.strip()
    plain = not only_https and text.lower().startswith("http://")
    try:
        usable = cells.https_url(f"https://{text[7:]}" if plain else text, limit + 1)
    except cells.BadCell:
        return ""
    return text if usable and text.isprintable() else ""


def email(value: object, limit: int = 200) -> str:
    """`value` if it is an e-mail address; otherwise empty."""
    try:
        text = cells.email(value, limit) if isinstance(value, str) else ""
    except cells.BadCell:
        return ""
    return text if text.isprintable() else ""


def _seen(value: object) -> str:
    if not isinstance(value, str):
        return ""
    text = _CDATA.sub(r"\1", value[:_MOST_RAW])
    if "<" in text or "&" in text:
        parser = _Text()
        try:
            parser.feed(_OPEN.sub("&lt;", _without_comments(text)))
            parser.close()
        except (AssertionError, ValueError):  # the parser's own limits
            return ""
        text = "".join(parser.parts)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in _BAD_KINDS)


def _without_comments(text: str) -> str:
    """Up to the first comment that has no end; the parser takes the rest as text."""
    parts, at = [], 0
    while (begins := text.find("<!--", at)) >= 0 and (ends := text.find("-->", begins + 4)) >= 0:
        parts.append(text[at:begins])
        at = ends + 3
    return "".join([*parts, text[at:]])


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    at = max(kept.rfind(" "), kept.rfind("\n"))
    return (kept[:at] if at > limit // 2 else kept).rstrip() + "…"


def _fit(text: str, limit: int, *, lines: bool) -> str:
    read = cells.long_text if lines else cells.line_text
    for attempt in (text, re.sub("[<>]", " ", text).strip(), _mended(text)):
        try:
            return read(cells.quoted(attempt), limit + 1)
        except cells.BadCell:
            continue
    return ""


def _mended(text: str) -> str:
    """UTF-8 that was read as Windows-1252, read as it was meant."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
