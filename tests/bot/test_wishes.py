"""When people want to start and at which pace, counted from one Monday in November."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.text import load_words
from bot.nlu.wishes import WishGrammar

TODAY = date(2026, 11, 23)
GRAMMAR = WishGrammar(load_words())


def found(text: str, today: date = TODAY) -> dict[str, str]:
    return {wish.entity: wish.value for wish in GRAMMAR.find(text, today)}


@pytest.mark.parametrize(
    ("text", "pace"),
    [
        ("på halvfart", "50"),
        ("går det att läsa på halvtid?", "50"),
        ("50 procent", "50"),
        ("50%", "50"),
        ("plugga på 50 %", "50"),
        ("Heltid, tack", "100"),
        ("100 % eller inget", "100"),
        ("på 75 % av heltid", "75"),
        ("kvartsfart", "25"),
        ("25 procent bredvid jobbet", "25"),
        ("på distans", "distans"),
        ("läsa på nätet", "distans"),
        ("HEMIFRÅN", "distans"),
        ("hemifran", "distans"),
        ("kvällskurs", "kväll"),
        ("på kvällarna", "kväll"),
        ("läsa på deltid", "deltid"),
        ("kan man plugga vid sidan av jobbet", "deltid"),
        ("går det att läsa samtidigt som jag jobbar", "deltid"),
        ("50 procent vid sidan av jobbet", "50"),
        ("pa kvallen", "kväll"),
    ],
)
def test_a_pace_is_a_share_of_full_time_or_a_way_of_studying(text: str, pace: str) -> None:
    assert found(text).get("pace") == pace


@pytest.mark.parametrize(
    ("text", "pace"),
    [
        ("jag jobbar heltid", None),
        ("har en tjänst på 75 procent", None),
        ("jag jobbar heltid, kan man läsa på kvällen", "kväll"),
        ("jobbar och vill läsa på halvfart", "50"),
        ("orkar inte heltid", "deltid"),
        ("jag vill inte plugga på heltid", "deltid"),
        ("helst inte på distans", None),
    ],
)
def test_the_pace_of_work_is_none_of_study_and_a_refused_one_is_not_wished_for(text: str, pace: str | None) -> None:
    assert found(text).get("pace") == pace


@pytest.mark.parametrize("text", ["150 procent", "10 procent rabatt", "0,50 procent", "distansera", "hej", ""])
def test_other_shares_and_words_are_no_pace(text: str) -> None:
    assert "pace" not in found(text)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("till våren", "2027-01-01/2027-06-30"),
        ("i vår", "2027-01-01/2027-06-30"),
        ("i vår vill jag plugga", "2027-01-01/2027-06-30"),
        ("till varen", "2027-01-01/2027-06-30"),
        ("till vårterminen", "2027-01-01/2027-06-30"),
        ("till våren som kommer", "2027-01-01/2027-06-30"),
        ("vt 2028", "2028-01-01/2028-06-30"),
        ("vårterminen 2028", "2028-01-01/2028-06-30"),
        ("i höst", "2026-07-01/2026-12-31"),
        ("till hösten", "2027-07-01/2027-12-31"),
        ("nästa höst", "2027-07-01/2027-12-31"),
        ("nästa vår", "2027-01-01/2027-06-30"),
        ("till hösten 2028", "2028-07-01/2028-12-31"),
        ("hösten 2027", "2027-07-01/2027-12-31"),
        ("i januari", "2027-01-01/2027-01-31"),
        ("i jan", "2027-01-01/2027-01-31"),
        ("januari 2028", "2028-01-01/2028-01-31"),
        ("i februari 2028", "2028-02-01/2028-02-29"),
        ("i november", "2026-11-01/2026-11-30"),
        ("i december", "2026-12-01/2026-12-31"),
        ("i oktober", "2027-10-01/2027-10-31"),
        ("börjar i augusti", "2027-08-01/2027-08-31"),
        ("från mars", "2027-03-01/2027-03-31"),
        ("efter jul", "2027-01-01/2027-06-30"),
        ("efter nyår", "2027-01-01/2027-06-30"),
        ("efter sommaren", "2027-08-01/2027-10-31"),
        ("efter semestern", "2027-08-01/2027-10-31"),
    ],
)
def test_a_start_is_a_window_of_whole_days(text: str, window: str) -> None:
    assert found(text).get("start") == window


@pytest.mark.parametrize(
    ("text", "today", "window"),
    [
        ("till hösten", date(2026, 8, 1), "2026-07-01/2026-12-31"),
        ("till hösten", date(2026, 5, 1), "2026-07-01/2026-12-31"),
        ("nästa höst", date(2026, 8, 1), "2027-07-01/2027-12-31"),
        ("till våren", date(2027, 5, 20), "2028-01-01/2028-06-30"),
        ("i vår", date(2027, 5, 20), "2027-01-01/2027-06-30"),
        ("i december", date(2026, 12, 31), "2026-12-01/2026-12-31"),
        ("i december", date(2027, 1, 1), "2027-12-01/2027-12-31"),
    ],
)
def test_a_name_of_a_season_is_the_next_one_to_come(text: str, today: date, window: str) -> None:
    assert found(text, today)["start"] == window


@pytest.mark.parametrize(
    "text",
    [
        "finns det kurser i vår kommun",
        "börja var som helst",
        "kan man börja var man vill",
        "från var jag bor",
        "för vår del",
        "våren är fin",
        "i marsvin",
        "i jul",
        "maj",
        "hostan är jobbig",
        "",
    ],
)
def test_words_that_only_look_like_a_time_are_none(text: str) -> None:
    assert "start" not in found(text)


def test_a_message_can_hold_both_and_the_offsets_are_those_of_the_text() -> None:
    text = "Svets på 50 % till våren, går det?"
    assert {wish.entity: text[wish.start : wish.end] for wish in GRAMMAR.find(text, TODAY)} == {
        "pace": "50 %",
        "start": "till våren",
    }


@pytest.mark.parametrize("text", ["ﬁnns det i januari", "Straße i januari"])
def test_offsets_hold_even_where_folding_changes_the_length(text: str) -> None:
    assert [text[wish.start : wish.end] for wish in GRAMMAR.find(text, TODAY)] == ["i januari"]
