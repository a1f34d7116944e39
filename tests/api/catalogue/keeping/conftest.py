"""The app with the seed data, and somebody of the staff at a browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Course, Node, Occasion
from api.database import Database
from api.guidance.tables import Occupation
from api.main import create_app
from api.row_json import JsonRow, row_json
from api.settings import Settings
from tests.api.staff.conftest import SETTINGS, Browser, House
from tests.conftest import MovableClock

LIST = "/personal/utbildningar"


@pytest.fixture
async def house(seeded_both: Database, clock: MovableClock) -> AsyncIterator[House]:
    settings = Settings(**SETTINGS)
    house = House(create_app(settings, clock=clock, database=seeded_both), seeded_both, settings, clock)
    yield house
    await house.app.state.bot.close()
    house.app.state.vacancies.close()


@pytest.fixture
def staff(house: House) -> Browser:
    return house.signed_in(house.account())


@pytest.fixture
def add(seeded_both: Database, clock: MovableClock) -> Callable[..., int]:
    """Puts an occasion into the database, past the history; its id. Complete and published unless a test says else."""

    def make(external_id: str, **values: Any) -> int:
        standard: dict[str, Any] = {
            "start_date": date(2027, 1, 11),
            "end_date": date(2027, 10, 15),
            "apply_from": date(2026, 10, 5),
            "apply_to": date(2026, 12, 4),
            "apply_url": "https://example.org/ansok",
            "status": "published",
            "updated_at": clock(),
        }
        with seeded_both.transaction() as session:
            course_id = values.pop("course_id", None) or session.scalars(select(Course.id).order_by(Course.id)).first()
            row = Occasion(external_id=external_id, **{**standard, "course_id": course_id, **values})
            session.add(row)
            session.flush()
            return row.id

    return make


@pytest.fixture
def add_course(seeded_both: Database) -> Callable[..., int]:
    """Puts a course without occasions into the database; its id."""

    def make(title: str, **values: Any) -> int:
        with seeded_both.transaction() as session:
            course = Course(
                title=title,
                node_id=session.scalars(select(Node.id).order_by(Node.id)).first(),
                occupation_id=session.scalars(select(Occupation.id).order_by(Occupation.id)).first(),
                description="Du lär dig grunderna.",
                **values,
            )
            session.add(course)
            session.flush()
            return course.id

    return make


def stored(database: Database, number: int, model: Any = Occasion) -> JsonRow | None:
    """The row as JSON, without the moment of its latest change."""
    with database.transaction(read_only=True) as session:
        row = session.get(model, number)
        found = row_json(row) if row is not None else None
    if found:
        found.pop("updated_at", None)
    return found


def everything(session: Session) -> dict[str, list[JsonRow]]:
    """All courses and occasions."""
    return {
        model.__tablename__: [row_json(row) for row in session.scalars(select(model).order_by(model.id)).unique()]
        for model in (Course, Occasion)
    }


def fields(page: str) -> dict[str, str]:
    """What the form that changes a row holds, as a browser would send it: by name."""
    form = re.search(r'<form class="edit".*?</form>', page, re.DOTALL)
    assert form, "no form"
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", form[0]):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") != "checkbox" or " checked" in tag:
            found[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, inner in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        found[name] = unescape(chosen[1]) if chosen else ""
    for name, inner in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL):
        found[name] = unescape(inner)
    found.pop("csrf")
    return found


def undo_address(page: str) -> str:
    """Where the button "Ångra" on the page leads."""
    found = re.search(r'action="(/personal/angra/[0-9a-f]+)"', page)
    assert found, "nothing to undo"
    return found[1]


async def follow(staff: Browser, answer: Any) -> str:
    """The page that a change leads to."""
    assert answer.status_code == 303, answer.text
    page = await staff.get(answer.headers["location"])
    assert page.status_code == 200
    return page.text


async def undo(staff: Browser, page: str, here: str = LIST) -> Any:
    """Press "Ångra"."""
    return await staff.post(undo_address(page), here=here)
