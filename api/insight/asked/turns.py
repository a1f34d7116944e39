"""The turns of a day, as they are counted: read from the conversations before these are erased."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from api.chat.tables import Conversation, Message
from api.guidance.answers import FALLBACK_TOPIC
from api.insight.days import begins

UNAVAILABLE = "unavailable"
"""Stands for the topic where the assistant was down: nobody can say whether it would have understood."""

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Asked:
    """One turn: what was asked about, by people who talked about which municipality (empty for none), and how it went.

    `dead_end`: the talk ended here with something not understood or a thumb down, or it was the second message in a
    row that was not understood.
    """

    conversation_id: UUID
    turn: int
    at: datetime
    topic: str
    municipality: str
    thumbs_up: bool
    thumbs_down: bool
    comment: str
    not_understood: bool
    dead_end: bool


def bounds(day: date) -> tuple[datetime, datetime]:
    """When a Swedish calendar day begins and ends, in UTC; 23 or 25 hours where the clock is changed."""
    return begins(day), begins(day + timedelta(days=1))


def turns_of(session: Session, day: date) -> Iterator[Asked]:
    """Every turn of that day whose conversation is still there, one after the other: a day may have many."""
    begin, end = bounds(day)
    place = Message.data["query"]["place"].as_string()
    down = Message.data["unavailable"].as_boolean()
    rows = session.execute(
        select(
            Message.conversation_id,
            Conversation.turns,
            Message.turn,
            Message.sender,
            Message.topic,
            Message.feedback,
            Message.feedback_comment,
            Message.created_at,
            place.label("place"),
            down.label("down"),
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        # All turns of these conversations: whether one was a dead end depends on those before and after it.
        .where(Conversation.active_at >= begin, Conversation.created_at < end, Message.turn > 0)
        .order_by(Message.conversation_id, Message.turn, Message.position)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    for _, talk in groupby(rows, key=lambda row: row.conversation_id):
        yield from (asked for asked in _read(talk) if begin <= asked.at < end)


def _read(talk: Iterable[Row[Any]]) -> Iterator[Asked]:  # Any: the columns above
    missed_before = False
    for number, group in groupby(talk, key=lambda row: row.turn):
        messages = [row for row in group if row.sender == "bot"]
        if not messages:
            continue
        first = messages[0]
        topic = UNAVAILABLE if first.down else first.topic or ""
        missed = topic == FALLBACK_TOPIC
        thumbs_down = any(row.feedback == "down" for row in messages)
        yield Asked(
            conversation_id=first.conversation_id,
            turn=number,
            at=first.created_at,
            topic=topic,
            municipality=next((row.place for row in messages if row.place), ""),
            thumbs_up=any(row.feedback == "up" for row in messages),
            thumbs_down=thumbs_down,
            comment=next((row.feedback_comment for row in messages if row.feedback_comment), ""),
            not_understood=missed,
            dead_end=(missed and missed_before) or (number == first.turns and (missed or thumbs_down)),
        )
        missed_before = missed
