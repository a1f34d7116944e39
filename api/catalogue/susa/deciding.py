"""What staff decide about the mirror: providers, single events, occupations, and fields that were changed twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.susa.applying import CAUSE, Catalogue, apply_events, load_catalogue, place
from api.catalogue.susa.errors import SusaChoiceMissing, SusaNodeNeeded
from api.catalogue.susa.tables import SusaCourse, SusaEvent, SusaInfo, SusaProvider
from api.catalogue.tables import Course, Node, Occasion
from api.errors import NotFound
from api.guidance.tables import Occupation
from api.row_json import from_json
from api.staff import audit
from api.staff.history import Edit

DECISIONS = ("waiting", "publish", "approve", "omit")
STATES = {"godkann": "approved", "utelamna": "omitted", "vanta": "waiting"}
"""What a form about events may say."""
_LET_IN = frozenset({"publish", "approve"})


def decide_provider(
    session: Session, provider_id: int, *, decision: str, node_id: int | None, now: datetime, actor: str
) -> Counter[str]:
    """Say which node a provider's courses belong to and whether they are shown; the catalogue follows at once.

    Raises NotFound, SusaChoiceMissing for an unknown decision or node, SusaNodeNeeded when it is let in without one.
    """
    provider = session.get(SusaProvider, provider_id, with_for_update={"of": SusaProvider})
    if provider is None:
        raise NotFound
    if decision not in DECISIONS or (node_id is not None and session.get(Node, node_id) is None):
        raise SusaChoiceMissing
    if decision in _LET_IN and node_id is None:
        raise SusaNodeNeeded
    before = (provider.decision, provider.node_id)
    if before == (decision, node_id):
        return Counter()
    provider.decision, provider.node_id, provider.updated_at = decision, node_id, now
    session.flush()
    session.refresh(provider)
    audit.record(
        session,
        at=now,
        actor=actor,
        action="susa.provider",
        subject=f"susa_provider:{provider.id}",
        decision=[before[0], decision],
        node_id=[before[1], node_id],
    )
    rows = session.scalars(_to_change().where(SusaEvent.provider_id == provider.id)).all()
    turned = (before[0] in _LET_IN) != (decision in _LET_IN)
    return apply_events(session, rows, load_catalogue(session), now=now, actor=actor, decided=turned)


def decide_events(session: Session, ids: Collection[int], *, state: str, now: datetime, actor: str) -> Counter[str]:
    """Approve events, leave them out or let them wait; the catalogue follows at once.

    Counts `decided`, and `stuck` for those that cannot be approved: their place or occupation is not known, or nobody
    has decided about their provider. Raises SusaChoiceMissing for none at all.
    """
    if not ids or state not in STATES.values():
        raise SusaChoiceMissing
    rows = session.scalars(_to_change().where(SusaEvent.id.in_(sorted(ids)[:1000]))).all()
    catalogue = load_catalogue(session)
    decided = [row for row in rows if state != "approved" or _can_be_approved(row, catalogue)]
    for row in decided:
        row.state = state
    session.flush()
    if decided:
        audit.record(
            session,
            at=now,
            actor=actor,
            action=f"susa.{state}",
            subject="susa_event",
            ids=[row.id for row in decided],
        )
    counts = apply_events(session, decided, catalogue, now=now, actor=actor, decided=True)
    return counts + Counter(decided=len(decided), stuck=len(rows) - len(decided))


def choose_occupation(session: Session, event_id: int, slug: str, *, now: datetime, actor: str) -> Counter[str]:
    """Say which occupation an event's training leads to; it goes for every event of the same training.

    Raises NotFound, or SusaChoiceMissing for an unknown occupation.
    """
    row = _event(session, event_id)
    occupation = session.scalar(select(Occupation).where(Occupation.slug == slug))
    if occupation is None:
        raise SusaChoiceMissing
    info: SusaInfo = row.info
    before, info.occupation_id, info.updated_at = info.occupation_id, occupation.id, now
    session.flush()
    audit.record(
        session,
        at=now,
        actor=actor,
        action="susa.occupation",
        subject=f"susa_info:{info.id}",
        occupation_id=[before, occupation.id],
    )
    rows = session.scalars(_to_change().where(SusaEvent.info_id == info.id)).all()
    return apply_events(session, rows, load_catalogue(session), now=now, actor=actor)


def settle(session: Session, event_id: int, *, take: bool, now: datetime, actor: str) -> bool:
    """End the fields that both sides changed: `take` what Susa-navet says, or keep ours. Whether anything changed.

    Raises NotFound.
    """
    row = _event(session, event_id)
    link = course_link(session, row)
    changed = False
    with Edit(session, at=now, actor=actor, cause=CAUSE if take else "edit") as edit:
        occasion = session.get(Occasion, row.occasion_id, with_for_update={"of": Occasion}) if row.occasion_id else None
        if take and occasion is not None:
            changed |= edit.change(occasion, _theirs(Occasion, row.conflicts))
        if take and link is not None:
            changed |= edit.change(link.course, _theirs(Course, link.conflicts))
    row.conflicts, row.differs = {}, False
    if link is not None:
        link.conflicts, link.differs = {}, False
    audit.record(
        session,
        at=now,
        actor=actor,
        action="susa.taken" if take else "susa.kept",
        subject=f"susa_event:{row.id}",
    )
    return changed


def course_link(session: Session, row: SusaEvent) -> SusaCourse | None:
    """The tie between an event's course and its info, where the mirror made the course."""
    if row.occasion_id is None:
        return None
    query = select(SusaCourse).join(Occasion, Occasion.course_id == SusaCourse.course_id)
    return session.scalar(query.where(Occasion.id == row.occasion_id))


def _event(session: Session, event_id: int) -> SusaEvent:
    row = session.get(SusaEvent, event_id)
    if row is None:
        raise NotFound
    return row


def _can_be_approved(row: SusaEvent, catalogue: Catalogue) -> bool:
    return row.provider.decision in _LET_IN and place(row, catalogue).is_decided


def _to_change() -> Any:  # Any: a select of SusaEvent, whose type depends on the version of SQLAlchemy
    return select(SusaEvent).order_by(SusaEvent.id).with_for_update(of=SusaEvent)


def _theirs(model: type[Occasion | Course], conflicts: dict[str, list[Any]]) -> dict[str, Any]:
    table = model.metadata.tables[model.__tablename__]
    return {name: from_json(table, name, theirs) for name, (_, theirs) in conflicts.items()}
