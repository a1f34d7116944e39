"""Leaving a booking, and the meetings that are booked."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.forms import REQUESTED_SLOT

from actions.api_client import ApiClient, ApiDown
from actions.asking import steps as asking
from actions.base import SafeAction, Speaker, set_slots
from actions.booking.steps import FORM, cancel, is_easy, let_go, nothing_booked
from actions.forms import FormDone
from actions.guidance import answer
from actions.own import say_own
from actions.understood import OF_THE_TALK, Understood


class BookingDone(FormDone):
    """`action_booking_done`: forgets the booking's details, name included, when the form has ended."""

    form = FORM

    def name(self) -> str:
        return "action_booking_done"

    def forget(self) -> list[EventType]:
        return nothing_booked()


class RestartAction(SafeAction):
    """`action_restart`: leaves the form that is open, or starts the talk over."""

    def name(self) -> str:
        return "action_restart"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        form = tracker.active_loop_name
        await let_go(self.api, understood)
        if form == FORM:
            moving = understood.slots.get("booking_moving")
            speaker.utter("utter_booking_kept" if moving else "utter_booking_stopped", easy=is_easy(understood))
        elif form == asking.FORM:
            speaker.utter("utter_asking_stopped", easy=is_easy(understood))
        else:
            await _begin_again(self.api, understood, speaker)
        talk = {} if form else dict.fromkeys(OF_THE_TALK)
        emptied = [*nothing_booked(), *asking.nothing_asked()]
        return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None), *emptied, *set_slots(**talk)]


async def _begin_again(api: ApiClient, understood: Understood, speaker: Speaker) -> None:
    """Say that the talk begins anew, with what one can choose; without the buttons when api is down."""
    try:
        await answer(api, understood, speaker)
    except ApiDown:
        speaker.utter("utter_restarted")


class MyMeetingAction(SafeAction):
    """`action_my_meeting`: the coming meetings and sign-ups of this conversation."""

    def name(self) -> str:
        return "action_my_meeting"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        await say_own(self.api, understood, speaker)
        return []


class CancelMeetingAction(SafeAction):
    """`action_cancel_meeting`: cancels the meeting whose button was pressed; otherwise shows them to choose from."""

    def name(self) -> str:
        return "action_cancel_meeting"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        chosen = understood.entities.get("booking_meeting")
        if chosen:
            await cancel(self.api, understood, speaker, chosen)
        else:
            await say_own(self.api, understood, speaker)
        return []
