"""Changing the topic of a message after classification."""

from __future__ import annotations

from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

RANKING = "intent_ranking"


def put_first(message: Message, topic: str, confidence: float) -> None:
    """Make `topic` the message's, with `confidence` (0–1); the others of the ranking share what is left."""
    rows = [row for row in message.get(RANKING) or [] if row["name"] != topic]
    left = 1 - confidence
    total = sum(row["confidence"] for row in rows)
    scaled = [{**row, "confidence": row["confidence"] * left / total} for row in rows] if total else []
    first = {"name": topic, "confidence": confidence}
    message.set(INTENT, first, add_to_output=True)
    message.set(RANKING, [first, *scaled], add_to_output=True)
