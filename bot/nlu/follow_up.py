"""Rasa component: notices messages that only name something new, like "och i Arvika då?" or "svets torsby"."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.intents import put_first
from bot.nlu.naming import only_names
from bot.nlu.text import load_words

_NAMING = frozenset({"occupation", "place", "start", "pace"})
_COURSES = "course_search"
_CERTAIN = 0.6
_LIKELY = 0.5


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class FollowUpDetector(GraphComponent):
    """Adds the entity `follow_up`, which makes the action stay with the topic of the turn before.

    In a new conversation, bare names ask for courses, unless the classifier is certain of something else.
    """

    def __init__(self) -> None:
        self._function_words = frozenset(load_words()["function_words"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FollowUpDetector:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            entities = message.get(ENTITIES, [])
            text = message.get(TEXT) or ""
            spans = [(e["start"], e["end"]) for e in entities if e["entity"] in _NAMING]
            if not text.startswith("/") and only_names(text, spans, self._function_words):
                mark = {"entity": "follow_up", "value": "yes", "start": 0, "end": len(text), "extractor": "follow_up"}
                message.set(ENTITIES, [*entities, mark], add_to_output=True)
                if (message.get(INTENT) or {}).get("confidence", 0.0) < _CERTAIN:
                    put_first(message, _COURSES, _LIKELY)
        return messages
