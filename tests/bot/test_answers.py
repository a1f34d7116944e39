"""The answers are plain Swedish: short, easy to read, to the reader, with a source where they state facts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any

import pytest

from api.readability import EASY_LIMIT, STANDARD_LIMIT, lix
from tests.bot.material import ROOT, answers, load

LONGEST_TEXT_WORDS = 80
LONGEST_TEXT_SENTENCES = 8
LONGEST_TEXT_SENTENCE = 25
LONGEST_EASY_SENTENCE = 10
LONGEST_OCCUPATION_SENTENCE = 12
LONGEST_TITLE = 30
LONGEST_CHOICE = 40
FEWEST_CHOICES, MOST_CHOICES = 2, 3
TOO_ALIKE = 0.75
LONGEST_UNCHECKED = timedelta(days=366)

IN_MANY_LANGUAGES = {"other_language"}
"""Says the same in several languages, so rules about Swedish do not hold for it."""

ONE_WAY_ON = {"crisis"}
"""Offers a person and nothing else."""

_NUMBER_WORDS = {
    "två": "2",
    "tre": "3",
    "fyra": "4",
    "fem": "5",
    "sex": "6",
    "sju": "7",
    "åtta": "8",
    "nio": "9",
    "tio": "10",
    "elva": "11",
    "tolv": "12",
}
_COUNT = rf"(?:\d[\d ]*|{'|'.join(_NUMBER_WORDS)})"
CAN_BECOME_WRONG = {
    "a sum": re.compile(r"\bkr\b|\bkronor\b"),
    "a share": re.compile(r"%|\bprocent\b"),
    "an age": re.compile(rf"\bfyll\w* {_COUNT}|\b{_COUNT} år\b|\bålder\w* \w*\d"),
    "a length of time": re.compile(rf"\b{_COUNT} (?:veckor|månader|terminer|år)\b"),
    "credits": re.compile(rf"\b{_COUNT} poäng\b"),
    "a day that rules name": re.compile(r"\bden \d+ (?:januari|juni|juli|augusti|december)\b"),
    "a law": re.compile(r"\b(?:lag|\w*lagen|skollag|\w*förordning(?:en)?|\w*balken)\b|§"),
}
"""What a rule, a sum or a forecast looks like in words."""

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


def numbers(text: str) -> set[str]:
    """The numbers in a text, in digits, also those that are written as words."""
    digits = {found.replace(" ", "") for found in re.findall(r"\d+(?: \d{3})*", text)}
    return digits | {_NUMBER_WORDS[word.lower()] for word in words(text) if word.lower() in _NUMBER_WORDS}


@each_entry
def test_an_answer_has_the_known_parts(topic: str, entry: Entry) -> None:
    assert {"title", "text", "easy"} <= set(entry) <= {"title", "text", "easy", "source", "review_on", "choices"}


@each_entry
def test_an_answer_is_short(topic: str, entry: Entry) -> None:
    assert len(words(entry["text"])) <= LONGEST_TEXT_WORDS
    if topic not in IN_MANY_LANGUAGES:
        points = [line for line in entry["text"].splitlines() if line.startswith("– ")]
        assert len(sentences(entry["text"])) - len(points) <= LONGEST_TEXT_SENTENCES
        assert [line for line in sentences(entry["text"]) if len(words(line)) > LONGEST_TEXT_SENTENCE] == []


@each_entry
def test_an_answer_is_easy_to_read(topic: str, entry: Entry) -> None:
    assert lix(entry["text"]) < STANDARD_LIMIT
    assert lix(entry["easy"]) < EASY_LIMIT


@each_swedish
def test_the_easy_version_is_another_wording(topic: str, entry: Entry) -> None:
    """It is also what is said when somebody asks the same again."""
    said = set(sentences(entry["text"]))
    again = [line for line in sentences(entry["easy"]) if line in said]
    assert len(again) <= len(sentences(entry["easy"])) / 4, again
    assert SequenceMatcher(None, entry["text"], entry["easy"], autojunk=False).ratio() < TOO_ALIKE


@each_entry
def test_the_easy_version_names_no_other_numbers(topic: str, entry: Entry) -> None:
    assert numbers(entry["easy"]) <= numbers(entry["text"])


@each_entry
def test_titles_and_choices_fit_on_a_button(topic: str, entry: Entry) -> None:
    assert 1 <= len(entry["title"]) <= LONGEST_TITLE
    choices = entry.get("choices", [])
    assert len(choices) <= MOST_CHOICES
    assert len(choices) >= FEWEST_CHOICES or topic in ONE_WAY_ON
    assert all(set(choice) == {"title", "topic"} and len(choice["title"]) <= LONGEST_CHOICE for choice in choices)
    assert len({choice["topic"] for choice in choices}) == len(choices)
    assert topic not in {choice["topic"] for choice in choices}


@each_swedish
def test_sentences_of_the_easy_version_have_at_most_ten_words(topic: str, entry: Entry) -> None:
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
        assert timedelta(0) < entry["review_on"] - source["checked_on"] <= LONGEST_UNCHECKED


@pytest.mark.parametrize("part", ["text", "easy"])
@each_entry
def test_an_answer_that_states_a_sum_a_share_an_age_a_time_credits_or_a_law_names_its_source(
    topic: str, entry: Entry, part: str
) -> None:
    stated = {what for what, looks in CAN_BECOME_WRONG.items() if looks.search(entry[part])}
    assert entry.get("source") or not stated, stated


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("Det kostar 500 kronor.", "a sum"),
        ("Högst 500 kr.", "a sum"),
        ("Du får 80 procent av lönen.", "a share"),
        ("Du får 80 % av lönen.", "a share"),
        ("Det år du fyller 20.", "an age"),
        ("För dig som är 27–62 år.", "an age"),
        ("I minst tre veckor.", "a length of time"),
        ("Heltid är 20 poäng i veckan.", "credits"),
        ("Från den 1 juli.", "a day that rules name"),
        ("Så står det i skollagen.", "a law"),
    ],
)
def test_what_can_become_wrong_is_seen(sentence: str, what: str) -> None:
    assert CAN_BECOME_WRONG[what].search(sentence)


@each_entry
def test_a_sum_is_given_with_its_year(topic: str, entry: Entry) -> None:
    for part in ("text", "easy"):
        if CAN_BECOME_WRONG["a sum"].search(entry[part]):
            assert re.search(r"\b20\d\d\b", entry[part])


@each_entry
def test_no_number_address_or_hour_is_given_that_could_be_made_up(topic: str, entry: Entry) -> None:
    for part in ("text", "easy"):
        assert not re.search(r"\d[\d ]*-\d[\d ]{4,}|@|\bkl(?:ockan|\.) \d|\d\d\.\d\d", entry[part])


def test_occupations_are_described_for_everybody() -> None:
    for occupation in load(ROOT / "api/seed/occupations.yml"):
        longest = max(len(words(line)) for line in sentences(occupation["easy"]))
        assert longest <= LONGEST_OCCUPATION_SENTENCE, occupation["slug"]
        for part in ("title", "summary", "workday", "easy"):
            assert occupation[part].strip(), occupation["slug"]
            assert not ENGLISH.search(occupation[part]), (occupation["slug"], part)
