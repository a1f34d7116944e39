"""What staff approved comes into the training; what is broken or hostile does not."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from bot.examples import examples_file, plain, read_examples, usable

TOPICS = {"cost", "csn"}
PHRASES = ("Vad kostar det?", "vem betalar")


def written(folder: Path, *rows: object) -> Path:
    path = folder / "examples.json"
    path.write_text(json.dumps({"examples": list(rows)}), encoding="utf-8")
    return path


def test_an_approved_example_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, {"text": "blir det dyrt för mig", "topic": "cost"})
    assert read_examples(path, TOPICS, PHRASES) == [("blir det dyrt för mig", "cost")]


@pytest.mark.parametrize(
    "row",
    [
        {"text": "vad kostar DET", "topic": "cost"},
        {"text": "vad kostar det", "topic": "csn"},
        {"text": "blir det dyrt", "topic": "gone"},
        {"text": "blir det dyrt", "topic": ["cost"]},
        {"text": "blir det dyrt"},
        {"topic": "cost"},
        {"text": None, "topic": "cost"},
        {"text": 7, "topic": "cost"},
        "blir det dyrt",
        None,
        {"text": "", "topic": "cost"},
        {"text": "   ", "topic": "cost"},
        {"text": "???", "topic": "cost"},
        {"text": "x" * 301, "topic": "cost"},
        {"text": "x" * 1000, "topic": "cost"},
        {"text": "två\nrader", "topic": "cost"},
        {"text": "två\rrader", "topic": "cost"},
        {"text": "en\u2028rad till", "topic": "cost"},
        {"text": "[svetsare](occupation) kostar", "topic": "cost"},
        {"text": '[dyrt]{"entity": "x"}', "topic": "cost"},
        {"text": "- ett till", "topic": "cost"},
        {"text": "/restart", "topic": "cost"},
        {"text": "* ett till", "topic": "cost"},
        {"text": "# rubrik", "topic": "cost"},
        {"text": "kod `x` här", "topic": "cost"},
    ],
)
def test_a_broken_or_hostile_line_is_left_out_and_the_others_stay(
    tmp_path: Path, row: object, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path, {"text": "blir det dyrt för mig", "topic": "cost"}, row)
    with caplog.at_level(logging.WARNING):
        assert read_examples(path, TOPICS, PHRASES) == [("blir det dyrt för mig", "cost")]
    assert "1 approved examples are left out" in caplog.text
    assert "svetsare" not in caplog.text


def test_the_same_text_is_never_doubled(tmp_path: Path) -> None:
    rows = [{"text": text, "topic": topic} for text in ("Blir det dyrt?", "blir det dyrt") for topic in ("cost", "csn")]
    assert read_examples(written(tmp_path, *rows), TOPICS, PHRASES) == [("Blir det dyrt?", "cost")]


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"examples": 7}', '{"other": []}', '{"examples": []}'])
def test_a_file_that_cannot_be_used_gives_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "examples.json"
    path.write_text(content, encoding="utf-8")
    assert read_examples(path, TOPICS, PHRASES) == []


def test_no_file_is_no_example(tmp_path: Path) -> None:
    assert read_examples(tmp_path / "examples.json", TOPICS, PHRASES) == []
    assert read_examples(None, TOPICS, PHRASES) == []


def test_the_file_lies_beside_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IV_GAZETTEER", "/data/gazetteer.json")
    assert examples_file() == Path("/data/examples.json")
    monkeypatch.delenv("IV_GAZETTEER")
    assert examples_file() is None


def test_texts_are_compared_as_the_api_compares_them() -> None:
    from api.insight.asked.likeness import plain as plain_in_the_api
    from api.insight.examples.checking import wrong_with

    for text in ("Vad kostar det?", "ÅÄÖ  é-post_x", "1 2", "", "¿que?"):
        assert plain(text) == plain_in_the_api(text)
    for text in ("x" * 301, "a\nb", "[a](b)", "- a", "/a", "a{b}", "ett två", "*a", "<a>"):
        assert usable(text) is (wrong_with(text, "cost", {}, {}) == "")
