"""The report in Swedish."""

from __future__ import annotations

from collections.abc import Callable

from api.catalogue.importing.files import read_sheet
from api.catalogue.importing.plan import Stored, course_fields, make_plan
from api.catalogue.importing.report import render
from api.catalogue.importing.rows import CatalogueRow, RowReader

MakeFile = Callable[..., bytes]

OLD = CatalogueRow("K-1", "Svetsare, grund", "svetsare", "karlstad", "draft", places=12)
GONE = CatalogueRow("K-9", "Svetsare, natt", "svetsare", "saffle", "full", continuous=True)
STORED = Stored({row.external_id: row for row in (OLD, GONE)}, {OLD.identity: course_fields(OLD)})


def test_the_report_of_a_dry_run_says_everything_and_that_nothing_is_saved(
    reader: RowReader, make_file: MakeFile
) -> None:
    rows = [{"places": "14", "Lokal": "B2"}, {"external_id": "K-2"}, {"external_id": "K-3", "places": "tolv"}]
    plan = make_plan(read_sheet(make_file(*rows)), STORED, reader)
    text = render(plan, "kurser.csv")
    assert text.startswith("Import av kurser.csv\nProvkörning: inget har sparats.\n")
    assert "Nya tillfällen:          1" in text
    assert "Kolumner som inte används: Lokal" in text
    assert "  rad 2: K-1 – Svetsare, grund, karlstad, inget startdatum\n      status: draft → published" in text
    assert "      places: 12 → 14" in text
    assert "  K-9 – Svetsare, natt, saffle, löpande start" in text
    assert "  rad 4, places: tolv\n      Skriv ett heltal, bara siffror." in text
    assert text.endswith("Så sparar du: make import FILE=kurser.csv APPLY=1\n")


def test_the_report_of_an_import_says_clearly_which_rows_are_not_saved(reader: RowReader, make_file: MakeFile) -> None:
    plan = make_plan(read_sheet(make_file({}, {"external_id": "K-3", "pace": "0"})), STORED, reader)
    text = render(plan, "kurser.csv", number=7, applied=True)
    assert "Importen är sparad. Den har nummer 7." in text
    assert "underkända rader är INTE sparade (1 stycken)" in text
    assert "undo-import" in text


def test_values_cannot_steer_the_terminal_and_are_shortened(reader: RowReader, make_file: MakeFile) -> None:
    plan = make_plan(read_sheet(make_file({"title": "\x1b]0;x\x07\u202eabc" + "y" * 300})), STORED, reader)
    text = render(plan, "k\x1b[2J.csv")
    assert not set(text) & {"\x1b", "\x07", "\u202e"}
    [line] = [line for line in text.splitlines() if "yyy" in line]
    assert len(line) < 100


def test_every_rejected_row_is_listed_but_other_lists_end(reader: RowReader, make_file: MakeFile) -> None:
    good = [{"external_id": f"A{number}"} for number in range(300)]
    bad = [{"external_id": f"B{number}", "pace": "0"} for number in range(300)]
    text = render(make_plan(read_sheet(make_file(*good, *bad)), STORED, reader), "kurser.csv")
    assert "  … och 100 till" in text
    assert text.count(", pace: 0") == 300
