"""Every change is remembered, and can be taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Course, Occasion
from api.database import Database
from api.row_json import row_json
from api.staff import history
from api.staff.errors import ChangedSince, RestoreRefused
from api.staff.history import Edit
from api.staff.tables import Audit, RowChange
from tests.conftest import MovableClock

MODELS = (Occasion, Course)


@pytest.fixture
def editing(seeded_both: Database, clock: MovableClock) -> Any:
    """Makes a change in a transaction of its own; gives the batch."""

    def make(cause: str, values: dict[str, Any], number: int = 0) -> str:
        with (
            seeded_both.transaction() as session,
            Edit(session, at=clock(), actor="staff:1", cause=cause) as edit,
        ):
            edit.change(first(session, number), values)
            return edit.batch

    return make


def first(session: Session, number: int = 0) -> Occasion:
    return session.scalars(select(Occasion).order_by(Occasion.id)).unique().all()[number]


def changes(database: Database) -> list[RowChange]:
    with database.transaction(read_only=True) as session:
        query = select(RowChange).where(RowChange.cause != "import")  # the seed is one
        return list(session.scalars(query.order_by(RowChange.id)))


def stored(database: Database) -> dict[str, Any]:
    with database.transaction(read_only=True) as session:
        row = row_json(first(session))
        row.pop("updated_at")
        return row


def test_a_change_is_remembered_with_who_when_from_and_to(
    seeded_both: Database, clock: MovableClock, editing: Any
) -> None:
    before = stored(seeded_both)
    batch = editing("edit", {"places": 99, "apply_to": date(2027, 5, 1), "pace": before["pace"]})
    [change] = changes(seeded_both)
    assert (change.at, change.actor, change.cause, change.batch) == (clock(), "staff:1", "edit", batch)
    assert change.diff == {"places": [before["places"], 99], "apply_to": [before["apply_to"], "2027-05-01"]}
    with seeded_both.transaction(read_only=True) as session:
        [row] = session.scalars(select(Audit).where(Audit.action == "occasion.edit"))
        assert row.details == {"rows": 1, "columns": ["apply_to", "places"], "batch": batch}
        assert first(session).updated_at == clock()


def test_what_changes_nothing_leaves_no_trace(seeded_both: Database, editing: Any) -> None:
    editing("edit", {"places": stored(seeded_both)["places"]})
    assert changes(seeded_both) == []


def test_a_change_that_fails_is_remembered_nowhere(seeded_both: Database, clock: MovableClock) -> None:
    def fail() -> None:
        with seeded_both.transaction() as session, Edit(session, at=clock(), actor="staff:1", cause="edit") as edit:
            edit.change(first(session), {"places": 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert changes(seeded_both) == []


def test_undo_puts_everything_of_a_click_back_and_can_be_undone(
    seeded_both: Database, clock: MovableClock, editing: Any
) -> None:
    before = stored(seeded_both)
    batch = editing("edit", {"places": 99, "status": "cancelled"})
    after = stored(seeded_both)
    with seeded_both.transaction() as session:
        undone = history.undo(session, batch, MODELS, at=clock(), actor="staff:2")
    assert stored(seeded_both) == before
    with seeded_both.transaction() as session:
        history.undo(session, undone.batch, MODELS, at=clock(), actor="staff:2")
    assert stored(seeded_both) == after


@pytest.mark.parametrize("later", [{"places": 5}, {"places": 99, "status": "published"}])
def test_undo_leaves_alone_what_somebody_has_changed_since(
    seeded_both: Database, clock: MovableClock, editing: Any, later: dict[str, Any]
) -> None:
    batch = editing("edit", {"places": 99, "status": "cancelled"})
    editing("edit", later)
    now_there = stored(seeded_both)
    with pytest.raises(ChangedSince), seeded_both.transaction() as session:
        history.undo(session, batch, MODELS, at=clock(), actor="staff:2")
    assert stored(seeded_both) == now_there


def test_undo_keeps_a_later_change_of_another_column(seeded_both: Database, clock: MovableClock, editing: Any) -> None:
    batch = editing("edit", {"places": 99})
    editing("edit", {"pace": 25})
    with seeded_both.transaction() as session:
        history.undo(session, batch, MODELS, at=clock(), actor="staff:2")
    assert stored(seeded_both)["pace"] == 25
    assert stored(seeded_both)["places"] != 99


def test_undo_takes_away_what_was_made_and_brings_back_what_was_removed(
    seeded_both: Database, clock: MovableClock
) -> None:
    with seeded_both.transaction() as session, Edit(session, at=clock(), actor="staff:1", cause="edit") as edit:
        old = first(session)
        values = {name: value for name, value in row_json(old).items() if name not in ("id", "external_id")}
        kept = Occasion(external_id="ny-1", **history._columns(Occasion, values))
        edit.create(kept)
        number = old.id
        edit.remove(old)
    with seeded_both.transaction() as session:
        assert session.get(Occasion, number) is None
        history.undo(session, edit.batch, MODELS, at=clock(), actor="staff:1")
    with seeded_both.transaction(read_only=True) as session:
        assert session.get(Occasion, number) is not None
        assert session.scalar(select(Occasion).where(Occasion.external_id == "ny-1")) is None


def test_a_row_is_restored_to_how_it_was_before_any_of_its_changes(
    seeded_both: Database, clock: MovableClock, editing: Any
) -> None:
    before = stored(seeded_both)
    editing("edit", {"places": 1})
    editing("publish", {"status": "cancelled"})
    editing("edit", {"places": 2, "pace": 25})
    oldest, middle, _ = changes(seeded_both)
    with seeded_both.transaction() as session:
        history.restore(session, first(session), middle.id, at=clock(), actor="staff:2")
    assert stored(seeded_both) == before | {"places": 1}
    with seeded_both.transaction() as session:
        assert history.restore(session, first(session), oldest.id, at=clock(), actor="staff:2")
    assert stored(seeded_both) == before


def test_a_restore_that_another_row_is_in_the_way_of_is_refused_whole(
    seeded_both: Database, clock: MovableClock, editing: Any
) -> None:
    old_id = stored(seeded_both)["external_id"]
    editing("edit", {"external_id": "flyttad-1", "places": 7})
    editing("edit", {"external_id": old_id}, number=1)
    with seeded_both.transaction() as session:
        with pytest.raises(RestoreRefused):
            history.restore(session, first(session), changes(seeded_both)[0].id, at=clock(), actor="staff:2")
        assert first(session).external_id == "flyttad-1"
    assert stored(seeded_both)["places"] == 7


def test_a_new_row_never_gets_the_number_and_so_the_history_of_a_removed_one(
    seeded_both: Database, clock: MovableClock
) -> None:
    numbers = []
    for name in ("ny-1", "ny-2"):
        with seeded_both.transaction() as session, Edit(session, at=clock(), actor="staff:1", cause="edit") as edit:
            row = Occasion(external_id=name, course_id=first(session).course_id)
            edit.create(row)
            numbers.append(row.id)
            edit.remove(row)
    assert numbers[0] != numbers[1]


@pytest.mark.parametrize("key", ["", "x", "-1", "٣", "9" * 30, "1; DROP"])
def test_a_key_that_no_row_can_have_finds_nothing(seeded_both: Database, key: str) -> None:
    with seeded_both.transaction(read_only=True) as session:
        assert history.load(session, Occasion, key) is None
