"""What the yearly report keeps of each day: languages, enquiries, and how far away the first free time was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.booking.waiting import openings_by_node
from api.chat.tables import Conversation, Message
from api.clock import stockholm_date
from api.contact.enquiries.tables import Enquiry
from api.insight.counting import store
from api.insight.days import FIRST_YEAR, begins
from api.insight.report.tables import FreeWait, Measure, ReportCount

EASY = "easy"
_BEGINNING = date(FIRST_YEAR, 1, 1)

Key = tuple[date, Measure, str]


@dataclass(frozen=True)
class Found:
    """Counts of the days that are over, and the wait of today by node (None: no free time)."""

    counts: Counter[Key]
    today: date
    waits: dict[str, int | None]


def collect(session: Session, now: datetime) -> Found:
    """Count what is not counted yet, up to yesterday in Sweden, and look at the free times once a day."""
    today = stockholm_date(now)
    counts: Counter[Key] = Counter()
    counts.update(_languages(session, _next_day(session, "language"), today))
    counts.update(_enquiries(session, _next_day(session, "enquiry"), today))
    seen = session.scalar(select(func.count()).select_from(FreeWait).where(FreeWait.day == today))
    waits = {} if seen else {one.node.slug: one.wait_days(now) for one in openings_by_node(session, now)}
    return Found(counts, today, waits)


def keep(session: Session, found: Found) -> None:
    """Store what `collect` has found; twice is as good as once."""
    counts = (
        {"day": day, "measure": measure, "value": value, "count": n}
        for (day, measure, value), n in found.counts.items()
    )
    store(session, ReportCount, counts, "set")
    waits = ({"day": found.today, "node": node, "days": days} for node, days in found.waits.items())
    store(session, FreeWait, waits, "keep")


def _next_day(session: Session, measure: Measure) -> date:
    last = session.scalar(select(func.max(ReportCount.day)).where(ReportCount.measure == measure))
    return last + timedelta(days=1) if last else _BEGINNING


def _languages(session: Session, first: date, today: date) -> Iterable[Key]:
    """Each talk once for each language it had an answer in beside ordinary Swedish."""
    said = Message.data["lang"].as_string()
    between = (Conversation.created_at >= begins(first), Conversation.created_at < begins(today))
    talks = select(Conversation.id, Conversation.created_at).join(Message, Message.conversation_id == Conversation.id)
    foreign = talks.add_columns(said).where(*between, said.is_not(None)).distinct()
    for _, created_at, language in session.execute(foreign):
        yield stockholm_date(created_at), "language", str(language)[:40]
    easy = talks.where(*between, Message.data["easy"].as_boolean().is_(True)).distinct()
    for _, created_at in session.execute(easy):
        yield stockholm_date(created_at), "language", EASY


def _enquiries(session: Session, first: date, today: date) -> Iterable[Key]:
    """Enquiries by matter, those that were taken back left out."""
    came = select(Enquiry.created_at, Enquiry.matter).where(
        Enquiry.created_at >= begins(first), Enquiry.created_at < begins(today), Enquiry.taken_back.is_(False)
    )
    for created_at, matter in session.execute(came):
        yield stockholm_date(created_at), "enquiry", matter
