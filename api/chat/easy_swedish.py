"""Easy Swedish: on, off, and a person when even that was not easy enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from api.chat.person import offer_person
from api.chat.repeats import noted, times_asked, with_choices
from api.chat.schemas import Memory, Repeat
from api.guidance.answers import find_answer, reply_from
from api.guidance.turn import Handled, Turn
from api.replies import NextStep, Query, Reply
from api.texts import Texts

_texts = Texts.beside(__file__)

TOPIC = "simplify"
_PERSON_OFFERED = 2


def simplify(turn: Turn, memory: Memory, handle: Callable[[Turn], Handled]) -> tuple[Handled, list[Repeat]]:
    """The latest answer in easy Swedish; who has just read that and still asks is offered a person."""
    asked = times_asked(memory.repeats, TOPIC, {})
    if turn.easy and (memory.last_answer or asked) and asked != _PERSON_OFFERED:
        return offer_person(turn, "simpler"), noted(memory.repeats, TOPIC, {}, _PERSON_OFFERED)
    handled = _latest_in_easy(turn, memory, handle)
    replies = [*handled.replies[:-1], with_choices(handled.replies[-1], (_ordinary(),))]
    return Handled(replies, handled.query), noted(memory.repeats, TOPIC, {}, 1)


def ordinary_again(turn: Turn) -> Handled:
    """Easy Swedish is switched off."""
    back = NextStep(title=find_answer(turn.session, TOPIC).title, topic=TOPIC)
    return Handled([Reply(text=_texts("plain_on"), choices=(back, *_help(turn)))], turn.query(carry=False))


def noting(handled: Handled, *, on: bool) -> Handled:
    """The answer with a note for clients that easy Swedish is on or off from here: `data.easy` of its last message."""
    *others, last = handled.replies
    return replace(handled, replies=[*others, last.model_copy(update={"data": last.data | {"easy": on}})])


def _latest_in_easy(turn: Turn, memory: Memory, handle: Callable[[Turn], Handled]) -> Handled:
    easy = replace(turn, easy=True)
    if not memory.last_answer:
        return Handled([reply_from(find_answer(turn.session, TOPIC), easy=True)], Query())
    about = _asked_about(memory.repeats, memory.last_answer)
    said = about or Query()
    return handle(replace(easy, topic=memory.last_answer, said=said, follow_up=False, guide=turn.kept_guide))


def _asked_about(repeats: Sequence[Repeat], topic: str) -> Query | None:
    """What the latest answer on the topic was about."""
    known = next((known for known in reversed(repeats) if known.topic == topic), None)
    return Query.model_validate(known.query) if known else None


def _ordinary() -> NextStep:
    return NextStep(title=_texts("choice_plain"), topic=TOPIC, entities={"easy": "off"})


def _help(turn: Turn) -> tuple[NextStep, ...]:
    return (NextStep(title=find_answer(turn.session, "help_capabilities").title, topic="help_capabilities"),)
