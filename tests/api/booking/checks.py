"""What must hold after every step of the machine in `model.py`, compared with the picture; and its tools."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import Connection, Update, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.booking import constraints
from api.booking.openings import node_slots
from api.booking.tables import Availability, AvailabilityException, Counsellor, Meeting, MeetingLink
from api.chat.tables import Conversation
from api.clock import STOCKHOLM
from api.database import Database
from api.errors import ApiError
from api.outbox.tables import Outbox
from api.privacy.tables import ContactToken
from api.staff.tables import Audit, RowChange
from tests.api.booking.conftest import add_counsellor, add_node
from tests.api.booking.picture import BEGINS, DESKS, HORIZON, MAILBOXES, PEOPLE, Desk, Picture, Shown


class CheckedMachine(RuleBasedStateMachine):
    """A machine that has a picture and a database. `database` is set on a subclass."""

    database: Database

    @initialize()
    def begin(self) -> None:
        self.picture = Picture()
        with self.database.transaction() as session:
            for table in (Outbox, MeetingLink, Meeting, ContactToken, Conversation, Audit, RowChange):
                session.execute(delete(table))
            session.execute(delete(AvailabilityException))
            if session.scalar(select(func.count()).select_from(Counsellor)) == 0:
                fill(session)
            for row in session.scalars(select(Counsellor)).unique():
                row.email = MAILBOXES[row.slug]
            self.people = [new_conversation(session, number) for number in range(PEOPLE)]

    # What always holds

    @invariant()
    def no_two_meetings_overlap(self) -> None:
        with self.database.engine.connect() as connection:
            assert no_overlap(connection)

    @invariant()
    def everything_is_as_the_picture_says(self) -> None:
        with self.database.transaction(read_only=True) as session:
            rows = {row.id: row for row in session.scalars(select(Meeting)).unique()}
            trail = dict(
                session.execute(
                    select(Audit.subject, func.count())
                    .where(Audit.subject.startswith("meeting:"))
                    .group_by(Audit.subject)
                ).all()
            )
            assert rows.keys() == self.picture.meetings.keys()
            for key, one in self.picture.meetings.items():
                row = rows[key]
                overdue = one.status == "held" and not one.lives(self.picture.now)
                assert row.status == one.status or (overdue and row.status == "expired")
                assert (row.counsellor.slug, row.starts_at, row.ends_at) == (one.desk.slug, one.start, one.end)
                assert (row.block_from, row.block_to) == one.block
                assert (row.ical_uid, row.sequence, row.staff_override) == (one.uid, one.sequence, one.override)
                assert trail.get(f"meeting:{key}", 0) == one.changes
                self.mails_are_right(session, row, one.mailbox)

    def mails_are_right(self, session: Session, row: Meeting, mailbox: str) -> None:
        """Each recipient hears each revision once, in order, and a cancellation last."""
        mails = session.scalars(select(Outbox).where(Outbox.meeting_id == row.id).order_by(Outbox.id)).all()
        valid = [mail for mail in mails if mail.superseded_at is None]
        heard = [mail for mail in valid if mail.kind in ("REQUEST", "CANCEL")]
        assert len({(mail.sequence, mail.kind, mail.recipient) for mail in mails}) == len(mails)
        assert all(mail.sequence <= row.sequence for mail in mails)
        if row.status == "confirmed":
            newest = [mail for mail in heard if mail.sequence == row.sequence and mail.kind == "REQUEST"]
            assert [mail.recipient for mail in newest] == [mailbox]
        for address in {mail.recipient for mail in heard}:
            to_one = [mail for mail in heard if mail.recipient == address]
            assert [mail.sequence for mail in to_one] == sorted({mail.sequence for mail in to_one})
            invited = row.status == "confirmed" and address == mailbox
            assert to_one[-1].kind == ("REQUEST" if invited else "CANCEL")

    @invariant()
    def what_is_offered_can_be_booked_at_once(self) -> None:
        with self.database.transaction(read_only=True) as session:
            offers = node_slots(session, "karlstad", "phone", self.picture.now)
        assert all(
            any(self.picture.free(desk, offer.start, False) for desk in DESKS if desk.slug == offer.counsellor.slug)
            for offer in offers
        )

    # Tools

    def moment(self, minute: int, ahead: int) -> datetime:
        """That minute of the day in Sweden, so many days ahead."""
        day = self.picture.now.astimezone(STOCKHOLM).date() + timedelta(days=ahead)
        return datetime.combine(day, time(minute // 60, minute % 60), STOCKHOLM).astimezone(UTC)

    def attempt(self, work):
        """What `work` gives within a transaction, and the code of the business error, if any."""
        try:
            with self.database.transaction() as session:
                return work(session), ""
        except ApiError as error:
            return None, error.code

    def some(self, *statuses: str) -> list[UUID]:
        return [key for key, one in self.picture.meetings.items() if one.status in statuses]

    def pick(self, data: st.DataObject, *statuses: str) -> tuple[UUID, Shown]:
        key = data.draw(st.sampled_from(self.some(*statuses)))
        return key, self.picture.meetings[key]


def was_accepted(connection: Connection, change: Update) -> bool:
    """Whether the database took a change; False when its guard refused it."""
    try:
        connection.execute(change)
    except IntegrityError as error:
        if constraints.is_overlap(error):
            return False
        raise
    return True


def no_overlap(connection: Connection) -> bool:
    """Whether no two live rows of a counsellor that count overlap."""
    rows = connection.execute(
        select(Meeting.counsellor_id, Meeting.block_from, Meeting.block_to).where(
            Meeting.status.in_(("held", "confirmed")), Meeting.staff_override.is_(False)
        )
    ).all()
    return not any(
        a.counsellor_id == b.counsellor_id and a.block_from < b.block_to and b.block_from < a.block_to
        for a, b in combinations(rows, 2)
    )


def counsellor(session: Session, desk: Desk) -> Counsellor:
    return session.scalars(select(Counsellor).where(Counsellor.slug == desk.slug)).unique().one()


def fill(session: Session) -> None:
    """The node and its two counsellors."""
    node = add_node(session, "karlstad", "Karlstad", 59.388, 13.509, code="1780")
    for one in DESKS:
        row = add_counsellor(session, node, one.slug, ["phone"])
        row.hours = [Availability(weekday=day, start_time=time(9), end_time=time(11)) for day in range(5)]
        row.meeting_minutes, row.buffer_minutes, row.slot_step_minutes = one.length, one.buffer, one.step
        row.interpreter_minutes, row.daily_maximum = one.interpreter, one.daily_maximum
        row.notice_hours, row.horizon_days = 0, HORIZON


def new_conversation(session: Session, number: int) -> UUID:
    conversation = Conversation(token_hash="x", created_at=BEGINS, active_at=BEGINS)
    session.add(conversation)
    session.flush()
    session.add(
        ContactToken(
            token=f"kontakt-{number:024x}",
            conversation_id=conversation.id,
            kind="email",
            value=f"{number}@example.org",
            created_at=BEGINS,
        )
    )
    return conversation.id
