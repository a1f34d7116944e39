"""Rasa component: tokens and lemmas from spaCy, and names of people for the booking."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.swedish import load_swedish

_PERSON_LABELS = frozenset({"PRS", "PER", "PERSON"})


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER], is_trainable=False)
class SwedishTokenizer(Tokenizer):
    """spaCy's tokens with lemmas; a message also gets `person` entities where the model knows them."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._nlp, self.variant = load_swedish()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SwedishTokenizer:
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing: the topic classifier reads the examples as text, and analysing thousands of them takes long."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set tokens and `person` entities."""
        for message in messages:
            doc = self._nlp(message.get(TEXT) or "")
            message.set("text_tokens", [Token(t.text, t.idx, lemma=t.lemma_ or t.text) for t in doc if not t.is_space])
            people = [
                {
                    "entity": "person",
                    "value": e.text,
                    "start": e.start_char,
                    "end": e.end_char,
                    "extractor": type(self).__name__,
                }
                for e in doc.ents
                if e.label_ in _PERSON_LABELS
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *people], add_to_output=True)
        return messages

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        return [Token(t.text, t.idx) for t in self._nlp.make_doc(message.get(attribute)) if not t.is_space]
