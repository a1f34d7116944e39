"""A machine that plays booking at random, on the real services and on the picture, and compares the two."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.booking import availability, desk, holds, moves, readdressing, service
from api.booking.tables import Counsellor, Meeting
from api.clock import STOCKHOLM
from api.outbox.tables import Outbox
from api.privacy.contacts import Contact
from tests.api.booking.checks import CheckedMachine, counsellor, no_overlap, was_accepted
from tests.api.booking.picture import DESKS, MAILBOXES, OFFICE, OPENS, PEOPLE, Desk, Shown

people = st.integers(0, PEOPLE - 1)
minutes = st.sampled_from([0, 10, 15, 20, 30, 30, 40, 45, 60, 60, 70, 75, 80, 90, 95, 115]).map(lambda one: OPENS + one)
days = st.sampled_from([1, 1, 1, 2, 0])
slugs = st.sampled_from(["karlstad", "karlstad", "karlstad-1", "karlstad-2"])


class BookingMachine(CheckedMachine):
    """Everything that people, staff, time and a careless programmer do."""

    # What people do

    @rule(person=people, minute=minutes, ahead=days, slug=slugs, interpreter=st.booleans(), at_once=st.booleans())
    def hold(self, person: int, minute: int, ahead: int, slug: str, interpreter: bool, at_once: bool) -> None:
        start, now = self.moment(minute, ahead), self.picture.now
        desks = [desk for desk in DESKS if slug in ("karlstad", desk.slug)]
        own = [one for one in self.picture.meetings.values() if one.person == person and one.status == "held"]
        limited = self.picture.open_meetings(person) >= 2
        before = [(one, one.status) for one in own]
        if not limited:
            for one in own:
                one.status = "expired"
        free = [desk for desk in desks if self.picture.free(desk, start, interpreter)]
        offered = any(self.picture.allowed(desk, start, interpreter) for desk in desks)
        expected = "meeting_limit" if limited else "" if free else "slot_taken" if offered else "slot_unknown"
        language = "arabiska" if interpreter else None
        made, code = self.attempt(
            lambda session: holds.hold(
                session,
                f"{slug}@{start:%Y%m%dT%H%MZ}",
                "phone",
                self.people[person],
                now,
                interpreter_language=language,
            )
        )
        assert code == expected, (code, expected)
        if made is None:
            for one, status in before:
                one.status = status
            return
        desk = self.picture.whose_turn(free)
        assert made.counsellor.slug == desk.slug
        length = desk.length + (desk.interpreter if interpreter else 0)
        held_until = now + timedelta(minutes=10)
        self.picture.meetings[made.id] = Shown(
            desk, start, length, "held", person, held_until, interpreter=interpreter, chosen=slug != "karlstad"
        )
        if at_once:
            self.book(made.id, 1)

    @precondition(lambda self: self.some("held"))
    @rule(data=st.data())
    def extend(self, data: st.DataObject) -> None:
        key, one = self.pick(data, "held")
        expected = "hold_expired" if not one.lives(self.picture.now) else "hold_extended" if one.extended else ""
        _, code = self.attempt(lambda session: holds.extend(session, key, self.people[one.person], self.picture.now))
        assert code == expected
        if not code:
            one.held_until, one.extended = one.held_until + timedelta(minutes=10), True

    @precondition(lambda self: self.some("held"))
    @rule(data=st.data(), interpreter=st.booleans())
    def change_interpreter(self, data: st.DataObject, interpreter: bool) -> None:
        key, one = self.pick(data, "held")
        desks = [one.desk] if one.chosen else list(DESKS)
        free = [desk for desk in desks if self.picture.free(desk, one.start, interpreter, without=key)]
        alive = one.lives(self.picture.now)
        expected = "hold_expired" if not alive else "" if free else "slot_too_short"
        language = "arabiska" if interpreter else None
        made, code = self.attempt(
            lambda session: holds.set_interpreter(session, key, self.people[one.person], language, self.picture.now)
        )
        assert code == expected, (code, expected)
        if made is not None:
            assert one.desk not in free or made.counsellor.slug == one.desk.slug
            one.desk = next(desk for desk in DESKS if desk.slug == made.counsellor.slug)
            one.interpreter = interpreter
            one.length = one.desk.length + (one.desk.interpreter if interpreter else 0)

    @precondition(lambda self: self.some("held"))
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        key, one = self.pick(data, "held")
        self.attempt(lambda session: holds.release(session, key, self.people[one.person]))
        one.status = "expired"

    @precondition(lambda self: self.some("held"))
    @rule(data=st.data(), twice=st.booleans())
    def confirm(self, data: st.DataObject, twice: bool) -> None:
        key, _ = self.pick(data, "held")
        self.book(key, 1 + twice)

    def book(self, key: UUID, times: int) -> None:
        one = self.picture.meetings[key]
        limited = self.picture.open_meetings(one.person) >= 2
        expected = "hold_expired" if not one.lives(self.picture.now) else "meeting_limit" if limited else ""
        for _ in range(times):
            made, code = self.attempt(lambda session: self.confirm_once(session, key, one))
            assert code == expected, (code, expected)
            if made is not None:
                one.status, one.confirmed_at, one.changes = "confirmed", self.picture.now, 1
                one.mailbox = self.picture.mailboxes[one.desk.slug]
                assert one.uid in (None, made.meeting.ical_uid)
                one.uid = made.meeting.ical_uid

    def confirm_once(self, session: Session, key: UUID, one: Shown) -> service.Booked:
        return service.confirm(
            session,
            key,
            conversation_id=self.people[one.person],
            name="Kim",
            contact_token=f"kontakt-{one.person:024x}",
            idempotency_key=f"key-{key}",
            now=self.picture.now,
            office=OFFICE,
        )

    @precondition(lambda self: self.some("confirmed"))
    @rule(data=st.data(), minute=minutes, ahead=days, slug=slugs)
    def move_as_the_person(self, data: st.DataObject, minute: int, ahead: int, slug: str) -> None:
        key, one = self.pick(data, "confirmed")
        start = self.moment(minute, ahead)
        desks = [desk for desk in DESKS if slug in ("karlstad", desk.slug)]
        free = [desk for desk in desks if self.picture.free(desk, start, one.interpreter, without=key)]
        offered = any(self.picture.allowed(desk, start, one.interpreter) for desk in desks)
        same = start == one.start and slug in ("karlstad", one.desk.slug)
        over = one.start <= self.picture.now
        expected = "meeting_passed" if over else "" if same or free else "slot_taken" if offered else "slot_unknown"
        slot = f"{slug}@{start:%Y%m%dT%H%MZ}"
        made, code = self.attempt(
            lambda session: moves.move_to_slot(
                session, session.get_one(Meeting, key), slot, self.picture.now, "link", OFFICE
            )
        )
        if one.own_moves >= moves.MOVES and not (over or same):
            assert code == "move_limit"
            return
        assert code == expected, (code, expected)
        if made is not None and not same:
            assert one.desk not in free or made.counsellor.slug == one.desk.slug
            assert made.counsellor.slug in [desk.slug for desk in free]
            one.desk = next(desk for desk in DESKS if desk.slug == made.counsellor.slug)
            one.length = one.desk.length + (one.desk.interpreter if one.interpreter else 0)
            one.start, one.override, one.own_moves = start, False, one.own_moves + 1
            self.changed(one)

    @precondition(lambda self: self.some("confirmed", "cancelled"))
    @rule(data=st.data(), by=st.sampled_from(["chat", "link", "staff:1"]))
    def cancel(self, data: st.DataObject, by: str) -> None:
        key, one = self.pick(data, "confirmed", "cancelled")
        over = one.status == "confirmed" and one.start <= self.picture.now
        _, code = self.attempt(
            lambda session: service.cancel(session, session.get_one(Meeting, key), self.picture.now, by, OFFICE)
        )
        assert code == ("meeting_passed" if over else "")
        if not code and one.status == "confirmed":
            one.status, one.sequence, one.changes = "cancelled", one.sequence + 1, one.changes + 1

    # What staff do

    @precondition(lambda self: self.some("confirmed"))
    @rule(data=st.data(), minute=minutes, ahead=days, other=st.booleans(), override=st.booleans())
    def move_as_staff(self, data: st.DataObject, minute: int, ahead: int, other: bool, override: bool) -> None:
        key, one = self.pick(data, "confirmed")
        start = data.draw(st.sampled_from([one.start, self.moment(minute, ahead)]))
        desk = next(desk for desk in DESKS if (desk != one.desk) == other)
        taken = self.picture.taken(desk, start, one.length, without=key)
        same = (start, desk) == (one.start, one.desk)
        expected = (
            "meeting_passed"
            if one.start <= self.picture.now
            else ""
            if same
            else "slot_unknown"
            if start <= self.picture.now
            else "slot_taken"
            if taken and not override
            else ""
        )
        made, code = self.attempt(
            lambda session: moves.move(
                session,
                session.get_one(Meeting, key),
                start,
                self.picture.now,
                "staff:1",
                OFFICE,
                counsellor=counsellor(session, desk),
                override=override,
            )
        )
        assert code == expected, (code, expected)
        if made is not None and not same:
            assert made.staff_override == taken
            one.start, one.desk, one.override = start, desk, taken
            self.changed(one)

    @rule(minute=minutes, desk=st.sampled_from(DESKS), override=st.booleans(), interpreter=st.booleans())
    def book_for_somebody(self, minute: int, desk: Desk, override: bool, interpreter: bool) -> None:
        start = self.moment(minute, 1)
        length = desk.length + (desk.interpreter if interpreter else 0)
        taken = self.picture.taken(desk, start, length)
        made, code = self.attempt(
            lambda session: desk_books(session, desk, start, self.picture.now, override, interpreter)
        )
        assert code == ("slot_taken" if taken and not override else ""), code
        if made is not None:
            self.picture.meetings[made.meeting.id] = Shown(
                desk,
                start,
                length,
                "confirmed",
                None,
                interpreter=interpreter,
                override=taken,
                confirmed_at=self.picture.now,
                uid=made.meeting.ical_uid,
                mailbox=self.picture.mailboxes[desk.slug],
                changes=1,
            )

    @precondition(lambda self: self.some("confirmed"))
    @rule(desk=st.sampled_from(DESKS), address=st.sampled_from([*MAILBOXES.values(), "gemensam@example.org"]))
    def change_an_address(self, desk: Desk, address: str) -> None:
        told, _ = self.attempt(lambda session: self.readdress(session, desk, address))
        moved = self.picture.mailboxes[desk.slug] != address
        self.picture.mailboxes[desk.slug] = address
        coming = [
            one
            for one in self.picture.meetings.values()
            if moved and one.desk == desk and one.status == "confirmed" and one.start > self.picture.now
        ]
        assert told == len(coming)
        for one in coming:
            self.changed(one)

    def readdress(self, session: Session, desk: Desk, address: str) -> int:
        row = counsellor(session, desk)
        before, row.email = row.email, address
        return readdressing.tell_addresses(session, row, before, self.picture.now, "staff:1", OFFICE)

    def changed(self, one: Shown) -> None:
        """A new revision, which everybody hears of."""
        one.sequence, one.changes = one.sequence + 1, one.changes + 1
        one.mailbox = self.picture.mailboxes[one.desk.slug]

    @precondition(lambda self: self.some("confirmed"))
    @rule(data=st.data(), missed=st.booleans())
    def nobody_came(self, data: st.DataObject, missed: bool) -> None:
        key, one = self.pick(data, "confirmed")
        made, code = self.attempt(lambda session: self.mark(session, key, missed))
        assert code == ("meeting_ahead" if one.start > self.picture.now else "")
        one.changes += bool(made)

    def mark(self, session: Session, key: UUID, missed: bool) -> bool:
        row = session.get_one(Meeting, key)
        was = row.no_show
        return desk.mark_no_show(session, row, self.picture.now, "staff:1", missed=missed).no_show != was

    @precondition(lambda self: len(self.some("held", "confirmed")) > 1)
    @rule(desk=st.sampled_from(DESKS), first=st.integers(0, 7), quarters=st.integers(1, 3))
    def close_a_part_of_tomorrow(self, desk: Desk, first: int, quarters: int) -> None:
        start = self.moment(OPENS + first * 15, 1)
        self.close(desk, start, start + timedelta(minutes=15 * quarters))

    @precondition(lambda self: self.some("confirmed"))
    @rule(desk=st.sampled_from(DESKS))
    def leave_for_today(self, desk: Desk) -> None:
        wall = self.picture.now.astimezone(STOCKHOLM)
        end = datetime.combine(wall.date(), time(23, 59), STOCKHOLM).astimezone(UTC)
        closing, _ = self.attempt(
            lambda session: availability.close_rest_of_day(
                session, counsellor(session, desk), self.picture.now, "counsellor:1"
            )
        )
        self.closed(desk, self.picture.now.replace(second=0, microsecond=0), end, closing)

    def close(self, desk: Desk, start: datetime, end: datetime) -> None:
        day, begins, ends = (part.astimezone(STOCKHOLM) for part in (start, start, end))
        closing, _ = self.attempt(
            lambda session: availability.close_time(
                session,
                counsellor(session, desk),
                day.date(),
                begins.time(),
                ends.time(),
                now=self.picture.now,
                by="counsellor:1",
            )
        )
        self.closed(desk, start, end, closing)

    def closed(self, desk: Desk, start: datetime, end: datetime, closing: availability.Closing) -> None:
        inside = {
            key: one
            for key, one in self.picture.meetings.items()
            if one.desk == desk and one.start < end and one.end > start
        }
        standing = {key for key, one in inside.items() if one.status == "confirmed" and one.end > self.picture.now}
        assert {one.id for one in closing.standing} == standing
        for one in inside.values():
            one.status = "expired" if one.status == "held" else one.status
        self.picture.closed.append((desk, start, end))

    # What just happens

    @rule(by=st.sampled_from([timedelta(minutes=4), timedelta(minutes=11), timedelta(hours=5), timedelta(hours=23)]))
    def time_passes(self, by: timedelta) -> None:
        self.picture.now += by

    @rule()
    def the_worker_ticks(self) -> None:
        """It lets overdue holds go, and sends what is due."""
        now = self.picture.now

        def tick(session: Session) -> None:
            holds.expire_holds(session, now)
            open_mails = Outbox.sent_at.is_(None) & Outbox.superseded_at.is_(None) & (Outbox.not_before <= now)
            session.execute(update(Outbox).where(open_mails).values(sent_at=now, attempts=1))

        self.attempt(tick)
        for one in self.picture.meetings.values():
            if one.status == "held" and one.held_until <= now:
                one.status = "expired"

    @precondition(lambda self: len(self.picture.meetings) > 1)
    @rule(data=st.data(), status=st.sampled_from(["held", "confirmed"]))
    def a_path_forgets_every_rule(self, data: st.DataObject, status: str) -> None:
        """A careless UPDATE lays one meeting over another. The database refuses it, or it harms nobody."""
        key = data.draw(st.sampled_from(list(self.picture.meetings)))
        onto = self.picture.meetings[data.draw(st.sampled_from(list(self.picture.meetings)))]
        with self.database.engine.connect() as connection, connection.begin() as careless:
            onto_row = {
                "block_from": onto.block[0],
                "block_to": onto.block[1],
                "staff_override": False,
                "no_show": False,
            }
            desk_id = select(Counsellor.id).where(Counsellor.slug == onto.desk.slug).scalar_subquery()
            held = {"status": status, "held_until": self.picture.now + timedelta(minutes=10)}
            change = update(Meeting).where(Meeting.id == key).values(counsellor_id=desk_id, **onto_row, **held)
            if was_accepted(connection, change):
                assert no_overlap(connection), "the database let two meetings overlap"
            careless.rollback()


def desk_books(
    session: Session, one: Desk, start: datetime, now: datetime, override: bool, interpreter: bool
) -> service.Booked:
    return desk.book_for(
        session,
        counsellor(session, one),
        start,
        "phone",
        name="Sam",
        contact=Contact("phone", "0701740605"),
        now=now,
        by="staff:1",
        office=OFFICE,
        idempotency_key=f"{session.scalar(select(func.count()).select_from(Meeting))}",
        language="arabiska" if interpreter else None,
        override=override,
    )
