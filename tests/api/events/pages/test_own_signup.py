"""The person's own page behind the link: how the sign-up stands, cancelling, answering an offer, the calendar file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from api.events.line import lapse_offers
from api.events.links import new_link
from api.events.tables import Event, EventSignup, EventSignupLink
from tests.api.events.signups import OFFICE, STARTS


@pytest.fixture
def link(database, now):
    """The address of the page of a sign-up."""

    def make(signup: EventSignup) -> str:
        with database.transaction() as session:
            return new_link(session, session.get_one(EventSignup, signup.id), OFFICE, now).removeprefix(OFFICE.base_url)

    return make


@pytest.fixture
def queue(new_event, sign_up_one):
    """An event with one place: who has it, and who waits."""
    event = new_event(capacity=1)
    return event, sign_up_one(event, 1), sign_up_one(event, 2)


async def test_it_says_when_and_where_and_what_is_kept(visitor, new_event, sign_up_one, link):
    signup = sign_up_one(new_event(), needs="rullstol", language="arabiska")
    page = (await visitor.get(link(signup))).text
    for words in (
        "Du är anmäld",
        "Torsdag 10 december kl. 17.00–19.00",
        "Noden i Arvika, Exempelgatan 1",
        "rullstol",
        "Arabiska",
        signup.reference,
        "Det raderas 30 dagar efter träffen",
    ):
        assert words in page
    assert "Person 1x" not in page


async def test_the_link_is_kept_from_other_sites_caches_and_search_engines(visitor, new_event, sign_up_one, link):
    path = link(sign_up_one(new_event()))
    for way in (path, path + "/traff.ics", "/traffar/anmalan/" + "x" * 22, path + "/finns-inte"):
        answer = await visitor.get(way)
        assert answer.headers["referrer-policy"] == "no-referrer"
    page = await visitor.get(path)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    assert "Disallow: /traffar/anmalan/" in (await visitor.get("/robots.txt")).text


async def test_looking_changes_nothing(visitor, queue, link, stored):
    _, first, second = queue
    for signup in (first, second):
        for call in (visitor.client.get, visitor.client.head):
            assert (await call(link(signup))).status_code == 200
        for way in ("/ja", "/nej", "/avboka"):
            assert (await visitor.client.get(link(signup) + way)).status_code in (404, 405)
    assert (stored(first).status, stored(second).status) == ("signed", "waiting")


async def test_cancelling_gives_the_place_to_the_next_who_says_yes(visitor, queue, link, stored):
    _, first, second = queue
    answer = await visitor.client.post(link(first) + "/avboka")
    assert answer.status_code == 303
    assert "Du är avanmäld" in (await visitor.get(answer.headers["location"])).text
    page = (await visitor.get(link(second))).text
    assert "Du kan få en plats" in page
    assert "Svara senast 24 november 2026 kl. 10.00" in page
    answer = await visitor.client.post(link(second) + "/ja")
    assert "Du har fått platsen" in (await visitor.get(answer.headers["location"])).text
    assert stored(second).status == "signed"


async def test_a_no_lets_the_place_go_on(visitor, queue, link, stored, sign_up_one):
    event, first, second = queue
    third = sign_up_one(event, 3)
    await visitor.client.post(link(first) + "/avboka")
    await visitor.client.post(link(second) + "/nej")
    assert [stored(one).status for one in (second, third)] == ["cancelled", "offered"]


async def test_a_late_yes_is_told_so(visitor, queue, link, database, clock, stored):
    _, first, second = queue
    await visitor.client.post(link(first) + "/avboka")
    clock.move(hours=25)
    path = link(second)
    assert "Platsen har gått vidare" in (await visitor.get(path)).text
    with database.transaction() as session:
        lapse_offers(session, clock(), OFFICE)
    answer = await visitor.client.post(path + "/ja")
    assert "Någon annan hann före" in (await visitor.get(answer.headers["location"])).text
    assert stored(second).status == "cancelled"


async def test_a_place_that_is_free_at_the_last_moment_is_for_whoever_is_first(visitor, queue, link, clock, stored):
    _, first, second = queue
    clock.now = STARTS - timedelta(hours=3)
    await visitor.client.post(link(first) + "/avboka")
    page = await visitor.get(link(second))
    assert "Den som svarar först får den" in page.text
    await visitor.client.post(link(second) + "/ja")
    assert stored(second).status == "signed"


async def test_a_second_press_changes_nothing(visitor, queue, link, stored):
    _, first, _ = queue
    for _ in range(2):
        assert (await visitor.client.post(link(first) + "/avboka")).status_code == 303
    assert stored(first).status == "cancelled"


async def test_nothing_is_changed_once_it_has_begun(visitor, queue, link, clock, stored):
    _, first, _ = queue
    path = link(first)
    clock.now = STARTS
    assert "Träffen har varit" in (await visitor.get(path)).text
    assert (await visitor.client.post(path + "/avboka")).status_code == 303
    assert stored(first).status == "signed"


async def test_a_cancelled_event_is_said_with_its_reason(visitor, new_event, sign_up_one, link, database):
    event = new_event()
    signup = sign_up_one(event)
    with database.transaction() as session:
        row = session.get_one(Event, event.id)
        row.status, row.cancel_reason = "cancelled", "Läraren är sjuk."
    page = (await visitor.get(link(signup))).text
    assert "Träffen är inställd" in page
    assert "Läraren är sjuk." in page


async def test_the_calendar_file_holds_the_event_and_nobodys_address(visitor, new_event, sign_up_one, link):
    signup = sign_up_one(new_event())
    answer = await visitor.client.get(link(signup) + "/traff.ics")
    (entry,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(entry["uid"]) == signup.ical_uid
    assert entry["dtstart"].dt == STARTS
    assert "person-1" not in answer.text


async def test_the_calendar_file_opens_the_door_on_the_net_only_for_those_who_have_a_place(
    visitor, new_event, sign_up_one, link
):
    room = "https://mote.example.org/rum"
    event = new_event(capacity=1, place_name="", street="", online_url=room)
    first, second, third = (sign_up_one(event, number) for number in (1, 2, 3))
    files = {one.id: link(one) + "/traff.ics" for one in (first, second, third)}
    assert room in (await visitor.client.get(files[first.id])).text
    assert room not in (await visitor.client.get(files[second.id])).text
    await visitor.client.post(link(first) + "/avboka")
    for one in (first, second, third):  # cancelled, offered, waiting
        answer = await visitor.client.get(files[one.id])
        (entry,) = Calendar.from_ical(answer.content).walk("VEVENT")
        assert room not in answer.text
        assert str(entry["location"]) == "På nätet"
    await visitor.client.post(link(second) + "/ja")
    assert room in (await visitor.client.get(files[second.id])).text


async def test_a_wrong_and_an_erased_link_get_the_same_page(visitor, new_event, sign_up_one, link, database):
    path = link(sign_up_one(new_event()))
    with database.transaction() as session:
        for row in session.scalars(select(EventSignupLink)):
            session.delete(row)
    for call in (visitor.client.get, visitor.client.post):
        for way in ("", "/avboka", "/ja") if call == visitor.client.post else ("", "/traff.ics"):
            if way or call == visitor.client.get:
                pages = [await call(base + way) for base in (path, "/traffar/anmalan/" + "x" * 22)]
                assert [page.status_code for page in pages] == [404, 404]
                assert pages[0].text.replace(path, "") == pages[1].text.replace("/traffar/anmalan/" + "x" * 22, "")


async def test_guesses_at_links_are_counted(visitor):
    answers = [(await visitor.client.get(f"/traffar/anmalan/{n}")).status_code for n in range(121)]
    assert answers == [404] * 120 + [429]
