"""The most specific route wins, and no enquiry ever goes nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from api.contact.enquiries.routing import default_recipient, most_specific, recipient_of
from api.contact.enquiries.tables import MATTERS
from api.database import Database
from tests.api.contact.enquiries.conftest import OFFICE, place, route


@dataclass(frozen=True)
class Row:
    matter: str
    municipality_id: int | None
    function: str = "funktion"
    email: str = "funktion@example.org"


DEFAULT = Row("", None)
MATTER = st.sampled_from(MATTERS)
PLACE = st.none() | st.integers(1, 4)
ROWS = st.sets(st.builds(Row, st.sampled_from(("", *MATTERS)), PLACE)).map(lambda rows: rows | {DEFAULT})


def rank(row: Row) -> int:
    """How specific: both, the matter, the municipality, nothing."""
    return 2 * (row.matter != "") + (row.municipality_id is not None)


@given(rows=ROWS, matter=MATTER, municipality=PLACE)
def test_with_a_default_there_is_always_a_route_and_it_fits(
    rows: set[Row], matter: str, municipality: int | None
) -> None:
    found = most_specific(rows, matter, municipality)
    assert found is not None
    assert found.matter in ("", matter)
    assert found.municipality_id in (None, municipality)


@given(rows=ROWS, matter=MATTER, municipality=PLACE)
def test_no_other_fitting_route_is_more_specific(rows: set[Row], matter: str, municipality: int | None) -> None:
    found = most_specific(rows, matter, municipality)
    fitting = [row for row in rows if row.matter in ("", matter) and row.municipality_id in (None, municipality)]
    assert found is not None
    assert [row for row in fitting if rank(row) > rank(found)] == []


@given(rows=ROWS, matter=MATTER, municipality=PLACE)
def test_a_route_for_exactly_this_wins_whatever_else_there_is(
    rows: set[Row], matter: str, municipality: int | None
) -> None:
    exact = Row(matter, municipality)
    assert most_specific(rows | {exact}, matter, municipality) == exact


@given(rows=ROWS, matter=MATTER, municipality=PLACE, other=st.builds(Row, MATTER, PLACE))
def test_routes_for_something_else_change_nothing(
    rows: set[Row], matter: str, municipality: int | None, other: Row
) -> None:
    if other.matter != matter:
        assert most_specific(rows | {other}, matter, municipality) == most_specific(rows, matter, municipality)


@given(rows=ROWS, matter=MATTER, municipality=PLACE)
def test_the_order_of_the_rows_does_not_matter(rows: set[Row], matter: str, municipality: int | None) -> None:
    ordered = sorted(rows, key=str)
    assert most_specific(ordered, matter, municipality) == most_specific(ordered[::-1], matter, municipality)


def test_the_matter_goes_before_the_municipality(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        arvika, sunne = place(session, "Arvika"), place(session, "Sunne")
        route(session, "Alla", now)
        route(session, "Arvika", now, municipality=arvika)
        route(session, "Prao", now, matter="school_prao")
        route(session, "Sunneprao", now, matter="school_prao", municipality=sunne)
        reached = {
            (matter, municipality): recipient_of(session, matter, municipality, OFFICE).function
            for matter in ("school_prao", "staffing")
            for municipality in (arvika, sunne, None)
        }
    assert reached == {
        ("school_prao", arvika): "Prao",
        ("school_prao", sunne): "Sunneprao",
        ("school_prao", None): "Prao",
        ("staffing", arvika): "Arvika",
        ("staffing", sunne): "Alla",
        ("staffing", None): "Alla",
    }


def test_without_any_route_our_own_mailbox_gets_it(database: Database) -> None:
    with database.transaction(read_only=True) as session:
        assert default_recipient(session, OFFICE).email == "boka@example.org"


@pytest.mark.parametrize("matter", ["", "training"])
def test_the_database_holds_one_route_for_each_matter_and_municipality(
    database: Database, now: datetime, matter: str
) -> None:
    with database.transaction() as session:
        route(session, "En", now, matter=matter)
        with pytest.raises(IntegrityError), session.begin_nested():
            route(session, "En_till", now, matter=matter)
