"""Conversations as the chat stores them, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from api.chat import service
from api.chat.tables import Conversation, Message
from api.clock import STOCKHOLM
from api.guidance.answers import FALLBACK_TOPIC
from api.replies import Reply

MISSED = FALLBACK_TOPIC


@dataclass(frozen=True)
class Said:
    """One turn: the message, what it was taken for, and the thumb."""

    text: str
    topic: str = "cost"
    place: str = ""
    thumb: str = ""
    comment: str = ""
    down: bool = False
    after: timedelta = timedelta(seconds=30)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment on the clock in Sweden."""
    return datetime(year, month, day, hour, minute, tzinfo=STOCKHOLM).astimezone(UTC)


def talk(session: Session, at: datetime, *turns: Said) -> UUID:
    """A conversation that began then, with its greeting."""
    conversation = Conversation(id=uuid4(), token_hash="x" * 64, created_at=at, active_at=at, turns=0)
    session.add(conversation)
    session.flush()
    service.add_turn(session, conversation, None, [service.bot_message(Reply(text="Hej!"), "greet", {})], at)
    for said in turns:
        at += said.after
        say(session, conversation, at, said)
    return conversation.id


def say(session: Session, conversation: Conversation, at: datetime, said: Said) -> Message:
    """One more turn; the bot's message."""
    reply = Reply(text=f"Svar om {said.topic}", data={"unavailable": True} if said.down else {})
    answer = service.bot_message(reply, said.topic, {"place": said.place} if said.place else {})
    answer.feedback, answer.feedback_comment = said.thumb or None, said.comment or None
    service.add_turn(session, conversation, service.user_message(said.text, None), [answer], at)
    return answer


def many(session: Session, at: datetime, count: int, said: Said) -> Sequence[UUID]:
    """That many conversations with this one turn."""
    return [talk(session, at, said) for _ in range(count)]
