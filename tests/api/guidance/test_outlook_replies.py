"""What people read about the chance of a job: Arbetsförmedlingen's words as they are, or that there are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from api.chat.topics import handle
from api.database import Database
from api.guidance.outlook.service import import_outlook
from api.guidance.tables import Occupation
from api.guidance.turn import Turn
from api.replies import Query, Reply
from tests.api.guidance.test_outlook_import import SAMPLE, as_file, row


@pytest.fixture
def session(seeded: Database) -> Iterator[Session]:
    with seeded.transaction() as session:
        yield session


@pytest.fixture
def ask(session: Session, now: datetime):
    def ask(*, easy: bool = False, **said: str) -> Reply:
        turn = Turn(session, now, "https://vagledaren.example.org", "job_outlook", Query(**said), Query(), easy=easy)
        (reply,) = handle(turn).replies
        assert not re.search(r"[{}]|\bNone\b|  |\.\.", reply.text), reply.text
        return reply

    return ask


@pytest.fixture
def imported(session: Session, now: datetime) -> None:
    import_outlook(session, SAMPLE.read_bytes(), now=now, actor="cli")


@pytest.mark.usefixtures("imported")
class TestImported:
    @pytest.mark.parametrize("easy", [False, True])
    @pytest.mark.parametrize("place", [None, "Arvika"])
    def test_both_texts_are_quoted_word_for_word_with_period_region_and_source(self, ask, now, place, easy):
        reply = ask(easy=easy, occupation="svetsare", **({"place": place} if place else {}))
        lines = reply.text.splitlines()
        assert "”Påhittad provtext: möjligheterna för svetsare i länet är medelstora.”" in lines
        assert "”Påhittad provtext: läget i länet är i balans.”" in lines
        for part in ("Arbetsförmedlingen", "svetsare och gasskärare", "Värmland", "2026-1"):
            assert part in reply.text
        assert "2026-1" in reply.source.title
        assert reply.source.url.startswith("https://data.arbetsformedlingen.se/")
        assert reply.source.checked_on == now.date()
        assert reply.data["outlook"]["forecast"] == "vara oförändrad"
        assert [choice.topic for choice in reply.choices] == ["job_vacancies", "course_search", "book_meeting"]

    def test_easy_swedish_says_that_it_is_a_quotation_and_keeps_its_own_sentences_short(self, ask):
        text = ask(easy=True, occupation="svetsare").text
        assert "ord för ord" in text
        ours = [line for line in text.splitlines() if not line.startswith("”")]
        assert max(len(part.split()) for line in ours for part in re.split(r"(?<=[.?])\s", line)) <= 12

    def test_the_country_is_named_where_the_region_has_no_assessment(self, ask):
        reply = ask(occupation="industrielektriker")
        assert "hela Sverige" in reply.text
        assert "bedömning saknas" not in reply.text
        assert reply.text.count("”") == 2

    @pytest.mark.parametrize("easy", [False, True])
    def test_an_occupation_without_a_row_is_said_to_have_none(self, ask, easy):
        reply = ask(easy=easy, occupation="cnc-operator")
        assert "ingen bedömning" in reply.text
        assert "CNC-operatör" in reply.text
        assert reply.source is None
        assert reply.choices

    def test_an_occupation_without_a_group_gets_no_claim(self, ask, session):
        session.execute(update(Occupation).where(Occupation.slug == "svetsare").values(ssyk=None))
        assert "ingen bedömning" in ask(occupation="svetsare").text

    def test_without_an_occupation_those_with_an_assessment_can_be_chosen(self, ask):
        reply = ask(place="Arvika")
        assert reply.choices[0].entities == {"occupation": "industrielektriker", "place": "Arvika"}
        assert [choice.title for choice in reply.choices[:2]] == ["Industrielektriker", "Svetsare"]
        assert {choice.topic for choice in reply.choices} >= {"job_outlook", "job_vacancies"}


def test_an_abbreviation_keeps_its_capitals(ask, session, now):
    name = "CNC- och maskinoperatörer inom metall"
    import_outlook(session, as_file(row(yb_yrke=name, ssyk="7223")), now=now, actor="cli")
    assert f"läget för {name} i Värmland" in ask(occupation="cnc-operator").text


def test_without_an_import_nothing_is_claimed(ask):
    assert "ingen bedömning" in ask(occupation="svetsare").text
    reply = ask()
    assert "kan inte lova" in reply.text
    assert {choice.topic for choice in reply.choices}.isdisjoint({"job_outlook"})
