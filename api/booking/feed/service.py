"""Making, ending and reading the secret addresses of calendar feeds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from api.booking.feed.errors import FeedUnknown
from api.booking.feed.tables import CalendarFeed
from api.booking.letters import feed_invitation
from api.booking.mail_wording import texts
from api.booking.tables import Counsellor, Meeting
from api.catalogue.tables import Node
from api.outbox import calendar
from api.outbox.calendar import Invitation, Status
from api.outbox.office import Office
from api.privacy.secret_links import hash_token, new_link_token
from api.staff.audit import record

BACK, AHEAD = timedelta(days=30), timedelta(days=180)
CANCELLED_STAYS = timedelta(days=30)
"""How long a cancelled meeting is shown as cancelled, so that slow calendars hear of it."""


@dataclass(frozen=True)
class NewFeed:
    """A feed and its address; the secret in it is known only now."""

    feed: CalendarFeed
    url: str


@dataclass(frozen=True)
class FeedFile:
    """The calendar file, and a tag that changes when, and only when, it says something else."""

    content: bytes
    etag: str


def create_feed(session: Session, owner: Counsellor | Node, office: Office, now: datetime, by: str) -> NewFeed:
    """A new secret address with 128 random bits for a counsellor's or a node's meetings. Earlier ones go on working.

    `by` is who did it, for the audit trail.
    """
    token = new_link_token()
    feed = CalendarFeed(
        token_hash=hash_token(token),
        counsellor=owner if isinstance(owner, Counsellor) else None,
        node=owner if isinstance(owner, Node) else None,
        created_at=now,
    )
    session.add(feed)
    session.flush()
    record(session, at=now, actor=by, action="feed.created", subject=f"feed:{feed.id}", owner=owner.slug)
    return NewFeed(feed, f"{office.base_url}/kalender/{token}.ics")


def revoke_feed(session: Session, owner: Counsellor | Node, feed_id: int, now: datetime, by: str) -> CalendarFeed:
    """End an address at once; a second time changes nothing. FeedUnknown when the owner has no such address."""
    feed = session.scalar(select(CalendarFeed).where(CalendarFeed.id == feed_id, _owned_by(owner)))
    if feed is None:
        raise FeedUnknown
    if feed.revoked_at is None:
        feed.revoked_at = now
        record(session, at=now, actor=by, action="feed.revoked", subject=f"feed:{feed.id}")
    return feed


def feeds_of(session: Session, owner: Counsellor | Node) -> Sequence[CalendarFeed]:
    """The addresses that work, oldest first."""
    living = CalendarFeed.revoked_at.is_(None)
    return session.scalars(select(CalendarFeed).where(_owned_by(owner), living).order_by(CalendarFeed.id)).all()


def _owned_by(owner: Counsellor | Node) -> ColumnElement[bool]:
    column = CalendarFeed.counsellor_id if isinstance(owner, Counsellor) else CalendarFeed.node_id
    return column == owner.id


def find_feed(session: Session, token: str) -> CalendarFeed:
    """The feed behind a secret. FeedUnknown for a wrong and for a revoked one alike."""
    feed = session.scalar(
        select(CalendarFeed).where(CalendarFeed.token_hash == hash_token(token), CalendarFeed.revoked_at.is_(None))
    )
    if feed is None:
        raise FeedUnknown
    return feed


def read_feed(session: Session, feed: CalendarFeed, office: Office, now: datetime) -> FeedFile:
    """The meetings of the last 30 and the next 180 days, without anybody's name or contact."""
    whose = feed.counsellor.title if feed.counsellor else feed.node.name if feed.node else ""
    entries = [_entry(meeting, office, of_node=feed.node is not None) for meeting in _meetings(session, feed, now)]
    content = calendar.subscription(texts("calendar_name", whose=whose), entries)
    return FeedFile(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def _meetings(session: Session, feed: CalendarFeed, now: datetime) -> Sequence[Meeting]:
    owned = Meeting.counsellor_id == feed.counsellor_id
    if feed.node_id is not None:
        owned = Meeting.counsellor_id.in_(select(Counsellor.id).where(Counsellor.node_id == feed.node_id))
    shown = or_(
        Meeting.status == "confirmed",
        (Meeting.status == "cancelled")
        & (Meeting.cancelled_at > now - CANCELLED_STAYS)
        & Meeting.ical_uid.is_not(None),
    )
    window = (Meeting.starts_at >= now - BACK) & (Meeting.starts_at <= now + AHEAD)
    return session.scalars(select(Meeting).where(owned, shown, window).order_by(Meeting.starts_at, Meeting.id)).all()


def _entry(meeting: Meeting, office: Office, *, of_node: bool) -> tuple[Invitation, Status]:
    # A stamp of this revision and not of this moment: the file stays the same, byte for byte, while nothing changes.
    stamp = meeting.cancelled_at or meeting.confirmed_at or meeting.created_at
    invitation = feed_invitation(meeting, office, stamp=stamp, whose=of_node)
    return invitation, "CANCELLED" if meeting.status == "cancelled" else "CONFIRMED"
