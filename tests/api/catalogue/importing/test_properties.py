"""Rules that hold for every catalogue and for every file."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api import cells
from api.catalogue.exporting.files import header, lines, to_csv, to_xlsx
from api.catalogue.exporting.service import FileKind
from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.files import read_sheet
from api.catalogue.importing.names import Names
from api.catalogue.importing.plan import Stored, course_fields, make_plan
from api.catalogue.importing.rows import CatalogueRow, RowReader
from api.catalogue.tables import OCCASION_STATUSES

READER = RowReader(
    occupations=Names.of(
        [("svetsare", "Svetsare", []), ("cnc-operator", "CNC-operatör", [])], unknown="cell_occupation"
    ),
    nodes=Names.of([("karlstad", "Karlstad", []), ("saffle", "Säffle", [])], unknown="cell_node"),
)

ANY_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60).map(
    lambda text: unicodedata.normalize("NFC", text)
)
LINES = st.one_of(ANY_TEXT, st.sampled_from(["=1+1", "'=1", "''-x", "-", "@x", '"', ";", ",", "a < å", "rad"]))


def stored_text(texts: st.SearchStrategy[str], read: Callable[..., str], limit: int) -> st.SearchStrategy[str]:
    """Texts as they are stored: read once before, and accepted."""

    def accepted(text: str) -> str | None:
        try:
            once = read(cells.quoted(text.strip()), limit)
            return once if read(cells.quoted(once), limit) == once else None
        except cells.BadCell:
            return None

    return texts.map(accepted).filter(lambda text: text is not None).map(str)


LONG = stored_text(st.lists(LINES, max_size=3).map("\n".join), cells.long_text, 20_000)
SHORT = stored_text(LINES, cells.line_text, 80)
DATES = st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31))
COUNTS = st.none() | st.integers(0, cells.LARGEST_INTEGER)


@st.composite
def catalogues(draw: st.DrawFn) -> Stored:
    """Stored occasions as the tables allow them; occasions of one course share its fields."""
    courses = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "title": SHORT.filter(bool),
                    "occupation": st.sampled_from(["svetsare", "cnc-operator"]),
                    "node": st.sampled_from(["karlstad", "saffle"]),
                    "credits": COUNTS,
                    "apprenticeship": st.booleans(),
                    "sfi_combined": st.booleans(),
                    "kind": st.just("upskilling"),
                    "company": SHORT,
                    "language_level": SHORT,
                    "eligibility": LONG,
                    "description": LONG,
                }
            ),
            min_size=1,
            max_size=3,
            unique_by=lambda course: (course["title"], course["occupation"], course["node"]),
        )
    )
    rows = []
    for external_id in draw(st.lists(SHORT.filter(lambda text: 0 < len(text) <= 80), unique=True, max_size=6)):
        start, end = sorted([draw(DATES), draw(DATES)], key=lambda day: day or date.min)
        opens, closes = sorted([draw(DATES), draw(DATES)], key=lambda day: day or date.min)
        rows.append(
            CatalogueRow(
                external_id=external_id,
                **draw(st.sampled_from(courses)),
                status=draw(st.sampled_from(OCCASION_STATUSES)),
                start_date=start,
                end_date=end,
                apply_from=opens,
                apply_to=closes,
                continuous=draw(st.booleans()),
                pace=draw(st.integers(1, 100)),
                distance=draw(st.booleans()),
                places=draw(COUNTS),
                apply_url=draw(st.sampled_from(["", "https://example.org/ansök?a=1;b=2"])),
                contact_email=draw(st.sampled_from(["", "vagledning@example.org"])),
            )
        )
    return Stored({row.external_id: row for row in rows}, {row.identity: course_fields(row) for row in rows})


def exported(stored: Stored, kind: FileKind, *, examples: bool) -> bytes:
    rows = stored.occasions.values()
    cells_of_rows = lines(rows, frozenset(stored.occasions) if examples else frozenset())
    columns = header(with_examples=examples and bool(rows))
    return to_csv(columns, cells_of_rows) if kind == "csv" else to_xlsx("Kurser", columns, cells_of_rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@settings(deadline=None)
@given(stored=catalogues(), examples=st.booleans())
def test_a_file_with_what_is_stored_changes_nothing(kind: FileKind, stored: Stored, examples: bool) -> None:
    plan = make_plan(read_sheet(exported(stored, kind, examples=examples)), stored, READER)
    assert plan.rejected == []
    assert plan.counts == {"new": 0, "changed": 0, "unchanged": len(stored.occasions), "missing": 0, "rejected": 0}
    assert plan.unknown_columns == ()


@given(catalogues())
def test_no_cell_of_an_export_is_run_as_a_formula(stored: Stored) -> None:
    text = to_csv((), lines(stored.occasions.values(), frozenset())).decode("utf-8-sig")
    written = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in row]
    assert [cell for cell in written if cell.startswith(("=", "+", "-", "@"))] == []


HEADER = b"external_id;title;occupation;node;status;start_date;pace;apply_url;description\n"
PIECES = st.lists(
    st.sampled_from([b";", b'"', b"\n", b"\r\n", b"Svetsare", b"Karlstad", b"full", b"2027-01-11", b"50 %", b"\xe5"])
    | st.binary(max_size=8)
).map(b"".join)


@given(st.binary(max_size=300) | PIECES | PIECES.map(HEADER.__add__))
def test_no_bytes_raise_anything_but_the_files_refusal(data: bytes) -> None:
    try:
        sheet = read_sheet(data)
    except FileRefused:
        return
    plan = make_plan(sheet, Stored({}, {}), READER)
    assert plan.counts["new"] + plan.counts["rejected"] == len(sheet.rows)


WORKBOOK = to_xlsx("Kurser", header(with_examples=False), [])


@settings(deadline=None)
@given(st.data())
def test_no_workbook_raises_anything_but_the_files_refusal(data: st.DataObject) -> None:
    """Bytes changed in a real workbook: in the archive itself, or in one of its parts."""
    spoilt = bytearray(WORKBOOK)
    if data.draw(st.booleans()):
        for _ in range(data.draw(st.integers(1, 5))):
            spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
        del spoilt[data.draw(st.integers(10, len(spoilt))) :]
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(out, "w") as new:
            chosen = data.draw(st.sampled_from(old.namelist()))
            for name in old.namelist():
                content = old.read(name)
                if name == chosen:
                    at = data.draw(st.integers(0, len(content)))
                    length = data.draw(st.integers(0, 40))
                    piece = data.draw(
                        st.sampled_from([b"", b"<c/>", b'"', b"1e999", b"-1", b"</row>", b"x", b'r="A0"'])
                    )
                    content = content[:at] + piece + content[at + length :]
                new.writestr(name, content)
        spoilt = bytearray(out.getvalue())
    try:
        read_sheet(bytes(spoilt))
    except FileRefused:
        return
