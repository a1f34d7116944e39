"""One turn of a booking: what buttons and answers lead to, with api asked where it is api that knows."""

from __future__ import annotations

from typing import Any

from actions.api_client import ApiClient, ApiRefused, Json
from actions.base import Speaker
from actions.booking.steps import (
    KEPT,
    NO_INTERPRETER,
    NO_TIME,
    TOPIC,
    Changes,
    as_query,
    body,
    is_easy,
    language_wanted,
    let_go,
    moving,
    refused,
    safe_words,
)
from actions.understood import Understood


class Turn:
    """What the message is, who is spoken to, and the calls to api that a booking needs."""

    def __init__(self, api: ApiClient, understood: Understood, speaker: Speaker) -> None:
        self.api, self.understood, self.speaker = api, understood, speaker
        self.text = safe_words(understood)

    @property
    def slots(self) -> dict[str, Any]:  # Any: slot values
        return self.understood.slots

    @property
    def is_easy(self) -> bool:
        return is_easy(self.understood)

    def utter(self, response: str) -> None:
        self.speaker.utter(response, easy=self.is_easy)

    async def read(self, shown: list[str] | None = None) -> Json:
        """What the typed text says about when, and about a language; `shown` are the times it may point at."""
        pointed_at = self.slots.get("booking_shown") or [] if shown is None else shown
        wanted = {"text": self.text, "shown": pointed_at, "wish": self.slots.get("booking_wish")}
        return await self.api.post("/booking/reading", wanted)

    async def node_at(self, place: str | None, *, nearest: bool = False) -> str | None:
        """Slug of the node in that municipality; with `nearest`, of the closest one."""
        if not place:
            return None
        messages = (await self.api.get("/booking/nodes", place=place))["messages"]
        first = next((choice for message in messages for choice in message["choices"]), None)
        if first is None or not (nearest or first["title"].casefold() == place.casefold()):
            return None
        return str(first["entities"].get("booking_node", "")) or None

    async def without_time(self, **changes: object) -> Changes:
        """No time chosen any more, and these changes; what was held is given back."""
        await let_go(self.api, self.understood)
        return {**NO_TIME, **changes}

    async def show_counsellors(self, number: str | None = None) -> Changes:
        """The counsellors to choose from; the times wait. The only one with `number` in the title is chosen at once.

        Before town and way to meet are known those are asked for.
        """
        changes = await self.without_time()
        node, kind = self.slots.get("booking_node"), self.slots.get("booking_type")
        if not (node and kind):
            return changes
        wanted = body(self.understood, node=node, meeting_type=kind, moving=moving(self.understood))
        messages = (await self.api.post("/booking/counsellors", wanted))["messages"]
        choices = [choice for message in messages for choice in message["choices"]]
        named = [one["entities"]["booking_counsellor"] for one in choices if number in one["title"].split()]
        if len(named) == 1:
            return {**changes, "booking_counsellor": named[0]}
        self.speaker.say(messages, topic=TOPIC)
        return {**changes, "booking_shown": [], "booking_asked": "yes"}

    async def hold(self, slot_id: str) -> Changes:
        """Keep the chosen time for the person; on refusal show what api offers instead."""
        if moving(self.understood):  # the booked time stays until the person has said yes to the new one
            return {"booking_time": slot_id, "booking_after": None, "booking_days": None}
        wanted = body(
            self.understood,
            slot_id=slot_id,
            meeting_type=self.slots["booking_type"],
            interpreter_language=language_wanted(self.understood),
        )
        try:
            held = await self.api.post("/meetings/holds", wanted)
        except ApiRefused as refusal:
            return self.refused(refusal)
        self.speaker.say(held["messages"], topic=TOPIC)
        return {**NO_TIME, "booking_time": slot_id, "booking_meeting": held["meeting_id"]}

    async def with_interpreter(self, language: str) -> Changes:
        """An interpreter or none; the time that is held becomes as long as that needs."""
        held = self.slots.get("booking_meeting")
        wanted = None if language == NO_INTERPRETER else language
        if held:
            try:
                longer = await self.api.post(f"/meetings/{held}/interpreter", body(self.understood, language=wanted))
            except ApiRefused as refusal:
                if refusal.code == "slot_too_short":
                    await let_go(self.api, self.understood)
                return {**self.refused(refusal), "booking_interpreter": language}
            self.speaker.say(longer["messages"], topic=TOPIC)
        return {"booking_interpreter": language}

    async def extend(self) -> Changes:
        """Ten minutes more for the time that is held; the question before is asked again."""
        held = self.slots.get("booking_meeting")
        if held:
            try:
                extended = await self.api.post(f"/meetings/{held}/extend", body(self.understood))
            except ApiRefused as refusal:
                if refusal.code != "hold_extended":
                    return self.refused(refusal)
                self.speaker.tell(refusal.detail, topic=TOPIC)
            else:
                self.speaker.say(extended["messages"], topic=TOPIC)
        return {"booking_changing": None}

    async def finish(self) -> Changes:
        """Book, or move, what has been read back and agreed to."""
        try:
            if moving(self.understood):
                wanted = body(self.understood, slot_id=self.slots["booking_time"])
                done = await self.api.post(f"/meetings/{moving(self.understood)}/move", wanted)
            else:
                held = self.slots["booking_meeting"]
                key = f"{self.understood.conversation_id}:{held}"
                done = await self.api.post(f"/meetings/{held}/confirm", self.person(), idempotency_key=key)
        except ApiRefused as refusal:
            return self.refused(refusal)
        self.speaker.say(done["messages"], topic=TOPIC)
        return {"booking_confirmed": True}

    def person(self) -> Json:
        """Who books, for check and confirmation."""
        return body(
            self.understood,
            name=self.slots["booking_name"],
            contact_token=self.slots["booking_contact"],
            share=self.slots.get("booking_share") == "yes",
        )

    async def move(self, meeting_id: str) -> Changes:
        """Begin to move a meeting of the conversation: only its time is asked for."""
        wanted = {"conversation_id": self.understood.conversation_id, "easy": as_query(self.understood)}
        own = await self.api.get("/meetings", **wanted)
        found = next((one for one in own["meetings"] if one["id"] == meeting_id), None)
        if found is None:
            self.speaker.say(own["messages"])
            return {"stop": True}
        return self.moving(found)

    def moving(self, meeting: Json) -> Changes:
        """The steps of a meeting that is to be moved, all answered but the time."""
        kept = ("booking_name", "booking_contact", "booking_interpreter", "booking_share")
        return {
            **NO_TIME,
            "booking_errand": "move",
            "booking_moving": meeting["id"],
            "booking_node": meeting["node"],
            "booking_counsellor": None,
            "booking_type": meeting["meeting_type"],
            **dict.fromkeys(kept, KEPT),
        }

    def refused(self, refusal: ApiRefused) -> Changes:
        return refused(refusal, self.speaker, easy=self.is_easy)
