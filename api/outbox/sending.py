"""One round of the outbox: claim, send, mark, each step in a transaction of its own."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass
from datetime import timedelta

from api.clock import Clock
from api.database import Database
from api.outbox import service
from api.outbox.delivery import DeliveryFailed, Mailer
from api.outbox.notices import Notices
from api.outbox.service import Claim
from api.outbox.sms import SmsSender

log = logging.getLogger(__name__)

_MARGIN = timedelta(minutes=1)
"""Longer than one mail can take. With less than this left of the lease a mail is not begun: others may have it soon."""


@dataclass(frozen=True)
class Senders:
    """The ways out. Without `sms` a text message that lies in the outbox is given up, and staff see it."""

    mail: Mailer
    sms: SmsSender | None = None

    async def deliver(self, claim: Claim) -> None:
        """Hand it over, or raise DeliveryFailed."""
        if claim.channel == "mail":
            await self.mail.deliver(claim)
        elif self.sms is None:
            raise DeliveryFailed("NoSmsProvider", permanent=True)
        else:
            await self.sms.send(claim.recipient, claim.payload["text"], message_id=claim.message_id)


async def send_due(
    database: Database, senders: Senders | Mailer, clock: Clock, *, notices: Notices | None = None
) -> int:
    """Send every mail that is due; returns how many were taken. `notices` tells another mailbox of those given up.

    The claim is committed before anything is sent: whoever dies in between leaves the mail to the next round after
    the lease, with the same Message-ID, UID and SEQUENCE, so that a mail that arrives twice does no harm.
    """
    ways = senders if isinstance(senders, Senders) else Senders(senders)
    sent = 0
    while claims := await asyncio.to_thread(_claim, database, clock):
        for claim in claims:
            if clock() + _MARGIN < claim.lease:
                sent += await _send(database, ways, claim, clock, notices)
    return sent


async def _send(database: Database, ways: Senders, claim: Claim, clock: Clock, notices: Notices | None) -> bool:
    try:
        await ways.deliver(claim)
    except DeliveryFailed as failure:
        await asyncio.to_thread(_mark_failed, database, claim, failure, clock, notices)
        return False
    except Exception as error:  # nobody foresaw it: this mail is given up in time, and the others go on
        unforeseen = DeliveryFailed(type(error).__name__, permanent=False)
        await asyncio.to_thread(_mark_failed, database, claim, unforeseen, clock, notices)
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
        service.hurry(session, clock())
    log.info("mail sent", extra={"outbox_id": claim.id, "mail_kind": claim.kind})


def _mark_failed(
    database: Database, claim: Claim, failure: DeliveryFailed, clock: Clock, notices: Notices | None
) -> None:
    jitter = random.random()  # noqa: S311 - spreads attempts, guards nothing
    with database.transaction() as session:
        dead = service.mark_failed(
            session, claim, clock(), error=failure.reason, permanent=failure.permanent, jitter=jitter
        )
        if dead is not None and notices is not None:
            notices.tell(session, dead, clock())
    log.log(
        logging.ERROR if dead else logging.WARNING,
        "mail given up" if dead else "mail not taken, will be tried again",
        extra={"outbox_id": claim.id, "mail_kind": claim.kind, "reason": failure.reason},
    )
