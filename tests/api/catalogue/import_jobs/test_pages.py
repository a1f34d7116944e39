"""What staff see of files: lists in pages, downloads, progress for the script, who did what."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from api.catalogue.import_jobs import earlier, findings, service
from api.catalogue.importing.files import read_sheet
from api.database import Database
from tests.api.catalogue.import_jobs.conftest import PATH, Office

A = {"external_id": "A", "places": "10"}


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite is enough: what is shown does not depend on the database."""
    database = Database(f"sqlite:///{copy(migrated_file, tmp_path / 'test.db')}")
    yield database
    database.dispose()


async def test_long_lists_come_in_pages(office: Office) -> None:
    page = await office.checked(*({"external_id": f"K-{number:03}"} for number in range(findings.PAGE + 1)))
    first = (await office.staff.get(page)).text
    assert ("K-000" in first, "K-049" in first, "K-050" in first) == (True, True, False)
    assert "Sida 1 av 2" in first
    last = (await office.staff.get(f"{page}?visa=nya&sida=2")).text
    assert ("K-049" in last, "K-050" in last) == (False, True)
    assert "Sida 2 av 2" in (await office.staff.get(f"{page}?visa=nya&sida=99")).text
    assert "K-000" in (await office.staff.get(f"{page}?visa=strunt")).text


async def test_a_changed_row_shows_what_stands_now_and_what_will(office: Office) -> None:
    long = "Kursen ger grunderna. " * 40
    await office.apply(await office.checked(A | {"description": long + "Start i maj."}))
    page = await office.checked(A | {"places": "12", "description": long + "Start i juni.", "apply_to": "2027-05-03"})
    text = (await office.staff.get(page)).text
    assert "Sista ansökningsdag (apply_to)" in text
    assert '<td data-label="Före">10</td>' in text
    assert '<td data-label="Efter">12</td>' in text
    assert '<td data-label="Före">(tomt)</td>' in text
    assert "Start i maj." in text  # where a long text changes, not its beginning
    assert "Start i juni." in text


async def test_what_the_file_changes_outside_of_itself_is_listed(office: Office) -> None:
    await office.apply(await office.checked(A, A | {"external_id": "B"}))
    page = await office.checked(A | {"eligibility": "Avslutad grundskola"})
    text = (await office.staff.get(page)).text
    assert "Ändras också (1)" in text
    assert "Saknas i filen (1)" in text
    assert ">B</td>" in (await office.staff.get(f"{page}?visa=ocksa")).text


async def test_the_rejected_rows_can_be_had_as_a_file_without_formulas(office: Office) -> None:
    rows = [{"external_id": f"K-{number}", "pace": "\t=cmd|' /C calc'!A1"} for number in range(findings.PAGE + 5)]
    page = await office.checked(*rows, {"external_id": "+46", "node": "Karlsatd\n=2"})
    answer = await office.staff.client.get(f"{page}/underkanda.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="underkanda-rader.csv"'
    listed = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert listed[0] == ["rad", "external_id", "kolumn", "värde", "orsak"]
    assert len(listed) >= 1 + len(rows) + 1
    assert not [cell for row in listed for cell in row if cell[:1] in tuple("=+-@\t\r")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_template_and_catalogue_are_files_that_can_be_read_in_again(office: Office, kind: str) -> None:
    await office.apply(await office.checked(A, A | {"external_id": "B", "status": "draft"}))
    whole = await office.staff.client.get(f"{PATH}/katalog.{kind}")
    assert {row.cells["external_id"] for row in read_sheet(whole.content).rows} == {"A", "B"}
    page = (await office.upload(whole.content)).headers["location"]
    await office.work()
    assert "inget att läsa in" in (await office.staff.get(page)).text
    assert len(read_sheet((await office.staff.client.get(f"{PATH}/mall.{kind}")).content).rows) == 1
    assert (await office.staff.client.get(f"{PATH}/mall.exe")).status_code == 422


async def test_the_script_hears_how_far_it_is_and_what_came_of_it(office: Office) -> None:
    page = await office.uploaded(A)
    waiting = (await office.staff.client.get(f"{page}/lage")).json()
    assert waiting == {"progress": 0, "text": "Filen står först i kön.", "over": False}
    taken = office.take()
    until = office.clock() + service.LEASE
    with office.database.transaction() as session:
        service.note(session, taken, step="compare", progress=70, until=until)
    now = (await office.staff.client.get(f"{page}/lage")).json()
    assert now == {"progress": 70, "text": "Jämför med det som finns i katalogen.", "over": False}
    office.carry_out(taken)
    done = (await office.staff.client.get(f"{page}/lage")).json()
    assert done["over"] is True
    assert "Nya tillfällen: 1." in done["text"]


async def test_nothing_is_reloaded_by_itself_under_somebody_who_reads(office: Office) -> None:
    answer = await office.staff.get(await office.uploaded(A))
    assert "refresh" not in answer.headers
    assert 'http-equiv="refresh"' not in answer.text
    assert "Uppdatera sidan" in answer.text


async def test_the_list_says_what_is_under_way_and_who_imported_what(office: Office) -> None:
    await office.apply(await office.checked(A))
    await office.apply(await office.checked(A | {"places": "11"}, by=office.other), by=office.other)
    await office.uploaded(A)
    text = (await office.staff.get(PATH)).text
    assert "Väntar på att läsas" in text
    mine, theirs = text.index("Redaktionen</p>"), text.index("Noden i Arvika</p>")
    assert theirs < mine  # latest first
    assert text.count("Ångra inläsningen") == 1


async def test_a_colleague_who_applies_is_the_one_who_is_named(office: Office) -> None:
    page = await office.checked(A)
    await office.apply(page, by=office.other)
    with office.database.transaction(read_only=True) as session:
        assert [one.who for one in earlier.page(session, 1)] == ["Noden i Arvika"]


async def test_many_imports_come_in_pages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier, "PAGE", 1)
    await office.apply(await office.checked(A))
    await office.apply(await office.checked(A | {"places": "11"}))
    assert "Sida 1 av 2" in (await office.staff.get(PATH)).text
    assert "Sida 2 av 2" in (await office.staff.get(f"{PATH}?sida=2")).text


@pytest.mark.parametrize("path", ["/jobb/strunt", "/jobb/00000000-0000-4000-8000-000000000000", "/inlasningar/7/angra"])
async def test_what_is_not_there_is_not_found(office: Office, path: str) -> None:
    assert (await office.staff.client.get(PATH + path)).status_code == 404
