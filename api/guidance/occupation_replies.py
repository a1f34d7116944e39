"""What the assistant says about occupations, composed from their records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.catalogue.tables import Course, Occasion
from api.guidance.answers import find_answer, reply_from, titles
from api.guidance.occupations import find_occupation
from api.guidance.tables import Occupation, in_sentence
from api.guidance.turn import Handled, Handler, Turn
from api.replies import NextStep, Query, Reply
from api.texts import Texts, enumerated

_texts = Texts.beside(__file__)

_COMMON = 8
"""How many occupations become buttons; more than that is not read on a phone."""

_RELATED = 2
"""How many occupations near one become buttons."""


class _Composed(NamedTuple):
    """How a topic is answered when the occupation is known: from which part of its record, and what comes next."""

    part: str
    next_topics: tuple[str, ...]


_COMPOSED = {
    "job_requirements": _Composed("demands", ("job_environment", "accessibility_support", "book_meeting")),
    "job_environment": _Composed("environment", ("study_visit", "job_hours", "job_requirements")),
    "job_hours": _Composed("hours", ("job_vacancies", "job_environment", "book_meeting")),
    "career_paths": _Composed("paths", ("book_meeting",)),
}
_AFTER_DESCRIPTION = ("job_requirements", "job_hours", "career_paths", "job_overview")
_AFTER_SALARY = ("job_vacancies", "job_outlook", "book_meeting")
_ABOUT_AN_OCCUPATION = {*_COMPOSED, "job_describe", "job_salary", "job_outlook", "job_vacancies", "course_search"}


def job_describe(turn: Turn) -> Handled:
    """What one does in an occupation, a working day, and what it is good for; asks which one when it is not known."""
    query = turn.query(carry=True)
    occupation = find_occupation(turn.session, query.occupation)
    if occupation is None:
        return Handled([Reply(kind="choices", text=_texts("ask_occupation"), choices=_common(turn.session))], query)
    parts = (
        (_texts("job_describe_easy", title=occupation.title), occupation.easy, occupation.easy_parts.get("society"))
        if turn.easy and occupation.easy
        else (occupation.summary, occupation.workday, occupation.society)
    )
    text = "\n".join(part.strip() for part in parts if part)
    if not text:  # an occupation that staff have only given a name
        return _stored(turn, query)
    data = {name: getattr(occupation, name) for name in _SHOWN} | {"traits": list(occupation.traits)}
    choices = (_courses(occupation), *_steps(turn.session, occupation, _AFTER_DESCRIPTION))
    return Handled([Reply(kind="occupation", text=text, data=data, choices=choices)], query)


_SHOWN = ("slug", "title", "ssyk", "summary", "demands", "society", "paths")


def from_record(turn: Turn) -> Handled:
    """A part of the occupation's record, named after the topic; the stored answer where there is none."""
    query = turn.query(carry=True)
    composed = _COMPOSED[turn.topic]
    occupation = find_occupation(turn.session, query.occupation)
    part = _part(occupation, composed.part, easy=turn.easy) if occupation else ""
    if occupation is None or not part:
        return _stored(turn, query)
    text = _texts.worded(turn.topic, easy=turn.easy, occupation=in_sentence(occupation.title), part=part)
    steps = _steps(turn.session, occupation, composed.next_topics)
    near = _near(turn.session, occupation) if turn.topic == "career_paths" else ()
    choices = (_courses(occupation), *near, *steps)
    return Handled([Reply(text=text, choices=choices)], query)


def job_salary(turn: Turn) -> Handled:
    """Where wages can be looked up: no figure is verified, so none is given."""
    query = turn.query(carry=True)
    occupation = find_occupation(turn.session, query.occupation)
    if occupation is None:
        return _stored(turn, query)
    lead = _texts("job_salary", occupation=in_sentence(occupation.title))
    reply = reply_from(find_answer(turn.session, "job_salary"), easy=turn.easy, lead=lead)
    choices = (_courses(occupation), *_steps(turn.session, occupation, _AFTER_SALARY))
    return Handled([reply.model_copy(update={"choices": choices})], query)


def job_overview(turn: Turn) -> Handled:
    """Which occupations there are: all of them in the text, by area, and the most common as buttons."""
    query = turn.query(carry=False)
    steps = tuple(NextStep(title=title, topic=topic) for topic, title in titles(turn.session, ["job_guide"]).items())
    choices = (*_common_occupations(turn.session), *steps)
    areas = _by_area(turn.session)
    if turn.easy or not areas:  # a list of long names is not easy to read
        reply = reply_from(find_answer(turn.session, "job_overview"), easy=turn.easy)
        return Handled([reply.model_copy(update={"choices": choices})], query)
    lines = [_texts("overview_area", area=area, occupations=enumerated(names)) for area, names in areas.items()]
    text = "\n".join([_texts("overview"), *lines, _texts("overview_next")])
    return Handled([Reply(kind="choices", text=text, choices=choices)], query)


HANDLERS: dict[str, Handler] = {
    "job_describe": job_describe,
    "job_overview": job_overview,
    "job_salary": job_salary,
    **dict.fromkeys(_COMPOSED, from_record),
}


def _part(occupation: Occupation, name: str, *, easy: bool) -> str:
    part: str = occupation.easy_parts.get(name, "") if easy else getattr(occupation, name)
    return part.strip()


def _stored(turn: Turn, query: Query) -> Handled:
    return Handled([reply_from(find_answer(turn.session, turn.topic), easy=turn.easy)], query)


def _courses(occupation: Occupation) -> NextStep:
    title = _texts("choice_courses", occupation=in_sentence(occupation.title))
    return NextStep(title=title, topic="course_search", entities={"occupation": occupation.slug})


def _steps(session: Session, occupation: Occupation, topics: Sequence[str]) -> Iterable[NextStep]:
    """Buttons with the topics' own titles; those that can be about an occupation are about this one."""
    for topic, title in titles(session, topics).items():
        entities = {"occupation": occupation.slug} if topic in _ABOUT_AN_OCCUPATION else {}
        yield NextStep(title=title, topic=topic, entities=entities)


def _near(session: Session, occupation: Occupation) -> Iterable[NextStep]:
    found = session.scalars(select(Occupation).where(Occupation.slug.in_(occupation.related)))
    by_slug = {near.slug: near for near in found}
    for slug in [slug for slug in occupation.related if slug in by_slug][:_RELATED]:
        yield _describe(by_slug[slug])


def _describe(occupation: Occupation) -> NextStep:
    return NextStep(title=occupation.title, topic="job_describe", entities={"occupation": occupation.slug})


def _common(session: Session) -> tuple[NextStep, ...]:
    """Buttons for the most common occupations, and one for the others when there are any."""
    occupations = _common_occupations(session)
    more = (session.scalar(select(func.count()).select_from(Occupation)) or 0) > len(occupations)
    return (*occupations, *((NextStep(title=_texts("choice_more"), topic="job_overview"),) if more else ()))


def _common_occupations(session: Session) -> tuple[NextStep, ...]:
    """The occupations with most published occasions, then by title."""
    published = func.count(Occasion.id)
    query = (
        select(Occupation)
        .outerjoin(Course, Course.occupation_id == Occupation.id)
        .outerjoin(Occasion, (Occasion.course_id == Course.id) & (Occasion.status == "published"))
        .group_by(Occupation.id)
        .order_by(published.desc(), Occupation.title)
        .limit(_COMMON)
    )
    return tuple(_describe(occupation) for occupation in session.scalars(query))


def _by_area(session: Session) -> dict[str, list[str]]:
    """Area → titles as they stand in a sentence, in the order in which staff put them in."""
    areas: dict[str, list[str]] = {}
    for occupation in session.scalars(select(Occupation).order_by(Occupation.id)):
        areas.setdefault(occupation.area or _texts("overview_other"), []).append(in_sentence(occupation.title))
    return areas
