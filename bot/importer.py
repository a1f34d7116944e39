"""Makes a topic of every block of examples: its intent and its rule need not be written by hand.

A topic that needs an action of its own gets a rule in `data/rules/`; all others are answered by `action_answer`.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_yaml_to_string

from bot.examples import examples_file, read_examples

ANSWER = "action_answer"
FALLBACK_INTENT = "nlu_fallback"


class TopicImporter(TrainingDataImporter):
    """Rasa's own file importer, plus the intents and rules that follow from the examples.

    To the examples of the files come those that staff have approved; after `get_nlu_data`, `approved` has them.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        self._files = RasaFileImporter(config_file, domain_path, training_data_paths)
        self._examples: TrainingData | None = None
        self.approved: list[tuple[str, str]] = []

    def get_domain(self) -> Domain:
        intents: list[Any] = [{topic: {"use_entities": []}} for topic in self._topics()]
        return self._files.get_domain().merge(Domain.from_dict({"intents": intents}))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        written = self._files.get_stories(exclusion_percentage)
        handled = {
            event.intent_name for step in written.story_steps for event in step.events if isinstance(event, UserUttered)
        }
        rules = [
            {"rule": f"answer {topic}", "steps": [{"intent": topic}, {"action": ANSWER}]}
            for topic in [*self._topics(), FALLBACK_INTENT]
            if topic not in handled
        ]
        steps = YAMLStoryReader().read_from_string(dump_obj_as_yaml_to_string({"version": "3.1", "rules": rules}))
        return written.merge(StoryGraph(steps))

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples of the files and those that staff have approved.

        Read once: Rasa asks for them many times, and reading takes seconds.
        """
        if self._examples is None:
            written = self._files.get_nlu_data(language)
            phrases = [str(example.get(TEXT)) for example in written.intent_examples]
            self.approved = read_examples(examples_file(), written.intents, phrases)
            more = [Message.build(text=text, intent=topic) for text, topic in self.approved]
            self._examples = written.merge(TrainingData(more)) if more else written
        return self._examples

    def get_config(self) -> dict[str, Any]:
        config: dict[str, Any] = self._files.get_config()
        return config

    def get_config_file_for_auto_config(self) -> str | None:
        file: str | None = self._files.get_config_file_for_auto_config()
        return file

    def get_conversation_tests(self) -> StoryGraph:
        return self._files.get_conversation_tests()

    def _topics(self) -> list[str]:
        return sorted(self.get_nlu_data().intents)
