"""A form as it is shown, sent, refused and sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import pytest

from api import cells
from api.staff.editing.fields import Field, blank, lines_of, of_row, one_of, submitted

FIELDS = (
    Field("title", partial(cells.line_text, limit=20), required=True),
    Field("start", cells.swedish_date),
    Field("distance", cells.boolean),
    Field("places", cells.integer),
    Field("aliases", lines_of(partial(cells.line_text, limit=10), most=3)),
    Field("status", one_of(("draft", "published"))),
)


@dataclass
class Row:
    title: str = "Svetsare"
    start: date | None = date(2027, 1, 11)
    distance: bool = True
    places: int | None = None
    aliases: tuple[str, ...] = ("svets", "tig")
    status: str = "draft"


SENT = {"title": "Svetsare", "start": "2027-01-11", "distance": "ja", "places": "", "aliases": "svets\r\ntig\r\n"}


def send(row: Row | None = None, shown: Row | None = None, **changed: str) -> dict[str, str]:
    """What a browser sends for the form of `shown` with some fields changed."""
    form = of_row(FIELDS, shown or row or Row())
    return {**form.texts, "base": form.base} | changed


def test_what_is_stored_stands_in_the_form_and_comes_back_the_same() -> None:
    row = Row()
    form = submitted(FIELDS, send(row), row)
    assert form.sound
    assert form.values == {
        "title": "Svetsare",
        "start": date(2027, 1, 11),
        "distance": True,
        "places": None,
        "aliases": ["svets", "tig"],
        "status": "draft",
    }


def test_line_breaks_of_browsers_are_no_change() -> None:
    assert submitted(FIELDS, send(aliases="svets\r\ntig\r\n"), Row()).conflicts == ()


def test_a_box_that_is_not_ticked_is_not_sent_and_means_no() -> None:
    posted = send()
    del posted["distance"]
    assert submitted(FIELDS, posted, Row()).values["distance"] is False


def test_everything_that_is_wrong_is_told_at_once_and_what_was_typed_is_kept() -> None:
    form = submitted(FIELDS, send(title=" ", start="31/2 2027", places="många", status="bort"), Row())
    assert form.errors == {
        "title": "Fyll i fältet.",
        "start": "Den dagen finns inte i kalendern. Kontrollera dag och månad.",
        "places": "Skriv ett heltal, bara siffror.",
        "status": "Välj något i listan.",
    }
    assert form.texts["start"] == "31/2 2027"
    assert "start" not in form.values
    assert not form.sound


def test_what_somebody_else_has_stored_meanwhile_is_shown_before_anything_is_stored() -> None:
    form = submitted(FIELDS, send(shown=Row(), title="Svets, grund"), Row(places=12))
    assert not form.sound
    assert [(one.name, one.theirs) for one in form.conflicts] == [("places", "12")]
    assert (form.texts["title"], form.texts["places"]) == ("Svets, grund", "12")
    again = submitted(FIELDS, {**form.texts, "base": form.base}, Row(places=12))
    assert again.sound
    assert (again.values["title"], again.values["places"]) == ("Svets, grund", 12)


@pytest.mark.parametrize("base", ["", "nej", "[]", '{"title": 1}', "[" * 100_000])
def test_a_hidden_field_somebody_has_spoilt_counts_as_nothing_seen(base: str) -> None:
    form = submitted(FIELDS, send(title="Annat", base=base), Row())
    assert [one.name for one in form.conflicts] == ["title"]


def test_a_new_row_has_nothing_to_conflict_with() -> None:
    assert submitted(FIELDS, {**blank(FIELDS, title="Ny").texts, "status": "draft"}, None).sound


def test_items_stand_on_a_line_each_without_blanks_and_doubles_and_not_too_many() -> None:
    assert submitted(FIELDS, send(aliases="a\n\n b \na"), Row()).values["aliases"] == ["a", "b"]
    assert "Högst 3" in submitted(FIELDS, send(aliases="a\nb\nc\nd"), Row()).errors["aliases"]
