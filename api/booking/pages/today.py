"""What the start page says to a counsellor: how many meetings are left today, and when the next one is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking.pages.showing import PATH, clock_of
from api.booking.tables import Counsellor, Meeting
from api.clock import STOCKHOLM, stockholm_date
from api.staff.chores import Chore, Chores
from api.texts import Texts

TEXTS = Texts.beside(__file__)


def _today(session: Session, now: datetime, account_id: int) -> Iterable[Chore]:
    midnight = datetime.combine(stockholm_date(now) + timedelta(days=1), time.min, STOCKHOLM).astimezone(UTC)
    starts = session.scalars(
        select(Meeting.starts_at)
        .join(Counsellor, Counsellor.id == Meeting.counsellor_id)
        .where(
            Counsellor.account_id == account_id,
            Meeting.status == "confirmed",
            Meeting.ends_at > now,
            Meeting.starts_at < midnight,
        )
        .order_by(Meeting.starts_at)
    ).all()
    if starts:
        yield Chore(TEXTS("chore_today", clock=clock_of(starts[0])), len(starts), PATH)


chores = Chores(PATH, lambda session, now: (), _today)
