"""What becomes of a turn that takes too long, or whose answer cannot be stored."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from uuid import UUID

from api.chat.errors import AnswerLate
from api.chat.schemas import BotTurn

log = logging.getLogger(__name__)

_T = TypeVar("_T")
_WAIT_SECONDS = 4.7
"""Less than the five seconds that people are promised, and longer than the bot may take as it is set by default."""
_AFTER_THE_BOT = 0.7
"""Seconds left to store the bot's answer in, where it was given more time."""
_CLOSING_SECONDS = 3.0
_MOST_KEPT = 500
_KEPT_SECONDS = 3600.0


class Patience:
    """Lets the person go when something takes too long. The work itself is finished, so that nothing is half done."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._running: set[asyncio.Task[Any]] = set()  # Any: works of every kind

    @classmethod
    def beside_the_bot(cls, seconds: float) -> Patience:
        """For works in which the bot may take `seconds` (IV_BOT_TIMEOUT_SECONDS): it ends first."""
        return cls(max(_WAIT_SECONDS, seconds + _AFTER_THE_BOT))

    async def wait_for(self, work: Coroutine[Any, Any, _T]) -> _T:
        """What `work` gives. Raises AnswerLate when it takes too long; it goes on all the same."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        done, _ = await asyncio.wait({task}, timeout=self.seconds)
        if not done:
            task.add_done_callback(_note_failure)
            raise AnswerLate
        return task.result()

    async def close(self) -> None:
        """Let what still runs end."""
        if self._running:
            await asyncio.wait(self._running, timeout=_CLOSING_SECONDS)


def _note_failure(task: asyncio.Task[Any]) -> None:  # Any: works of every kind
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.warning("failed after the person was told to try again", extra={"error": type(error).__name__})


class Unstored:
    """The bot's answers that could not be stored, for when the same message comes again.

    The bot has taken that message already. To hand it over once more would answer the next question of a form with it.
    None is kept for longer than an hour, since a conversation may be erased by another process. `monotonic` gives
    seconds from any fixed moment.
    """

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._answers: OrderedDict[tuple[UUID, str], tuple[float, BotTurn]] = OrderedDict()
        self._monotonic = monotonic

    def of(self, conversation_id: UUID, client_id: str | None) -> BotTurn | None:
        """The answer to this message, if the bot gave one before."""
        self._drop_old()
        _, answer = self._answers.get((conversation_id, client_id or ""), (0.0, None))
        return answer

    def keep(self, conversation_id: UUID, client_id: str | None, answer: BotTurn | None) -> None:
        """Remember an answer; the oldest is forgotten when there are too many."""
        if client_id and answer is not None:
            self._drop_old()
            self._answers[conversation_id, client_id] = self._monotonic(), answer
            if len(self._answers) > _MOST_KEPT:
                self._answers.popitem(last=False)

    def stored(self, conversation_id: UUID, client_id: str | None) -> None:
        """It is in the database now."""
        if client_id:
            self._answers.pop((conversation_id, client_id), None)

    def _drop_old(self) -> None:
        while self._answers:
            key, (kept_at, _) = next(iter(self._answers.items()))
            if self._monotonic() - kept_at < _KEPT_SECONDS:
                return
            del self._answers[key]

    def forget(self, conversation_id: UUID) -> None:
        """Forget everything of a conversation."""
        for key in [key for key in self._answers if key[0] == conversation_id]:
            del self._answers[key]
