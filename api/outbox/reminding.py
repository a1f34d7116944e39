"""Reminders of meetings and events: when somebody is reminded (the day before, never in the night), and the text, which
is written when that time has come."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from api.clock import STOCKHOLM
from api.outbox import service
from api.outbox.message import Payload

log = logging.getLogger(__name__)

About = TypeVar("About")
"""What somebody is reminded of."""

_EARLIEST, _LATEST = time(9), time(17)
"""When people are reminded, as wall clock in Stockholm."""
_LEAST_AFTER_BOOKING = timedelta(hours=12)
"""Who has booked just now needs no reminder."""


def reminder_time(starts_at: datetime) -> datetime:
    """The day before, at the hour when it starts but between 9 and 17 in Stockholm; in UTC like `starts_at`."""
    local = starts_at.astimezone(STOCKHOLM)
    hour = min(max(local.time(), _EARLIEST), _LATEST)
    day = local.date() - timedelta(days=1)
    return datetime.combine(day, hour, STOCKHOLM).astimezone(starts_at.tzinfo)


def is_of_use(at: datetime, now: datetime) -> bool:
    """Whether a reminder at `at` tells somebody who books `now` anything they do not remember."""
    return at >= now + _LEAST_AFTER_BOOKING


def write_due(
    session: Session,
    kind: str,
    now: datetime,
    *,
    standing: Callable[[Collection[UUID]], Mapping[UUID, About]],
    mail: Callable[[About], Payload],
    sms: Callable[[About], str],
) -> int:
    """Write the text of every reminder of this kind whose time has come; returns how many.

    `standing` gives, of the ids of threads, what somebody still has to be reminded of; other reminders are dropped. One
    that cannot be written is logged by its error's class, leaves nothing behind and is tried again in a while.
    """
    drafts = service.due_drafts(session, now, kind)
    found = standing({row.thread for row in drafts if row.thread})
    written = 0
    for row in drafts:
        about = found.get(row.thread) if row.thread else None
        if about is None:
            service.drop(row, now)
            continue
        number = row.id
        try:
            with session.begin_nested():
                service.write(row, {"text": sms(about)} if row.channel == "sms" else mail(about))
            written += 1
        except Exception as error:
            log.error("reminder not written", extra={"outbox_id": number, "error": type(error).__name__})
            service.put_off(row, now, error=type(error).__name__)
    return written
