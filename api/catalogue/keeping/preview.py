"""What the assistant answers about a course or an occasion: now, and as it would be if something were stored.

The reply comes from the same handler that answers in the chat.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.catalogue import course_replies
from api.catalogue.application import application
from api.catalogue.keeping.wording import TEXTS
from api.catalogue.search import PUBLIC
from api.catalogue.search_index import as_if
from api.catalogue.tables import Course, Occasion
from api.clock import stockholm_date
from api.guidance.tables import in_sentence
from api.guidance.turn import Turn
from api.replies import Query, Reply


@dataclass(frozen=True)
class Answer:
    """A question of a visitor, what the assistant answers, and what that says of the occasion (`note`)."""

    question: str
    replies: list[Reply]
    note: str = ""

    @property
    def items(self) -> list[dict[str, Any]]:  # Any: JSON of the chat contract
        """The courses that the chat shows as cards."""
        return [item for reply in self.replies for item in reply.data.get("items", ())]


def about_occasion(session: Session, occasion: Occasion, *, now: datetime, base_url: str) -> Answer:
    """The reply to somebody who asks about the occupation in the town, and where this occasion stands in it."""
    answer = _ask(session, occasion.course, "course_search", now=now, base_url=base_url)
    return Answer(answer.question, answer.replies, _note(answer, occasion, now))


def about_course(session: Session, course: Course, *, now: datetime, base_url: str) -> list[Answer]:
    """Which courses there are, and what one learns."""
    return [_ask(session, course, topic, now=now, base_url=base_url) for topic in ("course_search", "course_detail")]


@contextmanager
def supposed(session: Session) -> Iterator[None]:
    """Whatever is changed inside is taken back at the end, also in the session's objects."""
    attempt = session.begin_nested()
    try:
        with as_if(session):
            yield
    finally:
        attempt.rollback()


def _ask(session: Session, course: Course, topic: str, *, now: datetime, base_url: str) -> Answer:
    place = course.node.municipality.name
    said = Query(occupation=course.occupation.slug, place=place)
    turn = Turn(session=session, now=now, base_url=base_url, topic=topic, said=said, context=Query())
    handled = course_replies.HANDLERS[topic](turn)
    question = TEXTS(f"question_{topic}", occupation=in_sentence(course.occupation.title), place=place)
    return Answer(question, handled.replies)


def _note(answer: Answer, occasion: Occasion, now: datetime) -> str:
    if occasion.status not in PUBLIC:
        return TEXTS(f"note_{occasion.status}")
    found = [item["id"] for item in answer.items]
    if occasion.external_id in found:
        return TEXTS("note_place", number=found.index(occasion.external_id) + 1)
    return TEXTS("note_later" if application(occasion, stockholm_date(now)).is_possible else "note_over")
