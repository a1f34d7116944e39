"""Answers to every topic that has no action of its own."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType

from actions.api_client import ApiClient
from actions.base import SafeAction, Speaker, set_slots
from actions.understood import FALLBACK, Understood

COURSES = "course_search"


async def answer(api: ApiClient, understood: Understood, speaker: Speaker) -> list[EventType]:
    """Ask api what to say on the topic, say it, and remember what it was about."""
    topic = _topic(understood)
    easy = bool(understood.slots.get("easy"))
    result = await api.post(
        "/answers",
        {
            "topic": topic,
            "said": understood.said,
            "context": understood.context,
            "follow_up": understood.only_names,
            "easy": easy,
            "candidates": list(understood.others) if topic == FALLBACK else [],
        },
    )
    query = {name: value for name, value in result["query"].items() if value}
    speaker.say(result["messages"], topic=topic, query=query)
    remembered: dict[str, object] = {name: query[name] for name in ("occupation", "place") if name in query}
    if result["can_follow_up"]:
        remembered["last_topic"] = topic
    if topic != FALLBACK:
        remembered["last_answer"] = topic
    return set_slots(**remembered)


def _topic(understood: Understood) -> str:
    """The topic to answer on: that of the turn before for "och i Arvika då?", courses for a lone "svets torsby"."""
    if not understood.only_names:
        return understood.topic
    return str(understood.slots.get("last_topic") or (understood.topic if understood.is_certain else COURSES))


class AnswerAction(SafeAction):
    """`action_answer`: the answer to the topic of the message."""

    def name(self) -> str:
        return "action_answer"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        return await answer(self.api, understood, speaker)


class SimplifyAction(SafeAction):
    """`action_simplify`: the latest answer once more in easy Swedish, which then stays on."""

    def name(self) -> str:
        return "action_simplify"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        topic = understood.slots.get("last_answer")
        if not topic:
            speaker.utter("utter_nothing_to_simplify")
            return set_slots(easy=True)
        result = await self.api.post("/answers", {"topic": topic, "context": understood.context, "easy": True})
        speaker.say(result["messages"])
        return set_slots(easy=True)
