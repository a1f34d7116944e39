"""What the list of occasions finds, counts and shows first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from api.catalogue.keeping import listing
from api.catalogue.keeping.attention import CHORES
from api.catalogue.keeping.listing_form import ATTENTION, WITHOUT_OCCASIONS, ListForm, read_list_form
from api.catalogue.tables import Course, Node, Occasion
from api.database import Database
from tests.conftest import MovableClock

TODAY = date(2026, 11, 23)


@pytest.fixture
def empty(seeded_both: Database) -> Database:
    """Courses, but no occasions."""
    with seeded_both.transaction() as session:
        session.execute(delete(Occasion))
    return seeded_both


@pytest.fixture
def find(seeded_both: Database, clock: MovableClock) -> Callable[..., listing.Listing]:
    def ask(**chosen: object) -> listing.Listing:
        with seeded_both.transaction(read_only=True) as session:
            return listing.find(session, ListForm(**chosen), clock())  # type: ignore[arg-type]

    return ask


def ids(found: listing.Listing) -> list[str]:
    return [line.external_id for line in found.lines if line.id]


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_everything_is_there_page_by_page(
    empty: Database, add: Callable[..., int], find: Callable[..., listing.Listing]
) -> None:
    for number in range(120):
        add(f"x-{number}", start_date=days(number))
    with empty.transaction(read_only=True) as session:
        others = len(session.scalars(select(Course.id)).all()) - 1
    first = find()
    assert (first.occasions, first.total, first.pages) == (120, 120 + others, -(-(120 + others) // 50))
    seen = [line for page in range(1, first.pages + 1) for line in find(page=page).lines]
    assert sorted(line.external_id for line in seen if line.id) == sorted(f"x-{number}" for number in range(120))
    courses = [line.course_id for line in seen if line.id is None]
    assert len(set(courses)) == len(courses) == others
    assert find(page=99).form.page == first.pages


def test_words_are_found_in_course_occupation_town_and_id_however_they_are_written(
    empty: Database,
    add: Callable[..., int],
    add_course: Callable[..., int],
    find: Callable[..., listing.Listing],
) -> None:
    course = add_course("Ögonmått och Räknande 100 %_x")
    add("EX-ÅÄÖ-1", course_id=course)
    with empty.transaction(read_only=True) as session:
        town = session.scalars(select(Node.town).order_by(Node.id)).first() or ""
    for words in ("ögonmått", "ÖGONMÅTT", "ogonmatt", "räkn ögon", "100 %_x", "ex-åäö", town, f"{town.upper()} ögon"):
        assert "EX-ÅÄÖ-1" in ids(find(words=words)), words
    for words in ("ögonmått bagare", "%%%", "100x%_", "ög'on", "\\"):
        assert ids(find(words=words)) == [], words


def test_attention_finds_each_kind_and_nothing_else(
    empty: Database, add: Callable[..., int], clock: MovableClock, find: Callable[..., listing.Listing]
) -> None:
    add("good", start_date=days(60), apply_to=days(10))
    add("today", start_date=days(60), apply_to=days(0))
    add("late", start_date=days(60), apply_to=days(-1))
    add("late-begun", start_date=days(-2), apply_to=days(-10))
    add("late-any-time", start_date=days(60), apply_to=days(-1), continuous=True)
    add("late-draft", start_date=days(60), apply_to=days(-1), status="draft")
    add("near", start_date=days(14), status="draft")
    add("not-near", start_date=days(15), status="draft")
    add("old", start_date=days(90), status="draft", updated_at=clock() - timedelta(days=31))
    add("no-start", start_date=None)
    add("no-way", start_date=days(60), apply_url="")
    add("mail", start_date=days(60), apply_url="", contact_email="vagledning@example.org")
    assert {name: sorted(ids(find(attention=name))) for name in ATTENTION if name != WITHOUT_OCCASIONS} == {
        "ansokan-gatt": ["late"],
        "utkast-nara": ["near"],
        "gamla-utkast": ["old"],
        "utan-start": ["no-start"],
        "utan-ansokan": ["no-way"],
    }
    bare = find(attention=WITHOUT_OCCASIONS)
    assert bare.occasions == 0
    assert bare.lines
    assert all(line.id is None for line in bare.lines)
    [marked] = [line for line in find(words="near").lines if line.external_id == "near"]
    assert marked.attention == ("utkast-nara",)
    with empty.transaction(read_only=True) as session:
        found = list(CHORES.waiting(session, clock()))
    assert [chore.count for chore in found] == [1, 1, 1]
    for chore, external_id in zip(found, ("late", "near", "old"), strict=True):
        query = dict(part.split("=") for part in chore.address.partition("?")[2].split("&"))
        assert ids(find(**vars(read_list_form(query)))) == [external_id]


def test_every_occasion_is_coming_going_on_or_over(
    empty: Database, add: Callable[..., int], find: Callable[..., listing.Listing]
) -> None:
    add("coming", start_date=days(1), end_date=days(9))
    add("undated", start_date=None, end_date=None)
    add("begins", start_date=days(0), end_date=days(9))
    add("endless", start_date=days(-500), end_date=None)
    add("any-time", start_date=None, end_date=None, continuous=True)
    add("last-day", start_date=days(-9), end_date=days(0))
    add("over", start_date=days(-9), end_date=days(-1))
    add("any-time-over", start_date=None, end_date=days(-1), continuous=True)
    expected = {
        "kommande": ["coming", "undated"],
        "pagaende": ["any-time", "begins", "endless", "last-day"],
        "avslutade": ["any-time-over", "over"],
    }
    assert {phase: sorted(ids(find(phase=phase))) for phase in expected} == expected
    assert find().counts["phase"] == {phase: len(names) for phase, names in expected.items()}


def test_counts_say_what_each_further_choice_would_leave(
    empty: Database, add: Callable[..., int], find: Callable[..., listing.Listing]
) -> None:
    add("a", status="published", start_date=days(30))
    add("b", status="draft", start_date=days(30))
    add("c", status="draft", start_date=days(-30), end_date=days(-1), example=True)
    add("d", status="full", start_date=days(-30), end_date=days(9), source="susa")
    found = find(status="draft")
    for kind, values in found.counts.items():
        for value, count in values.items():
            again = find(**{"status": "draft", kind: value})
            assert count == (again.total - again.occasions if value == WITHOUT_OCCASIONS else again.occasions), value
    assert found.counts["status"] == {"draft": 2, "published": 1, "cancelled": 0, "full": 1}
    assert found.counts["source"] == {"egen": 1, "exempel": 1, "susa": 0}


def test_orders(
    empty: Database, add: Callable[..., int], clock: MovableClock, find: Callable[..., listing.Listing]
) -> None:
    now: datetime = clock()
    add("b", start_date=days(5), apply_to=None, updated_at=now - timedelta(hours=1))
    add("a", start_date=None, apply_to=days(4), updated_at=now - timedelta(hours=3))
    add("c", start_date=days(1), apply_to=days(9), updated_at=now - timedelta(hours=2))
    assert ids(find()) == ["b", "c", "a"]
    assert ids(find(order="start")) == ["c", "b", "a"]
    assert ids(find(order="sista-dag")) == ["a", "c", "b"]
    assert ids(find(order="titel")) == ["c", "b", "a"]


def test_addresses_say_the_choices_and_what_is_no_choice_is_left_out() -> None:
    form = ListForm(words="svets å", node="karlstad", status="draft", phase="kommande", order="start", page=3)
    query = {
        "q": "svets å",
        "nod": "karlstad",
        "status": "draft",
        "lage": "kommande",
        "ordning": "start",
        "sida": "3",
    }
    assert read_list_form(query) == form
    assert (
        form.address()
        == "/personal/utbildningar?q=svets+%C3%A5&nod=karlstad&status=draft&lage=kommande&ordning=start&sida=3"
    )
    odd = {
        "nod": "A b",
        "status": "x",
        "lage": "'",
        "sida": "0",
        "visa": "%",
        "kalla": "?",
        "ordning": "-",
        "q": "\x00",
    }
    assert read_list_form(odd) == ListForm()


def test_the_page_is_made_by_few_statements_however_many_rows_there_are(
    empty: Database, add: Callable[..., int], clock: MovableClock
) -> None:
    for number in range(60):
        add(f"x-{number}")
    statements: list[str] = []
    from sqlalchemy import event

    event.listen(empty.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with empty.transaction(read_only=True) as session:
        listing.find(session, ListForm(words="a", status="published"), clock())
    asked = [text for text in statements if text.lstrip().upper().startswith("SELECT")]
    assert len(asked) == 2
    assert "LIMIT" in asked[-1]
