"""Apply and undo, on real databases."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.catalogue.importing import snapshot
from api.catalogue.importing.errors import ChangedSinceImport, NothingToUndo
from api.catalogue.importing.files import read_sheet
from api.catalogue.importing.service import Applied, Undone, apply_import, dry_run, undo_last_import
from api.catalogue.importing.snapshot import TABLES
from api.catalogue.tables import Course, ImportBatch, Occasion
from api.database import Database
from api.row_json import JsonRow
from api.staff.history import Edit
from api.staff.tables import Audit

MakeFile = Callable[..., bytes]
Apply = Callable[..., Applied]

FIRST = [
    {"external_id": "A", "start_date": "2027-01-11", "credits": "800", "description": "Å, ä, ö"},
    {"external_id": "B", "start_date": "2027-08-16", "credits": "800", "description": "Å, ä, ö"},
    {"external_id": "C", "title": "CNC", "occupation": "cnc-operator", "node": "saffle", "credits": "600"},
]


@pytest.fixture
def apply(catalogue: Database, make_file: MakeFile, now: datetime) -> Apply:
    def run(*rows: dict[str, str], later: int = 0, **options: Any) -> Applied:
        sheet = read_sheet(make_file(*rows))
        moment = now + timedelta(minutes=later)
        with catalogue.transaction() as session:
            return apply_import(session, sheet, file_name="kurser.csv", now=moment, actor="cli", **options)

    return run


def undo(database: Database, now: datetime) -> Undone:
    with database.transaction() as session:
        return undo_last_import(session, now=now + timedelta(hours=1), actor="cli")


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """What every course and occasion says: all columns but the moment of the latest change."""
    with database.transaction(read_only=True) as session:
        return {
            name: [
                tuple(row)
                for row in session.execute(
                    select(*(column for column in table.c if column.key != "updated_at")).order_by(table.c.id)
                )
            ]
            for name, table in TABLES.items()
        }


def changed(database: Database) -> dict[str, set[datetime | None]]:
    """When occasions and courses were changed."""
    with database.transaction(read_only=True) as session:
        return {name: set(session.scalars(select(table.c.updated_at))) for name, table in TABLES.items()}


def number(database: Database, external_id: str) -> int:
    with database.transaction(read_only=True) as session:
        return session.scalars(select(Occasion.id).where(Occasion.external_id == external_id)).one()


def rows_of(session: Session, name: str) -> dict[int, JsonRow]:
    return snapshot.take(session, TABLES[name], session.scalars(select(TABLES[name].c.id)))


def whole_digest(row: JsonRow) -> str:
    """As earlier versions noted it: every column there was."""
    if "pace" not in row:  # courses did not know when they were changed
        row = {name: value for name, value in row.items() if name != "updated_at"}
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def test_an_import_stores_courses_and_occasions_with_batch_and_audit(
    catalogue: Database, apply: Apply, now: datetime
) -> None:
    applied = apply(*FIRST, {"external_id": "D", "pace": "0"})
    assert applied.batch is not None
    counts = {"new": 3, "changed": 0, "unchanged": 0, "missing": 0, "rejected": 1}
    with catalogue.transaction(read_only=True) as session:
        assert len(session.scalars(select(Course)).all()) == 2
        occasion = session.scalars(select(Occasion).where(Occasion.external_id == "A")).one()
        assert (occasion.course.credits, occasion.course.description, occasion.pace) == (800, "Å, ä, ö", 100)
        assert (occasion.updated_at, occasion.example, occasion.status) == (now, False, "published")
        batch = session.scalars(select(ImportBatch)).one()
        assert (batch.summary, batch.file_name, batch.undone_at) == (counts, "kurser.csv", None)
        audit = session.scalars(select(Audit)).one()
        assert (audit.action, audit.subject, audit.details) == ("catalogue.import", f"import_batch:{batch.id}", counts)


def test_a_dry_run_changes_nothing(catalogue: Database, apply: Apply, make_file: MakeFile) -> None:
    apply(*FIRST)
    before = everything(catalogue)
    with catalogue.transaction(read_only=True) as session:
        plan = dry_run(session, read_sheet(make_file({"external_id": "A", "places": "3"}, {"external_id": "X"})))
    assert (plan.counts["new"], plan.counts["changed"]) == (1, 1)
    assert everything(catalogue) == before


def test_the_same_file_again_leaves_neither_batch_nor_change(catalogue: Database, apply: Apply) -> None:
    apply(*FIRST)
    before = everything(catalogue)
    again = apply(*FIRST, later=5)
    assert (again.batch, again.plan.counts["unchanged"]) == (None, 3)
    assert everything(catalogue) == before


def test_what_is_missing_from_the_file_stays(catalogue: Database, apply: Apply) -> None:
    apply(*FIRST)
    applied = apply({**FIRST[0], "places": "9"}, later=5)
    assert applied.plan.counts["missing"] == 2
    assert len(everything(catalogue)["occasion"]) == 3


def test_new_occasions_can_be_marked_as_example_data(catalogue: Database, apply: Apply) -> None:
    apply(*FIRST, example=True)
    with catalogue.transaction(read_only=True) as session:
        assert all(session.scalars(select(Occasion.example)))


CHANGES = {
    "new occasions and courses": [*FIRST, {"external_id": "D", "title": "Ny"}, {"external_id": "E", "credits": "800"}],
    "changed occasions": [{**row, "places": "7", "status": "full", "apply_to": "1/1 2027"} for row in FIRST],
    "changed courses": [{**row, "credits": "1000", "sfi_combined": "ja"} for row in FIRST],
    "a renamed course": [{**row, "title": "Svets"} for row in FIRST[:2]],
    "one course made two": [FIRST[0], {**FIRST[1], "title": "Svets, kväll"}],
    "one course made two new ones": [{**FIRST[0], "title": "Svets"}, {**FIRST[1], "title": "Svets, kväll"}],
    "two courses made one": [{**row, "title": "T", "node": "saffle", "occupation": "svetsare"} for row in FIRST],
    "two courses that change places": [
        *({**row, "title": "CNC", "occupation": "cnc-operator", "node": "saffle"} for row in FIRST[:2]),
        {"external_id": "C", "credits": "800"},
    ],
}


@pytest.mark.parametrize("change", CHANGES)
def test_undo_brings_back_exactly_what_was(catalogue: Database, apply: Apply, now: datetime, change: str) -> None:
    apply(*FIRST)
    before = everything(catalogue)
    rows = CHANGES[change]
    for row in rows:  # courses whose rows agree
        row.setdefault("description", "D")
        row["description"] = "D"
        row["credits"] = "700" if change.startswith("two courses") else row.get("credits", "")
    applied = apply(*rows, later=5)
    assert applied.batch is not None
    assert applied.plan.rejected == []
    assert everything(catalogue) != before
    undo(catalogue, now)
    assert everything(catalogue) == before


def test_a_course_that_is_renamed_keeps_its_id(catalogue: Database, apply: Apply) -> None:
    apply(*FIRST)
    course_id = everything(catalogue)["course"][0][0]
    apply(*CHANGES["a renamed course"], later=5)
    with catalogue.transaction(read_only=True) as session:
        course = session.get_one(Course, course_id)
        assert course.title == "Svets"
        assert len(session.scalars(select(Course)).all()) == 2


def test_a_course_that_all_its_occasions_leave_is_removed(catalogue: Database, apply: Apply) -> None:
    apply(*FIRST)
    apply(*({**FIRST[2], "external_id": row["external_id"]} for row in FIRST), later=5)
    with catalogue.transaction(read_only=True) as session:
        assert session.scalars(select(Course.title)).all() == ["CNC"]


def test_imports_are_undone_one_by_one_until_none_is_left(catalogue: Database, apply: Apply, now: datetime) -> None:
    apply(*FIRST)
    apply(*({**row, "places": "7"} for row in FIRST), {"external_id": "D", "title": "Ny"}, later=5)
    undone = undo(catalogue, now)
    assert (undone.removed, undone.restored) == (1, 3)
    assert undo(catalogue, now).removed == 3
    assert everything(catalogue) == {"course": [], "occasion": []}
    with pytest.raises(NothingToUndo):
        undo(catalogue, now)
    with catalogue.transaction(read_only=True) as session:
        actions = session.scalars(select(Audit.action).order_by(Audit.id)).all()
    assert actions == ["catalogue.import"] * 2 + ["catalogue.import_undone"] * 2


def test_undo_is_refused_when_a_row_was_changed_since_and_touches_nothing(
    catalogue: Database, apply: Apply, now: datetime
) -> None:
    apply(*FIRST)
    with catalogue.transaction() as session:
        session.execute(update(Occasion).where(Occasion.external_id == "B").values(places=99))
    before = everything(catalogue)
    with pytest.raises(ChangedSinceImport) as refused:
        undo(catalogue, now)
    assert "minst 1 av dess rader" in refused.value.detail
    assert refused.value.rows == [("occasion", number(catalogue, "B"))]
    assert everything(catalogue) == before


def test_an_edit_that_was_taken_back_leaves_the_import_to_be_undone(
    catalogue: Database, apply: Apply, now: datetime
) -> None:
    apply(*({**row, "places": "12"} for row in FIRST))
    for later, places, credits in ((1, 99, 900), (2, 12, 800)):
        with catalogue.transaction() as session:
            edited = session.scalars(select(Occasion).where(Occasion.external_id == "B")).one()
            course = session.get_one(Course, edited.course_id)
            with Edit(session, at=now + timedelta(minutes=later), actor="staff:1", cause="edit") as edit:
                assert edit.change(edited, {"places": places})
                assert edit.change(course, {"credits": credits})
    undo(catalogue, now)
    assert everything(catalogue) == {"course": [], "occasion": []}


def test_an_import_from_before_the_digest_left_out_the_moment_can_be_undone(
    catalogue: Database, apply: Apply, now: datetime
) -> None:
    batch = apply(*FIRST).batch
    assert batch is not None
    with catalogue.transaction() as session:
        stored = session.get_one(ImportBatch, batch.id)
        rows = {(name, id_): row for name in TABLES for id_, row in rows_of(session, name).items()}
        stored.undo = [{**note, "after": whole_digest(rows[note["table"], note["id"]])} for note in stored.undo]
        session.execute(update(Occasion).values(updated_at=now + timedelta(minutes=1)))  # edited, and taken back
    undo(catalogue, now)
    assert everything(catalogue) == {"course": [], "occasion": []}


def test_a_refused_undo_names_the_first_twenty_rows(catalogue: Database, apply: Apply, now: datetime) -> None:
    apply(*({"external_id": f"R{number:02}"} for number in range(25)))
    with catalogue.transaction() as session:
        session.execute(update(Occasion).values(places=99))
    with pytest.raises(ChangedSinceImport) as refused:
        undo(catalogue, now)
    assert "minst 25 av dess rader" in refused.value.detail
    assert len(refused.value.rows) == 20


def test_what_an_import_or_its_undo_changes_counts_as_changed_then(
    catalogue: Database, apply: Apply, now: datetime
) -> None:
    apply(*FIRST)
    assert changed(catalogue) == {"course": {now}, "occasion": {now}}
    apply(FIRST[2] | {"credits": "700"}, later=5)
    later = now + timedelta(minutes=5)
    assert changed(catalogue) == {"course": {now, later}, "occasion": {now, later}}
    undo(catalogue, now)
    undone = now + timedelta(hours=1)
    assert changed(catalogue) == {"course": {now, undone}, "occasion": {now, undone}}


def test_undo_is_refused_when_a_new_occasion_leans_on_an_imported_course(
    catalogue: Database, apply: Apply, now: datetime
) -> None:
    apply(*FIRST)
    with catalogue.transaction() as session:
        course = session.scalars(select(Course).limit(1)).one()
        session.add(Occasion(external_id="HAND", course_id=course.id, updated_at=now))
    before = everything(catalogue)
    with pytest.raises(ChangedSinceImport) as refused:
        undo(catalogue, now)
    assert refused.value.rows == [("occasion", number(catalogue, "HAND"))]
    assert everything(catalogue) == before


def test_an_import_that_fails_leaves_nothing_behind(catalogue: Database, make_file: MakeFile, now: datetime) -> None:
    def import_and_fail() -> None:
        with catalogue.transaction() as session:
            apply_import(session, read_sheet(make_file(*FIRST)), file_name="k.csv", now=now, actor="cli")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        import_and_fail()
    assert everything(catalogue) == {"course": [], "occasion": []}


def test_thousands_of_rows_are_applied_and_undone(catalogue: Database, apply: Apply, now: datetime) -> None:
    rows = [{"external_id": f"K-{number}", "title": f"Kurs {number % 700}"} for number in range(3000)]
    assert apply(*rows).plan.counts["new"] == 3000
    assert apply(*({**row, "places": "5"} for row in rows), later=5).plan.counts["changed"] == 3000
    undo(catalogue, now)
    undo(catalogue, now)
    assert everything(catalogue) == {"course": [], "occasion": []}
