"""Finding occasions, nodes and names in the catalogue, with the real seed data on a fixed day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.application import application, next_start
from api.catalogue.found import find_occasions
from api.catalogue.geo import kilometres
from api.catalogue.search import Criteria, mentioned_in, nodes_by_distance
from api.catalogue.shown import load
from api.catalogue.tables import COURSE_KINDS, UPSKILLING, VOCATIONAL, Municipality, Occasion
from api.database import Database
from api.folding import fold
from api.guidance.places import find_municipality

TODAY = date(2026, 11, 23)


@pytest.fixture
def session(seeded: Database) -> Iterator[Session]:
    with seeded.transaction() as session:
        yield session


def find(session: Session, *, place: str | None = None, sort="nearest", today=TODAY, **criteria):
    where = find_municipality(session, place)
    session.commit()  # what a test has changed is found once it is committed
    found = find_occasions(session, Criteria(place=where, **criteria), today, order=sort)
    assert found.total <= 500
    return load(session, found.view.page(found.members, sort, where, 0, 500), where, today)


def ids(hits) -> list[str]:
    return [hit.occasion.external_id for hit in hits]


def test_only_what_is_public_and_has_not_begun_is_found(session):
    found = set(ids(find(session)))
    assert not {"EX-SAF-ROR-1", "EX-SUN-ROBOT-1"} & found  # draft, cancelled
    assert {"EX-KAR-SVETS-1", "EX-KAR-INTRO-1"} <= found  # full, continuous
    later = set(ids(find(session, today=date(2027, 1, 12))))
    assert "EX-HAG-STAL-1" in found - later  # began the day before
    assert "EX-KAR-INTRO-1" in later


def test_what_begins_today_is_still_shown(session):
    assert "EX-HAG-STAL-1" in ids(find(session, today=date(2027, 1, 11)))


@pytest.mark.parametrize("sort", ["nearest", "start", "deadline"])
@pytest.mark.parametrize("place", [None, "Arvika", "Torsby"])
def test_what_one_can_still_apply_to_comes_first(session, sort, place):
    open_first = [application(hit.occasion, TODAY).is_possible for hit in find(session, place=place, sort=sort)]
    assert open_first == sorted(open_first, reverse=True)
    assert {True, False} == set(open_first)


@pytest.mark.parametrize("place", ["Arvika", "Eda", "Torsby", "Kristinehamn", "Hammarö"])
def test_with_a_place_the_nearest_comes_first(session, place):
    for kind in COURSE_KINDS:
        hits = [hit for hit in find(session, place=place, kind=kind) if application(hit.occasion, TODAY).is_possible]
        assert hits
        assert [round(hit.km) for hit in hits] == sorted(round(hit.km) for hit in hits)


@pytest.mark.parametrize("sort", ["nearest", "start", "deadline"])
@pytest.mark.parametrize("place", [None, "Arvika"])
def test_courses_for_people_in_work_come_after_the_training_for_an_occupation(session, sort, place):
    hits = [hit for hit in find(session, place=place, sort=sort) if application(hit.occasion, TODAY).is_possible]
    for_work = [hit.occasion.course.kind == UPSKILLING for hit in hits]
    assert for_work == sorted(for_work)
    assert {True, False} == set(for_work)


def test_without_a_place_there_is_no_distance_and_the_next_start_comes_first(session):
    hits = [hit for hit in find(session, kind=VOCATIONAL) if application(hit.occasion, TODAY).is_possible]
    starts = [hit.occasion.start_date or TODAY for hit in hits]
    assert {hit.km for hit in hits} == {None}
    assert starts == sorted(starts)


def test_by_deadline_the_last_day_to_apply_that_comes_first_is_first(session):
    hits = [
        hit for hit in find(session, kind=VOCATIONAL, sort="deadline") if application(hit.occasion, TODAY).is_possible
    ]
    days = [hit.occasion.apply_to or date.max for hit in hits]
    assert days == sorted(days)
    assert days[0] == date(2026, 12, 7)


def test_the_order_is_the_same_each_time(session):
    assert ids(find(session, place="Kil")) == ids(find(session, place="Kil"))


@pytest.mark.parametrize(
    ("criteria", "check"),
    [
        ({"occupation": "svetsare"}, lambda o: o.course.occupation.slug == "svetsare"),
        ({"pace": 50}, lambda o: o.pace == 50),
        ({"distance": True}, lambda o: o.distance),
        ({"kind": UPSKILLING}, lambda o: o.course.kind == UPSKILLING),
        ({"distance": False}, lambda o: not o.distance),
        ({"start_from": date(2027, 8, 1)}, lambda o: o.continuous or o.start_date >= date(2027, 8, 1)),
        ({"start_to": date(2027, 1, 31)}, lambda o: o.continuous or o.start_date <= date(2027, 1, 31)),
        (
            {"start_from": date(2027, 8, 16), "start_to": date(2027, 8, 16)},
            lambda o: o.continuous or o.start_date == date(2027, 8, 16),
        ),
    ],
)
def test_each_criterion_keeps_exactly_what_fits(session, criteria, check):
    public = ids(hit for hit in find(session) if check(hit.occasion))
    assert public
    assert sorted(ids(find(session, **criteria))) == sorted(public)


@pytest.mark.parametrize(
    "criteria",
    [
        {"occupation": "astronaut"},
        {"occupation": "'; DROP TABLE course; --"},
        {"pace": 99},
        {"occupation": "montor", "distance": True},
        {"start_from": date(2027, 2, 1), "start_to": date(2027, 1, 1), "occupation": "svetsare"},
    ],
)
def test_what_nothing_fits_finds_nothing(session, criteria):
    assert find(session, **criteria) == []


def test_continuous_training_that_has_begun_is_found_until_it_is_over_and_sorted_as_if_it_began_today(session):
    begun = session.scalars(select(Occasion).where(Occasion.external_id == "EX-SUN-FORP-1")).one()
    begun.start_date, begun.end_date = date(2026, 1, 12), TODAY
    session.flush()
    hits = [hit for hit in find(session, kind=VOCATIONAL) if application(hit.occasion, TODAY).is_possible]
    starts = [next_start(hit.occasion, TODAY) or TODAY for hit in hits]
    assert "EX-SUN-FORP-1" in ids(hits)
    assert starts == sorted(starts)
    assert "EX-SUN-FORP-1" in ids(find(session, start_from=date(2027, 8, 1)))
    assert "EX-SUN-FORP-1" not in ids(find(session, today=date(2026, 11, 24)))


def test_a_continuous_occasion_has_no_last_day_to_sort_by(session):
    continuous = session.scalars(select(Occasion).where(Occasion.external_id == "EX-KAR-INTRO-1")).one()
    continuous.apply_to = TODAY
    session.flush()
    possible = [
        hit for hit in find(session, kind=VOCATIONAL, sort="deadline") if application(hit.occasion, TODAY).is_possible
    ]
    assert ids(possible)[0] != "EX-KAR-INTRO-1"


class TestPlaces:
    @pytest.mark.parametrize("name", ["Säffle", "säffle", " SÄFFLE ", "Hammarö"])
    def test_a_municipality_is_found_in_any_case(self, session, name):
        assert find_municipality(session, name).name.casefold() == name.strip().casefold()

    @pytest.mark.parametrize("name", [None, "", " ", "Malmö", "\x00", "Saffle"])
    def test_an_unknown_one_is_none(self, session, name):
        assert find_municipality(session, name) is None

    def test_nodes_are_alphabetical_in_swedish_enough_without_a_place_and_by_distance_with_one(self, session):
        assert [node.town for node, km in nodes_by_distance(session, None) if km is None] == [
            "Arvika", "Hagfors", "Karlstad", "Kristinehamn", "Sunne", "Säffle",
        ]  # fmt: skip
        for place in session.scalars(select(Municipality)):
            distances = [km for _, km in nodes_by_distance(session, place)]
            assert len(distances) == 6
            assert distances == sorted(distances)

    @pytest.mark.parametrize(
        ("place", "town"),
        [("Eda", "Arvika"), ("Hammarö", "Karlstad"), ("Grums", "Karlstad"), ("Storfors", "Kristinehamn"),
         ("Munkfors", "Sunne"), ("Torsby", "Sunne"), ("Säffle", "Säffle"), ("Kil", "Karlstad")],
    )  # fmt: skip
    def test_the_nearest_node_is_the_one_a_map_shows(self, session, place, town):
        assert nodes_by_distance(session, find_municipality(session, place))[0][0].town == town


class TestWords:
    @pytest.mark.parametrize(
        ("text", "occupation", "place"),
        [
            ("svetsare i arvika", "svetsare", "Arvika"),
            ("SVETSUTBILDNING SÄFFLE", "svetsare", "Säffle"),
            ("svetsutbildning i saffle", "svetsare", "Säffle"),
            ("cnc", "cnc-operator", None),
            ("jag bor i Skoghall", None, "Hammarö"),
            ("industrielektriker", "industrielektriker", None),
            ("undehållsmekaniker", "underhallsmekaniker", None),
            ("hej", None, None),
            ("", None, None),
            ("??? \x00", None, None),
            ("kilometer", None, None),
        ],
    )
    def test_names_are_found_in_free_words(self, session, text, occupation, place):
        found = mentioned_in(session, text)
        assert (found.occupation.slug if found.occupation else None) == occupation
        assert (found.place.name if found.place else None) == place

    @pytest.mark.parametrize(
        ("text", "folded"), [("Åmål–Säffle!", "amal saffle"), ("CNC-operatör", "cnc operator"), ("", ""), ("١٢", "")]
    )
    def test_folding_leaves_plain_letters_and_digits(self, text, folded):
        assert fold(text) == folded


class TestDistance:
    @pytest.mark.parametrize(
        ("a", "b", "km"),
        [
            ((59.388, 13.509), (59.388, 13.509), 0),
            ((59.388, 13.509), (59.654, 12.581), 60),  # Karlstad–Arvika
            ((59.329, 18.069), (55.605, 13.003), 514),  # Stockholm–Malmö
            ((0, 0), (0, 1), 111),
            ((0, 179.5), (0, -179.5), 111),  # over the date line
            ((90, 0), (-90, 0), 20015),
        ],
    )
    def test_it_is_what_an_atlas_says_in_both_directions(self, a, b, km):
        assert kilometres(*a, *b) == pytest.approx(km, abs=2)
        assert kilometres(*a, *b) == pytest.approx(kilometres(*b, *a))
