"""Days off, exceptions, nodes' own days and weekly hours."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from api.booking import availability
from api.booking.errors import (
    DayInvalid,
)
from api.booking.openings import node_slots
from api.booking.slots import WeeklyHours
from api.booking.tables import AvailabilityException, Counsellor, Meeting
from api.catalogue.tables import Node
from api.clock import STOCKHOLM
from api.staff.tables import RowChange
from tests.api.booking.conftest import counsellor, utc

ONE, TWO, NODE = (f"{slug}@20261126T1200Z" for slug in ("karlstad-1", "karlstad-2", "karlstad"))
LATER = "karlstad@20261126T1300Z"

pytestmark = pytest.mark.usefixtures("counsellors")


class TestDaysOff:
    NOW = utc("2026-11-26 09:30")  # a Thursday, 10.30 in Sweden

    @pytest.fixture
    def free_today(self, database):
        with database.transaction() as session:
            for row in session.scalars(select(Counsellor)).unique():
                row.notice_hours = 0

        def times(slug: str = "karlstad-1") -> list[str]:
            with database.transaction() as session:
                offers = node_slots(session, "karlstad", "phone", self.NOW, counsellor=slug)
            local = [offer.start.astimezone(STOCKHOLM) for offer in offers]
            return [f"{one:%H.%M}" for one in local if one.date() == date(2026, 11, 26)]

        return times

    def test_one_click_closes_the_rest_of_the_day_and_says_what_is_booked_in_it(
        self, database, book, hold, new_person, free_today
    ):
        booked = book(new_person(), ONE)
        held = hold(new_person(), "karlstad-1@20261126T1300Z", at=self.NOW)
        assert free_today() == ["10.30", "11.00", "11.30", "15.00", "15.30"]
        for made in (True, False):
            with database.transaction() as session:
                one = counsellor(session, "karlstad-1")
                closing = availability.close_rest_of_day(session, one, self.NOW, "counsellor:1")
                assert [row.id for row in closing.standing] == [booked.id]
                assert (closing.exception is not None) is made
        assert free_today() == []
        assert free_today("karlstad-2")
        with database.transaction() as session:
            assert session.get_one(Meeting, booked.id).status == "confirmed"
            assert session.get_one(Meeting, held.id).status == "expired"
            assert session.scalar(select(func.count()).select_from(AvailabilityException)) == 1
            (change,) = session.scalars(select(RowChange))
            assert (change.kind, change.cause) == ("availability_exception", "day_off")

    def test_a_removed_exception_gives_the_day_back(self, database, free_today):
        with database.transaction() as session:
            one = counsellor(session, "karlstad-1")
            closing = availability.close_time(
                session, one, date(2026, 11, 26), None, None, now=self.NOW, by="counsellor:1"
            )
        assert free_today() == []
        with database.transaction() as session:
            row = session.get_one(AvailabilityException, closing.exception.id)
            availability.remove_exception(session, row, self.NOW, "counsellor:1")
        assert free_today()

    def test_extra_hours_are_bookable(self, database, free_today):
        with database.transaction() as session:
            one = counsellor(session, "karlstad-1")
            availability.open_time(session, one, date(2026, 11, 26), time(17), time(18), now=self.NOW, by="c:1")
        assert free_today()[-2:] == ["17.00", "17.30"]

    def test_a_node_closes_a_day_for_everybody_and_opens_it_again(self, database, book, person, free_today):
        booked = book(person, TWO)
        for opens, standing in ((False, [booked.id]), (True, [])):
            with database.transaction() as session:
                node = session.scalars(select(Node).where(Node.slug == "karlstad")).one()
                rows = availability.set_node_day(
                    session, node, date(2026, 11, 26), opens=opens, title="Planering", now=self.NOW, by="staff:1"
                )
                assert [row.id for row in rows] == standing
            assert bool(free_today()) is opens

    @pytest.mark.parametrize(
        ("day", "start", "end"),
        [
            (date(2026, 11, 25), None, None),
            (date(2026, 11, 27), time(9), None),
            (date(2026, 11, 27), time(10), time(10)),
        ],
    )
    def test_days_that_are_over_and_times_that_make_no_sense_are_refused(self, database, day, start, end):
        with database.transaction() as session:
            one = counsellor(session, "karlstad-1")
            with pytest.raises(DayInvalid):
                availability.close_time(session, one, day, start, end, now=self.NOW, by="counsellor:1")

    def test_weekly_hours_are_replaced_and_what_is_booked_stands(self, database, book, person, free_today):
        booked = book(person, ONE)
        with database.transaction() as session:
            one = counsellor(session, "karlstad-1")
            availability.set_hours(session, one, [WeeklyHours(3, time(15), time(16))], self.NOW, "counsellor:1")
        assert free_today() == ["15.00", "15.30"]
        with database.transaction() as session:
            assert session.get_one(Meeting, booked.id).status == "confirmed"

    def test_the_database_refuses_rules_that_would_never_end(self, database):
        with pytest.raises(IntegrityError), database.transaction() as session:
            availability.set_rules(
                session, counsellor(session, "karlstad-1"), {"slot_step_minutes": 0}, self.NOW, "counsellor:1"
            )
        with pytest.raises(ValueError, match="slug"), database.transaction() as session:
            availability.set_rules(session, counsellor(session, "karlstad-1"), {"slug": "x"}, self.NOW, "c:1")
