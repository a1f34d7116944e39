"""Readers that find what came alive in an answer: real parsers, one for each kind of file."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx
from icalendar import Calendar
from openpyxl import load_workbook

from tests.api.trust.payloads import MARK

_ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "data", "xlink:href", "poster", "cite", "ping", "srcset"}
)
_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
_NEVER = frozenset({"iframe", "object", "embed", "base", "frame", "applet"})
_FORMULA = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_ICS_LINE = re.compile(
    r"(?:BEGIN|END|PRODID|VERSION|CALSCALE|METHOD|UID|SEQUENCE|DTSTAMP|DTSTART|DTEND|SUMMARY|DESCRIPTION|LOCATION"
    r"|STATUS|TRANSP|ORGANIZER|ATTENDEE|CLASS|X-WR-CALNAME|X-WR-TIMEZONE|REFRESH-INTERVAL|X-PUBLISHED-TTL|URL)[;:]"
)
_HEADER = re.compile(r"[\x20-\x7e]*")
_TURTLE_LINE = re.compile(
    r"@prefix \w+: <[^<>\s]*> \.|<[^<>\s]*> a [\w:]+ ;|(?: {4})?[\w:]+ (?:<[^<>\s]*>"
    r'|"(?:[^"\\\n\r]|\\.)*"(?:@sv|\^\^[\w:]+))(?: [.;])?|'
)


class Page(HTMLParser):
    """What a page holds that no page of ours should."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._script: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        names = [tag, *given]
        self.faults += [f"<{tag} {name}>" for name in names if name.startswith("on") or MARK.search(name)]
        if tag in _NEVER or (tag == "meta" and given.get("http-equiv", "").lower() == "refresh"):
            self.faults.append(f"<{tag}>")
        if tag == "img" and not given.get("src", "").startswith(("/static/", "data:image/")):
            self.faults.append(f"<img src={given.get('src')}>")
        self.faults += [f"{name}={given[name][:40]}" for name in _ADDRESSES & given.keys() if not _leads(given[name])]
        if tag == "script":
            self._script = []
            if "src" not in given and given.get("type") != "application/ld+json":
                self.faults.append("<script> with words of its own")
            if MARK.search(given.get("src", "")):
                self.faults.append("<script> from elsewhere")

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            text, self._script = "".join(self._script), None
            if text.strip() and not isinstance(_json(text), dict):
                self.faults.append("JSON-LD that is no JSON")


def _leads(address: str) -> bool:
    """Whether an address stays what it is for a browser, which drops control signs and blanks."""
    plain = "".join(sign for sign in address if ord(sign) > 32)
    try:
        return urlsplit(plain).scheme.lower() in _SCHEMES and not plain.startswith("//")
    except ValueError:
        return True  # no browser makes a script of it


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def html_faults(text: str) -> list[str]:
    """Elements, attributes, addresses and scripts that came alive."""
    page = Page()
    page.feed(text)
    page.close()
    return page.faults


def cell_faults(cells: list[list[object]]) -> list[str]:
    """Cells that a spreadsheet program would run; lines of another length than the first."""
    wide = {len(row) for row in cells}
    faults = [repr(cell)[:40] for row in cells for cell in row if isinstance(cell, str) and _FORMULA.match(cell)]
    return faults + ([f"lines of {sorted(wide)} cells"] if len(wide) > 1 else [])


def csv_faults(content: bytes) -> list[str]:
    return cell_faults(list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")))


def xlsx_faults(content: bytes) -> tuple[list[str], str]:
    """What would run, and everything that stands there."""
    book = load_workbook(io.BytesIO(content))
    faults: list[str] = []
    for tab in book:
        faults += [f"formula in {cell.coordinate}" for row in tab.iter_rows() for cell in row if cell.data_type == "f"]
        faults += cell_faults([[cell.value for cell in row] for row in tab.iter_rows()])
    return faults, " ".join(str(cell.value) for tab in book for row in tab.iter_rows() for cell in row)


def ics_faults(content: bytes) -> list[str]:
    """Lines that are none of ours, ends of lines that are not CR LF, and a file that cannot be read."""
    text = content.decode()
    faults = [f"a bare line end: {part!r}" for part in re.findall(r".{0,20}(?:(?<!\r)\n|\r(?!\n))", text, re.DOTALL)]
    lines = text.replace("\r\n ", "").replace("\r\n\t", "").rstrip("\r\n").split("\r\n")
    faults += [f"line {line[:40]!r}" for line in lines if not _ICS_LINE.match(line)]
    faults += [f"control sign in {line[:40]!r}" for line in lines if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line)]
    try:
        for component in Calendar.from_ical(content).walk():
            assert component.name in ("VCALENDAR", "VEVENT")
    except (ValueError, AssertionError) as error:
        faults.append(f"not read: {type(error).__name__}")
    return faults


def xml_faults(content: bytes) -> list[str]:
    """XML that is none, and elements that were planted."""
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        return [f"no XML: {error}"]
    return [f"<{each.tag}>" for each in root.iter() if MARK.search(str(each.tag))]


def turtle_faults(text: str) -> list[str]:
    """Lines that are not one statement of ours, each text whole and on its line."""
    return [f"line {line[:60]!r}" for line in text.split("\n") if not _TURTLE_LINE.fullmatch(line)]


def faults_of(answer: httpx.Response) -> tuple[list[str], str]:
    """What came alive in an answer, and what it says as text."""
    faults = [f"header {name}" for name, value in answer.headers.items() if not _HEADER.fullmatch(value)]
    faults += [f"header {name}" for name in answer.headers if name in ("bcc", "x-planted")]
    faults += [] if answer.headers.get("x-content-type-options") == "nosniff" else ["no nosniff"]
    kind = answer.headers.get("content-type", "").partition(";")[0]
    text = answer.text if "sheet" not in kind else ""
    if kind == "text/html":
        faults += html_faults(text)
    elif kind in ("application/json", "application/problem+json"):
        faults += [] if _json(text) is not None else ["no JSON"]
    elif kind == "text/csv":
        faults += csv_faults(answer.content)
    elif kind == "text/calendar":
        faults += ics_faults(answer.content)
    elif kind in ("application/xml", "application/rdf+xml"):
        faults += xml_faults(answer.content)
    elif kind == "text/turtle":
        faults += turtle_faults(text)
    elif "sheet" in kind:
        found, text = xlsx_faults(answer.content)
        faults += found
    elif kind not in ("text/plain", ""):
        faults.append(f"nobody looks into {kind}")
    return faults, text
