"""The grammar of typed times, as a table of what people write and what is meant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.booking.times.reading import merged, read_time
from api.booking.times.windows import DAY_BEGINS, DAY_ENDS, decode
from api.clock import STOCKHOLM
from tests.api.booking.times.shorthand import shorthand

TUESDAY = date(2026, 11, 24)
TABLE: dict[date, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("phrases.yml").read_text("utf-8"))
PHRASES = [(today, text, meant) for today, rows in TABLE.items() for text, meant in rows.items()]
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(("today", "text", "meant"), PHRASES, ids=lambda value: str(value))
def test_what_is_written_is_read_as_it_is_meant(today: date, text: str, meant: str) -> None:
    assert shorthand(read_time(text, today)) == meant


def test_the_table_is_worth_its_name() -> None:
    assert len(PHRASES) >= 150
    assert {today.month for today in TABLE} >= {1, 2, 3, 6, 10, 11, 12}, "all times of the year"


@pytest.mark.parametrize(
    "text",
    ["PÅ TORSDAG EFTER LUNCH", "pa torsdag efter lunch", "På  torsdag,  efter lunch!!", "på torsdag efter lunch 🙏"],
)
def test_case_dots_signs_and_blanks_make_no_difference(text: str) -> None:
    assert shorthand(read_time(text, TUESDAY)) == "2026-11-26 13:00-17:00"


@pytest.mark.parametrize("name", ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"])
def test_a_weekday_with_a_letter_left_out_doubled_or_swapped_is_still_that_day_or_not_understood(name: str) -> None:
    right = shorthand(read_time(name, TUESDAY))
    slips = {name[:at] + name[at + 1 :] for at in range(len(name))}
    slips |= {name[: at + 1] + name[at:] for at in range(len(name))}
    slips |= {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(len(name) - 1)}
    read = {slip: shorthand(read_time(slip, TUESDAY)) for slip in slips}
    wrong = {slip: meant for slip, meant in read.items() if meant not in {right, "nothing"}}
    assert wrong == {}
    understood = [slip for slip, meant in read.items() if meant == right]
    assert len(understood) >= 0.75 * len(slips)


@pytest.mark.parametrize(
    "text",
    ["Frida Larsson", "min son", "man får väl se", "vardagen är svår", "jag heter Maj", "i vår kommun", "fem barn"],
)
def test_words_that_look_like_a_day_or_a_month_are_not_taken_for_the_whole_of_one(text: str) -> None:
    reading = read_time(text, TUESDAY)
    assert reading is None or not reading.whole


@given(text=st.text(max_size=80), today=DAYS)
def test_no_text_breaks_the_grammar(text: str, today: date) -> None:
    reading = read_time(text, today)
    assert reading is None or reading.wish.windows


_WORDS = sorted({word for _, text, _ in PHRASES for word in text.split()})


@settings(max_examples=300)
@example(words=["efter", "1", "mars", "2028"], today=date(2026, 1, 1))
@given(words=st.lists(st.sampled_from(_WORDS), max_size=9), today=DAYS)
def test_any_order_of_words_gives_windows_that_are_windows(words: list[str], today: date) -> None:
    reading = read_time(" ".join(words), today)
    if reading is None:
        return
    assert decode(reading.wish.encode()) == reading.wish
    for window in reading.wish.windows:
        assert window.first <= window.last
        assert window.begins < window.ends
        assert window.weekdays
        assert window.last >= today or any("20" in word for word in words), "only a year that is named may be over"


@given(day=DAYS, weekday=st.integers(0, 6))
def test_a_weekday_is_the_coming_one_and_never_today(day: date, weekday: int) -> None:
    name = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")[weekday]
    reading = read_time(name, day)
    assert reading is not None
    (window,) = reading.wish.windows
    assert window.first.weekday() == weekday
    assert timedelta(0) < window.first - day <= timedelta(days=7)


@given(day=DAYS)
def test_next_thursday_is_shown_as_both_the_days_it_may_be(day: date) -> None:
    reading = read_time("nästa torsdag", day)
    assert reading is not None
    first, second = reading.wish.windows
    assert reading.wish.doubtful
    assert second.first - first.first == timedelta(days=7)
    assert first.first > day


@pytest.mark.parametrize(
    ("before", "now", "both"),
    [
        ("på torsdag", "efter lunch", "2026-11-26 13:00-17:00"),
        ("v 49", "inte fredag", "2026-11-30..2026-12-06 mon,tue,wed,thu,sat,sun"),
        ("v 49", "kl 9", "2026-11-30..2026-12-06 09:00-09:30"),
        ("torsdag efter lunch", "på fredag", "2026-11-27"),
        ("torsdag", "måndagar", "2026-11-24.. mon"),
        ("torsdag", "när som helst", "2026-11-24.."),
        ("nästa torsdag", "10", "2026-11-26 10:00-10:30 or 2026-12-03 10:00-10:30 ?"),
        ("kl 9", "efter 13", "2026-11-24.. 13:00-23:59"),
    ],
)
def test_what_is_added_belongs_to_the_days_that_were_named_before(before: str, now: str, both: str) -> None:
    first, second = read_time(before, TUESDAY), read_time(now, TUESDAY)
    assert first is not None
    assert second is not None
    wish = merged(first.wish, second.wish)
    assert shorthand(type(second)(wish, whole=True, by_clock=False, by_day=False, exact=False, points=False)) == both


class TestWindows:
    @pytest.mark.parametrize(
        "code",
        [
            "",
            "/spread",
            "20261126-20261126T1300-1700D0/nothing",
            "x",
            "20261399-20261126T1300-1700D0/spread",
            "20261126-20261126T2599-1700D0/spread",
        ],
    )
    def test_a_code_that_is_none_is_no_wish(self, code: str) -> None:
        assert decode(code) is None

    def test_a_window_is_wall_clock_in_summer_and_winter(self) -> None:
        for today in (date(2026, 10, 24), date(2026, 10, 31), date(2027, 3, 27), date(2027, 4, 3)):
            reading = read_time("måndag kl 9", today)
            assert reading is not None
            (window,) = reading.wish.windows
            nine = datetime(window.first.year, window.first.month, window.first.day, 9, tzinfo=STOCKHOLM)
            assert reading.wish.holds(nine)
            assert not reading.wish.holds(nine + timedelta(minutes=30))
            assert not reading.wish.holds(nine - timedelta(minutes=1))

    def test_nearness_counts_days_before_minutes(self) -> None:
        reading = read_time("26/11 kl 13", TUESDAY)
        assert reading is not None
        at = datetime(2026, 11, 26, 13, tzinfo=STOCKHOLM)
        distances = [reading.wish.distance(at + off) for off in (timedelta(0), timedelta(hours=-4), timedelta(days=1))]
        assert distances == sorted(distances)
        assert distances[0] == (0, 0)

    def test_a_day_of_its_own_has_every_hour(self) -> None:
        reading = read_time("26/11", TUESDAY)
        assert reading is not None
        (window,) = reading.wish.windows
        assert (window.begins, window.ends) == (DAY_BEGINS, DAY_ENDS)
