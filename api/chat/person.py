"""A person instead of another answer: what to say first, and how to reach somebody."""

from __future__ import annotations

from api.catalogue.node_replies import contact_reply
from api.guidance.answers import find_answer, next_steps, source_of
from api.guidance.languages import Language, find_language, language_choices
from api.guidance.turn import Handled, Turn
from api.replies import Reply
from api.texts import Texts

_texts = Texts.beside(__file__)
_CONTACT = "human_contact"

CRISIS = "crisis"
"""The stored answer for somebody in crisis. Nobody asks for it, so that it is no topic of the bot's."""


def offer_person(turn: Turn, why: str) -> Handled:
    """The guidance offices' contact, the nearest one's when the place is known, and a meeting.

    `why` is a key of texts.yml: the sentence before, which has a version in easy Swedish.
    """
    reply = _contacts(turn, _texts.worded(f"person_{why}", easy=turn.easy))
    choices = next_steps(find_answer(turn.session, _CONTACT))
    return Handled([reply.model_copy(update={"choices": choices})], turn.query(carry=False))


def offer_person_in(turn: Turn, language: Language) -> Handled:
    """The same for somebody who reads another language."""
    reply = _contacts(turn, language.contact)
    choices = tuple(step for step in language_choices(turn, language) if step.topic != _CONTACT)
    whole = reply.model_copy(update={"choices": choices, "data": reply.data | language.marks})
    return Handled([whole], turn.query(carry=False))


def in_crisis(turn: Turn, language: Language | None = None) -> Handled:
    """Where to turn at once: emergency, advice about care, somebody to talk to. Nothing else is asked or offered."""
    answer = find_answer(turn.session, CRISIS)
    # English as well: a few desperate words in it are easily taken for another language.
    spoken = [each for each in (language, find_language("en")) if each] if language else []
    lines = dict.fromkeys(each.crisis for each in spoken)
    reply = _contacts(turn, "\n".join([*lines, answer.easy if turn.easy else answer.text]))
    whole = reply.model_copy(update={"choices": next_steps(answer), "source": source_of(answer)})
    return Handled([whole], turn.query(carry=False))


def _contacts(turn: Turn, lead: str) -> Reply:
    reply = contact_reply(turn, turn.query(carry=True), lead)
    if not any(item["example"] for item in reply.data["items"]):
        return reply
    return reply.model_copy(update={"text": f"{reply.text}\n{_texts('contacts_example')}"})
