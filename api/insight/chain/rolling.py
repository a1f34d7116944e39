"""The days that are over, rolled up into counts before retention erases what they were counted from.

A talk is counted once, on the morning after the day of its first words; erasing it later changes nothing. Meetings
and sign-ups keep their rows when their person is forgotten, so their latest weeks are counted anew each time: who came
is often ticked off afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from api.booking.tables import Counsellor, Meeting
from api.catalogue.tables import Node
from api.chat.tables import Conversation, Message
from api.clock import stockholm_date
from api.events.tables import Event, EventSignup
from api.insight.chain.tables import NO_NODE, ChainCount, Step
from api.insight.counting import store
from api.insight.days import FIRST_YEAR, begins

LATE = timedelta(days=60)
"""How long after an event or a meeting it may still be noted who came."""

_ANEW: tuple[Step, ...] = ("event", "visit", "meeting")
_BEGINNING = date(FIRST_YEAR, 1, 1)

Key = tuple[date, Step, str]


@dataclass(frozen=True)
class Found:
    """What the days that are over add up to. Steps in `anew` replace what is stored from that day on."""

    counts: Counter[Key]
    anew_from: date
    before: date


def collect(session: Session, now: datetime) -> Found:
    """Count what is not counted yet, up to yesterday in Sweden."""
    today = stockholm_date(now)
    anew_from = min(_next_day(session, _ANEW), today - LATE)
    slugs = dict(session.execute(select(Node.id, Node.slug)).all())
    counts: Counter[Key] = Counter()
    counts.update(_talks(session, _next_day(session, ("chat",)), today))
    counts.update(_meetings(session, slugs, anew_from, today))
    counts.update(_sign_ups(session, slugs, anew_from, today))
    return Found(counts, anew_from, today)


def keep(session: Session, found: Found) -> None:
    """Store what `collect` has found; twice is as good as once."""
    session.execute(
        delete(ChainCount).where(
            ChainCount.step.in_(_ANEW), ChainCount.day >= found.anew_from, ChainCount.day < found.before
        )
    )
    rows = [{"day": day, "step": step, "node": node, "count": n} for (day, step, node), n in found.counts.items()]
    store(session, ChainCount, rows, "set")


def _next_day(session: Session, steps: Iterable[Step]) -> date:
    last = session.scalar(select(func.max(ChainCount.day)).where(ChainCount.step.in_(tuple(steps))))
    return last + timedelta(days=1) if last else _BEGINNING


def _talks(session: Session, first: date, today: date) -> Iterable[Key]:
    """Talks in which somebody said something, at the node that was asked about first, if any.

    By the day of the first words: a chat that is opened late may be silent when its day is counted.
    """
    words = aliased(Message)
    between = (
        Conversation.active_at >= begins(first),  # what has an index; the rest follows
        words.turn == 1,
        words.sender == "user",
        words.created_at >= begins(first),
        words.created_at < begins(today),
    )
    began = select(Conversation.id, words.created_at).join(words, words.conversation_id == Conversation.id)
    place = Message.data["query"]["place"].as_string()
    asked = (
        select(Conversation.id, place)
        .join(words, words.conversation_id == Conversation.id)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(*between, place.is_not(None))
        .order_by(Message.turn.desc(), Message.position.desc())
    )
    places: dict[UUID, str] = dict(session.execute(asked).all())  # the first one is written last
    known = _nodes_by_place(session)
    for conversation_id, said_at in session.execute(began.where(*between)):
        yield stockholm_date(said_at), "chat", known.get(places.get(conversation_id, "").casefold(), NO_NODE)


def _nodes_by_place(session: Session) -> dict[str, str]:
    """Slugs by the name of the node's town or municipality."""
    nodes = list(session.scalars(select(Node)))
    return {node.municipality.name.casefold(): node.slug for node in nodes} | {
        node.town.casefold(): node.slug for node in nodes
    }


def _meetings(session: Session, slugs: dict[int, str], first: date, today: date) -> Iterable[Key]:
    """Meetings that took place."""
    held = (
        select(Meeting.starts_at, Counsellor.node_id)
        .join(Counsellor, Meeting.counsellor_id == Counsellor.id)
        .where(Meeting.status == "confirmed", Meeting.no_show.is_(False))
        .where(Meeting.starts_at >= begins(first), Meeting.starts_at < begins(today))
    )
    for starts_at, node_id in session.execute(held):
        yield stockholm_date(starts_at), "meeting", slugs.get(node_id, NO_NODE)


def _sign_ups(session: Session, slugs: dict[int, str], first: date, today: date) -> Iterable[Key]:
    """Who came; where nobody was ticked off, who had a place."""
    had_place = (
        select(Event.id, Event.kind, Event.node_id, Event.starts_at, EventSignup.status, func.count())
        .join(Event, EventSignup.event_id == Event.id)
        .where(Event.status == "published", EventSignup.status.in_(("signed", "attended", "absent")))
        .where(Event.starts_at >= begins(first), Event.starts_at < begins(today))
        .group_by(Event.id, Event.kind, Event.node_id, Event.starts_at, EventSignup.status)
    )
    rows = list(session.execute(had_place))
    ticked = {event_id for event_id, *_, status, _ in rows if status != "signed"}
    for event_id, kind, node_id, starts_at, status, count in rows:
        if status == "attended" or (status == "signed" and event_id not in ticked):
            step: Step = "visit" if kind == "study_visit" else "event"
            yield from [(stockholm_date(starts_at), step, slugs.get(node_id or 0, NO_NODE))] * count
