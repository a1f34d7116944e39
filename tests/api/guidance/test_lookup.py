"""Looking up words in answers, occupations and courses: the same on both databases, and true after every change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from api.catalogue.tables import Course, Occasion
from api.database import Database
from api.guidance.lookup import Found, look_up
from api.guidance.tables import Answer, Occupation
from api.migrations.runner import _config
from tests.conftest import NOW

ODD = (
    'svets" OR "x',
    "AND OR NOT NEAR(svets plåt)",
    "NEAR/3",
    "svets*",
    "*",
    "'; DROP TABLE word_index; --",
    "a:b & c | !d <-> e",
    "(((",
    ":*",
    "heading:svets",
    "^svets",
    "🙂🙂🙂 svets 🙂",
    "\x00svets",
    "svets\n\n\tplåt",
    "\\",
    "%_%",
    "و ماذا عن اللحام",
    "ß ŉ ﬁ İ",
    "å" * 1000,
    "svetsare " * 111,
    " ".join(f"ord{n}" for n in range(150)),
    "x" * 1000,
    "och att det är jag",
)


@pytest.fixture
def session(seeded_both: Database) -> Iterator[Session]:
    with seeded_both.transaction() as session:
        yield session


def answer(topic: str, title: str, body: str) -> Answer:
    return Answer(topic=topic, title=title, text=body, easy="", choices=[], updated_at=NOW)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("svetsar", Found("occupation", "svetsare")),
        ("csn lån", Found("answer", "csn")),
        ("lan csn", Found("answer", "csn")),
        ("truckkort", Found("occupation", "truckforare")),
        ("lagerjobb", Found("occupation", "lagerarbetare")),
        ("CNC", Found("occupation", "cnc-operator")),
        ("mig/mag", Found("occupation", "svetsare")),
        ("busskortet", Found("answer", "travel_housing")),
        ("DYSLEXI!!", Found("answer", "accessibility_support")),
    ],
)
def test_what_people_write_finds_what_they_mean(session: Session, words: str, first: Found) -> None:
    assert look_up(session, words)[0] == first


def test_a_word_finds_courses_as_well(session: Session) -> None:
    ids = {int(found.key) for found in look_up(session, "hydraulik") if found.kind == "course"}
    assert ids
    assert all("hydraulik" in (course := session.get(Course, key)).title + course.description for key in ids)


@pytest.mark.parametrize("words", ["", "asdf qwer", "hur är det", "🙂", "pension"])
def test_what_is_in_nothing_finds_nothing(session: Session, words: str) -> None:
    assert look_up(session, words) == []


@pytest.mark.parametrize("words", ODD)
def test_no_text_can_make_it_fail(session: Session, words: str) -> None:
    assert isinstance(look_up(session, words), list)


@given(words=st.text(max_size=300))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_really_no_text(session: Session, words: str) -> None:
    look_up(session, words)


def test_both_databases_find_the_same(seeded: Database, seeded_both: Database) -> None:
    asked = ("svetsar", "csn lån", "truckkort", "pengar till mat", "robotar", "vara sjuk", "prao åk 8", "utbildning")
    with seeded.transaction(read_only=True) as one, seeded_both.transaction(read_only=True) as other:
        for words in asked:
            assert look_up(one, words) == look_up(other, words), words


class TestWhatStaffChange:
    def test_a_new_answer_is_found_by_title_and_text(self, session: Session) -> None:
        session.add(answer("own", "Kaffeautomaten", "Den står bredvid trappuppgången."))
        session.flush()
        assert look_up(session, "kaffeautomat") == look_up(session, "trappuppgång") == [Found("answer", "own")]

    def test_a_changed_answer_is_found_by_its_new_words_alone(self, session: Session) -> None:
        session.add(row := answer("own", "Kaffeautomaten", "text"))
        session.flush()
        row.title, row.topic = "Tehörnan", "tea"
        session.flush()
        assert look_up(session, "kaffeautomat") == []
        assert look_up(session, "tehörna") == [Found("answer", "tea")]

    def test_a_changed_alias_and_a_changed_description_are_found(self, session: Session) -> None:
        occupation = session.query(Occupation).filter_by(slug="svetsare").one()
        occupation.aliases = [*occupation.aliases, 'glödgubbe "åäö"']
        course = session.query(Course).first()
        course.description = "Du bygger en zeppelinare."
        session.flush()
        assert look_up(session, "glödgubbe") == [Found("occupation", "svetsare")]
        assert look_up(session, "zeppelinare") == [Found("course", str(course.id))]

    def test_what_was_removed_is_not_found(self, session: Session) -> None:
        (found,) = look_up(session, "dyslexi")
        session.execute(delete(Answer).where(Answer.topic == found.key))
        assert look_up(session, "dyslexi") == []
        session.execute(delete(Occasion))
        session.execute(delete(Course))
        assert not any(found.kind == "course" for found in look_up(session, "hydraulik"))

    def test_changes_that_go_past_our_code_count_too(self, session: Session) -> None:
        session.execute(text("UPDATE answer SET title = 'Kaffeautomaten' WHERE topic = 'csn'"))
        assert look_up(session, "kaffeautomat") == [Found("answer", "csn")]


def test_the_index_can_be_taken_back_and_made_anew_from_what_is_there(seeded_both: Database) -> None:
    with seeded_both.transaction() as session:
        before = look_up(session, "svetsar")
    with seeded_both.engine.begin() as connection:
        command.downgrade(_config(connection), "2026_11_22_occupation_record")
    with seeded_both.transaction() as session:
        session.add(answer("own", "Kaffeautomaten", "text"))
    with seeded_both.engine.begin() as connection:
        command.upgrade(_config(connection), "head")
    with seeded_both.transaction() as session:
        assert look_up(session, "svetsar") == before
        assert look_up(session, "kaffeautomat") == [Found("answer", "own")]
