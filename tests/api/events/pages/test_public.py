"""The public pages of events: what one reads before coming, and the form."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from api.events.addresses import event_path
from api.events.forgetting import HOLDINGS
from api.settings import Settings
from tests.api.events.signups import STARTS
from tests.api.staff.desk import form_of

LIST = "/traffar"
SETTINGS = Settings()


def typed(page, path: str, **fields: str) -> dict[str, str]:
    """What a browser sends of the form when these fields are filled in."""
    return {**form_of(page, f"{path}#anmal"), **fields}


async def sign_up(visitor, event, **fields: str):
    path = event_path(event)
    page = await visitor.get(path)
    return await visitor.client.post(path, data=typed(page, path, **fields))


KIM = {"namn": "Kim", "kontakt": "kim@example.org"}
BO = {"namn": "Bo", "kontakt": "070-174 06 05"}
"""Somebody with only a telephone, who gets no mail."""


class TestTheList:
    async def test_coming_events_stand_month_by_month_and_drafts_do_not(self, visitor, new_event):
        new_event(title="Öppet hus")
        new_event(title="Studiebesök", starts_at=STARTS + timedelta(days=40))
        new_event(title="Hemligt utkast", status="draft")
        page = (await visitor.get(LIST)).text
        assert page.index("December 2026</h3>") < page.index("Öppet hus<span") < page.index("Januari 2027</h3>")
        assert "2 träffar" in page
        assert "Hemligt utkast" not in page

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("typ=studiebesok", {"B"}),
            ("manad=2027-01", {"C"}),
            ("kommun=Arvika", {"A", "B", "C"}),
            ("kommun=Sunne", set()),
            ("plats=ja", {"B", "C"}),
            ("typ=oppet-hus&manad=2027-01&plats=ja", {"C"}),
            ("typ=x&manad=2027-13&plats=x&kommun=", {"A", "B", "C"}),
        ],
    )
    async def test_each_choice_leaves_what_fits_and_what_cannot_be_read_leaves_all(
        self, visitor, new_event, sign_up_one, query, shown
    ):
        full = new_event(title="Träff A", capacity=1)
        sign_up_one(full)
        new_event(title="Träff B", kind="study_visit")
        new_event(title="Träff C", kind="open_house", starts_at=STARTS + timedelta(days=40))
        page = await visitor.get(f"{LIST}?{query}")
        assert page.status_code == 200
        assert set(re.findall(r">Träff (\w)<span", page.text)) == shown

    async def test_what_is_good_to_know_stands_as_words(self, visitor, new_event):
        new_event(
            step_free="yes", hearing_loop="yes", interpreter=["ar", "so"], women_only=True, for_whom="Du som är ny"
        )
        page = (await visitor.get(LIST)).text
        for words in (
            "Utan trappsteg",
            "Hörselslinga finns",
            "Tolk till arabiska och somaliska",
            "Bara för kvinnor",
            "Du som är ny",
            "Torsdag 10 december kl. 17.00–19.00",
            "2 platser kvar",
        ):
            assert words in page

    async def test_what_has_been_is_folded(self, visitor, new_event, clock):
        new_event(title="Det som var")
        clock.move(days=20)
        page = (await visitor.get(LIST)).text
        assert "Inga träffar" in page
        assert "Det som var" in page[page.index("<details>") :]

    async def test_an_empty_list_says_what_one_can_do(self, visitor):
        page = (await visitor.get(LIST)).text
        assert "inga träffar inplanerade" in page
        assert "ring eller mejla" in page

    async def test_it_is_linked_from_where_people_are(self, visitor):
        for path in ("/", "/utbildningar"):
            assert (await visitor.get(path)).text.count('href="/traffar"') >= 3  # menu, page, footer


class TestOneEvent:
    async def test_everything_one_wants_to_know(self, visitor, new_event):
        event = new_event(step_free="no", signup_until=STARTS - timedelta(days=1))
        page = (await visitor.get(event_path(event))).text
        for words in (
            "Öppet hus om industrijobb",
            "Torsdag 10 december kl. 17.00–19.00",
            "Noden i Arvika, Exempelgatan 1",
            "https://www.openstreetmap.org/search?query=Exempelgatan+1%2C+Arvika",
            "Anmäl dig senast 9 december 2026 kl. 17.00",
            "Det finns trappsteg.",
            "Vi vet inte om det finns hörselslinga.",
            "Kom och se verkstaden.",
            "0570-00 00 00",
            "raderas 30 dagar efter träffen",
        ):
            assert words in page

    async def test_an_address_on_the_net_is_for_those_who_have_a_place(self, visitor, new_event):
        event = new_event(place_name="", street="", online_url="https://mote.example.org/dorr")
        page = await visitor.get(event_path(event))
        assert "På nätet. Länken får du när du är anmäld." in page.text
        assert "mote.example.org" not in page.text
        answer = await sign_up(visitor, event, **BO)
        assert "https://mote.example.org/dorr" in (await visitor.get(answer.headers["location"])).text

    async def test_women_only_is_said(self, visitor, new_event):
        page = (await visitor.get(event_path(new_event(women_only=True)))).text
        assert "Den här träffen är bara för kvinnor." in page

    async def test_an_old_title_in_the_address_leads_there_and_a_draft_is_not_found(self, visitor, new_event):
        event = new_event()
        assert (await visitor.get(f"/traffar/gammal-rubrik-{event.id.hex[:10]}")).status_code == 200
        draft = new_event(status="draft")
        for address in (event_path(draft), "/traffar/finns-inte-0123456789", "/traffar/x", "/traffar/" + "a" * 500):
            assert (await visitor.get(address)).status_code == 404

    @pytest.mark.parametrize(
        ("values", "later", "words"),
        [
            ({"status": "cancelled", "cancel_reason": "Läraren är sjuk."}, 0, "Läraren är sjuk."),
            ({"signup_until": STARTS - timedelta(days=2)}, 16, "Anmälan är stängd."),
            ({}, 30, "Träffen har varit."),
        ],
    )
    async def test_the_form_is_there_as_long_as_one_can_sign_up(self, visitor, new_event, clock, values, later, words):
        event = new_event(**values)
        path = event_path(event)
        form = typed(await visitor.get(path), path, **KIM) if "status" not in values else KIM
        clock.move(days=later)
        page = await visitor.get(path)
        assert words in page.text
        assert 'name="namn"' not in page.text
        answer = await visitor.client.post(path, data=form)
        assert answer.status_code == 409
        assert "Du är inte anmäld än." in answer.text

    async def test_search_engines_get_the_event_and_no_markup_gets_out_of_it(self, visitor, new_event):
        event = new_event(title="</script><b>Öppet hus", women_only=True)
        page = (await visitor.get(event_path(event))).text
        document = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])
        assert document["name"] == "</script><b>Öppet hus"
        assert document["startDate"] == "2026-12-10T17:00:00+01:00"
        assert document["location"]["address"]["streetAddress"] == "Exempelgatan 1"
        assert document["remainingAttendeeCapacity"] == 2
        assert document["eventStatus"] == "https://schema.org/EventScheduled"
        assert "<b>Öppet" not in page

    async def test_example_data_is_marked_and_not_indexed(self, visitor, new_event):
        page = (await visitor.get(event_path(new_event(example=True)))).text
        assert "Exempeldata" in page
        assert 'content="noindex"' in page


class TestSigningUp:
    async def test_with_an_address_everything_is_stored_and_a_mail_says_how_it_stands(
        self, visitor, new_event, signups, mails
    ):
        event = new_event()
        answer = await sign_up(visitor, event, **KIM, sprak="Arabiska", behov="rullstol")
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{event_path(event)}?klart=mejl#anmal"
        (signup,) = signups(event)
        assert (signup.name, signup.email, signup.language, signup.needs, signup.status) == (
            "Kim",
            "kim@example.org",
            "arabiska",
            "rullstol",
            "signed",
        )
        page = (await visitor.get(answer.headers["location"])).text
        assert "Titta i din e-post" in page
        assert 'name="kontakt"' not in page
        (mail,) = mails("kim@example.org")
        assert mail.kind == "SIGNUP"
        assert "/traffar/anmalan/" in mail.payload["text"]

    async def test_without_one_it_leads_to_the_persons_own_page_with_everything_that_was_said(
        self, visitor, new_event, signups
    ):
        event = new_event()
        answer = await sign_up(visitor, event, **BO, sprak="Arabiska", behov="rullstol")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/traffar/anmalan/")
        assert answer.headers["referrer-policy"] == "no-referrer"
        (signup,) = signups(event)
        assert (signup.name, signup.phone, signup.language, signup.needs, signup.status) == (
            "Bo",
            "0701740605",
            "arabiska",
            "rullstol",
            "signed",
        )
        page = (await visitor.get(answer.headers["location"])).text
        assert "Du är anmäld" in page
        assert signup.reference in page

    async def test_a_full_event_has_a_waiting_list(self, visitor, new_event, sign_up_one):
        event = new_event(capacity=1)
        sign_up_one(event)
        page = await visitor.get(event_path(event))
        assert "Fullt, men du kan ställa dig i kö." in page.text
        answer = await sign_up(visitor, event, **BO)
        assert "Du har plats 1 i kön." in (await visitor.get(answer.headers["location"])).text

    @pytest.mark.parametrize(
        ("field", "value", "reason"),
        [
            ("namn", "", "Skriv ditt namn"),
            ("namn", "www.reklam.example", "Skriv ditt namn"),
            ("kontakt", "", "Skriv ett telefonnummer eller en e-postadress"),
            ("kontakt", "ring mig", "Skriv ett telefonnummer eller en e-postadress"),
            ("kontakt", "a@example.org b@example.org", "Skriv ett telefonnummer eller en e-postadress"),
            ("sprak", "<b>x</b>", "Skriv ett språk"),
            ("behov", "x" * 301, "högst 300 tecken"),
        ],
    )
    async def test_what_is_wrong_stands_at_the_field_and_nothing_typed_is_lost(
        self, visitor, new_event, signups, field, value, reason
    ):
        event = new_event()
        answer = await sign_up(visitor, event, **(KIM | {"behov": "rullstol", field: value}))
        assert answer.status_code == 422
        assert "<title>Fel: " in answer.text
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-error" class="field-error">{reason}' in answer.text.replace(
            "Det blev för långt. Skriv med ", ""
        )
        kept = form_of(answer, f"{event_path(event)}#anmal")
        assert kept == kept | KIM | {"behov": "rullstol", field: value}
        assert signups(event) == []

    async def test_a_form_sent_twice_is_one_sign_up_and_both_lead_to_it(self, visitor, new_event, signups):
        event = new_event()
        path = event_path(event)
        form = typed(await visitor.get(path), path, **BO)
        answers = [await visitor.client.post(path, data=form) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        assert len(signups(event)) == 1
        for answer in answers:
            assert "Du är anmäld" in (await visitor.get(answer.headers["location"])).text

    @pytest.mark.parametrize("later", [{}, {"hours": 2}, {"days": 18}])
    async def test_whoever_types_anothers_address_does_not_learn_that_they_come(
        self, house, new_event, signups, mails, clock, later
    ):
        event = new_event(capacity=1)
        await sign_up(house.browser(), event, **KIM)
        form = typed(await house.browser().get(event_path(event)), event_path(event), namn="Någon annan")
        clock.move(**later)
        asked, new = [
            await house.browser().client.post(event_path(event), data=form | {"kontakt": contact, "nyckel": contact})
            for contact in ("KIM@example.org", "ingen@example.org")
        ]
        assert asked.status_code == new.status_code == (409 if "days" in later else 303)
        assert asked.headers.get("location") == new.headers.get("location")
        assert asked.text.replace("KIM@", "ingen@") == new.text
        assert "/traffar/anmalan/" not in asked.text
        assert [signup.name for signup in signups(event)][:1] == ["Kim"]
        kinds = [mail.kind for mail in mails("kim@example.org")]
        assert kinds == ["SIGNUP"] + ["EVENTMESSAGE"] * ("hours" in later), "the mail has a link of its own"

    async def test_whoever_types_anothers_telephone_number_does_not_get_at_their_sign_up(
        self, house, new_event, signups
    ):
        event = new_event()
        await sign_up(house.browser(), event, **BO)
        answer = await sign_up(house.browser(), event, **BO | {"namn": "Någon annan"})
        assert answer.status_code == 409
        assert "location" not in answer.headers
        assert "/traffar/anmalan/" not in answer.text
        assert "Det finns redan en anmälan" in answer.text
        assert [signup.name for signup in signups(event)] == ["Bo"]

    async def test_nobody_fills_an_event_from_one_network(self, visitor, new_event, signups, database, clock):
        event, other = new_event(capacity=30), new_event(capacity=30)
        path = event_path(event)
        forms = [KIM | {"kontakt": f"p{number}@example.org", "nyckel": f"nyckel {number}"} for number in range(11)]
        answers = [await visitor.client.post(path, data=form) for form in forms]
        assert [answer.status_code for answer in answers] == [303] * 10 + [429]
        assert "Många har redan anmält sig" in answers[-1].text
        assert "Vägledningen i Arvika, 0570-00 00 00" in answers[-1].text
        assert form_of(answers[-1], f"{path}#anmal")["kontakt"] == "p10@example.org", "nothing typed is lost"
        assert len(signups(event)) == 10
        known = await visitor.client.post(path, data=forms[3] | {"nyckel": "en annan"})
        assert known.status_code == 429, "not even that tells who has signed up"
        assert (await visitor.client.post(path, data=forms[3])).status_code == 303, "the same form again"
        elsewhere = await visitor.client.post(event_path(other), data=forms[0] | {"nyckel": "en tredje"})
        assert elsewhere.status_code == 303, "each event counts for itself"
        clock.move(days=1)
        with database.transaction() as session:
            (holding,) = HOLDINGS
            holding.retire(session, SETTINGS, clock())
            clock.move(seconds=1)
            holding.retire(session, SETTINGS, clock())
        assert {signup.origin for signup in signups(event)} == {None}
        assert (await visitor.client.post(path, data=forms[10])).status_code == 303

    async def test_a_form_on_another_site_signs_nobody_up(self, visitor, new_event, signups):
        event = new_event()
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elak.example"}):
            answer = await visitor.client.post(event_path(event), data=KIM, headers=headers)
            assert answer.status_code == 403
        assert signups(event) == []

    async def test_too_many_forms_from_one_address_are_refused_for_a_while(self, visitor, new_event):
        paths = [event_path(new_event(capacity=None)) for _ in range(3)]
        answers = [
            (await visitor.client.post(paths[n // 8], data=KIM | {"kontakt": f"p{n}@example.org"})).status_code
            for n in range(21)
        ]
        assert answers == [303] * 20 + [429]

    async def test_a_personal_number_among_the_needs_is_not_stored(self, visitor, new_event, signups):
        event = new_event()
        await sign_up(visitor, event, **KIM, behov="rullstol 640823-3234")
        assert signups(event)[0].needs == "rullstol [personnummer]"


class TestTheFeed:
    async def test_holds_what_comes_and_nobody_who_has_signed_up(self, visitor, new_event, sign_up_one):
        event = new_event(online_url="https://mote.example.org/dorr")
        sign_up_one(event)
        new_event(status="cancelled", title="Inställd träff")
        new_event(status="draft", title="Utkast")
        answer = await visitor.client.get("/traffar.ics")
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        entries = {str(entry["summary"]): entry for entry in Calendar.from_ical(answer.content).walk("VEVENT")}
        assert set(entries) == {"Öppet hus om industrijobb", "Inställd träff"}
        assert str(entries["Inställd träff"]["status"]) == "CANCELLED"
        assert entries["Öppet hus om industrijobb"]["dtstart"].dt == datetime(2026, 12, 10, 16, tzinfo=UTC)
        for private in ("person-1", "mote.example.org", "ATTENDEE"):
            assert private not in answer.text
