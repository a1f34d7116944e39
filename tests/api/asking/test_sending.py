"""What the real forms leave in each kind of database, and that a repeat leaves nothing more."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from api.asking.questionnaire import Forms
from api.asking.schemas import Heard
from api.asking.turn import take_turn
from api.catalogue.tables import Municipality
from api.contact.asking import forms as enquiry_forms
from api.contact.enquiries.tables import Enquiry
from api.events.asking import forms as event_forms
from api.events.tables import Event, EventSignup
from tests.api.asking.forms import Visitor


class RealVisitor(Visitor):
    """Somebody who fills in the forms that there really are."""

    @property
    def forms(self) -> Forms:
        return Forms({**event_forms.OPENERS, **enquiry_forms.OPENERS})


@pytest.fixture
def real(visitor: Visitor) -> RealVisitor:
    return RealVisitor(visitor.session, visitor.conversation_id, visitor.now)


def event(visitor: Visitor, **facts: object) -> Event:
    town = visitor.session.scalars(select(Municipality).where(Municipality.name == "Sunne")).one()
    row = Event(
        id=uuid4(),
        kind="open_house",
        title="Öppet hus",
        host="Noden i Sunne",
        municipality_id=town.id,
        place_name="Exempelhuset",
        starts_at=visitor.now + timedelta(days=7),
        ends_at=visitor.now + timedelta(days=7, hours=2),
        contact="Vägledningen i Sunne",
        contact_email="sunne@example.org",
        status="published",
        created_at=visitor.now,
        updated_at=visitor.now,
    )
    for name, value in facts.items():
        setattr(row, name, value)
    visitor.session.add(row)
    visitor.session.flush()
    return row


def count(visitor: Visitor, table: type) -> int:
    return visitor.session.scalar(select(func.count()).select_from(table)) or 0


def until_check(visitor: RealVisitor, row: Event) -> None:
    visitor.begin(f"event:{row.id}")
    visitor.hear("Kim", name="Kim")
    visitor.hear("kim@example.org")
    visitor.press("Nej, inget")
    assert visitor.state.step == "check"


def test_a_sign_up_is_stored_once_however_often_it_is_sent(real: RealVisitor) -> None:
    before = count(real, EventSignup)
    until_check(real, event(real))
    state = real.state
    send = Heard(said=f"{state.key}:check=send")
    first = take_turn(real.forms, real.place, state, send)
    again = take_turn(real.forms, real.place, state, send)
    assert count(real, EventSignup) == before + 1
    assert first.state is None
    assert again.state is None
    for answer in (first, again):
        assert "Du är anmäld till Öppet hus" in answer.messages[0].text


def test_an_enquiry_is_stored_once_however_often_it_is_sent(real: RealVisitor) -> None:
    real.begin("enquiry:council", "Sunne")
    real.hear("Exempelverkstaden")
    real.press("Hoppa över")
    real.hear("Kim", name="Kim")
    real.hear("070-174 06 35")
    real.press("Hoppa över")
    state = real.state
    send = Heard(text="ja", yes=True, topic="affirm")
    take_turn(real.forms, real.place, state, send)
    answer = take_turn(real.forms, real.place, state, send)
    (enquiry,) = real.session.scalars(select(Enquiry))
    assert (enquiry.phone, enquiry.municipality and enquiry.municipality.name) == ("0701740635", "Sunne")
    assert "Vi ringer dig" in answer.messages[0].text
    assert [reply.text for reply in enquiry_forms.sent_before(real.place)] != []


def test_an_identity_number_is_never_stored(real: RealVisitor) -> None:
    real.begin("enquiry:other", "Sunne")
    real.hear("jag heter något och mitt nummer är 19811218-9876")
    assert "9876" not in real.state.model_dump_json()


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"status": "draft"}, "finns inte längre"),
        ({"status": "cancelled"}, "är inställd"),
        ({"signup_until": None, "starts_at": None}, "inte längre att anmäla"),
    ],
)
def test_nobody_begins_to_sign_up_for_what_they_cannot_attend(
    real: RealVisitor, facts: dict[str, object], says: str
) -> None:
    if "starts_at" in facts:
        facts = facts | {"starts_at": real.now - timedelta(hours=1)}
    real.begin(f"event:{event(real, **facts).id}")
    assert says in real.reply.text
    assert real.last is not None
    assert real.last.state is None


@pytest.mark.parametrize("about", ["", "x", "1", "not-an-id"])
def test_an_id_that_is_none_leads_to_the_events_there_are(real: RealVisitor, about: str) -> None:
    real.begin(f"event:{about}")
    assert [choice.topic for choice in real.reply.choices] == ["event_list"]


def test_women_only_and_places_left_are_said_before_anything_is_asked(real: RealVisitor) -> None:
    real.begin(f"event:{event(real, women_only=True, capacity=1).id}")
    assert "bara för kvinnor" in real.reply.text
    assert "en plats kvar" in real.reply.text


@pytest.mark.parametrize("easy", [False, True])
def test_an_example_is_never_taken_for_a_real_event(real: RealVisitor, easy: bool) -> None:
    real.easy = easy
    until_check(real, event(real, example=True))
    real.begin(real.state.kind)
    assert "exempel" in real.reply.text
    until_check(real, event(real, example=True))
    real.press("Ja, anmäl mig")
    assert "exempel" in real.reply.text
