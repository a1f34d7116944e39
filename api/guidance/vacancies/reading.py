"""JobSearch's answer → vacancies. Nothing in it is trusted: it was written by thousands of employers.

Fields: JobTech's JobSearch, GET /search. Every object and every value may be null or missing. Times are Stockholm wall
clock without offset.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from api.clock import stockholm_date
from api.guidance.vacancies.wanted import Found, Vacancy

LONGEST_TITLE = 90
LONGEST_NAME = 60
_LONGEST_RAW = 2_000
"""No more of a text is looked at."""

_HOST = "arbetsformedlingen.se"
_AD = f"https://{_HOST}/platsbanken/annonser/{{}}"
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+|\b(?:javascript|data|mailto):\S+", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_BRACES = str.maketrans("{}<>", "()  ")

Object = Mapping[str, Any]  # Any: JSON


class Unreadable(ValueError):
    """The answer does not have the documented shape."""


def read_found(answer: object) -> Found:
    """The vacancies in a decoded answer; those that cannot be read or were withdrawn are left out.

    Raises Unreadable when there is no list of hits, or when not one of them can be read.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("hits"), list):
        raise Unreadable("no list of hits")
    hits = [hit for hit in answer["hits"] if isinstance(hit, dict) and _id(hit)]
    if answer["hits"] and not hits:
        raise Unreadable("no readable hit")
    vacancies = tuple(_vacancy(hit) for hit in hits if hit.get("removed") is not True)
    return Found(max(_total(answer), len(vacancies)), vacancies)


def plain_text(value: object, longest: int) -> str:
    """A text on one line without markup, addresses and characters that cannot be seen; "" for anything else."""
    if not isinstance(value, str):
        return ""
    seen = "".join(_visible(char) for char in html.unescape(value[:_LONGEST_RAW]))
    text = _ADDRESS.sub(" ", _TAG.sub(" ", seen)).translate(_BRACES)
    text = re.sub(r"\s+([.,:;!?])", r"\1", " ".join(text.split())).strip(" .,:;-–|/")
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def ad_url(hit: Object) -> str:
    """Where the advertisement can be read: only at Arbetsförmedlingen."""
    number = _id(hit)
    if re.fullmatch(r"[0-9]{1,12}", number):
        return _AD.format(number)
    given = hit.get("webpage_url")
    return given if isinstance(given, str) and _is_theirs(given) else ""


def _is_theirs(address: str) -> bool:
    if len(address) > 300 or not re.fullmatch(r"[\x21-\x7e]+", address):
        return False
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    known = host == _HOST or host.endswith(f".{_HOST}")
    return parts.scheme == "https" and known and port is None and "@" not in parts.netloc and "\\" not in address


def _vacancy(hit: Object) -> Vacancy:
    employer, address = _object(hit, "employer"), _object(hit, "workplace_address")
    return Vacancy(
        id=_id(hit),
        title=plain_text(hit.get("headline"), LONGEST_TITLE)
        or plain_text(_object(hit, "occupation").get("label"), LONGEST_TITLE),
        employer=plain_text(employer.get("name"), LONGEST_NAME) or plain_text(employer.get("workplace"), LONGEST_NAME),
        place=plain_text(address.get("municipality"), LONGEST_NAME) or plain_text(address.get("city"), LONGEST_NAME),
        deadline=_day(hit.get("application_deadline")),
        published=_day(hit.get("publication_date")),
        url=ad_url(hit),
    )


def _object(of: Object, name: str) -> Object:
    value = of.get(name)
    return value if isinstance(value, dict) else {}


def _id(hit: Object) -> str:
    value = hit.get("id")
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if re.fullmatch(r"[\w.-]{1,40}", text, re.ASCII) else ""


def _total(answer: Object) -> int:
    value = _object(answer, "total").get("value")
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000 else 0


def _day(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return stockholm_date(moment) if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        return None


def _visible(char: str) -> str:
    """The character; a blank for what ends a line or is a control, nothing for marks that only steer the display."""
    kind = unicodedata.category(char)
    if kind == "Cf" or char == "\ufffd":
        return ""
    return " " if kind[0] in "CZ" else char
