"""The yearly report against figures made by hand, with nothing in it about fewer than ten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.database import Database
from api.insight.asked.tables import PlaceDay, TopicDay
from api.insight.chain.tables import ChainCount
from api.insight.report.changes import changes
from api.insight.report.groups import OTHERS, Part, Whole, whole
from api.insight.report.rolling import EASY
from api.insight.report.service import Report, report
from api.insight.report.spread import Spread, spread
from api.insight.report.tables import FreeWait, ReportCount
from api.insight.rolling import roll_up
from tests.api.insight.making import enquiry, event, meeting, sign_up, talk
from tests.api.staff.conftest import Browser, House
from tests.conftest import NOW

TODAY = date(2026, 11, 23)
YESTERDAY = NOW - timedelta(days=1)


def made(database: Database, year: int = 2026, today: date = TODAY) -> Report:
    with database.transaction(read_only=True) as session:
        return report(session, year, today)


class TestRolling:
    def test_languages_are_counted_once_a_talk(self, seeded_both: Database) -> None:
        with seeded_both.transaction() as session:
            talk(session, YESTERDAY, lang="en")
            talk(session, YESTERDAY, lang="en")
            talk(session, YESTERDAY, lang="ar", dir="rtl")
            talk(session, YESTERDAY, easy=True)
            talk(session, YESTERDAY, easy=False)
            talk(session, NOW, lang="so")
            enquiry(session, YESTERDAY)
            enquiry(session, YESTERDAY, "accessibility")
            enquiry(session, YESTERDAY, taken_back=True)
        roll_up(seeded_both, NOW)
        roll_up(seeded_both, NOW)
        with seeded_both.transaction(read_only=True) as session:
            found = {(row.measure, row.value): row.count for row in session.query(ReportCount)}
        assert found == {
            ("language", "en"): 2,
            ("language", "ar"): 1,
            ("language", EASY): 1,
            ("enquiry", "staffing"): 1,
            ("enquiry", "accessibility"): 1,
        }

    def test_the_first_free_time_is_looked_at_once_a_day(self, seeded_both: Database) -> None:
        for hours in (0, 5, 24):
            roll_up(seeded_both, NOW + timedelta(hours=hours))
        with seeded_both.transaction(read_only=True) as session:
            found = {(row.day, row.node): row.days for row in session.query(FreeWait)}
        assert {day for day, _ in found} == {TODAY, TODAY + timedelta(days=1)}
        assert found[TODAY, "karlstad"] == 1  # a Monday; notice is 18 hours


class TestAgainstHandMadeFigures:
    @pytest.fixture(autouse=True)
    def year(self, seeded: Database) -> None:
        with seeded.transaction() as session:
            day = date(2026, 3, 1)
            session.add(ChainCount(day=day, step="chat", node="", count=200))
            session.add(ChainCount(day=date(2025, 3, 1), step="chat", node="", count=100))
            session.add(ChainCount(day=date(2025, 12, 1), step="chat", node="", count=999))  # not the same days
            for value, count in (("easy", 30), ("en", 25), ("so", 4)):
                session.add(ReportCount(day=day, measure="language", value=value, count=count))
            for topic, turns in (("cost", 50), ("course_search", 80), ("apply_how", 9), ("thank", 300), ("crisis", 20)):
                session.add(topic_day(day, topic, turns))
            for town, talks in (("Karlstad", 60), ("Arvika", 20), ("Sunne", 12), ("Eda", 3)):
                session.add(PlaceDay(day=day, municipality=town, talks=talks))
            for number in range(40):
                at = datetime(2026, 4, 7, 8, tzinfo=NOW.tzinfo) + timedelta(days=number)
                meeting(
                    session,
                    at,
                    node="karlstad" if number % 2 else "arvika",
                    meeting_type="phone" if number < 25 else "on_site",
                    interpreter_language="arabiska" if number < 11 else "somaliska" if number < 15 else None,
                    confirmed_at=at - timedelta(days=number % 10 + 1),
                )
            for _ in range(12):
                meeting(session, datetime(2026, 5, 1, 8, tzinfo=NOW.tzinfo), status="cancelled")
            for _ in range(4):
                meeting(session, datetime(2026, 5, 2, 8, tzinfo=NOW.tzinfo), no_show=True)
            for number in range(20):
                session.add(FreeWait(day=date(2026, 6, 1) + timedelta(days=number), node="arvika", days=number or None))
            held = event(session, datetime(2026, 4, 1, 8, tzinfo=NOW.tzinfo), step_free="yes", women_only=True)
            event(session, datetime(2026, 4, 2, 8, tzinfo=NOW.tzinfo), step_free="no", kind="study_visit")
            online = {"place_name": "", "online_url": "https://mote.example.org"}
            event(session, datetime(2026, 4, 3, 8, tzinfo=NOW.tzinfo), interpreter=["ar"], **online)
            for number in range(1, 31):
                sign_up(session, held, "attended" if number <= 18 else "absent", number)

    def test_reach(self, seeded: Database) -> None:
        found = made(seeded).reach
        assert found.talks == 200
        assert [(part.name, part.count) for part in found.topics] == [("Hitta utbildning", 80), ("Kostnad", 50)]
        assert [(part.name, part.count) for part in found.towns] == [
            ("Karlstad", 60),
            ("Arvika", 20),
        ]  # Sunne's twelve would tell of Eda's three
        assert (found.easy, found.other) == (Part("easy", 30, 15), Part("other", 29, 14))
        assert found.languages == ()  # 25 would tell of the four

    def test_meetings(self, seeded: Database) -> None:
        found = made(seeded).meetings
        assert {part.name: part.count for part in found.outcomes.parts} == {
            "held": 40,
            "others": 16,  # twelve that were cancelled would tell of the four that nobody came to
        }
        assert found.outcomes.total == 56
        assert {part.name: part.count for part in found.types.parts} == {"on_site": 15, "phone": 29}
        assert {part.name: part.count for part in found.interpreter.parts} == {"with": 15, "without": 29}
        assert found.languages is not None
        assert found.languages.parts == ()

    def test_waits(self, seeded: Database) -> None:
        found = made(seeded)
        arvika = next(one for one in found.waits if one.town == "Arvika")
        assert arvika.first_free == Spread(10, 18, 19)
        assert arvika.full == 5
        assert arvika.booked == Spread(5, 9, 20)
        assert found.wait == Spread(6, 9, 44)

    def test_events(self, seeded: Database) -> None:
        found = made(seeded).events
        assert (found.held, found.online, found.interpreted, found.women_only) == (3, 1, 1, 1)
        assert found.step_free == {"yes": 1, "no": 1}
        assert [(part.name, part.count, part.share) for part in found.attendance.parts] == [
            ("attended", 18, 60),
            ("absent", 12, 40),
        ]

    def test_the_year_before_is_compared_day_by_day(self, seeded: Database) -> None:
        assert made(seeded).changes == [
            "Antalet samtal i chatten ökade från 100 till 200.",
            "Andelen samtal på lätt svenska ökade från 0 procent till 15 procent.",
        ]

    def test_an_empty_year_says_nothing_and_breaks_nothing(self, seeded: Database) -> None:
        found = made(seeded, 2024)
        assert (found.reach.talks, found.changes, found.waits, found.events.held) == (None, [], [], 0)
        assert made(seeded, 2027, date(2027, 1, 1)).reach.talks is None

    def test_figures_end_with_yesterday(self, seeded: Database) -> None:
        assert made(seeded, today=date(2026, 3, 1)).reach.talks is None


def topic_day(day: date, topic: str, turns: int) -> TopicDay:
    zero = dict.fromkeys(("not_understood", "thumbs_up", "thumbs_down", "dead_ends"), 0)
    return TopicDay(day=day, topic=topic, municipality="", turns=turns, talks=turns, **zero)


class TestGroups:
    def test_a_whole_of_one_kind_is_its_total(self) -> None:
        assert whole({"phone": 12, "video": 0}).parts == (Part("phone", 12, 100),)

    @given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 80)))
    def test_nothing_that_is_told_is_about_fewer_than_ten(self, counts: dict[str, int]) -> None:
        found = whole(counts)
        assert all(part.count is not None and part.count >= 10 for part in found.parts)
        assert not found.parts or found.total == sum(part.count or 0 for part in found.parts)

    def test_small_groups_are_not_named(self) -> None:
        found = whole({"arabiska": 40, "somaliska": 12} | {f"språk {number}": 1 for number in range(10)})
        assert [(part.name, part.count) for part in found.parts] == [("arabiska", 40), ("somaliska", 12), (OTHERS, 10)]
        assert whole({"arabiska": 9, "somaliska": 8}) == Whole(17, ())

    def test_half_and_nine_of_ten(self) -> None:
        assert spread(range(1, 11)) == Spread(5, 9, 10)
        assert spread([3] * 9) is None
        assert spread([]) is None


class TestChanges:
    def test_each_way_has_its_sentence(self) -> None:
        before = {"talks": 1000, "wait": 1, "missed": 5, "easy": None}
        after = {"talks": 1250, "wait": 1, "missed": 3, "easy": 4}
        assert changes(before, after) == [
            "Antalet samtal i chatten ökade från 1\u00a0000 till 1\u00a0250.",
            "Väntan från bokning till möte (median) är som förra året: 1 dag.",
            "Andelen möten där ingen kom minskade från 5 procent till 3 procent.",
        ]

    def test_what_is_hidden_in_either_year_is_not_compared(self) -> None:
        assert changes({"talks": None, "meetings": 12}, {"talks": 50, "meetings": None}) == []


class TestThePage:
    async def test_it_says_what_is_hidden_and_has_a_heading_for_each_part(self, house: House, staff: Browser) -> None:
        page = await staff.get("/personal/uppfoljning?ar=2026")
        assert page.status_code == 200
        for heading in ("Det här har ändrats", "Hur länge man får vänta", "Möten med vägledare", "Språk i chatten"):
            assert heading in page.text
        assert "färre än tio personer visas inte" in page.text

    @pytest.mark.parametrize("year", ["", "1999", "x" * 300])
    async def test_what_cannot_be_read_is_this_year(self, staff: Browser, year: str) -> None:
        assert "Uppföljning 2026" in (await staff.get(f"/personal/uppfoljning?ar={year}")).text
