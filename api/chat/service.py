"""Conversations and messages in the database."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from api.chat.errors import ChoiceUnknown
from api.chat.incoming import tidy
from api.chat.schemas import ChoiceOut, MessageOut
from api.chat.tables import Conversation, Message
from api.database import Base, rowcount
from api.errors import NotFound, Unauthorized
from api.privacy.masking import mask_all
from api.replies import Reply

BOT, USER = "bot", "user"
_LATEST, _OLDER = 8, 192
"""Messages of the bot that a pressed choice is looked for in: first the latest, then those before."""

_CONVERSATIONS, _MESSAGES = (Base.metadata.tables[one.__tablename__] for one in (Conversation, Message))

# Put together once: for so small a statement that costs as much as carrying it out, and every turn needs these.
_CONVERSATION = select(Conversation).where(Conversation.id == bindparam("conversation"))
_LOCKED_TURNS = select(Conversation.turns).where(Conversation.id == bindparam("conversation")).with_for_update()
_TURN_OF_CLIENT = select(Message.turn).where(
    Message.conversation_id == bindparam("conversation"), Message.client_id == bindparam("client")
)
_STANDING = (
    select(
        Conversation.token_hash,
        Conversation.turns,
        _TURN_OF_CLIENT.scalar_subquery().label("repeated"),
        Message.kind,
        Message.choices,
    )
    .outerjoin(
        Message,
        and_(Message.conversation_id == Conversation.id, Message.turn == Conversation.turns, Message.sender == BOT),
    )
    .where(Conversation.id == bindparam("conversation"))
    .order_by(Message.position)
)
_NEXT_TURN = (
    update(_CONVERSATIONS)
    .where(Conversation.id == bindparam("conversation"), Conversation.turns == bindparam("before"))
    .values(turns=Conversation.turns + 1, active_at=bindparam("now"))
)
_ADD_MESSAGE = insert(_MESSAGES)
_COLUMNS = tuple(column.key for column in _MESSAGES.columns)
_SAID = select(Message).where(Message.conversation_id == bindparam("conversation"))
_SAID_IN_ORDER = _SAID.order_by(Message.turn, Message.position)
_ANSWERED_IN_TURN = _SAID.where(Message.turn == bindparam("turn"), Message.sender == BOT).order_by(Message.position)


@dataclass(frozen=True)
class Offered:
    """What one of the bot's messages offered: its kind and its buttons as `{id, title, payload}`."""

    kind: str
    choices: list[dict[str, str]]


@dataclass(frozen=True)
class Standing:
    """How a conversation stands when something is said: its `turns`, which of them the message got its answer in if
    it is `repeated`, and what the bot's latest messages offered."""

    turns: int
    repeated: int | None
    latest: list[Offered]


def start_conversation(session: Session, now: datetime, origin: str | None = None) -> tuple[Conversation, str]:
    """A new conversation and its token (256 bits; only its hash is stored). `origin` as in the table."""
    token = secrets.token_urlsafe(32)
    conversation = Conversation(token_hash=_hash(token), created_at=now, active_at=now, turns=0, origin=origin)
    session.add(conversation)
    session.flush()
    return conversation, token


def open_conversation(session: Session, conversation_id: UUID, token: str) -> Conversation:
    """The conversation, for the holder of its token. An unknown id and a wrong token look the same (401)."""
    conversation = session.scalar(_CONVERSATION, {"conversation": conversation_id})
    _check(token, conversation.token_hash if conversation else None)
    if conversation is None:
        raise Unauthorized
    return conversation


def standing_of(session: Session, conversation_id: UUID, token: str, client_id: str | None) -> Standing:
    """All that a turn has to know before it is asked, in one statement. Refuses as `open_conversation` does."""
    rows = session.execute(_STANDING, {"conversation": conversation_id, "client": client_id}).all()
    _check(token, rows[0].token_hash if rows else None)
    latest = [Offered(row.kind, row.choices) for row in rows if row.kind is not None]
    return Standing(rows[0].turns, rows[0].repeated, latest)


def lock_turns(session: Session, conversation_id: UUID) -> int:
    """The conversation's turns, which no other process changes until this transaction ends.

    Raises Unauthorized when it is gone.
    """
    turns = session.scalar(_LOCKED_TURNS, {"conversation": conversation_id})
    if turns is None:
        raise Unauthorized
    return turns


def repeated_turn(session: Session, conversation_id: UUID, client_id: str | None) -> int | None:
    """The turn that a message with this client id already got its answer in."""
    if client_id is None:
        return None
    return session.scalar(_TURN_OF_CLIENT, {"conversation": conversation_id, "client": client_id})


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


def next_turn(session: Session, conversation_id: UUID, before: int, now: datetime) -> int | None:
    """Begin the turn after `before`, alone until this transaction ends; its number.

    None when the conversation has another number of turns by now, or is gone.
    """
    begun = session.execute(_NEXT_TURN, {"conversation": conversation_id, "before": before, "now": now})
    return before + 1 if rowcount(begun) else None


def add_messages(
    session: Session, conversation_id: UUID, turn: int, messages: Sequence[Message], now: datetime
) -> None:
    """Store what was said in a turn, in order. The messages are not kept in the session."""
    for position, message in enumerate(messages):
        message.conversation_id, message.turn = conversation_id, turn
        message.position, message.created_at = position, now
    if messages:  # not one by one through the unit of work, which costs more than storing them
        session.execute(_ADD_MESSAGE, [{key: getattr(message, key) for key in _COLUMNS} for message in messages])


def add_turn(
    session: Session, conversation: Conversation, user: Message | None, bot: Sequence[Message], now: datetime
) -> int:
    """Store one whole turn: what the person said and what the bot answered, in order."""
    turn = conversation.turns = conversation.turns + (1 if user else 0)
    conversation.active_at = now
    session.flush()
    add_messages(session, conversation.id, turn, [user, *bot] if user else bot, now)
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
    """All messages in order, or what the bot said in one turn."""
    if turn is None:
        return list(session.scalars(_SAID_IN_ORDER, {"conversation": conversation_id}))
    return list(session.scalars(_ANSWERED_IN_TURN, {"conversation": conversation_id, "turn": turn}))


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
        feedback="up" if message.feedback == "up" else "down" if message.feedback else None,
    )


def _check(token: str, expected: str | None) -> None:
    """Raise Unauthorized unless the token has that hash; takes as long when there is none to compare with."""
    if not hmac.compare_digest(expected or _hash(""), _hash(token)) or expected is None:
        raise Unauthorized


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
