"""The form whose questions come from api: one call for each message, and no rule of its own."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.forms import REQUESTED_SLOT

from actions.api_client import Json
from actions.asking.steps import FORM, KIND, REPLY, SAID, STATE, begun_form, body, nothing_asked, say
from actions.base import SafeAction, Speaker, set_slots
from actions.forms import FormDone, ValidateForm
from actions.reading import (
    CONTACT_TOKEN,
    introduces_name,
    looks_like_contact,
    read_name,
    read_yes_no,
    speaks_of_changing,
    wants_to_stop,
)
from actions.understood import Understood

_LONGEST_TEXT = 2000


class ValidateAskingForm(ValidateForm):
    """`validate_asking_form`."""

    form = FORM
    put_aside = "utter_asking_put_aside"

    def name(self) -> str:
        return "validate_asking_form"

    async def fill(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        if not tracker.get_slot(REQUESTED_SLOT):  # it begins, and its first question has been asked
            return set_slots(misses=None)
        if KIND in understood.entities:  # another one is wanted instead
            state = await begun_form(self.api, understood, speaker)
            return set_slots(**{STATE: state}) if state else self.ended()
        turn = turn_of(understood)
        result = await self.api.post("/asking/turn", turn)
        events = [] if result["understood"] else await self.digress(understood, speaker)
        for event in events:
            if event.get("name") == "easy":  # the question too is asked in the Swedish that was wished for
                result = await self.api.post("/asking/turn", turn | {"easy": bool(event["value"])})
        say(speaker, result)
        if result["state"] is None:
            return [*events, *self.ended()]
        return [*events, *set_slots(**{STATE: result["state"], "misses": None})]

    def forget(self) -> list[EventType]:
        return nothing_asked()

    def after_failure(self, tracker: Tracker) -> list[EventType]:
        """Keep the form where it is: without any slot Rasa would take the form as rejected."""
        return set_slots(**{REPLY: None})


class AskAskingReply(SafeAction):
    """`action_ask_asking_reply`: nothing more; the question came with the answer to the message before."""

    def name(self) -> str:
        return "action_ask_asking_reply"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        return []


class AskingDone(FormDone):
    """`action_asking_done`: forgets what was answered, and begins the booking that was asked for instead."""

    form = FORM

    def name(self) -> str:
        return "action_asking_done"

    def forget(self) -> list[EventType]:
        return nothing_asked()


def turn_of(understood: Understood) -> Json:
    """The message as api wants it."""
    return body(understood, state=understood.slots.get(STATE), heard=_heard(understood))


def _heard(understood: Understood) -> Json:
    if understood.is_choice:
        return {"said": understood.entities.get(SAID), "topic": understood.topic}
    text = understood.text[:_LONGEST_TEXT]
    words = CONTACT_TOKEN.sub(" ", text).strip(" ,.")
    return {
        "text": text,
        "topic": understood.topic,
        "certain": understood.is_certain and not understood.only_names,
        "place": understood.entities.get("place"),
        "name": read_name(words),
        "introduces": introduces_name(words),
        "contact": understood.contact_token,
        "like_contact": looks_like_contact(words),
        "yes": read_yes_no(words),
        "stops": wants_to_stop(words),
        "changes": speaks_of_changing(words),
    }
