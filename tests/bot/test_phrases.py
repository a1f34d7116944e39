"""Training phrases: varied, apart from each other and from the messages we measure with, and about nobody."""

from __future__ import annotations

import json
import re
from collections import defaultdict

import pytest
from rapidfuzz import fuzz, process

from api.privacy.masking import mask_personal_numbers, replace_contacts
from tests.bot.material import ROOT, phrases, topics

TOO_ALIKE = 92
TOO_ALIKE_LENGTH = 9
TOO_NEAR_DEV = 85
TOO_NEAR_DEV_LENGTH = 7

NAMES = re.compile(
    r"\b(?:anna|maria|erik|lars|karl|johan|anders|eva|karin|kristina|elisabeth|mikael|andreas|mohammed|mohamed"
    r"|ahmed|ali|fatima|amina|omar|hassan|olena|oleksandr|andersson|johansson|karlsson|nilsson|eriksson|svensson)\b"
)


def normal(text: str) -> str:
    """Lower case, words only."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_no_phrase_stands_under_two_topics() -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for topic, lines in phrases().items():
        for line in lines:
            where[normal(line)].add(topic)
    assert {line: found for line, found in where.items() if len(found) > 1} == {}


@pytest.mark.parametrize("topic", sorted(topics()))
def test_no_phrase_stands_twice_in_a_topic(topic: str) -> None:
    seen = [normal(line) or line for line in phrases()[topic]]
    assert {line for line in seen if seen.count(line) > 1} == set()


@pytest.mark.parametrize("topic", sorted(topics()))
def test_no_two_phrases_of_a_topic_are_nearly_the_same(topic: str) -> None:
    lines = [normal(line) for line in phrases()[topic]]
    lines = [line for line in lines if len(line) >= TOO_ALIKE_LENGTH]
    alike = [
        (line, other)
        for index, line in enumerate(lines)
        for other, _, _ in process.extract_iter(line, lines[:index], scorer=fuzz.ratio, score_cutoff=TOO_ALIKE)
    ]
    assert alike == []


def test_no_phrase_is_near_a_message_that_the_bot_is_measured_with() -> None:
    """Only the phrases are shown: the messages must stay unseen by those who write them."""
    files = sorted((ROOT / "tests/nlu").glob("*.jsonl"))
    seen = [normal(json.loads(row)["text"]) for file in files for row in file.read_text("utf-8").splitlines()]
    measured = [line for line in seen if len(line) >= TOO_NEAR_DEV_LENGTH]
    near = [
        (topic, line)
        for topic, lines in phrases().items()
        for line in lines
        if len(normal(line)) >= TOO_NEAR_DEV_LENGTH
        and process.extractOne(normal(line), measured, scorer=fuzz.ratio, score_cutoff=TOO_NEAR_DEV)
    ]
    assert near == []


@pytest.mark.parametrize("topic", sorted(topics()))
def test_no_phrase_names_or_reaches_anybody(topic: str) -> None:
    for line in phrases()[topic]:
        assert mask_personal_numbers(line) == line
        assert replace_contacts(line, lambda kind, value: kind) == line
        assert not re.search(r"@|\d{5,}", line), line
        assert not NAMES.search(line.casefold()), line


@pytest.mark.parametrize("topic", sorted(topics()))
def test_phrases_are_messages_that_people_can_send(topic: str) -> None:
    for line in phrases()[topic]:
        assert 1 <= len(line) <= 300, line
        assert not re.search(r"[\[\]{}]", line), line
        assert not line.startswith("/"), line
