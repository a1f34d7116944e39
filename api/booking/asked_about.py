"""What somebody asked the assistant about, in a few plain words, for a counsellor who is to see it.

Made from topics, occupations and towns of the talk, never from what was written. It is sent only when the person has
read it and said yes.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking.wording import texts
from api.chat.tables import Message
from api.guidance.answers import titles
from api.guidance.tables import Occupation, in_sentence

KEPT_OUT = frozenset(
    {
        # the talk itself, and the booking
        *("greet", "welcome", "goodbye", "thank", "affirm", "deny", "restart", "chitchat", "feedback", "simplify"),
        *("help_capabilities", "bot_challenge", "other_language", "out_of_scope", "nlu_fallback", "human_contact"),
        *(
            "book_meeting",
            "reschedule_meeting",
            "cancel_meeting",
            "my_meeting",
            "meeting_info",
            "other_municipal_service",
        ),
        # what could say something of somebody's health or trust
        *("crisis", "accessibility_support", "privacy", "privacy_delete"),
    }
)
_MOST_TOPICS = 8


def asked_about(session: Session, conversation_id: UUID) -> str | None:
    """The latest topics by their titles, the occupations and the towns that were named; None when there is nothing."""
    rows = session.execute(
        select(Message.topic, Message.data)
        .where(Message.conversation_id == conversation_id, Message.sender == "bot", Message.topic.is_not(None))
        .order_by(Message.turn.desc(), Message.position.desc())
    ).all()
    asked = [(topic, data.get("query") or {}) for topic, data in rows if topic and topic not in KEPT_OUT]
    topics = list(titles(session, list(dict.fromkeys(topic for topic, _ in asked))).values())[:_MOST_TOPICS]
    slugs = list(dict.fromkeys(query["occupation"] for _, query in asked if query.get("occupation")))
    occupations = session.scalars(select(Occupation).where(Occupation.slug.in_(slugs)).order_by(Occupation.title)).all()
    places = list(dict.fromkeys(query["place"] for _, query in asked if query.get("place")))
    lines = [
        texts("asked_topics", topics=", ".join(map(in_sentence, reversed(topics)))) if topics else "",
        texts("asked_occupation", occupation=", ".join(in_sentence(one.title) for one in occupations))
        if occupations
        else "",
        texts("asked_place", place=", ".join(reversed(places))) if places else "",
    ]
    return "\n".join(line for line in lines if line) or None
