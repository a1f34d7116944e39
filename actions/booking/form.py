"""The booking form: one step at a time, with questions in between answered and the booking going on.

`validate_booking_form` sees every message while the form is active. It returns the slots that the message filled; a
message that is no answer to the step gets its own answer there, and the form then asks again.
"""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.forms import REQUESTED_SLOT

from actions.api_client import ApiRefused
from actions.base import SafeAction, Speaker, set_slots
from actions.booking.steps import (
    FORM,
    NO_TIME,
    TOPIC,
    Changes,
    let_go,
    nothing_booked,
    offered_times,
    refused,
    say_own_meetings,
)
from actions.guidance import answer
from actions.reading import (
    asks_for_more,
    introduces_name,
    looks_like_contact,
    read_meeting_type,
    read_name,
    read_ordinal,
    read_yes_no,
    wants_to_stop,
)
from actions.understood import Understood

_ABOUT_TIMES = frozenset({TOPIC, "affirm", "deny", "reschedule_meeting"})


class ValidateBookingForm(SafeAction):
    """`validate_booking_form`."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        if understood.in_distress:
            return await self._put_aside(understood, speaker)
        changes = await self._explicit(understood, speaker)
        step = tracker.get_slot(REQUESTED_SLOT) if tracker.active_loop_name == FORM else None
        if changes is None and step is None:  # nothing has been asked yet: Rasa asks for values twice when it begins
            changes = await self._from_first_message(understood)
        elif changes is None:
            changes = await self._answer_to_step(understood, speaker, step)
        if changes is None:
            return await self._digress(understood, speaker)
        if changes.pop("stop", False):
            await let_go(self.api, understood)
            return [*nothing_booked(), SlotSet(REQUESTED_SLOT, None)]
        if understood.slots.get("misses"):
            changes["misses"] = None
        return set_slots(**changes)

    async def _put_aside(self, understood: Understood, speaker: Speaker) -> list[EventType]:
        """Nobody in acute crisis is asked for a time or a name: the answer comes first, and the booking ends."""
        events = await answer(self.api, understood, speaker)
        await let_go(self.api, understood)
        speaker.utter("utter_booking_put_aside")
        return [*events, *nothing_booked(), SlotSet(REQUESTED_SLOT, None)]

    async def _digress(self, understood: Understood, speaker: Speaker) -> list[EventType]:
        """Answer a question that came in between; the form then asks its own again."""
        goes_on = set_slots(booking_asked=None)  # without any slot Rasa would take the form as rejected
        if understood.topic == "deny":
            speaker.utter("utter_booking_go_on")
            return goes_on
        if understood.topic in {"my_meeting", "cancel_meeting"}:
            await say_own_meetings(self.api, understood, speaker)
            return goes_on
        return [*await answer(self.api, understood, speaker), *goes_on]

    def after_failure(self, tracker: Tracker) -> list[EventType]:
        """Keep the form where it is: without any slot Rasa would take the form as rejected."""
        return set_slots(booking_asked=tracker.get_slot("booking_asked"))

    async def _explicit(self, understood: Understood, speaker: Speaker) -> Changes | None:
        """What a button says, whatever was asked last."""
        entities, slots = understood.entities, understood.slots
        if "booking_change" in entities:
            return _change(entities["booking_change"])
        if "booking_node" in entities:
            return {"booking_node": entities["booking_node"], **NO_TIME}
        if "booking_type" in entities:
            return {"booking_type": entities["booking_type"], **NO_TIME}
        if "booking_after" in entities:
            return {**NO_TIME, "booking_after": entities["booking_after"]}
        if "booking_time" in entities and slots.get("booking_type"):
            return await self._hold(understood, speaker, entities["booking_time"])
        return None

    async def _from_first_message(self, understood: Understood) -> Changes:
        """What the message that started the booking already said."""
        node = await self._node_at(understood.entities.get("place"))
        kind = None if understood.is_choice else read_meeting_type(understood.text)
        return {"booking_node": node, "booking_type": kind, "booking_asked": None}

    async def _answer_to_step(self, understood: Understood, speaker: Speaker, step: str | None) -> Changes | None:
        """The slots that a typed answer to `step` fills; None when the message is about something else."""
        text = understood.text
        if wants_to_stop(text) and "?" not in text:
            speaker.utter("utter_booking_stopped")
            return {"stop": True}
        if step == "booking_node":
            return await self._node_answer(understood)
        if step == "booking_type":
            kind = read_meeting_type(text)
            return {"booking_type": kind} if kind else None
        if step == "booking_time":
            return await self._time_answer(understood, speaker)
        if step == "booking_name":
            return _name_answer(understood)
        if step == "booking_contact":
            return self._contact_answer(understood, speaker)
        if step == "booking_confirmed":
            return await self._confirm_answer(understood, speaker)
        return None

    async def _node_answer(self, understood: Understood) -> Changes | None:
        naming = understood.topic in {TOPIC, "affirm", "nlu_fallback", "node_nearest", "node_list"} or (
            understood.only_names or not understood.is_certain
        )
        node = await self._node_at(understood.entities.get("place"), nearest=True) if naming else None
        return {"booking_node": node} if node else None

    async def _node_at(self, place: str | None, *, nearest: bool = False) -> str | None:
        """Slug of the node in that municipality; with `nearest`, of the closest one."""
        if not place:
            return None
        messages = (await self.api.get("/booking/nodes", place=place))["messages"]
        first = next((choice for message in messages for choice in message["choices"]), None)
        if first is None or not (nearest or first["title"].casefold() == place.casefold()):
            return None
        return str(first["entities"].get("booking_node", "")) or None

    async def _time_answer(self, understood: Understood, speaker: Speaker) -> Changes | None:
        about_times = not understood.is_certain or understood.topic in _ABOUT_TIMES
        chosen = read_ordinal(understood.text, certainly=not about_times)
        if chosen is not None or asks_for_more(understood.text, certainly=not about_times):
            offered = await self._offered(understood)
            times = [step["booking_time"] for step in offered if "booking_time" in step]
            if chosen is not None and chosen < len(times):
                return await self._hold(understood, speaker, times[chosen])
            return {
                **NO_TIME,
                "booking_after": next((s["booking_after"] for s in offered if "booking_after" in s), None),
            }
        if about_times and understood.topic in {TOPIC, "nlu_fallback", "affirm", "deny"}:
            speaker.utter("utter_booking_choose_button")
            return {"booking_time": None}
        return None

    async def _offered(self, understood: Understood) -> list[dict[str, str]]:
        """What the buttons under the times on screen stand for."""
        return [
            choice["entities"] for message in await offered_times(self.api, understood) for choice in message["choices"]
        ]

    def _contact_answer(self, understood: Understood, speaker: Speaker) -> Changes | None:
        if understood.contact_token:
            return {"booking_contact": understood.contact_token}
        if looks_like_contact(understood.text):
            speaker.utter("utter_booking_contact_invalid")
            return {"booking_contact": None}
        return None

    async def _confirm_answer(self, understood: Understood, speaker: Speaker) -> Changes | None:
        yes = True if understood.topic == "affirm" else read_yes_no(understood.text)
        if yes and understood.slots.get("booking_changing"):  # yes to "what shall be changed?" is no yes to the booking
            return {"booking_confirmed": None, "booking_changing": None}
        if yes:
            return await self._book(understood, speaker)
        if yes is False or understood.topic == "deny":
            speaker.utter("utter_booking_what_to_change")
            return {"booking_confirmed": None, "booking_asked": "yes", "booking_changing": "yes"}
        return None

    async def _hold(self, understood: Understood, speaker: Speaker, slot_id: str) -> Changes:
        """Keep the chosen time for the person; on refusal show what api offers instead."""
        body = {
            "conversation_id": understood.conversation_id,
            "slot_id": slot_id,
            "meeting_type": understood.slots["booking_type"],
        }
        try:
            held = await self.api.post("/meetings/holds", body)
        except ApiRefused as refusal:
            return refused(refusal, speaker)
        return {"booking_time": slot_id, "booking_meeting": held["meeting_id"], "booking_after": None}

    async def _book(self, understood: Understood, speaker: Speaker) -> Changes:
        slots = understood.slots
        body = {
            "conversation_id": understood.conversation_id,
            "name": slots["booking_name"],
            "contact_token": slots["booking_contact"],
        }
        key = f"{understood.conversation_id}:{slots['booking_meeting']}"
        try:
            booked = await self.api.post(f"/meetings/{slots['booking_meeting']}/confirm", body, idempotency_key=key)
        except ApiRefused as refusal:
            return refused(refusal, speaker)
        speaker.say(booked["messages"], topic=TOPIC)
        return {"booking_confirmed": True}


def _change(what: str) -> Changes:
    """Which steps to ask again."""
    if what == "node":
        return {"booking_node": None, "booking_type": None, **NO_TIME}
    if what == "type":
        return {"booking_type": None, **NO_TIME}
    if what in {"name", "contact"}:
        return {f"booking_{what}": None}
    return dict(NO_TIME)


def _name_answer(understood: Understood) -> Changes | None:
    """The name; somebody who gives phone number or address at once is not asked for it again."""
    token = understood.contact_token
    text = understood.text.replace(token, "").strip(" ,.") if token else understood.text
    name = read_name(text) if not _is_question(understood) else None
    if token:
        return {"booking_contact": token, "booking_name": name}
    return {"booking_name": name} if name else None


def _is_question(understood: Understood) -> bool:
    """Whether a message at the name step is clearly something other than a name."""
    certain = understood.is_certain and len(understood.text.split()) > 2
    return certain and not introduces_name(understood.text)
