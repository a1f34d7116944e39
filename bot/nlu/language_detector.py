"""Rasa component: messages in other languages than Swedish, and which language is wished for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intents import put_first
from bot.nlu.languages import LanguageGuesser
from bot.nlu.text import load_words, words_of

_FILE = "known_words.json"
_TOPIC = "other_language"
_CERTAIN = 0.95
_NAMES = frozenset({"occupation", "place"})


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class LanguageDetector(GraphComponent):
    """Makes `other_language` of what is not Swedish, and adds the entity `language` (ISO 639 code).

    Stands after the topic classifier. The words of the Swedish examples are kept with the model.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, known_words: list[str] | None = None) -> None:
        self._storage, self._resource = storage, resource
        names = load_words()["languages"]
        self._guesser = LanguageGuesser((code for code in names if code != "ti"), names, known_words or ())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageDetector:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, json.loads((Path(folder) / _FILE).read_text("utf-8")))

    def train(self, training_data: TrainingData) -> Resource:
        """Keep every word of the examples that are Swedish."""
        swedish = [m for m in training_data.intent_examples if m.get(INTENT) != _TOPIC]
        words = sorted({word.folded for message in swedish for word in words_of(message.get(TEXT) or "")})
        with self._storage.write_to(self._resource) as folder:
            (Path(folder) / _FILE).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            if text.startswith("/"):
                continue
            prose = _without_names(text, message.get(ENTITIES, []))
            language = self._guesser.foreign(prose)
            if language:
                put_first(message, _TOPIC, _CERTAIN)
            elif (message.get(INTENT) or {}).get("name") == _TOPIC:
                language = self._guesser.asked_for(prose)
            if language:
                mark = {"entity": "language", "value": language, "start": 0, "end": len(text), "extractor": "language"}
                message.set(ENTITIES, [*message.get(ENTITIES, []), mark], add_to_output=True)
        return messages


def _without_names(text: str, entities: list[dict[str, Any]]) -> str:
    """`text` without places and occupations: "Arvika" sounds Finnish in any sentence."""
    for entity in sorted(entities, key=lambda entity: -int(entity["start"])):
        if entity["entity"] in _NAMES:
            text = text[: entity["start"]] + text[entity["end"] :]
    return text
