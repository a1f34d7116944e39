"""One message tried out: through the same checks, masking, bot and answers as in the chat, in no stored conversation.

Nothing of it enters the database of the api, so that nothing can be counted. The bot's snapshot, which holds topics and
entities and no text, is erased as soon as the answer is sent.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid4

from starlette.background import BackgroundTasks
from starlette.concurrency import run_in_threadpool

from api.chat import easy_swedish, service
from api.chat.bot import BotClient, BotUnavailable
from api.chat.errors import AssistantDown
from api.chat.gateway import greeting, messages_from, refused_command
from api.chat.incoming import clean, looks_like_command
from api.chat.schemas import BotTurn, Understanding
from api.chat.tables import Message
from api.chat.typed_choice import choice_typed
from api.chat.unavailable import honest_replies
from api.clock import Clock
from api.database import Database
from api.guidance.answers import FALLBACK_TOPIC
from api.guidance.turn import Turn
from api.privacy.contacts import SafeText, safe_without_keeping
from api.replies import NextStep, Query
from api.settings import Settings

log = logging.getLogger(__name__)

How = Literal["text", "button", "command"]


@dataclass(frozen=True)
class Tried:
    """What became of a message.

    `shown` is the text with labels in the place of what is masked (`masked`: anything is), `sent` what the bot read.
    `how` says whether it was taken as text, as a button of the greeting, or not at all. `messages` are unsaved.
    `complete` is False when the reply could not be got: they are the apology that the chat gives then.
    """

    how: How
    shown: str
    sent: str
    understood: Understanding | None
    messages: tuple[Message, ...]
    masked: bool = False
    complete: bool = True


class Trials:
    """Tries messages out, each as the first in a talk of its own."""

    def __init__(self, settings: Settings, database: Database, bot: BotClient, clock: Clock) -> None:
        self._settings, self._database, self._bot, self._clock = settings, database, bot, clock

    async def try_out(self, text: str, *, easy: bool, afterwards: BackgroundTasks) -> Tried:
        """What the chat makes of `text`, with `easy` for somebody who has asked for easy Swedish before.

        What the bot remembers of it is erased by `afterwards`. All of it takes at most `IV_BOT_TIMEOUT_SECONDS`.
        Raises MessageEmpty, MessageTooLong, and AssistantDown when not even the understanding can be had.
        """
        text = clean(text)
        safe = safe_without_keeping(text)
        pressed = await run_in_threadpool(self._button, text)
        masked = safe.for_storage != text
        if looks_like_command(text):
            return Tried("command", safe.for_storage, "", None, await run_in_threadpool(self._refusal), masked)
        conversation_id = uuid4()
        sent = pressed or safe.for_bot
        loop = asyncio.get_running_loop()
        until = loop.time() + self._settings.bot_timeout_seconds
        try:
            async with asyncio.timeout_at(until):
                understood = await self._bot.understand(conversation_id, sent)
        except (BotUnavailable, TimeoutError) as error:
            log.warning("trial without an answer", extra={"reason": type(error).__name__})
            raise AssistantDown from None
        answer = await self._answer(conversation_id, sent, easy, until)
        # What the bot had begun when it was given up may be saved a little later, and is erased after that.
        pause = 0.0 if answer else self._settings.bot_timeout_seconds
        afterwards.add_task(self._forget, conversation_id, pause)
        messages = tuple(messages_from(answer)) if answer else await run_in_threadpool(self._apology, safe)
        how: How = "button" if pressed else "text"
        return Tried(how, safe.for_storage, sent, understood, messages, masked, complete=answer is not None)

    async def _answer(self, conversation_id: UUID, sent: str, easy: bool, until: float) -> BotTurn | None:
        try:
            async with asyncio.timeout_at(until):
                if easy:
                    await self._bot.ask(conversation_id, NextStep(title="", topic=easy_swedish.TOPIC).payload)
                return await self._bot.ask(conversation_id, sent)
        except (BotUnavailable, TimeoutError) as error:
            log.warning("trial without a reply", extra={"reason": type(error).__name__})
            return None

    async def _forget(self, conversation_id: UUID, pause: float) -> None:
        await asyncio.sleep(pause)
        with suppress(BotUnavailable):  # it keeps no text, and forgets by itself when its retention time is over
            await self._bot.forget(conversation_id)

    def _button(self, text: str) -> str | None:
        """What pressing a button of the greeting means, when the text says what stands on it."""
        with self._database.transaction(read_only=True) as session:
            choice = choice_typed(text, [greeting(session)])
        return choice["payload"] if choice else None

    def _refusal(self) -> tuple[Message, ...]:
        with self._database.transaction(read_only=True) as session:
            return (refused_command(session),)

    def _apology(self, safe: SafeText) -> tuple[Message, ...]:
        with self._database.transaction(read_only=True) as session:
            turn = Turn(session, self._clock(), self._settings.base_url, FALLBACK_TOPIC, Query(), Query())
            return tuple(
                service.bot_message(reply, FALLBACK_TOPIC, {}) for reply in honest_replies(turn, safe.for_storage)
            )
