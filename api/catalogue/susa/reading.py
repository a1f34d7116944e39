"""EMIL3 → values. Pure and tolerant: whatever is missing, of the wrong type or not believable is left out.

Reads the slips of the specification both ways: `value` and `content` in a text, a text that is a plain string, codes
with and without their `{type, code}`, numbers as strings. Moments without offset are Swedish wall clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from api.catalogue.susa import members
from api.catalogue.susa.members import Json
from api.catalogue.susa.plain_text import email, one_line
from api.cells import LARGEST_INTEGER, YEARS

_ROLLING = ("2", "3")
"""Codes of `execution.condition` for a start at any time."""
FOR_EVER = 2099
"""A last day to apply in this year means that there is none."""
_LONG = 20_000


@dataclass(frozen=True, slots=True)
class Resource:
    """One item of a list. `content` is None when there is none: the resource has been removed."""

    id: str
    status: str
    content: Mapping[str, Json] | None


@dataclass(frozen=True, slots=True)
class Provider:
    id: str
    name: str
    areas: tuple[str, ...]
    """Municipality codes of its addresses, the contact address first."""
    url: str


@dataclass(frozen=True, slots=True)
class Info:
    """`credits` are gymnasiepoäng; None for credits of any other system. `subjects` are `(type, code)`."""

    id: str
    title: str
    school_type: str
    subjects: tuple[tuple[str, str], ...]
    credits: int | None
    description: str
    eligibility: str
    url: str


@dataclass(frozen=True, slots=True)
class Event:
    """Days are Swedish calendar days, `pace` is per cent of full time or None where it is not told."""

    id: str
    info: str
    provider: str
    title: str
    areas: tuple[str, ...]
    start: date | None
    end: date | None
    apply_from: date | None
    apply_to: date | None
    continuous: bool
    pace: int | None
    distance: bool
    places: int | None
    apprenticeship: bool
    cancelled: bool
    contractor: str
    url: str
    apply_url: str
    contact_email: str
    expires: datetime | None


def read_resource(raw: Json) -> Resource | None:
    """An item of a list; None for what has no usable id."""
    if not isinstance(raw, dict):
        return None
    content = raw.get("content") if isinstance(raw.get("content"), dict) else None
    identifier = members.identifier(raw.get("id")) or (members.identifier(content.get("identifier")) if content else "")
    return Resource(identifier, members.status(raw.get("status")), content) if identifier else None


def read_provider(resource: Resource) -> Provider:
    content = resource.content or {}
    addresses = [content.get("contactAddress"), *members.listed(content.get("visitAddresses"))]
    return Provider(
        resource.id, members.text(content.get("name"), 200), members.areas(addresses), members.url(content.get("url"))
    )


def read_info(resource: Resource) -> Info:
    content = resource.content or {}
    return Info(
        id=resource.id,
        title=members.text(content.get("title"), 200),
        school_type=members.code(content.get("type")),
        subjects=tuple(_subjects(content)),
        credits=_credits(content.get("credits")),
        description=members.text(content.get("description"), _LONG, lines=True),
        eligibility=members.text(content.get("eligibility"), _LONG, lines=True),
        url=members.url(content.get("url")),
    )


def read_event(resource: Resource) -> Event:
    content = resource.content or {}
    execution, application = members.mapping(content.get("execution")), members.mapping(content.get("application"))
    start, end = members.day(execution.get("start")), members.day(execution.get("end"))
    first, last = members.day(application.get("first")), members.day(application.get("last"), years=(YEARS[0], 9999))
    rolling = members.code(execution.get("condition")) in _ROLLING or application.get("continuous") is True
    if last and last.year >= FOR_EVER:
        rolling, last = True, None
    url = members.url(content.get("url"))
    to_apply = members.url(application.get("url"), only_https=True)
    return Event(
        id=resource.id,
        info=members.identifier(content.get("education")),
        provider=next(filter(None, map(members.identifier, members.listed(content.get("providers")))), ""),
        title=members.text(content.get("title"), 200),
        areas=members.areas(members.listed(content.get("locations"))),
        start=start,
        end=None if start and end and end < start else end,
        apply_from=None if first and last and last < first else first,
        apply_to=last,
        continuous=rolling,
        pace=members.whole(members.mapping(content.get("paceOfStudy")).get("percentage"), 1, 100),
        distance=isinstance(content.get("distance"), dict) or content.get("distance") is True,
        places=members.whole(content.get("places"), 0, LARGEST_INTEGER),
        apprenticeship=content.get("isApprenticeship") is True,
        cancelled=content.get("isCancelled") is True,
        contractor=_contractor(content.get("extensions")),
        url=url,
        apply_url=to_apply or (url if url.lower().startswith("https:") else ""),
        contact_email=email(application.get("email")),
        expires=members.moment(content.get("expires")),
    )


def details(read: Provider | Info | Event) -> dict[str, Json]:
    """The values as JSON, to be stored."""
    return {name: _to_json(value) for name, value in asdict(read).items()}


def digest(values: Mapping[str, Json]) -> str:
    """A fingerprint: the same as long as the values are."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def event_of(values: Mapping[str, Json]) -> Event:
    """The event that `details` stored."""
    days = {name: members.day(values[name]) for name in ("start", "end", "apply_from", "apply_to")}
    expires = datetime.fromisoformat(values["expires"]) if values["expires"] else None
    return Event(**{**values, **days, "areas": tuple(values["areas"]), "expires": expires})


def _to_json(value: Json) -> Json:
    if isinstance(value, tuple):
        return [list(part) if isinstance(part, tuple) else part for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _subjects(content: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for subject in [*members.listed(content.get("subjects")), *members.listed(content.get("subject"))][:50]:
        kind, code = one_line(members.mapping(subject).get("type"), 40), members.code(subject)
        if code:
            yield kind, code


def _credits(value: Json) -> int | None:
    credits = members.mapping(value)
    return (
        members.whole(credits.get("credits"), 1, LARGEST_INTEGER)
        if members.code(credits.get("system")) == "gy"
        else None
    )


def _contractor(extensions: Json) -> str:
    found = (one_line(members.mapping(extension).get("contractor"), 200) for extension in members.listed(extensions))
    return next(filter(None, found), "")
