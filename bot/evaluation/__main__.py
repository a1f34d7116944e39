"""`python -m bot.evaluation MODEL FILE`: run the messages through the trained bot and print the report.

No action server is needed: the topic of a message in a new conversation is the bot's alone.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from bot.evaluation.layout import report
from bot.evaluation.measure import Parsed, Row
from bot.evaluation.rows import BadFile, read_rows
from bot.examples import examples_file

if TYPE_CHECKING:
    from rasa.core.agent import Agent

_WARM_UP = 3


def main(model: str, file: str) -> int:
    """Print the report on `file` (JSON lines). Returns the exit code."""
    try:
        rows = read_rows(Path(file))
    except BadFile as problem:
        print(problem, file=sys.stderr)
        return 2
    parsed = asyncio.run(_understand(_load(model), rows))
    entity_topics = yaml.safe_load(Path(__file__).with_name("entities.yml").read_text("utf-8"))
    print(f"approved examples in the training: {_approved()}\n")
    print(report(list(zip(rows, parsed, strict=True)), entity_topics))
    return 0


def _approved() -> int:
    """How many examples that staff approved the training takes in: read as it reads them, beside the names."""
    if examples_file() is None:
        return 0
    from bot.importer import TopicImporter

    importer = TopicImporter("config.yml", "bot/domain", ["data"])
    importer.get_nlu_data()
    return len(importer.approved)


def _load(model: str) -> Agent:
    """The trained bot. Rasa is imported here: it takes many seconds, too long to learn that a file is wrong."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # otherwise Rasa prints every message
    logging.getLogger().setLevel(logging.ERROR)
    return Agent.load(model)


async def _understand(agent: Agent, rows: list[Row]) -> list[Parsed]:
    for row in rows[:_WARM_UP]:
        await agent.parse_message(row.text)
    return [await _parse(agent, row.text) for row in rows]


async def _parse(agent: Agent, text: str) -> Parsed:
    begun = time.perf_counter()
    result = await agent.parse_message(text)
    milliseconds = (time.perf_counter() - begun) * 1000
    entities: dict[str, set[str]] = defaultdict(set)
    for entity in result.get("entities") or []:
        entities[entity["entity"]].add(str(entity["value"]))
    return Parsed(
        topic=str(result["intent"]["name"]),
        ranking=tuple(str(row["name"]) for row in result.get("intent_ranking") or []),
        entities={name: frozenset(values) for name, values in entities.items()},
        milliseconds=milliseconds,
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
