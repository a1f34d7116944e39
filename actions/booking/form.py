"""The booking form: one step at a time, with questions in between answered and the booking going on."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.forms import REQUESTED_SLOT

from actions.base import Speaker, set_slots
from actions.booking.answers import answer_to
from actions.booking.buttons import pressed
from actions.booking.steps import ANY_MEETING, FORM, Changes, body, let_go, nothing_booked
from actions.booking.turn import Turn
from actions.forms import ValidateForm
from actions.reading import LONGEST_WISH, read_meeting_type, speaks_of_interpreter
from actions.understood import Understood

MOVES = "reschedule_meeting"


class ValidateBookingForm(ValidateForm):
    """`validate_booking_form`."""

    form = FORM
    put_aside = "utter_booking_put_aside"

    def name(self) -> str:
        return "validate_booking_form"

    async def fill(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        turn = Turn(self.api, understood, speaker)
        step = tracker.get_slot(REQUESTED_SLOT) if tracker.active_loop_name == FORM else None
        changes = await pressed(turn)
        if step is None:  # nothing has been asked yet: Rasa asks for values twice when it begins
            changes = await _begin(turn, changes)
        elif changes is None:
            changes = await answer_to(turn, step)
        if changes is None:
            return await self._go_on(understood, speaker)
        if changes.pop("stop", False):
            await self.let_go(understood)
            return self.ended()
        if understood.slots.get("misses"):
            changes["misses"] = None
        return set_slots(**changes)

    def forget(self) -> list[EventType]:
        return nothing_booked()

    async def let_go(self, understood: Understood) -> None:
        await let_go(self.api, understood)

    async def _go_on(self, understood: Understood, speaker: Speaker) -> list[EventType]:
        """The message is about something else; the form then asks its own question again."""
        goes_on = set_slots(booking_asked=None)  # without any slot Rasa would take the form as rejected
        if understood.topic == "deny":
            speaker.utter("utter_booking_go_on", easy=bool(understood.slots.get("easy")))
            return goes_on
        return [*await self.digress(understood, speaker), *goes_on]

    def after_failure(self, tracker: Tracker) -> list[EventType]:
        """Keep the form where it is: without any slot Rasa would take the form as rejected."""
        return set_slots(booking_asked=tracker.get_slot("booking_asked"))


async def _begin(turn: Turn, explicit: Changes | None) -> Changes:
    """The first message: what is booked already, and what it says of town, way to meet, time and interpreter."""
    understood, changes = turn.understood, explicit or {}
    if changes.get("stop") or changes.get("booking_moving"):
        return changes
    wants_move = understood.topic == MOVES
    begun = await turn.api.post("/booking/begin", body(understood, text=turn.text, move=wants_move))
    if wants_move and len(begun["meetings"]) <= 1:
        if begun["meetings"]:
            return turn.moving(begun["meetings"][0]) | {"booking_wish": begun["read"]["wish"]}
        turn.speaker.say(begun["messages"], topic=MOVES)
        return {"stop": True}
    if not changes.get("booking_errand") and begun["meetings"]:
        changes |= {"booking_errand": None, "booking_moving": ANY_MEETING if wants_move else None}
    else:
        changes |= {"booking_errand": "new"}
    return (
        _said_at_once(turn, begun["read"])
        | {"booking_node": await turn.node_at(understood.entities.get("place"))}
        | changes
    )


def _said_at_once(turn: Turn, read: dict[str, str | None]) -> Changes:
    said: Changes = {"booking_type": read_meeting_type(turn.text, longest=LONGEST_WISH), "booking_asked": None}
    if read["wish"]:
        said["booking_wish"] = read["wish"]
    if read["language"] and speaks_of_interpreter(turn.text):
        said["booking_interpreter"] = read["language"]
    return said
