"""One round of the outbox: claim, send, mark, each step in a transaction of its own."""

from __future__ import annotations

import asyncio
import logging
import random

from api.clock import Clock
from api.database import Database
from api.outbox import service
from api.outbox.delivery import DeliveryFailed, Mailer
from api.outbox.service import Claim

log = logging.getLogger(__name__)


async def send_due(database: Database, mailer: Mailer, clock: Clock) -> int:
    """Send every mail that is due; returns how many were taken.

    The claim is committed before anything is sent: whoever dies in between leaves the mail to the next round after
    the lease, with the same Message-ID, UID and SEQUENCE, so that a mail that arrives twice does no harm.
    """
    sent = 0
    while claims := await asyncio.to_thread(_claim, database, clock):
        for claim in claims:
            sent += await _send(database, mailer, claim, clock)
    return sent


async def _send(database: Database, mailer: Mailer, claim: Claim, clock: Clock) -> bool:
    try:
        await mailer.deliver(claim)
    except DeliveryFailed as failure:
        await asyncio.to_thread(_mark_failed, database, claim, failure, clock)
        return False
    except Exception as error:  # nobody foresaw it: this mail is given up in time, and the others go on
        unforeseen = DeliveryFailed(type(error).__name__, permanent=False)
        await asyncio.to_thread(_mark_failed, database, claim, unforeseen, clock)
        return False
    await asyncio.to_thread(_mark_sent, database, claim, clock)
    return True


# The database is waited for in threads: a busy one must not keep the process from being stopped.


def _claim(database: Database, clock: Clock) -> list[Claim]:
    with database.transaction() as session:
        return service.claim(session, clock())


def _mark_sent(database: Database, claim: Claim, clock: Clock) -> None:
    with database.transaction() as session:
        service.mark_sent(session, claim.id, clock())
    log.info("mail sent", extra={"outbox_id": claim.id, "mail_kind": claim.kind})


def _mark_failed(database: Database, claim: Claim, failure: DeliveryFailed, clock: Clock) -> None:
    jitter = random.random()  # noqa: S311 - spreads attempts, guards nothing
    with database.transaction() as session:
        dead = service.mark_failed(
            session, claim.id, clock(), error=failure.reason, permanent=failure.permanent, jitter=jitter
        )
    log.log(
        logging.ERROR if dead else logging.WARNING,
        "mail given up" if dead else "mail not taken, will be tried again",
        extra={"outbox_id": claim.id, "mail_kind": claim.kind, "reason": failure.reason},
    )
