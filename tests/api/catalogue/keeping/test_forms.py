"""Forms of courses and occasions: the rules of the import at each field, and nobody's change is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from api.catalogue.tables import Course, Occasion
from api.database import Database
from api.staff.tables import RowChange
from tests.api.catalogue.keeping.conftest import LIST, fields, follow, stored, undo
from tests.api.staff.conftest import Browser, House


def changes(database: Database) -> list[RowChange]:
    with database.transaction(read_only=True) as session:
        return list(session.scalars(select(RowChange).where(RowChange.actor != "system").order_by(RowChange.id)))


async def test_an_occasion_is_changed_and_the_change_undone(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    number = add("x")
    before = stored(house.database, number)
    address = f"{LIST}/tillfalle/{number}"
    sent = fields((await staff.get(address)).text)
    assert sent["start_date"] == "2027-01-11"
    page = await follow(staff, await staff.post(address, **{**sent, "start_date": "2027-01-18", "places": "12"}))
    assert "Ändringarna är sparade." in page
    after = stored(house.database, number)
    assert after == {**(before or {}), "start_date": "2027-01-18", "places": 12}
    assert [(change.cause, change.diff) for change in changes(house.database)] == [
        ("edit", {"start_date": ["2027-01-11", "2027-01-18"], "places": [None, 12]})
    ]
    page = await follow(staff, await undo(staff, page, address))
    assert stored(house.database, number) == before
    await follow(staff, await undo(staff, page, address))
    assert stored(house.database, number) == after
    page = await follow(staff, await staff.post(address, **fields((await staff.get(address)).text)))
    assert "Inget var ändrat" in page


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"end_date": "2027-01-10"}, "end_date", "före startdatumet"),
        ({"apply_to": "2026-10-04"}, "apply_to", "före första ansökningsdag"),
        ({"start_date": "31/2 2027"}, "start_date", "finns inte i kalendern"),
        ({"apply_url": "javascript:alert(1)"}, "apply_url", "https://"),
        ({"contact_email": "någon"}, "contact_email", "ingen e-postadress"),
        ({"pace": "101"}, "pace", "från 1 till 100"),
        ({"places": "några"}, "places", "heltal"),
    ],
)
async def test_what_is_wrong_is_said_at_the_field_and_everything_typed_is_kept(
    house: House, staff: Browser, add: Callable[..., int], sent: dict[str, str], field: str, words: str
) -> None:
    number = add("x")
    before = stored(house.database, number)
    address = f"{LIST}/tillfalle/{number}"
    form = {**fields((await staff.get(address)).text), **sent}
    answer = await staff.post(address, **form)
    assert answer.status_code == 422
    assert "<title>Fel: " in answer.text
    assert f'href="#f-{field}"' in answer.text
    assert words in answer.text
    kept = fields(answer.text)
    assert {name: kept.get(name, "") for name in sent} == sent
    assert stored(house.database, number) == before


async def test_the_later_of_two_sees_what_the_first_changed_and_decides(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    number = add("x")
    address = f"{LIST}/tillfalle/{number}"
    other = house.signed_in(house.account("andra@example.org"))
    mine = fields((await staff.get(address)).text)
    theirs = fields((await other.get(address)).text)
    await follow(other, await other.post(address, **{**theirs, "apply_to": "2026-12-10", "places": "20"}))
    answer = await staff.post(address, **{**mine, "apply_to": "2026-12-18", "pace": "50"})
    assert answer.status_code == 409
    assert "Någon annan har ändrat här medan du skrev." in answer.text
    assert "Redaktionen" in answer.text
    assert "2026-12-10" in answer.text
    row = stored(house.database, number)
    assert row
    assert (row["apply_to"], row["places"], row["pace"]) == ("2026-12-10", 20, 100)
    merged = fields(answer.text)
    assert (merged["apply_to"], merged["places"], merged["pace"]) == ("2026-12-18", "20", "50")
    await follow(staff, await staff.post(address, **merged))
    row = stored(house.database, number)
    assert row
    assert (row["apply_to"], row["places"], row["pace"]) == ("2026-12-18", 20, 50)


async def test_example_data_stays_marked_until_the_box_is_ticked(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    number = add("x", example=True)
    address = f"{LIST}/tillfalle/{number}"
    page = (await staff.get(address)).text
    assert "Detta är inte längre exempeldata" in page
    await follow(staff, await staff.post(address, **{**fields(page), "places": "3"}))
    assert (stored(house.database, number) or {})["example"] is True
    page = await follow(
        staff, await staff.post(address, **{**fields((await staff.get(address)).text), "no_example": "ja"})
    )
    assert (stored(house.database, number) or {})["example"] is False
    assert "Detta är inte längre exempeldata" not in page
    await staff.post(address, **{**fields(page), "no_example": ""})
    assert (stored(house.database, number) or {})["example"] is False


async def test_a_course_is_made_changed_and_its_identity_is_its_own(
    house: House, staff: Browser, add_course: Callable[..., int]
) -> None:
    add_course("Finns redan")
    with house.database.transaction(read_only=True) as session:
        existing = session.scalars(select(Course).where(Course.title == "Finns redan")).one()
        node, occupation = existing.node.slug, existing.occupation.slug
    sent = fields((await staff.get(f"{LIST}/ny")).text)
    answer = await staff.post(f"{LIST}/ny", **sent)
    assert answer.status_code == 422
    assert [f'href="#f-{name}"' in answer.text for name in ("title", "node", "occupation")] == [True] * 3
    sent |= {"title": "Finns redan", "node": node, "occupation": occupation}
    answer = await staff.post(f"{LIST}/ny", **sent)
    assert answer.status_code == 422
    assert "Det finns redan en utbildning med samma namn, yrke och nod." in answer.text
    made = await staff.post(f"{LIST}/ny", **{**sent, "title": "Alldeles ny", "credits": "800", "sfi_combined": "ja"})
    page = await follow(staff, made)
    assert "Inga tillfällen än" in page
    with house.database.transaction(read_only=True) as session:
        course = session.scalars(select(Course).where(Course.title == "Alldeles ny")).one()
        assert (course.credits, course.sfi_combined, course.apprenticeship) == (800, True, False)
        number = course.id
    edit = f"{LIST}/{number}/andra"
    answer = await staff.post(edit, **{**fields((await staff.get(edit)).text), "title": "Finns redan"})
    assert answer.status_code == 422
    assert "samma namn, yrke och nod" in answer.text
    await follow(staff, await staff.post(edit, **{**fields((await staff.get(edit)).text), "title": "Nyast"}))
    assert (stored(house.database, number, Course) or {})["title"] == "Nyast"
    answer = await undo(staff, page)
    assert answer.status_code == 409  # it has been changed since it was made
    assert stored(house.database, number, Course)


async def test_undoing_that_a_course_was_made_leads_to_a_page_that_exists(
    house: House, staff: Browser, add_course: Callable[..., int]
) -> None:
    number = add_course("x")
    with house.database.transaction(read_only=True) as session:
        course = session.get_one(Course, number)
        sent = {"title": "Ny", "node": course.node.slug, "occupation": course.occupation.slug}
    page = await follow(staff, await staff.post(f"{LIST}/ny", **sent))
    assert f'name="here" value="{LIST}"' in page
    page = await follow(staff, await undo(staff, page))
    with house.database.transaction(read_only=True) as session:
        assert session.scalars(select(Course.id).where(Course.title == "Ny")).all() == []


async def test_a_new_occasion_is_a_draft_with_a_proposed_id_that_is_its_own(
    house: House, staff: Browser, add_course: Callable[..., int]
) -> None:
    course = add_course("x")
    address = f"{LIST}/{course}/nytt-tillfalle"
    sent = fields((await staff.get(address)).text)
    assert sent["external_id"].endswith("-1")
    page = await follow(staff, await staff.post(address, **{**sent, "start_date": "2027-03-01"}))
    assert "upplagt som utkast" in page
    with house.database.transaction(read_only=True) as session:
        made = session.scalars(select(Occasion).where(Occasion.course_id == course)).one()
        assert (made.status, made.start_date, made.example, made.pace) == ("draft", date(2027, 3, 1), False, 100)
    answer = await staff.post(address, **sent)
    assert answer.status_code == 422
    assert "används redan" in answer.text
    assert fields((await staff.get(address)).text)["external_id"].endswith("-2")
    await follow(staff, await undo(staff, page, f"{LIST}/{course}"))
    with house.database.transaction(read_only=True) as session:
        assert session.scalars(select(Occasion.id).where(Occasion.course_id == course)).all() == []


async def test_a_copy_is_checked_before_it_is_stored(house: House, staff: Browser, add: Callable[..., int]) -> None:
    number = add("x", example=True, places=7)
    page = (await staff.get(f"{LIST}/tillfalle/{number}/kopiera")).text
    sent: dict[str, Any] = fields(page)
    assert (sent["start_date"], sent["apply_to"]) == ("2027-08-23", "2027-07-16")
    assert sent["external_id"].endswith("-ht2027")
    assert "höstterminen 2027" in page
    later = fields((await staff.get(f"{LIST}/tillfalle/{number}/kopiera?terminer=2")).text)
    assert (later["start_date"], later["external_id"][-6:]) == ("2028-01-10", "vt2028")
    row = stored(house.database, number)
    assert row
    with house.database.transaction(read_only=True) as session:
        assert session.scalars(select(Occasion.id).where(Occasion.external_id == sent["external_id"])).all() == []
    await follow(staff, await staff.post(f"{LIST}/{row['course_id']}/nytt-tillfalle", **sent))
    with house.database.transaction(read_only=True) as session:
        made = session.scalars(select(Occasion).where(Occasion.external_id == sent["external_id"])).one()
        assert (made.status, made.example, made.places, made.apply_url) == ("draft", True, 7, row["apply_url"])
        assert made.start_date == date(2027, 8, 23)
    assert changes(house.database)[-1].cause == "copy"
