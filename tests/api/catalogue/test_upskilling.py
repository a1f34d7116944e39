"""Courses for people in work: found apart, told apart, and never in the way of the training for an occupation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.catalogue import service
from api.catalogue.application import application
from api.catalogue.guided_courses import GuidedCourses
from api.catalogue.open_data import emil3
from api.catalogue.search_form import SearchForm, read_form
from api.catalogue.structured_data import course_document
from api.catalogue.tables import UPSKILLING, Course, Occasion
from api.chat.topics import handle
from api.database import Database
from api.guidance.turn import Turn
from api.replies import Query, Reply

TODAY = date(2026, 11, 23)
FOR_WORK = {"EX-ARV-ROSTKV-1", "EX-KAR-PLCKV-1", "EX-KRI-CNCDI-1", "EX-SUN-ROBFO-1", "EX-HAG-HYDFE-1", "EX-SAF-STYR-1"}


@pytest.fixture
def session(seeded_both: Database) -> Iterator[Session]:
    with seeded_both.transaction() as session:
        yield session


def turn(
    session: Session, now: datetime, topic: str, *, part: str | None = None, easy: bool = False, **said: str
) -> Turn:
    return Turn(session, now, "https://vagledaren.example.org", topic, Query(**said), Query(), part=part, easy=easy)


def ask(session: Session, now: datetime, topic: str, **how: Any) -> Reply:
    session.commit()  # what a test has changed is there once it is committed
    (reply,) = handle(turn(session, now, topic, **how)).replies
    return reply


def search(session: Session, **choices: Any) -> service.Result:
    return service.search(session, SearchForm(**choices), TODAY, size=500)


def course_of(session: Session, external_id: str) -> Course:
    occasion = session.scalars(select(Occasion).where(Occasion.external_id == external_id)).one()
    return occasion.course


def _of_the_seed() -> Any:  # Any: a condition of SQLAlchemy
    return Course.occasions.any(Occasion.external_id.in_(FOR_WORK))


class TestTheSearchPage:
    def test_can_show_these_courses_alone(self, session: Session) -> None:
        result = search(session, for_work=True)
        assert {hit.occasion.external_id for hit in result.shown} == FOR_WORK
        assert result.facets["for_work"][0].count == len(FOR_WORK)

    @pytest.mark.parametrize("order", ["start", "deadline", "nearest"])
    @pytest.mark.parametrize("words", ["", "svetsare", "svetsning i rostfritt"])
    def test_lists_them_after_the_training_that_can_be_applied_to(
        self, session: Session, order: str, words: str
    ) -> None:
        shown = search(session, words=words, order=order, place="Arvika").shown
        ranks = [
            (not application(hit.occasion, TODAY).is_possible, hit.occasion.course.kind == UPSKILLING)
            for hit in shown
            if application(hit.occasion, TODAY).is_possible
        ]
        assert ranks == sorted(ranks)
        assert any(for_work for _, for_work in ranks)

    def test_offers_to_do_without_the_choice_when_nothing_fits(self, session: Session) -> None:
        result = search(session, for_work=True, occupation="montor")
        assert result.total == 0
        assert result.nearly is not None
        assert result.nearly.ways[0].name == "for_work"

    def test_is_shared_by_its_address(self) -> None:
        form = read_form({"for": "yrkesverksamma", "yrke": "svetsare"})
        assert form.for_work
        assert form.address("/utbildningar") == "/utbildningar?yrke=svetsare&for=yrkesverksamma"
        assert form.more_is_chosen
        assert read_form({"for": "barn"}).ignored == {"for"}


class TestTheChat:
    def test_an_ordinary_question_gives_the_training_first_and_says_what_the_others_are(
        self, session: Session, now: datetime
    ) -> None:
        reply = ask(session, now, "course_search", occupation="svetsare", place="Arvika")
        marks = [item["for_work"] for item in reply.data["items"]]
        assert not any(marks[:3])
        assert "Det finns också kurser för dig som redan har ett jobb." in reply.text
        (step,) = [step for step in reply.choices if step.topic == "upskilling"]
        assert step.entities == {"occupation": "svetsare", "place": "Arvika"}
        assert len(reply.choices) <= 4

    def test_a_short_course_among_the_first_lines_says_whom_it_is_for(self, session: Session, now: datetime) -> None:
        reply = ask(session, now, "course_search", occupation="cnc-operator", pace="distans")
        assert "CNC-programmering på distans i Kristinehamn, för dig som har ett jobb." in reply.text

    def test_nothing_is_said_of_them_where_there_are_none(self, session: Session, now: datetime) -> None:
        reply = ask(session, now, "course_search", occupation="montor")
        assert "har ett jobb" not in reply.text
        assert "upskilling" not in {step.topic for step in reply.choices}

    @pytest.mark.parametrize("easy", [False, True])
    def test_upskilling_is_the_stored_answer_and_up_to_three_courses(
        self, session: Session, now: datetime, easy: bool
    ) -> None:
        reply = ask(session, now, "upskilling", easy=easy)
        assert reply.kind == "courses"
        assert {item["id"] for item in reply.data["items"]} <= FOR_WORK
        assert len(reply.data["items"]) == 3
        assert "Exempeldata." in reply.text
        assert "/utbildningar?for=yrkesverksamma" in reply.text
        assert reply.source is not None
        steps = {step.topic: step for step in reply.choices}
        assert reply.choices[0].entities == {"part": "kurser"}
        assert steps["transition_support"].title == "Omställningsstudiestöd"
        assert {"asking_kind": "enquiry:training"} in [dict(step.entities) for step in reply.choices]

    def test_with_occupation_and_place_the_courses_are_about_them(self, session: Session, now: datetime) -> None:
        reply = ask(session, now, "upskilling", occupation="robotoperator", place="Sunne")
        assert [item["id"] for item in reply.data["items"]] == ["EX-SUN-ROBFO-1"]
        assert "Korta kurser till robotoperatör" in reply.text
        assert "ort=Sunne" in reply.text

    def test_for_an_occupation_without_one_it_says_so_and_shows_others(self, session: Session, now: datetime) -> None:
        reply = ask(session, now, "upskilling", occupation="montor", place="Hagfors")
        assert "Just nu finns ingen kort kurs för det yrket." in reply.text
        assert reply.data["items"][0]["node"] == "Hagfors"

    def test_the_button_shows_all_of_them(self, session: Session, now: datetime) -> None:
        reply = ask(session, now, "upskilling", part="kurser")
        assert {item["id"] for item in reply.data["items"]} == FOR_WORK
        assert "part" not in {name for step in reply.choices for name in step.entities}

    def test_without_any_the_stored_answer_stands_with_the_way_for_companies(
        self, session: Session, now: datetime
    ) -> None:
        session.execute(update(Course).values(kind="vocational", company=""))
        reply = ask(session, now, "upskilling")
        assert reply.kind == "text"
        assert dict(reply.choices[0].entities) == {"asking_kind": "enquiry:training"}

    def test_a_closed_course_is_not_offered(self, session: Session, now: datetime) -> None:
        session.execute(
            update(Occasion).where(Occasion.external_id == "EX-KAR-PLCKV-1").values(apply_to=date(2026, 11, 20))
        )
        reply = ask(session, now, "upskilling", occupation="automationstekniker")
        assert "Just nu finns ingen kort kurs för det yrket." in reply.text
        assert "EX-KAR-PLCKV-1" not in {item["id"] for item in reply.data["items"]}

    def test_the_job_guide_proposes_training_only(self, session: Session, now: datetime) -> None:
        asked = turn(session, now, "job_guide")
        before = GuidedCourses().occasions(asked)
        session.execute(update(Course).where(Course.kind == UPSKILLING).values(kind="vocational"))
        session.commit()
        after = GuidedCourses().occasions(asked)
        more = {name: after[name] - before[name] for name in after if after[name] != before[name]}
        assert more == {course.occupation.slug: 1 for course in session.scalars(select(Course).where(_of_the_seed()))}


class TestOpenData:
    def test_emil_says_nothing_of_a_school_form_that_we_do_not_know(self, session: Session, now: datetime) -> None:
        content = emil3.info(course_of(session, "EX-HAG-HYDFE-1"), now, example=True)["content"]
        assert "type" not in content
        assert {"type": "ForWorkExtension", "company": "på förfrågan"}.items() <= content["extensions"][1].items()
        usual = emil3.info(course_of(session, "EX-HAG-SVETS-1"), now, example=True)["content"]
        assert usual["type"] == {"code": "VUXGY"}
        assert "ForWorkExtension" not in str(usual)

    def test_structured_data_names_the_audience(self, session: Session) -> None:
        course = course_of(session, "EX-HAG-HYDFE-1")
        document = course_document(course, [], "https://x", example_label="Exempeldata", work_label="Yrkesverksamma")
        assert document["@graph"][0]["audience"] == {"@type": "Audience", "audienceType": "Yrkesverksamma"}


def test_every_seeded_short_course_says_when_or_how_it_fits_with_a_job(session: Session) -> None:
    found = session.scalars(select(Course).where(Course.kind == UPSKILLING)).all()
    assert len(found) == len(FOR_WORK)
    for course in found:
        assert re.search(r"kväll|eftermiddag|hemifrån|Tre dagar|hos er", course.description), course.title
