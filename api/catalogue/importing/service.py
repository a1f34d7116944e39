"""Dry run, apply and undo of a catalogue file. The caller's transaction; nothing is committed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.catalogue.importing import past, snapshot
from api.catalogue.importing.errors import ChangedSinceImport, NothingToUndo, NotTheLastImport
from api.catalogue.importing.plan import Plan, fingerprint, make_plan
from api.catalogue.importing.sheet import Progress, Sheet, quiet
from api.catalogue.importing.snapshot import COURSE, OCCASION, TABLES, Note
from api.catalogue.importing.stored import load_reader, load_stored
from api.catalogue.importing.write import load_current, plan_courses, remove_courses, write_courses, write_occasions
from api.catalogue.tables import ImportBatch
from api.row_json import JsonRow
from api.staff import audit

_LISTED = 20
"""How many rows that differ an undo names."""


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


class PlanDiffers(Exception):
    """What an import would change now is not what was shown. `plan` is what it is now; nothing is stored."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__()


def dry_run(session: Session, sheet: Sheet, progress: Progress = quiet) -> Plan:
    """What `sheet` would change. Reads only."""
    return make_plan(sheet, load_stored(session), load_reader(session), progress)


def apply_import(
    session: Session,
    sheet: Sheet,
    *,
    file_name: str,
    now: datetime,
    actor: str,
    example: bool = False,
    shown: str | None = None,
) -> Applied:
    """Carry out what a dry run at this moment says: valid rows are stored, rejected ones are left out.

    Leaves an audit row, the rows' history, and an ImportBatch with what undo needs. `example` marks new occasions as
    example data. `shown` is the fingerprint of what somebody has agreed to: raises PlanDiffers when it is another one.
    """
    _lock(session)
    session.flush()
    plan = dry_run(session, sheet)
    if shown is not None and fingerprint(plan) != shown:
        raise PlanDiffers(plan)
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
    snapshot.stamp(session, COURSE, before[0], after[0], now)
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
    past.record(session, batch, zip(TABLES, before, after, strict=True), at=now, actor=actor, cause="import")
    return Applied(plan, batch)


def last_standing(session: Session) -> ImportBatch | None:
    """The import that an undo would take back."""
    return session.scalar(
        select(ImportBatch).where(ImportBatch.undone_at.is_(None)).order_by(ImportBatch.id.desc()).limit(1)
    )


def undo_last_import(session: Session, *, now: datetime, actor: str, meant: int | None = None) -> Undone:
    """Take back the last import that still stands: its rows are exactly as they were before it.

    `meant` is the batch that the person has looked at. Raises NothingToUndo, NotTheLastImport when another one than
    `meant` is the last, or ChangedSinceImport when somebody has changed its rows since. Then nothing is touched.
    """
    _lock(session)
    session.flush()
    batch = last_standing(session)
    if batch is None:
        raise NothingToUndo
    if meant is not None and batch.id != meant:
        raise NotTheLastImport
    notes: list[Note] = list(batch.undo)
    touched = [_ids(notes, table.name) for table in TABLES.values()]
    as_it_was_left = [snapshot.take(session, table, ids) for table, ids in zip(TABLES.values(), touched, strict=True)]
    _refuse_if_changed(notes, as_it_was_left, batch.created_at)
    try:
        with session.begin_nested():
            _restore(session, notes, now)
    except IntegrityError:  # something new leans on a row of the import, or has taken the place of one
        rows = _in_the_way(session, notes)
        raise ChangedSinceImport(max(1, len(rows)), rows[:_LISTED]) from None
    session.expire_all()
    batch.undone_at = now
    restored = [snapshot.take(session, table, ids) for table, ids in zip(TABLES.values(), touched, strict=True)]
    steps = zip(TABLES, as_it_was_left, restored, strict=True)
    past.record(session, batch, steps, at=now, actor=actor, cause="import_undone")
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


def _ids(notes: list[Note], table: str) -> set[int]:
    return {note["id"] for note in notes if note["table"] == table}


def _refuse_if_changed(notes: list[Note], now_there: Sequence[Mapping[int, JsonRow]], at: datetime) -> None:
    there, moment = dict(zip(TABLES, now_there, strict=True)), at.isoformat()
    changed = [
        (note["table"], note["id"])
        for note in notes
        if not snapshot.is_as_left(there[note["table"]].get(note["id"]), note["after"], moment)
    ]
    if changed:
        raise ChangedSinceImport(len(changed), changed[:_LISTED])


def _in_the_way(session: Session, notes: list[Note]) -> list[tuple[str, int]]:
    """Occasions that came to a course which the import made, or took the external_id of one that it removed."""
    ours = _ids(notes, OCCASION.name)
    made = {note["id"] for note in notes if note["table"] == COURSE.name and note["before"] is None}
    names = {note["before"]["external_id"] for note in notes if note["table"] == OCCASION.name and note["before"]}
    query = select(OCCASION.c.id, OCCASION.c.course_id, OCCASION.c.external_id).order_by(OCCASION.c.id)
    found = ((id_, course in made or name in names) for id_, course, name in session.execute(query))
    return [(OCCASION.name, id_) for id_, is_one in found if is_one and id_ not in ours]


def _restore(session: Session, notes: list[Note], now: datetime) -> None:
    # Courses come back before the occasions that point at them, and new ones go after. Whoever asks what is new since
    # the import must hear of it: the moment of the change is the only column that does not become what it was.
    for table in (COURSE, OCCASION):
        before = [note for note in notes if note["table"] == table.name and note["before"] is not None]
        rows = {note["id"]: {**snapshot.to_values(table, note["before"]), "updated_at": now} for note in before}
        removed = [rows[note["id"]] for note in before if note["after"] is None]
        changed = {note["id"]: rows[note["id"]] for note in before if note["after"] is not None}
        if removed:
            session.execute(insert(table), removed)
        snapshot.update_rows(session, table, changed)
    for table in (OCCASION, COURSE):
        made = [note["id"] for note in notes if note["table"] == table.name and note["before"] is None]
        for some in snapshot.chunks(made):
            session.execute(delete(table).where(table.c.id.in_(some)))
