"""Answers as staff keep them: where a button may lead, what a form may say, and what is asked before it is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import swedish_dates
from api.chat.answers.fields import LABELS, ROWS, TEXTS
from api.chat.person import CRISIS
from api.folding import fold
from api.guidance.answers import FALLBACK_TOPIC
from api.guidance.tables import Answer, Occupation
from api.privacy.people import name_in
from api.replies import NextStep
from api.staff.editing.sending import Question

WELCOME, OTHER_LANGUAGE = "welcome", "other_language"
_NO_GOALS = frozenset({WELCOME, CRISIS, FALLBACK_TOPIC, OTHER_LANGUAGE, "affirm", "deny", "out_of_scope"})
"""What no button leads to: nobody asks for it, or it makes no sense on its own."""

_NUMBER = re.compile(r"(?<![\w.,])\d[\d -]*\d(?![\w])")
_SHORTEST_NUMBER = 3

Values = Mapping[str, Any]  # Any: columns' values


def goals(session: Session, row: Answer) -> dict[str, NextStep]:
    """Payload → where a button of this answer may lead; `title` is what the list calls it. Sorted by title.

    Also what its buttons lead to already, however it was put there, as long as there is such a topic.
    """
    topics = dict(session.execute(select(Answer.topic, Answer.title)).all())
    jobs = session.execute(select(Occupation.slug, Occupation.title)).all()
    steps = [NextStep(title=title, topic=topic) for topic, title in topics.items() if topic not in _NO_GOALS]
    for key, topic in (("button_courses", "course_search"), ("button_job", "job_describe")):
        steps += [
            NextStep(title=TEXTS(key, title=title), topic=topic, entities={"occupation": slug}) for slug, title in jobs
        ]
    present = [step for choice in row.choices if (step := NextStep.model_validate(choice)).topic in topics]
    kept = [step.model_copy(update={"title": _named(step, topics)}) for step in present]
    found = {step.payload: step for step in (*kept, *steps)}
    return dict(sorted(found.items(), key=lambda pair: fold(pair[1].title)))


def _named(step: NextStep, topics: Mapping[str, str]) -> str:
    return " ".join([topics[step.topic], *step.entities.values()])


def errors(values: Values, steps: Mapping[str, NextStep], row: Answer, today: date) -> dict[str, str]:
    """What is wrong with an answer's values besides the single fields, by field."""
    return {**dict(_wrong_buttons(values, steps, row)), **dict(_wrong_source(values, today))}


def _wrong_buttons(values: Values, steps: Mapping[str, NextStep], row: Answer) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for title, goes in ROWS:
        goal = values.get(goes, "")
        if values.get(title) and not goal:
            yield goes, TEXTS("wrong_button_goes")
        if not goal:
            continue
        if not values.get(title, "-"):
            yield title, TEXTS("wrong_button_title")
        if goal not in steps:
            yield goes, TEXTS("wrong_button_unknown")
        elif steps[goal].topic == row.topic and not steps[goal].entities:
            yield goes, TEXTS("wrong_button_itself")
        elif goal in seen:
            yield goes, TEXTS("wrong_button_twice")
        seen.add(goal)


def _wrong_source(values: Values, today: date) -> Iterator[tuple[str, str]]:
    parts = ("source_title", "source_url", "checked_on")
    filled = [name for name in parts if values.get(name)]
    if filled and len(filled) < len(parts):
        yield from ((name, TEXTS("wrong_source_whole")) for name in parts if name in values and not values[name])
    checked, review = values.get("checked_on"), values.get("review_on")
    if review and not filled:
        yield "review_on", TEXTS("wrong_review_source")
    if checked and checked > today:
        yield "checked_on", TEXTS("wrong_checked_future")
    elif checked and review and review <= checked:
        yield "review_on", TEXTS("wrong_review_before")
    elif checked and review and review > a_year_after(checked):
        yield "review_on", TEXTS("wrong_review_late", day=swedish_dates.day(a_year_after(checked)))


def a_year_after(day: date) -> date:
    """The same day next year; 28 February for a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def completed(values: Values) -> dict[str, Any]:  # Any: columns' values
    """The values with a review date when there is a source without one: a year after it was checked."""
    checked = values.get("checked_on")
    if checked and "review_on" in values and not values["review_on"]:
        return {**values, "review_on": a_year_after(checked)}
    return dict(values)


def questions(values: Values, row: Answer) -> Iterator[Question]:
    """What looks wrong in an answer's values but may be right."""
    for field in ("text", "easy"):
        text = values.get(field) or ""
        if row.topic == CRISIS:
            for number in sorted(numbers(getattr(row, field)) - numbers(text)):
                yield Question(field, text, TEXTS("ask_number", label=LABELS[field], number=number))
        if words := name_in(text):
            yield Question(field, text, TEXTS("ask_name", label=LABELS[field], words=words))


def numbers(text: str) -> set[str]:
    """The telephone numbers in a text: at least three digits, without what stands between them."""
    found = (re.sub(r"\D", "", match) for match in _NUMBER.findall(text))
    return {digits for digits in found if len(digits) >= _SHORTEST_NUMBER}
