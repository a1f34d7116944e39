"""What has been removed: it is listed with who did it, keeps its history, and comes back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from api.catalogue.importing.files import read_sheet
from api.catalogue.importing.service import apply_import, undo_last_import
from api.catalogue.tables import Course, Occasion
from api.guidance.tables import Occupation
from api.staff import removed_pages
from tests.api.catalogue.keeping.conftest import LIST, follow, stored, undo
from tests.api.staff.conftest import Browser, House
from tests.conftest import MovableClock

PATH = removed_pages.PATH


async def remove(staff: Browser, address: str) -> None:
    await staff.get(f"{address}/ta-bort")
    assert (await staff.post(f"{address}/ta-bort")).status_code == 303


def buttons(page: str) -> list[str]:
    """Where the buttons "Ta tillbaka" lead, latest first."""
    return re.findall(r'action="(/personal/borttaget/[0-9a-f]{32})"', page)


async def test_the_page_is_linked_from_the_start_page_and_the_list(staff: Browser) -> None:
    for path in ("/personal", LIST):
        assert f'href="{PATH}"' in (await staff.get(path)).text
    assert "Inget är borttaget." in (await staff.get(PATH)).text


async def test_a_removed_row_is_listed_with_who_and_what_keeps_its_history_and_comes_back(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    number = add("x", status="draft", places=12)
    before = stored(house.database, number)
    await remove(staff, f"{LIST}/tillfalle/{number}")
    page = (await staff.get(PATH)).text
    assert "Tog bort: Redaktionen." in page
    assert "start 11 januari 2027" in page
    history = (await staff.get(f"/personal/historik/occasion/{number}")).text
    assert "Borttaget 23 november 2026" in history
    assert "<del>11 januari 2027</del>" in history
    assert "<del>12</del>" in history
    assert buttons(history) == buttons(page)
    page = await follow(staff, await staff.post(buttons(page)[0]))
    assert "Det är tillbaka." in page
    assert stored(house.database, number) == before
    assert buttons(page) == []
    assert "Borttaget 23" not in (await staff.get(f"/personal/historik/occasion/{number}")).text
    await follow(staff, await undo(staff, page, here=PATH))
    assert stored(house.database, number) is None
    assert len(buttons((await staff.get(PATH)).text)) == 1


async def test_what_one_click_removed_comes_back_together(
    house: House, staff: Browser, add: Callable[..., int], add_course: Callable[..., int]
) -> None:
    course = add_course("Ytbehandlare, pulver")
    numbers = [add(f"x{number}", course_id=course, status="draft") for number in range(6)]
    await remove(staff, f"{LIST}/{course}")
    page = (await staff.get(PATH)).text
    assert len(buttons(page)) == 1
    assert "Utbildningen <a" in page
    assert page.count("Tillfället <a") == removed_pages.removed.SHOWN - 1
    assert "och 2 till" in page
    await follow(staff, await staff.post(buttons(page)[0]))
    assert all(stored(house.database, number) for number in numbers)
    assert stored(house.database, course, Course)


async def test_what_belonged_to_something_removed_waits_for_that_and_says_so(
    house: House, staff: Browser, add: Callable[..., int], add_course: Callable[..., int], clock: MovableClock
) -> None:
    course = add_course("Ytbehandlare, pulver")
    number = add("x", course_id=course, status="draft")
    await remove(staff, f"{LIST}/tillfalle/{number}")
    clock.move(minutes=1)
    await remove(staff, f"{LIST}/{course}")
    page = (await staff.get(PATH)).text
    assert page.count("Ytbehandlare, pulver i") >= 2  # the occasion is named by its course, which is gone too
    of_course, of_occasion = buttons(page)
    answer = await staff.post(of_occasion)
    assert answer.status_code == 409
    assert "Det hör till något som också är borttaget: utbildningen Ytbehandlare, pulver i" in answer.text
    assert "<title>Fel: Borttaget" in answer.text
    assert stored(house.database, number) is None
    assert (await staff.post(of_course)).status_code == 303
    assert (await staff.post(of_occasion)).status_code == 303
    assert stored(house.database, number)


async def test_what_another_row_has_taken_the_place_of_stays_away_and_says_so(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    number = add("x", status="draft")
    await remove(staff, f"{LIST}/tillfalle/{number}")
    add("y")  # SQLite gives it the number that is free again
    add("x")
    answer = await staff.post(buttons((await staff.get(PATH)).text)[0])
    assert answer.status_code == 409
    assert "något nytt har kommit i dess ställe" in answer.text


async def test_what_is_back_already_does_not_come_twice(house: House, staff: Browser, add: Callable[..., int]) -> None:
    number = add("x", status="draft")
    await remove(staff, f"{LIST}/tillfalle/{number}")
    [button] = buttons((await staff.get(PATH)).text)
    assert (await staff.post(button)).status_code == 303
    assert (await staff.post(button)).status_code == 409


@pytest.mark.parametrize("batch", ["x", "0" * 32, "import-1", "%00"])
async def test_nothing_comes_back_of_what_no_click_removed(staff: Browser, batch: str) -> None:
    await staff.get(PATH)
    assert (await staff.post(f"{PATH}/{batch}")).status_code == 404


@pytest.mark.parametrize("address", ["occasion/99", "occasion/%00", "answer/%00", "audit/1"])
async def test_a_row_that_never_was_has_no_history(staff: Browser, address: str) -> None:
    assert (await staff.get(f"/personal/historik/{address}")).status_code == 404


async def test_the_list_has_pages_with_the_latest_first(
    house: House, staff: Browser, add: Callable[..., int], clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removed_pages, "PAGE", 2)
    numbers = [add(f"x{number}", status="draft") for number in range(3)]
    for number in numbers:
        clock.move(minutes=1)
        await remove(staff, f"{LIST}/tillfalle/{number}")
    first, second = [(await staff.get(f"{PATH}?sida={page}")).text for page in (1, 2)]
    assert (len(buttons(first)), len(buttons(second))) == (2, 1)
    assert f"/personal/historik/occasion/{numbers[2]}" in first
    assert f"/personal/historik/occasion/{numbers[0]}" in second
    assert (await staff.get(f"{PATH}?sida=99")).text.count("aria-current") == second.count("aria-current")


async def test_a_removed_occupation_comes_back_as_it_was(house: House, staff: Browser) -> None:
    with house.database.transaction() as session:
        occupation = Occupation(slug="pulverlackerare", title="Pulverlackerare", area="Yta", aliases=["lackare"])
        session.add(occupation)
        session.flush()
        number = occupation.id
    before = stored(house.database, number, Occupation)
    await remove(staff, f"/personal/yrken/{number}")
    page = (await staff.get(PATH)).text
    assert "Yrket <a" in page
    assert "Pulverlackerare" in page
    assert (await staff.post(buttons(page)[0])).status_code == 303
    assert stored(house.database, number, Occupation) == before


async def test_what_an_undone_import_took_away_is_listed_once_and_leads_to_the_file(
    house: House, staff: Browser, clock: MovableClock
) -> None:
    file = (
        "external_id;title;occupation;node;pace;continuous;status\n"
        + "\n".join(f"NY-{number};Ny kurs;svetsare;karlstad;100;ja;draft" for number in range(8))
    ).encode()
    with house.database.transaction() as session:
        apply_import(session, read_sheet(file), file_name="k.csv", now=clock(), actor="cli")
    with house.database.transaction() as session:
        undo_last_import(session, now=clock(), actor="cli")
        assert session.scalar(select(Occasion.id).where(Occasion.external_id == "NY-1")) is None
    page = (await staff.get(PATH)).text
    assert buttons(page) == []
    assert page.count("<h2>") == 1
    assert "Ångrade en inläst fil: Någon vid kommandoraden." in page
    assert "och 4 till" in page  # eight occasions and their course
    assert "läser du in filen på nytt" in page
