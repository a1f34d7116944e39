"""Conversations and messages in the database."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.chat.errors import ChoiceUnknown
from api.chat.incoming import tidy
from api.chat.schemas import ChoiceOut, MessageOut
from api.chat.tables import Conversation, Message
from api.errors import NotFound, Unauthorized
from api.privacy.masking import mask_all
from api.replies import Reply

BOT, USER = "bot", "user"
_LATEST, _OLDER = 8, 192
"""Messages of the bot that a pressed choice is looked for in: first the latest, then those before."""


def start_conversation(session: Session, now: datetime) -> tuple[Conversation, str]:
    """A new conversation and its token (256 bits; only its hash is stored)."""
    token = secrets.token_urlsafe(32)
    conversation = Conversation(token_hash=_hash(token), created_at=now, active_at=now, turns=0)
    session.add(conversation)
    session.flush()
    return conversation, token


def open_conversation(session: Session, conversation_id: UUID, token: str) -> Conversation:
    """The conversation, for the holder of its token. An unknown id and a wrong token look the same (401)."""
    conversation = session.get(Conversation, conversation_id)
    expected = conversation.token_hash if conversation else _hash("")
    if not hmac.compare_digest(expected, _hash(token)) or conversation is None:
        raise Unauthorized
    return conversation


def repeated_turn(session: Session, conversation_id: UUID, client_id: str | None) -> int | None:
    """The turn that a message with this client id already got its answer in."""
    if client_id is None:
        return None
    return session.scalar(
        select(Message.turn).where(Message.conversation_id == conversation_id, Message.client_id == client_id)
    )


def find_choice(session: Session, conversation_id: UUID, choice_id: UUID) -> dict[str, str]:
    """The offered choice `{id, title, payload}`, newest first. Raises ChoiceUnknown."""
    newest_first = (
        select(Message.choices)
        .where(Message.conversation_id == conversation_id, Message.sender == BOT)
        .order_by(Message.turn.desc(), Message.position.desc())
    )
    # Nearly always it is one of the latest; reading all of them for that would make long conversations slow.
    for part in (newest_first.limit(_LATEST), newest_first.offset(_LATEST).limit(_OLDER)):
        for choices in session.scalars(part):
            for choice in choices:
                if choice["id"] == str(choice_id):
                    return choice
    raise ChoiceUnknown


def latest_of_bot(session: Session, conversation_id: UUID) -> list[Message]:
    """What the bot said in the latest turn, in order."""
    of_the_bot = select(Message).where(Message.conversation_id == conversation_id, Message.sender == BOT)
    conversation = session.get(Conversation, conversation_id)
    turn = conversation.turns if conversation else None
    return list(session.scalars(of_the_bot.where(Message.turn == turn).order_by(Message.position)))


def add_turn(
    session: Session, conversation: Conversation, user: Message | None, bot: Sequence[Message], now: datetime
) -> int:
    """Store one whole turn: what the person said and what the bot answered, in order."""
    turn = conversation.turns = conversation.turns + (1 if user else 0)
    conversation.active_at = now
    for position, message in enumerate([user, *bot] if user else bot):
        message.conversation_id, message.turn, message.position, message.created_at = (
            conversation.id,
            turn,
            position,
            now,
        )
        session.add(message)
    session.flush()
    return turn


def user_message(text: str, client_id: str | None) -> Message:
    """A person's message, already masked."""
    return Message(id=uuid4(), sender=USER, kind="text", text=text, client_id=client_id, data={}, choices=[])


def bot_message(
    reply: Reply, topic: str | None, query: dict[str, str], payloads: Iterable[dict[str, str]] | None = None
) -> Message:
    """A reply as a message with ids for its choices. `query` is echoed in `data.query`."""
    offered = payloads if payloads is not None else [{"title": c.title, "payload": c.payload} for c in reply.choices]
    data: dict[str, Any] = {**reply.data, "query": query}
    return Message(
        id=uuid4(),
        sender=BOT,
        kind=reply.kind,
        text=reply.text,
        topic=topic,
        data=data,
        source=reply.source.model_dump(mode="json") if reply.source else None,
        choices=[{"id": str(uuid4()), "title": c["title"], "payload": c["payload"]} for c in offered],
    )


def messages_of(session: Session, conversation_id: UUID, turn: int | None = None) -> list[Message]:
    """All messages in order, or those of one turn."""
    query = select(Message).where(Message.conversation_id == conversation_id)
    if turn is not None:
        query = query.where(Message.turn == turn, Message.sender == BOT)
    return list(session.scalars(query.order_by(Message.turn, Message.position)))


def give_feedback(session: Session, conversation_id: UUID, message_id: UUID, value: str, comment: str | None) -> None:
    """Note a thumb on one of the bot's messages; the comment is masked. Raises NotFound."""
    message = session.get(Message, message_id)
    if message is None or message.conversation_id != conversation_id or message.sender != BOT:
        raise NotFound
    message.feedback, message.feedback_comment = value, mask_all(tidy(comment or "")) or None


def as_out(message: Message) -> MessageOut:
    """The message as clients see it: without payloads."""
    return MessageOut(
        id=message.id,
        sender="bot" if message.sender == BOT else "user",
        kind=message.kind,
        text=message.text,
        topic=message.topic,
        choices=[ChoiceOut(id=UUID(c["id"]), title=c["title"]) for c in message.choices],
        data=message.data,
        source=message.source,
        created_at=message.created_at,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
