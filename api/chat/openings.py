"""What the greeting offers when the chat is opened from a page that is about something."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality
from api.chat.schemas import Start
from api.guidance.answers import titles
from api.guidance.occupations import find_occupation
from api.guidance.tables import in_sentence
from api.replies import NextStep
from api.texts import Texts

_texts = Texts.beside(__file__)


def steps_for(session: Session, start: Start) -> list[NextStep]:
    """Buttons that fit the page. What it names and we do not know is left out: another site's typing error."""
    occupation = find_occupation(session, start.occupation)
    place = session.scalar(select(Municipality.name).where(Municipality.name == start.place)) if start.place else None
    about = {"occupation": occupation.slug} if occupation else {}
    where = {"place": place} if place else {}
    steps = [NextStep(title=title, topic=topic, entities=about | where) for topic, title in _asked(session, start)]
    if occupation:
        words = {"occupation": in_sentence(occupation.title), "place": place}
        title = _texts("choice_courses_in" if place else "choice_courses", **words)
        steps.append(NextStep(title=title, topic="course_search", entities=about | where))
        title = _texts("choice_occupation", **words)
        steps.append(NextStep(title=title, topic="job_describe", entities=about))
    elif place:
        steps.append(NextStep(title=_texts("choice_place", place=place), topic="course_search", entities=where))
    return steps


def _asked(session: Session, start: Start) -> list[tuple[str, str]]:
    return list(titles(session, [start.topic]).items()) if start.topic else []
