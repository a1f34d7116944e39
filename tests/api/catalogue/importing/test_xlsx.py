"""Excel workbooks: what is read, and what is refused. The workbooks are real, made by openpyxl or by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from api.catalogue.importing import archive
from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.files import read_sheet
from api.catalogue.importing.plan import Plan, Stored, make_plan
from api.catalogue.importing.rows import RowReader
from api.catalogue.importing.service import dry_run
from api.catalogue.importing.sheet import Sheet
from api.database import Database

HEADER = ["external_id", "title", "occupation", "node", "status", "start_date", "pace", "distance", "places"]
ROW: list[Any] = ["K-1", "Svetsare, grund", "Svetsare", "Säffle", "published", date(2027, 1, 11), 50, True, 12]
SHEET = "xl/worksheets/sheet1.xml"


def book_of(*rows: list[Any], header: list[str] | None = None) -> Workbook:
    book = Workbook()
    for row in [header or HEADER, *rows]:
        book.active.append(row)
    return book


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rezipped(data: bytes, change: Callable[[str, bytes], bytes | None], **added: bytes) -> bytes:
    """The archive with parts changed (None takes one away) and added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if (content := change(info.filename, old.read(info))) is not None:
                new.writestr(info.filename, content)
        for name, content in added.items():
            new.writestr(name, content)
    return out.getvalue()


def cells_of(*rows: list[Any]) -> list[dict[str, str]]:
    return [row.cells for row in read_sheet(saved(book_of(*rows))).rows]


def plan_of(sheet: Sheet, reader: RowReader) -> Plan:
    return make_plan(sheet, Stored({}, {}), reader)


def reason_of(data: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read_sheet(data)
    assert refused.value.detail.startswith("Filen kan inte läsas in. ")
    return refused.value.detail


# --- What is read ---------------------------------------------------------------------------------------------------


def test_excels_dates_numbers_and_truth_values_become_what_the_columns_mean(reader: RowReader) -> None:
    [planned] = plan_of(read_sheet(saved(book_of(ROW))), reader).new
    row = planned.row
    assert (planned.line, row.node, row.start_date) == (2, "saffle", date(2027, 1, 11))
    assert (row.pace, row.distance, row.places) == (50, True, 12)


@pytest.mark.parametrize(
    ("column", "value", "number_format", "text"),
    [
        ("start_date", datetime(2027, 1, 11, 23, 59), None, "2027-01-11"),  # noqa: DTZ001 - Excel knows no zones
        ("start_date", "11/1 2027", None, "11/1 2027"),
        ("start_date", 46_033, "d/m yyyy", "2026-01-11"),
        ("pace", 0.5, "0%", "50 %"),
        ("pace", 1, "0%", "100 %"),
        ("places", 12.0, None, "12"),
        ("places", 12.5, None, "12.5"),
        ("distance", False, None, "nej"),
        ("external_id", 1001, None, "1001"),
        ("title", "Sa\u0308ffle", None, "Säffle"),
        ("title", None, None, ""),
    ],
)
def test_a_cell_becomes_the_text_that_the_import_reads(
    column: str, value: Any, number_format: str | None, text: str
) -> None:
    book = book_of(ROW)
    cell = book.active.cell(2, HEADER.index(column) + 1)
    cell.value = value
    if number_format:
        cell.number_format = number_format
    assert read_sheet(saved(book)).rows[0].cells[column] == text


def test_the_header_decides_in_any_order_and_notes_beside_the_table_are_left_aside() -> None:
    order = [8, 0, 4, 3, 2, 1, 5, 6, 7]
    book = book_of([ROW[number] for number in order], header=[HEADER[number].upper() for number in order])
    book.active.cell(2, 12).value = "ring dem"
    [row] = read_sheet(saved(book)).rows
    assert (row.cells["external_id"], row.cells["places"], row.problems) == ("K-1", "12", ())


def test_blank_rows_keep_the_line_numbers_right() -> None:
    sheet = read_sheet(saved(book_of([], ROW, [None] * 9, [" "], ["K-2", *ROW[1:]])))
    assert [row.line for row in sheet.rows] == [3, 6]


def test_the_first_visible_tab_with_our_headings_is_read() -> None:
    book = book_of(ROW)
    other = book.create_sheet("Läs mig", 0)
    other.append(["Så här gör du"])
    hidden = book.create_sheet("Gammal", 0)
    hidden.sheet_state = "hidden"
    hidden.append(HEADER)
    hidden.append(["GAMMAL", *ROW[1:]])
    assert [row.cells["external_id"] for row in read_sheet(saved(book)).rows] == ["K-1"]


def test_what_a_file_says_about_its_own_size_is_not_believed() -> None:
    def smaller(name: str, content: bytes) -> bytes:
        return content.replace(b'<dimension ref="A1:I2"', b'<dimension ref="A1:B1"') if name == SHEET else content

    assert len(read_sheet(rezipped(saved(book_of(ROW)), smaller)).rows) == 1


# --- Formulas -------------------------------------------------------------------------------------------------------


def test_a_formula_rejects_its_row_with_the_column_and_what_to_do(reader: RowReader) -> None:
    book = book_of(ROW, ["K-2", "Fel", "Svetsare", "Oslo", "published", "=F2+30"], ["K-3", *ROW[1:]])
    plan = plan_of(read_sheet(saved(book)), reader)
    assert [row.row.external_id for row in plan.new] == ["K-1", "K-3"]
    [rejected] = plan.rejected
    assert {problem.column for problem in rejected.problems} == {"start_date", "node"}
    [problem] = [problem for problem in rejected.problems if problem.column == "start_date"]
    assert (rejected.line, problem.value) == (3, "=F2+30")
    assert "klistra in den som värde" in problem.reason


def test_the_result_that_a_formula_claims_is_not_used(reader: RowReader) -> None:
    def formula(name: str, content: bytes) -> bytes:
        old = b'<c r="I2" t="n"><v>12</v></c>'
        return content.replace(old, b'<c r="I2"><f>A1</f><v>12</v></c>') if name == SHEET else content

    plan = plan_of(read_sheet(rezipped(saved(book_of(ROW)), formula)), reader)
    assert [problem.column for row in plan.rejected for problem in row.problems] == ["places"]


def test_a_formula_in_a_column_that_is_not_ours_does_no_harm(reader: RowReader) -> None:
    book = book_of([*ROW, "=1+1"], header=[*HEADER, "Lokal"])
    assert len(plan_of(read_sheet(saved(book)), reader).new) == 1


def test_a_cell_that_shows_an_error_rejects_its_row(reader: RowReader) -> None:
    plan = plan_of(read_sheet(saved(book_of([*ROW[:8], "#REF!"]))), reader)
    assert ["ett fel i Excel" in problem.reason for row in plan.rejected for problem in row.problems] == [True]


# --- Hostile files --------------------------------------------------------------------------------------------------


def test_a_bomb_is_refused_by_the_directory_and_when_the_directory_lies() -> None:
    bomb = rezipped(
        saved(book_of(ROW)), lambda _, content: content, **{"xl/bomb.xml": b" " * (archive.MAX_UNPACKED + 1)}
    )
    assert len(bomb) < 1_000_000
    assert "orimligt stort" in reason_of(bomb)

    size = (archive.MAX_UNPACKED + 1).to_bytes(4, "little")
    assert bomb.count(size) >= 1
    assert reason_of(bomb.replace(size, (1000).to_bytes(4, "little")))


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>', "dokumenttyp"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "dokumenttyp"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode("utf-16"), "dokumenttyp"),
        (b"<x>", "Det går inte att läsa"),
        (b"inte xml", "Det går inte att läsa"),
    ],
)
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "docProps/core.xml"])
def test_entities_and_broken_xml_are_refused_in_every_part(part: str, document: bytes, reason: str) -> None:
    data = rezipped(saved(book_of(ROW)), lambda name, content: document if name == part else content)
    assert reason in reason_of(data)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml"])
def test_endless_nesting_is_refused(part: str) -> None:
    nested = b"<x>" * 100_000 + b"</x>" * 100_000
    assert reason_of(rezipped(saved(book_of(ROW)), lambda name, content: nested if name == part else content))


def test_endless_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TAGS", 1_000)
    assert "orimligt stort" in reason_of(saved(book_of(*[ROW] * 200)))


def test_too_many_parts_and_two_parts_of_one_name_are_refused() -> None:
    data = saved(book_of(ROW))
    many = {f"xl/media/{number}.png": b"" for number in range(archive.MAX_PARTS)}
    assert "orimligt stort" in reason_of(rezipped(data, lambda _, content: content, **many))
    assert "Det går inte att läsa" in reason_of(rezipped(data, lambda _, c: c, **{SHEET.upper(): b"<x/>"}))


def test_a_workbook_with_macros_and_other_archives_are_refused() -> None:
    data = saved(book_of(ROW))
    assert "makron" in reason_of(rezipped(data, lambda _, content: content, **{"xl/vbaProject.bin": b"x"}))
    word = rezipped(
        data, lambda name, content: None if name.startswith("xl/") else content, **{"word/document.xml": b""}
    )
    assert "ingen Excel-arbetsbok" in reason_of(word)
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    assert "ingen Excel-arbetsbok" in reason_of(empty.getvalue())


def test_an_encrypted_archive_is_refused() -> None:
    data = bytearray(saved(book_of(ROW)))
    start = data.rfind(b"PK\x01\x02")
    data[start + 8] |= 1  # the flag in the directory
    assert "lösenord" in reason_of(bytes(data))


def test_a_far_away_row_and_a_far_away_column_cost_nothing(reader: RowReader) -> None:
    def far(name: str, content: bytes) -> bytes:
        return content.replace(b'<row r="2"', b'<row r="99999999999"') if name == SHEET else content

    def wide(name: str, content: bytes) -> bytes:
        return content.replace(b'r="I2"', b'r="XFD2"') if name == SHEET else content

    data = saved(book_of(ROW))
    assert [row.line for row in read_sheet(rezipped(data, far)).rows] == [99_999_999_999]
    [planned] = plan_of(read_sheet(rezipped(data, wide)), reader).new
    assert planned.row.places is None


def test_more_rows_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.catalogue.importing.sheet.MAX_ROWS", 3)
    assert "fler än 3 rader" in reason_of(saved(book_of(*[ROW] * 4)))


def test_a_workbook_is_measured_like_every_file() -> None:
    with pytest.raises(FileRefused) as refused:
        read_sheet(b"PK\x03\x04" + bytes(2 * 1024 * 1024), max_megabytes=1)
    assert "större än 1 MB" in refused.value.detail


def test_a_workbook_without_a_tab_to_read_is_refused() -> None:
    chart = Workbook()
    chart.create_chartsheet("Diagram")
    del chart["Sheet"]
    assert reason_of(saved(chart))
    assert "tom" in reason_of(saved(Workbook()))


def test_a_workbook_gives_the_same_plan_as_the_same_csv(catalogue: Database) -> None:
    text = ";".join(HEADER) + "\nK-1;Svetsare, grund;Svetsare;Säffle;published;11/1 2027;50 %;x;12\n"
    with catalogue.transaction(read_only=True) as session:
        assert dry_run(session, read_sheet(saved(book_of(ROW)))).new == dry_run(session, read_sheet(text.encode())).new
        assert (
            dry_run(session, read_sheet(text.encode("cp1252"))).new == dry_run(session, read_sheet(text.encode())).new
        )
