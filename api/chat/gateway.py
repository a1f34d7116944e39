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

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.chat import erasing, service
from api.chat.bot import BotClient, BotUnavailable
from api.chat.errors import AnswerLate, TurnCapReached
from api.chat.incoming import clean, looks_like_command
from api.chat.late import Patience, Unstored
from api.chat.openings import steps_for
from api.chat.schemas import BotMessage, BotTurn, Incoming, Start, TurnOut
from api.chat.tables import Conversation, Message
from api.chat.typed_choice import choice_typed
from api.chat.unavailable import honest_replies
from api.clock import Clock
from api.database import Database
from api.errors import DATABASE_DOWN, DatabaseDown, Unauthorized
from api.guidance.answers import FALLBACK_TOPIC, find_answer, next_steps
from api.guidance.turn import Turn
from api.observing.figures import Figures, Outcome, Stage
from api.privacy import bot_forgetting
from api.privacy.contacts import make_safe, safe_without_contacts
from api.replies import Query, Reply
from api.settings import Settings
from api.texts import Texts

log = logging.getLogger(__name__)
AT_ONCE = 48
"""Turns under way for each bot worker. More would all be answered, and all too late."""
_DOOR_SECONDS = 1.5
"""How long a message waits to be one of them. With what the turn itself takes then, it is answered in time."""
_texts = Texts.beside(__file__)


@dataclass(frozen=True)
class Prepared:
    """A message after checking and masking. `for_bot` is None when the bot must not see it."""

    for_bot: str | None
    for_storage: str
    turns: int
    """Turns that the conversation had when this was said."""


class Gateway:
    """Turns of all conversations of this process; those of one conversation go one at a time."""

    def __init__(
        self, settings: Settings, database: Database, bot: BotClient, clock: Clock, figures: Figures | None = None
    ) -> None:
        self._settings, self._database, self._bot, self._clock = settings, database, bot, clock
        self._figures = figures or Figures()
        self._patience, self._unstored = Patience.beside_the_bot(settings.bot_timeout_seconds), Unstored()
        self._queues: dict[UUID, tuple[asyncio.Lock, int]] = {}
        self._door = asyncio.Semaphore(AT_ONCE * len(settings.bot_urls))

    async def take_turn(self, conversation_id: UUID, token: str, incoming: Incoming) -> TurnOut:
        """The answer to one message. A repeated `client_id` gets its first answer again.

        Raises ApiError for a bad token, message or choice, when nothing can be stored or all takes too long, and when
        too many speak at once; never fails because the bot does.
        """
        try:
            return await self._patience.wait_for(self._turn(conversation_id, token, incoming))
        except DATABASE_DOWN as error:
            log.error(
                "database unavailable", extra={"conversation": str(conversation_id), "error": type(error).__name__}
            )
            raise DatabaseDown from None

    async def _turn(self, conversation_id: UUID, token: str, incoming: Incoming) -> TurnOut:
        figures = self._figures
        async with self._alone(conversation_id), self._through_the_door():
            with figures.timed(Stage.WHOLE):
                with figures.timed(Stage.PREPARE):
                    prepared = await run_in_threadpool(self._prepare, conversation_id, token, incoming)
                if isinstance(prepared, TurnOut):
                    figures.count_turn(Outcome.REPEATED)
                    return prepared
                answer = self._unstored.of(conversation_id, incoming.client_id)
                if answer is None:
                    with figures.timed(Stage.BOT):
                        answer = await self._answer(conversation_id, prepared)
                try:
                    with figures.timed(Stage.STORE):
                        turn = await run_in_threadpool(self._store, conversation_id, incoming, prepared, answer)
                except Unauthorized:  # erased by another process meanwhile, and the bot has just learnt of it again
                    await run_in_threadpool(self._still_to_forget, conversation_id)
                    await self._forget(conversation_id)
                    raise
                except DATABASE_DOWN:
                    self._unstored.keep(conversation_id, incoming.client_id, answer)
                    raise
                self._unstored.stored(conversation_id, incoming.client_id)
            figures.count_turn(outcome_of(prepared, answer))
            return turn

    async def erase(self, conversation_id: UUID, token: str) -> None:
        """Erase the conversation here and in the bot, after the turn under way.

        Raises Unauthorized, and AnswerLate when that turn takes long: then it is erased as soon as it has ended.
        """
        await self._patience.wait_for(self._erase(conversation_id, token))

    async def close(self) -> None:
        """Let the turns under way end."""
        await self._patience.close()

    async def _erase(self, conversation_id: UUID, token: str) -> None:
        def erase_here() -> None:
            with self._database.transaction() as session:
                conversation = service.open_conversation(session, conversation_id, token)
                erasing.erase(session, conversation, self._settings, self._clock())

        async with self._alone(conversation_id):
            await run_in_threadpool(erase_here)
            self._unstored.forget(conversation_id)
            await self._forget(conversation_id)

    async def _forget(self, conversation_id: UUID) -> None:
        """Have the bot forget it now; where it cannot, the worker goes on trying (`bot_forgetting`)."""

        def forgotten() -> None:
            with self._database.transaction() as session:
                bot_forgetting.done(session, conversation_id)

        with suppress(BotUnavailable):
            await self._bot.forget(conversation_id)
            await run_in_threadpool(forgotten)

    def _still_to_forget(self, conversation_id: UUID) -> None:
        with self._database.transaction() as session:
            bot_forgetting.note(session, [conversation_id], self._clock())

    @staticmethod
    def _answered(session: Session, conversation_id: UUID, turn: int) -> TurnOut:
        messages = service.messages_of(session, conversation_id, turn)
        return TurnOut(turn=turn, messages=[service.as_out(message) for message in messages])

    def _prepare(self, conversation_id: UUID, token: str, incoming: Incoming) -> Prepared | TurnOut:
        """The message made ready, or the answer that it got before."""
        with self._database.transaction(read_only=True) as session:
            standing = service.standing_of(session, conversation_id, token, incoming.client_id)
            if standing.repeated is not None:
                return self._answered(session, conversation_id, standing.repeated)
            if standing.turns >= self._settings.turn_cap:
                raise TurnCapReached
            if incoming.choice is not None:
                choice = service.find_choice(session, conversation_id, incoming.choice)
                return Prepared(choice["payload"], choice["title"], standing.turns)
        text = clean(incoming.text or "")
        typed = choice_typed(text, standing.latest)
        safe = safe_without_contacts(text)
        if safe is None:
            try:
                with self._database.transaction() as session:
                    safe = make_safe(session, conversation_id, text, self._clock())
            except IntegrityError:  # no conversation to keep the contact for: erased by another process meanwhile
                raise Unauthorized from None
        for_bot = typed["payload"] if typed else safe.for_bot
        return Prepared(None if looks_like_command(text) else for_bot, safe.for_storage, standing.turns)

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
            number = service.next_turn(session, conversation_id, prepared.turns, now)
            if number is None:  # another process has stored a turn meanwhile, maybe of the very same message
                turns = service.lock_turns(session, conversation_id)
                known = service.repeated_turn(session, conversation_id, incoming.client_id)
                if known is not None:
                    return self._answered(session, conversation_id, known)
                service.next_turn(session, conversation_id, turns, now)
                number = turns + 1
            turn = Turn(session, now, self._settings.base_url, FALLBACK_TOPIC, Query(), Query())
            if answer is not None:
                messages = messages_from(answer)
            elif prepared.for_bot is None:
                messages = [refused_command(session)]
            else:
                replies = honest_replies(turn, prepared.for_storage)
                messages = [service.bot_message(reply, FALLBACK_TOPIC, {}) for reply in replies]
            user = service.user_message(prepared.for_storage, incoming.client_id)
            service.add_messages(session, conversation_id, number, [user, *messages], now)
            return TurnOut(turn=number, messages=[service.as_out(message) for message in messages])

    @asynccontextmanager
    async def _through_the_door(self) -> AsyncIterator[None]:
        """Be one of those who are answered now. Raises AnswerLate where that is not to be: said again it may."""
        try:
            async with asyncio.timeout(_DOOR_SECONDS):
                await self._door.acquire()
        except TimeoutError:
            self._figures.count_turn(Outcome.TURNED_AWAY)
            raise AnswerLate from None
        try:
            yield
        finally:
            self._door.release()

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


def outcome_of(prepared: Prepared, answer: BotTurn | None) -> Outcome:
    """How a turn ended, for the figures."""
    if prepared.for_bot is None:
        return Outcome.COMMAND_REFUSED
    if answer is None:
        return Outcome.BOT_UNAVAILABLE
    if any(message.custom.failed for message in answer.messages):
        return Outcome.ACTION_FAILED
    said = {message.custom.topic or answer.topic for message in answer.messages}
    return Outcome.FALLBACK if FALLBACK_TOPIC in said else Outcome.ANSWERED


def greet(
    database: Database, now: datetime, origin: str | None = None, start: Start | None = None
) -> tuple[Conversation, str, list[Message]]:
    """A new conversation with its first message: who I am, and things to choose. `origin` as in the table.

    `start`: what the page is about, for the choices that come first.
    """
    with database.transaction() as session:
        conversation, token = service.start_conversation(session, now, origin)
        message = greeting(session, start)
        service.add_turn(session, conversation, None, [message], now)
        return conversation, token, [message]


def greeting(session: Session, start: Start | None = None) -> Message:
    """What every conversation begins with."""
    answer = find_answer(session, "welcome")
    fitting = steps_for(session, start) if start else []
    titles = {step.title for step in fitting}
    steps = (*fitting, *(step for step in next_steps(answer) if step.title not in titles))
    return service.bot_message(Reply(text=answer.text, choices=steps), "greet", {})


def refused_command(session: Session) -> Message:
    """The answer to text that looks like a payload of Rasa's."""
    reply = Reply(text=_texts("command"), choices=next_steps(find_answer(session, FALLBACK_TOPIC)))
    return service.bot_message(reply, FALLBACK_TOPIC, {})


def messages_from(answer: BotTurn) -> list[Message]:
    """The bot's messages with ids for their choices; blank ones are left out."""
    return [_from_bot(message, answer.topic) for message in answer.messages if message.text.strip()]


def _from_bot(message: BotMessage, topic: str | None) -> Message:
    custom = message.custom
    reply = Reply(text=message.text, kind=custom.kind, data=custom.data or {}, source=custom.source)
    payloads = [{"title": button.title, "payload": button.payload} for button in message.buttons if button.payload]
    return service.bot_message(reply, custom.topic or topic, custom.query or {}, payloads)
