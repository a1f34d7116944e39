"""`/personal/yrken`: every field of an occupation is kept, and what it says is what the assistant says."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from api.guidance.tables import GUIDE_TRAITS, PARTS, Occupation
from tests.api.staff.conftest import Browser, House
from tests.api.staff.desk import form_of, send, send_again

PATH = "/personal/yrken"
NEW = {
    "title": "Båtbyggare",
    "area": "Bygga ihop och leverera",
    "summary": "Du bygger båtar.",
    "easy": "Du bygger båtar.",
    "aliases": "båtbygge\nbåtbyggeri",
    "guide_hands": "2",
    "guide_technology": "-1",
}


def occupation(house: House, slug: str = "svetsare") -> Occupation | None:
    with house.database.transaction(read_only=True) as session:
        return session.scalar(select(Occupation).where(Occupation.slug == slug))


def stored(house: House, slug: str = "svetsare") -> Occupation:
    found = occupation(house, slug)
    assert found is not None
    return found


def path_of(house: House, slug: str = "svetsare") -> str:
    return f"{PATH}/{stored(house, slug).id}"


async def test_every_occupation_stands_in_its_form_and_comes_back_unchanged(house: House, staff: Browser) -> None:
    with house.database.transaction(read_only=True) as session:
        slugs = list(session.scalars(select(Occupation.slug)))
    listed = await staff.get(PATH)
    for slug in slugs:
        path = path_of(house, slug)
        assert f'href="{path}"' in listed.text
        answer = await send(staff, path)
        assert answer.headers.get("location") == f"{path}?klart=utan_andring", slug


async def test_all_kinds_of_fields_are_stored(house: House, staff: Browser) -> None:
    path = path_of(house)
    answer = await send(
        staff,
        path,
        title="Licenssvetsare",
        area="Metall",
        ssyk="",
        ssyk_title="",
        concept_ids="wf1E_nWA_EJp",
        easy_paths="",
        related_1="montor",
        related_2="",
        related_3="montor",
        guide_heavy="2",
        guide_hands="0",
        traits="tålamod\r\nmod",
        misspellings="svettsarre",
    )
    assert answer.status_code == 303
    row = stored(house)
    assert (row.title, row.area, row.ssyk, row.ssyk_title) == ("Licenssvetsare", "Metall", None, None)
    assert (row.concept_ids, row.related, row.traits) == (["wf1E_nWA_EJp"], ["montor"], ["tålamod", "mod"])
    assert set(row.easy_parts) == {*PARTS} - {"paths"}
    assert row.guide["heavy"] == 2
    assert "hands" not in row.guide
    assert set(row.guide) <= set(GUIDE_TRAITS)
    page = await staff.get(path.replace(PATH, "/personal/historik/occupation"))
    for words in (
        "Yrkesguidens vikter",
        "Bygga och göra med händerna: 2",
        "Närliggande yrken",
        "Montör",
        "Vägar vidare",
    ):
        assert words in page.text


@pytest.mark.parametrize(
    ("fields", "wrong", "reason"),
    [
        ({"title": ""}, "title", "Fyll i fältet."),
        ({"title": "Montör"}, "title", "finns redan ett yrke"),
        ({"title": "Svarvare"}, "title", "Svarvare (CNC-operatör)"),
        ({"title": "CNC operatör"}, "title", "finns redan ett yrke"),
        ({"ssyk": "72"}, "ssyk", "fyra siffror"),
        ({"concept_ids": "abc"}, "concept_ids", "JobTech"),
        ({"aliases": "svetsning\nsvarvare"}, "aliases", "svarvare (CNC-operatör)"),
        ({"aliases": "Karlstad"}, "aliases", "Karlstad (Karlstad)"),
        ({"misspellings": "sv"}, "misspellings", "för kort"),
        ({"related_1": "svetsare"}, "related_1", "Välj ett annat yrke"),
        ({"related_2": "finns-inte"}, "related_2", "Välj ett annat yrke"),
        ({"guide_hands": "3"}, "guide_hands", "Välj något i listan"),
        ({"summary": "<script>alert(1)</script>"}, "summary", "HTML-kod"),
        ({"workday": "Ring 850212-1234"}, "workday", "personnummer"),
    ],
)
async def test_a_field_that_cannot_be_used_is_told_at_the_field(
    house: House, staff: Browser, fields: dict[str, str], wrong: str, reason: str
) -> None:
    page = await send(staff, path_of(house), **fields)
    assert page.status_code == 422
    assert f'href="#f-{wrong}"' in page.text
    assert reason in page.text
    assert "occupation.edit" not in house.actions()


async def test_the_preview_is_what_the_assistant_would_say_and_stores_nothing(house: House, staff: Browser) -> None:
    page = await send(staff, path_of(house), summary="Du svetsar hela dagen.", easy="Du svetsar.", visa="ja")
    assert page.status_code == 200
    assert "Så svarar assistenten" in page.text
    assert page.text.count("Du svetsar hela dagen.") == 2
    assert stored(house).summary != "Du svetsar hela dagen."


async def test_how_hard_a_text_is_to_read_is_told_beside_it(house: House, staff: Browser) -> None:
    hard = "Industriproduktionsprocesser förutsätter kvalificerade kompetensförsörjningsstrategier kontinuerligt."
    page = await send(staff, path_of(house), easy=hard, visa="ja")
    assert "svår. <strong>För svårt.</strong> Lätt svenska ska vara under 25." in page.text
    await send(staff, path_of(house), easy=hard)
    assert "Svårläst: Vad man gör, lätt svenska." in (await staff.get(PATH)).text


async def test_a_new_occupation_gets_its_id_from_the_title_and_can_be_taken_back(house: House, staff: Browser) -> None:
    answer = await send(staff, f"{PATH}/nytt", **NEW)
    assert answer.status_code == 303
    row = stored(house, "batbyggare")
    assert (row.title, row.guide, row.aliases) == (
        "Båtbyggare",
        {"hands": 2, "technology": -1},
        ["båtbygge", "båtbyggeri"],
    )
    page = await staff.get(answer.headers["location"])
    undo = re.search(r'action="(/personal/angra/[0-9a-f]+)"', page.text)
    assert undo
    await staff.post(undo[1], here=PATH)
    assert occupation(house, "batbyggare") is None


async def test_only_an_occupation_without_courses_is_removed(house: House, staff: Browser) -> None:
    await send(staff, f"{PATH}/nytt", **NEW)
    new, used = path_of(house, "batbyggare"), path_of(house)
    assert (await send(staff, f"{new}/ta-bort")).status_code == 303
    assert occupation(house, "batbyggare") is None
    assert "finns utbildningar till det" in (await staff.get(f"{used}/ta-bort")).text
    assert (await staff.post(f"{used}/ta-bort")).status_code == 409
    assert occupation(house) is not None


async def test_two_people_at_the_same_occupation(house: House, staff: Browser, colleague: Browser) -> None:
    path = path_of(house)
    shown = form_of(await staff.get(path), path)
    await send(colleague, path, guide_team="1", hours="Du arbetar på dagen.")
    page = await staff.post(path, **{**shown, "hours": "Du arbetar på natten.", "aliases": "svets"})
    assert page.status_code == 409
    assert "Du arbetar på dagen." in page.text
    assert (await send_again(staff, path, page)).status_code == 303
    row = stored(house)
    assert (row.hours, row.aliases, row.guide["team"]) == ("Du arbetar på natten.", ["svets"], 1)
