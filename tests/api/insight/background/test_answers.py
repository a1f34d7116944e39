"""Answers about background are kept as counts that lead to nobody."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from api.database import Database
from api.insight.background.answers import BATCH, Answers
from api.insight.background.figures import background
from api.insight.background.questions import AFTER, questions
from api.insight.background.tables import BackgroundCount
from api.insight.days import year_of
from tests.api.staff.conftest import Browser, House
from tests.api.staff.desk import form_of

DAY = date(2026, 11, 23)
NOVEMBER = date(2026, 11, 1)
ONE = {"kon": "kvinna", "alder": "25-34", "fodd": "utanfor"}

Stored = dict[tuple[date, str, str, str], int]


def stored(database: Database) -> Stored:
    with database.transaction(read_only=True) as session:
        rows = session.scalars(select(BackgroundCount))
        return {(row.month, row.step, row.question, row.answer): row.count for row in rows}


class TestKeeping:
    def test_nothing_is_stored_before_there_are_ten(self, database: Database) -> None:
        answers = Answers(database)
        for _ in range(BATCH - 1):
            answers.take(DAY, "meeting", ONE)
        assert stored(database) == {}
        answers.take(DAY, "meeting", {"kon": "man"})
        assert stored(database) == {
            (NOVEMBER, "meeting", "kon", "kvinna"): 9,
            (NOVEMBER, "meeting", "kon", "man"): 1,
            (NOVEMBER, "meeting", "alder", "25-34"): 9,
            (NOVEMBER, "meeting", "fodd", "utanfor"): 9,
        }

    def test_a_process_that_stops_stores_what_waits(self, database: Database) -> None:
        answers = Answers(database)
        answers.take(DAY, "event", ONE)
        answers.store()
        answers.store()
        assert sum(stored(database).values()) == 3

    def test_batches_add_up_and_keep_their_months(self, database: Database) -> None:
        first, second = Answers(database), Answers(database)
        for number in range(BATCH):
            first.take(date(2026, 11, 30) if number % 2 else date(2026, 12, 1), "chat", {"kon": "man"})
            second.take(DAY, "chat", {"kon": "man"})
        assert stored(database) == {
            (NOVEMBER, "chat", "kon", "man"): 15,
            (date(2026, 12, 1), "chat", "kon", "man"): 5,
        }

    def test_what_could_not_be_stored_waits_on(self, database: Database) -> None:
        answers = Answers(database)
        with database.transaction() as session:
            BackgroundCount.__table__.drop(session.connection())
        for _ in range(BATCH):
            answers.take(DAY, "chat", {"kon": "man"})  # whoever answers notices nothing
        with pytest.raises((OperationalError, ProgrammingError)):
            answers.store()
        with database.transaction() as session:
            BackgroundCount.__table__.create(session.connection())
        answers.store()
        assert stored(database) == {(NOVEMBER, "chat", "kon", "man"): BATCH}

    def test_the_table_has_no_column_that_could_name_anybody(self) -> None:
        assert set(inspect(BackgroundCount).columns.keys()) == {"month", "step", "question", "answer", "count"}


def test_every_question_can_be_left_and_its_keys_fit_the_table() -> None:
    for question in questions():
        assert "vill-inte" in question.answers
        assert all(len(key) <= 20 for key in (question.key, *question.answers))


class TestThePage:
    async def test_answers_are_taken_and_thanked_for(self, house: House) -> None:
        browser = house.browser()
        page = await browser.get("/om-dig?efter=traff")
        assert page.status_code == 200
        assert page.headers["referrer-policy"] == "same-origin"
        sent = form_of(page, "/om-dig") | ONE
        for _ in range(BATCH):
            answer = await browser.client.post("/om-dig", data=sent)
            assert (answer.status_code, answer.headers["location"]) == (303, "/om-dig/tack")
            assert "set-cookie" not in answer.headers
        assert stored(house.database)[NOVEMBER, "event", "kon", "kvinna"] == BATCH
        assert (await browser.get("/om-dig/tack")).status_code == 200

    async def test_only_the_step_comes_along(self, house: House) -> None:
        page = await house.browser().get("/om-dig?efter=hemligt-x7&bokning=AB12")
        assert "hemligt" not in page.text
        assert "AB12" not in page.text
        assert set(AFTER) == {"mote", "traff", "studiebesok", "chatt"}

    async def test_an_empty_form_is_asked_again(self, house: House) -> None:
        answer = await house.browser().client.post("/om-dig", data={"efter": "mote", "kon": "påhittat"})
        assert answer.status_code == 422
        assert "Svara på minst en fråga" in answer.text

    async def test_a_form_on_another_site_is_refused(self, house: House) -> None:
        browser = house.browser(**{"Sec-Fetch-Site": "cross-site"})
        assert (await browser.client.post("/om-dig", data=ONE)).status_code == 403

    async def test_one_network_cannot_fill_the_figures(self, house: House) -> None:
        browser = house.browser()
        found = [(await browser.client.post("/om-dig", data=ONE)).status_code for _ in range(40)]
        assert (found[0], found[-1]) == (303, 429)


async def test_the_chain_shows_shares_and_no_small_group(house: House, staff: Browser) -> None:
    with house.database.transaction() as session:
        for answer, count in (("kvinna", 30), ("man", 10), ("annat", 4)):
            row = {"month": NOVEMBER, "step": "meeting", "question": "kon", "answer": answer, "count": count}
            session.add(BackgroundCount(**row))
    with house.database.transaction(read_only=True) as session:
        (after,) = background(session, year_of(2026))
    assert after.tables[0].lines == (("Kvinna", 75), ("Man", 25), ("Annat", None), ("Vill inte svara", None))
    page = (await staff.get("/personal/insikt/kedjan?ar=2026")).text
    assert "75 %" in page
    assert "Färre än 10 svar" in page
