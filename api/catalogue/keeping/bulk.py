"""Many occasions changed at once: first what would change, then exactly that.

What was shown is kept (`BulkPlan`), row by row with a digest. A row that somebody has changed since is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.catalogue.importing import snapshot
from api.catalogue.importing.snapshot import OCCASION
from api.catalogue.keeping.attention import missing
from api.catalogue.keeping.errors import NothingChosen, TooManyChosen
from api.catalogue.keeping.tables import BulkPlan
from api.catalogue.tables import Course, Occasion
from api.clock import stockholm_date
from api.staff.history import Edit
from api.staff.many_rows import lock_rows

MOST = 20_000
"""Rows at a time: some seconds of work."""
_KEPT_FOR = timedelta(days=1)
_DIGEST = 16
"""Letters of a digest; enough to see that a row is another."""
_COLUMNS = (
    "id",
    "status",
    "start_date",
    "end_date",
    "apply_from",
    "apply_to",
    "continuous",
    "apply_url",
    "contact_email",
)

Change = Mapping[str, str]
"""Column → new value as JSON; one column: `apply_to` or `status`."""


@dataclass(frozen=True)
class Outcome:
    """What became of a plan: the batch, how many rows changed, and the ids of those that somebody had changed since."""

    batch: str
    changed: int
    left: Sequence[int]


def prepare(
    session: Session, ids: Sequence[int], change: Change, *, account_id: int, back: str, at: datetime
) -> BulkPlan:
    """Look at what the change would do to these occasions, and keep it. Raises NothingChosen or TooManyChosen."""
    if len(ids) > MOST:
        raise TooManyChosen(limit=MOST)
    erase_expired(session, at)
    today = stockholm_date(at)
    change_ids: list[int] = []
    refused: list[list[Any]] = []  # Any: as in BulkPlan
    unchanged = 0
    for row, description in _rows(session, ids):
        if all(as_json(getattr(row, column)) == value for column, value in change.items()):
            unchanged += 1
        elif why := obstacle(row, description, change, today):
            refused.append([row.id, why])
        else:
            change_ids.append(row.id)
    if not (change_ids or refused or unchanged):
        raise NothingChosen
    stored = snapshot.take(session, OCCASION, change_ids)
    plan = BulkPlan(
        id=uuid4(),
        account_id=account_id,
        created_at=at,
        change=dict(change),
        shown=[[number, _digest(stored[number])] for number in change_ids],
        refused=refused,
        unchanged=unchanged,
        back=back[:2000],
    )
    session.add(plan)
    session.flush()
    return plan


def obstacle(row: Any, description: str, change: Change, today: date) -> str:  # Any: a row with an occasion's columns
    """Why the change cannot be made to an occasion, as a key `refused_…` of the texts; empty when it can. Pure."""
    if last := change.get("apply_to"):
        if row.continuous:
            return "continuous"
        if row.apply_from is not None and date.fromisoformat(last) < row.apply_from:
            return "apply_order"
    if change.get("status") == "published" and missing(row, description, today):
        return "incomplete"
    return ""


def erase_expired(session: Session, now: datetime) -> None:
    """Erase the plans whose day is over."""
    session.execute(delete(BulkPlan).where(BulkPlan.created_at < now - _KEPT_FOR))


def get_plan(session: Session, plan_id: UUID, account_id: int, *, to_change: bool = False) -> BulkPlan | None:
    """Somebody's own plan."""
    plan = session.get(BulkPlan, plan_id, with_for_update=True if to_change else None)
    return plan if plan is not None and plan.account_id == account_id else None


def carry_out(session: Session, plan: BulkPlan, *, at: datetime, actor: str) -> Outcome:
    """Do what was shown, once. `plan` is locked. Rows that are not as they were shown are left."""
    if plan.batch:
        return Outcome(plan.batch, len(plan.shown), [])
    shown: dict[str, str] = {str(number): digest for number, digest in plan.shown}
    stored = lock_rows(session, Occasion, shown)
    same = {key for key, digest in shown.items() if key in stored and _digest(stored[key]) == digest}
    with Edit(session, at=at, actor=actor, cause="bulk") as edit:
        edit.change_many(Occasion, stored, {key: plan.change for key in shown if key in same})
    plan.batch = edit.batch
    return Outcome(edit.batch, edit.count, [int(key) for key in shown if key not in same])


def steps(session: Session, plan: BulkPlan) -> list[tuple[str | None, int]]:
    """From which values the rows change, as JSON, and how many from each; most first."""
    [column] = plan.change
    found: Counter[str | None] = Counter()
    for some in snapshot.chunks([number for number, _ in plan.shown]):
        values = session.scalars(select(OCCASION.c[column]).where(OCCASION.c.id.in_(some)))
        found.update(map(as_json, values))
    return found.most_common()


def shown_rows(session: Session, ids: Iterable[int]) -> list[Occasion]:
    """Some of the rows, for the page, in the order of `ids`."""
    wanted = list(ids)
    found = {row.id: row for row in session.scalars(select(Occasion).where(Occasion.id.in_(wanted)))}
    return [found[number] for number in wanted if number in found]


def _rows(session: Session, ids: Sequence[int]) -> Iterator[tuple[Any, str]]:  # Any: a row with _COLUMNS
    columns = [getattr(Occasion, name) for name in _COLUMNS]
    described = (Course.description != "").label("described")
    for some in snapshot.chunks(sorted(set(ids))):
        query = select(*columns, described).join(Course, Occasion.course_id == Course.id)
        for row in session.execute(query.where(Occasion.id.in_(some)).order_by(Occasion.id)):
            yield row, "x" if row.described else ""


def _digest(row: Mapping[str, Any]) -> str:
    return (snapshot.digest(dict(row)) or "")[:_DIGEST]


def as_json(value: Any) -> Any:  # Any: a column's value, and JSON
    """A value of one of the columns as a plan keeps it."""
    return value.isoformat() if isinstance(value, date) else value
