"""`/personal/orter`: nodes and municipalities are kept right, and nothing that others need goes away."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from api.booking.tables import NodeDay
from api.catalogue.tables import Municipality, Node
from tests.api.staff.conftest import Browser, House
from tests.api.staff.desk import form_of, send, send_again

PATH = "/personal/orter"
NODE = {
    "name": "Industrinoden i Grums",
    "town": "Grums",
    "phone": "031-390 06 40",
    "email": "vagledning.grums@example.org",
    "opening_hours": "Måndag 8.00–12.00",
    "profile": "Här tränar du på papper.",
    "equipment": "En pappersmaskin.",
    "lat": "59,35",
    "lon": "13.11",
}


def node(house: House, town: str = "Arvika") -> Node | None:
    with house.database.transaction(read_only=True) as session:
        return session.scalar(select(Node).where(Node.town == town))


def municipality(house: House, name: str) -> Municipality | None:
    with house.database.transaction(read_only=True) as session:
        return session.scalar(select(Municipality).where(Municipality.name == name))


def number(house: House, name: str) -> int:
    found = municipality(house, name)
    assert found is not None
    return found.id


async def path_of(house: House, town: str = "Arvika") -> str:
    found = node(house, town)
    assert found is not None
    return f"{PATH}/noder/{found.id}"


async def test_everything_is_listed(staff: Browser) -> None:
    page = await staff.get(PATH)
    for shown in ("Industrinoden i Arvika", "031-390 06 11", "Studie- och yrkesvägledare, Arvika", "1784", "Jössefors"):
        assert shown in page.text


async def test_a_node_is_changed_and_the_change_taken_back(house: House, staff: Browser) -> None:
    path = await path_of(house)
    answer = await send(staff, path, phone="031-390 06 99", opening_hours="Fredag 9–10", example="")
    assert answer.status_code == 303
    page = await staff.get(answer.headers["location"])
    assert "Ändringarna är sparade." in page.text
    changed = node(house)
    assert changed
    assert (changed.phone, changed.opening_hours, changed.example) == (
        "031-390 06 99",
        "Fredag 9–10",
        False,
    )
    undo = re.search(r'action="(/personal/angra/[0-9a-f]+)"', page.text)
    assert undo
    await staff.post(undo[1], here=path)
    back = node(house)
    assert back
    assert (back.phone, back.example) == ("031-390 06 11", True)


async def test_what_was_not_changed_is_not_stored(house: House, staff: Browser) -> None:
    answer = await send(staff, await path_of(house))
    assert "klart=utan_andring" in answer.headers["location"]
    assert "node.edit" not in house.actions()


@pytest.mark.parametrize(
    ("field", "written", "reason"),
    [
        ("name", "", "Fyll i fältet."),
        ("phone", "ring oss", "Skriv ett telefonnummer"),
        ("email", "vagledning", "ingen e-postadress"),
        ("lat", "5938", "Skriv ett tal mellan 55 och 70"),
        ("lon", "öst", "Skriv ett tal mellan 10 och 25"),
        ("municipality_id", "99999", "Välj en kommun"),
        ("municipality_id", "x", "Välj en kommun"),
        ("profile", "<b>Bäst</b>", "HTML-kod"),
        ("opening_hours", "Fråga efter 19850212-1234", "personnummer"),
        ("name", "Industrinoden i Hagfors", ""),
    ],
)
async def test_a_field_that_cannot_be_used_is_told_at_the_field(
    house: House, staff: Browser, field: str, written: str, reason: str
) -> None:
    path = await path_of(house)
    changed = {field: written} | ({"town": "Hagfors"} if not reason else {})
    page = await send(staff, path, **changed)
    assert page.status_code == 422
    assert "<title>Fel: Ändra" in page.text
    assert f'href="#f-{field}"' in page.text
    assert (reason or "samma namn och ort") in page.text
    assert "node.edit" not in house.actions()


@pytest.mark.parametrize(
    ("field", "written", "words"),
    [
        ("email", "kim.exempelsson@example.org", "kim.exempelsson"),
        ("opening_hours", "Ring Fatima på fredagar", "Fatima"),
        ("profile", "Rektor Anders leder noden.", "Anders"),
    ],
)
async def test_what_looks_like_a_name_is_asked_about_once_and_then_believed(
    house: House, staff: Browser, field: str, written: str, words: str
) -> None:
    path = await path_of(house)
    page = await send(staff, path, **{field: written})
    assert page.status_code == 422
    assert "<title>Kontrollera: Ändra" in page.text
    assert f"”{words}” ser ut som ett personnamn" in page.text
    other = await send_again(staff, path, page, **{field: f"{written} Maria"})
    assert other.status_code == 422, "another text is another question"
    answer = await send_again(staff, path, page)
    assert answer.status_code == 303


async def test_a_position_far_from_the_municipality_is_asked_about(house: House, staff: Browser) -> None:
    page = await send(staff, await path_of(house), lat="57,7")
    assert page.status_code == 422
    assert "från mitten av Arvika" in page.text


async def test_two_people_at_the_same_node_the_later_one_sees_and_decides(
    house: House, staff: Browser, colleague: Browser
) -> None:
    path = await path_of(house)
    shown = form_of(await staff.get(path), path)
    await send(colleague, path, phone="031-390 06 77", street="Nya gatan 1")
    page = await staff.post(path, **{**shown, "phone": "031-390 06 88", "equipment": "Tre svetsar."})
    assert page.status_code == 409
    assert "Någon annan har ändrat här medan du skrev." in page.text
    assert "Senast ändrat" in page.text
    assert "av Redaktionen." in page.text
    kept = form_of(page, path)
    assert (kept["phone"], kept["street"], kept["equipment"]) == ("031-390 06 88", "Nya gatan 1", "Tre svetsar.")
    before = node(house)
    assert before
    assert before.phone == "031-390 06 77"
    assert (await send_again(staff, path, page)).status_code == 303
    after = node(house)
    assert after
    assert (after.phone, after.street, after.equipment) == ("031-390 06 88", "Nya gatan 1", "Tre svetsar.")


async def test_a_new_node_is_found_by_the_chat_and_can_be_taken_back(house: House, staff: Browser) -> None:
    answer = await send(staff, f"{PATH}/ny-nod", municipality_id=str(number(house, "Grums")), **NODE)
    assert answer.status_code == 303
    made = node(house, "Grums")
    assert made
    assert (made.slug, made.lat, made.lon, made.example) == ("grums", 59.35, 13.11, False)
    page = await staff.get(answer.headers["location"])
    undo = re.search(r'action="(/personal/angra/[0-9a-f]+)"', page.text)
    assert undo
    assert (await staff.post(undo[1], here=PATH)).status_code == 303
    assert node(house, "Grums") is None


async def test_a_node_with_courses_is_not_removed(house: House, staff: Browser) -> None:
    path = await path_of(house) + "/ta-bort"
    page = await staff.get(path)
    assert "utbildningar, vägledare" in page.text
    assert form_of(page, "/personal/logga-ut")
    assert f'action="{path}"' not in page.text
    assert (await staff.post(path)).status_code == 409
    assert node(house) is not None


async def test_a_node_that_nothing_belongs_to_is_removed_and_comes_back(house: House, staff: Browser) -> None:
    await send(staff, f"{PATH}/ny-nod", municipality_id=str(number(house, "Grums")), **NODE)
    path = await path_of(house, "Grums") + "/ta-bort"
    with house.database.transaction() as session:
        session.add(NodeDay(node_id=session.scalar(select(func.max(Node.id))), day=date(2026, 12, 1)))
    answer = await send(staff, path)
    assert answer.status_code == 303
    assert node(house, "Grums") is None
    page = await staff.get(answer.headers["location"])
    undo = re.search(r'action="(/personal/angra/[0-9a-f]+)"', page.text)
    assert undo
    await staff.post(undo[1], here=PATH)
    back = node(house, "Grums")
    assert back
    assert back.phone == NODE["phone"]


async def test_names_of_a_municipality_are_kept_one_a_line(house: House, staff: Browser) -> None:
    path = f"{PATH}/kommuner/{number(house, 'Kil')}"
    page = await staff.get(path)
    names = form_of(page, path)["aliases"]
    answer = await send(staff, path, aliases=f"{names}\r\nRunnevål\r\n\r\nRunnevål", misspellings="runeväll")
    assert answer.status_code == 303
    kil = municipality(house, "Kil")
    assert kil
    assert kil.aliases[-1] == "Runnevål"
    assert kil.aliases.count("Runnevål") == 1
    assert (kil.misspellings, kil.code) == (["runeväll"], "1715")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("Molkom", "Molkom (Karlstad)"), ("MOL-KOM", "(Karlstad)"), ("svetsare", "(Svetsare)"), ("ab", "för kort")],
)
async def test_a_name_that_means_something_else_already_is_refused(
    house: House, staff: Browser, name: str, reason: str
) -> None:
    page = await send(staff, f"{PATH}/kommuner/{number(house, 'Kil')}", aliases=name)
    assert page.status_code == 422
    assert reason in page.text


async def test_a_new_municipality_has_a_code_of_a_known_region(house: House, staff: Browser) -> None:
    new = {"name": "Nyköping", "concept_id": "KzvD_ePV_DKQ", "lat": "58,75", "lon": "17"}
    for code, reason in (("0480", "Län 04 finns inte"), ("178", "fyra siffror"), ("1780", "Karlstad har redan")):
        page = await send(staff, f"{PATH}/ny-kommun", code=code, **new)
        assert page.status_code == 422
        assert reason in page.text
    assert (await send(staff, f"{PATH}/ny-kommun", code="1799", **new)).status_code == 303
    made = municipality(house, "Nyköping")
    assert made
    assert (made.code, made.lon) == ("1799", 17.0)
    page = await send(staff, f"{PATH}/ny-kommun", code="1798", **{**new, "name": "nyköping"})
    assert "Kommunen finns redan." in page.text


async def test_the_history_names_columns_and_values_in_swedish(house: House, staff: Browser) -> None:
    path = await path_of(house)
    await send(staff, path, municipality_id=str(number(house, "Eda")), phone="031-390 06 50")
    page = await staff.get(path.replace(f"{PATH}/noder", "/personal/historik/node"))
    for words in ("Kommun", "<del>Arvika</del>", "<ins>Eda</ins>", "Telefon", "Redaktionen"):
        assert words in page.text
    restore = re.search(r'action="(/personal/historik/node/\d+/\d+)"', page.text)
    assert restore
    assert (await staff.post(restore[1])).status_code == 303
    back = node(house)
    assert back
    assert back.phone == "031-390 06 11"


@pytest.mark.parametrize("key", ["999999", "99999999999999999999", "x"])
async def test_a_row_that_is_not_there_is_told(staff: Browser, key: str) -> None:
    for kind in ("noder", "kommuner", "vagledare"):
        assert (await staff.get(f"{PATH}/{kind}/{key}")).status_code in {404, 422}
