"""Who comes: the list for a telephone at the door, who may see it, and what each button does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from api.catalogue.tables import Node
from api.events.forgetting import forget_people
from api.events.tables import Event
from tests.api.events.signups import STARTS
from tests.api.staff.desk import form_of

PATH = "/personal/traffar"


def people(event) -> str:
    return f"{PATH}/{event.id}/deltagare"


@pytest.fixture
def door(clock, house):
    """Somebody of the staff, an hour before it starts."""

    def open_():
        clock.now = STARTS - timedelta(hours=1)
        return house.signed_in(house.account("dorren@example.org"))

    return open_


class TestWhoSeesNames:
    async def test_staff_and_the_counsellors_of_the_node_and_nobody_else(
        self, staff, house, new_event, sign_up_one, receiver, database
    ):
        event = new_event()
        own = receiver("Arvika")
        with database.transaction() as session:
            session.get_one(Event, event.id).node_id = session.scalars(select(Node.id)).one()
        signup = sign_up_one(event)
        for browser in (staff, own):
            page = await browser.get(people(event))
            assert page.status_code == 200
            assert "Person 1x" in page.text
        elsewhere = new_event(title="Någon annanstans")
        other = sign_up_one(elsewhere, 9)
        assert "Någon annanstans" not in (await own.get(PATH)).text
        for way in ("/deltagare", "/lista"):
            assert (await own.get(f"{PATH}/{elsewhere.id}{way}")).status_code == 404
        await own.get(PATH)
        for way in ("narvaro", "avanmal", "plats"):
            assert (await own.post(f"{people(elsewhere)}/{other.id}/{way}")).status_code == 404
            assert (await own.post(f"{people(event)}/{other.id}/{way}")).status_code == 404  # not of that event
        assert signup.status == "signed"

    async def test_a_counsellor_changes_no_event(self, new_event, receiver):
        event = new_event()
        own = receiver("Arvika")
        for way in ("", "/kopiera", "/mejl", "/stall-in"):
            assert (await own.get(f"{PATH}/{event.id}{way}")).status_code == 403
        page = (await own.get(PATH)).text
        assert "Lägg upp en träff" not in page

    async def test_an_account_without_a_counsellor_is_told_so(self, house, new_event):
        new_event()
        nobody = house.signed_in(house.account("ny@example.org", "counsellor"))
        page = (await nobody.get(PATH)).text
        assert "inte kopplat" in page
        assert "Öppet hus om industrijobb" not in page

    async def test_seeing_the_names_is_noted_once_an_hour(self, staff, house, new_event, clock):
        event = new_event()
        for _ in range(3):
            await staff.get(people(event))
        assert house.actions().count("event.people_seen") == 1
        clock.move(minutes=50)
        await staff.get(people(event))
        clock.move(minutes=20)
        await staff.get(f"{PATH}/{event.id}/lista")
        assert house.actions().count("event.people_seen") == 2


class TestTicking:
    async def test_one_press_says_that_somebody_came_and_leads_back_to_the_row(
        self, door, new_event, sign_up_one, stored
    ):
        event = new_event()
        signup = sign_up_one(event, needs="rullstol", language="arabiska")
        browser = door()
        page = await browser.get(people(event))
        assert "Tolk: arabiska." in page.text
        assert "rullstol" in page.text
        for value, status in (("kom", "attended"), ("oklart", "signed"), ("kom-inte", "absent"), ("kom", "attended")):
            answer = await browser.post(f"{people(event)}/{signup.id}/narvaro", narvaro=value)
            assert answer.headers["location"] == f"{people(event)}#p-{signup.id}"
            assert stored(signup).status == status
        assert "Har kommit" in (await browser.get(people(event))).text

    async def test_it_is_too_early_the_day_before(self, staff, new_event, sign_up_one, stored):
        event = new_event()
        signup = sign_up_one(event)
        page = await staff.get(people(event))
        assert "Du kan bocka av från 10 december 2026 kl. 15.00" in page.text
        assert 'value="kom"' not in page.text
        assert (await staff.post(f"{people(event)}/{signup.id}/narvaro", narvaro="kom")).status_code == 409
        assert stored(signup).status == "signed"

    async def test_every_button_has_a_name_of_its_own(self, door, new_event, sign_up_one):
        event = new_event()
        sign_up_one(event, 1)
        sign_up_one(event, 2)
        page = (await door().get(people(event))).text
        for name in ("Person 1x", "Person 2x"):
            assert f'Kom<span class="hidden">: {name}</span>' in page
            assert f'Kom inte<span class="hidden">: {name}</span>' in page

    async def test_the_search_finds_a_part_of_a_name_or_the_code(self, staff, new_event, sign_up_one):
        event = new_event(capacity=9)
        found = sign_up_one(event, 1, name="Åsa Öberg")
        sign_up_one(event, 2, name="علي")
        await staff.get(people(event))
        for words in ("öberg", "OBERG", found.reference, found.reference[3:].lower()):
            page = (await staff.post(people(event), sok=words)).text
            assert "1 person stämmer" in page
            assert "Åsa Öberg" in page
            assert "علي" not in page
        assert "علي" in (await staff.post(people(event), sok="علي")).text
        assert "Ingen stämmer" in (await staff.post(people(event), sok="finns inte")).text

    async def test_somebody_who_came_without_signing_up_is_let_in_once(self, door, new_event, sign_up_one, signups):
        event = new_event(capacity=1)
        sign_up_one(event)
        browser = door()
        page = await browser.get(people(event))
        form = form_of(page, f"{people(event)}/ny#lagg-till") | {"namn": "Kim", "behov": "rullstol"}
        for _ in range(2):
            answer = await browser.post(f"{people(event)}/ny", **form)
            assert answer.status_code == 303
        assert [(one.name, one.status) for one in signups(event)] == [("Person 1x", "signed"), ("Kim", "attended")]
        answer = await browser.post(f"{people(event)}/ny", **(form | {"namn": ""}))
        assert answer.status_code == 422
        assert 'href="#namn"' in answer.text

    async def test_nothing_is_left_of_a_name_when_people_are_forgotten(self, door, new_event, sign_up_one, database):
        event = new_event()
        sign_up_one(event)
        with database.transaction() as session:
            forget_people(session, STARTS + timedelta(days=40))
        page = (await door().get(people(event))).text
        assert "Person 1x" not in page
        assert "Namnet är raderat" in page


class TestOnTheTelephone:
    async def test_somebody_who_phones_is_signed_up_with_a_contact(self, staff, new_event, signups, mails):
        event = new_event(capacity=1)
        page = await staff.get(people(event))
        form = form_of(page, f"{people(event)}/ny#lagg-till") | {"namn": "Kim"}
        assert (await staff.post(f"{people(event)}/ny", **form)).status_code == 422
        answer = await staff.post(f"{people(event)}/ny", **(form | {"kontakt": "kim@example.org"}))
        assert "Personen är anmäld" in (await staff.get(answer.headers["location"])).text
        answer = await staff.post(
            f"{people(event)}/ny", **(form | {"namn": "Bo", "kontakt": "070-174 06 05", "nyckel": "annan"})
        )
        assert "Personen står i kö" in (await staff.get(answer.headers["location"])).text
        assert [one.status for one in signups(event)] == ["signed", "waiting"]
        assert [mail.kind for mail in mails("kim@example.org")] == ["SIGNUP"]

    async def test_cancelling_for_somebody_offers_the_place_and_a_yes_on_the_telephone_takes_it(
        self, staff, new_event, sign_up_one, stored
    ):
        event = new_event(capacity=1)
        first, second = sign_up_one(event, 1), sign_up_one(event, 2, email=None, phone="070-174 06 05")
        await staff.get(people(event))
        await staff.post(f"{people(event)}/{first.id}/avanmal")
        page = await staff.get(people(event))
        assert "Har fått erbjudande" in page.text
        assert "Ring och fråga:" in page.text
        await staff.post(f"{people(event)}/{second.id}/plats")
        assert (stored(first).status, stored(second).status) == ("cancelled", "signed")

    async def test_a_place_that_is_free_at_the_last_moment_is_given_to_whoever_says_yes_first_on_the_telephone(
        self, house, new_event, sign_up_one, stored, clock
    ):
        event = new_event(capacity=1)
        first, second = sign_up_one(event, 1), sign_up_one(event, 2, email=None, phone="070-174 06 05")
        third = sign_up_one(event, 3, email=None, phone="070-174 06 06")
        clock.now = STARTS - timedelta(hours=3)
        staff = house.signed_in(house.account())
        page = await staff.get(people(event))
        yes = [f"{people(event)}/{one.id}/plats" for one in (second, third)]
        assert not any(f'action="{way}"' in page.text for way in yes), "nobody can take what is not free"
        await staff.post(f"{people(event)}/{first.id}/avanmal")
        page = await staff.get(people(event))
        assert all(f'action="{way}"' in page.text for way in yes)
        assert page.text.count("En plats är ledig nu.") == 2
        answer = await staff.post(yes[0], **form_of(page, yes[0]))
        assert answer.status_code == 303
        page = await staff.get(people(event))
        assert (stored(second).status, stored(third).status) == ("signed", "waiting")
        assert f'action="{yes[1]}"' not in page.text


class TestOnPaper:
    async def test_names_and_needs_but_no_contacts(self, staff, new_event, sign_up_one):
        event = new_event()
        sign_up_one(event, needs="rullstol")
        page = (await staff.get(f"{PATH}/{event.id}/lista")).text
        assert "Person 1x" in page
        assert "rullstol" in page
        assert "person-1@example.org" not in page
