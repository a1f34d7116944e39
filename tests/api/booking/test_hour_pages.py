"""The pages for hours, rules, feeds and a node's days: who reaches them, what they store, and taking it back."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
from sqlalchemy import select

from api.booking.feed.tables import CalendarFeed
from api.booking.openings import node_slots
from api.booking.tables import AvailabilityException, Counsellor, Meeting, NodeDay
from tests.api.booking.conftest import counsellor, utc
from tests.api.booking.mailing import new
from tests.api.booking.test_meeting_pages import linked
from tests.api.staff.conftest import (
    Browser,
    House,
    build,  # noqa: F401 - a fixture that `house` asks for
    house,  # noqa: F401 - a fixture
)
from tests.api.staff.desk import form_of, send

PATH = "/personal/tider"
pytestmark = pytest.mark.usefixtures("counsellors")


@pytest.fixture
def own(house: House) -> Browser:  # noqa: F811
    return linked(house, "karlstad-1")


@pytest.fixture
def staff(house: House) -> Browser:  # noqa: F811
    return house.signed_in(house.account())


def hours_of(database, slug: str = "karlstad-1") -> set[tuple[int, time, time]]:
    with database.transaction(read_only=True) as session:
        return {(row.weekday, row.start_time, row.end_time) for row in counsellor(session, slug).hours}


def exceptions(database) -> list[AvailabilityException]:
    with database.transaction(read_only=True) as session:
        return list(session.scalars(select(AvailabilityException).order_by(AvailabilityException.id)))


async def take_back(browser: Browser, where: str):
    """Follow to the page that says what was done, and press its "Ångra"."""
    page = await browser.get(where)
    address = re.search(r'action="(/personal/tider/angra/[0-9a-f]+)"', page.text)[1]
    return await browser.post(address, **form_of(page, address))


class TestWhoReachesWhat:
    @pytest.mark.parametrize("way", ["", "/vecka", "/regler", "/kalender", "/historik", "/bokade"])
    async def test_a_counsellor_opens_only_the_own_pages(self, own, staff, way):
        assert (await own.get(f"{PATH}{way}?dag=2026-11-26")).status_code == 200
        assert (await own.get(f"{PATH}{way}?vagledare=karlstad-2&dag=2026-11-26")).status_code == 404
        assert (await staff.get(f"{PATH}{way}?vagledare=karlstad-2&dag=2026-11-26")).status_code == 200

    @pytest.mark.parametrize("way", ["/vecka", "/regler", "/kalender", "/ledig", "/undantag"])
    async def test_a_counsellor_changes_nothing_of_others(self, own, database, way):
        before = hours_of(database, "karlstad-2")
        await own.get(PATH)
        answer = await own.post(PATH + way, vagledare="karlstad-2", dag="2026-11-26", slag="stangt")
        assert answer.status_code == 404
        assert hours_of(database, "karlstad-2") == before
        assert exceptions(database) == []

    async def test_nor_removes_takes_back_or_revokes_theirs(self, own, staff, database):
        await staff.get(PATH + "?vagledare=karlstad-2")
        made = await staff.post(PATH + "/undantag", vagledare="karlstad-2", dag="2026-11-26", slag="stangt")
        batch = re.search("angra=([0-9a-f]+)", made.headers["location"])[1]
        await staff.post(PATH + "/kalender", vagledare="karlstad-2")
        (row,) = exceptions(database)
        with database.transaction(read_only=True) as session:
            feed = session.scalars(select(CalendarFeed.id)).one()
        await own.get(PATH)
        for way in (f"/undantag/{row.id}/bort", f"/angra/{batch}", f"/kalender/{feed}/avsluta"):
            for slug in ("", "karlstad-1", "karlstad-2"):
                assert (await own.post(PATH + way, vagledare=slug)).status_code == 404
        assert len(exceptions(database)) == 1

    async def test_staff_choose_whose(self, staff):
        page = await staff.get(PATH)
        assert "?vagledare=arvika-1" in page.text

    async def test_an_account_without_a_counsellor_is_told_so(self, house):  # noqa: F811
        nobody = house.signed_in(house.account("ny@example.org", "counsellor"))
        assert "inte kopplat" in (await nobody.get(PATH)).text


class TestHours:
    async def test_an_untouched_form_changes_nothing(self, own, database):
        before = hours_of(database)
        await send(own, PATH + "/vecka")
        assert hours_of(database) == before

    async def test_rows_come_and_go_and_can_be_taken_back(self, own, database):
        before = hours_of(database)
        answer = await send(
            own, PATH + "/vecka", **{"fran-0-0": "", "till-0-0": "", "fran-5-0": "10:00", "till-5-0": "12:00"}
        )
        after = hours_of(database)
        assert before - after == {(0, time(9), time(12))}
        assert after - before == {(5, time(10), time(12))}
        history = await own.get(PATH + "/historik")
        assert "Måndag 09.00–12.00, borttaget" in history.text
        assert "Lördag 10.00–12.00, tillagt" in history.text
        assert (await take_back(own, answer.headers["location"])).status_code == 303
        assert hours_of(database) == before

    @pytest.mark.parametrize(
        ("start", "end", "said"),
        [
            ("12:00", "10:00", "till efter från"),
            ("10:00", "", "till efter från"),
            ("x", "11:00", "till efter från"),
            ("10:00", "11:00", "ligger över"),
        ],
    )
    async def test_hours_that_make_no_sense_come_back(self, own, database, start, end, said):
        before = hours_of(database)
        refused = await send(own, PATH + "/vecka", **{"fran-0-2": start, "till-0-2": end})
        assert refused.status_code == 422
        assert said in refused.text
        assert f'value="{start}"' in refused.text
        assert hours_of(database) == before


class TestExceptions:
    async def test_a_free_day_takes_the_times_away_and_gives_them_back(self, own, database, now):
        def thursday() -> int:
            with database.transaction(read_only=True) as session:
                slots = node_slots(session, "karlstad", "phone", now, counsellor="karlstad-1")
                return sum(slot.start.date() == date(2026, 11, 26) for slot in slots)

        assert thursday() == 12
        await own.get(PATH)
        await own.post(PATH + "/undantag", slag="stangt", dag="2026-11-26", fran="13:00", till="16:00")
        assert thursday() == 6
        extra = await own.post(PATH + "/undantag", slag="extra", dag="2026-11-26", fran="07:00", till="08:00")
        assert thursday() == 8
        await take_back(own, extra.headers["location"])
        assert thursday() == 6
        (row,) = exceptions(database)
        assert (await own.post(f"{PATH}/undantag/{row.id}/bort")).status_code == 303
        assert thursday() == 12

    @pytest.mark.parametrize(
        "form",
        [
            {"dag": ""},
            {"dag": "2026-11-01"},
            {"dag": "2026-11-26", "fran": "10:00"},
            {"dag": "2026-11-26", "slag": "extra"},
            {"dag": "2026-11-26", "fran": "11:00", "till": "10:00"},
            {"dag": "0001-01-01"},
            {"dag": "9999-12-31"},
        ],
    )
    async def test_what_makes_no_sense_comes_back(self, own, database, form):
        await own.get(PATH)
        refused = await own.post(PATH + "/undantag", **{"slag": "stangt", **form})
        assert refused.status_code == 422
        assert f'value="{form["dag"]}"' in refused.text
        assert exceptions(database) == []

    @pytest.mark.parametrize("day", ["0001-01-01", "1776-07-04", "9999-12-31", "x"])
    async def test_what_is_booked_on_a_day_of_another_age_leads_back_to_the_hours(self, own, day):
        assert (await own.get(f"{PATH}/bokade?dag={day}")).status_code == 303

    async def test_a_day_off_lists_what_is_booked(self, own, database):
        with database.transaction() as session:
            meeting = new(session, at=utc("2026-11-23 13:00"))
        await own.get(PATH)
        answer = await own.post(PATH + "/ledig")
        page = await own.get(answer.headers["location"])
        assert "Ett möte är redan bokat" in page.text
        for way in ("flytta", "kollega", "avboka"):
            assert f"/personal/moten/{meeting.id}/{way}" in page.text
        (row,) = exceptions(database)
        assert (row.day, row.start_time) == (date(2026, 11, 23), time(10))

    async def test_a_day_off_with_nothing_booked_can_be_taken_back(self, own, database):
        await own.get(PATH)
        answer = await own.post(PATH + "/ledig")
        assert len(exceptions(database)) == 1
        await take_back(own, answer.headers["location"])
        assert exceptions(database) == []


class TestRules:
    async def test_an_untouched_form_changes_nothing(self, own):
        answer = await send(own, PATH + "/regler")
        assert "klart=utan_andring" in answer.headers["location"]

    async def test_rules_are_stored_and_taken_back(self, own, database):
        answer = await send(own, PATH + "/regler", meeting_minutes="45", daily_maximum="3", type_video="")
        with database.transaction(read_only=True) as session:
            row = counsellor(session, "karlstad-1")
            assert (row.meeting_minutes, row.daily_maximum) == (45, 3)
            assert row.meeting_types == ["phone", "on_site"]
        assert "Mötets längd: 30 → 45" in (await own.get(PATH + "/historik")).text
        await take_back(own, answer.headers["location"])
        with database.transaction(read_only=True) as session:
            assert counsellor(session, "karlstad-1").meeting_minutes == 30

    @pytest.mark.parametrize(
        "wrong",
        [
            {"meeting_minutes": "2"},
            {"notice_hours": ""},
            {"horizon_days": "800"},
            {"video_url": "http://example.org"},
            {"daily_maximum": "0"},
            {"type_phone": "", "type_video": "", "type_on_site": ""},
        ],
        ids=lambda wrong: next(iter(wrong)),
    )
    async def test_what_is_out_of_bounds_comes_back(self, own, database, wrong):
        refused = await send(own, PATH + "/regler", **wrong)
        assert refused.status_code == 422
        assert f'href="#f-{next(iter(wrong))}"' in refused.text
        with database.transaction(read_only=True) as session:
            assert counsellor(session, "karlstad-1").meeting_minutes == 30

    async def test_a_counsellor_does_not_take_back_what_staff_wrote_about_them(self, own, staff, database):
        with database.transaction(read_only=True) as session:
            number = session.scalars(select(Counsellor.id).where(Counsellor.slug == "karlstad-1")).one()
        answer = await send(staff, f"/personal/orter/vagledare/{number}", phone="031-390 06 99")
        batch = re.search("angra=([0-9a-f]+)", answer.headers["location"])[1]
        await own.get(PATH)
        assert (await own.post(f"{PATH}/angra/{batch}")).status_code == 404


class TestFeeds:
    async def test_an_address_is_shown_once_works_and_ends(self, own):
        await own.get(PATH + "/kalender")
        made = await own.post(PATH + "/kalender")
        url = re.search(r'value="(https://[^"]+/kalender/[^"]+)"', made.text)[1]
        assert made.headers["Cache-Control"] == "no-store"
        path = "/kalender/" + url.rpartition("/")[2]
        assert (await own.client.get(path)).status_code == 200
        page = await own.get(PATH + "/kalender")
        assert url not in page.text
        ending = re.search(r'action="(/personal/tider/kalender/\d+/avsluta)"', page.text)[1]
        assert (await own.post(ending)).status_code == 303
        assert (await own.client.get(path)).status_code == 404


class TestNodeDays:
    @pytest.fixture
    def base(self, database) -> str:
        with database.transaction(read_only=True) as session:
            return f"/personal/lediga-dagar/{counsellor(session, 'karlstad-1').node_id}"

    async def test_the_coming_years_holidays_hold_the_eves_too(self, staff):
        page = await staff.get("/personal/lediga-dagar?ort=karlstad")
        for day in ("Torsdag 24 december 2026", "Torsdag 31 december 2026", "Fredag 25 juni 2027"):
            assert day in page.text
        assert "Julafton" in page.text

    async def test_a_school_holiday_closes_every_day_of_it(self, staff, base, database):
        await staff.get("/personal/lediga-dagar")
        await staff.post(base, fran="2027-03-01", till="2027-03-05", vad="Sportlov")
        with database.transaction(read_only=True) as session:
            rows = session.scalars(select(NodeDay)).all()
        assert [(row.day.day, row.opens, row.title) for row in rows] == [
            (day, False, "Sportlov") for day in range(1, 6)
        ]
        assert (await staff.post(f"{base}/bort/{rows[0].id}")).status_code == 303
        assert "2 mars 2027" in (await staff.get("/personal/lediga-dagar?ort=karlstad")).text

    async def test_booked_meetings_on_a_closed_day_are_shown(self, staff, base, database):
        with database.transaction() as session:
            meeting = new(session)
        await staff.get("/personal/lediga-dagar")
        page = await staff.post(base, fran="2026-11-26")
        assert f"/personal/moten/{meeting.id}" in page.text

    @pytest.mark.parametrize("day", ["0001-01-01", "1776-07-04", "9999-12-31", "x"])
    async def test_a_holiday_of_another_age_is_none(self, staff, base, database, day):
        await staff.get("/personal/lediga-dagar")
        assert (await staff.post(base + "/oppna", dag=day)).status_code == 303
        with database.transaction(read_only=True) as session:
            assert session.scalars(select(NodeDay)).all() == []

    async def test_a_holiday_is_kept_open(self, staff, base, database, now):
        await staff.get("/personal/lediga-dagar")
        await staff.post(base + "/oppna", dag="2026-12-24")
        with database.transaction(read_only=True) as session:
            slots = node_slots(session, "karlstad", "phone", now, counsellor="karlstad-1")
        assert any(slot.start.date() == date(2026, 12, 24) for slot in slots)

    @pytest.mark.parametrize(
        "form",
        [
            {"fran": ""},
            {"fran": "2026-11-01"},
            {"fran": "2026-12-02", "till": "2026-12-01"},
            {"fran": "2027-01-01", "till": "2028-01-01"},
            {"fran": "0001-01-01"},
            {"fran": "2027-01-01", "till": "9999-12-31"},
            {"fran": "9999-12-31"},
        ],
    )
    async def test_days_that_make_no_sense_come_back(self, staff, base, database, form):
        await staff.get("/personal/lediga-dagar")
        assert (await staff.post(base, **form)).status_code == 422
        with database.transaction(read_only=True) as session:
            assert session.scalars(select(NodeDay)).all() == []


class TestNodeFeeds:
    @pytest.fixture
    def path(self, database) -> str:
        with database.transaction(read_only=True) as session:
            return f"/personal/bokningar/{counsellor(session, 'karlstad-1').node_id}/kalender"

    async def test_a_nodes_address_holds_every_counsellors_meetings_and_ends(self, staff, database, path):
        with database.transaction() as session:
            for slug in ("karlstad-1", "karlstad-2"):
                new(session, counsellor=slug)
            new(session, counsellor="arvika-1")
        assert f'href="{path}"' in (await staff.get("/personal/bokningar")).text
        await staff.get(path)
        made = await staff.post(path)
        url = re.search(r'value="(https://[^"]+/kalender/[^"]+)"', made.text)[1]
        file = "/kalender/" + url.rpartition("/")[2]
        assert (await staff.client.get(file)).text.count("BEGIN:VEVENT") == 2
        page = await staff.get(path)
        assert url not in page.text
        ending = re.search(rf'action="({path}/\d+/avsluta)"', page.text)[1]
        assert (await staff.post(ending)).status_code == 303
        assert (await staff.client.get(file)).status_code == 404

    async def test_only_the_nodes_own_addresses_end_there(self, staff, own, database, path):
        await staff.get(PATH + "?vagledare=karlstad-1")
        await staff.post(PATH + "/kalender", vagledare="karlstad-1")
        with database.transaction(read_only=True) as session:
            feed = session.scalars(select(CalendarFeed.id)).one()
        assert (await staff.post(f"{path}/{feed}/avsluta")).status_code == 404
        assert (await own.get(path)).status_code == 403
        with database.transaction(read_only=True) as session:
            assert session.get_one(CalendarFeed, feed).revoked_at is None


class TestHeldTimes:
    """Thursday at 13, held by somebody who is chatting."""

    @pytest.fixture
    def status(self, database):
        def read(meeting: Meeting) -> str:
            with database.transaction(read_only=True) as session:
                return session.get_one(Meeting, meeting.id).status

        return read

    @pytest.mark.parametrize(("start", "left"), [("12:30", "held"), ("14:00", "expired")])
    async def test_weekly_hours_let_go_of_what_they_no_longer_have(self, own, hold, person, status, start, left):
        meeting = hold(person)
        await send(own, PATH + "/vecka", **{"fran-3-1": start})
        assert status(meeting) == left

    @pytest.mark.parametrize(
        ("rules", "left"),
        [
            ({"buffer_minutes": "0", "language_en": "ja", "notice_hours": "24"}, "held"),
            ({"type_phone": ""}, "expired"),
            ({"meeting_minutes": "45"}, "expired"),
            ({"slot_step_minutes": "90"}, "held"),
            ({"notice_hours": "200"}, "expired"),
            ({"horizon_days": "1"}, "expired"),
        ],
        ids=lambda one: next(iter(one)) if isinstance(one, dict) else one,
    )
    async def test_and_so_do_rules(self, own, hold, person, status, rules, left):
        meeting = hold(person)
        await send(own, PATH + "/regler", **rules)
        assert status(meeting) == left

    async def test_a_daily_maximum_lets_go_of_the_latest_first(self, own, hold, new_person, status, clock):
        first = hold(new_person())
        clock.move(minutes=1)
        second = hold(new_person(), "karlstad-1@20261126T1300Z", at=clock())
        await send(own, PATH + "/regler", daily_maximum="1")
        assert (status(first), status(second)) == ("held", "expired")

    async def test_so_does_taking_a_change_back(self, own, hold, person, status):
        made = await send(own, PATH + "/vecka", **{"fran-3-2": "17:00", "till-3-2": "18:00"})
        meeting = hold(person, "karlstad-1@20261126T1600Z")
        await take_back(own, made.headers["location"])
        assert status(meeting) == "expired"

    async def test_so_does_removing_extra_hours(self, own, hold, person, status, database):
        await own.get(PATH)
        await own.post(PATH + "/undantag", slag="extra", dag="2026-11-26", fran="17:00", till="18:00")
        meeting = hold(person, "karlstad-1@20261126T1600Z")
        (row,) = exceptions(database)
        await own.post(f"{PATH}/undantag/{row.id}/bort")
        assert status(meeting) == "expired"
