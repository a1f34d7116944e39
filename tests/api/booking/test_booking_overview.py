"""The figures of each node, and what the start page says to a counsellor."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from api.booking.pages.overview import figures
from api.outbox import service as outbox
from tests.api.booking.conftest import counsellor, utc
from tests.api.booking.mailing import new
from tests.api.booking.test_meeting_pages import linked
from tests.api.outbox.conftest import payload
from tests.api.staff.conftest import (
    build,  # noqa: F401 - a fixture that `house` asks for
    house,  # noqa: F401 - a fixture
)
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("counsellors")


def of(database, now, town: str):
    with database.transaction(read_only=True) as session:
        return next(one for one in figures(session, now) if one.town == town)


def test_weeks_count_what_is_booked_and_what_is_left(database, now):
    before = of(database, now, "Karlstad").weeks[0]
    with database.transaction() as session:
        new(session)
        new(session, at=utc("2026-12-01 12:00"))
        new(session, at=utc("2026-11-27 12:00"), status="cancelled")
    after = of(database, now, "Karlstad").weeks
    assert (after[0].booked, after[1].booked) == (1, 1)
    assert before.free - after[0].free == 2  # the meeting of 30 minutes, and its 10 minutes after
    assert of(database, now, "Arvika").weeks[0].booked == 0


def test_the_wait_is_counted_in_days_and_none_without_times(database, now):
    assert of(database, now, "Karlstad").wait_days == 1
    with database.transaction() as session:
        arvika_1 = counsellor(session, "arvika-1")
        arvika_1.hours.clear()
    arvika = of(database, now, "Arvika")
    assert (arvika.next_free, arvika.wait_days) == (None, None)


@pytest.mark.parametrize(("held", "share"), [(4, None), (5, 40)])
def test_the_share_of_missed_meetings_is_told_only_of_enough_of_them(database, now, held, share):
    with database.transaction() as session:
        for number in range(held):
            new(session, at=now - timedelta(days=7, hours=number), no_show=number < 2)
        new(session, at=now - timedelta(days=100), no_show=True)
    karlstad = of(database, now, "Karlstad")
    assert (karlstad.held, karlstad.missed) == (held, share)


def failed(session, *, meeting=None):
    """A mail that was given up, about a meeting or about none."""
    mail = outbox.enqueue(
        session,
        kind="REQUEST",
        recipient="deltagare@example.org",
        message_id=f"{uuid4()}@example.org",
        payload=payload(),
        meeting_id=meeting.id if meeting else None,
        now=NOW,
    )
    mail.dead_at = NOW
    return mail


async def test_mails_that_failed_are_told_at_the_node_whose_meeting_they_are_about(house, database):  # noqa: F811
    with database.transaction() as session:
        for number in range(2):
            failed(session, meeting=new(session, at=utc(f"2026-11-2{6 + number} 12:00")))
        failed(session)
        failed(session, meeting=new(session, counsellor="arvika-1")).superseded_at = NOW
    browser = house.signed_in(house.account())
    page = (await browser.get("/personal/bokningar")).text
    assert "2 mejl om möten i Karlstad kom inte fram." in page
    assert "i Arvika kom inte fram" not in page
    assert "Ett mejl som inte gäller något möte kom inte fram." in page
    assert "Inget mejl har misslyckats" not in page


async def test_where_nobody_can_be_booked_any_more_what_is_booked_is_still_counted(house, database, now):  # noqa: F811
    with database.transaction() as session:
        new(session, counsellor="arvika-1")
        counsellor(session, "arvika-1").active = False
    arvika = of(database, now, "Arvika")
    assert (arvika.bookable, arvika.next_free, arvika.weeks[0].booked, arvika.weeks[0].free) == (False, None, 1, 0)
    assert "Kan inte bokas" in (await house.signed_in(house.account()).get("/personal/bokningar")).text


async def test_the_page_names_nobody(house, database):  # noqa: F811
    with database.transaction() as session:
        meeting = new(session)
    page = await house.signed_in(house.account()).get("/personal/bokningar")
    assert page.status_code == 200
    for private in ("Kim", "deltagare", meeting.reference):
        assert private not in page.text


async def test_the_start_page_tells_a_counsellor_of_todays_own_meetings(house, database):  # noqa: F811
    own, other = linked(house, "karlstad-1"), linked(house, "karlstad-2")
    with database.transaction() as session:
        for hour in (13, 14):
            new(session, at=utc(f"2026-11-23 {hour}:00"))
        new(session, at=utc("2026-11-23 08:00"))
    assert "Dina möten i dag, det närmaste kl. 14.00 (2)" in (await own.get("/personal")).text
    assert "Dina möten i dag" not in (await other.get("/personal")).text
