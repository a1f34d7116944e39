"""One turn: check and mask what came in, ask the bot, store and hand back what it said.

No database transaction is open while the bot works: its actions write to the same database.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.chat import service
from api.chat.bot import BotClient, BotUnavailable
from api.chat.errors import TurnCapReached
from api.chat.incoming import clean, looks_like_command
from api.chat.schemas import BotMessage, BotTurn, Incoming, TurnOut
from api.chat.tables import Conversation, Message
from api.chat.typed_choice import choice_typed
from api.chat.unavailable import honest_replies
from api.clock import Clock
from api.database import Database
from api.errors import Unauthorized
from api.guidance.answers import FALLBACK_TOPIC, find_answer, next_steps
from api.guidance.turn import Turn
from api.privacy.contacts import make_safe, safe_without_contacts
from api.replies import Query, Reply
from api.settings import Settings
from api.texts import Texts

log = logging.getLogger(__name__)
_texts = Texts.beside(__file__)


@dataclass(frozen=True)
class Prepared:
    """A message after checking and masking. `for_bot` is None when the bot must not see it."""

    for_bot: str | None
    for_storage: str


class Gateway:
    """Turns of all conversations of this process; those of one conversation go one at a time."""

    def __init__(self, settings: Settings, database: Database, bot: BotClient, clock: Clock) -> None:
        self._settings, self._database, self._bot, self._clock = settings, database, bot, clock
        self._queues: dict[UUID, tuple[asyncio.Lock, int]] = {}

    async def take_turn(self, conversation_id: UUID, token: str, incoming: Incoming) -> TurnOut:
        """The answer to one message. A repeated `client_id` gets its first answer again.

        Raises ApiError for a bad token, message or choice; never fails because the bot does.
        """
        async with self._alone(conversation_id):
            known = await run_in_threadpool(self._repeated, conversation_id, token, incoming)
            if known is not None:
                return known
            prepared = await run_in_threadpool(self._prepare, conversation_id, incoming)
            answer = await self._answer(conversation_id, prepared)
            try:
                return await run_in_threadpool(self._store, conversation_id, incoming, prepared, answer)
            except Unauthorized:  # erased by another process while the bot worked, which has just learnt of it again
                await self._forget(conversation_id)
                raise

    async def erase(self, conversation_id: UUID, token: str) -> None:
        """Erase the conversation here and in the bot, after the turn under way. Raises Unauthorized."""

        def erase_here() -> None:
            with self._database.transaction() as session:
                session.delete(service.open_conversation(session, conversation_id, token))

        async with self._alone(conversation_id):
            await run_in_threadpool(erase_here)
            await self._forget(conversation_id)

    async def _forget(self, conversation_id: UUID) -> None:
        with suppress(BotUnavailable):  # the bot keeps no text, and forgets by itself when its retention time is over
            await self._bot.forget(conversation_id)

    def _repeated(self, conversation_id: UUID, token: str, incoming: Incoming) -> TurnOut | None:
        with self._database.transaction(read_only=True) as session:
            conversation = service.open_conversation(session, conversation_id, token)
            known = self._known(session, conversation_id, incoming)
            if known is not None:
                return known
            if conversation.turns >= self._settings.turn_cap:
                raise TurnCapReached
            return None

    @staticmethod
    def _known(session: Session, conversation_id: UUID, incoming: Incoming) -> TurnOut | None:
        turn = service.repeated_turn(session, conversation_id, incoming.client_id)
        if turn is None:
            return None
        messages = service.messages_of(session, conversation_id, turn)
        return TurnOut(turn=turn, messages=[service.as_out(message) for message in messages])

    def _prepare(self, conversation_id: UUID, incoming: Incoming) -> Prepared:
        if incoming.choice is not None:
            with self._database.transaction(read_only=True) as session:
                choice = service.find_choice(session, conversation_id, incoming.choice)
            return Prepared(choice["payload"], choice["title"])
        text = clean(incoming.text or "")
        with self._database.transaction(read_only=True) as session:
            typed = choice_typed(text, service.latest_of_bot(session, conversation_id))
        safe = safe_without_contacts(text)
        if safe is None:
            with self._database.transaction() as session:
                safe = make_safe(session, conversation_id, text, self._clock())
        for_bot = typed["payload"] if typed else safe.for_bot
        return Prepared(None if looks_like_command(text) else for_bot, safe.for_storage)

    async def _answer(self, conversation_id: UUID, prepared: Prepared) -> BotTurn | None:
        if prepared.for_bot is None:
            return None
        try:
            return await self._bot.ask(conversation_id, prepared.for_bot)
        except BotUnavailable as error:
            log.error("bot unavailable", extra={"conversation": str(conversation_id), "reason": str(error)})
            return None

    def _store(self, conversation_id: UUID, incoming: Incoming, prepared: Prepared, answer: BotTurn | None) -> TurnOut:
        now = self._clock()
        with self._database.transaction() as session:
            # Locked: another process may be storing a turn of the same conversation, or the very same message.
            conversation = session.get(Conversation, conversation_id, with_for_update=True)
            if conversation is None:
                raise Unauthorized
            known = self._known(session, conversation_id, incoming)
            if known is not None:
                return known
            turn = Turn(session, now, self._settings.base_url, FALLBACK_TOPIC, Query(), Query())
            if answer is not None:
                messages = [_from_bot(message, answer.topic) for message in answer.messages if message.text.strip()]
            elif prepared.for_bot is None:
                reply = Reply(text=_texts("command"), choices=next_steps(find_answer(session, FALLBACK_TOPIC)))
                messages = [service.bot_message(reply, FALLBACK_TOPIC, {})]
            else:
                replies = honest_replies(turn, prepared.for_storage)
                messages = [service.bot_message(reply, FALLBACK_TOPIC, {}) for reply in replies]
            user = service.user_message(prepared.for_storage, incoming.client_id)
            number = service.add_turn(session, conversation, user, messages, now)
            return TurnOut(turn=number, messages=[service.as_out(message) for message in messages])

    @asynccontextmanager
    async def _alone(self, conversation_id: UUID) -> AsyncIterator[None]:
        """Hold the conversation's turn; the queue goes away with its last waiter."""
        lock, waiting = self._queues.get(conversation_id, (asyncio.Lock(), 0))
        self._queues[conversation_id] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._queues.pop(conversation_id)
            if waiting > 1:
                self._queues[conversation_id] = (lock, waiting - 1)


def greet(database: Database, now: datetime) -> tuple[Conversation, str, list[Message]]:
    """A new conversation with its first message: who I am, and three things to choose."""
    with database.transaction() as session:
        conversation, token = service.start_conversation(session, now)
        answer = find_answer(session, "welcome")
        message = service.bot_message(Reply(text=answer.text, choices=next_steps(answer)), "greet", {})
        service.add_turn(session, conversation, None, [message], now)
        return conversation, token, [message]


def _from_bot(message: BotMessage, topic: str | None) -> Message:
    custom = message.custom
    reply = Reply(text=message.text, kind=custom.kind, data=custom.data or {}, source=custom.source)
    payloads = [{"title": button.title, "payload": button.payload} for button in message.buttons if button.payload]
    return service.bot_message(reply, custom.topic or topic, custom.query or {}, payloads)
