"""The code that says how far somebody has come: it holds everything, and what it cannot be is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.guidance.job_guide.questions import QUESTIONS
from api.guidance.job_guide.state import Progress, fingerprint, read_code

FULL = "a" * len(QUESTIONS)
VERSION = Progress().code.rstrip(".")
answers = st.lists(st.sampled_from("abc-"), max_size=len(QUESTIONS)).map("".join)


@given(answers)
def test_a_code_is_read_back_as_it_was(given_answers: str) -> None:
    progress = Progress(given_answers)
    assert read_code(progress.code) == progress
    assert len(progress.code) <= 20


@given(st.text(max_size=40))
def test_what_is_no_code_is_refused_or_reads_as_itself(text: str) -> None:
    read = read_code(text)
    assert read is None or read.code == text


@pytest.mark.parametrize("code", [None, "", ".", VERSION, "0000.a", f" {VERSION}.a"])
def test_what_has_no_version_of_ours_is_refused(code: str | None) -> None:
    assert read_code(code) is None


@pytest.mark.parametrize("letters", ["d", "A", "ab ", f"{FULL}a", ".", "å", "a" * 100_000])
def test_answers_that_were_never_offered_are_refused(letters: str) -> None:
    assert read_code(f"{VERSION}.{letters}") is None


@given(answers)
def test_one_walks_a_question_at_a_time_and_back(given_answers: str) -> None:
    progress = Progress()
    for letter in given_answers:
        assert progress.question is QUESTIONS[progress.number - 1]
        after = (
            progress.skipped() if letter == "-" else progress.answered(progress.question.options["abc".index(letter)])
        )
        assert after.back() == progress
        progress = after
    assert progress.answers == given_answers
    assert progress.passed_over == given_answers.count("-")
    assert len(progress.chosen) == len(given_answers) - progress.passed_over
    assert (progress.question is None) == (len(given_answers) == len(QUESTIONS))


def test_back_from_the_beginning_is_the_beginning() -> None:
    assert Progress().back() == Progress()


def test_other_questions_give_other_codes_and_other_words_do_not() -> None:
    first, *others = QUESTIONS
    assert fingerprint([*others, first]) != fingerprint(QUESTIONS)
    assert fingerprint(others) != fingerprint(QUESTIONS)
    fewer = first.model_copy(update={"options": first.options[:-1]})
    assert fingerprint([fewer, *others]) != fingerprint(QUESTIONS)
    reworded = first.model_copy(update={"text": "Vad lockar?"})
    assert fingerprint([reworded, *others]) == fingerprint(QUESTIONS)
