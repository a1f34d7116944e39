"""Many occasions at once: what is shown is what is done, and what others have changed is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from api.catalogue.keeping.tables import BulkPlan
from api.catalogue.tables import Occasion
from api.database import Database
from api.staff.tables import Audit, RowChange
from tests.api.catalogue.keeping.conftest import LIST, follow, stored, undo, undo_address
from tests.api.staff.conftest import Browser, House
from tests.conftest import MovableClock


async def prepare(staff: Browser, numbers: list[int], **sent: Any) -> Any:
    """Send the form below the list; a page, or where the preview is."""
    await staff.get(LIST)
    data = {"csrf": staff.csrf, "vilka": "markerade", "rad": [str(number) for number in numbers], **sent}
    return await staff.client.post(f"{LIST}/flera", data=data)


def statuses(database: Database, numbers: list[int]) -> list[str]:
    with database.transaction(read_only=True) as session:
        found = dict(session.execute(select(Occasion.id, Occasion.status)).all())
    return [found[number] for number in numbers]


async def test_ticked_rows_are_shown_changed_and_undone_as_one(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    numbers = [add(f"x-{n}", status=status) for n, status in enumerate(("published", "draft", "cancelled"))]
    answer = await prepare(staff, numbers, andra="status", ny_status="cancelled")
    address = answer.headers["location"]
    page = await follow(staff, answer)
    assert "2 tillfällen ändras." in page
    assert "1 är redan så" in page
    assert statuses(house.database, numbers) == ["published", "draft", "cancelled"]
    page = await follow(staff, await staff.post(address))
    assert "2 tillfällen är ändrade." in page
    assert statuses(house.database, numbers) == ["cancelled"] * 3
    with house.database.transaction(read_only=True) as session:
        made = session.scalars(select(RowChange).where(RowChange.cause == "bulk")).all()
        assert len({change.batch for change in made}) == 1
        assert len(made) == 2
        [audit] = session.scalars(select(Audit).where(Audit.action == "occasion.bulk"))
        assert audit.details["rows"] == 2
    again = await follow(staff, await staff.post(address))  # pressed twice
    assert undo_address(again) == undo_address(page)
    await follow(staff, await undo(staff, page))
    assert statuses(house.database, numbers) == ["published", "draft", "cancelled"]
    assert (await undo(staff, page)).status_code == 409


async def test_what_cannot_be_changed_is_told_and_left(house: House, staff: Browser, add: Callable[..., int]) -> None:
    good = add("good")
    late = add("late", apply_from=date(2026, 12, 20), apply_to=date(2026, 12, 24))
    any_time = add("any-time", continuous=True)
    page = await follow(
        staff, await prepare(staff, [good, late, any_time], andra="apply_to", ny_sista_dag="2026-12-18")
    )
    assert "1 tillfälle ändras." in page
    assert "2 kan inte ändras så här." in page
    assert "har löpande antagning" in page
    assert "ansökan öppnar efter" in page
    bare = add("bare", status="draft", start_date=None)
    page = await follow(staff, await prepare(staff, [bare], andra="status", ny_status="published"))
    assert "saknar något som behövs för att publiceras" in page
    assert "0 tillfällen ändras." in page


async def test_all_in_the_search_are_those_of_the_search(house: House, staff: Browser, add: Callable[..., int]) -> None:
    numbers = [add(f"sokord-{n}", status="draft" if n % 2 else "published") for n in range(70)]
    answer = await prepare(
        staff, [], vilka="alla", q="sokord", status="published", andra="apply_to", ny_sista_dag="2026-12-20"
    )
    page = await follow(staff, answer)
    assert "35 tillfällen ändras." in page
    page = await follow(staff, await staff.post(answer.headers["location"]))
    with house.database.transaction(read_only=True) as session:
        changed = session.scalars(select(Occasion.id).where(Occasion.apply_to == date(2026, 12, 20))).all()
    assert sorted(changed) == numbers[::2]
    assert "q=sokord" in str(staff.client.base_url.join(answer.headers["location"])) or "sokord" in page


async def test_rows_that_somebody_changed_since_the_preview_are_left_and_told(
    house: House, staff: Browser, add: Callable[..., int], clock: MovableClock
) -> None:
    numbers = [add(f"x-{n}") for n in range(4)]
    answer = await prepare(staff, numbers, andra="status", ny_status="full")
    other = house.signed_in(house.account("andra@example.org"))
    await other.get(LIST)
    clock.move(minutes=1)
    await other.post(f"{LIST}/tillfalle/{numbers[1]}/status", till="cancelled", fran="published")
    await other.post(f"{LIST}/tillfalle/{numbers[2]}/status", till="draft", fran="published")
    await other.post(f"{LIST}/tillfalle/{numbers[2]}/ta-bort")
    page = await staff.post(answer.headers["location"])
    assert page.status_code == 200
    assert "2 tillfällen är ändrade" in page.text
    assert "2 har någon annan ändrat under tiden" in page.text
    assert statuses(house.database, [numbers[0], numbers[1], numbers[3]]) == ["full", "cancelled", "full"]
    await follow(staff, await undo(staff, page.text))
    assert statuses(house.database, [numbers[0], numbers[1], numbers[3]]) == ["published", "cancelled", "published"]


async def test_undo_refuses_altogether_when_one_row_was_changed_since(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    numbers = [add(f"x-{n}") for n in range(3)]
    answer = await prepare(staff, numbers, andra="status", ny_status="full")
    page = await follow(staff, await staff.post(answer.headers["location"]))
    await staff.post(f"{LIST}/tillfalle/{numbers[1]}/status", till="draft", fran="full")
    assert (await undo(staff, page)).status_code == 409
    assert statuses(house.database, numbers) == ["full", "draft", "full"]


async def test_what_was_forgotten_is_asked_for_and_the_ticks_stay(
    house: House, staff: Browser, add: Callable[..., int]
) -> None:
    number = add("x")
    for sent, words in (
        ({"andra": "apply_to"}, "Fyll i fältet."),
        ({"andra": "apply_to", "ny_sista_dag": "31/2 2027"}, "Den dagen finns inte"),
        ({"andra": "status", "ny_status": ""}, "Välj något i listan."),
        ({}, "Välj något i listan."),
    ):
        answer = await prepare(staff, [number], **sent)
        assert answer.status_code == 422
        assert words in answer.text
        assert f'value="{number}" form="flera" checked' in answer.text
    answer = await prepare(staff, [], andra="status", ny_status="full")
    assert answer.status_code == 422
    assert "Inga tillfällen är valda." in answer.text


async def test_a_plan_belongs_to_whoever_made_it_and_lasts_a_day(
    house: House, staff: Browser, add: Callable[..., int], clock: MovableClock
) -> None:
    number = add("x")
    address = (await prepare(staff, [number], andra="status", ny_status="full")).headers["location"]
    other = house.signed_in(house.account("andra@example.org"))
    await other.get(LIST)
    assert (await other.get(address)).status_code == 404
    assert (await other.post(address)).status_code == 404
    assert (await staff.get(f"{LIST}/flera/inget-id")).status_code == 404
    clock.move(days=1, seconds=1)
    staff = house.signed_in(house.account("tredje@example.org"))
    await prepare(staff, [number], andra="status", ny_status="full")
    with house.database.transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(BulkPlan)) == 1
    assert (stored(house.database, number) or {})["status"] == "published"


async def test_five_thousand_rows_go_in_one_and_come_back(
    house: House, staff: Browser, add: Callable[..., int], clock: MovableClock
) -> None:
    add("first")
    with house.database.transaction() as session:
        course = session.scalars(select(Occasion.course_id)).first()
        rows = [
            {
                "external_id": f"many-{n}",
                "course_id": course,
                "status": "published",
                "updated_at": clock(),
            }
            for n in range(5_000)
        ]
        session.execute(Occasion.__table__.insert(), rows)  # type: ignore[attr-defined]
        session.execute(update(Occasion).where(Occasion.external_id == "many-7").values(status="draft"))
    answer = await prepare(staff, [], vilka="alla", q="many", andra="status", ny_status="cancelled")
    page = await follow(staff, answer)
    assert "5000 tillfällen ändras." in page
    page = await follow(staff, await staff.post(answer.headers["location"]))
    assert "5000 tillfällen är ändrade." in page

    def count(status: str) -> int:
        with house.database.transaction(read_only=True) as session:
            of_ours = select(func.count()).select_from(Occasion).where(Occasion.external_id.like("many-%"))
            return session.scalar(of_ours.where(Occasion.status == status)) or 0

    assert count("cancelled") == 5_000
    await follow(staff, await undo(staff, page))
    assert (count("published"), count("draft"), count("cancelled")) == (4_999, 1, 0)
