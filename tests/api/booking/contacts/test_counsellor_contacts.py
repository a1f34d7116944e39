"""A counsellor is shown as a function, and reached at a function's address."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api.booking.tables import Counsellor
from tests.api.staff.conftest import Browser, House
from tests.api.staff.desk import send, send_again


def counsellor(house: House) -> Counsellor:
    with house.database.transaction(read_only=True) as session:
        return session.scalars(select(Counsellor).where(Counsellor.slug == "arvika-1")).one()


def path_of(house: House) -> str:
    return f"/personal/orter/vagledare/{counsellor(house).id}"


async def test_function_contacts_and_whether_one_can_book_are_kept(house: House, staff: Browser) -> None:
    answer = await send(
        staff, path_of(house), title="Vägledningen i Arvika", email="syv@example.org", phone="031-390 06 60", active=""
    )
    assert answer.status_code == 303
    row = counsellor(house)
    assert (row.title, row.email, row.phone, row.active) == (
        "Vägledningen i Arvika",
        "syv@example.org",
        "031-390 06 60",
        False,
    )
    assert "counsellor.edit" in house.actions()
    page = await staff.get(f"/personal/historik/counsellor/{row.id}")
    for words in ("Funktion", "Kan bokas", "<del>ja</del>"):
        assert words in page.text


@pytest.mark.parametrize(
    ("field", "written"), [("title", "Kim Exempelsson, vägledare"), ("email", "maria.syv@example.org")]
)
async def test_a_name_where_a_function_belongs_is_asked_about(
    house: House, staff: Browser, field: str, written: str
) -> None:
    page = await send(staff, path_of(house), **{field: written})
    assert page.status_code == 422
    assert "ser ut som ett personnamn" in page.text
    assert (await send_again(staff, path_of(house), page)).status_code == 303


async def test_an_identity_number_is_refused(house: House, staff: Browser) -> None:
    page = await send(staff, path_of(house), title="Vägledare 850212-1234")
    assert page.status_code == 422
    assert "personnummer" in page.text
    page = await send_again(staff, path_of(house), page)
    assert page.status_code == 422
