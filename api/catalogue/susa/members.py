"""The members of EMIL3's JSON, one by one. Pure and tolerant: what cannot be used is empty or None, never an error."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from api.catalogue.susa.plain_text import one_line, paragraphs, web_address
from api.cells import YEARS
from api.clock import STOCKHOLM

Json = Any
"""What `json.loads` gives, of any shape."""
_ID = re.compile(r"[A-Za-z0-9][^\s<>\"'`\\]{0,199}")
_WORD = re.compile(r"[A-Za-z_]+")
_AREA = re.compile(r"[0-9]{4}")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?!\d)")
_SWEDISH = ("swe", "sv", "sve", "sv-se")


def status(value: Json) -> str:
    """The word as it is where it is one: there are hundreds of thousands of them."""
    return value if isinstance(value, str) and len(value) <= 40 and _WORD.fullmatch(value) else one_line(value, 40)


def identifier(value: Json) -> str:
    """An id; empty for what cannot be one."""
    text = value.strip() if isinstance(value, str) else ""
    return text if _ID.fullmatch(text) and text.isprintable() else ""


def mapping(value: Json) -> Mapping[str, Json]:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def listed(value: Json) -> list[Json]:
    """A list; one item for what should have been in one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _languages(value: Json, members: str) -> list[Json]:
    """The raw texts of a LangString or LangUrl, Swedish ones first."""
    if isinstance(value, str):
        return [value]
    nodes = [node for node in listed(mapping(value).get(members, value)) if isinstance(node, dict)]
    nodes.sort(key=lambda node: str(node.get("lang")).lower() not in _SWEDISH)
    return [node.get("value") or node.get("content") for node in nodes]


def text(value: Json, limit: int, *, lines: bool = False) -> str:
    """A LangString as plain text, Swedish if there is a choice."""
    read = paragraphs if lines else one_line
    return next(filter(None, (read(raw, limit) for raw in _languages(value, "strings"))), "")


def url(value: Json, *, only_https: bool = False) -> str:
    """The first whole web address of a LangUrl."""
    found = (web_address(raw, only_https=only_https) for raw in _languages(value, "urls"))
    return next(filter(None, found), "")


def code(value: Json) -> str:
    """The code of `{type, code}`, or the code itself."""
    return one_line(value.get("code") if isinstance(value, dict) else value, 40)


def areas(addresses: list[Json]) -> tuple[str, ...]:
    """Municipality codes of addresses, each once."""
    codes = (one_line(str(mapping(address).get("areaCode") or ""), 10) for address in addresses)
    return tuple(dict.fromkeys(code for code in codes if _AREA.fullmatch(code)))


def whole(value: Json, least: int, most: int) -> int | None:
    """The nearest whole number; None for anything else and for what lies outside the limits."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return None
    whole = math.floor(number + 0.5)
    return whole if least <= whole <= most else None


def day(value: Json, *, years: tuple[int, int] = YEARS) -> date | None:
    """A calendar day, also of a moment."""
    match = _DAY.match(value.strip()) if isinstance(value, str) else None
    if not match or not years[0] <= int(match[1]) <= years[1]:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def moment(value: Json) -> datetime | None:
    """A moment with its zone."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if not YEARS[0] <= moment.year <= YEARS[1]:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=STOCKHOLM)
