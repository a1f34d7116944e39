"""The booking's questions. What can be chosen, and whether it need be asked at all, api knows."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.forms import REQUESTED_SLOT

from actions.api_client import ApiRefused, Json
from actions.base import SafeAction, Speaker, set_slots
from actions.booking.steps import (
    ANY_MEETING,
    STEPS,
    TOPIC,
    as_query,
    body,
    is_easy,
    moving,
    offered_times,
    refused,
    shown_in,
)
from actions.booking.turn import Turn
from actions.understood import Understood


class AskBookingErrand(SafeAction):
    """`action_ask_booking_errand`: somebody with booked meetings: move, cancel or one more?"""

    def name(self) -> str:
        return "action_ask_booking_errand"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        which = understood.slots.get("booking_moving") == ANY_MEETING
        begun = await self.api.post("/booking/begin", body(understood, move=which))
        speaker.say(begun["messages"], topic=TOPIC)
        return []


class AskBookingNode(SafeAction):
    """`action_ask_booking_node`."""

    def name(self) -> str:
        return "action_ask_booking_node"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        place = understood.slots.get("place")
        speaker.say(
            (await self.api.get("/booking/nodes", place=place, easy=as_query(understood)))["messages"], topic=TOPIC
        )
        return []


class AskBookingType(SafeAction):
    """`action_ask_booking_type`."""

    def name(self) -> str:
        return "action_ask_booking_type"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        node = understood.slots["booking_node"]
        types = await self.api.get("/booking/meeting-types", node=node, easy=as_query(understood))
        speaker.say(types["messages"], topic=TOPIC)
        return []


class AskBookingTime(SafeAction):
    """`action_ask_booking_time`: three free times, unless a refusal has just shown some."""

    def name(self) -> str:
        return "action_ask_booking_time"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        if understood.slots.get("booking_asked"):
            return set_slots(booking_asked=None)
        messages = await offered_times(self.api, understood)
        speaker.say(messages, topic=TOPIC)
        return set_slots(booking_asked=None, booking_shown=shown_in(messages))


class AskBookingName(SafeAction):
    """`action_ask_booking_name`."""

    def name(self) -> str:
        return "action_ask_booking_name"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        speaker.utter("utter_booking_ask_name", easy=is_easy(understood))
        return []


class AskBookingContact(SafeAction):
    """`action_ask_booking_contact`."""

    def name(self) -> str:
        return "action_ask_booking_contact"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        speaker.utter("utter_booking_ask_contact", easy=is_easy(understood))
        return []


class AskBookingInterpreter(SafeAction):
    """`action_ask_booking_interpreter`."""

    def name(self) -> str:
        return "action_ask_booking_interpreter"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        if not understood.slots.get("booking_asked"):
            asked = await self.api.get("/booking/interpreter", easy=as_query(understood))
            speaker.say(asked["messages"], topic=TOPIC)
        return set_slots(booking_asked=None)


class AskBookingShare(SafeAction):
    """`action_ask_booking_share`: may the counsellor know what was asked about? Passed over when there is nothing."""

    def name(self) -> str:
        return "action_ask_booking_share"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        messages = (await self.api.post("/booking/asked-about", body(understood)))["messages"]
        if messages:
            speaker.say(messages, topic=TOPIC)
            return []
        checked = await _read_back(Turn(self.api, understood, speaker))
        # What `_read_back` set last stands; otherwise the step after this one is asked now.
        return [*set_slots(booking_share="no"), SlotSet(REQUESTED_SLOT, "booking_confirmed"), *checked]


class AskBookingConfirmed(SafeAction):
    """`action_ask_booking_confirmed`: everything read back before it is booked."""

    def name(self) -> str:
        return "action_ask_booking_confirmed"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        if understood.slots.get("booking_asked"):
            return set_slots(booking_asked=None)
        return await _read_back(Turn(self.api, understood, speaker))


async def _read_back(turn: Turn) -> list[EventType]:
    try:
        checked = await _checked(turn)
    except ApiRefused as refusal:
        changes = refused(refusal, turn.speaker, easy=turn.is_easy) | {"booking_asked": None}
        if changes.pop("stop", False):
            changes |= {"booking_time": None, "booking_meeting": None}
        # What the refusal emptied is what the next message answers.
        again = next((step for step in STEPS if step in changes), "booking_confirmed")
        return [*set_slots(**changes), SlotSet(REQUESTED_SLOT, again)]
    turn.speaker.say(checked["messages"], topic=TOPIC)
    return set_slots(booking_changing=None)


async def _checked(turn: Turn) -> Json:
    meeting = moving(turn.understood)
    if meeting:
        wanted = body(turn.understood, slot_id=turn.slots["booking_time"])
        return await turn.api.post(f"/meetings/{meeting}/move/check", wanted)
    return await turn.api.post(f"/meetings/{turn.slots['booking_meeting']}/check", turn.person())
