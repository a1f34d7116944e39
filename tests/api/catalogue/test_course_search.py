"""The search that the public pages use, with the real seed data on a fixed day, in both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from math import inf
from typing import Any

import httpx
import pytest
from alembic import command
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.catalogue import pages, search_index, service
from api.catalogue.application import application
from api.catalogue.reach import Reach
from api.catalogue.search import Criteria
from api.catalogue.search_form import SearchForm, Term, read_form
from api.catalogue.search_stamp import TABLE, WATCHED, read_stamp
from api.catalogue.tables import Course, Occasion
from api.database import Database
from api.errors import add_error_handlers
from api.guidance.places import find_municipality
from api.migrations.runner import _config
from api.pages import html_error
from api.settings import Settings
from tests.api.catalogue.plain_look import look
from tests.conftest import NOW

TODAY = date(2026, 11, 23)

QUERIES = (
    "", "svetsare", "svetskurs", "svetsutbildning", "svetsa", "svetsning i säffle", "svettsare", "industrielekriker",
    "industrielektriker kurs", "cnc fräs arvika", "cnc fras arvika", "CNC!", "underhållsmekanker", "robot",
    "hydraulik", "elektriker", "montör", "jag vill bli svetsare och bor i torsby", "plc", "bagare", "el", "mig/mag",
    "kurs", "arvka", "industrielektrkier", "svetsare xyzzy", "processoperatr", "truck", "automation sunne",
)  # fmt: skip


@pytest.fixture
def session(seeded_both: Database) -> Iterator[Session]:
    with seeded_both.transaction(read_only=True) as session:
        yield session


def search(session: Session, words: str = "", *, size: int = 500, **choices: Any) -> service.Result:
    return service.search(session, SearchForm(words=words, **choices), TODAY, size=size)


def ids(result: service.Result) -> list[str]:
    return [hit.occasion.external_id for hit in result.shown]


def occupations(result: service.Result) -> set[str]:
    return {hit.occasion.course.occupation.slug for hit in result.shown}


class TestWords:
    @pytest.mark.parametrize(
        "words", ["svetsare", "svetskurs", "svetsutbildning", "svetsutbildningar", "svetsa", "jag vill bli svetsare",
                  "Svetskurser!", "svetsare kurs yrke"]
    )  # fmt: skip
    def test_every_way_to_write_it_finds_the_same_courses(self, session, words):
        assert ids(search(session, words)) == ids(search(session, "svets")) != []

    @pytest.mark.parametrize("words", ["svetsning", "svettsare", "svestare", "svetsarutbildningen", "svetsutbildnig"])
    def test_however_it_is_misspelt_all_courses_of_the_occupation_are_found(self, session, words):
        assert set(ids(search(session, words))) >= set(ids(search(session, occupation="svetsare"))) != set()

    @pytest.mark.parametrize(
        ("words", "occupation", "place"),
        [
            ("cnc fräs arvika", "cnc-operator", "Arvika"),
            ("cnc fras arvika", "cnc-operator", "Arvika"),
            ("industrielekriker", "industrielektriker", None),
            ("underhallsmekaniker i saffle", "underhallsmekaniker", "Säffle"),
            ("underhållsmekanker", "underhallsmekaniker", None),
        ],
    )
    def test_without_dots_and_with_slips_it_is_still_found(self, session, words, occupation, place):
        result = search(session, words)
        assert result.shown[0].occasion.course.occupation.slug == occupation or place
        assert occupation in occupations(result)
        assert (result.place.name if result.place else None) == place

    def test_a_slip_is_said_and_the_right_word_offered(self, session):
        result = search(session, "Svetxare")
        (guess,) = result.reading.corrected
        assert (guess.written, guess.meant) == ("Svetxare", "svetsare")
        assert result.reworded == SearchForm(words="svetsare")
        assert ids(result) == ids(search(session, "svetsare")) != []

    def test_a_known_word_is_never_corrected(self, session):
        for words in ("svetsare", "svetskurs", "undehållsmekaniker", "cnc fräs arvika"):
            assert search(session, words).reading.corrected == ()

    def test_words_that_only_name_a_place_fit_everything_and_sort_by_distance(self, session):
        result = search(session, "utbildning i arvika")
        assert result.total == search(session).total
        assert result.order == "nearest"
        assert result.shown[0].occasion.course.node.town == "Arvika"

    def test_all_words_together_come_before_any_of_them(self, session):
        both = ids(search(session, "svetsare xyzzy"))
        assert both == ids(search(session, "svetsare"))
        assert search(session, "svetsare xyzzy").reading.unknown == ("xyzzy",)

    def test_a_word_of_a_description_alone_is_found(self, seeded):
        with seeded.transaction() as session:
            course = session.query(Course).join(Course.occasions).filter(Occasion.status == "published").first()
            course.description = "Du bygger en zeppelinare."
        with seeded.transaction(read_only=True) as session:
            assert {hit.occasion.course_id for hit in search(session, "zeppelinare").shown} <= {course.id}


def test_both_databases_find_the_same_in_the_same_order(seeded: Database, seeded_both: Database) -> None:
    with seeded.transaction(read_only=True) as one, seeded_both.transaction(read_only=True) as other:
        for words in QUERIES:
            for order in (None, "start", "deadline", "nearest"):
                first, second = (search(each, words, order=order, place="Kil") for each in (one, other))
                assert ids(first) == ids(second), words
                assert first.facets == second.facets
                assert first.reading == second.reading
                assert [way.name for way in (first.nearly.ways if first.nearly else [])] == [
                    way.name for way in (second.nearly.ways if second.nearly else [])
                ]


_CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "occupation": st.sampled_from(["svetsare", "cnc-operator", "montor", "industritekniker"]),
        "place": st.sampled_from(["Arvika", "Torsby", "Kil"]),
        "town": st.sampled_from(["Arvika", "Karlstad", "Kil"]),
        "term": st.sampled_from([Term(2026, True), Term(2027, False), Term(2027, True), Term(2031, True)]),
        "start_from": st.dates(date(2026, 11, 1), date(2027, 12, 1)),
        "pace": st.sampled_from([100, 50, 25]),
        "distance": st.booleans(),
        "open_only": st.booleans(),
        "order": st.sampled_from(["start", "deadline", "nearest"]),
        "words": st.sampled_from(QUERIES),
    },
)
_MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(choices=_CHOICES)
@_MANY
def test_it_finds_what_a_plain_look_at_every_occasion_finds(session: Session, choices: dict[str, Any]) -> None:
    form = SearchForm(**{**choices, "words": ""})
    place = find_municipality(session, form.place)
    order = form.order or "nearest"
    plain = look(
        session,
        Criteria(occupation=form.occupation, place=place, pace=form.pace, distance=form.distance),
        TODAY,
        order=order,
    )
    expected = [
        hit.occasion.external_id
        for hit in plain
        if (not form.open_only or application(hit.occasion, TODAY).is_open)
        and (not form.town or hit.occasion.course.node.municipality.name == form.town)
        and (not form.start_from or hit.occasion.continuous or (hit.occasion.start_date or date.min) >= form.start_from)
        and (
            not form.term
            or hit.occasion.continuous
            or (hit.occasion.start_date is not None and Term.of(hit.occasion.start_date) == form.term)
        )
    ]
    assert ids(service.search(session, form, TODAY, size=500)) == expected


@given(choices=_CHOICES)
@_MANY
def test_a_facet_counts_what_choosing_it_finds(session: Session, choices: dict[str, Any]) -> None:
    form = SearchForm(**choices)
    for name, values in service.search(session, form, TODAY).facets.items():
        for choice in values:
            assert service.search(session, replace(form, **{name: choice.value}), TODAY).total == choice.count


@given(choices=_CHOICES)
@_MANY
def test_nothing_found_leads_on_and_the_ways_out_are_true(session: Session, choices: dict[str, Any]) -> None:
    result = service.search(session, SearchForm(**choices), TODAY)
    assert (result.nearly is None) == (result.total > 0) == bool(result.shown)
    if result.nearly:
        assert result.nearly.shown
        for way in result.nearly.ways:
            assert service.search(session, way.form, TODAY).total == way.count > 0


def test_pages_follow_on_each_other(session: Session) -> None:
    whole = ids(search(session))
    parts = [ids(search(session, size=7, page=page)) for page in range(1, 100)]
    parts = parts[: -(-len(whole) // 7)]
    assert [number for part in parts for number in part] == whole


def test_an_unknown_word_gets_a_suggestion_when_one_is_near(session: Session) -> None:
    result = search(session, "svrtzarre")
    assert result.total == 0
    assert [guess.meant for guess in result.reading.suggested] == ["svetsare"]


class TestChanges:
    """What is committed is found by the next search, whatever path it took; what is not, is not."""

    @pytest.fixture(autouse=True)
    def _always_waited_for(self, monkeypatch):
        monkeypatch.setattr(search_index, "_TOO_LONG", inf)

    def test_a_new_status_counts_at_once(self, seeded_both):
        with seeded_both.transaction(read_only=True) as session:
            before = search(session, "svetsare")
        with seeded_both.transaction() as session:
            session.execute(text(f"UPDATE occasion SET status = 'draft' WHERE external_id = '{ids(before)[0]}'"))
        with seeded_both.transaction(read_only=True) as session:
            assert ids(search(session, "svetsare")) == ids(before)[1:]

    @pytest.mark.parametrize(
        "change",
        ["UPDATE course SET title = 'Zeppelin'", "UPDATE occupation SET title = 'Zeppelin' WHERE slug = 'svetsare'"],
    )
    def test_new_words_are_found(self, seeded_both, change):
        with seeded_both.transaction(read_only=True) as session:
            assert search(session, "zeppelin").total == 0
        with seeded_both.transaction() as session:
            if change.startswith("UPDATE course"):
                change += " WHERE id = (SELECT min(course_id) FROM occasion WHERE status = 'published')"
            session.execute(text(change))
        with seeded_both.transaction(read_only=True) as session:
            assert search(session, "zeppelin").total > 0

    def test_a_moved_node_and_a_new_name_for_a_place_count(self, seeded_both):
        with seeded_both.transaction(read_only=True) as session:
            assert search(session, place="Arvika").shown[0].occasion.course.node.town == "Arvika"
        with seeded_both.transaction() as session:
            session.execute(text("UPDATE node SET lat = 67.0 WHERE town = 'Arvika'"))
            session.execute(text("""UPDATE municipality SET aliases = '["Zeppelinby"]' WHERE name = 'Kil'"""))
        with seeded_both.transaction(read_only=True) as session:
            assert search(session, place="Arvika").shown[0].occasion.course.node.town != "Arvika"
            assert search(session, "zeppelinby").place.name == "Kil"

    def test_what_was_rolled_back_is_not_kept(self, seeded_both):
        with Session(seeded_both.engine) as session:
            session.execute(text("UPDATE occasion SET status = 'draft'"))
            assert search(session).total > 0  # of what is committed
            session.rollback()
        with seeded_both.transaction(read_only=True) as session:
            assert len(search(session).shown) == search(session).total > 0

    def test_another_day_is_another_view(self, session):
        later = service.search(session, SearchForm(), date(2027, 6, 1), size=500)
        assert later.total < search(session).total
        assert search(session).total == len(search(session).shown)

    def test_on_postgresql_a_change_that_commits_late_is_not_missed(self, seeded_both):
        if seeded_both.is_sqlite:
            pytest.skip("SQLite has one writer at a time")
        stamps = []

        def note() -> None:
            with seeded_both.transaction(read_only=True) as session:
                stamps.append(read_stamp(session))

        note()
        with seeded_both.transaction() as early:
            early.execute(text("UPDATE node SET town = town WHERE slug = 'arvika'"))
            for _ in range(3):
                with seeded_both.transaction() as late:
                    late.execute(text("UPDATE node SET town = town WHERE slug = 'sunne'"))
                note()
        note()
        assert len(set(stamps)) == len(stamps) == 5

    def test_the_stamp_keeps_only_what_a_running_transaction_may_not_have_seen(self, seeded_both):
        oldest = 0
        for _ in range(5):
            with seeded_both.transaction() as session:
                if not seeded_both.is_sqlite:  # other databases of the server count too
                    oldest = int(session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")))
                session.execute(text("UPDATE node SET town = town"))
        with seeded_both.transaction(read_only=True) as session:
            stamp = read_stamp(session)
        assert all(number >= oldest for number in stamp)
        assert len(stamp) == 1 or not seeded_both.is_sqlite


def test_every_table_that_is_searched_renews_the_stamp_when_all_migrations_are_done(seeded_both: Database) -> None:
    for table in WATCHED:
        with seeded_both.transaction(read_only=True) as session:
            before = read_stamp(session)
        with seeded_both.transaction() as session:
            session.execute(text(f"UPDATE {table} SET id = id"))
        with seeded_both.transaction(read_only=True) as session:
            assert read_stamp(session) != before, table


def test_the_migration_can_be_taken_back_and_made_anew(seeded_both: Database) -> None:
    with seeded_both.engine.begin() as connection:
        command.downgrade(_config(connection), "2026_11_22_staff_accounts")
    with seeded_both.transaction() as session:
        session.execute(text("UPDATE node SET town = town"))
    with seeded_both.engine.begin() as connection:
        command.upgrade(_config(connection), "head")
    with seeded_both.transaction(read_only=True) as session:
        assert search(session).total > 0
        assert session.scalar(text(f"SELECT count(*) FROM {TABLE}")) == 1


class Reader:
    """Gets the page of courses, without a server."""

    def __init__(self, app: FastAPI) -> None:
        self._transport = httpx.ASGITransport(app=app)

    def get(self, parameters: dict[str, str]) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://test") as client:
                return await client.get(pages.PATH, params=parameters)

        return asyncio.run(ask())


@pytest.fixture
def reader(seeded: Database) -> Reader:
    app = FastAPI()
    app.state.database, app.state.clock, app.state.settings = seeded, lambda: NOW, Settings()
    app.state.reach = Reach(seeded, app.state.clock)
    app.include_router(pages.router)
    add_error_handlers(app, html_error)
    return Reader(app)


_NAMES = ("q", "yrke", "ort", "studieort", "termin", "fran", "takt", "distans", "oppen", "ordning", "sida")
_VALUES = st.text(max_size=80) | st.sampled_from(
    ["ja", "nej", "svetsare", "Arvika", "vt2027", "2027-01-01", "100", "start", "avstand", "sista-dag", *QUERIES]
)


@given(parameters=st.dictionaries(st.sampled_from(_NAMES), _VALUES))
@_MANY
def test_any_input_gives_a_page_with_a_count_and_a_way_on(reader: Reader, parameters: dict[str, str]) -> None:
    page = reader.get(parameters)
    assert page.status_code == 200
    assert '<h2 id="traffar"' in page.text
    assert 'class="card"' in page.text


class TestPage:
    @pytest.mark.parametrize(
        ("parameters", "words"),
        [
            ({"q": "svetxare"}, "Menade du <a href=\"/utbildningar?q=svetsare#traffar\">"),
            ({"q": "svrtzarre"}, "Menade du <a href=\"/utbildningar?q=svetsare#traffar\">svetsare</a>?"),
            ({"q": "xyzzyqq"}, "Vi hittade inget för ”xyzzyqq”."),
            ({"q": "svetsare xyzzyqq"}, "Vi har sökt på resten av det du skrev."),
            ({"q": "svetsare", "takt": "25"}, "Det här passar nästan"),
            ({"q": "svetsare", "takt": "25"}, "<a href=\"/utbildningar?q=svetsare#traffar\">Sök utan ”25"),
            ({"ordning": "sista-dag"}, "Det man måste söka snart kommer först."),
            ({"ordning": "avstand"}, "Välj din kommun så visar vi det som är närmast först."),
            ({"ort": "Kil"}, "Närmast Kil först."),
            ({"studieort": "arvika"}, "i Arvika <span"),
        ],
    )  # fmt: skip
    def test_says_what_was_searched_for(self, reader, parameters, words):
        assert words in reader.get(parameters).text

    def test_every_choice_of_a_facet_has_its_count(self, reader):
        page = reader.get({"yrke": "svetsare"}).text
        assert '<option value="svetsare" selected>Svetsare (' in page
        assert '<option value="Arvika">Arvika (' in page
        assert "öppet för ansökan nu (" in page

    def test_an_empty_catalogue_still_leads_on(self, reader, seeded):
        with seeded.transaction() as session:
            session.execute(text("UPDATE occasion SET status = 'draft'"))
        page = reader.get({"q": "svetsare", "ordning": "avstand", "ort": "Kil"})
        assert "Inga utbildningstillfällen" in page.text
        assert 'href="/#kontakt"' in page.text


def test_the_order_is_written_back_to_the_address() -> None:
    query = {"ort": "Kil", "studieort": "Arvika", "ordning": "sista-dag"}
    assert read_form(query).address("/x") == "/x?ort=Kil&studieort=Arvika&ordning=sista-dag"
