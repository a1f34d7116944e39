"""The booking's questions whose answers depend on what is free and who works where."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.forms import REQUESTED_SLOT

from actions.api_client import ApiRefused
from actions.base import SafeAction, Speaker, set_slots
from actions.booking.steps import STEPS, TOPIC, offered_times, refused
from actions.understood import Understood


class AskBookingNode(SafeAction):
    """`action_ask_booking_node`."""

    def name(self) -> str:
        return "action_ask_booking_node"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        speaker.say(
            (await self.api.get("/booking/nodes", place=understood.slots.get("place")))["messages"], topic=TOPIC
        )
        return []


class AskBookingType(SafeAction):
    """`action_ask_booking_type`."""

    def name(self) -> str:
        return "action_ask_booking_type"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        node = understood.slots["booking_node"]
        speaker.say((await self.api.get("/booking/meeting-types", node=node))["messages"], topic=TOPIC)
        return []


class AskBookingTime(SafeAction):
    """`action_ask_booking_time`: three free times, unless a refusal has just shown some."""

    def name(self) -> str:
        return "action_ask_booking_time"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        if not understood.slots.get("booking_asked"):
            speaker.say(await offered_times(self.api, understood), topic=TOPIC)
        return set_slots(booking_asked=None)


class AskBookingConfirmed(SafeAction):
    """`action_ask_booking_confirmed`: everything read back before it is booked."""

    def name(self) -> str:
        return "action_ask_booking_confirmed"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        slots = understood.slots
        if slots.get("booking_asked"):
            return set_slots(booking_asked=None)
        body = {
            "conversation_id": understood.conversation_id,
            "name": slots["booking_name"],
            "contact_token": slots["booking_contact"],
        }
        try:
            checked = await self.api.post(f"/meetings/{slots['booking_meeting']}/check", body)
        except ApiRefused as refusal:
            changes = refused(refusal, speaker) | {"booking_asked": None}
            # What the refusal emptied is what the next message answers.
            again = next((step for step in STEPS if step in changes), "booking_confirmed")
            return [*set_slots(**changes), SlotSet(REQUESTED_SLOT, again)]
        speaker.say(checked["messages"], topic=TOPIC)
        return set_slots(booking_changing=None)
