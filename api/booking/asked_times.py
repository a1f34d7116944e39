"""The free times that a step of the dialogue asks for: whose they are, how long, and what a move leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api.booking.holds import meeting_of
from api.booking.openings import Offer, able, counsellors_at, node_slots
from api.booking.schemas import CounsellorsRequest, TimesRequest
from api.booking.tables import Counsellor, Meeting


@dataclass(frozen=True)
class AskedTimes:
    """`offers` earliest first; `chosen` is the counsellor they belong to, None for whoever is free."""

    offers: list[Offer]
    chosen: Counsellor | None
    choosable: bool
    """There are several counsellors to choose from."""


def asked_for(session: Session, body: TimesRequest, now: datetime) -> AskedTimes:
    """All free times for the request. A counsellor who cannot be met there that way any more counts as not chosen, and
    a meeting that is moved keeps the one it was booked with by choice until somebody else is asked for.

    NodeUnknown, MeetingNotFound.
    """
    moving, people = _moving(session, body), to_choose_among(session, body)
    kept = moving.counsellor.slug if moving and moving.counsellor_chosen else None
    chosen = next((one for one in people if one.slug == (body.counsellor or kept)), None)
    offers = node_slots(
        session,
        body.node,
        body.meeting_type,
        now,
        interpreter=bool(moving.interpreter_language) if moving else body.interpreter or body.language is not None,
        language=moving.spoken_language if moving else body.language,
        counsellor=chosen.slug if chosen else None,
        without=moving.id if moving else None,
    )
    offers = [offer for offer in offers if moving is None or offer.start != moving.starts_at]
    return AskedTimes(offers, chosen, choosable=len(people) > 1)


def to_choose_among(session: Session, body: CounsellorsRequest) -> list[Counsellor]:
    """The counsellors at the node who meet people that way; when a meeting is moved, who speak its language too."""
    moving, people = _moving(session, body), counsellors_at(session, body.node, body.meeting_type)
    return able(people, moving.spoken_language, interpreter=False) if moving else people


def _moving(session: Session, body: CounsellorsRequest) -> Meeting | None:
    return meeting_of(session, body.moving, body.conversation_id) if body.moving else None
