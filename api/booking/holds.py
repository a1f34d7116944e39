"""Holding a time while the person fills in the rest, and letting it go again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from api.booking.errors import (
    HoldExpired,
    HoldExtended,
    MeetingBooked,
    MeetingNotFound,
    SlotTaken,
    SlotTooShort,
    SlotUnknown,
)
from api.booking.limits import check_holds, check_limit
from api.booking.locks import lock_counsellors, lock_meeting, lock_person
from api.booking.openings import SlotId, parse_slot_id
from api.booking.places import Place, colleagues, guarded, places_at
from api.booking.refusals import offer_others
from api.booking.replies import my_meetings_replies
from api.booking.tables import Counsellor, Meeting, MeetingType
from api.catalogue.tables import Node
from api.chat.tables import Conversation
from api.database import rowcount
from api.errors import ApiError
from api.privacy.secret_links import new_reference

HOLD_TIME = timedelta(minutes=10)


def hold(
    session: Session,
    slot_id: str,
    meeting_type: MeetingType,
    conversation_id: UUID,
    now: datetime,
    *,
    interpreter_language: str | None = None,
) -> Meeting:
    """Keep a time for the conversation for `HOLD_TIME`; an earlier hold of the conversation is let go.

    A node's time goes to the counsellor whose turn it is, or to the next one who is free. `interpreter_language` makes
    the meeting longer, unless somebody who is free speaks it: then it goes to them. SlotUnknown or SlotTaken (both with
    other times in `extra`), MeetingLimit or HoldLimit.
    """
    wanted = parse_slot_id(slot_id)
    origin = session.scalar(select(Conversation.origin).where(Conversation.id == conversation_id))
    lock_person(session, conversation_id, *([origin] if origin else []))
    earlier = session.scalars(
        select(Meeting).where(Meeting.conversation_id == conversation_id, Meeting.status == "held")
    ).all()
    node, candidates = _whose(session, wanted, meeting_type)
    lock_counsellors(session, {one.id for one in candidates} | {meeting.counsellor_id for meeting in earlier})
    expire_holds(session, now, counsellor_ids=[one.id for one in candidates])
    check_limit(session, now, conversation_id=conversation_id)
    check_holds(session, now, conversation_id, origin)
    for meeting in earlier:
        meeting.status, meeting.origin = "expired", None
    session.flush()

    with_interpreter = interpreter_language is not None
    language, chosen = interpreter_language, wanted.slug != node.slug
    places = places_at(session, candidates, wanted.start, now, interpreter=with_interpreter, language=language)
    for place in places.free:
        meeting = Meeting(
            reference=unused_reference(session),
            conversation_id=conversation_id,
            meeting_type=meeting_type,
            status="held",
            held_until=now + HOLD_TIME,
            created_at=now,
            sequence=0,
            staff_override=False,
            counsellor_chosen=chosen,
            origin=origin,
        )
        place.put_in(meeting, language)
        with suppress(SlotTaken):  # the database knows better: the next one, in the same request
            with guarded(session):
                session.add(meeting)
            return meeting
    error = SlotTaken if places.offered else SlotUnknown
    offer_others(
        session,
        error,
        node,
        meeting_type,
        wanted.start,
        now,
        interpreter=with_interpreter,
        language=language,
        counsellor=wanted.slug if chosen and candidates else None,
    )


def set_interpreter(
    session: Session, meeting_id: UUID, conversation_id: UUID, language: str | None, now: datetime
) -> Meeting:
    """Make a held meeting longer for an interpreter in `language`, or shorter again without one (None).

    The start stays. Whoever speaks the language needs no interpreter: the counsellor of the hold, or another one who is
    free then. Otherwise the counsellor stays if they have the time, or else somebody else at the node takes over. A
    counsellor who was chosen is not exchanged. SlotTooShort (with longer times in `extra`) when nobody has;
    the hold then stays as it was. MeetingNotFound, MeetingBooked, HoldExpired.
    """
    meeting = _locked_hold(session, meeting_id, conversation_id, now)
    current = meeting.counsellor
    candidates = [current] if meeting.counsellor_chosen else colleagues(session, current.node_id, meeting.meeting_type)
    places = places_at(
        session,
        candidates,
        meeting.starts_at,
        now,
        interpreter=language is not None,
        language=language,
        without=meeting.id,
    )

    def least_changed(place: Place) -> tuple[bool, bool]:
        return not place.counsellor.speaks(language), place.counsellor.id != current.id

    for place in sorted(places.free, key=least_changed):
        with suppress(SlotTaken):
            with guarded(session):
                place.put_in(meeting, language)
            return meeting
    offer_others(
        session,
        SlotTooShort,
        current.node,
        meeting.meeting_type,
        meeting.starts_at,
        now,
        interpreter=language is not None,
        language=language,
        counsellor=current.slug if meeting.counsellor_chosen else None,
        moving=meeting,
    )


def extend(session: Session, meeting_id: UUID, conversation_id: UUID, now: datetime) -> Meeting:
    """Keep a held time for `HOLD_TIME` more than was left; possible once.

    HoldExtended the second time. MeetingNotFound, MeetingBooked, HoldExpired.
    """
    meeting = _locked_hold(session, meeting_id, conversation_id, now)
    if meeting.hold_extended or meeting.held_until is None:
        raise HoldExtended
    meeting.held_until, meeting.hold_extended = meeting.held_until + HOLD_TIME, True
    session.flush()
    return meeting


def held_meeting(session: Session, meeting_id: UUID, conversation_id: UUID, now: datetime) -> Meeting:
    """The meeting while the conversation holds it. MeetingNotFound when it is not that conversation's, MeetingBooked
    (with the meeting in `extra`) when it is booked already, otherwise HoldExpired (with other times in `extra`)."""
    meeting = meeting_of(session, meeting_id, conversation_id)
    if meeting.status == "confirmed":
        raise MeetingBooked(extra={"messages": my_meetings_replies([meeting])})
    if meeting.status != "held" or meeting.held_until is None or meeting.held_until <= now:
        _refuse(session, HoldExpired, meeting, now)
    return meeting


def meeting_of(session: Session, meeting_id: UUID, conversation_id: UUID) -> Meeting:
    """A meeting that the conversation has held or booked. MeetingNotFound otherwise."""
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or meeting.conversation_id != conversation_id:
        raise MeetingNotFound
    return meeting


def release(session: Session, meeting_id: UUID, conversation_id: UUID) -> None:
    """Give back a time that the conversation holds. Nothing happens when it is not held any more."""
    meeting = meeting_of(session, meeting_id, conversation_id)
    # Decided by the database: a confirmation may be under way that this session cannot see yet.
    still_held = update(Meeting).where(Meeting.id == meeting.id, Meeting.status == "held")
    session.execute(still_held.values(status="expired", origin=None).execution_options(synchronize_session="fetch"))


def expire_holds(session: Session, now: datetime, *, counsellor_ids: Sequence[int] | None = None) -> int:
    """Let go of holds whose time is over, of some counsellors or of all: a constraint cannot see the clock."""
    overdue = update(Meeting).where(Meeting.status == "held", Meeting.held_until <= now)
    if counsellor_ids is not None:
        overdue = overdue.where(Meeting.counsellor_id.in_(counsellor_ids))
    values = overdue.values(status="expired", origin=None)
    return rowcount(session.execute(values.execution_options(synchronize_session="fetch")))


def _whose(session: Session, wanted: SlotId, meeting_type: MeetingType) -> tuple[Node, list[Counsellor]]:
    """The node of a slot id and who may take the meeting: the one who was chosen, or everybody there."""
    chosen = session.scalars(select(Counsellor).where(Counsellor.slug == wanted.slug, Counsellor.active)).first()
    if chosen is not None:
        return chosen.node, [chosen] if meeting_type in chosen.meeting_types else []
    node = session.scalar(select(Node).where(Node.slug == wanted.slug))
    if node is None:
        raise SlotUnknown
    return node, colleagues(session, node.id, meeting_type)


def _locked_hold(session: Session, meeting_id: UUID, conversation_id: UUID, now: datetime) -> Meeting:
    lock_meeting(session, meeting_of(session, meeting_id, conversation_id))
    return held_meeting(session, meeting_id, conversation_id, now)


def _refuse(session: Session, error: type[ApiError], meeting: Meeting, now: datetime) -> NoReturn:
    language = meeting.interpreter_language or meeting.spoken_language
    chosen = meeting.counsellor.slug if meeting.counsellor_chosen else None
    offer_others(
        session,
        error,
        meeting.counsellor.node,
        meeting.meeting_type,
        meeting.starts_at,
        now,
        interpreter=language is not None,
        language=language,
        counsellor=chosen,
    )


def unused_reference(session: Session) -> str:
    """A code for a meeting that no other has."""
    while True:
        reference = new_reference()
        if not session.scalar(select(exists().where(Meeting.reference == reference))):
            return reference
