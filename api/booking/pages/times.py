"""Which free times the person's page shows for a move, and with which words."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from api.booking.errors import SlotUnknown
from api.booking.given_days import find_day
from api.booking.openings import Offer, able, counsellors_at, nearest, node_slots, parse_slot_id
from api.booking.selection import days_with_times, select_offers
from api.booking.tables import Meeting
from api.booking.wording import function_of
from api.clock import stockholm_date
from api.swedish_dates import long_day, long_time

Shown = Literal["some", "day", "days", "one", "taken"]
ANYBODY = "alla"
"""What an address carries that asks for whoever is free."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for; an empty text is nothing, and what cannot be read counts as nothing."""

    after: str = ""
    """A slot id: times after it."""
    day: str = ""
    """A day in ISO 8601: all its times."""
    days: str = ""
    """The days with times: `alla`, or those after a day."""
    slot: str = ""
    """A slot id: one time, to say yes to."""
    taken: bool = False
    """The time in `slot` was just refused."""
    counsellor: str = ""
    """The slug of a counsellor, or `alla` for whoever is free; empty leaves it as the meeting was booked."""


@dataclass(frozen=True)
class Line:
    """A time or a day to choose; `value` goes into the address."""

    value: str
    title: str
    count: int = 0


@dataclass(frozen=True)
class Times:
    """What the page shows. `more` is what the link to later ones carries; empty when there are none."""

    shown: Shown
    lines: Sequence[Line]
    title: str = ""
    more: str = ""
    counsellors: Sequence[Line] = ()
    """Whom to choose among, by slug and function; empty where there is one only."""
    chosen: str = ""
    """The slug of the one whose times these are; empty for whoever is free."""
    asked_for: str = ""
    """What an address carries to stay with this choice; empty where the meeting was booked so."""


def times_to_move_to(session: Session, meeting: Meeting, now: datetime, asked: Asked) -> Times:
    """Free times at the meeting's node, as long as it is now; its own time is not among them.

    A counsellor whom the person chose, or whom staff booked them with, stays until somebody else is asked for.
    """
    people = able(
        counsellors_at(session, meeting.counsellor.node.slug, meeting.meeting_type),
        meeting.spoken_language,
        interpreter=meeting.interpreter_language is not None,
    )
    slugs = [one.slug for one in people]
    kept = next((slug for slug in slugs if meeting.counsellor_chosen and slug == meeting.counsellor.slug), None)
    slug = _whose(asked, meeting.counsellor.node.slug, slugs, kept)
    times = _times(session, meeting, now, asked, slug)
    lines = [Line(one.slug, function_of(one)) for one in people] if len(people) > 1 else []
    asked_for = "" if slug == kept else slug or ANYBODY
    return replace(times, counsellors=lines, chosen=slug or "", asked_for=asked_for)


def _whose(asked: Asked, node: str, slugs: Sequence[str], kept: str | None) -> str | None:
    """Slug of the counsellor whose times are asked for, or the one who is `kept`. A slot says whose it is."""
    slot_of = asked.slot.rpartition("@")[0]
    if asked.counsellor == ANYBODY or slot_of == node:
        return None
    return next((one for one in (slot_of, asked.counsellor) if one in slugs), kept)


def _times(session: Session, meeting: Meeting, now: datetime, asked: Asked, slug: str | None) -> Times:
    offers = [
        offer
        for offer in node_slots(
            session,
            meeting.counsellor.node.slug,
            meeting.meeting_type,
            now,
            interpreter=meeting.interpreter_language is not None,
            language=meeting.spoken_language,
            counsellor=slug,
            without=meeting.id,
        )
        if offer.start != meeting.starts_at
    ]
    wanted = _start_of(asked.slot)
    if wanted:
        offer = next((one for one in offers if one.id == asked.slot), None)
        if offer and not asked.taken:
            return Times("one", (_line(offer),))
        near = nearest([one for one in offers if one is not offer], wanted)
        return Times("taken", [_line(one) for one in near], more=near[-1].id if near and offers[-1] != near[-1] else "")
    day = find_day(asked.day)
    if day:
        of_day = [_line(offer) for offer in offers if stockholm_date(offer.start) == day]
        if of_day:
            return Times("day", of_day, title=long_day(day))
    if asked.days:
        after = find_day(asked.days)
        days, more = days_with_times(offers, after + timedelta(days=1) if after else None)
        lines = [Line(one.isoformat(), long_day(one), count) for one, count in days]
        return Times("days", lines, more=days[-1][0].isoformat() if more else "")
    selection = select_offers(offers, None, _start_of(asked.after))
    lines = [_line(offer) for offer in selection.shown]
    return Times("some", lines, more=selection.shown[-1].id if selection.more else "")


def _line(offer: Offer) -> Line:
    return Line(offer.id, long_time(offer.start, offer.end))


def _start_of(slot_id: str) -> datetime | None:
    with suppress(SlotUnknown):
        return parse_slot_id(slot_id).start
    return None
