"""The person's own pages behind the link: looking, moving, cancelling, and what they never do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.booking.links import new_link
from api.booking.tables import Meeting, MeetingLink
from api.main import create_app
from api.settings import Settings
from tests.api.booking.conftest import utc


@pytest.fixture
def meeting(book, person) -> Meeting:
    return book(person)


@pytest.fixture
def path(database, meeting, office, now) -> str:
    """The address of the person's page."""
    with database.transaction() as session:
        return new_link(session, session.get_one(Meeting, meeting.id), office, now).removeprefix(office.base_url)


@pytest.fixture
def stored(database, meeting):
    def read() -> Meeting:
        with database.transaction(read_only=True) as session:
            return session.get_one(Meeting, meeting.id)

    return read


@pytest.fixture
def change(database, meeting):
    def set_(**values: object) -> None:
        with database.transaction() as session:
            row = session.get_one(Meeting, meeting.id)
            for name, value in values.items():
                setattr(row, name, value)

    return set_


def slots(html: str) -> list[str]:
    return [found.replace("%40", "@") for found in re.findall(r'\?tid=([^"]+)"', html)]


async def test_the_page_says_what_is_kept_and_for_how_long(client, path):
    page = await client.get(path)
    assert "Namn och e-postadress raderas 30 dagar efter mötet" in page.text
    assert "Kim" not in page.text


async def test_what_the_counsellor_may_see_is_shown(client, path, change):
    change(asked_about="Yrke: svetsare")
    assert "Yrke: svetsare" in (await client.get(path)).text


async def test_easy_swedish_when_the_person_chose_it(client, path, change):
    change(wants_easy=True)
    assert "Vi tar bort det 30 dagar efter mötet." in (await client.get(path)).text
    assert "Den finns kvar tills du har valt en ny." in (await client.get(path + "/tider")).text


async def test_three_spread_times_then_later_ones_then_days(client, path):
    first = await client.get(path + "/tider")
    assert len(slots(first.text)) == 3
    later = await client.get(path + "/tider", params={"efter": slots(first.text)[-1]})
    assert not set(slots(first.text)) & set(slots(later.text))
    days = await client.get(path + "/tider?dagar=alla")
    found = re.findall(r'\?dag=([^"]+)"', days.text)
    assert len(found) == 5
    day = await client.get(f"{path}/tider?dag={found[0]}")
    assert {slot.partition("@")[2][:8] for slot in slots(day.text)} == {found[0].replace("-", "")}
    after = await client.get(f"{path}/tider?dagar={found[-1]}")
    assert min(re.findall(r'\?dag=([^"]+)"', after.text)) > found[-1]


async def test_the_own_time_is_not_offered(client, path):
    assert "20261126T1200Z" not in (await client.get(path + "/tider?dag=2026-11-26")).text


@pytest.mark.parametrize("query", ["efter=x", "dag=x", "dag=9999-12-31", "dagar=x", "tid=x", "dag=2026-12-25"])
async def test_an_address_that_makes_no_sense_shows_times_all_the_same(client, path, query):
    page = await client.get(f"{path}/tider?{query}")
    assert page.status_code == 200


async def test_looking_at_every_page_changes_nothing(client, path, stored):
    before = stored().sequence
    slot = slots((await client.get(path + "/tider")).text)[0]
    for query in ("", f"?tid={slot}", f"?efter={slot}", "?dagar=alla"):
        for call in (client.get, client.head):
            assert (await call(f"{path}/tider{query}")).status_code == 200
    assert (await client.get(path + "/byt")).status_code in (404, 405)
    assert stored().sequence == before


async def test_a_move_keeps_the_uid_and_raises_the_sequence(client, path, stored):
    uid = stored().ical_uid
    slot = slots((await client.get(path + "/tider")).text)[1]
    check = await client.get(f"{path}/tider?tid={slot}")
    assert "Stämmer det?" in check.text
    answer = await client.post(path + "/byt", data={"tid": slot})
    assert answer.status_code == 303
    assert "Du har bytt tid" in (await client.get(answer.headers["Location"])).text
    assert (stored().ical_uid, stored().sequence) == (uid, 1)
    assert stored().starts_at.strftime("%Y%m%dT%H%MZ") == slot.partition("@")[2]
    await client.post(path + "/byt", data={"tid": slot})
    assert stored().sequence == 1


async def test_a_chosen_counsellor_stays(client, path, stored):
    assert all(slot.startswith("karlstad-1@") for slot in slots((await client.get(path + "/tider")).text))


async def test_a_taken_time_is_refused_with_others_and_the_old_one_stays(client, path, stored, book, new_person):
    book(new_person(), "karlstad-1@20261127T1200Z")
    answer = await client.post(path + "/byt", data={"tid": "karlstad-1@20261127T1200Z"})
    assert answer.status_code == 409
    assert "Din gamla tid gäller fortfarande" in answer.text
    assert len(slots(answer.text)) == 3
    assert stored().starts_at == utc("2026-11-26 12:00")
    seen = await client.get(path + "/tider?tid=karlstad-1@20261127T1200Z")
    assert "Den tiden är inte ledig" in seen.text


async def test_a_meeting_that_has_begun_cannot_be_moved(client, path, stored, clock):
    slot = slots((await client.get(path + "/tider")).text)[0]
    clock.now += timedelta(days=3, hours=3)
    assert (await client.get(path + "/tider")).status_code == 303
    assert (await client.post(path + "/byt", data={"tid": slot})).status_code == 303
    assert stored().sequence == 0


async def test_after_many_moves_one_has_to_phone(client, path, stored, change):
    slot = slots((await client.get(path + "/tider")).text)[0]
    change(own_moves=10)
    assert "Tiden har flyttats många gånger" in (await client.get(path)).text
    await client.post(path + "/byt", data={"tid": slot})
    assert stored().sequence == 0


async def test_however_often_staff_have_moved_it_the_person_may_too(client, path, stored, change):
    slot = slots((await client.get(path + "/tider")).text)[0]
    change(sequence=10)
    assert "Tiden har flyttats många gånger" not in (await client.get(path)).text
    await client.post(path + "/byt", data={"tid": slot})
    assert (stored().sequence, stored().own_moves) == (11, 1)


FAR_YEARS = ["00010102", "00010101", "17760704", "99991230", "99991231"]


@pytest.mark.parametrize("day", FAR_YEARS)
@pytest.mark.parametrize("slug", ["karlstad", "karlstad-1"])
async def test_a_year_that_nobody_has_is_a_time_that_is_not_free(client, path, stored, slug, day):
    tid = f"{slug}@{day}T0000Z"
    answer = await client.post(path + "/byt", data={"tid": tid})
    assert answer.status_code == 409
    for query in (f"tid={tid}", f"efter={tid}", *(f"{way}={day[:4]}-{day[4:6]}-{day[6:]}" for way in ("dag", "dagar"))):
        assert (await client.get(f"{path}/tider?{query}")).status_code == 200
    assert stored().sequence == 0


async def test_wrong_and_erased_links_give_the_same_page(client, path, database):
    with database.transaction() as session:
        for row in session.scalars(select(MeetingLink)):
            session.delete(row)
    for way, call in (("", client.get), ("/tider", client.get), ("/mote.ics", client.get), ("/byt", client.post)):
        pages = [await call(base + way) for base in (path, "/mote/" + "x" * 22)]
        assert [page.status_code for page in pages] == [404, 404]
        assert pages[0].text.replace(path, "") == pages[1].text.replace("/mote/" + "x" * 22, "")


async def test_the_secret_reaches_no_other_site_no_cache_and_no_search_engine(client, path):
    for way in ("", "/tider", "/finns/inte"):
        page = await client.get(path + way)
        assert page.headers["Referrer-Policy"] == "no-referrer"
        if way != "/finns/inte":
            assert page.headers["Cache-Control"] == "no-store"
            assert page.headers["X-Robots-Tag"] == "noindex"
        assert 'src="http' not in page.text


async def test_guessing_is_slowed_down(database, clock, counsellors, tmp_path):
    import httpx

    settings = Settings(data_dir=tmp_path, rate_limit_links="3/day")
    app: FastAPI = create_app(settings, clock=clock, database=database)
    headers = {"Accept": "text/html"}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://api.example.org", headers=headers) as client:
        answers = [await client.get(f"/mote/{number}") for number in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert "Vänta en minut" in answers[-1].text
    assert answers[-1].headers["Referrer-Policy"] == "no-referrer"
    await app.state.bot.close()
    app.state.vacancies.close()
