"""Bytes → sheet: encodings, separators, quotes, limits, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.catalogue.importing import files
from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.files import MAX_MEGABYTES, MEGABYTE, read_bytes, read_sheet

HEADER = "external_id;title;occupation;node;status;description"
MAX_BYTES = MAX_MEGABYTES * MEGABYTE
ROW = "K-1;Svetsare, grund;Svetsare;Säffle;published;Å, ä och ö"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_are_recognised(encoding: str, line_end: str) -> None:
    sheet = read_sheet(line_end.join([HEADER, ROW, ""]).encode(encoding))
    assert [row.cells["description"] for row in sheet.rows] == ["Å, ä och ö"]
    assert [row.line for row in sheet.rows] == [2]


def test_letters_that_a_mac_splits_are_put_together() -> None:
    sheet = read_sheet(f"{HEADER}\nK-1;T;Svetsare;Sa\u0308ffle;full;".encode())
    assert sheet.rows[0].cells["node"] == "Säffle"


@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("marked", [False, True])
def test_the_separator_is_recognised_with_and_without_excels_note(separator: str, marked: bool) -> None:
    header = HEADER.replace(";", separator)
    row = separator.join(f'"{cell}"' for cell in ROW.split(";"))
    note = f"sep={separator}\r\n" if marked else ""
    sheet = read_sheet(f"{note}{header}\r\n{row}\r\n".encode())
    assert sheet.rows[0].cells["title"] == "Svetsare, grund"
    assert sheet.rows[0].line == (3 if marked else 2)


def test_the_header_decides_in_any_order_and_case_and_unknown_columns_are_reported() -> None:
    sheet = read_sheet(
        b'Status;NODE;title ; Occupation;"External ID";Lokal;start-date\nfull;Karlstad;T;Svetsare;K-1;B2;\n'
    )
    assert sheet.unknown_columns == ("Lokal",)
    assert sheet.columns == ("external_id", "title", "occupation", "node", "status", "start_date")
    assert sheet.rows[0].cells["external_id"] == "K-1"
    assert "Lokal" not in sheet.rows[0].cells


def test_quotes_separators_and_line_breaks_in_cells_belong_to_the_cell() -> None:
    quoted = 'K-1;"En ""bra""; kurs";Svetsare;Karlstad;full;"Rad ett\nRad två"'
    first, second = read_sheet(f"{HEADER}\n{quoted}\n\n;;;;;\nK-2;T;Svetsare;Karlstad;full;\n".encode()).rows
    assert first.cells["title"] == 'En "bra"; kurs'
    assert first.cells["description"] == "Rad ett\nRad två"
    assert (first.line, second.line) == (2, 6)


@pytest.mark.parametrize(
    ("row", "reason"),
    [("K-1;T;Svetsare", "3 celler, men rubrikraden har 6"), (f"{ROW};rest", "7 celler, men rubrikraden har 6")],
)
def test_a_row_with_other_cells_than_the_header_is_rejected_whole(row: str, reason: str) -> None:
    [problem] = read_sheet(f"{HEADER}\n{row}\n".encode()).rows[0].problems
    assert problem.column is None
    assert reason in problem.reason


def test_blank_cells_beyond_the_header_do_no_harm() -> None:
    [row] = read_sheet(f"{HEADER};;\n{ROW};;;\n".encode()).rows
    assert row.problems == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "tom"),
        (b" \r\n ", "tom"),
        (b"\xef\xbb\xbf", "tom"),
        (b";;;\n;;;\n", "tom"),
        (b"PK\x03\x04rest", "arbetsboken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "äldre Excel-fil"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "lösenord"),
        (b"\x89PNG\r\n\x1a\n\x00", "inget kalkylark"),
        (b"MZ\x90\x00", "inget kalkylark"),
        (b"\x1f\x8b\x08", "inget kalkylark"),
        (b"<!DOCTYPE html><table>", "inget kalkylark"),
        (b'<?xml version="1.0"?><Workbook/>', "inget kalkylark"),
        (HEADER.encode("utf-16"), "ingen textfil"),
        (HEADER.encode() + b"\nK-1\x00", "ingen textfil"),
        (HEADER.encode() + b"\n\x81\x8d", "Tecknen"),
        (b"external_id;title\n", "occupation, node, status"),
        (b"%PDF-1.7 hej", "inget kalkylark"),
        (b"hej hej", "external_id, title, occupation, node, status"),
        (HEADER.encode() + b";Title\n", "title finns två gånger"),
        (f'{HEADER}\nK-1;"T;Svetsare;Karlstad;full;\n'.encode(), "rad 2"),
        (f'{HEADER}\n{ROW}\nK-2;"T"x;Svetsare;Karlstad;full;\n'.encode(), "rad 3"),
        (f"{HEADER}\n{'x' * 200_000};\n".encode(), "rad 2"),
        (b"x" * (MAX_BYTES + 1), "20 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_sheet(data)
    assert refused.value.detail.startswith("Filen kan inte läsas in. ")
    assert reason in refused.value.detail


def test_50_000_rows_are_read_and_one_more_is_refused() -> None:
    header, row = b"external_id;title;occupation;node;status\n", b"K;T;S;N;full\n"
    assert len(read_sheet(header + row * 50_000).rows) == 50_000
    with pytest.raises(FileRefused) as refused:
        read_sheet(header + row * 50_001)
    assert "50000 rader" in refused.value.detail


def test_a_file_on_disk_is_measured_before_it_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "stor.csv"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(FileRefused):
        files.read_bytes(path)
    assert len(read_bytes(path, max_megabytes=MAX_MEGABYTES + 1)) == MAX_BYTES + 1
    path.write_bytes(b"hej")
    assert read_bytes(path) == b"hej"
