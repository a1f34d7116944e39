"""The job guide as a dialogue: a question at a time, at the end three occupations with reasons and a course each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy import select

from api.guidance.answers import find_answer, reply_from, titles
from api.guidance.job_guide.questions import QUESTIONS
from api.guidance.job_guide.scoring import Candidate, Suggestion, suggest
from api.guidance.job_guide.state import Progress, read_code
from api.guidance.tables import Occupation, in_sentence
from api.guidance.turn import Handled, Handler, Turn
from api.replies import NextStep, Reply
from api.texts import Texts, enumerated

_texts = Texts.beside(__file__)

TOPIC = "job_guide"
_COUNT = len(QUESTIONS)
_READ, _BOOK = "job_describe", "book_meeting"


@dataclass(frozen=True)
class CourseFound:
    """A course for an occupation: as a sentence or two, and as an item of the chat contract's `courses`."""

    line: str
    item: dict[str, Any]  # Any: JSON


class Courses(Protocol):
    """What the guide needs of the catalogue, which lies above guidance."""

    def occasions(self, turn: Turn) -> Mapping[str, int]:
        """Slug of an occupation → how many occasions one can join."""

    def best(self, turn: Turn, occupation: str, place: str | None, *, with_sfi: bool) -> CourseFound | None:
        """The nearest course, without a place the one that begins first; of those with sfi where there are any."""


def guide_through(courses: Courses) -> Handler:
    """The handler of the topic."""

    def job_guide(turn: Turn) -> Handled:
        """Go on from where the pressed button was made, or from the beginning; offer what was begun before."""
        asked = read_code(turn.guide)
        if turn.guide is not None:
            return _go_on(turn, asked or Progress(), courses, lead="" if asked else _own(turn, "lost"))
        kept = read_code(turn.kept_guide)
        if kept is None:
            return _go_on(turn, Progress(), courses, lead=_own(turn, "intro", count=_COUNT))
        if not kept.answers:  # the first question has been asked, and perhaps answered in words of one's own
            return _go_on(turn, kept, courses, lead=_own(turn, "first_again"))
        if turn.follow_up:  # only a place was named: the same once more, near it
            return _go_on(turn, kept, courses)
        return _offer_to_go_on(turn, kept)

    return job_guide


def _go_on(turn: Turn, progress: Progress, courses: Courses, lead: str = "") -> Handled:
    reply = _question(turn, progress, lead) if progress.question else _result(turn, progress, courses)
    return Handled([reply], turn.query(carry=False), guide=progress.code)


def _question(turn: Turn, progress: Progress, lead: str = "") -> Reply:
    """The question to ask, with a button for each answer, one to pass it over and one back."""
    question = progress.question
    options = question.options if question else ()
    asked = (question.easy if turn.easy else question.text) if question else ""
    text = _texts("question", number=progress.number, count=_COUNT, question=asked)
    steps = [_step(option.title, progress.answered(option)) for option in options]
    steps.append(_step(_texts("choice_skip"), progress.skipped()))
    if progress.answers:
        steps.append(_step(_texts("choice_back"), progress.back()))
    return Reply(kind="choices", text=f"{lead}\n{text}" if lead else text, choices=tuple(steps))


def _offer_to_go_on(turn: Turn, kept: Progress) -> Handled:
    """Whether to go on, or to see the result again, or to begin anew."""
    values = {"number": kept.number, "count": _COUNT}
    if kept.question:
        text, title = _own(turn, "resume", **values), _texts("choice_continue", **values)
    else:
        text, title = _own(turn, "again"), _texts("choice_result")
    choices = (_step(title, kept), _step(_texts("choice_restart"), Progress()))
    return Handled([Reply(kind="choices", text=text, choices=choices)], turn.query(carry=False))


def _result(turn: Turn, progress: Progress, courses: Courses) -> Reply:
    """Three occupations. The courses stand in the text, and as cards where a client draws them."""
    occasions = courses.occasions(turn)
    candidates = [
        Candidate(row.slug, row.title, row.guide, occasions.get(row.slug, 0))
        for row in turn.session.scalars(select(Occupation))
    ]
    suggestions = suggest(progress.chosen, candidates)
    if not suggestions:  # staff have taken away every occupation
        return reply_from(find_answer(turn.session, TOPIC), easy=turn.easy)
    place, with_sfi = turn.query(carry=True).place, any(option.sfi for option in progress.chosen)
    found = {s.slug: courses.best(turn, s.slug, place, with_sfi=with_sfi) for s in suggestions}
    items = [course.item for course in found.values() if course]
    whole = _text(turn, progress, suggestions, found)
    if any(item["example"] for item in items):
        whole = f"{whole}\n{_texts('example_note')}"
    data: dict[str, Any] = {"occupations": [suggestion.slug for suggestion in suggestions]}
    if items:
        without = {slug: course for slug, course in found.items() if course is None}
        lead = _text(turn, progress, suggestions, without)
        data |= {"items": items, "total": len(items), "lead": lead}
    choices = (*_reading(suggestions), *_meeting(turn), _step(_texts("choice_restart"), Progress()))
    return Reply(kind="courses" if items else "text", text=whole, data=data, choices=choices)


def _text(
    turn: Turn, progress: Progress, suggestions: Sequence[Suggestion], found: Mapping[str, CourseFound | None]
) -> str:
    """The whole result; nothing is said about courses for an occupation that is not in `found`."""
    lines = [_heading(turn, progress)]
    for number, suggestion in enumerate(suggestions, start=1):
        said = [reason.sentence(easy=turn.easy) for reason in suggestion.reasons]
        if warnings := suggestion.warnings(easy=turn.easy):
            said.append(_texts("but", warnings=enumerated(warnings)))
        key = "suggestion" if said else "suggestion_bare"
        lines.append(_texts(key, number=number, occupation=suggestion.title, reasons=" ".join(said)))
        if suggestion.slug in found:
            course = found[suggestion.slug]
            none = _own(turn, "no_course", occupation=in_sentence(suggestion.title))
            lines.append(_own(turn, "course", course=course.line) if course else none)
    return "\n".join([*lines, _own(turn, "closing")])


def _heading(turn: Turn, progress: Progress) -> str:
    if progress.passed_over == _COUNT:
        return _own(turn, "result_skipped")
    if not any(option.is_weighed for option in progress.chosen):
        return _own(turn, "result_any")
    return _own(turn, "result_unsure" if progress.passed_over * 2 > _COUNT else "result")


def _reading(suggestions: Iterable[Suggestion]) -> Iterable[NextStep]:
    for suggestion in suggestions:
        title = _texts("choice_read", occupation=in_sentence(suggestion.title))
        yield NextStep(title=title, topic=_READ, entities={"occupation": suggestion.slug})


def _meeting(turn: Turn) -> Iterable[NextStep]:
    for topic, title in titles(turn.session, [_BOOK]).items():
        yield NextStep(title=title, topic=topic)


def _step(title: str, progress: Progress) -> NextStep:
    return NextStep(title=title, topic=TOPIC, entities={"guide": progress.code})


def _own(turn: Turn, key: str, **values: object) -> str:
    """A sentence in the wording that is wished for."""
    return _texts.worded(key, easy=turn.easy, **values)


# --- While a question waits for its answer ------------------------------------------------------------------------


def answered_in_words(turn: Turn) -> Turn:
    """The turn with a yes or a no taken as the answer to the question that waits, where that has such answers."""
    kept = read_code(turn.kept_guide)
    options = kept.question.options if kept and kept.question else ()
    option = next((option for option in options if option.means == turn.topic), None)
    return replace(turn, topic=TOPIC, guide=kept.answered(option).code) if kept and option else turn


def ask_again(turn: Turn) -> Handled | None:
    """The question that waits once more, after a message that was not understood; None when none waits."""
    return _waiting(turn, _own(turn, "unclear"))


def ask_beside(turn: Turn) -> Handled | None:
    """The question that waits once more, after the answer to something else; None when none waits."""
    return _waiting(turn, _own(turn, "aside"))


def _waiting(turn: Turn, lead: str) -> Handled | None:
    kept = read_code(turn.kept_guide)
    if kept is None or kept.question is None:
        return None
    return Handled([_question(turn, kept, lead)], turn.query(carry=False))


def way_back(turn: Turn) -> NextStep | None:
    """The button that leads back to the question that was left, or to the result that was read."""
    kept = read_code(turn.kept_guide)
    return _step(_texts("choice_go_on" if kept.question else "choice_result"), kept) if kept else None


def settled(turn: Turn) -> Turn:
    """What is asked after the guide's answer by naming something: about an occupation, or about courses."""
    if turn.topic != TOPIC or not turn.follow_up:
        return turn
    if turn.said.occupation:
        return replace(turn, topic=_READ)
    return replace(turn, topic="course_search") if turn.said.start or turn.said.pace else turn
