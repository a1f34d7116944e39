"""Rasa component: occupations and places from the catalogue's gazetteer."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.background import Background
from bot.nlu.gazetteer import Gazetteer
from bot.nlu.names_file import NamesFile
from bot.nlu.text import load_words

_FILE = "gazetteer.json"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class GazetteerExtractor(GraphComponent):
    """Keeps the gazetteer named by `IV_GAZETTEER` inside the model, and follows the file while the bot runs.

    Only entities depend on the names, not the topics: a name that staff have added works without training.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, data: dict[str, Any] | None = None) -> None:
        self._storage, self._resource = storage, resource
        self._gazetteer = _build(data) if data else None
        self._background = Background(load_words()["background"])
        self._file = NamesFile(os.environ.get("IV_GAZETTEER", ""))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GazetteerExtractor:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GazetteerExtractor:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, json.loads((Path(folder) / _FILE).read_text("utf-8")))

    def train(self, training_data: TrainingData) -> Resource:
        """Store the gazetteer with the model. The training phrases carry no entities to learn from."""
        data = json.loads(Path(os.environ["IV_GAZETTEER"]).read_text("utf-8"))
        self._gazetteer = _build(data)
        with self._storage.write_to(self._resource) as folder:
            (Path(folder) / _FILE).write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add `occupation` (slug) and `place` (municipality) entities."""
        if (names := self._file.read_if_new()) is not None:
            self._gazetteer = _build(names)
        for message in messages:
            text = message.get(TEXT) or ""
            found = self._gazetteer.find(text) if self._gazetteer else []
            entities = [
                {
                    "entity": f.entity,
                    "value": f.value,
                    "start": f.start,
                    "end": f.end,
                    "confidence": 1.0 if f.exact else 0.8,
                    "extractor": type(self).__name__,
                }
                for f in self._background.without(text, found)
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages


def _build(data: dict[str, Any]) -> Gazetteer:
    words = load_words()
    ordinary = [*words["function_words"], *words["ordinary_words"]]
    return Gazetteer(data, words["endings"], words["compound_heads"], words["place_heads"], ordinary)
