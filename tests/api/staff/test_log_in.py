"""Logging in with a password, and what happens when it fails."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from api.staff import passwords, throttle
from api.staff.tables import LoginFailure, StaffSession
from tests.api.staff.conftest import PASSWORD, SITE, House
from tests.conftest import MovableClock

GENERIC = "Användarnamnet eller lösenordet stämmer inte."


class TestRight:
    async def test_leads_to_the_page_that_was_asked_for(self, house: House) -> None:
        house.account()
        browser = house.browser()
        asked = await browser.get("/personal/konto?x=1")
        assert asked.status_code == 303
        assert asked.headers["location"] == "/personal/logga-in?vidare=%2Fpersonal%2Fkonto%3Fx%3D1"
        form = await browser.get(asked.headers["location"])
        assert 'name="vidare" value="/personal/konto?x=1"' in form.text
        answer = await browser.log_in(vidare="/personal/konto?x=1")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/personal/konto?x=1"
        assert "Redaktionen" in (await browser.get("/personal")).text

    @pytest.mark.parametrize(
        "path", ["//evil.example", "https://evil.example", "/personal/../mote", "/personal\\x", "/", "/personal//x", "",
                 "/personal/x\n"],
    )  # fmt: skip
    async def test_never_leads_to_another_site(self, house: House, path: str) -> None:
        house.account()
        answer = await house.browser().log_in(vidare=path)
        location = answer.headers["location"]
        assert location == "/personal" or (path == "/personal/../mote" and location == path)

    async def test_letter_case_and_blanks_around_the_log_in_do_not_matter(self, house: House) -> None:
        house.account()
        assert (await house.browser().log_in(" Redaktionen@Example.org ")).status_code == 303

    async def test_a_hash_with_old_parameters_is_renewed(self, house: House) -> None:
        weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
        number = house.account(password_hash=weak)
        await house.browser().log_in()
        assert house.row(number).password_hash != weak
        assert (await house.browser().log_in()).status_code == 303

    async def test_gives_a_new_token_and_ends_the_session_the_browser_had(self, house: House) -> None:
        number = house.account()
        browser = house.signed_in(number)
        again = house.browser()
        await again.get("/personal/logga-in")
        again.client.cookies.update(browser.client.cookies)
        await again.post("/personal/logga-in", login="redaktionen@example.org", password=PASSWORD)
        assert again.token != browser.token
        assert await again.is_in()
        assert not await browser.is_in()

    async def test_the_cookie_is_out_of_reach_for_scripts_other_sites_and_plain_http(self, house: House) -> None:
        house.account()
        cookie = (await house.browser().log_in()).headers["set-cookie"]
        name, _, attributes = cookie.partition("=")
        assert name == "__Host-iv_session"
        for attribute in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert attribute in attributes
        assert "Domain" not in attributes

    async def test_over_plain_http_in_dev_the_cookie_is_not_secure(self, build) -> None:
        house = build(public_url="")
        house.account()
        browser = house.browser()
        browser.client.base_url = "http://localhost:8000"
        cookie = (await browser.log_in()).headers["set-cookie"]
        assert cookie.startswith("iv_session=")
        assert "Secure" not in cookie

    async def test_only_the_hash_of_the_token_is_stored(self, house: House) -> None:
        house.account()
        browser = house.browser()
        await browser.log_in()
        with house.database.transaction(read_only=True) as session:
            assert browser.token not in session.scalars(select(StaffSession.token_hash)).all()
        assert len(browser.token) >= 43  # 256 bits


class TestWrong:
    async def test_the_answer_is_the_same_whatever_was_wrong(self, house: House) -> None:
        house.account()
        house.account("stangd@example.org", active=False)
        house.account("utan@example.org", password_hash=None)
        texts = set()
        for login, password in [
            ("redaktionen@example.org", "fel lösenord"), ("finns-inte@example.org", PASSWORD),
            ("stangd@example.org", PASSWORD), ("utan@example.org", PASSWORD), ("", ""),
        ]:  # fmt: skip
            browser = house.browser()
            page = await browser.log_in(login, password)
            assert page.status_code == 401
            assert GENERIC in page.text
            texts.add(page.text.replace(login, "").replace(browser.csrf, "") if login else None)
        assert len(texts - {None}) == 1

    async def test_a_password_is_hashed_once_whether_or_not_the_account_exists(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        counted: list[str] = []

        class Counting(PasswordHasher):
            def verify(self, *arguments):
                counted.append("verify")
                return super().verify(*arguments)

        house.account()
        passwords._nobodys_hash()  # made once per process
        monkeypatch.setattr(passwords, "_HASHER", Counting())
        for login in ("redaktionen@example.org", "finns-inte@example.org"):
            await house.browser().log_in(login, "fel lösenord")
        assert counted == ["verify", "verify"]

    async def test_the_form_keeps_the_log_in_and_not_the_password(self, house: House) -> None:
        page = await house.browser().log_in("<b>vem", "hemligt hemligt")
        assert 'value="&lt;b&gt;vem"' in page.text
        assert "hemligt" not in page.text

    async def test_a_password_of_any_length_is_only_wrong(self, house: House) -> None:
        assert (await house.browser().log_in("x", "y" * 1001)).status_code in {401, 422}


def fail(house: House, address: str, times: int) -> None:
    """So many failed log-ins from one address, each at an account of its own, without the work of hashing."""
    for number in range(times):
        attempt = throttle.Attempt.of(house.settings.secret_key, f"konto-{number}", address)
        with house.database.transaction() as session:
            throttle.count(session, attempt, house.clock())


class TestLockOut:
    async def test_after_five_failures_even_the_right_password_must_wait_longer_and_longer(
        self, house: House, clock: MovableClock
    ) -> None:
        house.account()
        for _ in range(5):
            assert (await house.browser().log_in(password="fel")).status_code == 401
        page = await house.browser().log_in()
        assert page.status_code == 429
        assert "Vänta 1 min" in page.text
        clock.move(seconds=31)
        assert (await house.browser().log_in(password="fel")).status_code == 401
        clock.move(seconds=31)
        assert (await house.browser().log_in()).status_code == 429
        clock.move(seconds=30)
        assert (await house.browser().log_in()).status_code == 303
        assert (await house.browser().log_in(password="fel")).status_code == 401

    async def test_an_account_that_does_not_exist_is_locked_alike(self, house: House) -> None:
        for _ in range(5):
            await house.browser().log_in("finns-inte@example.org", "fel")
        assert (await house.browser().log_in("finns-inte@example.org", "fel")).status_code == 429

    async def test_an_account_is_locked_wherever_the_guesses_come_from(self, house: House) -> None:
        house.account()
        for number in range(5):
            await house.browser(f"198.51.100.{number}").log_in(password="fel")
        assert (await house.browser("203.0.113.99").log_in()).status_code == 429

    async def test_an_address_is_locked_after_twenty_failures_at_any_accounts(self, house: House) -> None:
        house.account()
        fail(house, "203.0.113.5", 19)
        assert (await house.browser().log_in("ett-till", "fel")).status_code == 401
        assert (await house.browser().log_in()).status_code == 429
        assert (await house.browser("198.51.100.7").log_in()).status_code == 303

    async def test_neighbours_in_one_ipv6_network_count_as_one_address(self, house: House) -> None:
        fail(house, "2001:db8:1:2::1", 20)
        assert (await house.browser("2001:db8:1:2:ffff::1").log_in("nytt", "fel")).status_code == 429
        assert (await house.browser("2001:db8:1:3::1").log_in("nytt", "fel")).status_code == 401

    async def test_many_guesses_at_the_same_moment_get_no_more_tries(self, house: House) -> None:
        house.account()
        browsers = [house.browser() for _ in range(12)]
        pages = await asyncio.gather(*(browser.log_in(password="fel") for browser in browsers))
        assert sorted(page.status_code for page in pages) == [401] * 5 + [429] * 7

    async def test_several_processes_share_the_count(self, build, clock: MovableClock) -> None:
        one, other = build(), build()
        one.account()
        for number in range(5):
            await (one, other)[number % 2].browser().log_in(password="fel")
        assert (await other.browser().log_in()).status_code == 429

    async def test_success_does_not_forgive_what_the_address_did_elsewhere(self, house: House) -> None:
        house.account()
        fail(house, "203.0.113.5", 19)
        assert (await house.browser().log_in()).status_code == 303
        await house.browser().log_in("konto-20", "fel")
        assert (await house.browser().log_in()).status_code == 429

    @pytest.mark.parametrize(
        ("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (5000, 900)]
    )
    def test_the_pause_doubles_up_to_a_quarter_of_an_hour(self, failures: int, seconds: int) -> None:
        assert throttle.ACCOUNT.pause(failures) == timedelta(seconds=seconds)

    async def test_counters_are_forgotten_after_a_day_and_hold_neither_names_nor_addresses(
        self, house: House, clock: MovableClock
    ) -> None:
        await house.browser().log_in("finns-inte@example.org", "fel")
        with house.database.transaction() as session:
            stored = " ".join(session.scalars(select(LoginFailure.key)))
            assert "finns-inte" not in stored
            assert "203.0.113" not in stored
            clock.move(hours=25)
            throttle.forget(session, clock())
            assert session.scalars(select(LoginFailure)).all() == []


async def test_the_audit_trail_tells_who_and_how_without_names_or_addresses(house: House) -> None:
    number = house.account()
    browser = house.browser()
    await browser.log_in(password="fel")
    await browser.log_in("finns-inte@example.org", "fel")
    await browser.log_in()
    rows = [row for row in house.audited() if row.action.startswith("login")]
    assert [(row.action, row.actor, row.subject) for row in rows] == [
        ("login_failed", "anonymous", f"account:{number}"),
        ("login_failed", "anonymous", "account:unknown"),
        ("login", f"staff:{number}", f"account:{number}"),
    ]
    assert len({row.details["address"] for row in rows}) == 1
    text = " ".join(str((row.actor, row.subject, row.details)) for row in rows)
    assert "203.0.113" not in text
    assert "example.org" not in text


async def test_the_log_in_is_off_where_everybody_must_use_the_log_in_service(build) -> None:
    house = build(oidc_only=True, oidc_issuer="https://login.example.org", oidc_client_id="x")
    house.account()
    browser = house.browser()
    page = await browser.get("/personal/logga-in")
    assert 'type="password"' not in page.text
    assert "/personal/oidc?vidare=/personal" in page.text
    assert (await browser.log_in()).status_code == 403
    assert not await browser.is_in()


def test_the_site_of_these_tests_is_the_public_address(house: House) -> None:
    assert house.settings.base_url == SITE
