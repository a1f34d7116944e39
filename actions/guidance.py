"""Answers to every topic that has no action of its own."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.forms import REQUESTED_SLOT

from actions.api_client import ApiClient, Json
from actions.asking import steps as asking
from actions.base import SafeAction, Speaker, set_slots
from actions.own import SIGNUP, change_signup, say_own, signs_off
from actions.reading import CONTACT_TOKEN
from actions.steering import made_wider, only_makes_wider, speaks_of_language, wants_ordinary_swedish
from actions.understood import FALLBACK, Understood

COURSES = "course_search"
SIMPLIFY = "simplify"
_LONGEST_TEXT = 1000
_CORRECTING = frozenset({"affirm", "deny"})
"""Topics of "nej, Sunne menade jag" where the name says more than the no."""


async def answer(api: ApiClient, understood: Understood, speaker: Speaker) -> list[EventType]:
    """Ask api what to say to the message, say it, and remember what api says shall be remembered."""
    wider = frozenset() if understood.is_choice else made_wider(understood.text)
    wider -= understood.said.keys()
    result = await api.post("/answers", _question(understood, wider))
    for part in result["answers"]:
        query = {name: value for name, value in part["query"].items() if value}
        speaker.say(part["messages"], topic=part["topic"], query=query)
    return set_slots(**(dict.fromkeys(sorted(wider)) | result["slots"]))


async def respond(api: ApiClient, understood: Understood, speaker: Speaker) -> list[EventType]:
    """Answer the message, or do what it asks with a sign-up or with a form that is over."""
    if understood.in_distress:
        return await answer(api, understood, speaker)
    if asking.SAID in understood.entities:
        await asking.say_late(api, understood, speaker)
    elif SIGNUP in understood.entities:
        await change_signup(api, understood, speaker)
    elif signs_off(understood):
        await say_own(api, understood, speaker)
    else:
        return await answer(api, understood, speaker)
    return []


def _question(understood: Understood, wider: frozenset[str]) -> Json:
    """The message as api wants it. Its text goes along only when nothing was understood, to be looked up."""
    slots, entities = understood.slots, understood.entities
    follow_up = _is_follow_up(understood)
    topic = _topic(understood, follow_up=follow_up)
    lost = topic == FALLBACK
    return {
        "topic": topic,
        "said": understood.said,
        "context": {name: value for name, value in understood.context.items() if name not in wider},
        "follow_up": follow_up,
        "easy": bool(slots.get("easy")),
        "candidates": list(understood.others) if lost else [],
        "a_pair": understood.a_pair and lost,
        "text": CONTACT_TOKEN.sub(" ", understood.text)[:_LONGEST_TEXT] if lost and not understood.is_choice else "",
        "typed": not understood.is_choice,
        "second": entities.get("second_topic"),
        "other_occupation": understood.other_occupation,
        "only_contact": lost and understood.is_only_contact,
        "language": entities.get("language"),
        "distress": understood.in_distress,
        "guide": entities.get("guide"),
        "part": entities.get("part") if understood.is_choice else None,
        "in_form": bool(slots.get(REQUESTED_SLOT)),
        "lasting": understood.is_choice or understood.is_certain or speaks_of_language(understood.text),
        "plain": _wants_ordinary_swedish(understood, topic),
        "memory": {
            "repeats": slots.get("repeats") or [],
            "misses": slots.get("misses") or 0,
            "last_answer": slots.get("last_answer"),
            "guide": slots.get("guide"),
            "guide_left": bool(slots.get("guide_left")),
        },
    }


def _topic(understood: Understood, *, follow_up: bool) -> str:
    """The topic to answer on: that of the turn before for "och i Arvika då?", courses for a lone "svets torsby"."""
    if not follow_up:
        return understood.topic
    return str(understood.slots.get("last_topic") or (understood.topic if understood.is_certain else COURSES))


def _is_follow_up(understood: Understood) -> bool:
    """Whether the message goes on with the topic before: it only names something, corrects or widens it."""
    if understood.only_names:
        return True
    if understood.is_choice or not understood.slots.get("last_topic"):
        return False
    corrects = understood.topic in _CORRECTING and bool(understood.said)
    return corrects or only_makes_wider(understood.text)


def _wants_ordinary_swedish(understood: Understood, topic: str) -> bool:
    """Whether easy Swedish shall end: the button for it, or words for it while it is on or topic is to simplify."""
    if understood.is_choice:
        return topic == SIMPLIFY and understood.entities.get("easy") == "off"
    return bool(topic == SIMPLIFY or understood.slots.get("easy")) and wants_ordinary_swedish(understood.text)


class AnswerAction(SafeAction):
    """`action_answer`: the answer to the topic of the message."""

    def name(self) -> str:
        return "action_answer"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        if asking.KIND in understood.entities:
            return await asking.begin_form(self.api, understood, speaker)
        return await respond(self.api, understood, speaker)


class SimplifyAction(SafeAction):
    """`action_simplify`: the latest answer once more in easy Swedish, which then stays on; or off again."""

    def name(self) -> str:
        return "action_simplify"

    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        return await answer(self.api, understood, speaker)
