"""Staff say whether a course trains for an occupation or is for people in work, and for which company."""

from __future__ import annotations

from sqlalchemy import select

from api.catalogue.tables import Course
from tests.api.staff.conftest import Browser, House
from tests.api.staff.desk import send

LIST = "/personal/utbildningar"


def course(house: House, title: str) -> Course:
    with house.database.transaction(read_only=True) as session:
        return session.scalars(select(Course).where(Course.title == title).order_by(Course.id)).first()  # type: ignore[return-value]  # it is in the seed


async def test_the_kind_and_the_company_are_kept_and_told_in_words(house: House, staff: Browser) -> None:
    number = course(house, "Svetsare, rör").id
    answer = await send(staff, f"{LIST}/{number}/andra", kind="upskilling", company="på förfrågan")
    assert answer.status_code == 303
    page = await staff.get(f"{LIST}/{number}")
    assert "Kurs för yrkesverksamma" in page.text
    assert "Företag: på förfrågan" in page.text
    history = await staff.get(f"/personal/historik/course/{number}")
    assert "Slags utbildning" in history.text
    assert "Yrkesutbildning" in history.text


async def test_a_company_belongs_to_courses_for_people_in_work_only(house: House, staff: Browser) -> None:
    number = course(house, "Svetsare, rör").id
    page = await send(staff, f"{LIST}/{number}/andra", company="Exempelstål")
    assert page.status_code == 422
    assert 'href="#f-company"' in page.text
    assert "Välj Kurs för yrkesverksamma" in page.text


async def test_the_public_page_says_whom_it_is_for(house: House, staff: Browser) -> None:
    page = await staff.get(f"/utbildningar/{course(house, 'Felsökning i hydraulik, tre dagar').id}")
    assert "Kursen är för dig som redan har ett jobb." in page.text
    assert "på förfrågan" in page.text
    assert 'href="/foretag/utbilda"' in page.text
    listed = await staff.get("/utbildningar?for=yrkesverksamma")
    assert listed.text.count("För dig som har ett jobb") == 6
    assert "För företag: på förfrågan." in listed.text
    assert (
        "redan har ett jobb"
        not in (await staff.get("/utbildningar?for=yrkesverksamma&yrke=montor")).text.split("Fler val")[0]
    )
