"""What topics are called on staff's pages."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.guidance.answers import FALLBACK_TOPIC
from api.guidance.tables import Answer
from api.insight.asked.turns import UNAVAILABLE
from api.texts import Texts

TEXTS = Texts.beside(__file__)
_NO_TOPICS = frozenset({FALLBACK_TOPIC, "welcome", "crisis"})
"""Answers that stand for no topic of their own: the first is said when none was found."""


def topic_titles(session: Session) -> dict[str, str]:
    """Topic → title, for everything that figures are kept about."""
    titles = {each.topic: each.title for each in session.scalars(select(Answer))}
    special = {FALLBACK_TOPIC: "topic_nlu_fallback", UNAVAILABLE: "topic_unavailable", "": "topic_none"}
    return titles | {topic: TEXTS(key) for topic, key in special.items()}


def topic_choices(session: Session) -> list[tuple[str, str]]:
    """(topic, title) of everything that a message can be about, by title."""
    rows = session.execute(select(Answer.topic, Answer.title).order_by(Answer.title))
    return [(topic, title) for topic, title in rows if topic not in _NO_TOPICS]
