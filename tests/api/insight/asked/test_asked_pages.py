"""What people ask, as staff see it: figures that tell nobody's business."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.insight.asked import figures, rolling
from api.insight.asked.likeness import grouped
from api.insight.asked.periods import choices, period, place_of
from api.insight.asked.tables import PlaceDay, TopicDay
from api.insight.charts import bars
from api.settings import Settings
from tests.api.insight.talks import MISSED, Said, local, many, talk
from tests.api.staff.conftest import Browser, House

PATH = "/personal/insikt"
LIST = f"{PATH}/oforstadda"
MORNING = local(2026, 11, 23, 8)
TODAY = date(2026, 11, 23)


def roll(house: House) -> None:
    rolling.roll_up(house.database, Settings(), house.clock)


def said(house: House, *every: tuple[int, Said]) -> None:
    """So many conversations with each turn, counted."""
    with house.database.transaction() as session:
        for count, turn in every:
            many(session, MORNING, count, turn)
    roll(house)


def plain(page: str) -> str:
    """The text of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


# --- Periods ------------------------------------------------------------------------------------------------------


def test_four_weeks_end_today_and_have_four_steps() -> None:
    weeks = period("", TODAY)
    assert (weeks.first, weeks.last) == (date(2026, 10, 27), TODAY)
    assert (weeks.steps[0].first, weeks.steps[0].last) == (date(2026, 10, 27), date(2026, 11, 2))
    assert len(weeks.steps) == 4


@given(st.dates(date(2025, 1, 1), date(2030, 12, 31)), st.sampled_from(["", "month", "year", "2026-13", "x' OR 1"]))
def test_the_steps_of_a_period_are_its_days_each_once(today: date, kind: str) -> None:
    key = {"month": f"{today:%Y-%m}", "year": f"{today:%Y}"}.get(kind, kind)
    chosen = period(key, today)
    days = [chosen.first + timedelta(days=number) for number in range((chosen.last - chosen.first).days + 1)]
    assert [day for step in chosen.steps for day in days if step.first <= day <= step.last] == days
    assert place_of(chosen.last, chosen.steps) == len(chosen.steps) - 1


@pytest.mark.parametrize(
    ("key", "first", "last", "steps"),
    [
        ("2026-11", date(2026, 11, 1), TODAY, 4),
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31), 5),
        ("2026", date(2026, 1, 1), TODAY, 11),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), 12),
        ("2027", date(2026, 10, 27), TODAY, 4),
        ("2026-12", date(2026, 10, 27), TODAY, 4),
    ],
)
def test_a_period_goes_no_further_than_today(key: str, first: date, last: date, steps: int) -> None:
    chosen = period(key, TODAY)
    assert (chosen.first, chosen.last, len(chosen.steps)) == (first, last, steps)


def test_what_can_be_chosen_begins_with_the_weeks_and_goes_back_to_the_first_day() -> None:
    keys = [key for key, _ in choices(date(2026, 9, 30), TODAY)]
    assert keys == ["", "2026", "2026-11", "2026-10", "2026-09"]


def test_the_highest_bar_fills_the_drawing_and_a_hidden_one_has_no_height() -> None:
    chart = bars("a", "A", ["x", "y", "z"], [4, None, 2], [1, 0, 2])
    assert [bar.height for bar in chart.bars] == [104, 0, 52]
    assert [bar.hatched for bar in chart.bars] == [26, 0, 52]
    assert all(bar.x + bar.width <= chart.width for bar in chart.bars)


# --- Likeness -----------------------------------------------------------------------------------------------------


def test_the_same_question_in_other_order_or_with_a_slip_is_one_group() -> None:
    texts = ["finns det parkering", "parkering finns det", "finns det parkerng", "kan jag ta med min hund"]
    assert len(set(grouped(texts).values())) == 2


# --- The page -----------------------------------------------------------------------------------------------------


async def test_the_page_tells_what_was_asked_in_words_tables_and_drawings(house: House, staff: Browser) -> None:
    said(house, (12, Said("vad kostar det", "cost", thumb="up")), (3, Said("blorf", MISSED)))
    page = await staff.get(PATH)
    text = plain(page.text)
    assert "Frågor 15" in text
    assert "Förstods inte 20 % (3)" in text
    assert "Tummen upp 12" in text
    assert "Återvändsgränder 3" in text
    assert page.text.count("<svg") == 2
    assert "Se det som inte förstods (3)" in text
    assert "style=" not in page.text


async def test_an_empty_period_says_so(staff: Browser) -> None:
    assert "Ingen har frågat något under perioden." in plain((await staff.get(f"{PATH}?period=2026")).text)


async def test_a_municipality_of_few_is_neither_shown_nor_to_be_reckoned(house: House, staff: Browser) -> None:
    said(
        house,
        (9, Said("pris", "cost", "Hagfors")),
        (21, Said("pris", "cost", "Arvika")),
        (33, Said("pris", "cost", "Karlstad")),
    )
    table = plain((await staff.get(PATH)).text).partition("Kommun Samtal")[2]
    assert "Karlstad 35" in table
    assert "Hagfors färre än 10, eller dolt" in table
    assert "Arvika färre än 10, eller dolt" in table  # otherwise 63 - 33 - 21 would tell
    hagfors = plain((await staff.get(f"{PATH}?kommun=Hagfors")).text)
    assert "Färre än tio samtal har handlat om Hagfors" in hagfors
    assert "Mest frågat" not in hagfors
    karlstad = plain((await staff.get(f"{PATH}?kommun=Karlstad")).text)
    assert "Omkring 35 samtal har handlat om Karlstad" in karlstad


async def test_an_unknown_municipality_is_the_whole_region(staff: Browser) -> None:
    page = await staff.get(f"{PATH}?kommun=Atlantis&period=9999-99")
    assert page.status_code == 200
    assert "Hela regionen, senaste fyra veckorna" in plain(page.text)


async def test_the_file_has_every_topic_and_runs_nothing(house: House, staff: Browser) -> None:
    said(house, (12, Said("pris", "cost", "Arvika")))
    with house.database.transaction() as session:
        values = {"turns": 1, "talks": 1, "not_understood": 0, "thumbs_up": 0, "thumbs_down": 0, "dead_ends": 0}
        session.add(TopicDay(day=TODAY, topic="=1+1", municipality="", **values))
    answer = await staff.get(f"{PATH}/fil.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer.headers["content-disposition"] == 'attachment; filename="fragor-2026-10-27-2026-11-23.csv"'
    assert lines[0].startswith("Ämne;Frågor;Andel i procent;Tummen upp;Tummen ner;Återvändsgränder;27/10–2/11;")
    assert lines[1].split(";")[1:3] == ["12", "92"]
    assert lines[2].startswith("'=1+1;1;")
    small = (await staff.get(f"{PATH}/fil.csv?kommun=Hagfors")).content.decode("utf-8-sig").splitlines()
    assert len(small) == 1
    large = (await staff.get(f"{PATH}/fil.csv?kommun=Arvika")).content.decode("utf-8-sig").splitlines()
    few = "färre än 10, eller dolt"
    assert large[0].startswith("Ämne;Samtal (avrundat till närmaste fem);27/10–2/11;")
    assert large[1] == f"Arvika;10;{few};{few};{few};{few}", "the other weeks are empty, so the last one is hidden too"
    assert len(large) == 3


async def test_a_municipality_has_its_topics_over_time_and_no_small_figure_among_them(
    house: House, staff: Browser
) -> None:
    with house.database.transaction() as session:
        values = {"turns": 1, "not_understood": 0, "thumbs_up": 0, "thumbs_down": 0, "dead_ends": 0}
        weeks = [TODAY - timedelta(days=7 * number) for number in range(3, -1, -1)]
        table = {"cost": (40, 52, 61, 33), "csn": (21, 3, 44, 30), "easy_swedish": (0, 0, 4, 0)}
        for topic, counts in table.items():
            for day, talks in zip(weeks, counts, strict=True):
                if talks:
                    session.add(TopicDay(day=day, topic=topic, municipality="Arvika", talks=talks, **values))
        for day, *talks in zip(weeks, *table.values(), strict=True):
            session.add(PlaceDay(day=day, municipality="Arvika", talks=sum(talks)))
        session.flush()
        one = figures.one_place(session, period("", TODAY), "Arvika")
    assert one.steps == (60, 55, 110, 65)
    lines = {line.topic: line for line in one.lines}
    assert (lines["csn"].talks, lines["easy_swedish"].talks) == (None, None), "one so small is not hidden alone"
    assert lines["csn"].steps == lines["easy_swedish"].steps == (None,) * 4
    # In the second week the hidden ones are three talks together, and one hidden week is the total less the others.
    assert (lines["cost"].talks, lines["cost"].steps) == (185, (40, None, 60, None))
    page = await staff.get(f"{PATH}?kommun=Arvika")
    assert page.text.count("<svg") == 2
    assert "17/11–23/11 65 färre än 10, eller dolt" in plain(page.text)
    file = (await staff.get(f"{PATH}/fil.csv?kommun=Arvika")).content.decode("utf-8-sig").splitlines()
    few = "färre än 10, eller dolt"
    assert file[1] == "Arvika;290;60;55;110;65"
    assert file[2].partition(";")[2] == f"185;40;{few};60;{few}"


# --- What was not understood --------------------------------------------------------------------------------------


async def test_messages_that_are_alike_stand_together_with_their_number(house: House, staff: Browser) -> None:
    said(
        house,
        (2, Said("Finns det parkering?", MISSED)),
        (1, Said("parkering finns det", MISSED)),
        (1, Said("kan jag ta med hunden", "cost", thumb="down", comment="Fel svar")),
    )
    text = plain((await staff.get(LIST)).text)
    assert "4 meddelanden" in text
    assert re.search(r"Finns det parkering\? 3 23 november 2026 Förstods inte", text)
    assert "kan jag ta med hunden" not in plain((await staff.get(f"{LIST}?visa=oforstadda")).text)
    only = plain((await staff.get(f"{LIST}?visa=tummen-ner")).text)
    assert "kan jag ta med hunden" in only
    assert "parkering" not in only.partition("<table")[0].partition("Meddelande Antal")[2]


async def test_the_start_page_counts_them(house: House, staff: Browser) -> None:
    said(house, (2, Said("blorf flurp", MISSED)))
    assert "Frågor som inte förstods (2)" in plain((await staff.get("/personal")).text)


async def test_a_place_of_few_is_not_named_beside_a_message_and_nobody_is(house: House, staff: Browser) -> None:
    said(
        house,
        (1, Said("blorf i Hagfors", MISSED, "Hagfors")),
        (30, Said("pris", "cost", "Arvika")),
        (30, Said("pris", "cost", "Sunne")),
        (1, Said("flurp i vår kommun", MISSED, "Arvika")),
    )
    with house.database.transaction() as session:
        number = talk(session, MORNING, Said("gnurk snork", "cost", thumb="down", comment="Nej"))
    roll(house)
    for text, place in (("blorf", ""), ("flurp", "Arvika"), ("gnurk", "")):
        page = await staff.get(LIST)
        link = re.search(rf'href="({LIST}/\d+)">{text}', page.text)
        assert link
        group = await staff.get(link[1])
        assert str(number) not in group.text
        assert number.hex not in group.text
        assert "23 november 2026" + (f", {place}" if place else "") + "." in plain(group.text)


async def test_a_large_place_is_named(house: House, staff: Browser) -> None:
    said(house, (30, Said("pris", "cost", "Arvika")), (30, Said("pris", "cost", "Sunne")))
    said(house, (1, Said("flurp", MISSED, "Arvika")))
    link = re.search(rf'href="({LIST}/\d+)"', (await staff.get(LIST)).text)
    assert link
    assert "23 november 2026, Arvika." in plain((await staff.get(link[1])).text)


async def test_dismissed_messages_are_gone_from_the_list(house: House, staff: Browser) -> None:
    said(house, (2, Said("blorf flurp", MISSED)), (1, Said("annat helt", MISSED)))
    link = re.search(rf'href="({LIST}/\d+)">blorf', (await staff.get(LIST)).text)
    assert link
    page = await staff.get(link[1])
    ids = re.findall(r'name="val" type="checkbox" value="(\d+)"', page.text)
    answer = await staff.client.post(link[1], data={"csrf": staff.csrf, "val": ids, "gor": "avfarda"})
    assert answer.headers["location"] == f"{LIST}?klart=avfardade&antal=2"
    text = plain((await staff.get(answer.headers["location"])).text)
    assert "2 meddelanden är avfärdade." in text
    assert "blorf" not in text
    assert (await staff.get(link[1])).status_code == 404
    assert house.actions()[-1] == "phrase.dismiss"


@pytest.mark.parametrize("path", [PATH, LIST, f"{PATH}/fil.csv", "/personal/exempel"])
async def test_counsellors_are_not_let_in(house: House, path: str) -> None:
    counsellor = house.signed_in(house.account("v@example.org", "counsellor"))
    assert (await counsellor.get(path)).status_code == 403


def test_figures_of_a_place_are_told_only_together_with_enough_others(house: House) -> None:
    with house.database.transaction() as session:
        for name, talks in (("Arvika", 40), ("Sunne", 9), ("Torsby", 8)):
            session.add(PlaceDay(day=TODAY, municipality=name, talks=talks))
        session.flush()
        assert figures.by_municipality(session, period("", TODAY)) == {"Arvika": 40, "Sunne": None, "Torsby": None}
        assert figures.large_enough(session, TODAY, TODAY) == {"Arvika"}
