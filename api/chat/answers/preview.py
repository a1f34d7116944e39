"""An answer as the chat would show it now, also before it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.chat import service
from api.chat.answers.service import WELCOME
from api.chat.gateway import greeting
from api.chat.tables import Message
from api.chat.topics import HANDLERS, handle
from api.chat.trial.shown import Shown, shown
from api.clock import stockholm_date
from api.guidance.answers import find_answer, reply_from
from api.guidance.tables import Answer
from api.guidance.turn import Turn
from api.guidance.vacancies import replies as vacancies
from api.replies import Query
from api.staff.editing.storing import as_if

_LOOKED_UP = frozenset(vacancies.HANDLERS)
"""Topics whose answer asks a service outside; no page should wait for it."""


@dataclass(frozen=True)
class Preview:
    """One bubble, in which Swedish, and whether it is made of other data than the answer's own text."""

    easy: bool
    composed: bool
    bubble: Shown


def previews(session: Session, row: Answer, values: Mapping[str, Any], now: datetime, base_url: str) -> list[Preview]:
    """What is said on the topic when nothing else was named, with the answer as if it had these values."""
    with as_if(session, row, values):
        return list(_previews(session, row, now, base_url))


def _previews(session: Session, row: Answer, now: datetime, base_url: str) -> Iterator[Preview]:
    today = stockholm_date(now)
    for easy in (False, True):
        own = service.bot_message(reply_from(find_answer(session, row.topic), easy=easy), row.topic, {})
        if row.topic == WELCOME and not easy:
            own = greeting(session)
        elif row.topic not in HANDLERS and row.topic != WELCOME:
            own = _whole(session, row.topic, now, base_url, easy=easy)
        yield Preview(easy, False, shown(own, today, base_url))
        if row.topic in HANDLERS and row.topic not in _LOOKED_UP:
            composed = _whole(session, row.topic, now, base_url, easy=easy)
            if composed.text != own.text:
                yield Preview(easy, True, shown(composed, today, base_url))


def _whole(session: Session, topic: str, now: datetime, base_url: str, *, easy: bool) -> Message:
    turn = Turn(session, now, base_url, topic, Query(), Query(), easy=easy)
    handled = handle(turn)
    return service.bot_message(handled.replies[-1], topic, {})
