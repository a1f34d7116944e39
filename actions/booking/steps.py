"""What the booking's actions share: the form's steps, and how they go on when api says no."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from rasa_sdk.events import EventType

from actions.api_client import ApiClient, ApiDown, ApiRefused, Json
from actions.base import Speaker, set_slots
from actions.reading import CONTACT_TOKEN
from actions.understood import Understood

FORM = "booking_form"
TOPIC = "book_meeting"
STEPS = (
    "booking_errand",
    "booking_node",
    "booking_type",
    "booking_time",
    "booking_name",
    "booking_contact",
    "booking_interpreter",
    "booking_share",
    "booking_confirmed",
)
MEMORY = (
    "booking_after",
    "booking_asked",
    "booking_changing",
    "booking_meeting",
    "booking_wish",
    "booking_shown",
    "booking_days",
    "booking_call",
    "booking_counsellor",
    "booking_moving",
)
"""Slots beside the steps: what was wished for and shown, with whom, what is held, which meeting is to be moved."""
ALL_SLOTS = (*STEPS, *MEMORY)
NO_TIME: dict[str, Any] = dict.fromkeys(  # Any: slot values
    ("booking_time", "booking_meeting", "booking_after", "booking_days", "booking_call")
)
KEPT = "kept"
"""Value of the steps that need no answer when a meeting is moved: they stay as they are."""
NO_INTERPRETER = "none"
CHOOSE = "choose"
"""What the button carries that asks for the counsellors to choose from; the others carry a slug, or `any`."""
ANY_MEETING = "any"
"""A meeting is to be moved, and it is not yet said which."""

Changes = dict[str, Any]  # Any: slot values


def nothing_booked() -> list[EventType]:
    """Slot changes that forget everything about the booking, and what was answered before it."""
    return set_slots(**dict.fromkeys((*ALL_SLOTS, "last_answer")))


def is_easy(understood: Understood) -> bool:
    """Whether the person reads easy Swedish."""
    return bool(understood.slots.get("easy"))


def body(understood: Understood, **more: object) -> Json:
    """A request about the conversation."""
    return {"conversation_id": understood.conversation_id, "easy": is_easy(understood), **more}


def as_query(understood: Understood) -> str:
    """Easy Swedish as a parameter of an address."""
    return "true" if is_easy(understood) else "false"


def safe_words(understood: Understood) -> str:
    """What was typed, without the tokens of contact data; nothing when a button was pressed."""
    return "" if understood.is_choice else CONTACT_TOKEN.sub(" ", understood.text)[:1000]


def language_wanted(understood: Understood) -> str | None:
    """The language of the interpreter; None when there shall be none, or it has not been asked."""
    language = understood.slots.get("booking_interpreter")
    return None if language in {None, NO_INTERPRETER, KEPT} else str(language)


def moving(understood: Understood) -> str | None:
    """Id of the meeting that is to be moved."""
    meeting = understood.slots.get("booking_moving")
    return None if meeting in {None, ANY_MEETING} else str(meeting)


async def offered_times(api: ApiClient, understood: Understood) -> list[Json]:
    """Messages with the free times, or the days that have some, that fit what has been chosen so far."""
    slots = understood.slots
    wanted = body(
        understood,
        node=slots["booking_node"],
        meeting_type=slots["booking_type"],
        interpreter=language_wanted(understood) is not None,
        language=language_wanted(understood),
        counsellor=slots.get("booking_counsellor"),
        moving=moving(understood),
    )
    days = slots.get("booking_days")
    if days:
        after_day = None if days == "first" else days
        return list((await api.post("/booking/days", wanted | {"after_day": after_day}))["messages"])
    wanted |= {
        "wish": slots.get("booking_wish"),
        "after": slots.get("booking_after"),
        "call_me": bool(slots.get("booking_call")),
    }
    return list((await api.post("/booking/times", wanted))["messages"])


def shown_in(messages: Iterable[Json]) -> list[str]:
    """Ids of the times that the messages show, in order."""
    return [item["id"] for message in messages if message["kind"] == "slots" for item in message["data"]["items"]]


async def cancel(api: ApiClient, understood: Understood, speaker: Speaker, meeting: str) -> None:
    """Cancel a booked meeting of the conversation and say so."""
    speaker.say((await api.post(f"/meetings/{meeting}/cancel", body(understood)))["messages"])


async def let_go(api: ApiClient, understood: Understood) -> None:
    """Give back a held time, so that others can take it at once. It runs out by itself if that fails."""
    held = understood.slots.get("booking_meeting")
    if held:
        with suppress(ApiDown, ApiRefused):
            await api.post(f"/meetings/{held}/release", body(understood))


def refused(refusal: ApiRefused, speaker: Speaker, *, easy: bool) -> Changes:
    """What to do when api says no: say why, and go back to the step that can mend it."""
    if refusal.code == "name_invalid":
        speaker.utter("utter_booking_name_invalid", easy=easy)
        return {"booking_name": None}
    if refusal.code == "contact_invalid":
        speaker.utter("utter_booking_contact_invalid", easy=easy)
        return {"booking_contact": None}
    if refusal.code in {"meeting_limit", "hold_limit", "move_limit", "meeting_passed", "meeting_booked"}:
        if refusal.messages:
            speaker.say(refusal.messages, topic=TOPIC)
        else:
            speaker.tell(refusal.detail, topic=TOPIC)
        return {"stop": True}
    messages = refusal.messages_for(easy=easy)
    if messages:
        speaker.say(messages, topic=TOPIC)
    else:
        speaker.tell(refusal.detail, topic=TOPIC)
    return {**NO_TIME, "booking_shown": shown_in(messages), "booking_asked": "yes" if messages else None}
