"""Taking in pages: what concerns us is stored, everything else is forgotten at once. Session first, no commit.

Nothing here touches the catalogue: a changed event is marked (`dirty`) and `applying` follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.catalogue.susa.matching import Wanted, has_unknown_status, is_here, is_industrial, is_removed, wants_info
from api.catalogue.susa.reading import Event, Resource, details, digest, read_event, read_info, read_provider
from api.catalogue.susa.tables import SusaEvent, SusaInfo, SusaProvider
from api.catalogue.tables import Municipality
from api.database import rowcount
from api.settings import Settings

_CHUNK = 500  # both databases limit how many values one statement may carry
_MOST_FETCHED = 200
"""Infos and providers that one page of events may make us ask for one by one."""

Row = Any  # one of the three tables; what they share has no class of its own


@dataclass(frozen=True)
class Lacking:
    """What events on a page point at and we do not have."""

    infos: Sequence[str]
    providers: Sequence[str]


def wanted_of(session: Session, settings: Settings) -> Wanted:
    """What the settings ask for; the catalogue's municipalities, when they name none."""
    codes = settings.susa_municipalities or tuple(session.scalars(select(Municipality.code)))
    return Wanted(frozenset(codes), settings.susa_school_types, frozenset(settings.susa_directions))


def take_infos(
    session: Session, resources: Iterable[Resource], wanted: Wanted, *, now: datetime, asked_for: bool = False
) -> Counter[str]:
    """Store the infos that may concern us. `asked_for`: an event of ours points at them, so all of them do."""
    counts: Counter[str] = Counter()
    alive = {each.id: each for each in resources if not is_removed(each)}
    known = _known(session, SusaInfo, alive)
    for identifier, resource in alive.items():
        info = read_info(resource)
        row = known.get(identifier)
        if row is None and not asked_for and not wants_info(info, wanted):
            continue
        if row is None:
            row = SusaInfo(source_id=identifier, created_at=now)
            session.add(row)
            counts["infos"] += 1
        if _renew(row, details(info), now):
            row.title = info.title
            if row.id is not None:
                session.execute(update(SusaEvent).where(SusaEvent.info_id == row.id).values(dirty=True))
    session.flush()
    return counts


def take_providers(
    session: Session, resources: Iterable[Resource], wanted: Wanted, *, now: datetime, asked_for: bool = False
) -> Counter[str]:
    """Store the providers in our municipalities, and those we have already."""
    counts: Counter[str] = Counter()
    alive = {each.id: each for each in resources if not is_removed(each)}
    known = _known(session, SusaProvider, alive)
    for identifier, resource in alive.items():
        provider = read_provider(resource)
        ours = [code for code in provider.areas if code in wanted.municipalities]
        row = known.get(identifier)
        if row is None and not asked_for and not ours:
            continue
        if row is None:
            row = SusaProvider(source_id=identifier, created_at=now)
            session.add(row)
            counts["providers"] += 1
        if _renew(row, details(provider), now):
            row.name, row.municipality_code = provider.name, (*ours, *provider.areas, "")[0]
    session.flush()
    return counts


def lacking(session: Session, resources: Iterable[Resource], wanted: Wanted) -> Lacking:
    """Infos and providers that must be fetched before these events can be taken in."""
    events = [event for _, event in _ours(session, resources, wanted)]
    infos, providers = (
        {event.info for event in events if event.info},
        {event.provider for event in events if event.provider},
    )
    return Lacking(
        sorted(infos - _known(session, SusaInfo, infos).keys())[:_MOST_FETCHED],
        sorted(providers - _known(session, SusaProvider, providers).keys())[:_MOST_FETCHED],
    )


def take_events(
    session: Session, resources: Sequence[Resource], wanted: Wanted, *, run: int, now: datetime
) -> Counter[str]:
    """Store the events that concern us, and note which of ours are gone."""
    counts = Counter(read=len(resources), unknown=sum(map(has_unknown_status, resources)))
    known = _known(session, SusaEvent, [each.id for each in resources])
    ours = {resource.id: event for resource, event in _ours(session, resources, wanted)}
    infos = _known(session, SusaInfo, {event.info for event in ours.values()})
    providers = _providers(session, ours.values(), now)
    for resource in {each.id: each for each in resources}.values():
        event, row = ours.get(resource.id), known.get(resource.id)
        if row is not None:
            row.seen_run = run
        if is_removed(resource):
            counts["gone"] += row is not None and leave(row, "removed", now)
        elif event is None:
            counts["gone"] += row is not None and leave(row, "unwanted", now)
        elif event.info not in infos or not event.provider:
            counts["incomplete"] += 1  # what we have of it stays
        else:
            counts += _take_event(session, row, event, infos[event.info], providers[event.provider], run, now)
    session.flush()
    return counts


def _take_event(
    session: Session,
    row: SusaEvent | None,
    event: Event,
    info: SusaInfo,
    provider: SusaProvider,
    run: int,
    now: datetime,
) -> Counter[str]:
    gone = "expired" if event.expires is not None and event.expires <= now else ""
    if row is None and gone:
        return Counter()
    is_new = row is None
    if row is None:
        row = SusaEvent(source_id=event.id, created_at=now, state="waiting", gone="", digest="", seen_run=run)
        session.add(row)
    moved = row.info_id != info.id or row.provider_id != provider.id
    row.info_id, row.provider_id = info.id, provider.id
    if not _renew(row, details(event), now) and not moved and row.gone == gone:
        return Counter()
    row.title, row.start_date, row.expires_at = event.title or info.title, event.start, event.expires
    row.gone, row.dirty = gone, True
    return Counter(new=1) if is_new else Counter(changed=1)


def leave(row: SusaEvent, why: str, now: datetime) -> bool:
    """Note that the event is no longer offered; whether that is new."""
    if row.gone == why or (row.gone == "removed" and why == "expired"):
        return False
    row.gone, row.dirty, row.updated_at = why, True, now
    return True


def expire(session: Session, now: datetime) -> int:
    """Note which events have reached the moment that Susa-navet gives them; how many there were."""
    reached = (SusaEvent.gone == "", SusaEvent.expires_at <= now)
    return rowcount(session.execute(update(SusaEvent).where(*reached).values(gone="expired", dirty=True)))


def unseen(session: Session, run: int) -> tuple[list[str], int]:
    """Ids of our events that a full run has not met, and how many we have in all."""
    query = select(SusaEvent.source_id).where(SusaEvent.gone == "", SusaEvent.seen_run != run)
    total = session.scalar(select(func.count(SusaEvent.id)).where(SusaEvent.gone == "")) or 0
    return list(session.scalars(query.order_by(SusaEvent.id))), total


def remove(session: Session, ids: Collection[str], *, now: datetime) -> int:
    """Note that these events are gone from Susa-navet; how many of them were not before."""
    return sum(leave(row, "removed", now) for row in _known(session, SusaEvent, ids).values())


def _ours(session: Session, resources: Iterable[Resource], wanted: Wanted) -> Iterator[tuple[Resource, Event]]:
    """The events of a page that concern us: given here, and industrial by their info or their own title."""
    read = [(each, read_event(each)) for each in resources if not is_removed(each) and _may_be_here(each, wanted)]
    infos = _known(session, SusaInfo, {event.info for _, event in read})
    somewhere = {event.provider for _, event in read if not event.areas}
    areas = {name: row.details.get("areas", []) for name, row in _known(session, SusaProvider, somewhere).items()}
    for each, event in read:
        info = infos.get(event.info)
        if _is_right(event, info, wanted) and is_here(event, wanted, areas.get(event.provider, ())):
            yield each, event


def _is_right(event: Event, info: SusaInfo | None, wanted: Wanted) -> bool:
    if info is None:
        return is_industrial(event.title, wanted)
    school_type, subjects = info.details.get("school_type"), info.details.get("subjects", [])
    if school_type and school_type not in wanted.school_types:
        return False
    return is_industrial(f"{info.title} {event.title}", wanted, [(kind, code) for kind, code in subjects])


def _may_be_here(resource: Resource, wanted: Wanted) -> bool:
    """A quick look at the raw locations: most events of the country need not be read at all."""
    locations = (resource.content or {}).get("locations")
    if not isinstance(locations, list) or not locations:
        return True
    codes = [place.get("areaCode") for place in locations if isinstance(place, dict)]
    return not all(isinstance(code, str) and len(code) == 4 and code not in wanted.municipalities for code in codes)


def _providers(session: Session, events: Iterable[Event], now: datetime) -> dict[str, SusaProvider]:
    ids = {event.provider for event in events if event.provider}
    found = _known(session, SusaProvider, ids)
    for identifier in ids - found.keys():  # what nobody could tell us about stands there by its id, and waits
        found[identifier] = SusaProvider(source_id=identifier, created_at=now, updated_at=now)
        session.add(found[identifier])
    session.flush()
    return found


def _known(session: Session, table: type[Row], ids: Iterable[str]) -> dict[str, Row]:
    wanted = sorted(set(ids))
    rows: dict[str, Row] = {}
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        rows.update({row.source_id: row for row in session.scalars(select(table).where(table.source_id.in_(some)))})
    return rows


def _renew(row: Row, values: Mapping[str, Any], now: datetime) -> bool:
    mark = digest(values)
    if row.digest == mark:
        return False
    row.details, row.digest, row.updated_at = dict(values), mark, now
    return True
