"""Messages that staff should look at, those that are alike together: assign, propose a new topic, dismiss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.clock import stockholm_date
from api.database import rowcount
from api.errors import NotFound
from api.insight.asked.figures import large_enough
from api.insight.asked.likeness import alike, grouped
from api.insight.asked.tables import Phrase
from api.staff import audit

REASONS = {
    "": None,
    "oforstadda": Phrase.not_understood,
    "tummen-ner": Phrase.thumbs_down,
    "atervandsgrander": Phrase.dead_end,
}
"""What the list can be narrowed to."""
MOST_GROUPS = 50
MOST_COMPARED = 400
"""So many different texts are compared with each other: the most frequent, then the newest."""
MOST_IN_GROUP = 60
_PLACE_DAYS = 90


@dataclass(frozen=True)
class Group:
    """Messages that say the same, by the text of the one that was sent most."""

    id: int
    text: str
    count: int
    day: date
    not_understood: int
    thumbs_down: int
    dead_ends: int


@dataclass(frozen=True)
class Said:
    """One message as staff see it: without anything that leads to who sent it. `municipality` only of a large one."""

    id: int
    text: str
    plain: str
    day: date
    topic: str
    answered: str
    comment: str
    municipality: str
    not_understood: bool
    thumbs_down: bool
    dead_end: bool


def count_open(session: Session) -> int:
    """How many messages wait to be looked at."""
    return session.scalar(select(func.count()).where(Phrase.state == "open")) or 0


def groups(session: Session, reason: str = "") -> tuple[list[Group], int]:
    """The groups with most messages first, at most MOST_GROUPS, and how many messages there are in all."""
    column = REASONS[reason]
    wanted = (Phrase.state == "open", *([column] if column is not None else []))
    texts = session.execute(
        select(
            Phrase.plain,
            func.min(Phrase.id),
            func.count(),
            func.max(Phrase.said_at),
            func.count().filter(Phrase.not_understood),
            func.count().filter(Phrase.thumbs_down),
            func.count().filter(Phrase.dead_end),
        )
        .where(*wanted)
        .group_by(Phrase.plain)
        .order_by(func.count().desc(), func.max(Phrase.said_at).desc(), Phrase.plain)
        .limit(MOST_COMPARED)
    ).all()
    leader_of = grouped(row[0] for row in texts)
    sums: dict[str, Counter[str]] = {}
    latest: dict[str, datetime] = {}
    first: dict[str, int] = {}
    for plain, number, count, at, missed, down, dead in texts:
        leader = leader_of[plain]
        sums.setdefault(leader, Counter()).update({"all": count, "missed": missed, "down": down, "dead": dead})
        latest[leader] = max(latest.get(leader, at), at)
        first.setdefault(leader, number)
    chosen = sorted(sums, key=lambda leader: (-sums[leader]["all"], -latest[leader].timestamp()))[:MOST_GROUPS]
    shown = {
        phrase.id: phrase.text
        for phrase in session.scalars(select(Phrase).where(Phrase.id.in_([first[leader] for leader in chosen])))
    }
    total = session.scalar(select(func.count()).where(*wanted)) or 0
    return [
        Group(
            first[leader],
            shown[first[leader]],
            sums[leader]["all"],
            stockholm_date(latest[leader]),
            sums[leader]["missed"],
            sums[leader]["down"],
            sums[leader]["dead"],
        )
        for leader in chosen
    ], total


def group_of(session: Session, phrase_id: int, now: datetime) -> list[Said]:
    """An open message and those like it, itself first, then the latest. Raises NotFound."""
    one = session.get(Phrase, phrase_id)
    if one is None or one.state != "open":
        raise NotFound
    texts = session.scalars(select(Phrase.plain).where(Phrase.state == "open").distinct()).all()
    same = {texts[place] for place in alike(one.plain, texts)[:MOST_IN_GROUP]} | {one.plain}
    rows = session.scalars(
        select(Phrase)
        .where(Phrase.state == "open", Phrase.plain.in_(same))
        .order_by(Phrase.plain != one.plain, Phrase.said_at.desc())
        .limit(MOST_IN_GROUP)
    )
    today = stockholm_date(now)
    large = large_enough(session, today - timedelta(days=_PLACE_DAYS), today)
    return [_said(row, large) for row in rows]


def chosen(session: Session, ids: Collection[int]) -> Sequence[Phrase]:
    """Open messages by their numbers, locked, in order."""
    rows = select(Phrase).where(Phrase.id.in_(ids), Phrase.state == "open").order_by(Phrase.id)
    return session.scalars(rows.with_for_update()).all()


def dismiss(session: Session, ids: Collection[int], *, at: datetime, actor: str) -> int:
    """These need no looking at; how many they were."""
    done = rowcount(
        session.execute(update(Phrase).where(Phrase.id.in_(ids), Phrase.state == "open").values(state="dismissed"))
    )
    if done:
        audit.record(session, at=at, actor=actor, action="phrase.dismiss", subject="insight_phrase", rows=done)
    return done


def _said(row: Phrase, large: Collection[str]) -> Said:
    return Said(
        id=row.id,
        text=row.text,
        plain=row.plain,
        day=stockholm_date(row.said_at),
        topic=row.topic,
        answered=row.answered,
        comment=row.comment,
        municipality=row.municipality if row.municipality in large else "",
        not_understood=row.not_understood,
        thumbs_down=row.thumbs_down,
        dead_end=row.dead_end,
    )
