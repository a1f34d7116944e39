"""A company that asks is told what it can write about, and each button opens the form of its matter."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from api.asking.questionnaire import Place, Questionnaire
from api.contact.asking.forms import OPENERS
from api.contact.replies import TOPIC, employer_contact
from api.database import Database
from api.guidance.answers import find_answer
from api.guidance.turn import Turn
from api.replies import Query, Reply
from api.settings import Settings


def ask(database: Database, now: datetime, *, easy: bool = False) -> Reply:
    with database.transaction(read_only=True) as session:
        turn = Turn(session, now, "https://exempel.example.org", TOPIC, Query(), Query(), easy=easy)
        return employer_contact(turn).replies[0]


@pytest.mark.parametrize("easy", [False, True])
def test_the_answer_that_staff_keep_comes_first_and_the_page_is_named(
    seeded: Database, now: datetime, easy: bool
) -> None:
    reply = ask(seeded, now, easy=easy)
    with seeded.transaction(read_only=True) as session:
        kept = find_answer(session, TOPIC)
        assert reply.text.startswith(kept.easy if easy else kept.text)
    assert "https://exempel.example.org/foretag" in reply.text


def test_every_button_of_a_matter_opens_its_form(seeded: Database, now: datetime) -> None:
    kinds = [step.entities["asking_kind"] for step in ask(seeded, now).choices if "asking_kind" in step.entities]
    assert len(kinds) >= 4
    with seeded.transaction(read_only=True) as session:
        place = Place(session, uuid4(), now, Settings(), easy=False)
        for kind in kinds:
            name, _, about = kind.partition(":")
            assert isinstance(OPENERS[name](place, about), Questionnaire)


def test_a_person_can_be_reached_as_well(seeded: Database, now: datetime) -> None:
    assert "human_contact" in [step.topic for step in ask(seeded, now).choices]
