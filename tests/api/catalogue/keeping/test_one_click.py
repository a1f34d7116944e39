"""Publish, cancel, mark as full, make a draft, remove: one click, and undone by another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from api.catalogue.tables import Course, Occasion
from api.staff.tables import RowChange
from tests.api.catalogue.keeping.conftest import LIST, fields, follow, stored, undo
from tests.api.staff.conftest import Browser, House


async def click(staff: Browser, number: int, to: str, **more: str) -> Any:
    return await staff.post(f"{LIST}/tillfalle/{number}/status", till=to, **more)


@pytest.mark.parametrize(
    ("status", "to", "words", "cause"),
    [
        ("draft", "published", "Tillfället är publicerat.", "publish"),
        ("published", "draft", "Tillfället är ett utkast igen.", "unpublish"),
        ("published", "cancelled", "Tillfället är inställt.", "cancel"),
        ("published", "full", "Tillfället är markerat som fullt.", "full"),
        ("full", "published", "Tillfället är publicerat.", "publish"),
        ("cancelled", "draft", "Tillfället är ett utkast igen.", "unpublish"),
    ],
)
async def test_one_click_changes_the_status_and_comes_back_to_the_list_with_undo(
    house: House, staff: Browser, add: Callable[..., int], status: str, to: str, words: str, cause: str
) -> None:
    number = add("x", status=status)
    await staff.get(LIST)
    here = f"{LIST}?q=svets+%C3%A5&status={status}"
    answer = await click(staff, number, to, fran=status, here=here)
    assert answer.headers["location"].startswith(f"{here}&klart=")
    page = await follow(staff, answer)
    assert words in page
    assert (stored(house.database, number) or {})["status"] == to
    with house.database.transaction(read_only=True) as session:
        latest = session.scalars(select(RowChange).order_by(RowChange.id.desc())).first()
        assert latest is not None
        assert (latest.cause, latest.diff) == (cause, {"status": [status, to]})
    await follow(staff, await undo(staff, page))
    assert (stored(house.database, number) or {})["status"] == status


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"start_date": None, "end_date": None}, "Startdag saknas"),
        ({"start_date": date(2026, 11, 22)}, "Startdagen har redan varit"),
        ({"apply_to": date(2026, 11, 22)}, "Sista ansökningsdag har gått"),
        ({"apply_url": ""}, "Det saknas sätt att ansöka"),
        ({"continuous": True, "start_date": None, "end_date": date(2026, 11, 22)}, "Slutdagen har redan varit"),
    ],
)
async def test_publishing_something_incomplete_asks_first_and_says_what_is_missing(
    house: House, staff: Browser, add: Callable[..., int], values: dict[str, Any], words: str
) -> None:
    number = add("x", status="draft", **values)
    await staff.get(LIST)
    answer = await click(staff, number, "published", fran="draft")
    assert answer.status_code == 200
    assert words in answer.text
    assert (stored(house.database, number) or {})["status"] == "draft"
    await follow(staff, await click(staff, number, "published", fran="draft", anda="ja"))
    assert (stored(house.database, number) or {})["status"] == "published"


async def test_what_is_complete_is_published_without_a_question(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    await staff.get(LIST)
    for values in ({"apply_to": date(2026, 11, 23)}, {"continuous": True, "start_date": None, "apply_to": None}):
        number = add(f"x-{len(values)}", status="draft", **values)
        assert (await click(staff, number, "published", fran="draft")).status_code == 303


async def test_a_click_on_a_page_that_is_out_of_date_asks_first(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    number = add("x")
    await staff.get(LIST)
    other = house.signed_in(house.account("andra@example.org"))
    await other.get(LIST)
    await click(other, number, "cancelled", fran="published")
    answer = await click(staff, number, "full", fran="published")
    assert answer.status_code == 409
    assert "Nu är tillfället: inställd." in answer.text
    assert (stored(house.database, number) or {})["status"] == "cancelled"
    await follow(staff, await click(staff, number, "full", fran="cancelled"))
    assert (stored(house.database, number) or {})["status"] == "full"
    page = await follow(staff, await click(staff, number, "full", fran="published"))  # somebody was first
    assert "/personal/angra/" not in page


async def test_an_unknown_status_and_an_unknown_row_are_refused(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    number = add("x")
    await staff.get(LIST)
    assert (await click(staff, number, "gone", fran="published")).status_code == 422
    assert (await click(staff, 999_999, "full")).status_code == 404
    for path in (f"{LIST}/0", f"{LIST}/99999999999999999999", f"{LIST}/tillfalle/x", f"{LIST}/tillfalle/2147483648"):
        assert (await staff.get(path)).status_code in {404, 422}, path
    for kind in ("occasion", "course"):
        assert (await staff.get(f"/personal/historik/{kind}/99999999999999999999")).status_code == 404


async def test_a_draft_is_removed_after_a_page_that_says_what_goes_and_comes_back_by_undo(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    number = add("x", status="draft", places=4)
    before = stored(house.database, number)
    assert before
    page = (await staff.get(f"{LIST}/tillfalle/{number}/ta-bort")).text
    assert "ingen besökare har sett det" in page
    assert "id x" in page
    page = await follow(staff, await staff.post(f"{LIST}/tillfalle/{number}/ta-bort"))
    assert stored(house.database, number) is None
    await follow(staff, await undo(staff, page, f"{LIST}/{before['course_id']}"))
    assert stored(house.database, number) == before


async def test_what_has_been_public_says_so_and_what_is_public_or_mirrored_stays(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    number = add("x")
    await staff.get(LIST)
    assert "Ställ in det" in (await staff.get(f"{LIST}/tillfalle/{number}/ta-bort")).text
    assert (await staff.post(f"{LIST}/tillfalle/{number}/ta-bort")).status_code == 409
    await click(staff, number, "draft", fran="published")
    assert "har varit publicerat" in (await staff.get(f"{LIST}/tillfalle/{number}/ta-bort")).text
    mirrored = add("susa:1", status="draft", source="susa")
    assert "Susa-navet" in (await staff.get(f"{LIST}/tillfalle/{mirrored}/ta-bort")).text
    assert (await staff.post(f"{LIST}/tillfalle/{mirrored}/ta-bort")).status_code == 409
    assert stored(house.database, number)
    assert stored(house.database, mirrored)


async def test_a_course_goes_with_its_occasions_and_comes_back_with_them(
    house: House, staff: Browser, add: Callable[..., int], add_course: Callable[..., int]
) -> None:
    course = add_course("Tillfällig")
    numbers = [add(f"x-{status}", course_id=course, status=status) for status in ("draft", "cancelled", "full")]
    await staff.get(LIST)
    assert (await staff.post(f"{LIST}/{course}/ta-bort")).status_code == 409
    await click(staff, numbers[2], "cancelled", fran="full")
    before = [stored(house.database, number) for number in numbers], stored(house.database, course, Course)
    page = (await staff.get(f"{LIST}/{course}/ta-bort")).text
    assert page.count("<li>tillfället") == 3
    page = await follow(staff, await staff.post(f"{LIST}/{course}/ta-bort"))
    with house.database.transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Occasion).where(Occasion.course_id == course)) == 0
    assert (await staff.get(f"{LIST}/{course}")).status_code == 404
    await follow(staff, await undo(staff, page))
    assert ([stored(house.database, number) for number in numbers], stored(house.database, course, Course)) == before


async def test_history_names_what_was_done_and_restores(house: House, staff: Browser, add: Callable[..., int]) -> None:
    number = add("x")
    address = f"{LIST}/tillfalle/{number}"
    await staff.post(address, **{**fields((await staff.get(address)).text), "start_date": "2027-01-18"})
    await click(staff, number, "cancelled", fran="published")
    page = (await staff.get(f"/personal/historik/occasion/{number}")).text
    assert "Ställde in: Redaktionen." in page
    assert "<del>Publicerad</del>" in page
    assert "<ins>18 januari 2027</ins>" in page
    with house.database.transaction(read_only=True) as session:
        first = session.scalars(select(RowChange.id).where(RowChange.key == str(number)).order_by(RowChange.id)).first()
    page = await follow(staff, await staff.post(f"/personal/historik/occasion/{number}/{first}"))
    assert "Raden är återställd." in page
    row = stored(house.database, number)
    assert row
    assert (row["status"], row["start_date"]) == ("published", "2027-01-11")
    course = row["course_id"]
    assert (await staff.get(f"/personal/historik/course/{course}")).status_code == 200


async def test_preview_shows_the_chats_reply_now_and_as_it_would_be_and_stores_nothing(
    house: House, staff: Browser, add: Callable[..., int], add_course: Callable[..., int]
) -> None:
    course = add_course("Ytbehandlare, pulver")
    number = add("x", status="draft", course_id=course)
    address = f"{LIST}/tillfalle/{number}"
    page = (await staff.get(address)).text
    assert "Tillfället är ett utkast. Assistenten berättar inte om det." in page
    assert "Ytbehandlare, pulver i" not in page.partition("Så här svarar assistenten")[2]
    before = stored(house.database, number)
    answer = await staff.post(f"{address}/forhandsgranska", **{**fields(page), "start_date": "2027-01-25"})
    assert answer.status_code == 200
    assert "Ytbehandlare, pulver i" in answer.text
    assert "25 januari 2027" in answer.text
    assert fields(answer.text)["start_date"] == "2027-01-25"
    assert stored(house.database, number) == before
    assert "Ingen har ändrat" in (await staff.get(f"/personal/historik/occasion/{number}")).text
    answer = await staff.post(f"{address}/forhandsgranska", **{**fields(page), "start_date": "i morgon"})
    assert answer.status_code == 422
    answer = await staff.post(
        f"{LIST}/{course}/forhandsgranska",
        **{**fields((await staff.get(f"{LIST}/{course}/andra")).text), "description": "Du lär dig måla med pulver."},
    )
    assert answer.status_code == 200
    assert (stored(house.database, course, Course) or {})["description"] == "Du lär dig grunderna."


async def test_the_start_page_lists_what_waits(house: House, staff: Browser, add: Callable[..., int]) -> None:
    sentence = re.compile(r"Sista ansökningsdag har gått, men tillfället är publicerat \((\d+)\)")
    before = sentence.search((await staff.get("/personal")).text)
    add("x", start_date=date(2027, 1, 11), apply_to=date(2026, 11, 20))
    page = (await staff.get("/personal")).text
    assert 'href="/personal/utbildningar?visa=ansokan-gatt"' in page
    after = sentence.search(page)
    assert after
    assert int(after[1]) == (int(before[1]) if before else 0) + 1
    counsellor = house.signed_in(house.account("vagledningen@example.org", "counsellor"))
    assert "visa=ansokan-gatt" not in (await counsellor.get("/personal")).text
