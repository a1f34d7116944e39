"""Rasa component: the topic of a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import skops.io as skops
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.topic_model import TopicModel

_FILE = "topics.skops"
_RANKING = 10


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class TopicClassifier(GraphComponent):
    """Wraps TopicModel. Stored with skops, which holds no code (never pickle)."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: TopicModel | None = None
    ) -> None:
        self._config, self._storage, self._resource, self._model = config, storage, resource, model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 0.5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        with model_storage.read_from(resource) as folder:
            file = Path(folder) / _FILE
            parts = skops.load(file, trusted=skops.get_untrusted_types(file=file))
        return cls(config, model_storage, resource, TopicModel(**parts))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all examples with an intent."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        self._model = TopicModel.train(
            [m.get(TEXT) for m in examples], [m.get(INTENT) for m in examples], float(self._config["C"])
        )
        with self._storage.write_to(self._resource) as folder:
            skops.dump(vars(self._model), Path(folder) / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking; no intent at all when nothing in the message is known."""
        for message in messages:
            ranking = self._model.rank(message.get(TEXT) or "") if self._model else []
            rows = [{"name": topic, "confidence": chance} for topic, chance in ranking[:_RANKING]]
            message.set(INTENT, rows[0] if rows else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", rows, add_to_output=True)
        return messages
