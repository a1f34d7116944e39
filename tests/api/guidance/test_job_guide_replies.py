"""The job guide as it is told: a question at a time, three occupations at the end, left and taken up again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from api.catalogue.tables import Course, Occasion
from api.chat.topics import handle
from api.database import Database
from api.guidance.job_guide.questions import QUESTIONS
from api.guidance.job_guide.replies import answered_in_words, ask_again, settled, way_back
from api.guidance.job_guide.state import Progress
from api.guidance.tables import Occupation
from api.guidance.turn import Handled, Turn
from api.readability import EASY_LIMIT, STANDARD_LIMIT, lix
from api.replies import NextStep, Query, Reply

COUNT = len(QUESTIONS)
LONGEST_EASY = 12
MENDER = "aababab"
"""Builds and mends, finds faults, no day like another, lifts, rather no shifts, wants to begin soon, simple text."""
Ask = Callable[..., Handled]


@pytest.fixture
def session(seeded_both: Database) -> Iterator[Session]:
    with seeded_both.transaction() as session:
        yield session


@pytest.fixture
def turn(session: Session, now: datetime) -> Callable[..., Turn]:
    def turn(*, topic: str = "job_guide", said: dict | None = None, place: str | None = None, **more) -> Turn:
        base_url, context = "https://vagledaren.example.org", Query(place=place, occupation="svetsare")
        session.commit()  # what a test has changed is there once it is committed
        return Turn(session, now, base_url, topic, Query(**(said or {})), context, **more)

    return turn


@pytest.fixture
def ask(turn: Callable[..., Turn]) -> Ask:
    """The guide's answer; `at` are the answers that the pressed button carries, `kept` those from before."""

    def ask(at: str | None = None, kept: str | None = None, **more) -> Handled:
        codes = {name: None if letters is None else Progress(letters).code for name, letters in (("guide", at), ("kept_guide", kept))}  # fmt: skip # noqa: E501
        return handle(turn(**(codes | more)))

    return ask


def only(handled: Handled) -> Reply:
    (reply,) = handled.replies
    return reply


def leads(step: NextStep) -> str:
    return f"{step.topic} {step.entities.get('guide', '').partition('.')[2]}".strip()


def test_it_begins_with_what_it_is_and_the_first_question(ask: Ask) -> None:
    handled = ask()
    reply = only(handled)
    assert reply.kind == "choices"
    assert f"{COUNT} korta frågor" in reply.text
    assert f"Fråga 1 av {COUNT}: {QUESTIONS[0].text}" in reply.text
    assert [leads(step) for step in reply.choices] == ["job_guide a", "job_guide b", "job_guide c", "job_guide -"]
    assert handled.guide == Progress().code


def test_every_question_says_its_number_and_offers_its_answers_a_way_on_and_a_way_back(ask: Ask) -> None:
    for number in range(2, COUNT + 1):
        before = "a" * (number - 1)
        reply = only(ask(at=before))
        assert reply.text == f"Fråga {number} av {COUNT}: {QUESTIONS[number - 1].text}"
        offered = [f"job_guide {before}{letter}" for letter in "abc-"] + [f"job_guide {before[:-1]}".strip()]
        assert [leads(step) for step in reply.choices] == offered
        titles = [option.title for option in QUESTIONS[number - 1].options]
        assert [step.title for step in reply.choices] == [*titles, "Vet inte, hoppa över", "Förra frågan"]


def test_a_button_goes_on_from_its_own_answers_whatever_was_kept(ask: Ask) -> None:
    for kept in (None, "", "ab", MENDER):
        handled = ask(at="cb", kept=kept)
        assert only(handled).text.startswith("Fråga 3 av")
        assert handled.guide == Progress("cb").code


@pytest.mark.parametrize("code", ["", "0000.ab", "nonsense", Progress(MENDER).code + "a", "x" * 5000, "{}", "\x00"])
def test_a_code_that_cannot_be_read_begins_anew_and_says_so(ask: Ask, code: str) -> None:
    handled = ask(guide=code)
    assert only(handled).text.startswith("Frågorna har ändrats")
    assert f"Fråga 1 av {COUNT}" in only(handled).text
    assert handled.guide == Progress().code


def test_asking_again_offers_to_go_on_or_begin_anew(ask: Ask) -> None:
    handled = ask(kept="ab-")
    reply = only(handled)
    assert f"fråga 4 av {COUNT}" in reply.text
    assert [step.title for step in reply.choices] == [f"Fortsätt (fråga 4 av {COUNT})", "Börja om guiden"]
    assert [leads(step) for step in reply.choices] == ["job_guide ab-", "job_guide"]
    assert reply.choices[1].entities == {"guide": Progress().code}
    assert handled.guide is None


def test_asking_again_when_it_is_done_offers_the_result_or_to_begin_anew(ask: Ask) -> None:
    reply = only(ask(kept=MENDER))
    assert [step.title for step in reply.choices] == ["Visa förslagen", "Börja om guiden"]
    assert leads(reply.choices[0]) == f"job_guide {MENDER}"


def test_what_belongs_to_other_questions_begins_as_if_new(ask: Ask) -> None:
    assert only(ask(kept="x")) == only(ask())


def test_when_the_first_question_was_asked_already_it_is_asked_without_the_introduction(ask: Ask) -> None:
    text = only(ask(kept="")).text
    assert text.startswith("Välj det som låter bäst.")
    assert f"Fråga 1 av {COUNT}" in text
    assert "korta frågor" not in text


def test_the_result_is_three_occupations_with_reasons_courses_and_ways_on(ask: Ask) -> None:
    handled = ask(at=MENDER)
    reply = only(handled)
    assert reply.kind == "courses"
    assert reply.data["occupations"] == ["underhallsmekaniker", "industritekniker", "montor"]
    assert [item["occupation"] for item in reply.data["items"]] == reply.data["occupations"]
    assert reply.data["total"] == 3
    assert "1. Underhållsmekaniker. Du vill bygga och laga, och här arbetar du med händerna." in reply.text
    for item in reply.data["items"]:
        assert f"Utbildning: {item['title']} i {item['node']}" in reply.text
    assert "En vägledare kan hjälpa dig" in reply.text
    assert "Exempeldata" in reply.text
    assert [step.topic for step in reply.choices] == [*["job_describe"] * 3, "book_meeting", "job_guide"]
    assert [step.entities["occupation"] for step in reply.choices[:3]] == reply.data["occupations"]
    assert handled.guide == Progress(MENDER).code


def test_where_cards_are_drawn_the_lead_has_everything_but_the_courses(ask: Ask) -> None:
    reply = only(ask(at=MENDER))
    left_out = [line for line in reply.text.splitlines() if line not in reply.data["lead"].splitlines()]
    assert [line.partition(":")[0].rstrip(".") for line in left_out] == [*["Utbildning"] * 3, "Exempeldata"]


def test_an_occupation_without_courses_is_said_to_have_none_also_beside_cards(ask: Ask) -> None:
    reply = only(ask(at="cbc----"))
    assert "elektronikreparator" in reply.data["occupations"]
    missing = "Just nu finns ingen utbildning till elektronikreparatör i katalogen."
    assert missing in reply.text
    assert missing in reply.data["lead"]
    assert len(reply.data["items"]) == 2


def test_without_any_courses_the_text_is_all_there_is(ask: Ask, session: Session) -> None:
    session.execute(delete(Occasion))
    reply = only(ask(at=MENDER))
    assert reply.kind == "text"
    assert reply.text.count("Just nu finns ingen utbildning till") == 3
    assert "items" not in reply.data


@pytest.mark.parametrize(("place", "town"), [("Arvika", "Arvika"), ("Torsby", "Sunne"), ("Malmö", "Sunne")])
def test_the_course_is_the_nearest_to_a_place_that_is_known(ask: Ask, place: str, town: str) -> None:
    (fitter,) = [item for item in only(ask(at=MENDER, place=place)).data["items"] if item["occupation"] == "montor"]
    assert fitter["node"] == town


def test_who_is_learning_swedish_is_shown_a_course_together_with_sfi(ask: Ask, session: Session) -> None:
    titles = [item["title"] for item in only(ask(at="a--a-ac", place="Arvika")).data["items"]]
    assert "Montör med sfi" in titles
    session.execute(update(Course).values(sfi_combined=False))
    titles = [item["title"] for item in only(ask(at="a--a-ac", place="Arvika")).data["items"]]
    assert "Montör med sfi" not in titles


def test_passing_over_everything_gives_three_all_the_same_and_says_what_they_are(ask: Ask) -> None:
    reply = only(ask(at="-" * COUNT))
    assert reply.text.startswith("Du hoppade över alla frågor")
    assert len(reply.data["occupations"]) == len(reply.data["items"]) == 3
    assert "Du vill" not in reply.text


def test_answers_that_suit_everything_are_said_to_do_so(ask: Ask) -> None:
    assert only(ask(at="---aa-a")).text.startswith("Med dina svar passar nästan alla yrken.")


def test_with_most_questions_passed_over_it_is_said_to_be_unsure(ask: Ask) -> None:
    assert "lite osäker" in only(ask(at="a-a----")).text
    assert "lite osäker" not in only(ask(at="a-a-a--"[:3] + "aa--")).text


def test_with_no_occupations_at_all_the_stored_answer_is_given(ask: Ask, session: Session) -> None:
    for table in (Occasion, Course, Occupation):
        session.execute(delete(table))
    reply = only(ask(at=MENDER))
    assert reply.kind == "text"
    assert any(step.topic == "book_meeting" for step in reply.choices)


def sentences(ask: Ask, *, easy: bool) -> Iterator[str]:
    for number in range(COUNT):
        yield only(ask(at="a" * number, easy=easy)).text
    yield only(ask(easy=easy)).text
    yield only(ask(guide="old", easy=easy)).text
    yield only(ask(kept="", easy=easy)).text
    yield only(ask(kept="ab", easy=easy)).text
    yield only(ask(kept=MENDER, easy=easy)).text
    for at in (MENDER, "bbcbaba", "---ccac", "-baba-c", "cbc-bbb", "-------", "---aa-a", "a------", "acabccc"):
        yield only(ask(at=at, easy=easy)).text


def test_everything_is_easy_enough_to_read(ask: Ask) -> None:
    for text in sentences(ask, easy=False):
        assert lix(text) < STANDARD_LIMIT, text
    for text in sentences(ask, easy=True):
        assert lix(text) < EASY_LIMIT + 5, text  # names of occupations and courses are long and cannot be helped


def test_easy_swedish_has_short_sentences_and_differs(ask: Ask) -> None:
    plain = list(sentences(ask, easy=False))
    for number, text in enumerate(sentences(ask, easy=True)):
        lengths = {part: len(part.split()) for part in re.split(r"(?<=[.?!:]) |\n", text)}
        assert [part for part, length in lengths.items() if length > LONGEST_EASY] == []
        if number >= COUNT or QUESTIONS[number].easy != QUESTIONS[number].text:
            assert text != plain[number]


class TestWhileAQuestionWaits:
    def test_yes_and_no_answer_the_questions_that_have_them(self, turn) -> None:
        at_lifting = Progress("aaa").code
        for topic, letter in (("affirm", "a"), ("deny", "c")):
            answered = answered_in_words(turn(topic=topic, kept_guide=at_lifting))
            assert (answered.topic, answered.guide) == ("job_guide", Progress(f"aaa{letter}").code)

    @pytest.mark.parametrize("kept", [None, "a", MENDER])
    def test_elsewhere_a_yes_is_a_yes(self, turn, kept: str | None) -> None:
        asked = turn(topic="affirm", kept_guide=None if kept is None else Progress(kept).code)
        assert answered_in_words(asked) == asked

    @pytest.mark.parametrize("easy", [False, True])
    def test_what_is_not_understood_gets_the_question_once_more(self, turn, easy: bool) -> None:
        handled = ask_again(turn(topic="nlu_fallback", kept_guide=Progress("ab").code, easy=easy))
        assert handled is not None
        assert "förstod inte" in only(handled).text
        assert f"Fråga 3 av {COUNT}" in only(handled).text
        assert handled.guide is None

    @pytest.mark.parametrize("kept", [None, MENDER])
    def test_when_none_waits_nothing_is_asked_again(self, turn, kept: str | None) -> None:
        assert ask_again(turn(kept_guide=None if kept is None else Progress(kept).code)) is None

    @pytest.mark.parametrize(("kept", "title"), [("ab", "Fortsätt med yrkesguiden"), (MENDER, "Visa förslagen")])
    def test_the_way_back_leads_to_the_question_that_waits_or_to_the_result(self, turn, kept: str, title: str) -> None:
        step = way_back(turn(kept_guide=Progress(kept).code))
        assert step is not None
        assert (step.title, leads(step)) == (title, f"job_guide {kept}")
        assert way_back(turn()) is None


class TestWhatIsNamedAfterwards:
    def test_a_place_shows_the_result_again_near_it(self, ask: Ask) -> None:
        handled = ask(kept=MENDER, follow_up=True, said={"place": "Säffle"})
        assert {item["node"] for item in only(handled).data["items"]} >= {"Säffle"}

    def test_a_place_in_the_middle_leaves_the_question(self, ask: Ask) -> None:
        handled = ask(kept="ab", follow_up=True, said={"place": "Säffle"})
        assert only(handled).text.startswith("Fråga 3 av")
        assert handled.query.place == "Säffle"

    @pytest.mark.parametrize(
        ("said", "topic"),
        [
            ({"occupation": "svetsare"}, "job_describe"),
            ({"start": "2027-08-01/2027-08-31"}, "course_search"),
            ({"pace": "50"}, "course_search"),
            ({"place": "Arvika"}, "job_guide"),
        ],
    )
    def test_other_things_are_about_occupations_and_courses(self, turn, said: dict, topic: str) -> None:
        assert settled(turn(said=said, follow_up=True)).topic == topic
        assert settled(turn(said=said)).topic == "job_guide"
