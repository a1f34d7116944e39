"""Booking as the action server sees it: every turn over HTTP."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from api.booking.tables import Meeting, MeetingLink
from api.outbox import service as outbox
from api.outbox.tables import Outbox
from api.staff.tables import Audit

TIME = "karlstad-1@20261126T1200Z"


async def hold(client: httpx.AsyncClient, person, slot: str = TIME, meeting_type: str = "phone") -> httpx.Response:
    body = {"conversation_id": str(person.conversation_id), "slot_id": slot, "meeting_type": meeting_type}
    return await client.post("/internal/v1/meetings/holds", json=body)


async def confirm(
    client: httpx.AsyncClient, person, meeting_id: str, *, token: str = "", name: str = "Kim", key: str = ""
) -> httpx.Response:
    return await client.post(
        f"/internal/v1/meetings/{meeting_id}/confirm",
        json=details(person, name, token),
        headers={"Idempotency-Key": key or f"key-{meeting_id}"},
    )


async def check(
    client: httpx.AsyncClient, person, meeting_id: str, *, token: str = "", name: str = "Kim"
) -> httpx.Response:
    return await client.post(f"/internal/v1/meetings/{meeting_id}/check", json=details(person, name, token))


async def times(client, **wanted):
    """Free times in Karlstad by phone, unless something else is wanted; nobody's conversation."""
    body = {"conversation_id": str(uuid4()), "node": "karlstad", "meeting_type": "phone"} | wanted
    return await client.post("/internal/v1/booking/times", json=body)


def details(person, name: str, token: str) -> dict[str, str]:
    return {"conversation_id": str(person.conversation_id), "name": name, "contact_token": token or person.email}


async def book(client: httpx.AsyncClient, person, slot: str = TIME, **how: str) -> dict:
    """A booked meeting: its id and the `data` of the booking message."""
    meeting_id = (await hold(client, person, slot)).json()["meeting_id"]
    answer = await confirm(client, person, meeting_id, **how)
    assert answer.status_code == 201, answer.text
    return {"id": meeting_id} | answer.json()["messages"][0]["data"]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_without_the_service_token_nothing_is_answered(client):
    client.headers.pop("Authorization")
    assert code(await client.get("/internal/v1/booking/nodes")) == (401, "unauthorized")


class TestChoosing:
    async def test_towns_come_nearest_first_and_only_where_somebody_can_be_booked(self, client):
        reply = (await client.get("/internal/v1/booking/nodes", params={"place": "Eda"})).json()["messages"][0]
        assert reply["kind"] == "choices"
        assert [choice["title"] for choice in reply["choices"]] == ["Arvika", "Karlstad"]
        assert (
            reply["choices"][0] | {"topic": "book_meeting", "entities": {"booking_node": "arvika"}}
            == reply["choices"][0]
        )
        assert "närmast Eda" in reply["text"]

    async def test_only_ways_to_meet_that_somebody_at_the_node_offers_are_shown(self, client):
        reply = (await client.get("/internal/v1/booking/meeting-types", params={"node": "arvika"})).json()["messages"][
            0
        ]
        assert [choice["entities"] for choice in reply["choices"]] == [{"booking_type": "phone"}]
        nobody = (await client.get("/internal/v1/booking/meeting-types", params={"node": "sunne"})).json()["messages"][
            0
        ]
        assert nobody["choices"][0]["topic"] == "human_contact"

    async def test_an_unknown_node_is_an_error_with_a_sentence(self, client):
        answer = await times(client, node="malmö")
        assert code(answer) == (404, "node_unknown")

    async def test_three_times_are_told_in_words_and_as_buttons(self, client):
        reply = (await times(client)).json()["messages"][0]
        assert reply["kind"] == "slots"
        assert reply["text"] == (
            "Här är lediga tider hos vägledaren i Karlstad, per telefon:\n"
            "– tisdag 24 november kl. 09.00–09.30\n"
            "– tisdag 24 november kl. 13.00–13.30\n"
            "– onsdag 25 november kl. 09.00–09.30\n"
            "Vilken tid passar dig? Du kan också skriva vilken tid som passar, till exempel ”torsdag efter lunch”."
        )
        first = reply["data"]["items"][0]
        assert first["start"] == "2026-11-24T09:00:00+01:00"
        assert first["end"] == "2026-11-24T09:30:00+01:00"
        assert first["counsellor"] == "Studie- och yrkesvägledare 1, Karlstad"
        assert first["meeting_types"] == ["phone", "video", "on_site"]
        assert [choice["title"] for choice in reply["choices"]] == [
            "tis 24 nov kl. 09.00–09.30, telefon",
            "tis 24 nov kl. 13.00–13.30, telefon",
            "ons 25 nov kl. 09.00–09.30, telefon",
            "Fler tider",
            "Annan dag",
            "Välj vägledare",
            "Ring mig",
        ]
        assert reply["choices"][0]["entities"] == {"booking_time": first["id"]}
        assert reply["choices"][3]["entities"] == {"booking_after": "karlstad@20261125T0800Z"}

    async def test_more_times_are_later_than_the_ones_shown(self, client):
        reply = (await times(client, after="karlstad@20261125T0800Z")).json()["messages"][0]
        assert reply["data"]["items"][0]["start"] == "2026-11-25T09:30:00+01:00"

    async def test_when_no_times_are_left_a_person_and_another_town_are_offered(self, client):
        reply = (await times(client, after="karlstad@20270301T0800Z")).json()["messages"][0]
        assert "inga fler lediga tider" in reply["text"]
        assert {"human_contact", "book_meeting"} <= {choice["topic"] for choice in reply["choices"]}
        none = await times(client, node="sunne")
        assert "inga lediga tider" in none.json()["messages"][0]["text"]

    async def test_what_is_no_slot_to_go_on_from_is_refused(self, client):
        assert code(await times(client, after="2026-11-25T08:00:00")) == (422, "slot_unknown")

    @pytest.mark.parametrize("words", ["kl 13", "13", "halv två", "tisdag 13.00", "jag tar den kl 13", "tar 24/11"])
    async def test_words_that_name_one_of_the_times_on_screen_choose_it(self, client, words):
        shown = ["karlstad@20261123T0800Z", "karlstad@20261124T1200Z"]
        if "halv" in words:
            shown[1] = "karlstad@20261124T1230Z"
        read = await client.post("/internal/v1/booking/reading", json={"text": words, "shown": shown})
        assert read.json()["chosen"] == shown[1]

    @pytest.mark.parametrize(
        "words", ["efter 13", "jag kan bara efter 12", "mellan 13 och 15", "inte före 12", "tisdag"]
    )
    async def test_bounds_choose_nothing_even_when_one_time_on_screen_lies_inside(self, client, words):
        shown = ["karlstad@20261123T0800Z", "karlstad@20261124T1200Z"]
        read = (await client.post("/internal/v1/booking/reading", json={"text": words, "shown": shown})).json()
        assert (read["fitting"], read["chosen"]) == ([shown[1]], None)


class TestHolding:
    async def test_a_time_is_held_for_ten_minutes(self, client, person, clock):
        answer = await hold(client, person)
        assert answer.status_code == 201
        (reply,) = answer.json()["messages"]
        assert "i 10 minuter, till kl. 10.10" in reply["text"]
        assert reply["data"] == {"held_until": "2026-11-23T10:10:00+01:00"}
        assert answer.json()["held_until"] == (clock.now + timedelta(minutes=10)).isoformat().replace("+00:00", "Z")

    async def test_a_held_time_is_refused_to_others_who_are_offered_the_nearest(self, client, new_person):
        for _ in range(2):
            await hold(client, new_person(), "karlstad@20261126T1200Z")
        answer = await hold(client, new_person(), "karlstad@20261126T1200Z")
        assert code(answer) == (409, "slot_taken")
        reply = answer.json()["messages"][0]
        assert reply["kind"] == "slots"
        assert reply["text"].startswith("Den tiden hann någon annan ta.")
        assert [item["start"][11:16] for item in reply["data"]["items"]] == ["11:30", "14:00", "14:30"]
        assert reply["choices"][0]["entities"] == {"booking_time": "karlstad@20261126T1030Z"}

    async def test_a_new_hold_of_the_same_conversation_lets_the_earlier_go(self, client, new_person):
        person = new_person()
        await hold(client, person)
        assert (await hold(client, person, "karlstad-2@20261126T0800Z")).status_code == 201
        assert (await hold(client, new_person())).status_code == 201

    async def test_a_refused_hold_keeps_the_earlier_one(self, client, new_person, database):
        first, second = new_person(), new_person()
        kept = (await hold(client, first, "karlstad-2@20261126T0800Z")).json()["meeting_id"]
        await hold(client, second)
        assert code(await hold(client, first)) == (409, "slot_taken")
        assert (await confirm(client, first, kept)).status_code == 201

    async def test_a_time_that_is_given_back_can_be_taken_at_once_but_not_confirmed(self, client, new_person):
        person, other = new_person(), new_person()
        held = (await hold(client, person)).json()["meeting_id"]
        mine, theirs = ({"conversation_id": str(one.conversation_id)} for one in (person, other))
        assert code(await client.post(f"/internal/v1/meetings/{held}/release", json=theirs)) == (
            404,
            "meeting_not_found",
        )
        for _ in range(2):
            assert (await client.post(f"/internal/v1/meetings/{held}/release", json=mine)).status_code == 200
        assert (await hold(client, other)).status_code == 201
        assert code(await confirm(client, person, held)) == (409, "hold_expired")

    async def test_giving_back_leaves_a_booked_meeting_alone(self, client, new_person):
        person = new_person()
        held = (await hold(client, person)).json()["meeting_id"]
        await confirm(client, person, held)
        mine = {"conversation_id": str(person.conversation_id)}
        assert (await client.post(f"/internal/v1/meetings/{held}/release", json=mine)).status_code == 200
        assert code(await hold(client, new_person())) == (409, "slot_taken")

    async def test_after_ten_minutes_somebody_else_can_take_the_time(self, client, new_person, clock):
        await hold(client, new_person())
        clock.now += timedelta(minutes=10)
        assert (await hold(client, new_person())).status_code == 201

    @pytest.mark.parametrize(
        "slot",
        [
            "karlstad-1@20261126T1215Z",  # between the steps
            "karlstad-1@20261126T1100Z",  # lunch
            "karlstad-1@20261128T0900Z",  # a Saturday
            "karlstad-1@20261123T1300Z",  # within the notice
            "karlstad-1@20270301T0900Z",  # beyond the horizon
            "karlstad-1@20261224T0900Z",  # Christmas Eve
            "nobody@20261126T1200Z",
            "karlstad-1@soon",
            "",
        ],
    )
    async def test_a_time_that_is_not_offered_cannot_be_held(self, client, person, slot):
        assert code(await hold(client, person, slot)) == (422, "slot_unknown")

    async def test_a_way_to_meet_the_counsellor_does_not_offer_cannot_be_held(self, client, person):
        assert code(await hold(client, person, "arvika-1@20261126T1200Z", "video")) == (422, "slot_unknown")


class TestConfirming:
    async def test_everything_is_read_back_with_the_contact_masked(self, client, new_person):
        person = new_person(phone="0701740667")
        meeting_id = (await hold(client, person)).json()["meeting_id"]
        answer = await check(client, person, meeting_id, name=" Kim ", token=person.phone)
        reply = answer.json()["messages"][0]
        assert reply["kind"] == "confirm"
        assert reply["text"] == (
            "Du bokar torsdag 26 november kl. 13.00–13.30 (telefon) hos studie- och yrkesvägledare 1 i Karlstad.\n"
            "Namn: Kim\nVi når dig på: •••• 67\nVägledaren ringer dig på det nummer du lämnade.\n"
            "Tiden är reserverad för dig till kl. 10.10.\nStämmer det?"
        )
        assert [choice["title"] for choice in reply["choices"]] == [
            "Ja, boka",
            "Ändra tid",
            "Ändra ort",
            "Ändra hur ni ses",
            "Ändra namn",
            "Ändra telefon eller e-post",
            "Ändra tolk",
            "Mer tid att svara",
            "Avbryt",
        ]
        assert reply["choices"][1]["entities"] == {"booking_change": "time"}

    async def test_a_confirmed_meeting_is_answered_with_all_a_person_needs(self, client, person):
        meeting_id = (await hold(client, person)).json()["meeting_id"]
        reply = (await confirm(client, person, meeting_id)).json()["messages"][0]
        data = reply["data"]
        assert reply["kind"] == "booking"
        assert data["reference"].startswith("IV-")
        assert data["reference"] in reply["text"]
        assert data["manage_url"] in reply["text"]
        assert data["start"] == "2026-11-26T13:00:00+01:00"
        assert data["meeting_type"] == "phone"
        assert data["manage_url"].startswith("https://vagledning.example.org/mote/")
        assert data["ics_url"] == data["manage_url"] + "/mote.ics"

    async def test_a_repeat_with_the_same_key_gives_the_same_meeting_once(self, client, person, database):
        meeting_id = (await hold(client, person)).json()["meeting_id"]
        first = (await confirm(client, person, meeting_id, key="k")).json()["messages"][0]["data"]
        again = (await confirm(client, person, meeting_id, key="k")).json()["messages"][0]["data"]
        assert first["reference"] == again["reference"]
        for url in (first["manage_url"], again["manage_url"]):
            assert (await client.get(url)).status_code == 200
        with database.transaction() as session:
            assert len(session.scalars(select(Meeting)).all()) == 1
            assert sorted(session.scalars(select(Outbox.kind))) == ["CONFIRMATION", "REMINDER", "REQUEST"]

    async def test_the_same_key_with_another_body_is_refused(self, client, person):
        meeting_id = (await hold(client, person)).json()["meeting_id"]
        await confirm(client, person, meeting_id, key="k")
        assert code(await confirm(client, person, meeting_id, key="k", name="Sam")) == (422, "idempotency_conflict")

    async def test_a_confirmed_meeting_is_not_confirmed_again_with_another_key(self, client, person):
        meeting_id = (await hold(client, person)).json()["meeting_id"]
        await confirm(client, person, meeting_id, key="k")
        assert code(await confirm(client, person, meeting_id, key="other")) == (409, "meeting_booked")

    async def test_a_booked_meeting_is_shown_instead_of_called_an_expired_hold(self, client, person, clock):
        booked = await book(client, person)
        clock.now += timedelta(minutes=20)
        answer = await check(client, person, booked["id"])
        assert code(answer) == (409, "meeting_booked")
        (reply,) = answer.json()["messages"]
        assert (reply["kind"], reply["data"]["reference"]) == ("booking", booked["reference"])

    async def test_a_key_is_needed(self, client, person):
        meeting_id = (await hold(client, person)).json()["meeting_id"]
        body = {"conversation_id": str(person.conversation_id), "name": "Kim", "contact_token": person.email}
        answer = await client.post(f"/internal/v1/meetings/{meeting_id}/confirm", json=body)
        assert code(answer) == (422, "invalid")

    async def test_after_ten_minutes_the_person_chooses_a_time_anew(self, client, person, clock):
        meeting_id = (await hold(client, person)).json()["meeting_id"]
        clock.now += timedelta(minutes=10)
        answer = await confirm(client, person, meeting_id)
        assert code(answer) == (409, "hold_expired")
        assert answer.json()["messages"][0]["choices"][0]["entities"]["booking_time"]

    @pytest.mark.parametrize(
        "name", ["", "  ", "Kim\nBcc: x@example.org", "Kim\x00", "1234", "K" * 81, "a\u202eb", "www.x"]
    )
    async def test_a_name_that_is_none_is_refused(self, client, person, name):
        meeting_id = (await hold(client, person)).json()["meeting_id"]
        assert code(await confirm(client, person, meeting_id, name=name)) == (422, "name_invalid")
        assert code(await check(client, person, meeting_id, name=name)) == (422, "name_invalid")

    async def test_a_contact_of_another_conversation_is_refused(self, client, new_person):
        person, other = new_person(), new_person()
        meeting_id = (await hold(client, person)).json()["meeting_id"]
        assert code(await confirm(client, person, meeting_id, token=other.email)) == (422, "contact_invalid")
        assert code(await confirm(client, person, meeting_id, token="0701740667")) == (422, "contact_invalid")

    async def test_another_conversation_cannot_confirm_the_hold(self, client, new_person):
        person, other = new_person(), new_person()
        meeting_id = (await hold(client, person)).json()["meeting_id"]
        assert code(await confirm(client, other, meeting_id)) == (404, "meeting_not_found")
        assert code(await check(client, other, meeting_id)) == (404, "meeting_not_found")
        assert code(await confirm(client, person, str(uuid4()))) == (404, "meeting_not_found")

    async def test_a_conversation_has_at_most_two_open_meetings(self, client, person):
        await book(client, person, "karlstad-1@20261126T0800Z")
        await book(client, person, "karlstad-1@20261126T0900Z")
        answer = await hold(client, person, "karlstad-1@20261126T1000Z")
        assert code(answer) == (409, "meeting_limit")
        assert "2" in answer.json()["detail"]

    async def test_a_contact_has_at_most_two_open_meetings_over_conversations(self, client, new_person):
        for hour in ("08", "09"):
            await book(client, new_person(email="same@example.org"), f"karlstad-1@20261126T{hour}00Z")
        third = new_person(email="same@example.org")
        meeting_id = (await hold(client, third, "karlstad-1@20261126T1000Z")).json()["meeting_id"]
        assert code(await confirm(client, third, meeting_id)) == (409, "meeting_limit")
        assert (await confirm(client, third, meeting_id, token=third.phone)).status_code == 201


class TestMineAndCancelling:
    async def test_my_meetings_are_told_in_words(self, client, person):
        booked = await book(client, person)
        params = {"conversation_id": str(person.conversation_id)}
        answer = (await client.get("/internal/v1/meetings", params=params)).json()
        assert answer["meetings"] == [
            {
                "id": booked["id"],
                "reference": booked["reference"],
                "starts_at": "2026-11-26T12:00:00Z",
                "node": "karlstad",
                "meeting_type": "phone",
            }
        ]
        assert "torsdag 26 november kl. 13.00–13.30" in answer["messages"][0]["text"]

    async def test_without_a_meeting_that_is_said(self, client, person):
        params = {"conversation_id": str(person.conversation_id)}
        answer = (await client.get("/internal/v1/meetings", params=params)).json()
        assert answer["meetings"] == []
        assert "ingen bokad tid" in answer["messages"][0]["text"]

    async def test_a_cancelled_time_becomes_free_and_both_are_told_with_a_raised_sequence(
        self, client, new_person, database, now
    ):
        person = new_person()
        booked = await book(client, person)
        with database.transaction() as session:
            sent = {claim.kind: claim.payload for claim in outbox.claim(session, now)}
            for mail in session.scalars(select(Outbox).where(Outbox.claimed_until.is_not(None))):
                outbox.mark_sent(session, mail.id, now)
        body = {"conversation_id": str(person.conversation_id)}
        answer = await client.post(f"/internal/v1/meetings/{booked['id']}/cancel", json=body)
        assert "är avbokad" in answer.json()["messages"][0]["text"]
        again = await client.post(f"/internal/v1/meetings/{booked['id']}/cancel", json=body)
        assert again.status_code == 200
        with database.transaction() as session:
            rows = {row.kind: row for row in session.scalars(select(Outbox))}
            actions = list(session.scalars(select(Audit.action).order_by(Audit.id)))
        assert set(rows) == {"REQUEST", "CONFIRMATION", "REMINDER", "CANCEL", "CANCELLATION"}
        request, cancel = sent["REQUEST"]["ics"], rows["CANCEL"].payload["ics"]
        uid = next(line for line in request.splitlines() if line.startswith("UID"))
        assert uid in cancel
        assert "SEQUENCE:0" in request
        assert "SEQUENCE:1" in cancel
        assert "METHOD:CANCEL" in cancel
        assert actions == ["meeting.confirmed", "meeting.cancelled"]
        assert (await hold(client, new_person())).status_code == 201

    async def test_another_conversation_cannot_cancel(self, client, new_person):
        booked = await book(client, new_person())
        body = {"conversation_id": str(new_person().conversation_id)}
        answer = await client.post(f"/internal/v1/meetings/{booked['id']}/cancel", json=body)
        assert code(answer) == (404, "meeting_not_found")

    async def test_a_meeting_that_has_begun_cannot_be_cancelled(self, client, person, clock):
        booked = await book(client, person)
        clock.now += timedelta(days=3, hours=3)
        body = {"conversation_id": str(person.conversation_id)}
        answer = await client.post(f"/internal/v1/meetings/{booked['id']}/cancel", json=body)
        assert code(answer) == (409, "meeting_passed")


class TestPage:
    @pytest.fixture
    def public(self, client):
        client.headers.pop("Authorization")
        return client

    async def test_the_link_shows_the_meeting_and_keeps_the_secret(self, client, person):
        booked = await book(client, person)
        page = await client.get(booked["manage_url"])
        assert page.status_code == 200
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "torsdag 26 november kl. 13.00–13.30" in page.text
        assert booked["reference"] in page.text

    async def test_opening_the_link_changes_nothing_however_often(self, client, person, database):
        booked = await book(client, person)
        for _ in range(20):
            await client.get(booked["manage_url"])
            await client.head(booked["manage_url"])
            await client.get(booked["ics_url"])
        assert (await client.get(booked["manage_url"] + "/avboka")).status_code in (404, 405)
        with database.transaction() as session:
            assert session.scalars(select(Meeting.status)).one() == "confirmed"
            assert session.scalars(select(Outbox.superseded_at)).all() == [None] * 3

    async def test_the_button_cancels_and_a_second_press_does_no_more(self, client, person, database, clock):
        booked = await book(client, person)
        for _ in range(2):
            answer = await client.post(booked["manage_url"] + "/avboka")
            assert answer.status_code == 303
        page = await client.get(answer.headers["Location"])
        assert "Tiden är avbokad" in page.text
        with database.transaction() as session:
            assert session.scalars(select(Meeting.sequence)).one() == 1
            # Nothing had left yet, so nobody needs to hear of the booking or of its end.
            assert {row.superseded_at for row in session.scalars(select(Outbox))} == {clock.now}

    async def test_a_meeting_that_has_begun_is_shown_without_the_button(self, client, person, clock):
        booked = await book(client, person)
        clock.now += timedelta(days=3, hours=3)
        assert (await client.post(booked["manage_url"] + "/avboka")).status_code == 303
        page = await client.get(booked["manage_url"])
        assert "Mötet har varit" in page.text
        assert "<form" not in page.text

    @pytest.mark.parametrize("path", ["/mote/fel", "/mote/fel/mote.ics"])
    async def test_a_wrong_link_gives_a_page_that_says_so(self, client, path):
        page = await client.get(path)
        assert page.status_code == 404
        assert "Vi hittar inte bokningen" in page.text

    async def test_the_calendar_file_is_the_persons_own(self, client, person):
        booked = await book(client, person)
        file = await client.get(booked["ics_url"])
        assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert "METHOD:PUBLISH" in file.text
        assert "STATUS:CONFIRMED" in file.text
        await client.post(booked["manage_url"] + "/avboka")
        assert "STATUS:CANCELLED" in (await client.get(booked["ics_url"])).text

    async def test_only_the_hash_of_the_token_is_stored(self, client, person, database):
        booked = await book(client, person)
        token = booked["manage_url"].rpartition("/")[2]
        with database.transaction() as session:
            assert token not in session.scalars(select(MeetingLink.token_hash)).one()
