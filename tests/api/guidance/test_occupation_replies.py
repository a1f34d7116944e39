"""What is said about an occupation: composed from its record, or the stored answer where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.catalogue.tables import Course, Occasion
from api.chat.topics import can_follow_up, handle
from api.database import Database
from api.guidance.tables import PARTS, Answer, Occupation, in_sentence
from api.guidance.turn import Handled, Turn
from api.readability import EASY_LIMIT, STANDARD_LIMIT, lix
from api.replies import NextStep, Query

Ask = Callable[..., Handled]
COMPOSED = {
    "job_requirements": "demands",
    "job_environment": "environment",
    "job_hours": "hours",
    "career_paths": "paths",
}
TOPICS = ["job_describe", "job_salary", *COMPOSED]
LONGEST = 80


@pytest.fixture
def session(seeded_both: Database) -> Iterator[Session]:
    with seeded_both.transaction() as session:
        yield session


@pytest.fixture
def ask(session: Session, now: datetime) -> Ask:
    def ask(topic: str, *, said: str | None = None, before: str | None = None, easy: bool = False) -> Handled:
        query, context = Query(occupation=said), Query(occupation=before)
        return handle(Turn(session, now, "https://vagledaren.example.org", topic, query, context, easy=easy))

    return ask


def occupations(session: Session) -> list[Occupation]:
    return list(session.scalars(select(Occupation).order_by(Occupation.slug)))


def buttons(choices: tuple[NextStep, ...]) -> list[tuple[str, str | None]]:
    return [(choice.topic, choice.entities.get("occupation")) for choice in choices]


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("easy", [False, True])
def test_every_occupation_has_an_answer_of_its_own_that_is_short_and_easy_to_read(
    ask: Ask, session: Session, topic: str, easy: bool
) -> None:
    texts = set()
    for occupation in occupations(session):
        (reply,) = ask(topic, said=occupation.slug, easy=easy).replies
        texts.add(reply.text)
        assert len(reply.text.split()) <= LONGEST, (occupation.slug, reply.text)
        assert in_sentence(occupation.title) in reply.text or occupation.title in reply.text
        assert 3 <= len(reply.choices) <= 5
        if topic != "job_salary":  # the stored answer with a line before it
            plain = reply.text.replace(occupation.title, "jobbet").replace(in_sentence(occupation.title), "jobbet")
            assert lix(plain) < (EASY_LIMIT if easy else STANDARD_LIMIT), (occupation.slug, reply.text)
    assert len(texts) == len(occupations(session))


@pytest.mark.parametrize(("topic", "part"), COMPOSED.items())
def test_a_question_about_the_job_is_answered_from_the_record(
    ask: Ask, session: Session, topic: str, part: str
) -> None:
    for occupation in occupations(session):
        assert getattr(occupation, part) in ask(topic, said=occupation.slug).replies[0].text
        assert occupation.easy_parts[part] in ask(topic, said=occupation.slug, easy=True).replies[0].text


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("easy", [False, True])
def test_the_occupation_of_the_talk_is_meant_until_another_is_named(ask: Ask, topic: str, easy: bool) -> None:
    carried = ask(topic, before="svetsare", easy=easy)
    assert carried.replies == ask(topic, said="svetsare", easy=easy).replies
    assert carried.query.occupation == "svetsare"
    assert ask(topic, said="montor", before="svetsare").query.occupation == "montor"
    assert can_follow_up(topic)


@pytest.mark.parametrize("topic", ["job_salary", *COMPOSED])
@pytest.mark.parametrize("easy", [False, True])
@pytest.mark.parametrize("said", [None, "astronaut"])
def test_without_a_known_occupation_the_stored_answer_is_given(
    ask: Ask, session: Session, topic: str, easy: bool, said: str | None
) -> None:
    (reply,) = ask(topic, said=said, easy=easy).replies
    answer = session.get_one(Answer, topic)
    assert reply.text == (answer.easy if easy else answer.text)
    assert reply.choices


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("easy", [False, True])
def test_an_occupation_that_has_only_a_name_gets_the_stored_answer(
    ask: Ask, session: Session, topic: str, easy: bool
) -> None:
    session.add(Occupation(slug="ny", title="Nytt yrke"))
    session.flush()
    (reply,) = ask(topic, said="ny", easy=easy).replies
    answer = session.get_one(Answer, topic)
    assert (answer.easy if easy else answer.text) in reply.text


def test_a_description_tells_what_one_does_a_day_and_what_it_gives_society(ask: Ask, session: Session) -> None:
    (reply,) = ask("job_describe", said="svetsare").replies
    welder = session.scalars(select(Occupation).where(Occupation.slug == "svetsare")).one()
    assert reply.kind == "occupation"
    assert reply.text == f"{welder.summary}\n{welder.workday}\n{welder.society}"
    assert set(reply.data) == {"slug", "title", "ssyk", "summary", "demands", "society", "paths", "traits"}
    assert reply.data["demands"] == welder.demands
    assert buttons(reply.choices)[:2] == [("course_search", "svetsare"), ("job_requirements", "svetsare")]
    (easy,) = ask("job_describe", said="svetsare", easy=True).replies
    assert easy.text == f"Svetsare:\n{welder.easy}\n{welder.easy_parts['society']}"


@pytest.mark.parametrize("topic", ["job_salary", *COMPOSED])
def test_only_a_description_is_drawn_as_an_occupation(ask: Ask, topic: str) -> None:
    assert ask(topic, said="svetsare").replies[0].kind == "text"


@pytest.mark.parametrize("easy", [False, True])
def test_no_wage_is_stated_but_where_to_look_and_for_which_occupation(ask: Ask, easy: bool) -> None:
    (reply,) = ask("job_salary", said="cnc-operator", easy=easy).replies
    assert "CNC-operatör" in reply.text
    assert "scb.se" in reply.text
    assert not any(char.isdigit() for char in reply.text)
    assert ("job_vacancies", "cnc-operator") in buttons(reply.choices)


def test_paths_onward_lead_to_the_training_and_to_occupations_near_this_one(ask: Ask) -> None:
    (reply,) = ask("career_paths", said="svetsare").replies
    assert buttons(reply.choices)[:3] == [
        ("course_search", "svetsare"),
        ("job_describe", "stalkonstruktionsmontor"),
        ("job_describe", "industriplatslagare"),
    ]


class TestWhichOccupation:
    def test_the_eight_most_common_are_buttons_and_one_more_leads_to_the_others(
        self, ask: Ask, session: Session
    ) -> None:
        (reply,) = ask("job_describe").replies
        assert len(reply.choices) == 9
        assert reply.choices[-1].topic == "job_overview"
        common = [choice.entities["occupation"] for choice in reply.choices[:-1]]
        published = select(Course.occupation_id).join(Occasion).where(Occasion.status == "published")
        counts = list(session.scalars(published))
        by_slug = {occupation.slug: counts.count(occupation.id) for occupation in occupations(session)}
        assert [by_slug[slug] for slug in common] == sorted(by_slug.values(), reverse=True)[:8]
        assert common[0] == "svetsare"

    def test_with_few_occupations_there_is_no_button_for_more(self, ask: Ask, session: Session) -> None:
        session.execute(delete(Occasion))
        session.execute(delete(Course))
        session.execute(delete(Occupation).where(Occupation.slug.not_in(["svetsare", "montor"])))
        assert buttons(ask("job_describe").replies[0].choices) == [
            ("job_describe", "montor"),
            ("job_describe", "svetsare"),
        ]

    def test_the_overview_names_every_occupation_by_area(self, ask: Ask, session: Session) -> None:
        (reply,) = ask("job_overview").replies
        for occupation in occupations(session):
            assert in_sentence(occupation.title) in reply.text
            assert f"{occupation.area}: " in reply.text
        assert len(reply.text.split()) <= LONGEST
        assert len(reply.choices) == 9
        assert reply.choices[-1].topic == "job_guide"

    def test_the_overview_in_easy_swedish_is_the_stored_one(self, ask: Ask, session: Session) -> None:
        (reply,) = ask("job_overview", easy=True).replies
        assert reply.text == session.get_one(Answer, "job_overview").easy
        assert len(reply.choices) == 9

    def test_without_any_occupation_the_stored_answer_is_left(self, ask: Ask, session: Session) -> None:
        for table in (Occasion, Course, Occupation):
            session.execute(delete(table))
        assert ask("job_overview").replies[0].text == session.get_one(Answer, "job_overview").text


class TestWithoutCourses:
    def test_an_occupation_without_courses_gets_those_of_occupations_near_it_said_to_be_others(self, ask: Ask) -> None:
        (reply,) = ask("course_search", said="gjutare").replies
        assert reply.text.startswith("Just nu finns ingen utbildning till gjutare i katalogen. Det här ligger nära:")
        assert reply.kind == "courses"
        assert {item["occupation"] for item in reply.data["items"]} <= {"processoperator", "industritekniker"}
        assert buttons(reply.choices) == [
            ("course_search", "processoperator"),
            ("course_search", "industritekniker"),
            ("book_meeting", None),
        ]

    def test_every_occupation_leads_to_some_course(self, ask: Ask, session: Session) -> None:
        for occupation in occupations(session):
            assert ask("course_search", said=occupation.slug).replies[0].data["total"] > 0

    def test_with_nothing_near_either_the_stored_answer_is_given(self, ask: Ask, session: Session) -> None:
        session.scalars(select(Occupation).where(Occupation.slug == "gjutare")).one().related = ["no-such"]
        session.flush()
        assert ask("course_search", said="gjutare").replies[0].text == session.get_one(Answer, "course_search").text


def test_every_part_of_a_record_has_a_topic_that_tells_it() -> None:
    assert {"society", *COMPOSED.values()} == set(PARTS)
