"""The database refuses double bookings itself, and a database that would not is noticed at start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import make_transient

from api.booking import constraints
from api.booking.errors import SlotTaken
from api.booking.places import guarded
from api.booking.tables import Meeting
from api.privacy.secret_links import new_reference

START = datetime(2026, 11, 26, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("counsellors")


def meeting(
    offset: int = 0, minutes: int = 30, *, counsellor_id: int = 1, status: str = "confirmed", **more
) -> Meeting:
    start = START + timedelta(minutes=offset)
    end = start + timedelta(minutes=minutes)
    return Meeting(
        reference=new_reference(),
        counsellor_id=counsellor_id,
        meeting_type="phone",
        starts_at=start,
        ends_at=end,
        block_from=start,
        block_to=end,
        status=status,
        held_until=start if status == "held" else None,
        created_at=START,
        **more,
    )


def is_accepted(database, row: Meeting) -> bool:
    try:
        with database.transaction() as session:
            session.add(row)
    except IntegrityError as error:
        if not constraints.is_overlap(error):
            raise
        return False
    return True


@pytest.mark.parametrize(
    ("other", "accepted"),
    [
        (meeting(0), False),
        (meeting(29), False),
        (meeting(-29), False),
        (meeting(10, 5), False),
        (meeting(-10, 60), False),
        (meeting(0, status="held"), False),
        (meeting(30), True),
        (meeting(-30), True),
        (meeting(0, counsellor_id=2), True),
        (meeting(0, status="cancelled"), True),
        (meeting(0, status="expired"), True),
        (meeting(0, staff_override=True), True),
    ],
    ids=lambda value: "" if isinstance(value, bool) else f"{value.starts_at:%H%M}-{value.ends_at:%H%M}-{value.status}",
)
def test_an_overlapping_meeting_of_the_same_counsellor_is_refused(database, other, accepted):
    make_transient(other)  # the table's rows are shared by both databases
    assert is_accepted(database, meeting(0))
    assert is_accepted(database, other) is accepted


@pytest.mark.parametrize(
    "change",
    [
        {"block_from": START + timedelta(minutes=10)},
        {"counsellor_id": 1, "block_from": START, "block_to": START + timedelta(minutes=30)},
        {"block_from": START, "block_to": START + timedelta(minutes=5)},
    ],
)
def test_moving_a_meeting_onto_a_taken_time_is_refused(database, change):
    assert is_accepted(database, meeting(0))
    moved = meeting(60)
    assert is_accepted(database, moved)
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(update(Meeting).where(Meeting.id == moved.id).values(**change))


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (lambda: meeting(0, status="cancelled"), {"status": "confirmed"}),
        (lambda: meeting(0, staff_override=True), {"staff_override": False}),
        (lambda: meeting(0, counsellor_id=2), {"counsellor_id": 1}),
    ],
    ids=["reviving", "removing the override", "reassigning"],
)
def test_a_row_that_did_not_count_cannot_begin_to_overlap(database, row, change):
    other = row()
    assert is_accepted(database, meeting(0))
    assert is_accepted(database, other)
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(update(Meeting).where(Meeting.id == other.id).values(**change))


def test_a_meeting_may_be_changed_where_it_is(database):
    row = meeting(0)
    assert is_accepted(database, row)
    with database.transaction() as session:
        session.execute(
            update(Meeting).where(Meeting.id == row.id).values(block_to=row.block_to + timedelta(minutes=5))
        )


def test_a_block_that_ends_before_it_begins_is_refused(database):
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(meeting(0, -30))


def test_the_refusal_becomes_slot_taken_and_the_session_goes_on(database):
    assert is_accepted(database, meeting(0))
    with database.transaction() as session:
        with pytest.raises(SlotTaken), guarded(session):
            session.add(meeting(10))
        session.add(meeting(60))
    with database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM meeting")) == 2


def test_other_failures_are_not_taken_for_an_overlap(database):
    first, second = meeting(0), meeting(60)
    second.reference = first.reference
    assert is_accepted(database, first)
    with pytest.raises(IntegrityError), database.transaction() as session, guarded(session):
        session.add(second)


class TestVerify:
    def test_a_migrated_database_is_accepted(self, database):
        with database.engine.connect() as connection:
            constraints.verify(connection)

    @pytest.mark.parametrize("name", ["meeting_no_overlap_insert", "meeting_no_overlap_update"])
    def test_a_missing_guard_is_named(self, database, name):
        sqlite = database.is_sqlite
        drop = f"DROP TRIGGER {name}" if sqlite else "ALTER TABLE meeting DROP CONSTRAINT meeting_no_overlap"
        with database.engine.begin() as connection:
            connection.execute(text(drop))
        with (
            database.engine.connect() as connection,
            pytest.raises(constraints.GuardMissing, match=name if sqlite else "meeting_no_overlap"),
        ):
            constraints.verify(connection)

    def test_installing_again_mends_it_and_may_be_repeated(self, database):
        with database.engine.begin() as connection:
            constraints.install(connection)
            constraints.install(connection)
        with database.engine.connect() as connection:
            constraints.verify(connection)
        assert is_accepted(database, meeting(0))
        assert not is_accepted(database, meeting(10))
