"""What the assistant says to people who have a job and want to learn more, and to companies that train a group."""

from __future__ import annotations

from urllib.parse import urlencode

from api.catalogue.course_replies import course_line
from api.catalogue.found import SHOWN, Found, find_occasions
from api.catalogue.items import courses_data
from api.catalogue.search import Criteria
from api.catalogue.tables import UPSKILLING
from api.guidance.answers import find_answer, reply_from, source_of
from api.guidance.occupations import find_occupation
from api.guidance.places import find_municipality
from api.guidance.tables import in_sentence
from api.guidance.turn import Handled, Handler, Turn
from api.replies import NextStep, Query, Reply
from api.texts import Texts

TOPIC = "upskilling"
COURSES = "kurser"
"""The part of the answer that the button "Visa kurser" asks for."""
TRAINING = "enquiry:training"
"""What the form for a company's request is called (`asking_kind`)."""

_texts = Texts.beside(__file__)
_LINES = 3


def upskilling(turn: Turn) -> Handled:
    """What one can do, and some courses for people in work: for the occupation and near the place that were named.

    The part `kurser` is all of the courses, for whatever occupation, without the text.
    """
    query = turn.query(carry=True)
    every = _open_courses(turn, query)
    if turn.part == COURSES and every:
        query = query.model_copy(update={"occupation": None})
        return Handled([_courses(turn, query, every, _texts("upskilling_courses"), SHOWN)], query)
    answer = reply_from(find_answer(turn.session, TOPIC), easy=turn.easy)
    if not every:
        steps = tuple(step for step in answer.choices if step.topic != "employer_contact")
        return Handled([answer.model_copy(update={"choices": (_group_step(), *steps)})], query)
    found = every.training_for(query.occupation) or every
    reply = _courses(turn, query, found, f"{answer.text}\n{_heading(turn, query, found)}", _LINES)
    if every.total > min(found.total, _LINES):
        reply = reply.model_copy(update={"choices": (_more_step(query), *reply.choices)})
    return Handled([reply], query)


HANDLERS: dict[str, Handler] = {TOPIC: upskilling}


def _open_courses(turn: Turn, query: Query) -> Found:
    """Courses for people in work that one can apply to, one occasion of each, nearest to the place first."""
    criteria = Criteria(place=find_municipality(turn.session, query.place), kind=UPSKILLING)
    return find_occasions(turn.session, criteria, turn.today).possible.one_a_course


def _heading(turn: Turn, query: Query, found: Found) -> str:
    """What the courses below are: for the occupation asked about, or others."""
    occupation = find_occupation(turn.session, query.occupation)
    if occupation and found.shown[0].occasion.course.occupation.slug == occupation.slug:
        return _texts("upskilling_for", occupation=in_sentence(occupation.title))
    return _texts("upskilling_others" if occupation else "upskilling_some")


def _courses(turn: Turn, query: Query, found: Found, lead: str, limit: int) -> Reply:
    hits = found.shown[:limit]
    lines = [course_line(hit, turn.today, easy=turn.easy) for hit in hits[:_LINES]]
    filters = {"for": "yrkesverksamma"} | ({"ort": query.place} if query.place else {})
    lines.append(_texts("upskilling_page", url=f"{turn.base_url}/utbildningar?{urlencode(filters)}"))
    if any(hit.occasion.example for hit in hits):
        lines.append(_texts("example_note"))
    support = find_answer(turn.session, "transition_support")
    steps = (
        _group_step(),
        NextStep(title=support.title, topic=support.topic),
        NextStep(title=_texts("choice_book"), topic="book_meeting"),
    )
    data = courses_data(hits, found.total, turn.today, turn.base_url) | {"lead": lead}
    source = source_of(find_answer(turn.session, TOPIC)) if limit == _LINES else None
    return Reply(kind="courses", text="\n".join([lead, *lines]), data=data, choices=steps, source=source)


def _group_step() -> NextStep:
    """The form where a company asks for a course of its own."""
    return NextStep(title=_texts("choice_group"), topic=TOPIC, entities={"asking_kind": TRAINING})


def _more_step(query: Query) -> NextStep:
    """All of the courses."""
    place = {"place": query.place} if query.place else {}
    return NextStep(title=_texts("choice_show_for_work"), topic=TOPIC, entities={"part": COURSES, **place})
