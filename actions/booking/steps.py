"""What the booking's actions share: the form's steps, and how they go on when api says no."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from rasa_sdk.events import EventType

from actions.api_client import ApiClient, ApiDown, ApiRefused, Json
from actions.base import Speaker, set_slots
from actions.understood import Understood

FORM = "booking_form"
TOPIC = "book_meeting"
STEPS = ("booking_node", "booking_type", "booking_time", "booking_name", "booking_contact", "booking_confirmed")
ALL_SLOTS = (*STEPS, "booking_after", "booking_asked", "booking_changing", "booking_meeting")
NO_TIME: dict[str, Any] = {"booking_time": None, "booking_meeting": None, "booking_after": None}  # Any: slot values

Changes = dict[str, Any]  # Any: slot values


def nothing_booked() -> list[EventType]:
    """Slot changes that forget everything about the booking, and what was answered before it."""
    return set_slots(**dict.fromkeys((*ALL_SLOTS, "last_answer")))


async def offered_times(api: ApiClient, understood: Understood) -> list[Json]:
    """Messages with the free times that fit what has been chosen so far."""
    slots = understood.slots
    result = await api.get(
        "/booking/times",
        node=slots["booking_node"],
        meeting_type=slots["booking_type"],
        after=slots.get("booking_after"),
    )
    return list(result["messages"])


async def say_own_meetings(api: ApiClient, understood: Understood, speaker: Speaker) -> None:
    """Tell which meetings the conversation has booked, each with its button to cancel."""
    speaker.say((await api.get("/meetings", conversation_id=understood.conversation_id))["messages"])


async def let_go(api: ApiClient, understood: Understood) -> None:
    """Give back a held time, so that others can take it at once. It runs out by itself if that fails."""
    held = understood.slots.get("booking_meeting")
    if held:
        with suppress(ApiDown, ApiRefused):
            await api.post(f"/meetings/{held}/release", {"conversation_id": understood.conversation_id})


def refused(refusal: ApiRefused, speaker: Speaker) -> Changes:
    """What to do when api says no: say why, and go back to the step that can mend it."""
    if refusal.code == "name_invalid":
        speaker.utter("utter_booking_name_invalid")
        return {"booking_name": None}
    if refusal.code == "contact_invalid":
        speaker.utter("utter_booking_contact_invalid")
        return {"booking_contact": None}
    if refusal.code == "meeting_limit":
        speaker.tell(refusal.detail, topic=TOPIC)
        return {"stop": True}
    if refusal.messages:
        speaker.say(refusal.messages, topic=TOPIC)
    else:
        speaker.tell(refusal.detail, topic=TOPIC)
    return {**NO_TIME, "booking_asked": "yes" if refusal.messages else None}
