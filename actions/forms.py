"""What every form of the chat keeps to: a crisis comes first, questions in between are answered, another can begin.

`validate_…` of a form sees each message while the form is active. A message that is no answer to its question gets its
own answer there, and the form asks again. When the form has ended, a rule runs its `action_…_done`.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.forms import REQUESTED_SLOT

from actions.asking import steps as asking
from actions.base import SafeAction, Speaker
from actions.booking import steps as booking
from actions.guidance import answer, respond
from actions.own import say_own
from actions.understood import Understood

_OWN = frozenset({"my_meeting", "cancel_meeting"})


def other_form(understood: Understood, form: str) -> str | None:
    """The form that a pressed button begins in place of `form`. Words alone never leave one for another."""
    if not understood.is_choice:
        return None
    if asking.KIND in understood.entities:
        return asking.FORM if form != asking.FORM else None
    begins = understood.topic == booking.TOPIC and not any(name.startswith("booking_") for name in understood.entities)
    return booking.FORM if begins and form != booking.FORM else None


class ValidateForm(SafeAction):
    """`validate_{form}`. Subclasses say what a message fills in and what is forgotten at the end."""

    form: ClassVar[str]
    put_aside: ClassVar[str]
    """What is said when the form gives way to something that matters more."""

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        if understood.in_distress:  # nobody in acute crisis is asked for a time or a name
            events = await answer(self.api, understood, speaker)
            await self.let_go(understood)
            speaker.utter(self.put_aside)
            return [*events, *self.ended()]
        if other_form(understood, self.form):  # which `action_…_done` begins
            await self.let_go(understood)
            speaker.utter(self.put_aside)
            return self.ended()
        return await self.fill(understood, speaker, tracker)

    @abstractmethod
    async def fill(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        """What the message does to the form. At least one slot: without any Rasa takes the form as rejected."""

    @abstractmethod
    def forget(self) -> list[EventType]:
        """Slot changes that empty the form."""

    async def let_go(self, understood: Understood) -> None:
        """Give back what is held for the person, if anything."""
        return None

    async def digress(self, understood: Understood, speaker: Speaker) -> list[EventType]:
        """Answer a question that came in between."""
        if understood.topic in _OWN:
            await say_own(self.api, understood, speaker)
            return []
        return await respond(self.api, understood, speaker)

    def ended(self) -> list[EventType]:
        """The form is over, and nothing of it is kept."""
        return [*self.forget(), SlotSet(REQUESTED_SLOT, None)]


class FormDone(SafeAction):
    """`action_…_done`: forgets what was answered when the form has ended, and begins another that was asked for."""

    form: ClassVar[str]

    @abstractmethod
    def forget(self) -> list[EventType]:
        """Slot changes that empty the form."""

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        begins = None if understood.in_distress else other_form(understood, self.form)
        if begins == asking.FORM:
            return [*self.forget(), *await asking.begin_form(self.api, understood, speaker)]
        return [*self.forget(), *([FollowupAction(begins)] if begins else [])]

    def after_failure(self, tracker: Tracker) -> list[EventType]:
        """The form is over, whether or not the other one could be begun."""
        return self.forget()
