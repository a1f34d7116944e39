"""The page of the chain: a year, a node, and the same figures as a file."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from api.insight.chain.tables import ChainCount
from tests.api.staff.conftest import Browser, House

PAGE = "/personal/insikt/kedjan"


@pytest.fixture(autouse=True)
def counts(house: House) -> None:
    with house.database.transaction() as session:
        for day, step, node, count in (
            (date(2026, 10, 3), "chat", "", 1234),
            (date(2026, 10, 4), "chat", "arvika", 66),
            (date(2026, 11, 3), "meeting", "arvika", 7),
            (date(2026, 11, 23), "application_click", "arvika", 5),  # today is not over
            (date(2025, 5, 1), "visit", "=cmd", 3),
        ):
            session.add(ChainCount(day=day, step=step, node=node, count=count))


async def test_a_year_shows_every_step_and_the_last_day_counted(staff: Browser) -> None:
    page = (await staff.get(PAGE)).text
    assert "Kedjan 2026, hela regionen" in page
    assert "1\u00a0300" in page
    assert "till och med 22 november 2026" in page


async def test_a_node_and_a_year_can_be_chosen(staff: Browser) -> None:
    page = (await staff.get(f"{PAGE}?ar=2026&ort=arvika")).text
    assert "Kedjan 2026, Arvika" in page
    assert 'data-label="Samtal i chatten">66<' in page
    assert "Kedjan 2025" in (await staff.get(f"{PAGE}?ar=2025")).text


@pytest.mark.parametrize("query", ["?ar=1999", "?ar=abc&ort=finns-inte", "?ar=99999999999999"])
async def test_what_cannot_be_read_is_this_year_everywhere(staff: Browser, query: str) -> None:
    answer = await staff.get(PAGE + query)
    assert answer.status_code == 200
    assert "Kedjan 2026, hela regionen" in answer.text


async def test_the_file_has_a_line_for_each_month_node_and_step(staff: Browser) -> None:
    answer = await staff.get(f"{PAGE}.csv?ar=2026")
    assert 'filename="kedjan-2026.csv"' in answer.headers["content-disposition"]
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert lines == [
        ["manad", "ort", "steg", "antal"],
        ["2026-10", "Arvika", "Samtal i chatten", "66"],
        ["2026-10", "Ingen ort", "Samtal i chatten", "1234"],
        ["2026-11", "Arvika", "Möten med vägledare", "7"],
    ]
    assert (await staff.get(f"{PAGE}.csv?ar=2026&ort=arvika")).text.count("\n") == 3


async def test_a_name_in_the_file_is_never_a_formula(staff: Browser) -> None:
    assert ";'=cmd;" in (await staff.get(f"{PAGE}.csv?ar=2025")).text
