"""Reminders the day before a meeting. They lie in the outbox as drafts and are written when their time has come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking import letters
from api.booking.links import new_link
from api.booking.tables import Meeting
from api.outbox import reminding
from api.outbox import service as outbox
from api.outbox.message import Payload
from api.outbox.office import Office, message_id
from api.outbox.reminding import is_of_use, reminder_time
from api.outbox.tables import Channel

KIND = "REMINDER"


def plan(session: Session, meeting: Meeting, office: Office, now: datetime) -> None:
    """Put a reminder of the meeting as it stands into the outbox, if there is a way and time for one.

    Whatever was planned before has been dropped with the older mails (`outbox.supersede`).
    """
    channel = _channel(meeting, office)
    at = reminder_time(meeting.starts_at)
    if channel is None or not meeting.contact_value or not is_of_use(at, now):
        return
    recipient = meeting.contact_value
    outbox.enqueue(
        session,
        kind=KIND,
        channel=channel,
        recipient=outbox.address_now(session, meeting.id, recipient),
        payload=None,
        now=now,
        meeting_id=meeting.id,
        sequence=meeting.sequence,
        not_before=at,
        not_after=meeting.starts_at,
        message_id=message_id(meeting.ical_uid or "", meeting.sequence, KIND),
        notify=office.failures_to(meeting.counsellor.node.email),
    )


def any_due(session: Session, now: datetime) -> bool:
    """Whether `write_due` has anything to write. Only looks, so it keeps nobody waiting."""
    return outbox.has_due_drafts(session, now, KIND)


def write_due(session: Session, office: Office, now: datetime) -> int:
    """Write the text of every reminder whose time has come; returns how many."""

    def standing(ids: Collection[UUID]) -> dict[UUID, Meeting]:
        booked = select(Meeting).where(Meeting.id.in_(ids), Meeting.status == "confirmed")
        return {meeting.id: meeting for meeting in session.scalars(booked).unique()}

    def mail(meeting: Meeting) -> Payload:
        url = new_link(session, meeting, office, now)
        return letters.person_reminder(meeting, office, manage_url=url).payload

    return reminding.write_due(session, KIND, now, standing=standing, mail=mail, sms=letters.sms_reminder)


def _channel(meeting: Meeting, office: Office) -> Channel | None:
    if meeting.contact_kind == "email":
        return "mail"
    return "sms" if meeting.contact_kind == "phone" and office.sms else None
