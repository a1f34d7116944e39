"""Staff's pages of events: the list, the form, publishing, copying, cancelling, writing to everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from api.clock import STOCKHOLM
from api.events.addresses import event_path
from api.events.tables import Event, EventSignup
from api.staff.tables import RowChange
from tests.api.events.signups import STARTS
from tests.api.staff.desk import form_of, send, send_again

PATH = "/personal/traffar"
NEW = {
    "kind": "study_visit",
    "title": "Studiebesök på verkstaden",
    "host": "Exempelmekaniska",
    "description": "Vi visar maskinerna.",
    "day": "2026-12-15",
    "starts": "13:00",
    "ends": "15.30",
    "signup_day": "2026-12-14",
    "capacity": "12",
    "street": "Exempelgatan 1",
    "step_free": "yes",
    "hearing_loop": "no",
    "interpreter": "arabiska, Somaliska",
    "contact": "Vägledningen i Arvika",
    "contact_email": "arvika@example.org",
}


def one(event: Event) -> str:
    return f"{PATH}/{event.id}"


@pytest.fixture
def events(database):
    def read() -> list[Event]:
        with database.transaction(read_only=True) as session:
            return list(session.scalars(select(Event).order_by(Event.starts_at)))

    return read


class TestTheList:
    async def test_shows_coming_drafts_past_and_cancelled_with_how_many_come(
        self, staff, new_event, sign_up_one, clock
    ):
        event = new_event(title="Kommer", capacity=1)
        for number in (1, 2, 3):
            sign_up_one(event, number)
        new_event(title="Utkastet", status="draft")
        new_event(title="Den inställda", status="cancelled")
        page = (await staff.get(PATH)).text
        assert "Kommer" in page
        assert "1 av 1 anmälda, 2 i kö" in page
        assert "Utkastet" not in page
        assert "Utkast (1)" in page
        assert "Utkastet" in (await staff.get(f"{PATH}?visa=utkast")).text
        assert "Den inställda" in (await staff.get(f"{PATH}?visa=installda")).text
        clock.now = STARTS + timedelta(hours=3)
        later = staff.house.signed_in(staff.house.account("senare@example.org"))
        assert "1 utan närvaro" in (await later.get(f"{PATH}?visa=varit")).text

    async def test_a_chore_waits_until_somebody_has_been_ticked_off(self, staff, new_event, sign_up_one, clock):
        signup = sign_up_one(event := new_event())
        clock.now = STARTS + timedelta(hours=3)
        fresh = staff.house.signed_in(staff.house.account("ny@example.org"))
        assert "Träffar som väntar på närvaro (1)" in (await fresh.get("/personal")).text
        await fresh.post(f"{one(event)}/deltagare/{signup.id}/narvaro", narvaro="kom")
        assert "väntar på närvaro" not in (await fresh.get("/personal")).text


class TestTheForm:
    async def test_a_new_event_is_a_draft_with_everything_that_was_written(self, staff, new_event, events):
        arvika = new_event().municipality_id
        answer = await send(staff, f"{PATH}/ny", **NEW, municipality_id=str(arvika))
        assert answer.status_code == 303, answer.text
        made = next(event for event in events() if event.title == NEW["title"])
        assert (made.status, made.capacity, made.interpreter) == ("draft", 12, ["ar", "so"])
        assert made.starts_at.astimezone(STOCKHOLM).isoformat() == "2026-12-15T13:00:00+01:00"
        assert made.ends_at - made.starts_at == timedelta(hours=2.5)
        assert made.signup_until.astimezone(STOCKHOLM).isoformat() == "2026-12-14T23:59:00+01:00"
        page = await staff.get(answer.headers["location"])
        assert "upplagd som utkast" in page.text
        shown = form_of(page, one(made))
        assert shown == shown | NEW | {"ends": "15:30", "signup_clock": "23:59", "interpreter": "arabiska, somaliska"}

    @pytest.mark.parametrize(
        ("field", "value", "reason"),
        [
            ("title", "", "Fyll i fältet."),
            ("day", "", "Fyll i fältet."),
            ("day", "i morgon", "Det är inget datum"),
            ("starts", "25:00", "Skriv klockslaget som 13.00."),
            ("ends", "12:00", "Sluttiden måste vara efter starttiden."),
            ("signup_day", "2026-12-16", "Anmälan måste stänga innan träffen börjar."),
            ("capacity", "0", "mellan 1 och 5000"),
            ("interpreter", "klingon", "Språket klingon finns inte i listan"),
            ("online_url", "javascript:alert(1)", "börjar med https://"),
            ("municipality_id", "", "Fyll i fältet."),
            ("street", "", "Skriv var träffen är"),
            ("description", "Ring 640823-3234", "personnummer"),
        ],
    )
    async def test_what_is_wrong_stands_at_the_field(self, staff, new_event, events, field, value, reason):
        arvika = new_event().municipality_id
        sent = NEW | {"municipality_id": str(arvika), field: value}
        answer = await send(staff, f"{PATH}/ny", **sent)
        assert answer.status_code == 422
        assert reason in answer.text
        assert "<title>Fel: " in answer.text
        assert len(events()) == 1

    async def test_what_looks_like_a_name_is_asked_about_once(self, staff, new_event, events):
        sent = NEW | {"municipality_id": str(new_event().municipality_id), "contact": "Karin Exempelsson"}
        answer = await send(staff, f"{PATH}/ny", **sent)
        assert answer.status_code == 422
        assert "ser ut som ett personnamn" in answer.text
        assert (await send_again(staff, f"{PATH}/ny", answer)).status_code == 303
        assert len(events()) == 2

    async def test_two_people_at_the_same_event_see_each_others_changes(self, staff, house, new_event, stored):
        event = new_event()
        colleague = house.signed_in(house.account("kollegan@example.org"))
        mine, theirs = await staff.get(one(event)), await colleague.get(one(event))
        await colleague.post(one(event), **(form_of(theirs, one(event)) | {"title": "Kollegans rubrik"}))
        answer = await staff.post(one(event), **(form_of(mine, one(event)) | {"for_whom": "Vuxna"}))
        assert answer.status_code == 409
        assert "Kollegans rubrik" in answer.text
        assert (await send_again(staff, one(event), answer)).status_code == 303
        assert (stored(event).title, stored(event).for_whom) == ("Kollegans rubrik", "Vuxna")

    async def test_a_change_that_concerns_nobody_can_be_undone(self, staff, new_event, stored):
        event = new_event()
        answer = await send(staff, one(event), title="Ny rubrik")
        page = await staff.get(answer.headers["location"])
        assert stored(event).title == "Ny rubrik"
        undo = next(path for path in page.text.split('"') if path.startswith("/personal/angra/"))
        await staff.post(undo, here=one(event))
        assert stored(event).title == "Öppet hus om industrijobb"

    async def test_another_time_is_asked_about_and_then_told_to_all(self, staff, new_event, sign_up_one, stored, mails):
        event = new_event()
        sign_up_one(event, 1)
        sign_up_one(event, 2, email=None, phone="070-174 06 05")
        before = len(mails("person-1@example.org"))
        answer = await send(staff, one(event), starts="18:00", ends="20:00")
        assert answer.status_code == 422
        assert "Så många får mejl om det: 1. Så många har bara telefon och behöver ringas: 1." in answer.text
        assert stored(event).starts_at == STARTS
        answer = await send_again(staff, one(event), answer)
        assert "Ring 1 som bara har lämnat telefonnummer" in (await staff.get(answer.headers["location"])).text
        assert stored(event).starts_at == STARTS + timedelta(hours=1)
        assert [mail.kind for mail in mails("person-1@example.org")][before:] == ["EVENTCHANGE"]

    async def test_taking_a_moved_time_back_tells_them_again(
        self, staff, new_event, sign_up_one, stored, mails, database
    ):
        event = new_event()
        sign_up_one(event)
        answer = await send(staff, one(event), starts="18:00", ends="20:00")
        await send_again(staff, one(event), answer)
        with database.transaction(read_only=True) as session:
            change = session.scalar(select(RowChange.id).where(RowChange.kind == "event").order_by(RowChange.id.desc()))
        await staff.get(f"/personal/historik/event/{event.id}")
        await staff.post(f"/personal/historik/event/{event.id}/{change}")
        assert stored(event).starts_at == STARTS
        assert [mail.kind for mail in mails("person-1@example.org")].count("EVENTCHANGE") == 2

    async def test_more_places_are_offered_to_those_who_wait_and_fewer_than_taken_refused(
        self, staff, new_event, sign_up_one, signups
    ):
        event = new_event(capacity=2)
        for number in (1, 2, 3):
            sign_up_one(event, number)
        answer = await send(staff, one(event), capacity="1")
        assert answer.status_code == 422
        assert "2 platser är redan tagna" in answer.text
        await send(staff, one(event), capacity="3")
        assert [signup.status for signup in signups(event)] == ["signed", "signed", "offered"]


class TestStatus:
    async def test_publishing_shows_it_and_a_draft_hides_it_as_long_as_nobody_has_signed_up(
        self, staff, visitor, new_event, sign_up_one, stored
    ):
        event = new_event(status="draft")
        await staff.get(one(event))
        answer = await staff.post(f"{one(event)}/publicera")
        assert "Nu syns den för alla" in (await staff.get(answer.headers["location"])).text
        assert (await visitor.get(event_path(event))).status_code == 200
        await staff.post(f"{one(event)}/utkast")
        assert stored(event).status == "draft"
        await staff.post(f"{one(event)}/publicera")
        sign_up_one(event)
        assert (await staff.post(f"{one(event)}/utkast")).status_code == 409
        assert stored(event).status == "published"

    async def test_one_that_has_been_is_not_published(self, staff, new_event, stored, clock):
        event = new_event(status="draft")
        clock.now = STARTS + timedelta(days=1)
        fresh = staff.house.signed_in(staff.house.account("ny@example.org"))
        await fresh.get(one(event))
        answer = await fresh.post(f"{one(event)}/publicera")
        assert "inte publicerad" in (await fresh.get(answer.headers["location"])).text
        assert stored(event).status == "draft"

    async def test_a_copy_is_a_draft_on_another_day_at_the_same_hours_without_people(
        self, staff, new_event, sign_up_one, events, database
    ):
        event = new_event(signup_until=STARTS - timedelta(days=1))
        sign_up_one(event)
        answer = await send(staff, f"{one(event)}/kopiera", day="2026-11-01")
        assert answer.status_code == 422
        answer = await send(staff, f"{one(event)}/kopiera", day="2027-06-10")
        assert answer.status_code == 303
        copy = events()[-1]
        assert (copy.status, copy.title) == ("draft", event.title)
        assert copy.starts_at.astimezone(STOCKHOLM).isoformat() == "2027-06-10T17:00:00+02:00"
        assert copy.starts_at - copy.signup_until == timedelta(days=1)
        with database.transaction(read_only=True) as session:
            assert session.scalar(select(func.count()).where(EventSignup.event_id == copy.id)) == 0

    async def test_cancelling_says_who_is_told_needs_a_reason_and_is_not_taken_back(
        self, staff, visitor, new_event, sign_up_one, stored, mails, database
    ):
        event = new_event()
        sign_up_one(event, 1)
        sign_up_one(event, 2, email=None, phone="070-174 06 05")
        page = await staff.get(f"{one(event)}/stall-in")
        assert "1 person får ett mejl" in page.text
        assert "070-174 06 05" in page.text
        assert (await staff.post(f"{one(event)}/stall-in", orsak=" ")).status_code == 422
        answer = await staff.post(f"{one(event)}/stall-in", orsak="Läraren är sjuk.")
        page = await staff.get(answer.headers["location"])
        assert "Ring 1" in page.text
        assert "/personal/angra/" not in page.text
        assert mails("person-1@example.org")[-1].kind == "EVENTCANCEL"
        assert "Läraren är sjuk." in (await visitor.get(event_path(event))).text
        with database.transaction(read_only=True) as session:
            change = session.scalar(select(RowChange.id).where(RowChange.cause == "cancel"))
        answer = await staff.post(f"/personal/historik/event/{event.id}/{change}")
        assert answer.status_code == 409
        assert stored(event).status == "cancelled"


class TestAMailToAll:
    async def test_is_shown_first_then_sent_once(self, staff, new_event, sign_up_one, mails):
        event = new_event(capacity=1)
        sign_up_one(event, 1)
        sign_up_one(event, 2)
        before = len(mails("person-1@example.org"))
        path = f"{one(event)}/mejl"
        page = await send(staff, path, rubrik="Ta med skor", text="Ta med skor som täcker tårna.")
        assert "Så här blir mejlet" in page.text
        assert "Skicka till 2 personer" in page.text
        assert len(mails("person-1@example.org")) == before
        sent = {
            "rubrik": "Ta med skor",
            "text": "Ta med skor.",
            "skicka": "ja",
            "nyckel": form_of(page, path)["nyckel"],
        }
        for said in ("på väg till 2 anmälda", "redan skickat"):
            answer = await staff.post(path, **sent)
            assert said in (await staff.get(answer.headers["location"])).text
        new = mails("person-1@example.org")[before:]
        assert [mail.payload["subject"] for mail in new] == ["Ta med skor"]
        assert "Ta med skor." in new[0].payload["text"]

    async def test_needs_both_parts(self, staff, new_event):
        event = new_event()
        answer = await send(staff, f"{one(event)}/mejl", rubrik="", text="")
        assert answer.status_code == 422
        assert 'href="#rubrik"' in answer.text
