"""Every address that can be fetched, with something planted behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import tables as t
from api.contact.enquiries.matters import QUESTIONS
from tests.api.staff.test_roles import ROUTES
from tests.api.trust.planting import Planted

_PARAMETER = re.compile(r"\{(\w+)(?::path)?\}")
_MOST = 4
"""So many rows of one kind are looked at: each is planted with other strings."""

Ids = Callable[[Session, Planted], Iterable[Any]]


def _ids(model: type[Any], column: str = "id", most: int = _MOST) -> Ids:
    chosen = getattr(model, column)
    return lambda session, _: session.scalars(select(chosen).order_by(*model.__table__.primary_key).limit(most))


def _secrets(*beginnings: str) -> Ids:
    return lambda _, planted: [secret for name, secret in planted.maker.secrets.items() if name.startswith(beginnings)]


_FILLED: dict[str, Ids] = {
    "/api/v1/emil3/educationEvents/{identifier}": lambda session, _: [
        f"e.iv.{one}" for one in session.scalars(select(t.Occasion.external_id).limit(5)) if "/" not in one
    ],
    "/api/v1/occasions/{occasion_id}": _ids(t.Occasion, "external_id"),
    "/arende/{token}": lambda _, planted: [
        secret for name, secret in planted.maker.secrets.items() if name in QUESTIONS
    ],
    "/foretag/{matter}": lambda *_: [one.path for one in QUESTIONS.values() if one.for_companies],
    "/kalender/{token}.ics": _secrets("feed-"),
    "/mote/{token}": _secrets("meeting-"),
    "/natverk/{slug}": _ids(t.Network, "slug"),
    "/personal/lank/{token}": _secrets("link-"),
    "/personal/svar/{topic}": _ids(t.Answer, "topic"),
    "/personal/utskick/fil/{name}": lambda *_: [],  # files of mails, see test_planted_mails.py
    "/sitemap-{number}.xml": lambda *_: [],  # only with more than 50,000 courses
    "/traffar/anmalan/{token}": _secrets("signup-"),
    "/traffar/{name}": lambda session, _: [f"x-{one.hex[:10]}" for one in session.scalars(select(t.Event.id))],
    "/api/v1/conversations/{conversation_id}": lambda _, planted: [planted.maker.conversation.partition(".")[0]],
    "/utbildningar/{course_id}/ansok/{occasion_id}": _ids(t.Occasion),
    "/personal/import/katalog.{kind}": lambda *_: ["csv", "xlsx"],
    "/personal/import/mall.{kind}": lambda *_: ["csv", "xlsx"],
}
"""Beginning of a route's path → what stands in its first parameter. The longest that fits is taken."""
_BY_NAME: dict[str, Ids] = {
    "batch_id": _ids(t.ImportBatch),
    "company_id": _ids(t.ReceivingCompany),
    "counsellor_id": _ids(t.Counsellor),
    "course_id": _ids(t.Course),
    "enquiry_id": _ids(t.Enquiry),
    "event_id": _ids(t.Event, most=12),
    "example_id": _ids(t.TrainingExample),
    "gap_id": _ids(t.AccessibilityGap),
    "job_id": _ids(t.ImportJob),
    "meeting_id": _ids(t.Meeting),
    "municipality_id": _ids(t.Municipality),
    "network_id": _ids(t.Network),
    "node_id": _ids(t.Node),
    "occasion_id": _ids(t.Occasion),
    "occupation_id": _ids(t.Occupation),
    "phrase_id": _ids(t.Phrase),
    "plan_id": _ids(t.BulkPlan),
    "route_id": _ids(t.EnquiryRoute),
}
VARIED: dict[str, tuple[str, ...]] = {
    "/mote/{token}/tider": ("vagledare=alla",),
    "/chatt": ("alla=ja",),
    "/personal/arenden": ("visa=alla", "visa=avslutade"),
    "/personal/insikt": ("period=30",),
    "/personal/susa/tillfallen": ("visa=vantar", "visa=visas", "visa=oklara", "visa=skillnader"),
    "/personal/moten/boka": ("counsellor=1", "vagledare=1"),
    "/personal/tider/bokade": ("dag=2026-11-24",),
    "/personal/utbildningar": ("visa=utan-start", "q=z"),
    "/utbildningar": ("q=svets", "q=zzzzz"),
    "/traffar": ("sort=natverk",),
}
"""The same pages with another choice above the list."""


def addresses(session: Session, planted: Planted) -> list[tuple[str, str]]:
    """Of every route that can be fetched, each address with something behind it: `(route, address)`."""
    found: list[tuple[str, str]] = []
    for method, path in sorted(ROUTES):
        if method != "GET" or path.startswith("/internal/"):
            continue
        several = list(_filled(session, planted, path))
        several += [f"{one}{'&' if '?' in one else '?'}{more}" for more in VARIED.get(path, ()) for one in several]
        found += [(path, one) for one in several]
    return found


def _filled(session: Session, planted: Planted, path: str) -> Iterable[str]:
    if path == "/personal/historik/{kind}/{key}":
        kept = session.execute(select(t.RowChange.kind, t.RowChange.key).distinct()).all()
        yield from (f"/personal/historik/{kind}/{key}" for kind, key in kept)
        return
    if path == "/personal/import/jobb/{job_id}":
        parts = ("underkanda", "andrade", "nya", "ocksa", "saknas", "lika")
        jobs = session.scalars(select(t.ImportJob.id))
        yield from (f"/personal/import/jobb/{job}?visa={part}" for job in jobs for part in parts)
        return
    names = _PARAMETER.findall(path)
    if not names:
        yield path
        return
    plain = path.replace(":path", "")
    begins = max((one for one in _FILLED if plain.startswith(one)), key=len, default="")
    source = _FILLED[begins] if begins else _BY_NAME[names[0]]
    for value in source(session, planted):
        if begins.startswith("/utbildningar/{course_id}/ansok"):
            course = session.scalars(select(t.Occasion.course_id).where(t.Occasion.id == value)).one()
            yield f"/utbildningar/{course}/ansok/{value}"
        else:
            written = quote(str(value), safe="")
            yield _PARAMETER.sub(lambda _, written=written: written, path, count=1)
