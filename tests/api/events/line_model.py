"""A machine that plays a waiting list at random on the real services, and what must hold after every step.

It knows no rule of its own of who comes next: it compares each step with the one before.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.database import Database
from api.errors import ApiError
from api.events import changes, line, service
from api.events.seats import lock_event
from api.events.tables import TAKING, Event, EventSignup, EventSignupLink
from api.outbox.tables import Outbox
from api.staff.tables import Audit, RowChange
from tests.api.events.signups import OFFICE, add_event, person

BEGINS = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
LAST_MAIL = {
    "signed": {"SIGNUP"},
    "waiting": {"WAITING", "FREEPLACE"},
    "offered": {"OFFER"},
}
numbers = st.integers(1, 9)


class LineMachine(RuleBasedStateMachine):
    """One event, nine people, staff who change their minds, and time. `database` is set on a subclass."""

    database: Database

    @initialize(capacity=st.integers(1, 3), hours=st.sampled_from([3, 3, 5, 8, 30, 80]))
    def begin(self, capacity: int, hours: int) -> None:
        self.now = BEGINS
        with self.database.transaction() as session:
            for table in (Outbox, EventSignupLink, EventSignup, Event, Audit, RowChange):
                session.execute(delete(table))
            self.event_id = add_event(session, capacity=capacity, starts_at=BEGINS + timedelta(hours=hours)).id
        self.seen: dict[UUID, EventSignup] = {}

    # What people do

    @rule(number=numbers)
    def joins(self, number: int) -> None:
        self.step(lambda session: service.sign_up(session, self.event_id, person(number), now=self.now, office=OFFICE))

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def leaves(self, data: st.DataObject) -> None:
        key = self.pick(data)
        self.step(
            lambda session: service.cancel_signup(
                session, service.signup_of(session, key), now=self.now, by="link", office=OFFICE
            )
        )

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def says_yes(self, data: st.DataObject) -> None:
        key = self.pick(data)
        self.step(
            lambda session: service.accept_offer(session, service.signup_of(session, key), now=self.now, office=OFFICE)
        )

    # What staff, time and the worker do

    @rule(capacity=st.one_of(st.integers(1, 5), st.none()))
    def another_capacity(self, capacity: int | None) -> None:
        self.step(
            lambda session: changes.change_capacity(
                session, lock_event(session, self.event_id), capacity, now=self.now, actor="staff:1", office=OFFICE
            )
        )

    @rule(minutes=st.sampled_from([5, 30, 60, 120, 600, 1440]), worker=st.booleans())
    def time_passes(self, minutes: int, worker: bool) -> None:
        self.now += timedelta(minutes=minutes)
        if worker:
            self.step(lambda session: line.lapse_offers(session, self.now, OFFICE))
            overdue = [one for one in self.seen.values() if one.status == "offered" and one.offered_until <= self.now]
            assert not overdue, "an offer outlived its deadline"

    # What holds

    def step(self, do) -> None:  # type: ignore[no-untyped-def]  # a function of a session
        settled = True
        try:
            with self.database.transaction() as session:
                do(session)
        except ApiError:
            settled = False
        with self.database.transaction(read_only=True) as session:
            event = session.get_one(Event, self.event_id)
            rows = list(session.scalars(select(EventSignup).order_by(EventSignup.number)))
            if not settled:
                assert [(row.id, row.status) for row in rows] == [(k, one.status) for k, one in self.seen.items()]
                return
            self.nobody_is_lost(rows)
            self.never_more_than_there_is_room_for(event, rows)
            self.those_who_waited_longest_come_first(rows)
            self.no_place_stays_empty(event, rows)
            self.offers_can_be_answered(event, rows)
            for row in rows:
                self.mails_say_what_is_so(session, row)
            session.expunge_all()
        self.seen = {row.id: row for row in rows}

    def nobody_is_lost(self, rows: list[EventSignup]) -> None:
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        assert self.seen.keys() <= {row.id for row in rows}
        for row in rows:
            if row.id in self.seen and self.seen[row.id].status == "cancelled":
                assert row.status == "cancelled"

    def never_more_than_there_is_room_for(self, event: Event, rows: list[EventSignup]) -> None:
        if event.capacity is not None:
            assert sum(row.status in TAKING for row in rows) <= event.capacity

    def those_who_waited_longest_come_first(self, rows: list[EventSignup]) -> None:
        """Whoever got a place, or the offer of one, in this step without having been told that the first one gets it,
        stood before everybody who still waits."""
        waiting = [row.number for row in rows if row.status == "waiting"]
        for row in rows:
            before = self.seen.get(row.id)
            raced = before is not None and before.told_free_at is not None
            got_it = row.status in ("signed", "offered") and (before is None or before.status == "waiting")
            if got_it and not raced:
                assert all(row.number < other for other in waiting), "somebody was passed"

    def no_place_stays_empty(self, event: Event, rows: list[EventSignup]) -> None:
        """As long as somebody waits and there is time: every freed place is held for somebody, or told of."""
        waiting = [row for row in rows if row.status == "waiting"]
        if not waiting or event.starts_at <= self.now:
            return
        free = event.capacity is None or sum(row.status in TAKING for row in rows) < event.capacity
        if free:
            assert line.offer_deadline(event, self.now) is None, "a place is free and somebody waits"
            assert any(row.told_free_at for row in waiting), "nobody was told"

    def offers_can_be_answered(self, event: Event, rows: list[EventSignup]) -> None:
        for row in rows:
            before = self.seen.get(row.id)
            if row.status == "offered" and (before is None or before.status != "offered"):
                assert self.now + line.LEAST <= row.offered_until <= self.now + line.HELD
                assert row.offered_until <= event.closes_at - line.BEFORE

    def mails_say_what_is_so(self, session: Session, row: EventSignup) -> None:
        """The last one that was not dropped says what is so, and each comes after the one before."""
        own = select(Outbox).where(Outbox.thread == row.id, Outbox.kind != "EVENTREMINDER")
        mails = list(session.scalars(own.order_by(Outbox.id)))
        valid = [mail for mail in mails if mail.superseded_at is None and mail.kind != "EVENTMESSAGE"]
        sequences = [mail.sequence for mail in mails]
        assert sequences == sorted(set(sequences))
        if row.status in LAST_MAIL:
            assert valid, "nobody told them"
            assert valid[-1].kind in LAST_MAIL[row.status]

    def pick(self, data: st.DataObject) -> UUID:
        return data.draw(st.sampled_from(list(self.seen)))
