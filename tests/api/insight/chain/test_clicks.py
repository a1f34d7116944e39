"""The link to an application leads to the stored address and nowhere else, and people who follow it are counted."""

from __future__ import annotations

from datetime import date

import httpx
import pytest
from sqlalchemy import select
from starlette.datastructures import Headers

from api.catalogue.tables import Occasion
from api.database import Database
from api.insight.chain.clicks import is_by_a_person
from api.insight.chain.tables import ChainCount
from tests.api.staff.conftest import House

PHONE = "Mozilla/5.0 (Linux; Android 9; SM-A105FN) AppleWebKit/537.36 Chrome/99.0 Mobile Safari/537.36"
ADDRESS = "https://ansok.example.org/svets?kurs=7&termin=vt"


def occasion(house: House, **values: object) -> tuple[str, str]:
    """An occasion that one can apply to now, with these columns; the paths of its link and of its course."""
    with house.database.transaction() as session:
        row = session.scalars(select(Occasion).where(Occasion.external_id == "EX-KAR-INTRO-1")).one()
        given = {"apply_url": ADDRESS, "status": "published", "continuous": True, "apply_from": None, "end_date": None}
        for name, value in (given | values).items():
            setattr(row, name, value)
        return f"/utbildningar/{row.course_id}/ansok/{row.id}", f"/utbildningar/{row.course_id}"


async def follow(house: House, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    browser = house.browser(
        **{"User-Agent": PHONE} | {name.replace("_", "-"): value for name, value in headers.items()}
    )
    return await browser.client.request(method, path)


def clicks(database: Database) -> list[tuple[date, str, int]]:
    with database.transaction(read_only=True) as session:
        rows = session.scalars(select(ChainCount).where(ChainCount.step == "application_click"))
        return [(row.day, row.node, row.count) for row in rows]


async def test_the_link_leads_to_the_stored_address_and_counts_one(house: House) -> None:
    path, _ = occasion(house)
    answer = await follow(house, path)
    assert (answer.status_code, answer.headers["location"]) == (302, ADDRESS)
    assert (answer.headers["cache-control"], answer.headers["x-robots-tag"]) == ("no-store", "noindex, nofollow")
    assert "set-cookie" not in answer.headers
    await follow(house, path)
    assert clicks(house.database) == [(date(2026, 11, 23), "karlstad", 2)]


async def test_no_address_of_a_visitor_is_ever_followed(house: House) -> None:
    path, _ = occasion(house)
    for query in ("?url=https://ond.example", "?till=//ond.example", "//ond.example", "/https://ond.example"):
        location = (await follow(house, path + query)).headers.get("location", ADDRESS)
        assert location == ADDRESS


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "//ond.example", "data:text/html,x"])
async def test_without_a_web_address_it_leads_to_the_course(house: House, address: str) -> None:
    path, course = occasion(house, apply_url=address)
    answer = await follow(house, path)
    assert (answer.status_code, answer.headers["location"]) == (302, course)
    assert clicks(house.database) == []


async def test_when_one_cannot_apply_it_leads_to_the_course(house: House) -> None:
    path, course = occasion(house, status="full")
    assert (await follow(house, path)).headers["location"] == course
    assert clicks(house.database) == []


async def test_what_is_not_there_or_a_draft_is_not_found(house: House) -> None:
    path, course = occasion(house, status="draft")
    for wrong in (path, "/utbildningar/999999/ansok/1", f"{course}/ansok/999999999", f"{course}/ansok/x"):
        assert (await follow(house, wrong)).status_code == 404
    other, _ = occasion(house)
    assert (await follow(house, other.replace("/utbildningar/", "/utbildningar/9"))).status_code == 404


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"User_Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}),
        ("GET", {"User_Agent": "facebookexternalhit/1.1"}),
        ("GET", {"User_Agent": "python-httpx/0.28"}),
        ("GET", {"User_Agent": ""}),
        ("GET", {"Sec_Purpose": "prefetch;prerender"}),
        ("GET", {"Purpose": "prefetch"}),
        ("GET", {"X_Moz": "prefetch"}),
        ("GET", {"Sec_Fetch_Mode": "no-cors"}),
    ],
)
async def test_robots_and_pages_fetched_beforehand_do_not_count(
    house: House, method: str, headers: dict[str, str]
) -> None:
    path, _ = occasion(house)
    answer = await follow(house, path, method, **headers)
    assert (answer.status_code, answer.headers["location"]) == (302, ADDRESS)
    assert clicks(house.database) == []


def test_an_old_browser_that_says_little_counts() -> None:
    assert is_by_a_person(Headers({"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 12_5 like Mac OS X)"}))
    assert is_by_a_person(Headers({"user-agent": PHONE, "sec-fetch-mode": "navigate"}))


async def test_a_click_that_cannot_be_counted_still_leads_on(house: House) -> None:
    path, _ = occasion(house)
    with house.database.transaction() as session:
        ChainCount.__table__.drop(session.connection())
    assert (await follow(house, path)).headers["location"] == ADDRESS


async def test_the_course_page_links_through_us_and_prints_where_it_leads(house: House) -> None:
    path, course = occasion(house)
    page = (await house.browser().get(course)).text
    assert f'href="{path}"' in page
    assert 'rel="external nofollow"' in page
    assert f'data-address="{ADDRESS.replace("&", "&amp;")}"' in page


async def test_robots_are_asked_to_stay_away(house: House) -> None:
    assert "Disallow: /utbildningar/*/ansok/\n" in (await house.browser().get("/robots.txt")).text
