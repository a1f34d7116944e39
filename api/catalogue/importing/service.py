"""Dry run, apply and undo of a catalogue file. The caller's transaction; nothing is committed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.catalogue.importing import snapshot
from api.catalogue.importing.errors import ChangedSinceImport, NothingToUndo
from api.catalogue.importing.plan import Plan, make_plan
from api.catalogue.importing.sheet import Sheet
from api.catalogue.importing.snapshot import COURSE, OCCASION, TABLES, Note
from api.catalogue.importing.stored import load_reader, load_stored
from api.catalogue.importing.write import load_current, plan_courses, remove_courses, write_courses, write_occasions
from api.catalogue.tables import ImportBatch
from api.staff import audit


@dataclass(frozen=True)
class Applied:
    """An import that was carried out. `batch` is None when nothing had to be changed."""

    plan: Plan
    batch: ImportBatch | None


@dataclass(frozen=True)
class Undone:
    """An import that was taken back: occasions removed, and occasions put back as they were."""

    batch: ImportBatch
    removed: int
    restored: int


def dry_run(session: Session, sheet: Sheet) -> Plan:
    """What `sheet` would change. Reads only."""
    return make_plan(sheet, load_stored(session), load_reader(session))


def apply_import(
    session: Session, sheet: Sheet, *, file_name: str, now: datetime, actor: str, example: bool = False
) -> Applied:
    """Carry out what a dry run at this moment says: valid rows are stored, rejected ones are left out.

    Leaves an audit row and an ImportBatch with what undo needs. `example` marks new occasions as example data.
    """
    _lock(session)
    session.flush()
    plan = dry_run(session, sheet)
    if not plan.changes_anything:
        return Applied(plan, None)
    current = load_current(session)
    courses = plan_courses(plan, current)
    course_ids = {*courses.update, *courses.emptied}
    occasion_ids = {current.occasions[p.row.external_id][0] for p in plan.changed}
    before = snapshot.take(session, COURSE, course_ids), snapshot.take(session, OCCASION, occasion_ids)

    ids = write_courses(session, courses)
    write_occasions(session, plan, current, ids, now=now, example=example)
    remove_courses(session, courses.emptied)

    stored = load_current(session)
    course_ids |= {ids[identity] for identity in courses.insert}
    occasion_ids |= {stored.occasions[p.row.external_id][0] for p in plan.new}
    after = snapshot.take(session, COURSE, course_ids), snapshot.take(session, OCCASION, occasion_ids)
    session.expire_all()  # objects loaded before would show the old values
    batch = ImportBatch(
        created_at=now,
        file_name=file_name[-200:],
        summary=plan.counts,
        undo=[*snapshot.notes(COURSE, before[0], after[0]), *snapshot.notes(OCCASION, before[1], after[1])],
    )
    session.add(batch)
    session.flush()
    audit.record(
        session, at=now, actor=actor, action="catalogue.import", subject=f"import_batch:{batch.id}", **plan.counts
    )
    return Applied(plan, batch)


def undo_last_import(session: Session, *, now: datetime, actor: str) -> Undone:
    """Take back the last import that still stands: its rows are exactly as they were before it.

    Raises NothingToUndo, or ChangedSinceImport when somebody has changed its rows since (then nothing is touched).
    """
    _lock(session)
    session.flush()
    query = select(ImportBatch).where(ImportBatch.undone_at.is_(None)).order_by(ImportBatch.id.desc()).limit(1)
    batch = session.scalar(query)
    if batch is None:
        raise NothingToUndo
    notes: list[Note] = list(batch.undo)
    _refuse_if_changed(session, notes)
    try:
        with session.begin_nested():
            _restore(session, notes)
    except IntegrityError:  # something new leans on a row of the import, or has taken the place of one
        raise ChangedSinceImport(count=1) from None
    session.expire_all()
    batch.undone_at = now
    occasions = [note for note in notes if note["table"] == OCCASION.name]
    removed = sum(note["before"] is None for note in occasions)
    undone = Undone(batch, removed=removed, restored=len(occasions) - removed)
    audit.record(
        session,
        at=now,
        actor=actor,
        action="catalogue.import_undone",
        subject=f"import_batch:{batch.id}",
        removed=undone.removed,
        restored=undone.restored,
    )
    return undone


def _lock(session: Session) -> None:
    # Two imports, or an import and an edit, must not interleave. SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE course, occasion IN SHARE ROW EXCLUSIVE MODE"))


def _refuse_if_changed(session: Session, notes: list[Note]) -> None:
    changed = 0
    for table in TABLES.values():
        expected = {note["id"]: note["after"] for note in notes if note["table"] == table.name}
        now_there = snapshot.take(session, table, expected)
        changed += sum(snapshot.digest(now_there.get(id_)) != after for id_, after in expected.items())
    if changed:
        raise ChangedSinceImport(count=changed)


def _restore(session: Session, notes: list[Note]) -> None:
    # Courses come back before the occasions that point at them, and new ones go after.
    for table in (COURSE, OCCASION):
        before = [note for note in notes if note["table"] == table.name and note["before"] is not None]
        removed = [snapshot.to_values(table, note["before"]) for note in before if note["after"] is None]
        changed = {n["id"]: snapshot.to_values(table, n["before"]) for n in before if n["after"] is not None}
        if removed:
            session.execute(insert(table), removed)
        snapshot.update_rows(session, table, changed)
    for table in (OCCASION, COURSE):
        made = [note["id"] for note in notes if note["table"] == table.name and note["before"] is None]
        for some in snapshot.chunks(made):
            session.execute(delete(table).where(table.c.id.in_(some)))
