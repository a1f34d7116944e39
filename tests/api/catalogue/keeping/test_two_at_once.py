"""Two people press at the very same time: nothing is lost, and one of them is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy import select

from api.catalogue.tables import Course, Occasion
from api.staff.tables import RowChange
from tests.api.catalogue.keeping.conftest import LIST, fields, stored
from tests.api.staff.conftest import Browser, House


def two(house: House) -> tuple[Browser, Browser]:
    return house.signed_in(house.account("ena@example.org")), house.signed_in(house.account("andra@example.org"))


async def test_of_two_who_save_the_same_row_one_is_stored_and_the_other_sees_it(
    house: House, add: Callable[..., int]
) -> None:
    number = add("x")
    address = f"{LIST}/tillfalle/{number}"
    people = two(house)
    sent = [fields((await one.get(address)).text) for one in people]
    answers = await asyncio.gather(
        people[0].post(address, **{**sent[0], "places": "11"}), people[1].post(address, **{**sent[1], "places": "22"})
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    [refused] = [answer for answer in answers if answer.status_code == 409]
    winner = (stored(house.database, number) or {})["places"]
    assert winner in (11, 22)
    assert f'<td data-label="Sparat nu" role="cell">{winner}</td>' in refused.text


async def test_of_two_who_click_differently_one_is_asked(house: House, add: Callable[..., int]) -> None:
    number = add("x")
    people = two(house)
    for one in people:
        await one.get(LIST)
    address = f"{LIST}/tillfalle/{number}/status"
    answers = await asyncio.gather(
        people[0].post(address, till="full", fran="published"),
        people[1].post(address, till="cancelled", fran="published"),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    with house.database.transaction(read_only=True) as session:
        changes = session.scalars(select(RowChange).where(RowChange.key == str(number), RowChange.kind == "occasion"))
        assert len(changes.all()) == 1


async def test_of_two_who_make_the_same_course_one_is_told_that_it_exists(
    house: House, add_course: Callable[..., int]
) -> None:
    with house.database.transaction(read_only=True) as session:
        course = session.get_one(Course, add_course("mall"))
        sent = {"title": "Samma", "node": course.node.slug, "occupation": course.occupation.slug}
    people = two(house)
    for one in people:
        await one.get(f"{LIST}/ny")
    answers = await asyncio.gather(*(one.post(f"{LIST}/ny", **sent) for one in people))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    [refused] = [answer for answer in answers if answer.status_code == 422]
    assert "samma namn, yrke och nod" in refused.text
    with house.database.transaction(read_only=True) as session:
        assert len(session.scalars(select(Course.id).where(Course.title == "Samma")).all()) == 1


async def test_a_bulk_change_and_an_edit_of_one_of_its_rows_do_not_overwrite_each_other(
    house: House, add: Callable[..., int]
) -> None:
    numbers = [add(f"x-{n}") for n in range(20)]
    people = two(house)
    await people[0].get(LIST)
    data = {"csrf": people[0].csrf, "rad": [str(n) for n in numbers], "andra": "status", "ny_status": "full"}
    plan = (await people[0].client.post(f"{LIST}/flera", data=data)).headers["location"]
    address = f"{LIST}/tillfalle/{numbers[7]}"
    sent = fields((await people[1].get(address)).text)
    bulk, edit = await asyncio.gather(people[0].post(plan), people[1].post(address, **{**sent, "places": "3"}))
    assert edit.status_code == 303  # they change different columns
    with house.database.transaction(read_only=True) as session:
        rows = {row.id: row for row in session.scalars(select(Occasion).where(Occasion.id.in_(numbers)))}
    assert rows[numbers[7]].places == 3
    assert {rows[n].status for n in numbers if n != numbers[7]} == {"full"}
    assert (bulk.status_code, rows[numbers[7]].status) in {(200, "published"), (303, "full")}


async def test_undoing_at_the_same_time_undoes_once(house: House, add: Callable[..., int]) -> None:
    number = add("x")
    people = two(house)
    for one in people:
        await one.get(LIST)
    answer = await people[0].post(f"{LIST}/tillfalle/{number}/status", till="full", fran="published")
    batch = answer.headers["location"].partition("angra=")[2]
    answers = await asyncio.gather(*(one.post(f"/personal/angra/{batch}", here=LIST) for one in people))
    assert sorted(one.status_code for one in answers) == [303, 409]
    assert (stored(house.database, number) or {})["status"] == "published"
