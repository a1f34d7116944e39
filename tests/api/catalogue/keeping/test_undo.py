"""Whatever staff do by single clicks, undoing it all brings every row back exactly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.keeping import bulk, service
from api.catalogue.keeping.errors import StillPublic
from api.catalogue.tables import OCCASION_STATUSES, Course, Occasion
from api.database import Database
from api.staff import history
from api.staff.tables import Account, RowChange
from tests.api.catalogue.keeping.conftest import everything
from tests.conftest import MovableClock

ROWS = 5
CHANGES = st.one_of(
    st.tuples(st.just("status"), st.integers(0, ROWS - 1), st.sampled_from(OCCASION_STATUSES)),
    st.tuples(st.just("edit"), st.integers(0, ROWS - 1), st.integers(0, 400)),
    st.tuples(st.just("remove"), st.integers(0, ROWS - 1), st.none()),
    st.tuples(st.just("copy"), st.integers(0, ROWS - 1), st.integers(0, 9)),
    st.tuples(st.just("bulk"), st.integers(0, ROWS - 1), st.sampled_from(OCCASION_STATUSES)),
    st.tuples(st.just("undo"), st.integers(0, 9), st.none()),
)


class Kept(Exception):
    """Takes a whole run back."""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(CHANGES, min_size=1, max_size=10))
def test_undoing_everything_in_turn_restores_the_exact_rows(
    seeded_both: Database, clock: MovableClock, done: list[tuple[str, int, Any]]
) -> None:
    try:
        with seeded_both.transaction() as session:
            ids = list(session.scalars(select(Occasion.id).order_by(Occasion.id).limit(ROWS)))
            account = Account(login="a", title="A", role="staff", created_at=clock())
            session.add(account)
            session.flush()
            before = told(everything(session))
            batches: list[str] = []
            for step in done:
                batches += act(session, ids, account.id, step, batches, clock)
            for batch in reversed(batches):
                history.undo(session, batch, [Occasion, Course], at=clock(), actor="staff:1")
            session.expire_all()
            assert told(everything(session)) == before
            raise Kept
    except Kept:
        pass


def told(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {kind: [{k: v for k, v in row.items() if k != "updated_at"} for row in some] for kind, some in rows.items()}


def act(
    session: Session, ids: list[int], account: int, step: tuple[str, int, Any], batches: list[str], clock: MovableClock
) -> list[str]:
    """One click; the batches that it leaves to be undone."""
    what, number, _ = step
    if what == "undo":
        if not batches:
            return []
        return [history.undo(session, batches[-1], [Occasion, Course], at=clock(), actor="staff:1").batch]
    row = session.get(Occasion, ids[number])
    if row is None:
        return []
    try:
        batch = one_change(session, row, ids, account, step, clock)
    except StillPublic:
        return []
    changed = session.scalar(select(RowChange.id).where(RowChange.batch == batch).limit(1))
    return [batch] if changed else []


def one_change(
    session: Session, row: Occasion, ids: list[int], account: int, step: tuple[str, int, Any], clock: MovableClock
) -> str:
    what, _, value = step
    at, actor = clock(), f"staff:{account}"
    if what == "status":
        return service.set_status(session, row, value, at=at, actor=actor)
    if what == "edit":
        values = {"start_date": date(2027, 1, 1) + timedelta(days=value), "places": value}
        return service.change(session, row, values, at=at, actor=actor)
    if what == "copy":
        made = Occasion(external_id=f"copy-{uuid4()}", course_id=row.course_id, updated_at=at)
        return service.create(session, made, cause="copy", at=at, actor=actor)
    if what == "bulk":
        plan = bulk.prepare(session, ids, {"status": value}, account_id=account, back="", at=at)
        return bulk.carry_out(session, plan, at=at, actor=actor).batch
    return service.remove_occasion(session, row, at=at, actor=actor)
