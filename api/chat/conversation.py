"""One turn of a talk: which answers it gets, in what wording, and what the bot shall remember of it.

The order of what matters most: somebody in crisis, how easy the Swedish shall be, what was not understood, another
language, and then the question itself, or both when there were two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.chat import easy_swedish
from api.chat.clarifying import MOST_QUESTIONS
from api.chat.person import CRISIS, in_crisis, offer_person, offer_person_in
from api.chat.repeats import answer_again, noted, times_asked, with_choices
from api.chat.schemas import Repeat, TopicQuestion
from api.chat.topics import can_follow_up, handle
from api.guidance.answers import FALLBACK_TOPIC, titles
from api.guidance.job_guide import replies as job_guide
from api.guidance.languages import Language, find_language, language_reply
from api.guidance.turn import Handled, Turn
from api.replies import NextStep, Query

_OTHER_LANGUAGE = "other_language"
_NONE_OF_THESE = "help_capabilities"
_STARTS_SOMETHING = frozenset({"book_meeting", "cancel_meeting", "job_guide", "my_meeting", "reschedule_meeting"})
"""As a second question these are offered, not begun: a form would take over before the first answer was read."""
_OF_EACH = frozenset(
    {
        "apply_deadline",
        "career_paths",
        "course_detail",
        "course_length",
        "course_search",
        "course_start",
        "job_describe",
        "job_environment",
        "job_hours",
        "job_outlook",
        "job_requirements",
        "job_vacancies",
    }
)
"""What is said of each occupation apart when two are named, as to compare them."""
_NO_SECOND = frozenset({FALLBACK_TOPIC, easy_swedish.TOPIC, "restart", CRISIS, "affirm", "deny", "greet", "thank"})

Slots = dict[str, object]


@dataclass(frozen=True)
class Answered:
    """An answer and the topic it is about."""

    topic: str
    handled: Handled


@dataclass(frozen=True)
class Spoken:
    """What to say, in order, and values for the bot's slots: those that are not named stay as they are."""

    answers: tuple[Answered, ...]
    slots: Slots


def converse(turn: Turn, question: TopicQuestion) -> Spoken:
    """Everything that is said to one message. `turn` is the question with its session and clock."""
    language = find_language(question.language)
    if question.distress:
        return Spoken((Answered(turn.topic, in_crisis(turn, language)),), {"misses": None, "last_answer": CRISIS})
    if question.plain:
        ordinary = Answered(easy_swedish.TOPIC, easy_swedish.noting(easy_swedish.ordinary_again(turn), on=False))
        return Spoken((ordinary,), {"easy": None, "misses": None})
    if turn.topic == easy_swedish.TOPIC:
        handled, repeats = easy_swedish.simplify(turn, question.memory, handle)
        slots: Slots = {"misses": None, "repeats": _kept(repeats)}
        if question.lasting:
            slots["easy"] = True
            handled = easy_swedish.noting(handled, on=True)
        return Spoken((Answered(turn.topic, handled),), slots)
    if turn.topic == FALLBACK_TOPIC:
        return _not_understood(turn, question)
    if turn.topic == _OTHER_LANGUAGE and language:
        return _in_language(turn, language, question.memory.repeats)
    return _answered(job_guide.settled(job_guide.answered_in_words(turn) if _guide_waits(question) else turn), question)


def _guide_waits(question: TopicQuestion) -> bool:
    """Whether something was written right after the job guide spoke, so that it may be meant for it."""
    return question.typed and not question.in_form and question.memory.last_answer == job_guide.TOPIC


def _not_understood(turn: Turn, question: TopicQuestion) -> Spoken:
    """A clarifying question, or the job guide's own once more, or a person. After that the questions begin anew."""
    if question.only_contact and not question.in_form:
        return Spoken((Answered(turn.topic, offer_person(turn, "only_contact")),), {"misses": None})
    waits = _guide_waits(question) and turn.misses < MOST_QUESTIONS
    handled = (job_guide.ask_again(turn) if waits else None) or handle(turn)
    misses = turn.misses + 1 if turn.misses < MOST_QUESTIONS else None
    return Spoken((Answered(turn.topic, handled),), {"misses": misses, **_about(handled.query)})


def _in_language(turn: Turn, language: Language, repeats: Sequence[Repeat]) -> Spoken:
    """In the person's language: who answers and how to reach a person; the next time the telephone numbers."""
    about = {"language": language.code}
    asked = times_asked(repeats, turn.topic, about)
    reply = language_reply(turn, language)
    handled = offer_person_in(turn, language) if asked % 2 else Handled([reply], turn.query(carry=False))
    latest = noted(repeats, turn.topic, about, asked % 2 + 1)
    return Spoken((Answered(turn.topic, handled),), {"misses": None, "repeats": _kept(latest)})


def _answered(turn: Turn, question: TopicQuestion) -> Spoken:
    second = question.second if question.second != turn.topic else None
    if question.in_form and second in _STARTS_SOMETHING:  # it has begun already, or would break off what has
        second = None
    if second == easy_swedish.TOPIC:  # "explain CSN, and make it simple"
        turn = replace(turn, easy=True)
    repeats: Sequence[Repeat] = question.memory.repeats
    handled, repeats = answer_again(turn, handle(turn), repeats, typed=question.typed, handle=handle)
    answers = [Answered(turn.topic, handled)]
    if second in _STARTS_SOMETHING:
        answers = [Answered(turn.topic, _with_choice(turn, handled, second))]
    elif second and second not in _NO_SECOND and titles(turn.session, [second]):
        other = replace(turn, topic=second)
        also, repeats = answer_again(other, handle(other), repeats, typed=question.typed, handle=handle)
        answers.append(Answered(second, also))
    elif question.other_occupation and turn.topic in _OF_EACH:
        other = replace(turn, said=turn.said.model_copy(update={"occupation": question.other_occupation}))
        also, repeats = answer_again(other, handle(other), repeats, typed=question.typed, handle=handle)
        answers.append(Answered(turn.topic, also))
    aside = _guide_s_question(turn, answers[-1], question)
    if aside is None:
        answers[-1] = _with_way_back(turn, answers[-1], question)
    slots: Slots = {"repeats": _kept(repeats), "last_answer": answers[-1].topic, "guide_left": None}
    for answer in answers:
        slots |= _about(answer.handled.query)
        if answer.handled.guide is not None:
            slots["guide"] = answer.handled.guide
        if can_follow_up(answer.topic):
            slots["last_topic"] = answer.topic
    if second == easy_swedish.TOPIC:
        slots["easy"] = True
        answers[-1] = replace(answers[-1], handled=easy_swedish.noting(answers[-1].handled, on=True))
    if aside is not None:
        answers.append(Answered(job_guide.TOPIC, aside))
        slots |= {"last_answer": job_guide.TOPIC, "guide_left": True}
    if question.typed or turn.topic != _NONE_OF_THESE:  # "no, something else" is no understanding
        slots["misses"] = None
    return Spoken(tuple(answers), slots)


def _with_choice(turn: Turn, handled: Handled, topic: str) -> Handled:
    """The answer with a button to the other matter."""
    steps = [NextStep(title=title, topic=topic) for title in titles(turn.session, [topic]).values()]
    return replace(handled, replies=[*handled.replies[:-1], with_choices(handled.replies[-1], steps)])


def _guide_s_question(turn: Turn, answer: Answered, question: TopicQuestion) -> Handled | None:
    """The job guide's open question once more, after the first thing that was asked beside it."""
    beside = _guide_waits(question) and answer.topic != job_guide.TOPIC and not question.memory.guide_left
    return job_guide.ask_beside(turn) if beside else None


def _with_way_back(turn: Turn, answer: Answered, question: TopicQuestion) -> Answered:
    """The answer to something else right after the job guide, with a button back to it."""
    step = job_guide.way_back(turn) if question.memory.last_answer == job_guide.TOPIC != answer.topic else None
    if step is None or question.in_form:
        return answer
    *others, last = answer.handled.replies
    return replace(answer, handled=replace(answer.handled, replies=[*others, with_choices(last, [step])]))


def _about(query: Query) -> Slots:
    """What the talk goes on to be about."""
    named = {"occupation": query.occupation, "place": query.place}
    return {name: value for name, value in named.items() if value}


def _kept(repeats: Sequence[Repeat]) -> list[dict[str, object]]:
    return [repeat.model_dump() for repeat in repeats]
