"""Sessions end: by being left, by time, by hand, and when the account changes."""

from __future__ import annotations

from sqlalchemy import select

from api.staff import sessions
from api.staff.tables import StaffSession
from tests.api.staff.conftest import PASSWORD, House
from tests.conftest import MovableClock

NEW = "grind åska 41 pelargon"


async def test_ends_an_hour_after_the_last_use(house: House, clock: MovableClock) -> None:
    browser = house.signed_in(house.account())
    for _ in range(3):
        clock.move(minutes=59)
        assert await browser.is_in()
    clock.move(minutes=60)
    assert not await browser.is_in()


async def test_ends_twelve_hours_after_the_log_in_however_much_it_is_used(house: House, clock: MovableClock) -> None:
    browser = house.signed_in(house.account())
    for _ in range(14):
        clock.move(minutes=50)
        assert await browser.is_in()
    clock.move(minutes=20)
    assert not await browser.is_in()


async def test_both_times_are_settings(build, clock: MovableClock) -> None:
    house = build(session_idle_minutes=5, session_hours=1)
    browser = house.signed_in(house.account())
    clock.move(minutes=5)
    assert not await browser.is_in()


async def test_log_out_ends_the_session_on_the_server_too(house: House) -> None:
    house.account()
    browser = house.browser()
    await browser.log_in()
    await browser.get("/personal")
    token = browser.token
    answer = await browser.post("/personal/logga-ut")
    assert answer.headers["location"] == "/personal/logga-in"
    assert browser.token == ""
    browser.client.cookies.set("__Host-iv_session", token, domain="vagledaren.example.org")
    assert not await browser.is_in()


async def test_log_out_by_a_mere_link_is_not_possible(house: House) -> None:
    browser = house.signed_in(house.account())
    assert (await browser.get("/personal/logga-ut")).status_code == 405
    assert await browser.is_in()


async def test_a_form_that_was_open_too_long_leads_to_the_log_in_with_a_reason(
    house: House, clock: MovableClock
) -> None:
    browser = house.signed_in(house.account())
    clock.move(hours=2)
    page = await browser.post("/personal/konto/sessioner")
    assert page.status_code == 401
    assert "Du är inte inloggad längre." in page.text
    assert 'action="/personal/logga-in"' in page.text


async def test_a_program_gets_the_error_instead_of_a_form(house: House) -> None:
    answer = await house.browser().client.get("/personal", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


async def test_what_is_over_is_erased(house: House, clock: MovableClock) -> None:
    number = house.account()
    house.signed_in(number)
    clock.move(hours=13)
    with house.database.transaction() as session:
        assert sessions.erase_ended(session, house.settings, clock()) == 1
        assert session.scalars(select(StaffSession)).all() == []


async def test_pages_for_staff_are_not_kept_by_caches_or_search_engines(house: House) -> None:
    page = await house.signed_in(house.account()).get("/personal/konto")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    assert "loader.js" not in page.text


class TestOwnAccount:
    async def test_shows_all_sessions_and_ends_one_of_them(self, house: House, clock: MovableClock) -> None:
        number = house.account()
        old = house.signed_in(number)
        clock.move(minutes=10)
        browser = house.signed_in(number)
        page = await browser.get("/personal/konto")
        assert page.text.count("En annan webbläsare") == 1
        assert "Inloggad 23 november 2026 kl. 10.00." in page.text
        with house.database.transaction(read_only=True) as session:
            first = session.scalars(select(StaffSession.id).order_by(StaffSession.id)).first()
        await browser.post(f"/personal/konto/sessioner/{first}")
        assert not await old.is_in()
        assert await browser.is_in()

    async def test_nobody_ends_the_sessions_of_another(self, house: House) -> None:
        theirs = house.signed_in(house.account("annan@example.org"))
        with house.database.transaction(read_only=True) as session:
            number = session.scalars(select(StaffSession.id)).one()
        await house.signed_in(house.account()).post(f"/personal/konto/sessioner/{number}")
        assert await theirs.is_in()

    async def test_a_new_password_ends_all_other_sessions(self, house: House) -> None:
        number = house.account()
        other, browser = house.signed_in(number), house.signed_in(number)
        answer = await browser.post("/personal/konto/losenord", old=PASSWORD, new=NEW, again=NEW)
        assert answer.headers["location"] == "/personal/konto?klart=losenord"
        assert "Lösenordet är bytt." in (await browser.get(answer.headers["location"])).text
        assert not await other.is_in()
        assert (await house.browser().log_in()).status_code == 401
        assert (await house.browser().log_in(password=NEW)).status_code == 303

    async def test_a_refused_password_is_explained_at_its_field_and_changes_nothing(self, house: House) -> None:
        browser = house.signed_in(house.account())
        for fields, sentence, field in [
            ({"old": "fel", "new": NEW, "again": NEW}, "Det nuvarande lösenordet stämmer inte.", "old"),
            ({"old": PASSWORD, "new": "kort", "again": "kort"}, "Använd minst 12 tecken", "new"),
            ({"old": PASSWORD, "new": NEW, "again": NEW + "x"}, "på två olika sätt", "again"),
            ({"old": PASSWORD, "new": "redaktionen2026", "again": "redaktionen2026"}, "för lätt att gissa", "new"),
        ]:
            page = await browser.post("/personal/konto/losenord", **fields)
            assert page.status_code == 422
            assert f'<p id="{field}-error" class="field-error">' in page.text
            assert f'<a href="#{field}">' in page.text
            assert sentence in page.text
            assert NEW not in page.text
            assert "<title>Fel: Mitt konto" in page.text
        assert (await house.browser().log_in()).status_code == 303

    async def test_a_stolen_session_cannot_try_out_the_old_password(self, house: House) -> None:
        browser = house.signed_in(house.account())
        for _ in range(5):
            await browser.post("/personal/konto/losenord", old="fel", new=NEW, again=NEW)
        page = await browser.post("/personal/konto/losenord", old=PASSWORD, new=NEW, again=NEW)
        assert page.status_code == 429

    async def test_what_was_done_is_only_said_in_our_own_words(self, house: House) -> None:
        page = await house.signed_in(house.account()).get("/personal/konto?klart=<b>hej")
        assert "hej" not in page.text


class TestStart:
    async def test_says_who_is_logged_in_and_links_only_to_pages_that_exist(self, house: House) -> None:
        for role, words in (("admin", "sköta kontona"), ("staff", "utbildningar och svar"), ("counsellor", "möten")):
            browser = house.signed_in(house.account(f"konto-{role}", role))
            page = await browser.get("/personal")
            assert words in page.text
            assert ("/personal/konton" in page.text) == (role == "admin")
            links = {part.split('"')[0] for part in page.text.split('href="/personal')[1:]}
            for link in links:
                assert (await browser.get("/personal" + link)).status_code == 200


async def test_a_clock_set_back_ends_no_session_and_lengthens_none_by_more(house: House, clock: MovableClock) -> None:
    browser = house.signed_in(house.account())
    clock.move(hours=-2)
    assert await browser.is_in()
    clock.move(hours=3)
    assert not await browser.is_in()


async def test_a_clock_set_forward_a_day_ends_every_session_and_people_log_in_anew(
    house: House, clock: MovableClock
) -> None:
    browser = house.signed_in(house.account())
    clock.move(days=1)
    assert not await browser.is_in()
    await browser.log_in()
    assert await browser.is_in()
