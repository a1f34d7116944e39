"""What is exported is read back without a change, by the whole way: database, file, import."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from api.catalogue.exporting.files import header
from api.catalogue.exporting.service import FileKind, export
from api.catalogue.exporting.template import TEMPLATE, template_csv, template_xlsx
from api.catalogue.importing.files import read_sheet
from api.catalogue.importing.plan import Plan
from api.catalogue.importing.rows import COLUMNS
from api.catalogue.importing.service import apply_import, dry_run
from api.catalogue.tables import OCCASION_STATUSES, Course, Node, Occasion
from api.database import Database
from api.guidance.tables import Occupation

KINDS = pytest.mark.parametrize("kind", ["csv", "xlsx"])
TRICKY = [
    "=1+1",
    "'=1",
    "-",
    "- en punkt\n- en till",
    'a;b "c", d',
    "007",
    "1e5",
    "2027-01-11",
    "ja",
    "Åäö – é",
    "a < b",
]


def generate(database: Database, now: datetime, *, seed: int, count: int) -> None:
    """Courses and occasions with every kind of value, put straight into the tables."""
    chance = random.Random(seed)
    with database.transaction() as session:
        nodes, occupations = session.scalars(select(Node.id)).all(), session.scalars(select(Occupation.id)).all()
        for number in range(count):
            course = Course(
                node_id=chance.choice(nodes), occupation_id=chance.choice(occupations), title=f"Kurs {seed}-{number}",
                credits=chance.choice([None, 0, 800]), apprenticeship=chance.random() < 0.5,
                sfi_combined=chance.random() < 0.5, language_level=chance.choice(["", "007", "sfi D"]),
                eligibility=chance.choice(["", *TRICKY]), description=chance.choice(["", *TRICKY]),
                **chance.choice([{}, {"kind": "upskilling"}, {"kind": "upskilling", "company": "=på förfrågan"}]),
            )  # fmt: skip
            session.add(course)
            session.flush()
            for turn in range(chance.randint(1, 3)):
                start = chance.choice([None, date(2027, 1, 11) + timedelta(chance.randint(-400, 400))])
                session.add(
                    Occasion(
                        external_id=chance.choice(["", "=", "0"]) + f"{seed}/{number}.{turn}", course_id=course.id,
                        start_date=start, end_date=start and start + timedelta(200), apply_to=start,
                        continuous=chance.random() < 0.3, pace=chance.randint(1, 100), distance=chance.random() < 0.3,
                        places=chance.choice([None, 0, 12]), apply_url=chance.choice(["", "https://example.org/a?b=1;2"]),
                        contact_email=chance.choice(["", "vagledning@example.org"]),
                        status=chance.choice(OCCASION_STATUSES), example=chance.random() < 0.5, updated_at=now,
                    )
                )  # fmt: skip


def round_trip(database: Database, kind: FileKind) -> Plan:
    with database.transaction(read_only=True) as session:
        return dry_run(session, read_sheet(export(session, kind, drafts=True)))


def assert_no_change(plan: Plan) -> None:
    assert plan.rejected == []
    assert plan.counts == {"new": 0, "changed": 0, "unchanged": len(plan.unchanged), "missing": 0, "rejected": 0}
    assert plan.unchanged
    assert plan.unknown_columns == plan.absent_columns == ()


@KINDS
def test_the_seeded_catalogue_comes_back_without_a_change(seeded_both: Database, kind: FileKind) -> None:
    assert_no_change(round_trip(seeded_both, kind))


@KINDS
@pytest.mark.parametrize("seed", [1, 2])
def test_a_generated_catalogue_comes_back_without_a_change(
    seeded_both: Database, now: datetime, kind: FileKind, seed: int
) -> None:
    generate(seeded_both, now, seed=seed, count=60)
    assert_no_change(round_trip(seeded_both, kind))


@KINDS
def test_an_exported_catalogue_can_be_put_into_another_database_where_examples_stay_examples(
    seeded: Database, now: datetime, kind: FileKind
) -> None:
    generate(seeded, now, seed=3, count=20)
    with seeded.transaction() as session:
        data = export(session, kind, drafts=True)
        before = {row.external_id: row.example for row in session.scalars(select(Occasion))}
        session.execute(Occasion.__table__.delete())
        session.execute(Course.__table__.delete())
        session.expunge_all()
        session.execute(update(Node).values(example=False))
        apply_import(session, read_sheet(data), file_name="allt", now=now, actor="test")
        after = {row.external_id: row.example for row in session.scalars(select(Occasion))}
    assert after.keys() == before.keys()
    assert not [name for name, example in before.items() if example and not after[name]]
    assert_no_change(round_trip(seeded, kind))


def test_an_export_for_everyone_has_no_drafts(seeded: Database, now: datetime) -> None:
    generate(seeded, now, seed=4, count=30)
    with seeded.transaction(read_only=True) as session:
        rows = list(
            csv.DictReader(io.StringIO(export(session, "csv", drafts=False).decode("utf-8-sig")), delimiter=";")
        )
        hidden = set(session.scalars(select(Occasion.external_id).where(Occasion.status == "draft")))
    assert hidden
    assert rows
    assert {row["status"] for row in rows} == {"published", "full", "cancelled"}
    assert set(rows[0]) == {*header(with_examples=True)}


def test_a_workbook_shows_days_as_days_and_no_cell_as_a_formula(seeded: Database, now: datetime) -> None:
    generate(seeded, now, seed=5, count=40)
    with seeded.transaction(read_only=True) as session:
        book = load_workbook(io.BytesIO(export(session, "xlsx", drafts=True)))
    [tab] = book.worksheets
    column = COLUMNS.index("start_date")
    days = [row[column] for row in tab.iter_rows(min_row=2) if row[column].value]
    assert days
    assert all(cell.is_date for cell in days)
    assert [cell.coordinate for row in tab.iter_rows() for cell in row if cell.data_type == "f"] == []


# --- The template -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", [template_csv, template_xlsx])
def test_the_templates_example_row_would_be_accepted_as_a_draft(seeded: Database, template) -> None:
    with seeded.transaction(read_only=True) as session:
        plan = dry_run(session, read_sheet(template()))
    assert plan.rejected == []
    assert [row.row.status for row in plan.new] == ["draft"]
    assert plan.absent_columns == plan.unknown_columns == ()


def test_the_template_explains_every_column() -> None:
    assert tuple(TEMPLATE.columns) == COLUMNS
    book = load_workbook(io.BytesIO(template_xlsx()))
    assert book.sheetnames == [TEMPLATE.tab, TEMPLATE.help_tab]
    explained = [[cell.value for cell in row] for row in book[TEMPLATE.help_tab].iter_rows(min_row=2)]
    assert [row[0] for row in explained] == list(COLUMNS)
    assert all(row[3] for row in explained)
