"""Rules that hold for every catalogue and for every file."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from api.catalogue.importing import cells
from api.catalogue.importing.errors import FileRefused
from api.catalogue.importing.files import read_sheet
from api.catalogue.importing.names import Names
from api.catalogue.importing.plan import Stored, Value, course_fields, make_plan
from api.catalogue.importing.rows import COLUMNS, CatalogueRow, RowReader
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
LINES = st.one_of(ANY_TEXT, st.sampled_from(["=1+1", "-", "@x", '"', ";", ",", "<b>å</b>", "rad"]))
LONG = st.lists(LINES, max_size=3).map("\n".join).map(lambda text: cells.long_text(text, 20_000))
SHORT = LINES.map(lambda text: cells.line_text(text, 200))
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


def written(value: Value) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return "" if value is None else str(value)


def exported(stored: Stored, separator: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(COLUMNS)
    writer.writerows([written(getattr(row, column)) for column in COLUMNS] for row in stored.occasions.values())
    return text.getvalue().encode()


@given(catalogues(), st.sampled_from([";", ","]))
def test_a_file_with_what_is_stored_changes_nothing(stored: Stored, separator: str) -> None:
    plan = make_plan(read_sheet(exported(stored, separator)), stored, READER)
    assert plan.counts == {"new": 0, "changed": 0, "unchanged": len(stored.occasions), "missing": 0, "rejected": 0}


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
