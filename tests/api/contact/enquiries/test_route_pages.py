"""`/personal/mottagare`: who gets what is kept right, and there is always somebody."""

from __future__ import annotations

from sqlalchemy import func, select

from api.catalogue.tables import Municipality
from api.contact.enquiries.seed import seed_routes
from api.contact.enquiries.tables import EnquiryRoute
from tests.api.staff.conftest import Browser, House
from tests.api.staff.desk import form_of, send, send_again

PATH = "/personal/mottagare"


def default_of(house: House) -> EnquiryRoute:
    with house.database.transaction(read_only=True) as session:
        return next(row for row in session.scalars(select(EnquiryRoute)) if row.is_default)


def route_for(house: House, matter: str) -> EnquiryRoute:
    with house.database.transaction(read_only=True) as session:
        return session.scalars(select(EnquiryRoute).where(EnquiryRoute.matter == matter)).one()


def number_of(house: House, name: str) -> str:
    with house.database.transaction(read_only=True) as session:
        return str(session.scalars(select(Municipality.id).where(Municipality.name == name)).one())


async def test_every_route_is_listed_and_the_box_says_who_gets_what(house: House, staff: Browser) -> None:
    page = (await staff.get(PATH)).text
    for shown in ("Praosamordningen", "Vägledningen i Säffle", "Förvalet: allt annat"):
        assert shown in page
    tried = (await staff.get(f"{PATH}?arende=school_prao&kommun={number_of(house, 'Arvika')}")).text
    assert "Går till <strong>Praosamordningen</strong>" in tried
    assert "Praoplatser till en skola, Alla kommuner" in tried
    tried = (await staff.get(f"{PATH}?arende=staffing&kommun=")).text
    assert "Går till <strong>Samordningen för Industrivägledaren</strong>" in tried


async def test_a_route_is_added_wins_and_is_taken_back(house: House, staff: Browser) -> None:
    texts = {
        "matter": "school_prao",
        "municipality_id": number_of(house, "Arvika"),
        "function": "Praon i Arvika",
        "email": "prao.arvika@example.org",
    }
    answer = await send(staff, f"{PATH}/ny", **texts)
    assert answer.status_code == 303
    page = await staff.get(answer.headers["location"])
    assert "Praon i Arvika" in page.text
    tried = f"{PATH}?arende=school_prao&kommun={texts['municipality_id']}"
    assert "Går till <strong>Praon i Arvika</strong>" in (await staff.get(tried)).text
    undo = next(path for path in _actions(page.text) if "/personal/angra/" in path)
    await staff.post(undo, **form_of(page, undo))
    assert "Går till <strong>Praosamordningen</strong>" in (await staff.get(tried)).text


async def test_the_same_matter_and_municipality_cannot_have_two(house: House, staff: Browser) -> None:
    texts = {"matter": "school_prao", "function": "En till", "email": "en.till@example.org"}
    answer = await send(staff, f"{PATH}/ny", **texts)
    assert answer.status_code == 422
    assert "Det finns redan en mottagare" in answer.text


async def test_a_second_default_is_refused(house: House, staff: Browser) -> None:
    answer = await send(staff, f"{PATH}/ny", function="Alla", email="alla@example.org")
    assert answer.status_code == 422
    assert "Förvalet tar redan hand om allt annat" in answer.text


async def test_the_default_keeps_its_place_whoever_gets_it(house: House, staff: Browser) -> None:
    default = default_of(house)
    path = f"{PATH}/{default.id}"
    page = await staff.get(path)
    assert f'action="{path}/ta-bort"' not in page.text
    token = form_of(page, path)
    assert (await staff.post(f"{path}/ta-bort", **token)).status_code == 409
    moved = token | {"matter": "council", "function": "Någon annan", "email": "annan@example.org"}
    assert (await staff.post(path, **moved)).status_code == 303
    default = default_of(house)
    assert (default.matter, default.function) == ("", "Någon annan")


async def test_a_route_is_removed_and_its_enquiries_go_to_the_next(house: House, staff: Browser) -> None:
    row = route_for(house, "school_prao")
    path = f"{PATH}/{row.id}/ta-bort"
    answer = await staff.post(path, **form_of(await staff.get(f"{PATH}/{row.id}"), path))
    assert answer.status_code == 303
    tried = f"{PATH}?arende=school_prao&kommun={number_of(house, 'Arvika')}"
    assert "Vägledningen i Arvika" in (await staff.get(tried)).text


async def test_a_persons_name_is_asked_about_once(house: House, staff: Browser) -> None:
    row = route_for(house, "school_prao")
    path = f"{PATH}/{row.id}"
    answer = await send(staff, path, function="Anna Exempelsson")
    assert answer.status_code == 422
    assert "ser ut som ett personnamn" in answer.text
    assert (await send_again(staff, path, answer)).status_code == 303


async def test_the_history_tells_who_changed_what(house: House, staff: Browser) -> None:
    row = route_for(house, "school_prao")
    await send(staff, f"{PATH}/{row.id}", email="ny.prao@example.org")
    page = (await staff.get(f"/personal/historik/enquiry_route/{row.id}")).text
    assert "ny.prao@example.org" in page
    assert "E-post" in page


async def test_seeding_again_brings_no_removed_route_back(house: House, staff: Browser) -> None:
    with house.database.transaction() as session:
        before = session.scalar(select(func.count()).select_from(EnquiryRoute))
        assert seed_routes(session, [{"function": "X", "email": "x@example.org", "example": True}], house.clock()) == 0
        assert session.scalar(select(func.count()).select_from(EnquiryRoute)) == before


def _actions(html: str) -> list[str]:
    return [part.partition('"')[0] for part in html.split('action="')[1:]]
