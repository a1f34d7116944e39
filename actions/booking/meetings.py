"""Leaving a booking, and the meetings that are booked."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.forms import REQUESTED_SLOT

from actions.api_client import ApiClient, ApiDown
from actions.base import SafeAction, Speaker, set_slots
from actions.booking.steps import FORM, let_go, nothing_booked, say_own_meetings
from actions.guidance import answer
from actions.understood import OF_THE_TALK, Understood


class BookingDone(SafeAction):
    """`action_booking_done`: forgets the booking's details, name included, when the form has ended."""

    def name(self) -> str:
        return "action_booking_done"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        return nothing_booked()


class RestartAction(SafeAction):
    """`action_restart`: leaves the booking, or starts the talk over."""

    def name(self) -> str:
        return "action_restart"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        booking = tracker.active_loop_name == FORM
        await let_go(self.api, understood)
        if booking:
            speaker.utter("utter_booking_stopped")
        else:
            await _begin_again(self.api, understood, speaker)
        talk = {} if booking else dict.fromkeys(OF_THE_TALK)
        return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None), *nothing_booked(), *set_slots(**talk)]


async def _begin_again(api: ApiClient, understood: Understood, speaker: Speaker) -> None:
    """Say that the talk begins anew, with what one can choose; without the buttons when api is down."""
    try:
        await answer(api, understood, speaker)
    except ApiDown:
        speaker.utter("utter_restarted")


class MyMeetingAction(SafeAction):
    """`action_my_meeting`: the coming meetings of this conversation."""

    def name(self) -> str:
        return "action_my_meeting"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        await say_own_meetings(self.api, understood, speaker)
        return []


class CancelMeetingAction(SafeAction):
    """`action_cancel_meeting`: cancels the meeting whose button was pressed; otherwise shows them to choose from."""

    def name(self) -> str:
        return "action_cancel_meeting"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        chosen = understood.entities.get("booking_meeting")
        if chosen:
            body = {"conversation_id": understood.conversation_id}
            speaker.say((await self.api.post(f"/meetings/{chosen}/cancel", body))["messages"])
        else:
            await say_own_meetings(self.api, understood, speaker)
        return []
