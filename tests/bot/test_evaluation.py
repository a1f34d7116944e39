"""The figures of the report, on a handful of messages counted by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.evaluation.layout import report
from bot.evaluation.measure import FALLBACK, Parsed, Row, confusions, entity_f1, figures, topic_f1
from bot.evaluation.rows import BadFile, read_rows
from tests.bot.material import ROOT, load, topics

ENTITY_TOPICS = {"occupation": ["cost"], "place": ["cost"]}
SVETS = {"occupation": frozenset({"svetsare"})}


def pair(topic: str, understood: str, *ranking: str, also: str = "", **more: object) -> tuple[Row, Parsed]:
    row = Row("…", topic, frozenset(also.split()), **{k: v for k, v in more.items() if k in {"entities", "style"}})
    return row, Parsed(understood, ranking or (understood,), more.get("found", {}), 2.0)


def test_another_accepted_topic_is_as_right_as_the_first() -> None:
    pairs = [pair("cost", "csn", also="csn"), pair("cost", "cost"), pair("cost", "greet"), pair("csn", "csn")]
    assert figures(pairs, ENTITY_TOPICS).accuracy == 0.75
    assert topic_f1(pairs) == {"cost": pytest.approx(0.8), "csn": 1.0}


def test_a_topic_among_the_first_three_counts_for_top_three_even_behind_a_fallback() -> None:
    pairs = [pair("cost", FALLBACK, "csn", "greet", "cost"), pair("cost", "csn", "csn", "greet", "thank", "cost")]
    assert figures(pairs, ENTITY_TOPICS).top3 == 0.5


def test_a_fallback_is_false_unless_the_message_was_out_of_scope() -> None:
    pairs = [
        pair("cost", FALLBACK),
        pair("csn", "csn"),
        pair("out_of_scope", FALLBACK),
        pair("out_of_scope", "out_of_scope"),
        pair("out_of_scope", "greet"),
    ]
    result = figures(pairs, ENTITY_TOPICS)
    assert result.false_fallback == 0.5
    assert result.out_of_scope_recall == pytest.approx(2 / 3)


def test_entities_count_by_value_and_only_on_topics_that_list_them() -> None:
    pairs = [
        pair("cost", "cost", entities=SVETS, found=SVETS),
        pair("cost", "cost", entities=SVETS),
        pair("cost", "cost", found={"occupation": frozenset({"montor"})}),
        pair("greet", "greet", found={"occupation": frozenset({"montor"})}),
    ]
    assert entity_f1(pairs, "occupation", ["cost"]) == 0.5
    assert entity_f1(pairs, "place", ["cost"]) is None


def test_the_worst_confusion_comes_first() -> None:
    pairs = [pair("a", "b"), pair("c", "d"), pair("c", "d"), pair("c", "c")]
    assert confusions(pairs) == [("c", "d", 2), ("a", "b", 1)]


def test_the_report_ends_with_one_line_of_json_that_says_the_same() -> None:
    text = report([pair("cost", "cost", style="l2"), pair("csn", "cost", style="formal")], ENTITY_TOPICS)
    numbers = json.loads(text.splitlines()[-1])
    assert numbers["accuracy"] == 0.5
    assert numbers["by_style"]["l2"]["accuracy"] == 1.0
    assert "| accuracy" in text
    assert "0.500" in text


def test_topics_that_list_entities_exist() -> None:
    listed = load(ROOT / "bot/evaluation/entities.yml")
    assert {topic for names in listed.values() for topic in names} <= topics()


def test_messages_are_read_with_everything_that_may_be_left_out(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text(
        '{"text": "hej", "topic": "greet"}\n\n{"text": "å", "topic": "cost", "entities": {"place": "Kil"}}\n'
    )
    first, second = read_rows(file)
    assert (first.topic, first.style, first.also) == ("greet", "unknown", frozenset())
    assert second.entities == {"place": frozenset({"Kil"})}


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{", b"[]", b'"hej"', b'{"text": 1, "topic": "greet"}', b'{"topic": "greet"}', b"\xff\xfe", b"null"],
)
def test_a_file_that_cannot_be_used_is_refused_without_repeating_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_bytes(content)
    with pytest.raises(BadFile, match=r"messages\.jsonl"):
        read_rows(file)
