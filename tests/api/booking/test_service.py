"""Retention, overdue holds and the example counsellors."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.booking import forgetting, holds, service
from api.booking.errors import MeetingNotFound, NodeUnknown
from api.booking.openings import node_slots
from api.booking.seed import seed_counsellors
from api.booking.tables import Counsellor, Meeting
from api.outbox.office import Office
from api.outbox.tables import Outbox
from tests.api.booking.conftest import confirm_held

TIME = "karlstad-1@20261126T1200Z"

pytestmark = pytest.mark.usefixtures("counsellors")


def book(session: Session, person: Any, now: datetime, office: Office) -> service.Booked:
    held = holds.hold(session, TIME, "phone", person.conversation_id, now)
    return confirm_held(session, held, person, "k", now, office)


@pytest.fixture
def booked(database, person, now, office) -> service.Booked:
    with database.transaction() as session:
        return book(session, person, now, office)


def test_overdue_holds_are_let_go_and_others_kept(database, new_person, now):
    with database.transaction() as session:
        holds.hold(session, TIME, "phone", new_person().conversation_id, now)
    with database.transaction() as session:
        holds.hold(
            session, "karlstad-2@20261126T1200Z", "phone", new_person().conversation_id, now + timedelta(minutes=5)
        )
    with database.transaction() as session:
        assert holds.expire_holds(session, now + timedelta(minutes=10)) == 1
    with database.transaction() as session:
        rows = session.scalars(select(Meeting))
        assert {row.counsellor.slug: row.status for row in rows} == {"karlstad-1": "expired", "karlstad-2": "held"}


def test_a_free_time_is_offered_once_with_whoever_has_fewest_meetings(database, booked, now):
    with database.transaction() as session:
        offers = node_slots(session, "karlstad", "phone", now)
    assert len({offer.start for offer in offers}) == len(offers)
    assert offers[0].counsellor.slug == "karlstad-2"


def test_after_the_retention_nothing_tells_who_it_was(database, booked, now):
    end = booked.meeting.ends_at
    with database.transaction() as session:
        assert forgetting.forget_people(session, end) == 0
    with database.transaction() as session:
        assert forgetting.forget_people(session, end + timedelta(seconds=1)) == 1
    with database.transaction() as session:
        row = session.scalars(select(Meeting)).one()
        assert (row.person_name, row.contact_kind, row.contact_value, row.conversation_id) == (None,) * 4
        assert row.status == "confirmed"
        assert session.scalars(select(Outbox)).all() == []
        with pytest.raises(MeetingNotFound):
            service.meeting_by_link(session, booked.manage_url.rpartition("/")[2])


def test_a_booking_that_is_rolled_back_sends_no_mail(database, person, now, office):
    def book_and_fail() -> None:
        with database.transaction() as session:
            book(session, person, now, office)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        book_and_fail()
    with database.transaction() as session:
        assert session.scalars(select(Outbox)).all() == []
        assert session.scalars(select(Meeting)).all() == []


class TestSeed:
    @pytest.fixture
    def rows(self) -> list[dict]:
        path = Path(__file__).parents[3] / "api" / "seed" / "counsellors.yml"
        return [
            row for row in yaml.safe_load(path.read_text("utf-8")) if row["node"] in ("karlstad", "arvika", "sunne")
        ]

    def test_a_second_time_adds_nothing_and_keeps_what_staff_changed(self, database, rows):
        with database.transaction() as session:
            session.execute(Counsellor.__table__.delete().where(Counsellor.slug == "karlstad-1"))
        with database.transaction() as session:
            assert seed_counsellors(session, rows) == len(rows) - 2  # karlstad-2 and arvika-1 are there already
        with database.transaction() as session:
            changed = session.scalars(select(Counsellor).where(Counsellor.slug == "karlstad-1")).unique().one()
            assert changed.example
            assert len(changed.hours) == 5
            changed.active = False
        with database.transaction() as session:
            assert seed_counsellors(session, rows) == 0
            assert not session.scalar(select(Counsellor.active).where(Counsellor.slug == "karlstad-1"))

    def test_a_row_at_an_unknown_node_is_refused(self, database, rows):
        with pytest.raises(NodeUnknown), database.transaction() as session:
            seed_counsellors(session, [rows[0] | {"slug": "x", "node": "nowhere"}])
