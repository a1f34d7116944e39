"""What people call those whom the audit trail names by role and number."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import swedish_dates
from api.staff.tables import Account, RowChange
from api.texts import Texts

_TEXTS = Texts.beside(__file__)


def titles(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """Actor → the account's function, or what the program is called."""
    numbers = {actor: actor.rpartition(":")[2] for actor in actors}
    wanted = [int(number) for number in numbers.values() if number.isdigit()]
    found = dict(session.execute(select(Account.id, Account.title).where(Account.id.in_(wanted))).all())
    known = _TEXTS.keys()
    return {
        actor: found[int(number)]
        if number.isdigit() and int(number) in found
        else _TEXTS(f"actor_{actor}" if f"actor_{actor}" in known else "actor_other")
        for actor, number in numbers.items()
    }


def latest_change(session: Session, kind: str, key: str | int) -> str:
    """Who changed a row last and when, as a sentence; empty when nobody has."""
    query = select(RowChange).where(RowChange.kind == kind, RowChange.key == str(key)).order_by(RowChange.id.desc())
    change = session.scalar(query.limit(1))
    if change is None:
        return ""
    who = titles(session, [change.actor])[change.actor]
    return _TEXTS("latest_change", who=who, at=swedish_dates.moment(change.at))
