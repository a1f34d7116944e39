"""A conversation as the action server sees it: trackers made by hand, and a form that is run as Rasa runs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.__main__ import ACTIONS
from actions.api_client import ApiClient
from actions.asking import steps as asking
from actions.base import SafeAction
from actions.booking.steps import ALL_SLOTS, FORM, STEPS

SLOTS = (
    "occupation",
    "place",
    "last_topic",
    "last_answer",
    "easy",
    "repeats",
    "misses",
    "guide",
    "requested_slot",
    asking.STATE,
    asking.REPLY,
    *ALL_SLOTS,
)
CERTAIN = 0.95


def make_tracker(
    text: str,
    topic: str | None,
    *,
    sender: str = "samtal",
    entities: Mapping[str, str] | None = None,
    slots: Mapping[str, Any] | None = None,
    form: str | None = None,
    confidence: float = CERTAIN,
    ranking: Mapping[str, float] | None = None,
) -> Tracker:
    """What Rasa posts when a message with this topic and these entities has come in."""
    message = {
        "text": text,
        "intent": {"name": topic, "confidence": confidence},
        "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
        "intent_ranking": [{"name": name, "confidence": chance} for name, chance in (ranking or {}).items()],
    }
    values = dict.fromkeys(SLOTS) | dict(slots or {})
    return Tracker(sender, values, message, [], False, None, {"name": form} if form else {}, "action_listen")


def make_actions(api: ApiClient) -> dict[str, SafeAction]:
    """Every registered action by name."""
    return {action.name(): action for action in (kind(api) for kind in ACTIONS)}


@dataclass
class Conversation:
    """Carries slots and active form from turn to turn and keeps everything that was uttered in the latest turn."""

    actions: dict[str, SafeAction]
    sender: str
    slots: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(SLOTS))
    form: str | None = None
    said: list[dict[str, Any]] = field(default_factory=list)
    followed_by: str | None = None
    """The action that the latest one wants next."""

    async def run(self, action: str, text: str = "", topic: str | None = None, **how: Any) -> list[dict[str, Any]]:
        """Run one action on a message; its slot changes stay. Returns the events."""
        tracker = make_tracker(text, topic, sender=self.sender, slots=self.slots, form=self.form, **how)
        dispatcher = CollectingDispatcher()
        events = await self.actions[action].run(dispatcher, tracker, {})
        self.said += dispatcher.messages
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.form = event["name"]
            elif event["event"] == "followup":
                self.followed_by = event["name"]
        return events

    async def ask(self, text: str, topic: str | None, **how: Any) -> list[dict[str, Any]]:
        """A question outside a form. Returns what was said."""
        self.said = []
        await self.run("action_answer", text, topic, **how)
        return self.said

    async def book(self, text: str, topic: str | None = "book_meeting", **how: Any) -> list[dict[str, Any]]:
        """One message while the booking form is active (or that starts it). Returns what was said.

        Rasa validates, then asks for the first required slot that is empty, and ends the form when there is none.
        """
        self.said = []
        starts = self.form is None
        events = await self.run(f"validate_{FORM}", text, topic, **how)
        stopped = {"event": "slot", "name": "requested_slot", "value": None, "timestamp": None} in events
        empty = None if stopped else next((step for step in STEPS if self.slots[step] is None), None)
        self.form = FORM if starts or empty else self.form
        self.slots["requested_slot"] = empty
        if empty is None:
            self.form = None
            await self.run("action_booking_done", text, topic, **how)
        elif f"action_ask_{empty}" in self.actions:
            await self.run(f"action_ask_{empty}", text, topic, **how)
        else:
            self.said.append({"response": f"utter_ask_{empty}", "text": None, "buttons": [], "custom": {}})
        return self.said

    async def talk(self, text: str, topic: str | None = "nlu_fallback", **how: Any) -> list[dict[str, Any]]:
        """One message as Rasa deals with it: an active form sees it, and what an action wants next is run."""
        if self.form == FORM:
            return await self._until_nothing_follows(await self.book(text, topic, **how), text, topic, **how)
        self.said, self.followed_by = [], None
        if self.form == asking.FORM:
            await self._ask_on(text, topic, **how)
        else:
            await self.run("action_answer", text, topic, **how)
        return await self._until_nothing_follows(self.said, text, topic, **how)

    async def _until_nothing_follows(
        self, said: list[dict[str, Any]], text: str, topic: str | None, **how: Any
    ) -> list[dict[str, Any]]:
        wanted, self.followed_by = self.followed_by, None
        if wanted == asking.FORM:
            self.form = asking.FORM
            await self._ask_on(text, topic, **how)
        elif wanted == FORM:
            said = [*said, *await self.book(text, topic, **how)]
            self.said = said
        return self.said

    async def _ask_on(self, text: str, topic: str | None, **how: Any) -> None:
        events = await self.run(f"validate_{asking.FORM}", text, topic, **how)
        if {"event": "slot", "name": "requested_slot", "value": None, "timestamp": None} in events:
            self.form = self.slots["requested_slot"] = None
            await self.run("action_asking_done", text, topic, **how)
        else:
            self.slots["requested_slot"] = asking.REPLY

    async def press_button(self, title: str, **how: Any) -> list[dict[str, Any]]:
        """Press one of the buttons shown last, by the beginning of its title, whatever form is active."""
        payload = next(b["payload"] for b in self.buttons if b["title"].startswith(title))
        return await self.send(payload, **how)

    async def send(self, payload: str, **how: Any) -> list[dict[str, Any]]:
        """What Rasa gets when a button with this payload is pressed."""
        topic, _, entities = payload.removeprefix("/").partition("{")
        return await self.talk(payload, topic, entities=json.loads("{" + entities) if entities else {}, **how)

    async def press(self, title: str, **how: Any) -> list[dict[str, Any]]:
        """Press one of the buttons shown last, by the beginning of its title."""
        payload = next(b["payload"] for b in self.buttons if b["title"].startswith(title))
        return await self.press_payload(payload, **how)

    async def press_payload(self, payload: str, **how: Any) -> list[dict[str, Any]]:
        topic, _, entities = payload.removeprefix("/").partition("{")
        return await self.book(payload, topic, entities=json.loads("{" + entities) if entities else {}, **how)

    @property
    def buttons(self) -> list[dict[str, str]]:
        """The buttons of the last message that had any."""
        return next((message["buttons"] for message in reversed(self.said) if message["buttons"]), [])

    @property
    def text(self) -> str:
        """Everything said in the latest turn, as text."""
        return "\n".join(message["text"] or message["response"] or "" for message in self.said)
