"""Writing mails into the outbox, and taking them out in the right order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, true, update
from sqlalchemy.orm import Session, aliased

from api.outbox.message import Payload
from api.outbox.tables import Channel, Outbox

LEASE = timedelta(minutes=5)
"""How long a claim lasts; longer than a batch can take, so that nobody else sends the same mail meanwhile."""
BATCH = 5
GIVE_UP_AFTER = timedelta(hours=48)
DRAFT_PAUSE = timedelta(minutes=15)
"""Until a draft is tried again whose text could not be written."""
UNREACHED = "unreached "
"""Begins the `last_error` of a mail that no server was there to take: it was never handed over."""
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True)
class Claim:
    """A mail that this process may send until `lease`."""

    id: int
    kind: str
    channel: Channel
    recipient: str
    message_id: str
    payload: Payload
    created_at: datetime
    dated_at: datetime
    """Its `Date`: when it was written, or was to leave if that was later. The same over every attempt, until staff send
    anew what was given up."""
    lease: datetime

    @classmethod
    def of(cls, row: Outbox) -> Claim:
        """What the row of a claimed mail says."""
        return cls(
            row.id,
            row.kind,
            row.channel,
            row.recipient,
            row.message_id,
            cast(Payload, row.payload),
            row.created_at,
            max(row.created_at, row.not_before),
            cast(datetime, row.claimed_until),
        )


def enqueue(
    session: Session,
    *,
    kind: str,
    recipient: str,
    message_id: str,
    payload: Payload | None,
    now: datetime,
    channel: Channel = "mail",
    meeting_id: UUID | None = None,
    thread: UUID | None = None,
    reference: str | None = None,
    sequence: int = 0,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    notify: str | None = None,
) -> Outbox:
    """Write a mail in the caller's transaction: it is sent if, and only if, its cause is committed.

    `message_id` without angle brackets, unique for ever. Without `payload` it is a draft, whose text is to be written
    (`due_drafts`, `write`) when its time has come. `notify` is told if the mail is given up. A mail about a meeting
    names it; one about something else has its id as `thread` and its code as `reference`. IntegrityError when the same
    revision is announced twice to one recipient with the same kind.
    """
    row = Outbox(
        kind=kind,
        channel=channel,
        recipient=recipient,
        message_id=message_id,
        payload=dict(payload or {}),
        draft=payload is None,
        meeting_id=meeting_id,
        thread=thread or meeting_id,
        reference=reference,
        sequence=sequence,
        created_at=now,
        not_before=not_before or now,
        not_after=not_after,
        next_try=not_before or now,
        attempts=0,
        notify=notify,
    )
    session.add(row)
    return row


def supersede(
    session: Session, thread: UUID, now: datetime, *, invitations_to: Collection[str] | None = None
) -> frozenset[str]:
    """Drop the mails of a thread that were not sent, because a newer revision follows in this transaction.

    One that is being sent right now is left alone and keeps the newer waiting. A CANCEL is kept: it may be to a
    counsellor who has the meeting in the calendar but nothing to do with the newer revision. What is dropped loses its
    text. With `invitations_to` only these addresses hear of the newer revision, so nothing but a REQUEST to one of them
    is dropped.
    Returns the addresses that something may have reached: an attempt that failed may have arrived all the same.
    Whoever is not among them needs no cancellation.
    """
    rows = session.scalars(
        select(Outbox)
        .where(Outbox.thread == thread)
        .order_by(Outbox.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        being_sent = row.claimed_until is not None and row.claimed_until >= now
        if invitations_to is None:
            outdated = row.kind != "CANCEL"
        else:
            outdated = row.kind == "REQUEST" and row.recipient in invitations_to
        if outdated and row.sent_at is None and row.superseded_at is None and not being_sent:
            drop(row, now)
    return frozenset(row.recipient for row in rows if row.attempts > 0)


def address_now(session: Session, thread: UUID, address: str) -> str:
    """Where mails of a thread to `address` go since staff have sent one of them elsewhere."""
    moves = session.execute(
        select(Outbox.recipient, Outbox.redirected_to)
        .where(Outbox.thread == thread, Outbox.redirected_to.is_not(None))
        .order_by(Outbox.id)
    )
    for recipient, other in moves:
        if other and recipient == address:
            address = other
    return address


def drop(row: Outbox, now: datetime) -> None:
    """It is of no use any more."""
    row.superseded_at, row.payload, row.draft = now, {}, False


def has_due_drafts(session: Session, now: datetime, kind: str) -> bool:
    """Whether there are drafts of this kind whose text must be written now."""
    return session.scalar(select(Outbox.id).where(*_due_draft(now, kind)).limit(1)) is not None


def due_drafts(session: Session, now: datetime, kind: str) -> list[Outbox]:
    """Drafts of this kind whose text must be written now, locked; others' locked ones are left to them."""
    due = select(Outbox).where(*_due_draft(now, kind)).order_by(Outbox.id).with_for_update(skip_locked=True, of=Outbox)
    return list(session.scalars(due))


def write(row: Outbox, payload: Mapping[str, object]) -> None:
    """Give a draft its text; it may be sent from now on."""
    row.payload, row.draft, row.last_error = dict(payload), False, None


def put_off(row: Outbox, now: datetime, *, error: str) -> None:
    """A draft whose text could not be written: it is tried again in a while. `error` is the name of an error."""
    row.next_try, row.last_error = now + DRAFT_PAUSE, error[:80]


def claim(session: Session, now: datetime, *, limit: int = BATCH) -> list[Claim]:
    """Take up to `limit` due mails, oldest first, for `LEASE`. Commit before sending.

    A mail waits for every unfinished mail of lower `sequence` of the same thread to the same recipient, and within a
    revision for those that were written before it, unless one of the two was planned for later. One that was to leave
    at once, and was written in what is still to come, is due all the same: the clock was set back. On PostgreSQL
    several workers skip each other's rows; on SQLite the write transaction lets in one at a time.
    """
    _drop_late(session, now)
    earlier = aliased(Outbox)
    waits = exists().where(
        earlier.thread == Outbox.thread,
        earlier.recipient == Outbox.recipient,
        or_(earlier.sequence < Outbox.sequence, and_(earlier.sequence == Outbox.sequence, _ahead_of_it(earlier))),
        is_open(earlier),
    )
    due = (
        select(Outbox)
        .where(is_open(Outbox), ~Outbox.draft, _is_time(now), is_free(now), ~waits)
        .order_by(Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Outbox)
    )
    rows = session.scalars(due).all()
    for row in rows:
        row.claimed_until = now + LEASE
        row.not_before = min(row.not_before, now)  # what counts for the next attempt, once the clock was set back
        row.attempts += 1
    return [Claim.of(row) for row in rows]


def mark_sent(session: Session, claim_id: int, now: datetime) -> None:
    """The server has taken the mail: nobody needs its text any more, so only what the order goes by is kept."""
    row = session.get(Outbox, claim_id, with_for_update=True)
    if row is not None:  # gone when the person was forgotten while it was sent
        row.payload = {}
        row.sent_at, row.claimed_until, row.last_error = now, None, None


def mark_failed(
    session: Session, claim: Claim, now: datetime, *, error: str, permanent: bool, jitter: float
) -> Outbox | None:
    """The mail was not taken: plan the next attempt, or give up; returns the row if it was given up.

    Given up when the server said it never will (5xx), or 48 hours after it should first have left.
    `jitter` in [0, 1) spreads the attempts; `error` is a reply code or the name of an error. Nothing happens when the
    lease has run out and somebody else has taken the mail meanwhile.
    """
    row = session.get(Outbox, claim.id, with_for_update=True)
    if row is None or row.claimed_until != claim.lease:
        return None
    row.claimed_until, row.last_error = None, error[:80]
    row.next_try = now + backoff(row.attempts, jitter)
    if permanent or now - row.not_before >= GIVE_UP_AFTER:
        row.dead_at = now
        return row
    return None


def hurry(session: Session, now: datetime) -> None:
    """The server answers again: mails that only waited because nobody answered need not wait out their pause."""
    session.execute(
        update(Outbox)
        .where(is_open(Outbox), Outbox.next_try > now, Outbox.last_error.startswith(UNREACHED), is_free(now))
        .values(next_try=now)
        .execution_options(synchronize_session=False)
    )


def backoff(attempts: int, jitter: float) -> timedelta:
    """How long to wait after the `attempts`-th failure: 1, 2, 4 … minutes up to 6 hours, ± 20 % by `jitter`."""
    wait = min(_FIRST_WAIT * 2.0 ** min(attempts - 1, 20), _LONGEST_WAIT)
    return wait * (0.8 + 0.4 * jitter)


def is_open(outbox: Any) -> ColumnElement[bool]:  # Any: the table or an alias of it
    """Neither sent, nor given up, nor dropped."""
    return and_(outbox.sent_at.is_(None), outbox.dead_at.is_(None), outbox.superseded_at.is_(None))


def is_free(now: datetime) -> ColumnElement[bool]:
    """Nobody is sending it at the moment."""
    return or_(Outbox.claimed_until.is_(None), Outbox.claimed_until < now)


def _ahead_of_it(earlier: Any) -> ColumnElement[bool]:  # Any: an alias of the table
    # A reminder is filed together with the letter of its revision, and leaves when its hour has come.
    at_once = and_(earlier.not_before <= earlier.created_at, Outbox.not_before <= Outbox.created_at)
    return and_(earlier.id < Outbox.id, ~earlier.draft, at_once)


def _due_draft(now: datetime, kind: str) -> tuple[ColumnElement[bool], ...]:
    due = and_(Outbox.not_before <= now, Outbox.next_try <= now)
    return is_open(Outbox), Outbox.kind == kind, Outbox.draft == true(), due


def _is_time(now: datetime) -> ColumnElement[bool]:
    set_back = and_(Outbox.created_at > now, Outbox.not_before <= Outbox.created_at, Outbox.attempts == 0)
    return or_(and_(Outbox.not_before <= now, Outbox.next_try <= now), set_back)


def _drop_late(session: Session, now: datetime) -> None:
    session.execute(
        update(Outbox)
        .where(is_open(Outbox), Outbox.not_after <= now, is_free(now))
        .values(superseded_at=now, payload={}, draft=False)
        .execution_options(synchronize_session=False)
    )
