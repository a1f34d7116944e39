"""Rasa component: start windows and pace of study."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.text import load_words
from bot.nlu.wishes import WishGrammar

_STOCKHOLM = ZoneInfo("Europe/Stockholm")


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class WishExtractor(GraphComponent):
    """Adds `start` and `pace` entities by grammar."""

    def __init__(self) -> None:
        self._grammar = WishGrammar(load_words())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WishExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Entities with values as `bot.nlu.wishes` defines them; "i vår" is counted from today in Sweden."""
        today = datetime.now(_STOCKHOLM).date()
        for message in messages:
            wishes = self._grammar.find(message.get(TEXT) or "", today)
            entities = [
                {"entity": w.entity, "value": w.value, "start": w.start, "end": w.end, "extractor": type(self).__name__}
                for w in wishes
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages
