"""Calendar feeds: secret, revocable, quiet about people, and the same bytes while nothing changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from api.booking.feed import service
from api.booking.feed.errors import FeedUnknown
from api.booking.feed.tables import CalendarFeed
from api.booking.tables import Counsellor, Meeting
from api.catalogue.tables import Node
from api.outbox.tables import Outbox
from api.staff.tables import Audit
from tests.api.booking.mailing import PERSON, THURSDAY, book, cancel, move, new, other_counsellor, take

SITE = "https://vagledning.example.org"


def owner(session, kind: str) -> Counsellor | Node:
    table = Counsellor if kind == "counsellor" else Node
    slug = "karlstad-1" if kind == "counsellor" else "karlstad"
    return session.scalars(select(table).where(table.slug == slug)).unique().one()


@pytest.fixture
def meetings(database, office, now, counsellors):
    """One with each of Karlstad's counsellors and one in Arvika, with their mails."""
    with database.transaction() as session:
        found = [
            new(session, asked_about="Svetsare"),
            new(session, counsellor="karlstad-2", email="zoe@example.org"),
            new(session, counsellor="arvika-1", email="yuri@example.org"),
        ]
        for meeting in found:
            book(session, meeting, office, now)
        take_all(session, now)
    return found


def take_all(session, now) -> None:
    for row in session.scalars(select(Outbox)):
        row.sent_at = now


@pytest.fixture
def address(database, office, now, meetings):
    """Makes an address for Karlstad's first counsellor or for Karlstad; gives its path."""

    def make(kind: str = "counsellor") -> str:
        with database.transaction() as session:
            return service.create_feed(session, owner(session, kind), office, now, "staff:1").url.removeprefix(SITE)

    return make


@pytest.fixture
def public(client):
    client.headers.pop("Authorization")
    return client


def events(answer) -> list:
    return Calendar.from_ical(answer.content).walk("VEVENT")


class TestReading:
    async def test_a_counsellor_sees_their_own_meetings_and_a_node_all_of_its(self, public, address, meetings):
        mine = await public.get(address())
        assert mine.status_code == 200
        assert mine.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert [str(event["UID"]) for event in events(mine)] == [meetings[0].ical_uid]
        everybody = await public.get(address("node"))
        assert {str(event["UID"]) for event in events(everybody)} == {row.ical_uid for row in meetings[:2]}
        assert {str(event["SUMMARY"]) for event in events(everybody)} == {
            f"Vägledningssamtal, telefon (Studie- och yrkesvägledare {number}, Karlstad)" for number in (1, 2)
        }

    @pytest.mark.parametrize("kind", ["counsellor", "node"])
    async def test_nothing_tells_who_has_booked(self, public, address, kind):
        answer = await public.get(address(kind))
        for private in ("Kim", PERSON, "zoe@example.org", "Svetsare", "ATTENDEE", "syv.", "/mote/"):
            assert private not in answer.text.replace("\r\n ", "")
        calendar = Calendar.from_ical(answer.content)
        assert calendar["METHOD"] == "PUBLISH"
        whose = "Studie- och yrkesvägledare 1, Karlstad" if kind == "counsellor" else "Industrinoden i Karlstad"
        assert f"X-WR-CALNAME:Vägledningssamtal: {whose}".replace(",", "\\,") in answer.text.replace("\r\n ", "")
        assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in answer.text

    async def test_the_feed_keeps_to_its_window(self, public, address, database, clock, meetings):
        path = address()
        for days, shown in ((0, 1), (33, 1), (33.2, 0)):
            clock.now = THURSDAY - timedelta(days=3) + timedelta(days=days)
            assert len(events(await public.get(path))) == shown
        clock.now = THURSDAY - timedelta(days=180)
        assert len(events(await public.get(path))) == 1
        clock.now -= timedelta(seconds=1)
        assert len(events(await public.get(path))) == 0

    async def test_a_cancelled_meeting_is_shown_as_cancelled_for_thirty_days(
        self, public, address, database, office, clock, now, meetings
    ):
        path = address()
        with database.transaction() as session:
            late = new(session, at=THURSDAY + timedelta(days=60))
            cancel(session, late, office, now)
        (cancelled,) = (event for event in events(await public.get(path)) if event["UID"] == late.ical_uid)
        assert (cancelled["STATUS"], cancelled["SEQUENCE"]) == ("CANCELLED", 1)
        clock.move(days=30)
        assert late.ical_uid not in (await public.get(path)).text

    async def test_a_held_time_is_nobody_s_business(self, public, address, database, now):
        with database.transaction() as session:
            later = THURSDAY + timedelta(hours=2)
            new(session, at=later, status="held", held_until=now + timedelta(minutes=10), ical_uid=None)
        assert len(events(await public.get(address()))) == 1

    async def test_a_meeting_that_moves_to_a_colleague_leaves_the_feed(
        self, public, address, database, office, now, meetings
    ):
        path = address()
        with database.transaction() as session:
            row = session.get_one(Meeting, meetings[0].id)
            move(session, row, office, now, hours=26, counsellor=other_counsellor(session))
        assert events(await public.get(path)) == []


class TestCaching:
    async def test_who_has_it_already_gets_304_until_something_changes(
        self, public, address, database, office, clock, now, meetings
    ):
        path = address()
        first = await public.get(path)
        clock.move(hours=5)
        again = await public.get(path, headers={"If-None-Match": f'W/{first.headers["ETag"]}, "x"'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        with database.transaction() as session:
            move(session, session.get_one(Meeting, meetings[0].id), office, now, hours=2)
        changed = await public.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert changed.status_code == 200
        assert events(changed)[0]["SEQUENCE"] == 1

    async def test_no_shared_cache_and_no_search_engine_keeps_it(self, public, address):
        answer = await public.get(address())
        assert answer.headers["Cache-Control"].startswith("private")
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        head = await public.head(address())
        assert (head.status_code, head.content) == (200, b"")


class TestSecret:
    def test_the_address_has_128_random_bits_and_is_stored_as_a_hash(self, database, address):
        paths = {address() for _ in range(20)}
        assert len(paths) == 20
        for path in paths:
            assert len(path.removeprefix("/kalender/").removesuffix(".ics")) == 22
        with database.transaction() as session:
            stored = [str(value) for row in session.execute(select(CalendarFeed.__table__)) for value in row]
        assert not any(path[10:-4] in value for path in paths for value in stored)

    async def test_a_revoked_address_ends_at_once_and_looks_like_a_wrong_one(self, public, address, database, now):
        path, other = address(), address()
        with database.transaction() as session:
            counsellor = owner(session, "counsellor")
            (feed, _) = service.feeds_of(session, counsellor)
            service.revoke_feed(session, counsellor, feed.id, now, "staff:1")
            service.revoke_feed(session, counsellor, feed.id, now, "staff:1")
            assert len(service.feeds_of(session, counsellor)) == 1
            actions = list(session.scalars(select(Audit.action).where(Audit.action.startswith("feed."))))
        assert actions == ["feed.created", "feed.created", "feed.revoked"]
        gone, wrong = await public.get(path), await public.get("/kalender/AAAAAAAAAAAAAAAAAAAAAA.ics")
        assert (gone.status_code, gone.content) == (wrong.status_code, wrong.content)
        assert gone.status_code == 404
        assert (await public.get(other)).status_code == 200

    def test_an_unknown_feed_cannot_be_revoked(self, database, counsellors, now):
        with pytest.raises(FeedUnknown), database.transaction() as session:
            service.revoke_feed(session, owner(session, "counsellor"), 7, now, "staff:1")

    def test_one_owner_cannot_revoke_the_feed_of_another(self, database, address, now):
        address("node")
        with database.transaction() as session:
            (feed,) = service.feeds_of(session, owner(session, "node"))
        with pytest.raises(FeedUnknown), database.transaction() as session:
            service.revoke_feed(session, owner(session, "counsellor"), feed.id, now, "staff:1")

    async def test_the_log_never_holds_the_secret(self, public, address, caplog):
        caplog.set_level("INFO")
        path = address()
        await public.get(path)
        ours = [record.__dict__ for record in caplog.records if record.name.startswith("api")]
        assert ours
        assert path[10:-4] not in str(ours)


def test_taking_the_invitations_and_the_feed_together_the_uid_is_the_same(database, office, now, counsellors):
    with database.transaction() as session:
        meeting = new(session)
        book(session, meeting, office, now)
        invited = {str(mail.event["UID"]) for mail in take(session, now).values()}
        feed = service.create_feed(session, owner(session, "counsellor"), office, now, "staff:1").feed
        (event,) = Calendar.from_ical(service.read_feed(session, feed, office, now).content).walk("VEVENT")
    assert {str(event["UID"])} == invited
