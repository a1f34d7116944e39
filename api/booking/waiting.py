"""How soon somebody can be met at each node."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking.openings import busy_blocks, rules_of
from api.booking.slots import free_slots
from api.booking.tables import Counsellor
from api.catalogue.tables import Node
from api.clock import stockholm_date


@dataclass(frozen=True)
class Openings:
    """A node where somebody can be booked: its active counsellors, and every free start, soonest first (UTC)."""

    node: Node
    counsellors: tuple[Counsellor, ...]
    starts: tuple[datetime, ...]

    def wait_days(self, now: datetime) -> int | None:
        """Calendar days in Sweden until the first free time; None without one."""
        return (stockholm_date(self.starts[0]) - stockholm_date(now)).days if self.starts else None


def openings_by_node(session: Session, now: datetime) -> list[Openings]:
    """Every node with an active counsellor, by town."""
    people = list(session.scalars(select(Counsellor).where(Counsellor.active)).unique())
    rules, busy = rules_of(session, people, now), busy_blocks(session, people, now)
    nodes: dict[int, list[Counsellor]] = {}
    for one in people:
        nodes.setdefault(one.node_id, []).append(one)
    found = []
    for members in nodes.values():
        starts = sorted(slot.start for one in members for slot in free_slots(rules[one.id], busy[one.id], now=now))
        found.append(Openings(members[0].node, tuple(members), tuple(starts)))
    return sorted(found, key=lambda one: one.node.town)
