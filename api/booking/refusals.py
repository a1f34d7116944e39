"""Every refusal of a time offers the three nearest free ones, so that the talk goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NoReturn

from sqlalchemy.orm import Session

from api.booking.errors import HoldExpired, SlotTaken, SlotTooShort, SlotUnknown
from api.booking.openings import Offer, counsellors_at, nearest, node_slots
from api.booking.slot_replies import slots_reply
from api.booking.slots import Span
from api.booking.tables import Meeting, MeetingType
from api.catalogue.tables import Node
from api.errors import ApiError
from api.replies import Reply

_SHOWN = 3
_REACHES = (timedelta(days=4), timedelta(days=20), None)
"""How far around the wanted time is looked: nearly always a few days are enough, and others wait for us to finish."""

_REASONS: dict[type[ApiError], str] = {
    SlotTaken: "times_taken",
    HoldExpired: "times_hold_expired",
    SlotUnknown: "times_unknown",
    SlotTooShort: "times_too_short",
}


def offer_others(
    session: Session,
    error: type[ApiError],
    node: Node,
    meeting_type: MeetingType,
    start: datetime,
    now: datetime,
    *,
    interpreter: bool = False,
    language: str | None = None,
    counsellor: str | None = None,
    moving: Meeting | None = None,
) -> NoReturn:
    """Raise `error` with a ready reply in `extra["messages"]` (in easy Swedish in `messages_easy`) that offers the free
    times nearest to `start`; only those of a `counsellor` (a slug) who was chosen. `interpreter` and `language` as for
    `node_slots`.

    `moving` is a meeting that wants another time: its own time counts as free, but is not offered.
    """
    offers, shown = list[Offer](), list[Offer]()
    for reach in _REACHES:
        window = Span(start - reach, start + reach) if reach else None
        offers = node_slots(
            session,
            node.slug,
            meeting_type,
            now,
            window=window,
            interpreter=interpreter,
            language=language,
            counsellor=counsellor,
            without=moving.id if moving else None,
        )
        offers = [offer for offer in offers if not (moving and offer.start == moving.starts_at)]
        shown = nearest(offers, start, _SHOWN)
        # Nearer times than the third one cannot lie outside, and "more times" needs a later one.
        if len(shown) == _SHOWN and offers[-1].start > shown[-1].start:
            break
    more = bool(shown) and offers[-1].start > shown[-1].start
    people = counsellors_at(session, node.slug, meeting_type)
    chosen = next((one for one in people if one.slug == counsellor), None)

    def reply(*, easy: bool) -> Reply:
        return slots_reply(
            node,
            meeting_type,
            shown,
            more=more,
            reason=_REASONS[error],
            easy=easy,
            chosen=chosen,
            choosable=len(people) > 1,
        )

    raise error(extra={"messages": [reply(easy=False)], "messages_easy": [reply(easy=True)]})
