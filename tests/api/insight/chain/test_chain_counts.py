"""The chain is counted by day and node, before anything it is counted from is erased."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from api.booking import forgetting as booking
from api.booking.tables import Meeting
from api.chat import service
from api.chat.tables import Conversation
from api.database import Database
from api.events.tables import EventSignup
from api.insight.chain.figures import chain, years
from api.insight.chain.tables import ChainCount
from api.insight.days import Period, month_of, year_before, year_of
from api.insight.rolling import roll_up
from tests.api.insight.making import enquiry, event, meeting, sign_up, talk
from tests.conftest import NOW

YESTERDAY = NOW - timedelta(days=1)
DAY = date(2026, 11, 22)

Counted = dict[tuple[date, str, str], int]


def counted(database: Database) -> Counted:
    with database.transaction(read_only=True) as session:
        return {(row.day, row.step, row.node): row.count for row in session.scalars(select(ChainCount)) if row.count}


def test_a_talk_belongs_to_the_first_place_named_and_to_none_without_a_node(seeded_both: Database) -> None:
    with seeded_both.transaction() as session:
        talk(session, YESTERDAY, place="Arvika")
        talk(session, YESTERDAY, place="Eda")  # a municipality without a node
        talk(session, YESTERDAY)
        talk(session, YESTERDAY, turns=0)  # opened, and nothing said
    roll_up(seeded_both, NOW)
    assert counted(seeded_both) == {(DAY, "chat", "arvika"): 1, (DAY, "chat", ""): 2}


def test_a_chat_that_is_opened_before_midnight_counts_on_the_day_of_its_first_words(seeded_both: Database) -> None:
    midnight = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)  # in Sweden
    with seeded_both.transaction() as session:
        talk(session, midnight - timedelta(hours=3))
        late = Conversation(token_hash="x" * 64, created_at=midnight - timedelta(minutes=2), turns=0)
        late.active_at = late.created_at
        session.add(late)
    roll_up(seeded_both, midnight + timedelta(minutes=1))
    assert counted(seeded_both) == {(date(2026, 11, 21), "chat", ""): 1}
    with seeded_both.transaction() as session:
        row = session.get_one(Conversation, late.id)
        service.add_turn(session, row, service.user_message("hej", None), [], midnight + timedelta(minutes=5))
    for days in (0, 1, 2):
        roll_up(seeded_both, midnight + timedelta(days=days, minutes=10))
    assert counted(seeded_both) == {(date(2026, 11, 21), "chat", ""): 1, (DAY, "chat", ""): 1}


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 20, 22, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 23, 0, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_days_are_days_in_sweden(seeded_both: Database, at: datetime, day: date) -> None:
    with seeded_both.transaction() as session:
        talk(session, at)
    roll_up(seeded_both, NOW)
    assert counted(seeded_both) == {(day, "chat", ""): 1}


def test_today_is_not_over_and_waits(seeded_both: Database) -> None:
    with seeded_both.transaction() as session:
        talk(session, NOW)
        meeting(session, NOW - timedelta(minutes=45))
    roll_up(seeded_both, NOW)
    assert counted(seeded_both) == {}
    roll_up(seeded_both, NOW + timedelta(days=1))
    assert counted(seeded_both) == {(date(2026, 11, 23), "chat", ""): 1, (date(2026, 11, 23), "meeting", "karlstad"): 1}


def test_counting_twice_is_as_good_as_once(seeded_both: Database) -> None:
    fill(seeded_both)
    roll_up(seeded_both, NOW)
    once = counted(seeded_both)
    roll_up(seeded_both, NOW)
    roll_up(seeded_both, NOW + timedelta(hours=1))
    assert counted(seeded_both) == once


def test_days_that_were_missed_are_made_up_for(seeded_both: Database) -> None:
    roll_up(seeded_both, NOW)
    with seeded_both.transaction() as session:
        for days in range(80):
            talk(session, NOW + timedelta(days=days))
            meeting(session, NOW + timedelta(days=days))
    roll_up(seeded_both, NOW + timedelta(days=80))
    found = {key: count for key, count in counted(seeded_both).items() if key[1] in {"chat", "meeting"}}
    assert (len(found), sum(found.values())) == (160, 160)


def test_only_meetings_that_took_place_count(seeded_both: Database) -> None:
    with seeded_both.transaction() as session:
        meeting(session, YESTERDAY, node="arvika")
        meeting(session, YESTERDAY, status="cancelled")
        meeting(session, YESTERDAY, status="held", held_until=NOW)
        meeting(session, YESTERDAY, no_show=True)
    roll_up(seeded_both, NOW)
    assert counted(seeded_both) == {(DAY, "meeting", "arvika"): 1}


def test_who_came_may_be_noted_afterwards(seeded_both: Database) -> None:
    with seeded_both.transaction() as session:
        late = meeting(session, YESTERDAY).id
        visit = event(session, YESTERDAY, kind="study_visit", node="sunne")
        people = [sign_up(session, visit, "signed", number).id for number in (1, 2, 3)]
    roll_up(seeded_both, NOW)
    assert counted(seeded_both) == {(DAY, "meeting", "karlstad"): 1, (DAY, "visit", "sunne"): 3}
    with seeded_both.transaction() as session:
        session.get_one(Meeting, late).no_show = True
        session.get_one(EventSignup, people[0]).status = "attended"
        session.get_one(EventSignup, people[1]).status = "absent"
    roll_up(seeded_both, NOW + timedelta(days=9))
    assert counted(seeded_both) == {(DAY, "visit", "sunne"): 1}


def test_events_count_those_with_a_place_and_nobody_else(seeded_both: Database) -> None:
    with seeded_both.transaction() as session:
        open_house = event(session, YESTERDAY, kind="open_house", node=None)
        for number, status in enumerate(("signed", "waiting", "cancelled", "signed"), 1):
            sign_up(session, open_house, status, number)
        off = event(session, YESTERDAY, status="cancelled")
        sign_up(session, off, "signed", 1)
    roll_up(seeded_both, NOW)
    assert counted(seeded_both) == {(DAY, "event", ""): 2}


def test_forgetting_people_changes_no_figure_of_the_past(seeded_both: Database) -> None:
    fill(seeded_both)
    roll_up(seeded_both, NOW)
    before = counted(seeded_both)
    with seeded_both.transaction() as session:
        session.execute(delete(Conversation))
        booking.forget_people(session, NOW)
    roll_up(seeded_both, NOW + timedelta(days=1))
    assert counted(seeded_both) == before
    assert before


def fill(database: Database) -> None:
    with database.transaction() as session:
        for days in range(1, 50):
            at = NOW - timedelta(days=days)
            talk(session, at, place="Karlstad" if days % 3 else None, **({"lang": "en"} if days % 5 == 0 else {}))
            meeting(session, at, node="arvika" if days % 2 else "karlstad")
        sign_up(session, event(session, YESTERDAY), "attended", 1)
        enquiry(session, YESTERDAY)


class TestFigures:
    @pytest.fixture(autouse=True)
    def counts(self, seeded: Database) -> None:
        with seeded.transaction() as session:
            for day, step, node, count in (
                (date(2026, 1, 31), "chat", "", 40),
                (date(2026, 2, 1), "chat", "arvika", 7),
                (date(2026, 2, 28), "chat", "arvika", 5),
                (date(2026, 2, 3), "meeting", "arvika", 2),
                (date(2026, 3, 1), "meeting", "karlstad", 4),
                (date(2026, 3, 1), "visit", "nedlagd", 3),
                (date(2025, 12, 31), "chat", "", 99),
            ):
                session.add(ChainCount(day=day, step=step, node=node, count=count))

    def test_months_and_nodes_add_up_to_the_whole(self, seeded: Database) -> None:
        with seeded.transaction(read_only=True) as session:
            found = chain(session, year_of(2026).until(date(2026, 4, 1)))
        assert found.total == {"chat": 52, "event": 0, "visit": 3, "meeting": 6, "application_click": 0}
        assert [row.counts["chat"] for row in found.months] == [40, 12, 0]
        for step, total in found.total.items():
            assert sum(row.counts[step] for row in found.months) == total
            assert sum(row.counts[step] for row in found.nodes) == total

    def test_a_node_that_is_gone_keeps_its_figures(self, seeded: Database) -> None:
        with seeded.transaction(read_only=True) as session:
            rows = {row.slug: row for row in chain(session, year_of(2026)).nodes}
        assert rows["nedlagd"].counts["visit"] == 3
        assert (rows["nedlagd"].town, rows[""].town, rows["arvika"].town) == ("nedlagd", "", "Arvika")

    def test_one_node_has_months_of_its_own(self, seeded: Database) -> None:
        with seeded.transaction(read_only=True) as session:
            found = chain(session, month_of(date(2026, 2, 1)), "arvika")
        assert [(row.month, row.counts["chat"], row.counts["meeting"]) for row in found.months] == [
            (date(2026, 2, 1), 12, 2)
        ]

    def test_the_years_begin_with_the_first_that_was_counted(self, seeded: Database) -> None:
        with seeded.transaction(read_only=True) as session:
            assert years(session, date(2027, 1, 1)) == [2027, 2026, 2025]


def test_the_same_days_a_year_earlier() -> None:
    assert year_before(Period(date(2028, 1, 1), date(2028, 2, 29))) == Period(date(2027, 1, 1), date(2027, 3, 1))
    assert year_before(year_of(2027)) == year_of(2026)
