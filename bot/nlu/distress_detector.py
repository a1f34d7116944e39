"""Rasa component: notices acute crisis in a message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.distress import DistressWords
from bot.nlu.intents import put_first
from bot.nlu.text import load_words

_TOPIC = "human_contact"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class DistressDetector(GraphComponent):
    """Adds the entity `distress` and makes the topic that of reaching a person. Stands after the topic classifier."""

    def __init__(self) -> None:
        self._words = DistressWords(load_words()["distress"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DistressDetector:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith("/") and self._words.are_in(text):
                mark = {"entity": "distress", "value": "yes", "start": 0, "end": len(text), "extractor": "distress"}
                message.set(ENTITIES, [*message.get(ENTITIES, []), mark], add_to_output=True)
                put_first(message, _TOPIC, 1.0)
        return messages
