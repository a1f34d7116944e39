"""Topic → replies. A topic without a handler of its own is answered by the text that staff keep for it."""

from __future__ import annotations

from collections.abc import Mapping

from api.catalogue import course_replies, node_replies, upskilling_replies
from api.catalogue.guided_courses import GuidedCourses
from api.chat.clarifying import clarify
from api.chat.person import CRISIS, in_crisis
from api.contact import replies as employer_replies
from api.contact.hosts import replies as host_replies
from api.contact.networks import replies as network_replies
from api.events import replies as event_replies
from api.guidance import occupation_replies
from api.guidance.answers import FALLBACK_TOPIC, find_answer, reply_from
from api.guidance.job_guide import replies as job_guide_replies
from api.guidance.outlook import replies as outlook_replies
from api.guidance.turn import Handled, Handler, Turn
from api.guidance.vacancies import replies as vacancy_replies

HANDLERS: Mapping[str, Handler] = {
    **course_replies.HANDLERS,
    **node_replies.HANDLERS,
    **upskilling_replies.HANDLERS,
    **employer_replies.HANDLERS,
    **host_replies.HANDLERS,
    **network_replies.HANDLERS,
    **event_replies.HANDLERS,
    **occupation_replies.HANDLERS,
    **outlook_replies.HANDLERS,
    **vacancy_replies.HANDLERS,
    job_guide_replies.TOPIC: job_guide_replies.guide_through(GuidedCourses()),
}


def handle(turn: Turn) -> Handled:
    """What the assistant answers."""
    if turn.topic == FALLBACK_TOPIC:
        return clarify(turn)
    if turn.topic == CRISIS:  # once more, in easy Swedish
        return in_crisis(turn)
    return HANDLERS.get(turn.topic, _stored_answer)(turn)


def can_follow_up(topic: str) -> bool:
    """Whether "och i Arvika då?" makes sense after an answer on this topic."""
    return topic in HANDLERS


def _stored_answer(turn: Turn) -> Handled:
    return Handled([reply_from(find_answer(turn.session, turn.topic), easy=turn.easy)], turn.query(carry=False))
