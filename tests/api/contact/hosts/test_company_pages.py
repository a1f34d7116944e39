"""`/personal/foretag` and `/prao`: companies that receive are kept by staff and shown without their contacts."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from api.catalogue.tables import Municipality
from api.contact.hosts.tables import ReceivingCompany
from tests.api.staff.conftest import Browser, House
from tests.api.staff.desk import form_of, send, send_again

PATH = "/personal/foretag"
NEW = {
    "name": "Exempelgjuteriet Torsby",
    "does": "Gjuter delar till pumpar.",
    "prao": "ja",
    "pupils_do": "Du gör en egen form i sand.",
    "places": "2",
    "periods": "Vecka 12",
    "step_free": "yes",
    "contact": "Praoansvarig",
    "email": "prao.torsby@example.org",
    "status": "published",
    "example": "ja",
}


def company(house: House, name: str = "Exempelverkstaden Arvika") -> ReceivingCompany | None:
    with house.database.transaction(read_only=True) as session:
        return session.scalar(select(ReceivingCompany).where(ReceivingCompany.name == name))


def path_of(house: House, name: str = "Exempelverkstaden Arvika") -> str:
    found = company(house, name)
    assert found is not None
    return f"{PATH}/{found.id}"


def torsby(house: House) -> str:
    with house.database.transaction(read_only=True) as session:
        return str(session.scalars(select(Municipality.id).where(Municipality.name == "Torsby")).one())


async def test_every_company_is_listed_and_the_list_can_be_narrowed(staff: Browser) -> None:
    page = await staff.get(PATH)
    assert "8 företag" in page.text
    assert "Exempelträ Kil" in page.text
    page = await staff.get(f"{PATH}?kommun=Karlstad")
    assert "2 företag" in page.text
    assert "Exempelträ Kil" not in page.text
    page = await staff.get(f"{PATH}?status=resting&kommun=Ingenstans")
    assert "Inga företag" in page.text


async def test_all_of_them_can_be_had_as_a_file_with_their_contacts(house: House, staff: Browser) -> None:
    file = await staff.get(f"{PATH}/foretag.csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Företagets namn;Kommun;Vad företaget gör;Tar emot prao")
    assert len(lines) == 9
    (kil,) = [line for line in lines if line.startswith("Exempelträ Kil;Kil;")]
    assert kil.endswith("Verkstadskontoret;verkstad.kil@example.org;;Publicerat;ja")
    assert (await house.browser().get(f"{PATH}/foretag.csv")).status_code == 303


async def test_a_new_company_is_shown_once_it_is_published_and_can_be_taken_back(house: House, staff: Browser) -> None:
    answer = await send(staff, f"{PATH}/nytt", **NEW, municipality_id=torsby(house))
    assert answer.status_code == 303
    told = await staff.get(answer.headers["location"])
    assert "Det är upplagt." in told.text
    assert "Exempelgjuteriet Torsby" in (await staff.get("/prao?ort=Torsby")).text
    undo = re.search(r'action="(/personal/angra/[0-9a-f]+)"', told.text)
    assert undo
    await staff.post(undo[1], here=PATH)
    assert company(house, NEW["name"]) is None


async def test_a_draft_may_be_unfinished_and_is_not_shown(house: House, staff: Browser) -> None:
    unfinished = NEW | {"prao": "", "pupils_do": "", "status": "draft", "municipality_id": torsby(house)}
    assert (await send(staff, f"{PATH}/nytt", **unfinished)).status_code == 303
    assert "Exempelgjuteriet" not in (await staff.get("/prao")).text


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"name": ""}, "name", "Fyll i fältet."),
        ({"name": "Exempelstål Hagfors"}, "name", "Det finns redan ett företag"),
        ({"municipality_id": "99999"}, "municipality_id", "Välj en kommun"),
        ({"prao": "", "apl": "", "study_visit": ""}, "prao", "Kryssa i minst en sak"),
        ({"pupils_do": ""}, "pupils_do", "Skriv vad eleven får göra"),
        ({"places": "0"}, "places", "mellan 1 och 500"),
        ({"email": "prao"}, "email", "ingen e-postadress"),
        ({"does": "Ring 19850212-1234"}, "does", "personnummer"),
        ({"step_free": "kanske"}, "step_free", "Välj något i listan"),
        ({"status": "hemligt"}, "status", "Välj något i listan"),
    ],
)
async def test_what_cannot_be_used_is_told_at_the_field(
    house: House, staff: Browser, changed: dict[str, str], field: str, reason: str
) -> None:
    page = await send(staff, path_of(house), **changed)
    assert page.status_code == 422
    assert "<title>Fel: Ändra" in page.text
    assert f'href="#f-{field}"' in page.text
    assert reason in page.text
    assert "receiving_company.edit" not in house.actions()


async def test_what_looks_like_a_name_is_asked_about_once(house: House, staff: Browser) -> None:
    path = path_of(house)
    page = await send(staff, path, contact="Maria Exempelsson")
    assert page.status_code == 422
    assert "”Maria Exempelsson” ser ut som ett personnamn" in page.text
    assert (await send_again(staff, path, page)).status_code == 303


async def test_two_people_at_the_same_company_the_later_one_sees_and_decides(
    house: House, staff: Browser, colleague: Browser
) -> None:
    path = path_of(house)
    shown = form_of(await staff.get(path), path)
    await send(colleague, path, periods="Vecka 40")
    page = await staff.post(path, **{**shown, "periods": "Vecka 41"})
    assert page.status_code == 409
    assert "Någon annan har ändrat här medan du skrev." in page.text


async def test_the_history_is_in_words(house: House, staff: Browser) -> None:
    path = path_of(house)
    await send(staff, path, status="resting", step_free="no")
    found = company(house)
    assert found
    page = await staff.get(f"/personal/historik/receiving_company/{found.id}")
    for words in ("Publicerat", "Vilar", "Nej", "Utan trappsteg"):
        assert words in page.text


async def test_a_company_can_be_removed(house: House, staff: Browser) -> None:
    path = path_of(house)
    assert "Välj status Vilar" in (await staff.get(f"{path}/ta-bort")).text
    await send(staff, f"{path}/ta-bort")
    assert company(house) is None


class TestThePublicPage:
    async def test_explains_prao_and_groups_the_companies(self, staff: Browser) -> None:
        page = await staff.get("/prao")
        for words in ("För dig som är elev", "vårdnadshavare", "arbetar på en skola", "TechniQual", "från 2020"):
            assert words in page.text
        places = re.findall(r"<h3>(\w+)</h3>", page.text)
        assert places == sorted(places)
        assert {"Arvika", "Karlstad", "Kil", "Säffle"} <= set(places)
        assert "Exempeldata" in page.text

    async def test_never_shows_a_contact(self, staff: Browser) -> None:
        page = await staff.get("/prao")
        assert "Praktiksamordningen" not in page.text
        assert "@example.org" not in page.text

    async def test_can_be_narrowed_and_understands_what_it_cannot_find(self, staff: Browser) -> None:
        page = await staff.get("/prao?ort=Karlstad&tar_emot=apl")
        assert "Exempelpapper Karlstad" in page.text
        assert "Exempelstål" not in page.text
        assert "Just nu finns inget sådant företag i listan i Torsby" in (await staff.get("/prao?ort=torsby")).text
        page = await staff.get("/prao?ort=Atlantis&tar_emot=lunch")
        assert "känner vi inte igen" in page.text
        assert "Exempelstål" in page.text
