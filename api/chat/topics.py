"""Topic → replies. A topic without a handler of its own is answered by the text that staff keep for it."""

from __future__ import annotations

from collections.abc import Mapping

from api.catalogue import course_replies, node_replies
from api.guidance import occupation_replies
from api.guidance.answers import FALLBACK_TOPIC, find_answer, reply_from, titles
from api.guidance.turn import Handled, Handler, Turn
from api.replies import NextStep, Reply
from api.texts import Texts

_texts = Texts.beside(__file__)

HANDLERS: Mapping[str, Handler] = {
    **course_replies.HANDLERS,
    **node_replies.HANDLERS,
    **occupation_replies.HANDLERS,
}


def handle(turn: Turn) -> Handled:
    """What the assistant answers."""
    if turn.topic == FALLBACK_TOPIC:
        return did_you_mean(turn)
    return HANDLERS.get(turn.topic, _stored_answer)(turn)


def can_follow_up(topic: str) -> bool:
    """Whether "och i Arvika då?" makes sense after an answer on this topic."""
    return topic in HANDLERS


def did_you_mean(turn: Turn) -> Handled:
    """Offers the topics that the message may have meant; without any, says that we did not understand."""
    offered = titles(turn.session, turn.candidates)
    if not offered:
        return _stored_answer(turn)
    entities = {name: value for name, value in turn.said.model_dump().items() if value}
    choices = [NextStep(title=title, topic=topic, entities=entities) for topic, title in offered.items()]
    choices.append(NextStep(title=_texts("none_of_these"), topic="help_capabilities"))
    reply = Reply(kind="choices", text=_texts("did_you_mean"), choices=tuple(choices))
    return Handled([reply], turn.query(carry=False))


def _stored_answer(turn: Turn) -> Handled:
    return Handled([reply_from(find_answer(turn.session, turn.topic), easy=turn.easy)], turn.query(carry=False))
