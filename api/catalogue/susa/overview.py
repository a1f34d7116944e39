"""What staff's pages about the mirror show. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from api.catalogue.susa.applying import load_catalogue, place
from api.catalogue.susa.deciding import course_link
from api.catalogue.susa.matching import occupations_of, suggested_node
from api.catalogue.susa.reading import Event, event_of
from api.catalogue.susa.tables import SusaCourse, SusaEvent, SusaProvider, SusaRun
from api.catalogue.tables import Municipality, Node, Occasion
from api.guidance.tables import Occupation
from api.row_json import from_json

A_PAGE = 30
_LET_IN = SusaProvider.decision.in_(("publish", "approve"))
_UNPLACED = or_(*(SusaEvent.problem.contains(word) for word in ("title", "place", "occupation")))
_HERE = SusaEvent.gone == ""
_TWICE = or_(
    SusaEvent.differs,
    select(SusaCourse.id)
    .join(Occasion, Occasion.course_id == SusaCourse.course_id)
    .where(Occasion.id == SusaEvent.occasion_id, SusaCourse.differs)
    .exists(),
)
VIEWS: dict[str, ColumnElement[bool]] = {
    "vantar": and_(_HERE, _LET_IN, SusaEvent.state == "waiting", SusaEvent.occasion_id.is_(None), ~_UNPLACED),
    "oklara": and_(_HERE, _LET_IN, SusaEvent.state != "omitted", _UNPLACED),
    "skillnader": _TWICE,
    "visas": and_(_HERE, SusaEvent.occasion_id.is_not(None), SusaEvent.state != "omitted"),
    "utelamnade": and_(_HERE, SusaEvent.state == "omitted"),
    "borta": SusaEvent.gone != "",
}
"""The lists of events that a page can show, by their name in the address."""


@dataclass(frozen=True)
class ProviderCard:
    """A provider with how many of its events wait, cannot be placed, and are in the catalogue."""

    row: SusaProvider
    municipality: str
    suggested: int | None
    """Id of the node to begin with in the form."""
    events: int
    waiting: int
    unplaced: int
    shown: int


@dataclass(frozen=True)
class Twice:
    """A field that both sides changed, as JSON values put back into what the column holds."""

    column: str
    ours: Any
    theirs: Any


@dataclass(frozen=True)
class EventCard:
    row: SusaEvent
    event: Event
    municipalities: tuple[str, ...]
    node: str
    occupation: str
    named: tuple[str, ...]
    """Slugs of the occupations that the title names; several do not decide."""
    problems: tuple[str, ...]
    twice: tuple[Twice, ...]


@dataclass(frozen=True)
class State:
    """How the mirror is: what is at work or asked for, the latest that ended well, and the latest that failed since."""

    open: SusaRun | None
    done: SusaRun | None
    failed: SusaRun | None


def state(session: Session) -> State:
    """The runs that a person wants to know of."""
    open_ = session.scalar(select(SusaRun).where(SusaRun.state.in_(("asked", "running"))).order_by(SusaRun.id).limit(1))
    ended = select(SusaRun).order_by(SusaRun.ended_at.desc(), SusaRun.id.desc()).limit(1)
    done = session.scalar(ended.where(SusaRun.state == "done"))
    failed = session.scalar(ended.where(SusaRun.state == "failed"))
    is_news = failed is not None and (done is None or failed.id > done.id)
    return State(open_, done, failed if is_news else None)


def view_counts(session: Session, provider_id: int | None = None) -> dict[str, int]:
    """How many events each list has."""
    columns = [func.count(case((condition, 1))) for condition in VIEWS.values()]
    query = select(*columns).select_from(SusaEvent).join(SusaEvent.provider)
    if provider_id is not None:
        query = query.where(SusaEvent.provider_id == provider_id)
    return dict(zip(VIEWS, session.execute(query).one(), strict=True))


def providers(session: Session) -> list[ProviderCard]:
    """Every provider that has events of ours: those that nobody has decided about first, then by name."""
    numbers = (
        select(
            SusaEvent.provider_id,
            func.count(case((_HERE, 1))),
            *(func.count(case((VIEWS[name], 1))) for name in ("vantar", "oklara", "visas")),
        )
        .select_from(SusaEvent)
        .join(SusaEvent.provider)
        .group_by(SusaEvent.provider_id)
    )
    counted = {row[0]: tuple(row[1:]) for row in session.execute(numbers)}
    rows = session.scalars(select(SusaProvider).where(SusaProvider.id.in_(select(SusaEvent.provider_id))))
    places, catalogue = municipality_names(session), load_catalogue(session)
    cards = [
        ProviderCard(
            row,
            places.get(row.municipality_code, ""),
            row.node_id or suggested_node(row.municipality_code, catalogue.nodes),
            *counted[row.id],
        )
        for row in rows
    ]
    return sorted(cards, key=lambda card: (card.row.decision != "waiting", card.row.name.casefold(), card.row.id))


def events(session: Session, view: str, provider_id: int | None, *, page: int) -> tuple[list[EventCard], int]:
    """One page of a list, soonest start first, and how many there are in all."""
    where = [VIEWS[view], *([SusaEvent.provider_id == provider_id] if provider_id is not None else [])]
    total = session.scalar(select(func.count(SusaEvent.id)).join(SusaEvent.provider).where(*where)) or 0
    query = select(SusaEvent).join(SusaEvent.provider).where(*where)
    rows = session.scalars(
        query.order_by(SusaEvent.start_date.is_(None), SusaEvent.start_date, SusaEvent.title, SusaEvent.id)
        .offset((page - 1) * A_PAGE)
        .limit(A_PAGE)
    ).all()
    return _cards(session, rows), total


def nodes(session: Session) -> Sequence[Node]:
    """For the form's list."""
    return session.scalars(select(Node).order_by(Node.town, Node.id)).all()


def occupations(session: Session) -> Sequence[Occupation]:
    """For the form's list."""
    return session.scalars(select(Occupation).order_by(Occupation.title)).all()


def municipality_names(session: Session) -> dict[str, str]:
    """Code → name."""
    return dict(session.execute(select(Municipality.code, Municipality.name)).all())


def _cards(session: Session, rows: Sequence[SusaEvent]) -> list[EventCard]:
    catalogue, places = load_catalogue(session), municipality_names(session)
    towns = {node.id: node.town for node in nodes(session)}
    titles = {occupation.id: occupation.title for occupation in occupations(session)}
    cards = []
    for row in rows:
        event, placed = event_of(row.details), place(row, catalogue)
        cards.append(
            EventCard(
                row=row,
                event=event,
                municipalities=tuple(places[code] for code in event.areas if code in places),
                node=towns.get(placed.node_id or 0, ""),
                occupation=titles.get(placed.occupation_id or 0, ""),
                named=occupations_of(row.info.title) or occupations_of(row.title),
                problems=placed.problems,
                twice=tuple(_twice(session, row)),
            )
        )
    return cards


def _twice(session: Session, row: SusaEvent) -> list[Twice]:
    link = course_link(session, row)
    found = []
    for table, conflicts in (("occasion", row.conflicts), ("course", link.conflicts if link else {})):
        columns = Occasion.metadata.tables[table]
        for name, (ours, theirs) in conflicts.items():
            found.append(Twice(name, from_json(columns, name, ours), from_json(columns, name, theirs)))
    return found
