"""Whose meetings somebody may see: a counsellor's account only its own counsellor's, staff everybody's."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking.errors import CounsellorUnknown, MeetingNotFound
from api.booking.tables import Counsellor, Meeting
from api.staff.roles import RequireRole
from api.staff.sessions import SignedIn

MeetingStaff = Annotated[SignedIn, RequireRole("counsellor", "staff")]
"""Somebody who works with meetings; what of them, `counsellors_of` says."""


def own_counsellor(session: Session, account: SignedIn) -> Counsellor | None:
    """The counsellor that the account is linked to."""
    return session.scalars(select(Counsellor).where(Counsellor.account_id == account.id)).unique().first()


def counsellors_of(session: Session, account: SignedIn) -> list[Counsellor]:
    """The counsellors whose meetings and hours the account keeps, by node and title.

    Those who cannot be booked any more too: what was booked with them stands.
    """
    rows = select(Counsellor)
    if account.role == "counsellor":
        rows = rows.where(Counsellor.account_id == account.id)
    return sorted(session.scalars(rows).unique(), key=lambda one: (one.node.town, one.title))


def find_meeting(session: Session, account: SignedIn, meeting_id: UUID) -> Meeting:
    """A meeting that was booked. MeetingNotFound also for somebody else's: nobody learns that it exists."""
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or meeting.status not in ("confirmed", "cancelled"):
        raise MeetingNotFound
    if account.role == "counsellor" and meeting.counsellor.account_id != account.id:
        raise MeetingNotFound
    return meeting


def find_counsellor(session: Session, account: SignedIn, slug: str) -> Counsellor:
    """A counsellor whose hours and meetings the account keeps; the own one when `slug` is empty.

    CounsellorUnknown otherwise.
    """
    own = own_counsellor(session, account)
    if own and slug in ("", own.slug):
        return own
    found = session.scalars(select(Counsellor).where(Counsellor.slug == slug)).unique().first()
    if found is None or account.role == "counsellor":
        raise CounsellorUnknown
    return found
