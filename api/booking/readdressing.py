"""A counsellor's e-mail address has changed: the coming meetings leave the calendar behind the old one and come to the
new one. Otherwise they would stay there, whatever becomes of them: cancellations go to the new address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking import mails
from api.booking.tables import Counsellor, Meeting
from api.booking.trail import record_meeting
from api.outbox.office import Office
from api.staff.kept import PutBack


def tell_addresses(
    session: Session, counsellor: Counsellor, before: str, now: datetime, by: str, office: Office
) -> int:
    """Tell both addresses of every coming meeting, in the transaction that changed the address from `before`; returns
    how many meetings. The same address changes nothing.

    The counsellor's row is locked, as it is for whoever writes meetings (see `locks`).
    """
    if counsellor.email.casefold() == before.casefold():
        return 0
    coming = select(Meeting).where(
        Meeting.counsellor_id == counsellor.id, Meeting.status == "confirmed", Meeting.starts_at > now
    )
    told = 0
    for meeting in session.scalars(coming.order_by(Meeting.id)).all():
        if mails.same_mailbox(session, meeting, before, counsellor.email):
            continue
        meeting.sequence += 1
        session.flush()
        mails.readdressed(session, meeting, before, office, now=now)
        record_meeting(session, meeting, "meeting.readdressed", by, now)
        told += 1
    return told


def put_back(back: PutBack) -> None:
    """As a change by hand, when history or undo puts an old address back."""
    if "email" in back.before:
        office = Office.of(back.settings)
        tell_addresses(back.session, back.row, back.before["email"], back.now, back.actor, office)
