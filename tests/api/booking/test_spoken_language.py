"""Counsellors who speak the language that an interpreter is wanted in: then none is needed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from api.booking import holds, moves
from api.booking.errors import SlotUnknown
from api.booking.languages import in_swedish, is_language, speaks
from api.booking.openings import node_slots
from api.booking.tables import Meeting
from api.outbox.tables import Outbox
from tests.api.booking.conftest import confirm_held, counsellor

ONE, TWO, NODE = (f"{slug}@20261126T1200Z" for slug in ("karlstad-1", "karlstad-2", "karlstad"))
USUAL, LONGER = timedelta(minutes=30), timedelta(minutes=60)

pytestmark = pytest.mark.usefixtures("counsellors")


@pytest.fixture
def arabic(database):
    """The second counsellor in Karlstad speaks Arabic."""
    with database.transaction() as session:
        counsellor(session, "karlstad-2").languages = ["sv", "ar"]


@pytest.fixture
def ask(database, now):
    """Ask for an interpreter for a held time."""

    def ask_for(held: Meeting, person, language: str | None) -> Meeting:
        with database.transaction() as session:
            return holds.set_interpreter(session, held.id, person.conversation_id, language, now)

    return ask_for


def kept(meeting: Meeting) -> tuple[str, str | None, str | None, timedelta]:
    length = meeting.ends_at - meeting.starts_at
    return meeting.counsellor.slug, meeting.spoken_language, meeting.interpreter_language, length


class TestNames:
    @pytest.mark.parametrize(
        ("stored", "asked"),
        [("ar", "arabiska"), ("AR", "Arabiska"), ("fa", "farsi"), ("arabiska", "arabic"), ("mongoliska", "mongoliska")],
    )
    def test_codes_and_spellings_of_a_language_are_one(self, stored, asked):
        assert speaks(["sv", stored], asked)

    def test_others_are_not(self):
        assert not speaks(["sv", "fa"], "dari")
        assert not speaks([], "arabiska")

    @pytest.mark.parametrize("code", ["ar", "so", "ti", "fa", "uk", "fi", "en", "prs", "swl"])
    def test_a_codes_name_is_spelled_as_people_are_asked_for_it(self, code):
        assert is_language(in_swedish(code))


class TestHeld:
    def test_the_counsellor_of_the_hold_speaks_it_and_the_meeting_stays_as_long_as_usual(
        self, arabic, hold, person, ask
    ):
        assert kept(ask(hold(person, TWO), person, "arabiska")) == ("karlstad-2", "arabiska", None, USUAL)

    def test_the_hold_goes_to_somebody_free_who_speaks_it(self, arabic, hold, person, ask):
        held = hold(person, NODE)
        assert held.counsellor.slug == "karlstad-1"
        assert kept(ask(held, person, "arabiska")) == ("karlstad-2", "arabiska", None, USUAL)

    def test_a_chosen_counsellor_is_not_exchanged(self, arabic, hold, person, ask):
        assert kept(ask(hold(person, ONE), person, "arabiska")) == ("karlstad-1", None, "arabiska", LONGER)

    def test_somebody_who_speaks_it_but_is_busy_does_not_get_it(self, arabic, hold, new_person, ask):
        person = new_person()
        held = hold(person, NODE)
        hold(new_person(), TWO)
        assert kept(ask(held, person, "arabiska")) == ("karlstad-1", None, "arabiska", LONGER)

    def test_where_nobody_speaks_it_there_is_an_interpreter_as_before(self, arabic, hold, person, ask):
        assert kept(ask(hold(person, NODE), person, "somaliska")) == ("karlstad-1", None, "somaliska", LONGER)

    def test_the_language_can_be_changed_and_taken_back(self, arabic, hold, person, ask):
        held = hold(person, TWO)
        ask(held, person, "arabiska")
        assert kept(ask(held, person, "somaliska")) == ("karlstad-2", None, "somaliska", LONGER)
        ask(held, person, "arabiska")
        assert kept(ask(held, person, None)) == ("karlstad-2", None, None, USUAL)

    def test_a_time_held_with_the_language_goes_to_somebody_who_speaks_it(self, arabic, hold, new_person):
        languages = {"interpreter_language": "arabiska"}
        assert kept(hold(new_person(), NODE, **languages)) == ("karlstad-2", "arabiska", None, USUAL)
        assert kept(hold(new_person(), NODE, **languages)) == ("karlstad-1", None, "arabiska", LONGER)

    def test_times_are_as_long_as_they_will_be(self, arabic, database, now):
        with database.transaction() as session:
            offers = node_slots(session, "karlstad", "phone", now, interpreter=True, language="arabiska")
            by_start = {offer.id: offer for offer in offers}
            assert by_start[NODE].end - by_start[NODE].start == USUAL
            others = node_slots(session, "karlstad", "phone", now, interpreter=True, language="somaliska")
            assert {offer.end - offer.start for offer in others} == {LONGER}


class TestTold:
    async def test_the_person_is_told_that_no_interpreter_is_needed(self, arabic, client, hold, person):
        held = hold(person, NODE)
        wanted = {"conversation_id": str(person.conversation_id), "language": "arabiska"}
        told = await client.post(f"/internal/v1/meetings/{held.id}/interpreter", json=wanted)
        (message,) = told.json()["messages"]
        assert message["text"].startswith("Vägledaren talar arabiska. Då behöver du ingen tolk.")
        details = {"conversation_id": str(person.conversation_id), "name": "Kim", "contact_token": person.email}
        checked = await client.post(f"/internal/v1/meetings/{held.id}/check", json=details)
        (message,) = checked.json()["messages"]
        assert "Språk: arabiska" in message["text"]
        assert "Tolk:" not in message["text"]
        assert (message["data"]["spoken_language"], message["data"]["interpreter_language"]) == ("arabiska", None)

    async def test_so_is_somebody_who_said_it_before_choosing_a_time(self, arabic, client, person):
        wanted = {"conversation_id": str(person.conversation_id), "slot_id": NODE, "meeting_type": "phone"}
        told = await client.post("/internal/v1/meetings/holds", json=wanted | {"interpreter_language": "arabiska"})
        (message,) = told.json()["messages"]
        assert message["text"].startswith("Vägledaren talar arabiska. Då behöver du ingen tolk.")

    async def test_times_asked_for_in_a_language_are_the_usual_length_with_those_who_speak_it(self, arabic, client):
        body = {"conversation_id": str(uuid4()), "node": "karlstad", "meeting_type": "phone", "interpreter": True}
        answer = await client.post("/internal/v1/booking/times", json=body | {"language": "arabiska"})
        items = answer.json()["messages"][0]["data"]["items"]
        assert {item["counsellor"] for item in items} == {"Studie- och yrkesvägledare 2, Karlstad"}

    def test_the_mails_say_which_language_and_nothing_of_an_interpreter(
        self, arabic, database, hold, person, ask, office, now
    ):
        held = ask(hold(person, NODE), person, "arabiska")
        with database.transaction() as session:
            confirm_held(session, held, person, "key", now, office)
        with database.transaction() as session:
            by_kind = {row.kind: row.payload for row in session.scalars(select(Outbox))}
        to_counsellor, to_person = by_kind["REQUEST"], by_kind["CONFIRMATION"]
        assert "Personen vill ha mötet på arabiska. Ingen tolk är ordnad." in to_counsellor["text"]
        assert "Arabiska. Vägledaren talar det, så du behöver ingen tolk." in to_person["text"]
        for mail in (to_counsellor, to_person):
            assert "Språk: arabiska" in mail["ics"].replace("\r\n ", "")
            assert "Tolk:" not in mail["text"] + mail["ics"]


class TestMoved:
    @pytest.fixture
    def booked(self, arabic, database, hold, new_person, ask, office, now) -> Meeting:
        person = new_person()
        held = ask(hold(person, NODE), person, "arabiska")
        with database.transaction() as session:
            return confirm_held(session, held, person, "key", now, office).meeting

    def test_a_move_stays_with_those_who_speak_it(self, booked, database, office, now):
        with database.transaction() as session:
            speaker = counsellor(session, "karlstad-2")
            speaker.hours = [row for row in speaker.hours if row.weekday != 4]
        slot = "karlstad@20261127T1200Z"
        with pytest.raises(SlotUnknown), database.transaction() as session:
            moves.move_to_slot(session, session.get_one(Meeting, booked.id), slot, now, "link", office)
        with database.transaction() as session:
            row = session.get_one(Meeting, booked.id)
            moves.move_to_slot(session, row, "karlstad@20261130T1200Z", now, "link", office)
            assert kept(row) == ("karlstad-2", "arabiska", None, USUAL)
