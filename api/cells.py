"""One text that staff wrote, in a cell of a file or a field of a form → one value.

Pure; every way to fail is a BadCell with a Swedish reason.

Text that a spreadsheet program would take for a formula is refused, and so are HTML and letters that were spoilt on
their way. An apostrophe before `=`, `+`, `-` or `@` says that text is meant: `quoted` writes it, `unquoted` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from urllib.parse import urlsplit

from api.texts import Texts

TEXTS = Texts(Path(__file__).with_name("cells.yml"))
YEARS = (2000, 2100)
"""A year outside these is a slip of the finger, and would sort a course out of sight."""
LARGEST_INTEGER = 100_000

_TRUE = frozenset({"ja", "j", "x", "1", "true", "sant"})
_FALSE = frozenset({"", "nej", "n", "0", "false", "falskt"})
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SWEDISH_DATE = re.compile(r"([0-9]{1,2}) ?[/.] ?([0-9]{1,2})(?: ?[/.] ?| )([0-9]{4})")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[.:]([0-9]{2}))?")
_INTEGER = re.compile(r"[0-9]{1,9}")
_PACE = re.compile(r"([0-9]{1,3}) ?%?")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/\u2013-]*")
_DECIMAL = re.compile(r"-?[0-9]{1,4}(?:[.,][0-9]{1,8})?")
_EMAIL = re.compile(r"(?![=+'-])[^@\s<>,;:\"()\[\]\\]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_QUOTABLE = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What some program takes for the beginning of a formula: also behind a blank sign, and in wide letters."""
_FORMULA = re.compile(r"[=@]|[+-](?=\S)")
_MARKUP = re.compile(r"</?[a-z][^<>]*>|<(?:script|style|iframe|img|svg|object|embed)\b|<!--|<!\[|<\?", re.IGNORECASE)
_SPOILT = re.compile("\ufffd|\u00c3[\u0080-\u00bf\u201e\u2026\u2013\u02dc]|\u00e2\u20ac")
"""UTF-8 read as Windows-1252: two signs in place of an å, ä, ö, é or a dash."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class BadCell(ValueError):
    """The text cannot be used; the message is the Swedish reason, worded for a file.

    `key` and `values` let a form say the same in its own words.
    """

    def __init__(self, key: str, values: Mapping[str, object]) -> None:
        super().__init__(TEXTS(key, **values))
        self.key, self.values = key, dict(values)


def bad(key: str, **values: object) -> BadCell:
    """The refusal with the reason `key` of cells.yml."""
    return BadCell(key, values)


def quoted(text: str) -> str:
    """`text` as it is written to a file, so that no spreadsheet program runs it: `=1+1` becomes `'=1+1`."""
    return f"'{text}" if _QUOTABLE.match(text) else text


def unquoted(cell: str) -> str:
    """What `quoted` was given. BadCell for text that stands there like a formula."""
    if cell.startswith("'") and _QUOTABLE.match(cell):
        return cell[1:]
    if _FORMULA.match(cell):
        raise bad("cell_formula_text", sign=cell[0])
    return cell


def line_text(cell: str, limit: int) -> str:
    """Text on one line: every run of white space becomes one blank. BadCell beyond `limit` characters."""
    return _within(" ".join(_plain(cell).split()), limit)


def long_text(cell: str, limit: int) -> str:
    """Text that may have several lines, with `\\n` between them."""
    return _within(_plain(cell).replace("\r\n", "\n").replace("\r", "\n").strip(), limit)


def swedish_date(cell: str) -> date | None:
    """A calendar day written `2027-01-11`, `11/1 2027`, `11/1/2027` or `11.1.2027`: day before month, as in Sweden."""
    text = " ".join(cell.split())
    if not text:
        return None
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := _SWEDISH_DATE.fullmatch(text):
        day, month, year = map(int, match.groups())
    else:
        raise bad("cell_date")
    if not YEARS[0] <= year <= YEARS[1]:
        raise bad("cell_date_year", first=YEARS[0], last=YEARS[1])
    try:
        return date(year, month, day)
    except ValueError:
        raise bad("cell_date_impossible") from None


def clock_time(cell: str) -> time | None:
    """A clock time written `13:00`, `13.00` or `13`, or None for blank."""
    text = cell.strip().removeprefix("kl.").strip()
    if not text:
        return None
    match = _CLOCK.fullmatch(text)
    if not match or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise bad("cell_clock")
    return time(int(match[1]), int(match[2] or 0))


def boolean(cell: str) -> bool:
    """ja/nej/x/1/0/true/false in any case (and SANT/FALSKT, which a Swedish Excel writes); blank is no."""
    if is_yes(cell):
        return True
    if cell.strip().casefold() in _FALSE:
        return False
    raise bad("cell_boolean")


def is_yes(cell: str) -> bool:
    """Whether the cell says yes, in any of those ways."""
    return cell.strip().casefold() in _TRUE


def integer(cell: str) -> int | None:
    """A whole number from 0; a blank between thousands is allowed."""
    text = "".join(cell.split())
    if not text:
        return None
    if not _INTEGER.fullmatch(text):
        raise bad("cell_integer")
    number = int(text)
    if number > LARGEST_INTEGER:
        raise bad("cell_integer_range", first=0, last=LARGEST_INTEGER)
    return number


def pace(cell: str) -> int:
    """Per cent of full time, 1–100, with or without the sign; blank is full time."""
    text = " ".join(cell.split())
    if not text:
        return 100
    match = _PACE.fullmatch(text)
    if not match or not 1 <= int(match[1]) <= 100:
        raise bad("cell_pace")
    return int(match[1])


def https_url(cell: str, limit: int) -> str:
    """A whole https address, or blank. Other schemes (`javascript:` above all) are refused."""
    text = _within(_visible(cell).strip(), limit)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        usable = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        raise bad("cell_url") from None
    if not usable or re.search(r"[\s<>\"\\]", text):
        raise bad("cell_url")
    return text


def email(cell: str, limit: int) -> str:
    """An e-mail address, or blank."""
    text = _within(_visible(cell).strip(), limit)
    if text and not _EMAIL.fullmatch(text):
        raise bad("cell_email")
    return text


def phone(cell: str, limit: int) -> str:
    """A telephone number as people write it, with 3 to 15 digits (E.164), or blank."""
    text = _within(" ".join(_visible(cell).split()), limit)
    if text and not (_PHONE.fullmatch(text) and 3 <= sum(map(str.isdigit, text)) <= 15):
        raise bad("cell_phone")
    return text


def decimal(cell: str, first: float, last: float) -> float | None:
    """A number with decimals after a comma or a point, from `first` to `last`."""
    text = "".join(cell.split()).replace("\u2212", "-")
    if not text:
        return None
    if not _DECIMAL.fullmatch(text) or not first <= (number := float(text.replace(",", "."))) <= last:
        raise bad("cell_decimal", first=f"{first:g}".replace(".", ","), last=f"{last:g}".replace(".", ","))
    return number


def _plain(cell: str) -> str:
    text = unquoted(_visible(cell).strip())
    if _MARKUP.search(text):
        raise bad("cell_html")
    if _SPOILT.search(text):
        raise bad("cell_spoilt")
    return text


def _visible(cell: str) -> str:
    if _CONTROL.search(cell):
        raise bad("cell_control")
    return cell


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise bad("cell_too_long", length=len(text), limit=limit)
    return text
