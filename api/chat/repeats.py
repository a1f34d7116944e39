"""The same question once more: another wording the second time, a person the third. Never the same bubble thrice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from api.chat.person import offer_person
from api.chat.schemas import Repeat
from api.guidance.answers import titles
from api.guidance.turn import Handled, Turn
from api.replies import NextStep, Query, Reply
from api.texts import Texts

_texts = Texts.beside(__file__)

_REMEMBERED = 3
"""How many of the latest answers count as just given."""
_SECOND, _THIRD = 2, 3
_MOST_CHOICES = 4

_NEVER = frozenset(
    {"book_meeting", "cancel_meeting", "goodbye", "greet", "job_guide", "my_meeting", "restart", "simplify", "thank"}
)
"""Courtesies and what starts something: to hear them again is no sign that an answer did not help."""
_WITHOUT_LEAD = frozenset(
    {"affirm", "bot_challenge", "chitchat", "deny", "help_capabilities", "human_contact", "other_municipal_service",
     "out_of_scope"}
)  # fmt: skip
"""Topics that quite different questions share, so that "you just asked that" would be wrong."""
_LISTS = frozenset({"courses", "nodes", "vacancies"})
"""Kinds of replies that other words make no clearer."""
_FEEDBACK = "feedback"
"""Somebody who is unhappy and says so again gets a person at once."""


def times_asked(repeats: Sequence[Repeat], topic: str, about: Mapping[str, str]) -> int:
    """How many times this answer was given lately."""
    return next((known.count for known in repeats if (known.topic, known.query) == (topic, about)), 0)


def noted(repeats: Sequence[Repeat], topic: str, about: Mapping[str, str], count: int) -> list[Repeat]:
    """The latest answers with this one as the newest."""
    others = [known for known in repeats if (known.topic, known.query) != (topic, about)]
    return [*others, Repeat(topic=topic, query=dict(about), count=count)][-_REMEMBERED:]


def answer_again(
    turn: Turn, handled: Handled, repeats: Sequence[Repeat], *, typed: bool, handle: Callable[[Turn], Handled]
) -> tuple[Handled, list[Repeat]]:
    """What to say when `handled` is the answer: itself, reworded or a person; and the latest answers with this one.

    A pressed button always gets its answer. After the person it begins anew.
    """
    if turn.topic in _NEVER:
        return handled, list(repeats)
    about = handled.query.named
    before = times_asked(repeats, turn.topic, about)
    if not typed:
        return handled, noted(repeats, turn.topic, about, max(before, 1))
    count = before % _THIRD + 1
    latest = noted(repeats, turn.topic, about, count)
    if count >= _SECOND and turn.topic == _FEEDBACK:
        return offer_person(turn, "feedback"), latest
    if count == _SECOND:
        return _reworded(turn, handled, handle), latest
    if count == _THIRD:
        person = offer_person(turn, "asked_again")
        return Handled(person.replies, handled.query), latest
    return handled, latest


def _reworded(turn: Turn, handled: Handled, handle: Callable[[Turn], Handled]) -> Handled:
    """The other of the two wordings, or for an answer that has only one what one can change about it."""
    is_list = any(reply.kind in _LISTS for reply in handled.replies)
    other = handled if is_list else handle(replace(turn, easy=not turn.easy))
    is_same = [reply.text for reply in other.replies] == [reply.text for reply in handled.replies]
    lead = _lead(turn, is_same)
    first, *rest = other.replies
    replies = [_led(first, lead) if lead else first, *rest]
    narrower = _narrower(turn, handled.query) if replies[-1].kind == "courses" else ()
    replies[-1] = with_choices(replies[-1], (*narrower, *_to_a_person(turn)), instead=bool(narrower))
    return Handled(replies, handled.query)


def with_choices(reply: Reply, steps: Sequence[NextStep], *, instead: bool = False) -> Reply:
    """The reply with these buttons last; its own make room, or give way altogether. Answers to a question stay."""
    topics = {step.topic for step in steps}
    own = () if instead else tuple(step for step in reply.choices if step.topic not in topics)
    room = len(own) if reply.kind == "choices" else _MOST_CHOICES - len(steps)
    return reply.model_copy(update={"choices": (*own[:room], *steps)})


def _lead(turn: Turn, is_same: bool) -> str:
    if turn.topic in _WITHOUT_LEAD:
        return ""
    if is_same:
        return _texts.worded("again_same", easy=turn.easy)
    return _texts("again_fuller" if turn.easy else "again_simpler")


def _led(reply: Reply, lead: str) -> Reply:
    data = reply.data | ({"lead": f"{lead}\n{reply.data['lead']}"} if reply.data.get("lead") else {})
    return reply.model_copy(update={"text": f"{lead}\n{reply.text}", "data": data})


def _narrower(turn: Turn, query: Query) -> tuple[NextStep, ...]:
    """Ways to ask for fewer or other courses."""
    occupation, place = Query(occupation=query.occupation).named, Query(place=query.place).named
    steps = (
        None if place else NextStep(title=_texts("choice_nearest"), topic="node_nearest", entities=occupation),
        NextStep(title=_texts("choice_other_occupation"), topic="job_overview"),
        NextStep(title=_texts("choice_pace"), topic="course_pace", entities=occupation | place),
    )
    return tuple(step for step in steps if step and step.topic != turn.topic)


def _to_a_person(turn: Turn) -> tuple[NextStep, ...]:
    if turn.topic == "human_contact":
        return ()
    return tuple(NextStep(title=title, topic=topic) for topic, title in titles(turn.session, ["human_contact"]).items())
