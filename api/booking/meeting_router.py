"""Booking for the action server: what is done with a held or booked meeting."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header

from api.booking import holds, moves, replies, service, slot_replies
from api.booking.asked_about import asked_about
from api.booking.openings import counsellors_at, parse_slot_id
from api.booking.router import meeting_line
from api.booking.schemas import (
    CheckRequest,
    ConfirmRequest,
    ConversationRef,
    HoldAnswer,
    HoldRequest,
    InterpreterRequest,
    MeetingsAnswer,
    Messages,
    MoveRequest,
)
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.outbox.office import OfficeOf
from api.privacy.contacts import contact_of
from api.privacy.person_names import clean_name
from api.service_token import RequireServiceToken
from api.swedish_dates import long_time

internal = APIRouter(prefix="/internal/v1", include_in_schema=False, dependencies=[RequireServiceToken])


@internal.post("/meetings/holds", status_code=201)
def hold(body: HoldRequest, session: WriteSession, now: Now) -> HoldAnswer:
    """Keep a time for ten minutes, and say until when."""
    language = body.interpreter_language
    meeting = holds.hold(
        session, body.slot_id, body.meeting_type, body.conversation_id, now, interpreter_language=language
    )
    held_until: datetime = meeting.held_until or now
    reply = slot_replies.held_reply(meeting, now, easy=body.easy)
    return HoldAnswer(meeting_id=meeting.id, held_until=held_until, messages=[reply])


@internal.post("/meetings/{meeting_id}/extend")
def extend(meeting_id: UUID, body: ConversationRef, session: WriteSession, now: Now) -> Messages:
    """Ten minutes more, once."""
    meeting = holds.extend(session, meeting_id, body.conversation_id, now)
    return Messages(messages=[slot_replies.held_reply(meeting, now, easy=body.easy, key="extended")])


@internal.post("/meetings/{meeting_id}/interpreter")
def set_interpreter(meeting_id: UUID, body: InterpreterRequest, session: WriteSession, now: Now) -> Messages:
    """Make the held meeting longer for an interpreter, or shorter again without one.

    Where the counsellor speaks the language no interpreter is needed, and that is told.
    """
    meeting = holds.set_interpreter(session, meeting_id, body.conversation_id, body.language, now)
    longer = slot_replies.held_reply(meeting, now, easy=body.easy, key="held_longer")
    return Messages(messages=[longer] if body.language else [])


@internal.post("/meetings/{meeting_id}/check")
def check(meeting_id: UUID, body: CheckRequest, session: ReadSession, now: Now) -> Messages:
    """Read everything back. A POST because names and contacts do not belong in addresses; nothing is changed."""
    meeting = holds.held_meeting(session, meeting_id, body.conversation_id, now)
    name = clean_name(body.name)
    contact = contact_of(session, body.conversation_id, body.contact_token)
    summary = asked_about(session, body.conversation_id) if body.share else None
    return Messages(messages=[replies.confirm_reply(meeting, name, contact, summary, easy=body.easy)])


@internal.post("/meetings/{meeting_id}/confirm", status_code=201)
def confirm(
    meeting_id: UUID,
    body: ConfirmRequest,
    session: WriteSession,
    now: Now,
    office: OfficeOf,
    idempotency_key: Annotated[str, Header(min_length=1, max_length=200)],
) -> Messages:
    """Book the held time. Safe to repeat with the same key."""
    booked = service.confirm(
        session,
        meeting_id,
        conversation_id=body.conversation_id,
        name=body.name,
        contact_token=body.contact_token,
        idempotency_key=idempotency_key,
        now=now,
        office=office,
        wants_easy=body.easy,
        asked_about=asked_about(session, body.conversation_id) if body.share else None,
    )
    return Messages(messages=[replies.booked_reply(booked.meeting, booked.manage_url, easy=body.easy)])


@internal.post("/meetings/{meeting_id}/release")
def release(meeting_id: UUID, body: ConversationRef, session: WriteSession) -> Messages:
    """Give back a held time when the person stops booking."""
    holds.release(session, meeting_id, body.conversation_id)
    return Messages(messages=[])


@internal.get("/meetings")
def my_meetings(session: ReadSession, now: Now, conversation_id: UUID, *, easy: bool = False) -> MeetingsAnswer:
    """What the conversation has booked."""
    meetings = service.current_meetings(session, conversation_id, now)
    return MeetingsAnswer(
        messages=replies.my_meetings_replies(meetings, easy=easy),
        meetings=[meeting_line(one) for one in meetings],
    )


@internal.post("/meetings/{meeting_id}/cancel")
def cancel(meeting_id: UUID, body: ConversationRef, session: WriteSession, now: Now, office: OfficeOf) -> Messages:
    """Cancel a meeting of the conversation."""
    meeting = holds.meeting_of(session, meeting_id, body.conversation_id)
    service.cancel(session, meeting, now, "chat", office)
    return Messages(messages=[replies.cancelled_reply(meeting, easy=body.easy)])


@internal.post("/meetings/{meeting_id}/move/check")
def check_move(meeting_id: UUID, body: MoveRequest, session: ReadSession, now: Now) -> Messages:
    """Read the old and the new time back; nothing is changed."""
    meeting = holds.meeting_of(session, meeting_id, body.conversation_id)
    moves.check_open(meeting, now)
    slug, start = parse_slot_id(body.slot_id)
    new_time = long_time(start, start + (meeting.ends_at - meeting.starts_at))
    chosen = next((one for one in counsellors_at(session, meeting.counsellor.node.slug) if one.slug == slug), None)
    return Messages(messages=[replies.confirm_move_reply(meeting, new_time, chosen=chosen, easy=body.easy)])


@internal.post("/meetings/{meeting_id}/move")
def move(meeting_id: UUID, body: MoveRequest, session: WriteSession, now: Now, office: OfficeOf) -> Messages:
    """Move a meeting of the conversation to one of the free times. A repeat changes nothing."""
    meeting = holds.meeting_of(session, meeting_id, body.conversation_id)
    moves.move_to_slot(session, meeting, body.slot_id, now, "chat", office)
    return Messages(messages=[replies.moved_reply(meeting, easy=body.easy)])
