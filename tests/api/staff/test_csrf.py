"""Forms of other sites change nothing."""

from __future__ import annotations

import pytest

from tests.api.staff.conftest import PASSWORD, SITE, House


async def test_the_token_of_one_session_is_of_no_use_in_another(house: House) -> None:
    number = house.account()
    one, other = house.signed_in(number), house.signed_in(number)
    assert (await one.post("/personal/konto/sessioner", csrf=other.csrf)).status_code == 403
    assert await other.is_in()
    assert (await one.post("/personal/konto/sessioner")).status_code == 303
    assert not await other.is_in()


async def test_the_token_may_come_in_a_header(house: House) -> None:
    browser = house.signed_in(house.account())
    headers = {"X-CSRF-Token": browser.csrf}
    assert (await browser.client.post("/personal/konto/sessioner", headers=headers)).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "https://www.example.org"}, 403),
        ({"Origin": SITE}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://vagledaren.example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 303),
    ],
)
async def test_the_browser_must_say_that_the_form_is_ours(house: House, headers: dict[str, str], status: int) -> None:
    browser = house.signed_in(house.account())
    page = await browser.client.post("/personal/konto/sessioner", data={"csrf": browser.csrf}, headers=headers)
    assert page.status_code == status


async def test_without_a_public_address_the_host_says_which_site_is_ours(build) -> None:
    house = build(public_url="")
    number = house.account()
    for origin, status in ((SITE, 303), ("https://evil.example", 403)):
        browser = house.signed_in(number)
        page = await browser.client.post(
            "/personal/konto/sessioner", data={"csrf": browser.csrf}, headers={"Origin": origin}
        )
        assert page.status_code == status


async def test_another_site_cannot_log_somebody_in(house: House) -> None:
    house.account()
    fields = {"login": "redaktionen@example.org", "password": PASSWORD}
    attacker, victim = house.browser(), house.browser()
    await attacker.get("/personal/logga-in")
    assert (await victim.post("/personal/logga-in", csrf=attacker.csrf, **fields)).status_code == 403
    await victim.get("/personal/logga-in")
    assert (await victim.post("/personal/logga-in", csrf=attacker.csrf, **fields)).status_code == 403
    assert (await victim.post("/personal/logga-in", **fields)).status_code == 303


async def test_a_refused_form_says_what_to_do(house: House) -> None:
    page = await house.signed_in(house.account()).post("/personal/konto/sessioner", csrf="x")
    assert page.status_code == 403
    assert "Ladda om sidan och försök igen." in page.text
