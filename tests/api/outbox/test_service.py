"""The order of mails, and what becomes of those that were not taken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from api.booking.tables import Counsellor, Meeting
from api.catalogue.tables import Municipality, Node
from api.outbox import service
from api.outbox.tables import Outbox
from api.privacy.secret_links import new_reference


@pytest.fixture
def meeting_id(database, now) -> UUID:
    with database.transaction() as session:
        node = Node(
            slug="karlstad",
            town="Karlstad",
            name="Industrinoden",
            lat=59.4,
            lon=13.5,
            phone="031-390 06 13",
            email="nod@example.org",
            opening_hours="",
            municipality=Municipality(code="1780", name="Karlstad", concept_id="x", lat=59.4, lon=13.5),
        )
        counsellor = Counsellor(
            slug="karlstad-1", node=node, title="SYV", email="syv@example.org", phone="", meeting_types=[], languages=[]
        )
        meeting = Meeting(
            id=uuid4(),
            reference=new_reference(),
            counsellor=counsellor,
            meeting_type="phone",
            starts_at=now,
            ends_at=now,
            block_from=now,
            block_to=now + timedelta(minutes=40),
            status="confirmed",
            created_at=now,
        )
        session.add(meeting)
    return meeting.id


def claimed(database, at) -> list[int]:
    with database.transaction() as session:
        return [claim.id for claim in service.claim(session, at)]


def finish(database, row_id, at, *, error: str = "", permanent: bool = False) -> None:
    with database.transaction() as session:
        if error:
            claim = service.Claim.of(session.get_one(Outbox, row_id))
            service.mark_failed(session, claim, at, error=error, permanent=permanent, jitter=0.5)
        else:
            service.mark_sent(session, row_id, at)


def row(database, row_id) -> Outbox:
    with database.transaction() as session:
        return session.get_one(Outbox, row_id)


def test_a_mail_is_claimed_once_until_its_lease_is_over(database, enqueue, now):
    first = enqueue()
    assert claimed(database, now) == [first]
    assert claimed(database, now + service.LEASE) == []
    assert claimed(database, now + service.LEASE + timedelta(seconds=1)) == [first]
    assert row(database, first).attempts == 2


def test_a_sent_mail_is_never_claimed_again(database, enqueue, now):
    first = enqueue()
    claimed(database, now)
    finish(database, first, now)
    assert claimed(database, now + timedelta(days=1)) == []


def test_what_a_mail_said_is_kept_until_it_is_sent(database, enqueue, now):
    first = enqueue()
    claimed(database, now)
    finish(database, first, now, error="451")
    assert row(database, first).payload["text"]
    claimed(database, now + timedelta(minutes=2))
    finish(database, first, now)
    assert row(database, first).payload == {}


def test_a_mail_of_the_future_waits(database, enqueue, now):
    later = enqueue(not_before=now + timedelta(hours=1))
    assert claimed(database, now) == []
    assert claimed(database, now + timedelta(hours=1)) == [later]


@pytest.mark.parametrize(("planned", "dated"), [(None, 0), (timedelta(days=17), 17)])
def test_a_mail_is_dated_when_it_was_to_leave_and_the_same_at_every_attempt(database, enqueue, now, planned, dated):
    row_id, dates = enqueue(not_before=now + planned if planned else None), []
    at = now + (planned or timedelta())
    for hours in (1, 3, 20):
        with database.transaction() as session:
            dates += [claim.dated_at for claim in service.claim(session, at + timedelta(hours=hours))]
        finish(database, row_id, at + timedelta(hours=hours), error="451")
    assert dates == [now + timedelta(days=dated)] * 3


def test_the_oldest_go_first_a_few_at_a_time(database, enqueue, now):
    rows = [enqueue() for _ in range(service.BATCH + 2)]
    assert claimed(database, now) == rows[: service.BATCH]
    assert claimed(database, now) == rows[service.BATCH :]


class TestOrder:
    def test_a_cancellation_waits_for_the_invitation_to_the_same_recipient(self, database, enqueue, meeting_id, now):
        request = enqueue(meeting_id=meeting_id)
        cancel = enqueue(meeting_id=meeting_id, sequence=1, kind="CANCEL")
        other = enqueue("person@example.org", meeting_id=meeting_id, sequence=1, kind="CANCELLATION")
        assert claimed(database, now) == [request, other]
        finish(database, request, now, error="451")
        assert claimed(database, now) == []
        assert claimed(database, now + timedelta(minutes=2)) == [request]
        finish(database, request, now)
        assert claimed(database, now + timedelta(minutes=2)) == [cancel]

    def test_an_invitation_given_up_does_not_hold_the_cancellation_back(self, database, enqueue, meeting_id, now):
        request = enqueue(meeting_id=meeting_id)
        cancel = enqueue(meeting_id=meeting_id, sequence=1, kind="CANCEL")
        claimed(database, now)
        finish(database, request, now, error="550", permanent=True)
        assert claimed(database, now) == [cancel]

    def test_a_failed_invitation_is_not_retried_once_the_meeting_is_cancelled(self, database, enqueue, meeting_id, now):
        request = enqueue(meeting_id=meeting_id)
        claimed(database, now)
        finish(database, request, now, error="451")
        with database.transaction() as session:
            assert service.supersede(session, meeting_id, now) == {"syv@example.org"}
        cancel = enqueue(meeting_id=meeting_id, sequence=1, kind="CANCEL")
        assert claimed(database, now + timedelta(hours=1)) == [cancel]
        assert row(database, request).payload == {}

    def test_an_invitation_on_its_way_is_left_alone_and_the_cancellation_waits(
        self, database, enqueue, meeting_id, now
    ):
        enqueue(meeting_id=meeting_id)
        claimed(database, now)
        with database.transaction() as session:
            assert service.supersede(session, meeting_id, now) == {"syv@example.org"}
        enqueue(meeting_id=meeting_id, sequence=1, kind="CANCEL")
        assert claimed(database, now) == []

    def test_within_a_revision_what_was_written_first_is_taken_first(self, database, enqueue, meeting_id, now):
        first = enqueue(meeting_id=meeting_id, sequence=1, kind="CANCEL")
        second = enqueue(meeting_id=meeting_id, sequence=1)
        assert claimed(database, now) == [first]
        finish(database, first, now, error="451")
        assert claimed(database, now) == []
        assert claimed(database, now + timedelta(minutes=2)) == [first]
        finish(database, first, now)
        assert claimed(database, now + timedelta(minutes=2)) == [second]

    @pytest.mark.parametrize("planned_first", [True, False])
    def test_a_reminder_and_the_letter_of_its_revision_do_not_wait_for_each_other(
        self, database, enqueue, meeting_id, now, planned_first
    ):
        later, made = now + timedelta(days=1), {}
        for kind in ("REMINDER", "LETTER") if planned_first else ("LETTER", "REMINDER"):
            made[kind] = enqueue(meeting_id=meeting_id, kind=kind, not_before=later if kind == "REMINDER" else None)
        assert claimed(database, now) == [made["LETTER"]]
        finish(database, made["LETTER"], later, error="451")
        assert claimed(database, later) == [made["REMINDER"]]

    def test_a_revision_is_announced_once_to_each_recipient(self, enqueue, meeting_id):
        enqueue(meeting_id=meeting_id)
        with pytest.raises(IntegrityError):
            enqueue(meeting_id=meeting_id)


class TestFailing:
    def test_a_mail_that_was_not_taken_is_tried_again_later(self, database, enqueue, now):
        first = enqueue()
        claimed(database, now)
        finish(database, first, now, error="451")
        assert row(database, first).last_error == "451"
        assert claimed(database, now + timedelta(seconds=59)) == []
        assert claimed(database, now + timedelta(seconds=61)) == [first]

    def test_a_mail_refused_for_good_is_dead_at_once(self, database, enqueue, now):
        first = enqueue()
        claimed(database, now)
        finish(database, first, now, error="550", permanent=True)
        assert row(database, first).dead_at == now
        assert row(database, first).payload["text"]  # staff tell the person instead
        assert claimed(database, now + timedelta(days=1)) == []

    def test_after_48_hours_a_mail_is_given_up(self, database, enqueue, now):
        first = enqueue()
        attempts, at = 0, now
        while row(database, first).dead_at is None:
            at = max(at, row(database, first).next_try)
            assert claimed(database, at) == [first]
            attempts += 1
            finish(database, first, at, error="ConnectionRefusedError")
        assert timedelta(hours=48) <= at - now < timedelta(hours=55)
        assert 10 < attempts < 25

    @settings(deadline=None)
    @given(st.integers(1, 1000), st.floats(0, 1, exclude_max=True))
    def test_the_wait_grows_from_a_minute_to_six_hours(self, attempts, jitter):
        wait = service.backoff(attempts, jitter)
        assert timedelta(seconds=48) <= wait <= timedelta(hours=7.2)
        assert service.backoff(attempts + 1, jitter) >= wait


def test_many_workers_never_claim_the_same_mail(database, enqueue, now):
    rows = [enqueue() for _ in range(30)]
    barrier = Barrier(6)

    def worker(_: int) -> list[int]:
        barrier.wait()
        mine: list[int] = []
        while batch := claimed(database, now):
            mine += batch
        return mine

    with ThreadPoolExecutor(6) as pool:
        taken = [row_id for mine in pool.map(worker, range(6)) for row_id in mine]
    # On PostgreSQL a worker may find all rows locked by others and leave early; nothing is taken twice.
    assert sorted(taken) == rows
