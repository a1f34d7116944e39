"""The answers are plain Swedish: short, to the reader, with a source where they state facts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from tests.bot.material import ROOT, answers, load

LONGEST_TEXT_WORDS = 85
LONGEST_TEXT_SENTENCES = 6
LONGEST_EASY_SENTENCE = 12
LONGEST_TITLE = 30
LONGEST_CHOICE = 40
MOST_CHOICES = 3

IN_MANY_LANGUAGES = {"other_language"}
"""Says the same in five languages, so rules about Swedish do not hold for it."""

ENGLISH = re.compile(
    r"\b(?:the|and|you|your|please|click|with|course|courses|apply|application|booking|meeting|welcome|sorry|hello"
    r"|thanks|website|feedback|skills|job|jobs|of|is|are|to|this|that)\b",
    re.IGNORECASE,
)
NOT_TO_A_READER = re.compile(
    r"\b(?:den sökande|de sökande|den studerande|användaren|kunden|individen|Er|Ert|Era|Eder)\b"
)
TO_A_READER = re.compile(
    r"\b(?i:du|dig|din|ditt|dina)\b|\b(?:Kontakta|Fråga|Skriv|Boka|Sök|Läs|Välj|Ring|Prata|Titta|Berätta)\b"
)
SWEDISH_ENGLISH = {"job"}

ENTRIES = sorted(answers().items())
SWEDISH = [(topic, entry) for topic, entry in ENTRIES if topic not in IN_MANY_LANGUAGES]
each_entry = pytest.mark.parametrize(("topic", "entry"), ENTRIES, ids=[topic for topic, _ in ENTRIES])
each_swedish = pytest.mark.parametrize(("topic", "entry"), SWEDISH, ids=[topic for topic, _ in SWEDISH])

Entry = dict[str, Any]


def sentences(text: str) -> list[str]:
    """Sentences: ended by a mark and a blank, or by the line."""
    return [part for line in text.splitlines() for part in re.split(r"(?<=[.!?])[”\"]?\s+", line) if part.strip()]


def words(text: str) -> list[str]:
    return re.findall(r"[\w/-]+", text)


@each_entry
def test_an_answer_has_the_known_parts(topic: str, entry: Entry) -> None:
    assert {"title", "text", "easy"} <= set(entry) <= {"title", "text", "easy", "source", "review_on", "choices"}


@each_entry
def test_an_answer_is_short(topic: str, entry: Entry) -> None:
    assert len(words(entry["text"])) <= LONGEST_TEXT_WORDS
    if topic not in IN_MANY_LANGUAGES:
        assert len(sentences(entry["text"])) <= LONGEST_TEXT_SENTENCES


@each_entry
def test_titles_and_choices_fit_on_a_button(topic: str, entry: Entry) -> None:
    assert 1 <= len(entry["title"]) <= LONGEST_TITLE
    choices = entry.get("choices", [])
    assert len(choices) <= MOST_CHOICES
    assert all(set(choice) == {"title", "topic"} and len(choice["title"]) <= LONGEST_CHOICE for choice in choices)
    assert len({choice["topic"] for choice in choices}) == len(choices)
    assert topic not in {choice["topic"] for choice in choices}


@each_swedish
def test_sentences_of_the_easy_version_have_at_most_twelve_words(topic: str, entry: Entry) -> None:
    assert [line for line in sentences(entry["easy"]) if len(words(line)) > LONGEST_EASY_SENTENCE] == []


@each_entry
def test_there_are_no_blank_lines_or_loose_blanks(topic: str, entry: Entry) -> None:
    for text in (entry["title"], entry["text"], entry["easy"], *(c["title"] for c in entry.get("choices", []))):
        assert text == text.strip()
        assert all(line and line == line.strip() for line in text.splitlines())
        assert "  " not in text


@each_swedish
def test_the_reader_is_spoken_to(topic: str, entry: Entry) -> None:
    whole = f"{entry['text']}\n{entry['easy']}"
    assert TO_A_READER.search(whole)
    assert not NOT_TO_A_READER.search(whole)


@each_swedish
def test_no_english_is_left_over(topic: str, entry: Entry) -> None:
    whole = " ".join((entry["title"], entry["text"], entry["easy"], *(c["title"] for c in entry.get("choices", []))))
    assert {found.lower() for found in ENGLISH.findall(whole)} - SWEDISH_ENGLISH == set()


@each_entry
def test_nothing_is_left_to_fill_in(topic: str, entry: Entry) -> None:
    for text in (entry["title"], entry["text"], entry["easy"]):
        assert not re.search(r"[{}<>]|\bTODO\b|\bXX+\b|lorem", text)


@each_entry
def test_a_source_says_where_when_it_was_checked_and_when_to_check_again(topic: str, entry: Entry) -> None:
    source = entry.get("source")
    assert (source is None) == ("review_on" not in entry)
    if source:
        assert set(source) == {"title", "url", "checked_on"}
        assert re.fullmatch(r"https://[\w.-]+\.[a-z]{2,}(?:/[\w./#?=&%-]*)?", source["url"])
        assert isinstance(source["checked_on"], date)
        assert isinstance(entry["review_on"], date)
        assert entry["review_on"] > source["checked_on"]


@each_entry
def test_an_answer_with_sums_shares_or_terms_names_its_source(topic: str, entry: Entry) -> None:
    own = {"privacy", "privacy_delete", "book_meeting", "meeting_info"}  # facts about this service itself
    if re.search(r"\b\d[\d ]*\s*(?:kronor|procent)\b", entry["text"]) and topic not in own:
        assert entry.get("source")


def test_occupations_are_described_for_everybody() -> None:
    for occupation in load(ROOT / "api/seed/occupations.yml"):
        assert all(len(words(line)) <= LONGEST_EASY_SENTENCE for line in sentences(occupation["easy"])), occupation[
            "slug"
        ]
        for part in ("title", "summary", "workday", "easy"):
            assert occupation[part].strip(), occupation["slug"]
            assert not ENGLISH.search(occupation[part]), (occupation["slug"], part)
