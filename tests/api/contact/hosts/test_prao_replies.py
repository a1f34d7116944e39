"""What the chat says about prao: to pupils, guardians and schools, and which companies receive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from api.chat.topics import can_follow_up, handle
from api.contact.hosts.tables import ReceivingCompany
from api.database import Database
from api.guidance.turn import Turn
from api.readability import lix
from api.replies import Query, Reply


@pytest.fixture
def session(seeded_both: Database) -> Iterator[Session]:
    with seeded_both.transaction() as session:
        yield session


def ask(session: Session, now: datetime, *, context: dict[str, str] | None = None, **more: Any) -> Reply:
    said = Query(place=more.pop("place", None))
    turn = Turn(session, now, "https://vagledaren.example.org", "prao", said, Query(**(context or {})), **more)
    (reply,) = handle(turn).replies
    return reply


def test_in_general_it_explains_and_asks_who_wants_to_know(session: Session, now: datetime) -> None:
    reply = ask(session, now)
    assert "TechniQual" in reply.text
    assert [step.entities.get("part") for step in reply.choices] == ["pupil", "guardian", "school", "companies"]


@pytest.mark.parametrize("easy", [False, True])
@pytest.mark.parametrize("part", ["pupil", "guardian", "school"])
def test_each_gets_what_to_do_next_in_plain_swedish(session: Session, now: datetime, part: str, easy: bool) -> None:
    reply = ask(session, now, part=part, easy=easy)
    words = reply.text.rsplit("\n", 1)[0]  # without the address
    assert lix(words) < (25 if easy else 40)
    forms = [step.entities["asking_kind"] for step in reply.choices if "asking_kind" in step.entities]
    assert forms == (["enquiry:school_prao"] if part == "school" else [])
    assert ("/skola" if part == "school" else "/prao") in reply.text


def test_the_companies_of_the_municipality_that_was_named(session: Session, now: datetime) -> None:
    reply = ask(session, now, place="Karlstad")
    assert "De här företagen i Karlstad tar emot prao:" in reply.text
    assert "Exempelautomation Karlstad" in reply.text
    assert "Exempelpapper" not in reply.text  # receives visits, no prao
    assert "/prao?ort=Karlstad" in reply.text
    assert "Exempeldata." in reply.text


def test_where_there_is_none_the_nearest_are_told_as_others(session: Session, now: datetime) -> None:
    reply = ask(session, now, place="Forshaga")
    assert "I Forshaga finns inget företag i listan just nu." in reply.text
    first = reply.text.splitlines()[1]
    assert first.startswith(("Exempelautomation Karlstad", "Exempelträ Kil"))


def test_the_button_takes_the_place_of_the_talk(session: Session, now: datetime) -> None:
    reply = ask(session, now, part="companies", context={"place": "Kil"})
    assert "Exempelträ Kil i Kil" in reply.text


def test_without_a_place_some_are_told_with_how_many_there_are(session: Session, now: datetime) -> None:
    reply = ask(session, now, part="companies")
    assert "7 företag i listan tar emot prao" in reply.text
    assert reply.text.count("\n") == 5


def test_an_empty_list_is_said_and_the_school_can_ask_all_the_same(session: Session, now: datetime) -> None:
    session.execute(delete(ReceivingCompany))
    reply = ask(session, now, place="Arvika")
    assert "Skolan kan fråga ändå." in reply.text
    assert dict(reply.choices[0].entities) == {"asking_kind": "enquiry:school_prao"}


def test_contacts_are_never_told(session: Session, now: datetime) -> None:
    for part in (None, "companies", "school"):
        assert "@" not in ask(session, now, part=part, place="Hagfors").text


def test_and_in_arvika_then_can_follow() -> None:
    assert can_follow_up("prao")
