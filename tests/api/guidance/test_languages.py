"""Answers in other languages: whole, in their own script, with buttons that say in Swedish too where they lead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy.orm import Session

from api.database import Database
from api.guidance.languages import Language, find_language, language_reply, languages
from api.guidance.turn import Turn
from api.replies import Query

KEYS = {field.name for field in fields(Language)} - {"code", "known"}
SPOKEN = ("text", "contact", "crisis", "book", "person", "easy")
NEEDED = {"en", "ar", "so", "uk", "ti", "fa", "th"}

each = pytest.mark.parametrize("code", sorted(languages()))


@pytest.fixture
def session(seeded: Database) -> Iterator[Session]:
    with seeded.transaction() as session:
        yield session


@pytest.fixture
def turn(session: Session, now: datetime) -> Turn:
    return Turn(session, now, "https://vagledaren.example.org", "other_language", Query(), Query())


def test_the_languages_most_needed_are_there() -> None:
    assert languages().keys() >= NEEDED


def test_every_language_that_the_bot_can_tell_is_answered_in_its_own_words() -> None:
    told = yaml.safe_load(Path("bot/nlu/words.yml").read_text("utf-8"))["languages"]
    assert set(told) - set(languages()) == set()


@each
def test_an_entry_is_whole(code: str) -> None:
    entry = yaml.safe_load(Path("api/guidance/languages.yml").read_text("utf-8"))[code]
    assert set(entry) == KEYS
    for key in SPOKEN:
        assert entry[key] == entry[key].strip()
        assert all(line and line == line.strip() for line in entry[key].splitlines())
    assert "112" in entry["crisis"]
    assert "1177" in entry["crisis"]
    assert entry["contact"].endswith((":", "፦"))


@each
def test_an_entry_keeps_to_its_script(code: str) -> None:
    language = languages()[code]
    for key in SPOKEN:
        letters = [char for char in getattr(language, key) if unicodedata.category(char) in {"Lu", "Ll", "Lo"}]
        assert letters
        assert [char for char in letters if not unicodedata.name(char).startswith(language.script)] == []
    assert (language.direction == "rtl") == (language.script == "ARABIC")


def test_no_two_languages_share_a_text() -> None:
    for key in ("text", "contact", "crisis"):
        texts = [getattr(language, key) for language in languages().values()]
        assert len(set(texts)) == len(texts)


@each
def test_the_reply_says_its_language_and_leads_to_a_person(turn: Turn, code: str) -> None:
    reply = language_reply(turn, languages()[code])
    assert reply.data["lang"] == code
    assert reply.data.get("dir") == ("rtl" if code in {"ar", "fa"} else None)
    assert [choice.topic for choice in reply.choices] == ["book_meeting", "human_contact", "simplify"]
    for choice in reply.choices:
        assert re.search(r"\(\w[\w ]+\)$", choice.title)
        assert len(choice.title) <= 60


def test_dari_reads_persian_and_an_unknown_language_english_with_swedish(turn: Turn) -> None:
    assert find_language("prs") == find_language("fa")
    assert find_language(None) is None
    unknown = find_language("und")
    assert unknown is not None
    reply = language_reply(turn, unknown)
    assert reply.text.startswith(languages()["en"].text)
    assert "Svenska:" in reply.text
