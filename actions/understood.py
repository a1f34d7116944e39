"""What the bot understood of the latest message, read from Rasa's tracker. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from rasa_sdk import Tracker

from actions.reading import CONTACT_TOKEN

FALLBACK = "nlu_fallback"
_CERTAIN = 0.6
_QUERY = ("occupation", "place", "start", "pace")
OF_THE_TALK = ("occupation", "place", "last_topic", "last_answer", "repeats", "misses", "guide")
"""Slots with what a talk was about; `easy` is not among them, that is how somebody reads."""


@dataclass(frozen=True)
class Understood:
    """One message: its topic and certainty (0–1), the entities' first values, other likely topics."""

    conversation_id: str
    text: str
    topic: str
    confidence: float
    entities: dict[str, str]
    other_occupation: str | None = None
    """A second occupation that was named, as in "what is the difference between"."""
    others: tuple[str, ...] = ()
    a_pair: bool = False
    """Whether the first two of `others` are about equally likely, and the rest far behind."""
    slots: dict[str, Any] = field(default_factory=dict)  # Any: Rasa's slot values

    @property
    def is_choice(self) -> bool:
        """Whether a button was pressed (its payload came) rather than something written."""
        return self.text.startswith("/")

    @property
    def is_certain(self) -> bool:
        """Whether the topic can be relied on against what the conversation itself suggests."""
        return self.confidence >= _CERTAIN

    @property
    def only_names(self) -> bool:
        """Whether the message only named something new, so that the topic before goes on."""
        return "follow_up" in self.entities

    @property
    def in_distress(self) -> bool:
        """Whether the words are those of somebody in acute crisis."""
        return "distress" in self.entities

    @property
    def contact_token(self) -> str | None:
        """The opaque token that stands for a phone number or e-mail address in the message."""
        found = CONTACT_TOKEN.search(self.text)
        return found[0] if found else None

    @property
    def is_only_contact(self) -> bool:
        """Whether a phone number or e-mail address is all there is in the message."""
        return self.contact_token is not None and not CONTACT_TOKEN.sub("", self.text).strip(" .,:!")

    @property
    def said(self) -> dict[str, str]:
        """The entities that a question can be about."""
        return {name: self.entities[name] for name in _QUERY if name in self.entities}

    @property
    def context(self) -> dict[str, str]:
        """What the conversation was about before."""
        return {name: self.slots[name] for name in ("occupation", "place") if self.slots.get(name)}


_LIKELY = 0.1
_SUGGESTIONS = 3
_MIDDLING = 0.25
"""Below this not even the likeliest topic is worth a question of its own."""
_CLOSE, _FAR = 0.6, 0.5
"""Share of the likeliest topic's confidence that makes a second one its equal, and a third one no matter."""


def understand(tracker: Tracker) -> Understood:
    """Read the tracker."""
    message = tracker.latest_message
    intent = message.get("intent") or {}
    entities: dict[str, str] = {}
    occupations: dict[str, None] = {}
    for entity in message.get("entities") or []:
        entities.setdefault(entity["entity"], str(entity["value"]))
        if entity["entity"] == "occupation":
            occupations[str(entity["value"])] = None
    ranking = [row for row in message.get("intent_ranking") or [] if row["name"] != FALLBACK]
    likely = [(str(row["name"]), float(row["confidence"])) for row in ranking if row["confidence"] >= _LIKELY]
    return Understood(
        conversation_id=tracker.sender_id,
        text=message.get("text") or "",
        topic=intent.get("name") or FALLBACK,
        confidence=float(intent.get("confidence") or 0.0),
        entities=entities,
        other_occupation=next(islice(occupations, 1, None), None),
        others=tuple(name for name, _ in likely[:_SUGGESTIONS]),
        a_pair=_is_pair([confidence for _, confidence in likely]),
        slots=dict(tracker.slots),
    )


def _is_pair(confidences: list[float]) -> bool:
    """Whether two lie close together, well ahead of the third. `confidences` begin with the highest."""
    first, second, third = (*confidences, 0.0, 0.0, 0.0)[:3]
    return first >= _MIDDLING and second >= _CLOSE * first and third < _FAR * first
