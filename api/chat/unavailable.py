"""The honest answer when the bot cannot give one: an apology, a person to turn to, and a plain catalogue search."""

from __future__ import annotations

from api.catalogue.node_replies import contact_reply
from api.catalogue.search import mentioned_in
from api.chat.topics import handle
from api.guidance.turn import Turn
from api.replies import Query, Reply
from api.texts import Texts

_texts = Texts.beside(__file__)


def honest_replies(turn: Turn, text: str) -> list[Reply]:
    """What to say instead. `text` is what the person wrote (masked); the search looks only at its words."""
    contact = contact_reply(turn, Query(), _texts("bot_down"))
    apology = contact.model_copy(update={"data": {**contact.data, "unavailable": True}})  # not counted as a miss
    found = mentioned_in(turn.session, text)
    if not (found.occupation or found.place):
        return [apology]
    query = Query(
        occupation=found.occupation.slug if found.occupation else None,
        place=found.place.name if found.place else None,
    )
    courses = handle(Turn(turn.session, turn.now, turn.base_url, "course_search", query, Query())).replies
    lead = courses[0].model_copy(update={"text": f"{_texts('bot_down_search')}\n{courses[0].text}", "choices": ()})
    return [apology, lead]
