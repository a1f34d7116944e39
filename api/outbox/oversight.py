"""What staff see of the outbox and may do about it: which mails wait or failed, try again, send elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from api.booking.tables import Counsellor, Meeting
from api.database import rowcount
from api.outbox.errors import AddressHasIt, AddressInvalid, MailNotFailed
from api.outbox.service import is_open
from api.outbox.tables import Outbox
from api.staff.tables import Audit

_ADDRESS = re.compile(r'[^\s@<>(),;:"\\\[\]]+@[^\s@<>(),;:"\\\[\]]+\.[^\s@<>(),;:."\\\[\]]+')
_LONGEST_ADDRESS = 254


def failed(session: Session) -> Sequence[tuple[Outbox, Meeting | None]]:
    """Mails given up that nobody has dealt with, newest first, with the meeting each is about."""
    rows = select(Outbox, Meeting).outerjoin(Meeting, Meeting.id == Outbox.meeting_id)
    return [
        (mail, meeting)
        for mail, meeting in session.execute(
            rows.where(Outbox.dead_at.is_not(None), Outbox.superseded_at.is_(None)).order_by(Outbox.dead_at.desc())
        )
    ]


def waiting(session: Session, now: datetime) -> Sequence[tuple[Outbox, Meeting | None]]:
    """Mails that should have left by now, oldest first."""
    rows = select(Outbox, Meeting).outerjoin(Meeting, Meeting.id == Outbox.meeting_id)
    return [
        (mail, meeting)
        for mail, meeting in session.execute(
            rows.where(is_open(Outbox), Outbox.not_before <= now).order_by(Outbox.id).limit(200)
        )
    ]


def planned(session: Session, now: datetime) -> int:
    """How many reminders lie ahead."""
    ahead = select(func.count()).select_from(Outbox).where(is_open(Outbox), Outbox.not_before > now)
    return session.scalar(ahead) or 0


def count_failed(session: Session) -> int:
    """How many mails were given up that nobody has dealt with."""
    dead = select(func.count()).select_from(Outbox)
    return session.scalar(dead.where(Outbox.dead_at.is_not(None), Outbox.superseded_at.is_(None))) or 0


def failed_by_node(session: Session) -> dict[int | None, int]:
    """The same by node: that of the counsellor whose meeting a mail is about. None: about no meeting."""
    rows = select(Counsellor.node_id, func.count()).select_from(Outbox)
    rows = rows.outerjoin(Meeting, Meeting.id == Outbox.meeting_id)
    rows = rows.outerjoin(Counsellor, Counsellor.id == Meeting.counsellor_id)
    dead = rows.where(Outbox.dead_at.is_not(None), Outbox.superseded_at.is_(None)).group_by(Counsellor.node_id)
    return dict(session.execute(dead).all())


def try_again(session: Session, mail_id: int, now: datetime, actor: str) -> Outbox:
    """Send a given-up mail again, or a waiting one at once. MailNotFailed for one that was sent or is of no use."""
    row = _unsent(session, mail_id, now)
    if row.dead_at is not None:
        row.dead_at, row.not_before = None, now  # the 48 hours begin anew
    row.next_try = now
    _record(session, row, "mail.retried", actor, now)
    return row


def send_elsewhere(session: Session, mail_id: int, address: str, now: datetime, actor: str) -> Outbox:
    """Send an unsent mail to another address; later mails about the meeting to the old address follow.

    AddressInvalid, AddressHasIt when that address gets this very mail anyway, MailNotFailed as in `try_again`.
    """
    address = address.strip()
    if len(address) > _LONGEST_ADDRESS or not address.isascii() or not _ADDRESS.fullmatch(address):
        raise AddressInvalid
    row = _unsent(session, mail_id, now)
    if row.channel != "mail":
        raise MailNotFailed
    mails = [row]
    if row.thread is not None:
        if session.scalar(select(exists().where(_same_mail(row), Outbox.recipient == address))):
            raise AddressHasIt
        mails += session.scalars(
            select(Outbox)
            .where(Outbox.thread == row.thread, Outbox.recipient == row.recipient, Outbox.id != row.id)
            .where(is_open(Outbox), or_(Outbox.claimed_until.is_(None), Outbox.claimed_until < now))
            .with_for_update()
        )
    new = [_copy_to(mail, address, now) for mail in mails]
    for mail in mails:
        mail.superseded_at, mail.payload, mail.draft, mail.redirected_to = now, {}, False, address
    session.add_all(new)
    _record(session, row, "mail.redirected", actor, now)
    session.flush()
    return new[0]


def erase_ended(session: Session, now: datetime, *, days: int) -> int:
    """Erase mails of no thread that ended `days` ago; those of meetings and sign-ups go with the person."""
    before = now - timedelta(days=days)
    ended = or_(Outbox.sent_at < before, Outbox.dead_at < before, Outbox.superseded_at < before)
    return rowcount(session.execute(delete(Outbox).where(Outbox.thread.is_(None), ended)))


def _unsent(session: Session, mail_id: int, now: datetime) -> Outbox:
    row = session.get(Outbox, mail_id, with_for_update=True)
    if row is None or row.sent_at is not None or row.superseded_at is not None:
        raise MailNotFailed
    if row.draft or (row.claimed_until is not None and row.claimed_until >= now):
        raise MailNotFailed
    return row


def _copy_to(mail: Outbox, address: str, now: datetime) -> Outbox:
    ahead = mail.not_before > now
    return Outbox(
        kind=mail.kind,
        channel=mail.channel,
        recipient=address,
        message_id=mail.message_id,
        payload=mail.payload,
        draft=mail.draft,
        meeting_id=mail.meeting_id,
        thread=mail.thread,
        reference=mail.reference,
        sequence=mail.sequence,
        created_at=mail.created_at,
        not_before=mail.not_before if ahead else now,
        not_after=mail.not_after,
        next_try=mail.not_before if ahead else now,
        attempts=0,
        notify=mail.notify,
    )


def _same_mail(row: Outbox) -> ColumnElement[bool]:
    return and_(Outbox.thread == row.thread, Outbox.sequence == row.sequence, Outbox.kind == row.kind)


def _record(session: Session, row: Outbox, action: str, actor: str, now: datetime) -> None:
    # Which mail, not to whom: the trail is kept after the address is erased.
    session.add(Audit(at=now, actor=actor, action=action, subject=f"mail:{row.id}", details={"kind": row.kind}))
