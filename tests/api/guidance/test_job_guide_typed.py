"""Answers to the guide in words of one's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.folding import folded_words
from api.guidance.job_guide.questions import QUESTIONS
from api.guidance.job_guide.typed import title_meant

ASKING = frozenset({"vad", "hur", "nar"})
SKIP, BACK = "Vet inte, hoppa över", "Förra frågan"


def meant(question: str, text: str) -> str | None:
    """The id of the answer that the text means."""
    options = {o.title: o.id for q in QUESTIONS if q.id == question for o in q.options}
    title = title_meant(text, [*options, SKIP, BACK], ASKING)
    return options[title] if title else None


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("likes", "jag gillar att meka", "build"),
        ("likes", "jobba med händerna", "build"),
        ("likes", "bygga", "build"),
        ("likes", "datorer och sånt", "computers"),
        ("likes", "el", "power"),
        ("strength", "noggrann", "careful"),
        ("strength", "hitta felet", "solves"),
        ("strength", "med folk", "together"),
        ("day", "lugnt", "calm"),
        ("day", "nya saker", "varied"),
        ("day", "inte likadant varje dag", "varied"),
        ("lifting", "ryggen är kass", "none"),
        ("lifting", "lite", "some"),
        ("lifting", "inte för tungt", "some"),
        ("lifting", "jag är stark", "fine"),
        ("shifts", "bara dagtid", "days_only"),
        ("shifts", "hatar natt", "days_only"),
        ("shifts", "helst dagtid", "rather_not"),
        ("studying", "så fort som möjligt", "short"),
        ("studying", "typ ett år", "year"),
        ("studying", "flera år går bra", "longer"),
        ("swedish", "jag går på sfi", "learning"),
        ("swedish", "bra", "well"),
    ],
)
def test_everyday_words_mean_the_answer_they_stand_for(question: str, text: str, answer: str) -> None:
    assert meant(question, text) == answer


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("likes", "vad menas med el?"),
        ("likes", "kostar utbildningen något?"),
        ("shifts", "när börjar skiftet"),
        ("likes", ""),
        ("likes", "jag bor i Karlstad och har två barn som går i skolan och undrar om det finns bygg"),
        ("day", "hej"),
    ],
)
def test_questions_stories_and_doubtful_words_mean_none(question: str, text: str) -> None:
    assert meant(question, text) is None


def test_other_buttons_know_no_words() -> None:
    assert title_meant("bygga", ["Hitta utbildning", "Boka möte"], ASKING) is None


def test_the_words_are_written_as_they_are_compared() -> None:
    for question in QUESTIONS:
        for option in question.options:
            assert [" ".join(folded_words(word)) for word in option.words] == list(option.words), option.id


@given(st.text(max_size=80))
def test_whatever_is_written_gives_an_answer_of_the_question_or_none(text: str) -> None:
    for question in QUESTIONS:
        assert meant(question.id, text) in {None, *(option.id for option in question.options)}
