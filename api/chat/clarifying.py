"""When no topic is certain: a question with buttons, another one, and then a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.search import PUBLIC, can_be_joined
from api.catalogue.tables import Course, Occasion
from api.chat.person import offer_person
from api.guidance.answers import FALLBACK_TOPIC, find_answer, next_steps, reply_from, titles
from api.guidance.lookup import Found, look_up
from api.guidance.occupations import find_occupation
from api.guidance.tables import Answer, in_sentence
from api.guidance.turn import Handled, Turn
from api.replies import NextStep, Query, Reply
from api.texts import Texts

_texts = Texts.beside(__file__)

MOST_QUESTIONS = 2
"""So many clarifying questions in a row; then a person."""
_MOST_CHOICES = 4
_LIKELY, _HITS = 2, 2
_LONGEST_TITLE = 60
_A_PAIR = 2
NO_QUESTIONS = frozenset(
    {
        "affirm",
        "bot_challenge",
        "chitchat",
        "crisis",
        "deny",
        "feedback",
        "goodbye",
        "greet",
        "out_of_scope",
        "restart",
        "thank",
        "welcome",
        FALLBACK_TOPIC,
    }
)
"""What nobody means who asks something."""


def clarify(turn: Turn) -> Handled:
    """Ask what was meant; after two questions in a row that led nowhere, offer a person instead."""
    if turn.misses >= MOST_QUESTIONS:
        return offer_person(turn, "not_understood")
    again = turn.misses > 0
    entities = turn.said.named
    likely = [
        NextStep(title=title, topic=topic, entities=entities)
        for topic, title in titles(turn.session, turn.candidates).items()
        if topic not in NO_QUESTIONS
    ]
    if pair := _pair(turn, likely):
        first, second = pair
        question = _texts("which_of_two_again" if again else "which_of_two", first=first.title, second=second.title)
        return _ask_which(turn, pair, question)
    hits = list(islice(_hits(turn, entities), _HITS))
    offered = _without_doubles([*likely[:_LIKELY], *hits, *likely[_LIKELY:]])[:_MOST_CHOICES]
    if offered:
        key = "did_you_mean_again" if again else "did_you_mean"
        return _ask_which(turn, offered, _texts.worded(key, easy=turn.easy))
    stored = find_answer(turn.session, FALLBACK_TOPIC)
    reply = reply_from(stored, easy=turn.easy)
    if again:
        reply = Reply(text=_texts.worded("not_understood_again", easy=turn.easy), choices=next_steps(stored))
    return Handled([reply], turn.query(carry=False))


def _ask_which(turn: Turn, offered: Sequence[NextStep], question: str) -> Handled:
    """One question with a button for each, and one for none of them."""
    none = NextStep(title=_texts("none_of_these"), topic="help_capabilities")
    reply = Reply(kind="choices", text=question, choices=(*offered, none))
    return Handled([reply], turn.query(carry=False))


def _pair(turn: Turn, likely: Sequence[NextStep]) -> Sequence[NextStep]:
    """The two topics that the message lies between; empty when it does not, or when one of them is never offered."""
    first = likely[:_A_PAIR]
    known = len(first) == _A_PAIR and tuple(step.topic for step in first) == turn.candidates[:_A_PAIR]
    return first if turn.a_pair and known else ()


def _without_doubles(steps: Sequence[NextStep]) -> list[NextStep]:
    """Each way to go on once: of two to the same topic the one that says more, "what does a welder do"."""
    kept: list[NextStep] = []
    for step in steps:
        vaguer = (at for at, other in enumerate(kept) if _says_no_more(other, step))
        if (at := next(vaguer, None)) is not None:
            kept[at] = step
        elif all(step.payload != other.payload and step.title != other.title for other in kept):
            kept.append(step)
    return kept


def _says_no_more(one: NextStep, other: NextStep) -> bool:
    return one.topic == other.topic and one.entities.items() <= other.entities.items()


def _hits(turn: Turn, entities: dict[str, str]) -> Iterator[NextStep]:
    """Buttons for what the words of the message were found in, best first. Only titles: a hit is no answer."""
    found = look_up(turn.session, turn.text) if turn.text else []
    titles_of_courses: set[str] = set()
    for hit in found:
        if hit.kind == "answer":
            yield from _answer_step(turn.session, hit, entities)
        elif hit.kind == "occupation":
            yield from _occupation_step(turn.session, hit)
        elif hit.kind == "course":
            course = turn.session.get(Course, int(hit.key))
            if course and course.title not in titles_of_courses and _is_offered(turn, course):
                titles_of_courses.add(course.title)
                yield _course_step(turn, course, found)


def _answer_step(session: Session, hit: Found, entities: dict[str, str]) -> Iterator[NextStep]:
    answer = session.get(Answer, hit.key)
    if answer and answer.topic not in NO_QUESTIONS:
        yield NextStep(title=answer.title, topic=answer.topic, entities=entities)


def _occupation_step(session: Session, hit: Found) -> Iterator[NextStep]:
    occupation = find_occupation(session, hit.key)
    if occupation:
        title = _texts("choice_occupation", occupation=in_sentence(occupation.title))
        yield NextStep(title=title[:_LONGEST_TITLE], topic="job_describe", entities={"occupation": occupation.slug})


def _course_step(turn: Turn, course: Course, found: Sequence[Found]) -> NextStep:
    """To the courses of its occupation; with its town when no other found course has the same title."""
    keys = [int(hit.key) for hit in found if hit.kind == "course"]
    namesakes = turn.session.scalars(select(Course.id).where(Course.id.in_(keys), Course.title == course.title)).all()
    query = Query(occupation=course.occupation.slug, place=turn.said.place)
    title = _texts("choice_course", title=course.title)
    if len(namesakes) == 1 and query.place is None:
        query = query.model_copy(update={"place": course.node.municipality.name})
        title = _texts("choice_course_in", title=course.title, town=course.node.town)
    return NextStep(title=title[:_LONGEST_TITLE], topic="course_search", entities=query.named)


def _is_offered(turn: Turn, course: Course) -> bool:
    """Whether the public can still join the course."""
    public = select(Occasion.id).where(
        Occasion.course_id == course.id, Occasion.status.in_(PUBLIC), can_be_joined(turn.today)
    )
    return turn.session.scalar(public.limit(1)) is not None
