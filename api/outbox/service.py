"""Writing mails into the outbox, and taking them out in the right order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from api.database import rowcount
from api.outbox.message import Payload
from api.outbox.tables import Outbox

LEASE = timedelta(minutes=5)
"""How long a claim lasts; longer than a batch can take, so that nobody else sends the same mail meanwhile."""
BATCH = 5
GIVE_UP_AFTER = timedelta(hours=48)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True)
class Claim:
    """A mail that this process may send until its lease is over."""

    id: int
    kind: str
    recipient: str
    message_id: str
    payload: Payload
    created_at: datetime


def enqueue(
    session: Session,
    *,
    kind: str,
    recipient: str,
    message_id: str,
    payload: Payload,
    now: datetime,
    meeting_id: UUID | None = None,
    sequence: int = 0,
    not_before: datetime | None = None,
) -> Outbox:
    """Write a mail in the caller's transaction: it is sent if, and only if, its cause is committed.

    `message_id` without angle brackets, unique for ever. IntegrityError when the same revision of a meeting is
    announced twice to one recipient with the same kind.
    """
    row = Outbox(
        kind=kind,
        recipient=recipient,
        message_id=message_id,
        payload=dict(payload),
        meeting_id=meeting_id,
        sequence=sequence,
        created_at=now,
        not_before=not_before or now,
        next_try=not_before or now,
        attempts=0,
    )
    session.add(row)
    return row


def supersede(session: Session, meeting_id: UUID, now: datetime) -> int:
    """Stop retrying older mails of a meeting, because a newer revision follows in this transaction.

    Only mails that were tried and failed: one never tried goes out first, in order, and one being sent right now
    keeps the newer waiting. The newer mail is always sent, since a failed attempt may have arrived. What is
    superseded loses its text: it is never sent.
    """
    result = session.execute(
        update(Outbox)
        .where(
            Outbox.meeting_id == meeting_id,
            _open(Outbox),
            Outbox.attempts > 0,
            or_(Outbox.claimed_until.is_(None), Outbox.claimed_until < now),
        )
        .values(superseded_at=now, payload={})
        .execution_options(synchronize_session=False)
    )
    return rowcount(result)


def claim(session: Session, now: datetime, *, limit: int = BATCH) -> list[Claim]:
    """Take up to `limit` due mails, oldest first, for `LEASE`. Commit before sending.

    A mail waits for every unfinished mail of lower `sequence` of the same meeting to the same recipient. On
    PostgreSQL several workers skip each other's rows; on SQLite the write transaction lets in one at a time.
    """
    earlier = aliased(Outbox)
    waits = exists().where(
        earlier.meeting_id == Outbox.meeting_id,
        earlier.recipient == Outbox.recipient,
        earlier.sequence < Outbox.sequence,
        _open(earlier),
    )
    due = (
        select(Outbox)
        .where(
            _open(Outbox),
            Outbox.not_before <= now,
            Outbox.next_try <= now,
            or_(Outbox.claimed_until.is_(None), Outbox.claimed_until < now),
            ~waits,
        )
        .order_by(Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Outbox)
    )
    rows = session.scalars(due).all()
    for row in rows:
        row.claimed_until = now + LEASE
        row.attempts += 1
    return _as_claims(rows)


def mark_sent(session: Session, claim_id: int, now: datetime) -> None:
    """The server has taken the mail: nobody needs its text any more, so only what the order goes by is kept."""
    row = session.get_one(Outbox, claim_id)
    row.payload = {}
    row.sent_at, row.claimed_until, row.last_error = now, None, None


def mark_failed(session: Session, claim_id: int, now: datetime, *, error: str, permanent: bool, jitter: float) -> bool:
    """The mail was not taken: plan the next attempt, or give up (returns True).

    Given up when the server said it never will (5xx), or 48 hours after it should first have left.
    `jitter` in [0, 1) spreads the attempts; `error` is a reply code or the name of an error.
    """
    row = session.get_one(Outbox, claim_id)
    row.claimed_until, row.last_error = None, error[:80]
    row.next_try = now + backoff(row.attempts, jitter)
    if permanent or now - row.not_before >= GIVE_UP_AFTER:
        row.dead_at = now
    return row.dead_at is not None


def backoff(attempts: int, jitter: float) -> timedelta:
    """How long to wait after the `attempts`-th failure: 1, 2, 4 … minutes up to 6 hours, ± 20 % by `jitter`."""
    wait = min(_FIRST_WAIT * 2.0 ** min(attempts - 1, 20), _LONGEST_WAIT)
    return wait * (0.8 + 0.4 * jitter)


def _open(outbox: Any) -> ColumnElement[bool]:  # Any: the table or an alias of it
    return and_(outbox.sent_at.is_(None), outbox.dead_at.is_(None), outbox.superseded_at.is_(None))


def _as_claims(rows: Sequence[Outbox]) -> list[Claim]:
    return [
        Claim(row.id, row.kind, row.recipient, row.message_id, cast(Payload, row.payload), row.created_at)
        for row in rows
    ]
