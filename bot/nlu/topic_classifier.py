"""Rasa component: the topic of a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.clauses import questions
from bot.nlu.intents import RANKING, put_first
from bot.nlu.text import load_words
from bot.nlu.topic_model import TopicModel

_FILE = "topics.npz"
_RANKED = 10
"""How many topics of the ranking are passed on."""
_CLEAR = 0.7
"""How likely the topics of two questions in one message must each be, for both to be answered."""

_NO_QUESTIONS = frozenset(
    {"greet", "goodbye", "thank", "affirm", "deny", "chitchat", "restart", "other_language", "out_of_scope"}
)
"""Topics that never are the second question of a message."""
_STARTS = frozenset({"book_meeting", "reschedule_meeting", "cancel_meeting", "my_meeting", "job_guide"})
"""Topics that begin a dialogue of several turns."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class TopicClassifier(GraphComponent):
    """Wraps TopicModel. Stored as plain arrays, which hold no code (never pickle)."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: TopicModel | None = None
    ) -> None:
        self._config, self._storage, self._resource, self._model = config, storage, resource, model
        words = load_words()
        self._openers, self._joints = frozenset(words["question_openers"]), words["question_joints"]
        self._signs = str.maketrans({sign: f" {word} " for sign, word in words["signs"].items()})

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 1.0}

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
        with model_storage.read_from(resource) as folder, np.load(Path(folder) / _FILE, allow_pickle=False) as parts:
            model = TopicModel.from_parts(parts)
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all examples with an intent."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        self._model = TopicModel.train(
            [m.get(TEXT).translate(self._signs) for m in examples],
            [m.get(INTENT) for m in examples],
            float(self._config["C"]),
        )
        with self._storage.write_to(self._resource) as folder:
            np.savez(Path(folder) / _FILE, **self._model.parts())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking; no intent at all when nothing in the message is known.

        The entity `second_topic` names the topic of another question in the message, when both are clear.
        """
        for message in messages:
            text = message.get(TEXT) or ""
            ranking = self._rank(text)
            rows = [{"name": topic, "confidence": chance} for topic, chance in ranking[:_RANKED]]
            message.set(INTENT, rows[0] if rows else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(RANKING, rows, add_to_output=True)
            second = self._second_topic(text, ranking[0][0]) if ranking and not text.startswith("/") else None
            if second:
                first = ranking[0][0]
                if first in _STARTS:  # a dialogue that begins would leave the question unanswered
                    first, second = second, first
                # Two clear questions share the probability between them: that is no doubt.
                put_first(message, first, max(ranking[0][1], _CLEAR))
                mark = {"entity": "second_topic", "value": second, "start": 0, "end": len(text), "extractor": "topics"}
                message.set(ENTITIES, [*message.get(ENTITIES, []), mark], add_to_output=True)
        return messages

    def _rank(self, text: str) -> list[tuple[str, float]]:
        return self._model.rank(text.translate(self._signs)) if self._model else []

    def _second_topic(self, text: str, likeliest: str) -> str | None:
        """The topic of the other of two clear questions; what the whole message is likeliest about is the first."""
        asked = questions(text, self._openers, self._joints)
        if len(asked) != 2:
            return None
        topics = [ranking[0][0] for ranking in map(self._rank, asked) if ranking and ranking[0][1] >= _CLEAR]
        others = [topic for topic in topics if topic != likeliest and topic not in _NO_QUESTIONS]
        return others[0] if others and likeliest in topics else None
