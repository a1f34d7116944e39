"""Booking for the action server. Each answer carries the texts and buttons of the turn."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query
from pydantic import AwareDatetime

from api.booking import holds, replies, service
from api.booking.office import OfficeOf
from api.booking.openings import bookable_nodes, choose, counsellors_at, find_node, node_slots
from api.booking.people import clean_name
from api.booking.schemas import (
    CheckRequest,
    ConfirmRequest,
    ConversationRef,
    HoldAnswer,
    HoldRequest,
    MeetingLine,
    MeetingsAnswer,
    Messages,
)
from api.booking.tables import MeetingType
from api.catalogue.search import nodes_by_distance
from api.clock import Now
from api.database import ReadSession, WriteSession
from api.guidance.places import find_municipality
from api.service_token import RequireServiceToken

internal = APIRouter(prefix="/internal/v1", include_in_schema=False, dependencies=[RequireServiceToken])

_NODES_SHOWN = 6


@internal.get("/booking/nodes")
def which_node(session: ReadSession, place: Annotated[str | None, Query(max_length=100)] = None) -> Messages:
    """Towns where somebody can be booked, nearest to the municipality `place` first."""
    municipality = find_municipality(session, place)
    bookable = bookable_nodes(session)
    nodes = [node for node, _ in nodes_by_distance(session, municipality) if node.id in bookable]
    near = municipality.name if municipality else None
    return Messages(messages=[replies.nodes_reply(nodes[:_NODES_SHOWN], near)])


@internal.get("/booking/meeting-types")
def which_type(session: ReadSession, node: str) -> Messages:
    """The ways to meet that somebody at the node offers."""
    found = find_node(session, node)
    offered = {one for counsellor in counsellors_at(session, node) for one in counsellor.meeting_types}
    return Messages(messages=[replies.types_reply(found, offered)])


@internal.get("/booking/times")
def which_time(
    session: ReadSession, now: Now, node: str, meeting_type: MeetingType, after: AwareDatetime | None = None
) -> Messages:
    """Three free times; with `after`, three later ones."""
    found = find_node(session, node)
    offers = node_slots(session, node, meeting_type, now, after)
    shown = choose(offers)
    more = bool(shown) and offers[-1].start > shown[-1].start
    reply = replies.slots_reply(found, meeting_type, shown, more=more, later=after is not None)
    return Messages(messages=[reply])


@internal.post("/meetings/holds", status_code=201)
def hold(body: HoldRequest, session: WriteSession, now: Now) -> HoldAnswer:
    """Keep a time for ten minutes."""
    meeting = holds.hold(session, body.slot_id, body.meeting_type, body.conversation_id, now)
    held_until: datetime = meeting.held_until or now
    return HoldAnswer(meeting_id=meeting.id, held_until=held_until, messages=[])


@internal.post("/meetings/{meeting_id}/check")
def check(meeting_id: UUID, body: CheckRequest, session: ReadSession, now: Now) -> Messages:
    """Read everything back. A POST because names and contacts do not belong in addresses; nothing is changed."""
    meeting = holds.held_meeting(session, meeting_id, body.conversation_id, now)
    name = clean_name(body.name)
    contact = service.contact_of(session, body.conversation_id, body.contact_token)
    return Messages(messages=[replies.confirm_reply(meeting, name, contact)])


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
    )
    return Messages(messages=[replies.booked_reply(booked.meeting, booked.manage_url)])


@internal.post("/meetings/{meeting_id}/release")
def release(meeting_id: UUID, body: ConversationRef, session: WriteSession) -> Messages:
    """Give back a held time when the person stops booking."""
    holds.release(session, meeting_id, body.conversation_id)
    return Messages(messages=[])


@internal.get("/meetings")
def my_meetings(session: ReadSession, now: Now, conversation_id: UUID) -> MeetingsAnswer:
    """What the conversation has booked."""
    meetings = service.current_meetings(session, conversation_id, now)
    return MeetingsAnswer(
        messages=replies.my_meetings_replies(meetings),
        meetings=[MeetingLine(id=one.id, reference=one.reference, starts_at=one.starts_at) for one in meetings],
    )


@internal.post("/meetings/{meeting_id}/cancel")
def cancel(meeting_id: UUID, body: ConversationRef, session: WriteSession, now: Now, office: OfficeOf) -> Messages:
    """Cancel a meeting of the conversation."""
    meeting = holds.meeting_of(session, meeting_id, body.conversation_id)
    service.cancel(session, meeting, now, "chat", office)
    return Messages(messages=[replies.cancelled_reply(meeting)])
