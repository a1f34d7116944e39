"""Reminding those who have not answered in time: the function twice, then whoever gets what no other takes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.contact.enquiries import mails
from api.contact.enquiries.office import Promise
from api.contact.enquiries.tables import Enquiry
from api.working_days import end_of_working_day

PAUSE = 3
"""Working days between reminders."""
TO_FUNCTION = 2
"""How many reminders the function gets. The next one goes to the default route, and it is the last."""


def any_due(session: Session, now: datetime) -> bool:
    """Whether `remind` has anything to do. Only looks, so it keeps nobody waiting."""
    return session.scalar(select(Enquiry.id).where(Enquiry.remind_at <= now).limit(1)) is not None


def remind(session: Session, promise: Promise, now: datetime) -> int:
    """Write a reminder for every unanswered enquiry whose time has come; returns how many.

    One each, however long nobody looked. Others' locked rows are left to them.
    """
    late = select(Enquiry).where(Enquiry.remind_at <= now).order_by(Enquiry.due_at, Enquiry.id)
    rows = session.scalars(late.with_for_update(skip_locked=True, of=Enquiry)).all()
    for enquiry in rows:
        last = enquiry.reminders >= TO_FUNCTION
        mails.overdue(session, enquiry, promise, now, to_default=last)
        enquiry.reminders += 1
        enquiry.remind_at = None if last else end_of_working_day(now, PAUSE)
    return len(rows)
