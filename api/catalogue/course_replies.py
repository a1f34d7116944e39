"""What the assistant says about courses: which there are, when they start, how long they take, when to apply."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice

from api import swedish_dates
from api.catalogue.application import application, next_start
from api.catalogue.found import SHOWN, Found, find_occasions
from api.catalogue.iso_days import read_day
from api.catalogue.items import apply_path, courses_data
from api.catalogue.presentation import weeks
from api.catalogue.search import Criteria, Hit
from api.catalogue.search_form import Order
from api.catalogue.tables import UPSKILLING, VOCATIONAL, Occasion
from api.guidance.answers import find_answer, next_steps, reply_from, source_of
from api.guidance.occupations import find_occupation
from api.guidance.places import find_municipality
from api.guidance.tables import in_sentence
from api.guidance.turn import Handled, Handler, Turn
from api.pages import web_address
from api.replies import NextStep, Query, Reply
from api.texts import Texts

_texts = Texts.beside(__file__)
_LINES = 3
"""How many courses stand in the text itself; a longer text is not read on a phone."""
_FAR_KM = 3
"""Closer than this is the same place: coordinates are good to 1–2 km."""
_SOON_DAYS = 14


def course_search(turn: Turn) -> Handled:
    """Courses that match, nearest first when a place is known; something near it when nothing matches.

    "What is there in Sunne?" and "what begins in August?" ask about everything; another occupation, or nothing named,
    keeps the rest.
    """
    said = turn.said
    return courses_near(turn, turn.query(carry=bool(said.occupation or not (said.place or said.start))))


def courses_near(turn: Turn, query: Query) -> Handled:
    """Courses for a query; with a place, those nearest to it."""
    criteria = _criteria(turn, query)
    found = find_occasions(turn.session, criteria, turn.today)
    if found:
        return _listing(turn, query, found, _search_heading(turn, query, found))
    wider = replace(criteria, start_from=None, start_to=None, pace=None, part_time=False, distance=None)
    found = find_occasions(turn.session, wider, turn.today)
    if found:
        return _listing(turn, query, found, _texts("courses_none_match", about=_about(turn, query) + _begins(query)))
    return _related(turn, query, wider) or _nothing(turn, query)


def _related(turn: Turn, query: Query, criteria: Criteria) -> Handled | None:
    """Courses for occupations near one that the catalogue has none for, said to be others."""
    wanted = find_occupation(turn.session, query.occupation)
    near = [find_occupation(turn.session, slug) for slug in wanted.related] if wanted else []
    found = {
        occupation: courses
        for occupation in near
        if occupation
        and (courses := find_occasions(turn.session, replace(criteria, occupation=occupation.slug), turn.today))
    }
    if wanted is None or not found:
        return None
    heading = _texts("courses_related", occupation=in_sentence(wanted.title))
    lines = [heading, *(course_line(courses.shown[0], turn.today, easy=turn.easy) for courses in found.values())]
    choices = tuple(
        NextStep(
            title=_texts("choice_courses", occupation=in_sentence(occupation.title)),
            topic="course_search",
            entities={"occupation": occupation.slug},
        )
        for occupation in found
    )
    steps = (*choices, NextStep(title=_texts("choice_book"), topic="book_meeting"))
    return _courses(turn, query, [*found.values()], "\n".join(lines), steps, lead=heading)


def course_start(turn: Turn) -> Handled:
    """The next starts."""
    return _dated(turn, "start", "starts_heading", _start_line)


def apply_deadline(turn: Turn) -> Handled:
    """Last day to apply, soonest first."""
    return _dated(turn, "deadline", "deadlines_heading", course_line)


def course_pace(turn: Turn) -> Handled:
    """Courses at the pace that was named; without one, what there is to know about pace and distance."""
    query = turn.query(carry=True)
    if query.pace == "distans":  # from home, so that only a place that is named now matters
        query = query.model_copy(update={"place": turn.said.place})
    known = query.pace and query.pace != "kväll"  # the catalogue does not say which courses are in the evening
    found = find_occasions(turn.session, _criteria(turn, query), turn.today) if known else None
    if found:
        return _listing(turn, query, found, _search_heading(turn, query, found))
    lead = ""
    if query.pace:
        lead = _texts("pace_none", about=_about(turn, query)) if known else _texts("pace_evening")
    return Handled([reply_from(find_answer(turn.session, "course_pace"), easy=turn.easy, lead=lead)], query)


def course_length(turn: Turn) -> Handled:
    """Credits, and what they mean in weeks at full time."""
    query = turn.query(carry=True)
    answer = find_answer(turn.session, "course_length")
    found = _courses_for(turn, query, kind=VOCATIONAL)
    if not found:
        return Handled([reply_from(answer, easy=turn.easy)], query)
    lines = [_length_line(hit.occasion, easy=turn.easy) for hit in found.shown[:_LINES]]
    note = _texts.worded("length_note", easy=turn.easy)
    text = "\n".join([_texts("length_heading", about=_about(turn, query)), *lines, note])
    return _courses(turn, query, [found], text, next_steps(answer), with_source_of="course_length")


def course_detail(turn: Turn) -> Handled:
    """What a course teaches."""
    query = turn.query(carry=True)
    found = _courses_for(turn, query)
    if not found:
        return Handled([reply_from(find_answer(turn.session, "course_detail"), easy=turn.easy)], query)
    course = found.shown[0].occasion.course
    heading = _texts("detail_heading", title=course.title, town=course.node.town)
    text = "\n".join([heading, *(_in_lines(course.description) if turn.easy else [course.description])])
    return _courses(turn, query, [found], text, _steps(query))


def course_language(turn: Turn) -> Handled:
    """How good one's Swedish has to be, and the courses together with sfi, those for the occupation first."""
    query = turn.query(carry=True)
    answer = find_answer(turn.session, "course_language")
    reply = reply_from(answer, easy=turn.easy)
    wanted = _criteria(turn, query)
    fitting = _with_sfi(turn, wanted)
    found = fitting or _with_sfi(turn, replace(wanted, occupation=None))
    if not found:
        return Handled([reply], query)
    heading = "sfi_heading" if fitting else "sfi_heading_others"
    lead = "\n".join([reply.text, _texts(heading, occupation=_occupation(turn, query))])
    text = "\n".join([lead, *(course_line(hit, turn.today, easy=turn.easy) for hit in found.shown[:_LINES])])
    return _courses(turn, query, [found], text, next_steps(answer), lead=lead, with_source_of="course_language")


def _with_sfi(turn: Turn, criteria: Criteria) -> Found:
    return find_occasions(turn.session, criteria, turn.today).with_sfi.possible.one_a_course


def apply_how(turn: Turn) -> Handled:
    """How one applies, with the address when the conversation is about one course."""
    query = turn.query(carry=True)
    reply = reply_from(find_answer(turn.session, "apply_how"), easy=turn.easy)
    if not query.occupation:
        return Handled([reply], query)
    # Courses for people in work are not applied for in the way that the answer describes.
    found = find_occasions(turn.session, _criteria(turn, query, kind=VOCATIONAL), turn.today)
    lines = [
        _texts(
            "apply_at",
            title=hit.occasion.course.title,
            town=hit.occasion.course.node.town,
            deadline=deadline_words(hit.occasion, turn.today),
            url=turn.base_url + apply_path(hit.occasion),
        )
        for hit in found.open.shown[:_LINES]
        if web_address(hit.occasion.apply_url)
    ]
    return Handled([reply.model_copy(update={"text": "\n".join([reply.text, *lines])})], query)


def course_line(hit: Hit, today: date, *, easy: bool = False) -> str:
    """One occasion: title, town, start, last day to apply. In one line, or in easy Swedish a line for each."""
    occasion, course = hit.occasion, hit.occasion.course
    town = course.node.town
    return _texts.worded(
        "course_line_work" if course.kind == UPSKILLING else "course_line",
        easy=easy,
        title=course.title,
        town=_texts("town_away", town=town, km=round(hit.km)) if hit.km and hit.km >= _FAR_KM else town,
        start=_start_words(occasion, today),
        deadline=deadline_words(occasion, today),
    )


def deadline_words(occasion: Occasion, today: date) -> str:
    """A sentence about applying: until when, from when, or that it is too late."""
    standing = application(occasion, today)
    if standing.state == "upcoming" and occasion.apply_from:
        return _texts("apply_opens", day=swedish_dates.day(occasion.apply_from))
    if standing.state == "continuous":
        return _texts("apply_any_time")
    if standing.state == "closed":
        return _texts("apply_closed")
    if standing.state == "full":
        return _texts("apply_full")
    if standing.state == "cancelled":
        return _texts("apply_cancelled")
    if standing.days_left is None or occasion.apply_to is None:
        return _texts("apply_unset")
    days = standing.days_left
    key = {0: "apply_by_today", 1: "apply_by_tomorrow"}.get(days, "apply_by_soon" if days <= _SOON_DAYS else "apply_by")
    return _texts(key, day=swedish_dates.day(occasion.apply_to), days=days)


HANDLERS: dict[str, Handler] = {
    "course_search": course_search,
    "course_start": course_start,
    "course_pace": course_pace,
    "course_length": course_length,
    "course_detail": course_detail,
    "course_language": course_language,
    "apply_deadline": apply_deadline,
    "apply_how": apply_how,
}


def _criteria(turn: Turn, query: Query, *, kind: str | None = None) -> Criteria:
    first, _, last = (query.start or "").partition("/")
    return Criteria(
        occupation=query.occupation,
        place=find_municipality(turn.session, query.place),
        start_from=read_day(first),
        start_to=read_day(last),
        pace=_per_cent(query),
        part_time=query.pace == "deltid",
        distance=True if query.pace == "distans" else None,
        kind=kind,
    )


def _courses_for(turn: Turn, query: Query, *, kind: str | None = None) -> Found | None:
    """The courses for the occupation, an occasion of each; None when no occupation is known."""
    if not query.occupation:
        return None
    return find_occasions(turn.session, _criteria(turn, query, kind=kind), turn.today).one_a_course


def _per_cent(query: Query) -> int | None:
    """The pace as per cent of full time, when that is what was said."""
    pace = query.pace or ""
    return int(pace) if pace.isdecimal() and len(pace) <= 3 and 1 <= int(pace) <= 100 else None


def _dated(turn: Turn, order: Order, heading: str, line: Callable[[Hit, date], str]) -> Handled:
    query = turn.query(carry=not turn.said.start)  # "what starts in August" asks about everything
    every = find_occasions(turn.session, _criteria(turn, query), turn.today, order="nearest" if query.place else order)
    found = every.possible or every
    if not found:
        return _nothing(turn, query)
    lead = _texts(heading, about=_about(turn, query))
    first = found.shown[:_LINES]
    lines = [course_line(hit, turn.today, easy=True) if turn.easy else line(hit, turn.today) for hit in first]
    text = "\n".join([lead, *lines])
    return _courses(turn, query, [found], text, _steps(query), lead=lead)


def _start_line(hit: Hit, today: date) -> str:
    occasion, course = hit.occasion, hit.occasion.course
    if course.kind == UPSKILLING:  # says whom it is for
        return course_line(hit, today)
    values = {"title": course.title, "town": course.node.town, "deadline": deadline_words(occasion, today)}
    if start := next_start(occasion, today):
        return _texts("start_of", day=swedish_dates.day(start), **values)
    return _texts("start_of_any_time" if occasion.continuous else "start_of_unknown", **values)


def _listing(turn: Turn, query: Query, found: Found, heading: str) -> Handled:
    first = found.shown[:_LINES]
    lines = [heading, *(course_line(hit, turn.today, easy=turn.easy) for hit in first)]
    if found.total > _LINES:
        lines.append(_texts("courses_more", count=found.total - _LINES))
    if not found.has_for_work:
        return _courses(turn, query, [found], "\n".join(lines), _steps(query), lead=heading)
    if not any(hit.occasion.course.kind == UPSKILLING for hit in first):  # the others say it themselves
        lines.append(_texts("courses_also_work"))
    more = NextStep(title=_texts("choice_for_work"), topic="upskilling", entities=_entities(query))
    steps = (*_steps(query), more)
    return _courses(turn, query, [found], "\n".join(lines), steps, lead=heading)


def _courses(
    turn: Turn,
    query: Query,
    found: Sequence[Found],
    text: str,
    choices: tuple[NextStep, ...],
    *,
    lead: str = "",
    with_source_of: str = "",
) -> Handled:
    shown = list(islice(chain.from_iterable(some.shown for some in found), SHOWN))
    total = sum(some.total for some in found)
    data = courses_data(shown, total, turn.today, turn.base_url) | ({"lead": lead} if lead else {})
    if any(some.has_examples for some in found):
        text = f"{text}\n{_texts('example_note')}"
    source = source_of(find_answer(turn.session, with_source_of)) if with_source_of else None
    return Handled([Reply(kind="courses", text=text, data=data, choices=choices, source=source)], query)


def _nothing(turn: Turn, query: Query) -> Handled:
    return Handled([reply_from(find_answer(turn.session, turn.topic), easy=turn.easy)], query)


def _steps(query: Query) -> tuple[NextStep, ...]:
    entities = _entities(query)
    return (
        NextStep(title=_texts("choice_apply_how"), topic="apply_how", entities=entities),
        NextStep(title=_texts("choice_length"), topic="course_length", entities=entities),
        NextStep(title=_texts("choice_book"), topic="book_meeting"),
    )


def _entities(query: Query) -> dict[str, str]:
    """What a button to another question about the same courses carries."""
    return {key: value for key, value in (("occupation", query.occupation), ("place", query.place)) if value}


def _search_heading(turn: Turn, query: Query, found: Found) -> str:
    if find_municipality(turn.session, query.place) is None:
        return _texts("courses_found", about=_about(turn, query))
    what = _occupation(turn, query) + _pace(query)
    key = "courses_nearest" if found.is_in(query.place) else "courses_none_in_place"
    return _texts(key, what=what, place=query.place)


def _occupation(turn: Turn, query: Query) -> str:
    occupation = find_occupation(turn.session, query.occupation)
    return _texts("about_occupation", occupation=in_sentence(occupation.title)) if occupation else ""


def _about(turn: Turn, query: Query) -> str:
    place = find_municipality(turn.session, query.place)
    return _occupation(turn, query) + (_texts("about_place", place=place.name) if place else "") + _pace(query)


def _pace(query: Query) -> str:
    if per_cent := _per_cent(query):
        return _texts("about_pace", pace=per_cent)
    ways = {"distans": _texts("about_distance"), "kväll": _texts("about_evening"), "deltid": _texts("about_part_time")}
    return ways.get(query.pace or "", "")


def _begins(query: Query) -> str:
    return _texts("about_start") if query.start else ""


def _start_words(occasion: Occasion, today: date) -> str:
    if start := next_start(occasion, today):
        return _texts("starts_on", day=swedish_dates.day(start))
    return _texts("starts_any_time" if occasion.continuous else "start_unknown")


def _in_lines(description: str) -> list[str]:
    """What the course's own people wrote: in easy Swedish a sentence on each line, and whom to ask."""
    return [*re.split(r"(?<=[.!?])\s+", description), _texts("detail_ask_easy")]


def _length_line(occasion: Occasion, *, easy: bool) -> str:
    course = occasion.course
    if course.credits:
        return _texts.worded(
            "length_line",
            easy=easy,
            title=course.title,
            town=course.node.town,
            credits=course.credits,
            weeks=weeks(course.credits),
        )
    start, end = occasion.start_date, occasion.end_date
    return _texts.worded(
        "length_line_dates",
        easy=easy,
        title=course.title,
        town=course.node.town,
        start=swedish_dates.day(start) if start else "–",
        end=swedish_dates.day(end) if end else "–",
    )
