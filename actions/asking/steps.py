"""What the form's actions share: what the bot keeps of a form, and how one begins."""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction

from actions.api_client import ApiClient, Json
from actions.base import Speaker, set_slots
from actions.understood import Understood

FORM = "asking_form"
STATE, REPLY = "asking_state", "asking_reply"
KIND, SAID = "asking_kind", "asking_say"
"""Entities of buttons: which form to begin, and what a button of a form stands for."""


def nothing_asked() -> list[EventType]:
    """Slot changes that forget everything that was answered."""
    return set_slots(**{STATE: None, REPLY: None})


async def begin_form(api: ApiClient, understood: Understood, speaker: Speaker) -> list[EventType]:
    """Begin the form of the pressed button and ask its first question; or say why there is none."""
    state = await begun_form(api, understood, speaker)
    if state is None:
        return nothing_asked()
    return [*set_slots(**{STATE: state, REPLY: None, "misses": None}), FollowupAction(FORM)]


async def begun_form(api: ApiClient, understood: Understood, speaker: Speaker) -> Json | None:
    """The state of a form that begins with the pressed button; None when there is none to begin. Either is said."""
    wanted = {"begin": understood.entities[KIND], "place": understood.slots.get("place")}
    begun = await api.post("/asking/turn", body(understood, **wanted))
    say(speaker, begun)
    state: Json | None = begun["state"]
    return state


async def say_late(api: ApiClient, understood: Understood, speaker: Speaker) -> None:
    """Answer a button of a form that is over."""
    late = await api.post("/asking/late", body(understood, said=understood.entities[SAID]))
    speaker.say(late["messages"])


def say(speaker: Speaker, result: Json) -> None:
    """Say what api made of a turn."""
    speaker.say(result["messages"], topic=result["topic"] or None)


def body(understood: Understood, **more: object) -> Json:
    """A request about the conversation."""
    return {"conversation_id": understood.conversation_id, "easy": bool(understood.slots.get("easy")), **more}
