"""Who asks about Swedish is shown the courses that are read together with sfi, and where they live is remembered."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from api.catalogue.tables import Course
from api.chat.topics import handle
from api.database import Database
from api.guidance.answers import find_answer
from api.guidance.turn import Handled, Turn
from api.replies import Query
from tests.conftest import NOW

LANGUAGE = "course_language"
HEADING, OTHERS = "De här läser du tillsammans med sfi:", "Jag hittar ingen utbildning till gjutare tillsammans med sfi"


def ask(
    session: Session, topic: str = "course_language", *, easy: bool = False, home: str = "", **said: str
) -> Handled:
    context = Query(place=home or None)
    return handle(Turn(session, NOW, "https://vagledaren.example.org", topic, Query(**said), context, easy=easy))


@pytest.mark.parametrize("easy", [False, True])
def test_courses_with_sfi_follow_the_answer(seeded: Database, easy: bool) -> None:
    with seeded.transaction(read_only=True) as session:
        (reply,) = ask(session, easy=easy, occupation="svetsare").replies
        answer = find_answer(session, "course_language")
        with_sfi = set(session.query(Course.title).filter(Course.sfi_combined))
    assert reply.text.startswith((answer.easy if easy else answer.text).strip())
    assert HEADING in reply.text
    assert {(item["title"],) for item in reply.data["items"]} <= with_sfi
    assert {item["occupation"] for item in reply.data["items"]} == {"svetsare"}
    assert reply.source is not None
    assert [step.topic for step in reply.choices] == ["course_search", "eligibility", "book_meeting"]


def test_for_an_occupation_without_one_others_are_shown_and_said_to_be(seeded: Database) -> None:
    with seeded.transaction(read_only=True) as session:
        (reply,) = ask(session, occupation="gjutare").replies
    assert OTHERS in reply.text
    assert reply.data["items"]


def test_without_any_the_answer_stands_alone(seeded: Database) -> None:
    with seeded.transaction() as session:
        session.execute(update(Course).values(sfi_combined=False))
    with seeded.transaction(read_only=True) as session:
        (reply,) = ask(session, occupation="svetsare").replies
        assert reply.text == find_answer(session, "course_language").text.strip()


@pytest.mark.parametrize(("home", "known"), [("Filipstad", True), ("Arvika", False), ("", False), ("Malmö", False)])
def test_a_place_from_before_is_home_when_nothing_can_be_studied_there(
    seeded: Database, home: str, known: bool
) -> None:
    with seeded.transaction(read_only=True) as session:
        handled = ask(session, "node_nearest", home=home)
    assert handled.replies[0].text.startswith(
        f"Från {home} är det närmast till" if known else "Vilken kommun bor du i?"
    )
    assert handled.query.place == (home if known else None)
