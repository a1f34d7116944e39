"""What somebody has booked or signed up for in this conversation, taking it back, and saying yes to a place."""

from __future__ import annotations

from actions.api_client import ApiClient
from actions.base import Speaker
from actions.booking.steps import as_query
from actions.reading import speaks_of_signing_off
from actions.understood import Understood

SIGNUP = "event_signup"
"""Entity of a button about a sign-up: its id. The button takes it back, or with `part` takes an offered place."""
_YES = "yes"
_TOPIC = "event_list"


async def say_own(api: ApiClient, understood: Understood, speaker: Speaker) -> None:
    """Tell which meetings and sign-ups the conversation has, each with its buttons; or that there are none."""
    easy = bool(understood.slots.get("easy"))
    signups = await api.post("/events/own", {"conversation_id": understood.conversation_id, "easy": easy})
    if signs_off(understood):
        speaker.say(signups["messages"], topic=_TOPIC)
        return
    own = await api.get("/meetings", conversation_id=understood.conversation_id, easy=as_query(understood))
    if own["meetings"] or not signups["signups"]:
        speaker.say(own["messages"])
    if signups["signups"]:
        speaker.say(signups["messages"], topic=_TOPIC)


def signs_off(understood: Understood) -> bool:
    """Whether somebody writes that they want to take back a sign-up: "avanmäl mig"."""
    return not understood.is_choice and speaks_of_signing_off(understood.text)


async def change_signup(api: ApiClient, understood: Understood, speaker: Speaker) -> None:
    """Take the place that is offered to the sign-up of the pressed button, or take the sign-up back; and say so."""
    way = "accept" if understood.entities.get("part") == _YES else "sign-off"
    easy = bool(understood.slots.get("easy"))
    wanted = {"conversation_id": understood.conversation_id, "signup_id": understood.entities[SIGNUP], "easy": easy}
    speaker.say((await api.post(f"/events/{way}", wanted))["messages"], topic=_TOPIC)
