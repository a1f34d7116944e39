"""Each day's turns become figures, and copies of what staff should look at. Done by the worker before it erases.

A day is counted anew, whole, until it is closed on the second day after it: talks go on past midnight, and thumbs come
later. Days that were missed while no worker ran are made up for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, bindparam, delete, func, insert, select, text
from sqlalchemy.orm import Session

from api.chat.tables import Conversation, Message
from api.clock import Clock, stockholm_date
from api.database import Database, rowcount
from api.insight.asked.likeness import plain
from api.insight.asked.tables import InsightDay, Phrase, PlaceDay, TopicDay
from api.insight.asked.turns import Asked, bounds, turns_of
from api.insight.examples.tables import TrainingExample
from api.settings import Settings

OPEN_DAYS = 2
"""So many days after its end a day is counted for the last time."""
_LONGEST_ANSWER = 300
_COUNTED = ("not_understood", "thumbs_up", "thumbs_down", "dead_end")


Rows = list[dict[str, Any]]  # Any: values of columns
Turn = tuple[UUID, int]
"""A conversation, and which of its turns."""


@dataclass(frozen=True)
class Found:
    """What a day comes to: rows of the two tables of figures, the turns whose words staff will see, and the words."""

    day: date
    topics: Rows
    places: Rows
    wanted: dict[Turn, Asked]
    said: dict[Turn, tuple[str, str]]


def roll_up(database: Database, settings: Settings, clock: Clock) -> None:
    """Count every day that is not closed. A whole day is read without a lock, so that nobody waits; only what it came
    to is stored in a transaction of its own."""
    with database.transaction(read_only=True) as session:
        days = open_days(session, clock())
    for day in days:
        with database.transaction(read_only=True) as session:
            found = collect(session, day, settings, clock())
        with database.transaction() as session:
            keep(session, found, settings, clock())


def open_days(session: Session, now: datetime) -> list[date]:
    """The days to count, from the first that is not closed up to today."""
    today = stockholm_date(now)
    closed = session.scalar(select(func.max(InsightDay.day)).where(InsightDay.closed))
    if closed is not None:
        first = closed + timedelta(days=1)
    else:
        oldest = session.scalar(select(func.min(Conversation.created_at)))
        first = stockholm_date(oldest) if oldest else today
    return [first + timedelta(days=number) for number in range((today - first).days + 1)]


def collect(session: Session, day: date, settings: Settings, now: datetime) -> Found:
    """What `day` comes to as it is now. Only reads."""
    noteworthy: list[Asked] = []
    topics, places = _figures(day, _noting(turns_of(session, day), noteworthy))
    oldest = now - timedelta(days=settings.retention_phrases_days)
    wanted = {(one.conversation_id, one.turn): one for one in noteworthy if one.at >= oldest}
    return Found(day, topics, places, wanted, _said(session, {conversation_id for conversation_id, _ in wanted}))


def keep(session: Session, found: Found, settings: Settings, now: datetime) -> None:
    """Replace the figures of the day by what `collect` has found, unless it is closed. Workers take turns."""
    # Not through the ORM: with several workers on PostgreSQL the second one must wait, not fail.
    made = session.execute(
        text("INSERT INTO insight_day (day, closed) VALUES (:day, false) ON CONFLICT DO NOTHING").bindparams(
            bindparam("day", found.day, Date())
        )
    )
    row = session.get_one(InsightDay, found.day, with_for_update=True)
    if row.closed:
        return
    erased_before = now - timedelta(days=settings.retention_conversation_days)
    # Counting again what has begun to be erased would make the figures smaller.
    if rowcount(made) or bounds(found.day)[0] >= erased_before:
        _store_figures(session, found)
        _keep_phrases(session, found)
    row.closed = (stockholm_date(now) - found.day).days >= OPEN_DAYS
    session.flush()


def _noting(asked: Iterable[Asked], noteworthy: list[Asked]) -> Iterator[Asked]:
    """All of them, once; those whose words staff will see go into `noteworthy` on the way."""
    for one in asked:
        if one.not_understood or one.thumbs_down or one.dead_end:
            noteworthy.append(one)
        yield one


def _figures(day: date, asked: Iterable[Asked]) -> tuple[Rows, Rows]:
    """The rows of the day by topic and municipality, and those by municipality alone."""
    figures: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    talks: dict[tuple[str, str], set[UUID]] = defaultdict(set)
    places: dict[str, set[UUID]] = defaultdict(set)
    for one in asked:
        key = one.topic[:60], one.municipality[:60]
        figures[key].update(["turns", *(name for name in _COUNTED if getattr(one, name))])
        talks[key].add(one.conversation_id)
        if one.municipality:
            places[one.municipality[:60]].add(one.conversation_id)
    topics: Rows = [
        {
            "day": day,
            "topic": topic,
            "municipality": municipality,
            "turns": counted["turns"],
            "talks": len(talks[topic, municipality]),
            "not_understood": counted["not_understood"],
            "thumbs_up": counted["thumbs_up"],
            "thumbs_down": counted["thumbs_down"],
            "dead_ends": counted["dead_end"],
        }
        for (topic, municipality), counted in figures.items()
    ]
    return topics, [{"day": day, "municipality": name, "talks": len(some)} for name, some in places.items()]


def _store_figures(session: Session, found: Found) -> None:
    for model, rows in ((TopicDay, found.topics), (PlaceDay, found.places)):
        session.execute(delete(model).where(model.day == found.day))
        if rows:
            session.execute(insert(model), rows)


def _keep_phrases(session: Session, found: Found) -> None:
    begin, end = bounds(found.day)
    # Of a conversation that was erased since it was read nothing may be copied, and none may go until this is stored.
    there = _still_there(session, {conversation_id for conversation_id, _ in found.wanted})
    wanted = {key: one for key, one in found.wanted.items() if one.conversation_id in there}
    kept = {
        (phrase.conversation_id, phrase.turn): phrase
        for phrase in session.scalars(select(Phrase).where(Phrase.said_at >= begin, Phrase.said_at < end))
    }
    for key, phrase in kept.items():
        if key not in wanted and phrase.state == "open":  # the thumb was taken back
            session.delete(phrase)
    for key, one in wanted.items():
        question, answer = found.said.get(key, ("", ""))
        known = kept.get(key)
        if known is None:
            if not plain(question) or question.startswith("/"):
                continue
            known = Phrase(conversation_id=one.conversation_id, turn=one.turn, said_at=one.at, text=question)
            known.plain, known.state = plain(question)[:200], "open"
            session.add(known)
        known.municipality, known.topic = one.municipality[:60], one.topic[:60]
        known.answered, known.comment = answer[:_LONGEST_ANSWER], one.comment
        known.not_understood, known.thumbs_down, known.dead_end = one.not_understood, one.thumbs_down, one.dead_end
    session.flush()


def _still_there(session: Session, conversations: set[UUID]) -> set[UUID]:
    there: set[UUID] = set()
    every = sorted(conversations)
    for first in range(0, len(every), 500):
        rows = select(Conversation.id).where(Conversation.id.in_(every[first : first + 500])).order_by(Conversation.id)
        there.update(session.scalars(rows.with_for_update(read=True, key_share=True)))
    return there


def _said(session: Session, conversations: set[UUID]) -> dict[Turn, tuple[str, str]]:
    """(conversation, turn) → the person's message and the first words of the answer."""
    found: dict[Turn, tuple[str, str]] = {}
    every = sorted(conversations)
    for first in range(0, len(every), 500):
        rows = select(Message.conversation_id, Message.turn, Message.sender, Message.text).where(
            Message.conversation_id.in_(every[first : first + 500]), Message.turn > 0
        )
        for conversation_id, turn, sender, words in session.execute(
            rows.order_by(Message.conversation_id, Message.turn, Message.position)
        ):
            question, answer = found.get((conversation_id, turn), ("", ""))
            found[conversation_id, turn] = (words, answer) if sender == "user" else (question, answer or words)
    return found


def erase_old_phrases(session: Session, settings: Settings, now: datetime) -> int:
    """Erase copies of messages older than the set number of days, and what waits to be approved of them; how many.

    Approved examples lead back to nobody and stay.
    """
    limit = now - timedelta(days=settings.retention_phrases_days)
    waiting = delete(TrainingExample).where(TrainingExample.state == "waiting", TrainingExample.said_at < limit)
    return sum(rowcount(session.execute(each)) for each in (delete(Phrase).where(Phrase.said_at < limit), waiting))
