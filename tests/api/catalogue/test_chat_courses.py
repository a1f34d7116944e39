"""What the chat says about courses: what a look at every occasion gives, at the price of the few that are shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from math import inf
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert, select, update
from sqlalchemy.orm import Session

from api.catalogue import course_replies, search_index
from api.catalogue.application import application
from api.catalogue.found import SHOWN, find_occasions
from api.catalogue.guided_courses import GuidedCourses
from api.catalogue.search import Criteria, Hit
from api.catalogue.tables import UPSKILLING, VOCATIONAL, Course, Municipality, Node, Occasion
from api.chat.topics import handle
from api.database import Database
from api.guidance.occupations import find_occupation
from api.guidance.places import find_municipality
from api.guidance.tables import Occupation, in_sentence
from api.guidance.turn import Turn
from api.replies import Query, Reply
from api.texts import Texts, enumerated
from tests.api.catalogue.plain_look import look
from tests.conftest import NOW

TODAY = date(2026, 11, 23)
STAMP = datetime(2026, 11, 1, tzinfo=UTC)
TRADES = ("svetsare", "montor", "stalkonstruktionsmontor", "cnc-operator")
"""The third is near the first: it is proposed when there is nothing for that one."""
PACES = {"50": {"pace": 50}, "deltid": {"part_time": True}, "distans": {"distance": True}}
WINDOW = (date(2026, 12, 1), date(2027, 3, 1))
_texts = Texts.beside(course_replies.__file__)

Rows = list[dict[str, Any]]  # Any: columns of every type


def ask(session: Session, topic: str, **said: str | None) -> Reply:
    (reply,) = handle(turn(session, topic, **said)).replies
    return reply


def turn(session: Session, topic: str, **said: str | None) -> Turn:
    return Turn(session, NOW, "https://vagledaren.example.org", topic, Query(**said), Query())


_COURSES = st.lists(
    st.fixed_dictionaries(
        {
            "node": st.integers(0, 5),
            "trade": st.sampled_from(TRADES),
            "kind": st.sampled_from([VOCATIONAL, VOCATIONAL, UPSKILLING]),
            "sfi_combined": st.booleans(),
        }
    ),
    min_size=1,
    max_size=5,
)
_DAYS = st.none() | st.integers(-40, 300).map(lambda days: TODAY + timedelta(days=days))
_OCCASIONS = st.lists(
    st.fixed_dictionaries(
        {
            "course": st.integers(0, 4),
            "start_date": _DAYS,
            "end_date": _DAYS,
            "apply_from": st.none() | st.sampled_from([TODAY, TODAY + timedelta(days=20)]),
            "apply_to": _DAYS,
            "continuous": st.sampled_from([False, False, True]),
            "pace": st.sampled_from([100, 100, 50, 25]),
            "distance": st.booleans(),
            "status": st.sampled_from(["published", "published", "published", "full", "cancelled", "draft"]),
            "example": st.sampled_from([False, False, False, True]),
        }
    ),
    max_size=24,
)
_SAID = st.fixed_dictionaries(
    {},
    optional={
        "occupation": st.sampled_from(TRADES[:3]),
        "place": st.sampled_from(["Arvika", "Torsby", "Kil"]),
        "start": st.just("/".join(day.isoformat() for day in WINDOW)),
        "pace": st.sampled_from(sorted(PACES)),
    },
)
_SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def database(seeded_both: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The view is always waited for, however busy the machine is."""
    monkeypatch.setattr(search_index, "_TOO_LONG", inf)
    return seeded_both


def fill(database: Database, courses: Rows, occasions: Rows) -> None:
    """Exactly these courses and occasions, with the nodes and the occupations of the seed."""
    with database.transaction() as session:
        session.execute(delete(Occasion))
        session.execute(delete(Course))
        nodes = session.scalars(select(Node.id).order_by(Node.town)).all()
        trades = dict(session.execute(select(Occupation.slug, Occupation.id)).all())
        rows = [
            Course(
                node_id=nodes[values["node"]],
                occupation_id=trades[values["trade"]],
                title=f"Kurs {number}",
                credits=400 if number % 2 else None,
                kind=values["kind"],
                sfi_combined=values["sfi_combined"],
                description="Du lär dig ett yrke.",
            )
            for number, values in enumerate(courses)
        ]
        session.add_all(rows)
        session.flush()
        for number, values in enumerate(occasions):
            course = rows[values["course"] % len(rows)]
            own = {name: value for name, value in values.items() if name != "course"}
            session.add(
                Occasion(
                    external_id=f"T-{number * 7 % 25}",
                    course_id=course.id,
                    apply_url="https://example.org/ansok",
                    updated_at=STAMP,
                    **own,
                )
            )


class Plain:
    """The same questions, answered by looking at every occasion."""

    def __init__(self, session: Session, said: dict[str, str]) -> None:
        self._session = session
        self.occupation = said.get("occupation")
        self._wide = Criteria(occupation=self.occupation, place=find_municipality(session, said.get("place")))
        window = {"start_from": WINDOW[0], "start_to": WINDOW[1]} if "start" in said else {}
        self._asked = replace(self._wide, **window, **PACES.get(said.get("pace", ""), {}))

    def search(self) -> list[Hit]:
        return self._look(self._asked) or self._look(self._wide)

    def related(self) -> list[Hit]:
        wanted = find_occupation(self._session, self.occupation)
        near = wanted.related if wanted else []
        return [hit for slug in near for hit in self._look(replace(self._wide, occupation=slug))]

    def dated(self, order: Any) -> list[Hit]:  # Any: one of three words
        every = self._look(self._asked, order="nearest" if self._wide.place else order)
        return _possible(every) or every

    def paced(self) -> list[Hit]:
        return self._look(self._asked)

    def one_a_course(self, kind: str | None = None) -> list[Hit]:
        return _first_of_each(self._look(replace(self._asked, kind=kind))) if self.occupation else []

    def open(self) -> list[Hit]:
        every = self._look(replace(self._asked, kind=VOCATIONAL)) if self.occupation else []
        return [hit for hit in every if application(hit.occasion, TODAY).is_open]

    def for_work(self) -> list[Hit]:
        every = _first_of_each(_possible(self._look(Criteria(place=self._wide.place, kind=UPSKILLING))))
        return [hit for hit in every if hit.occasion.course.occupation.slug == self.occupation] or every

    def training(self) -> list[Hit]:
        return self._look(Criteria(occupation=self.occupation, place=self._wide.place, kind=VOCATIONAL))

    def _look(self, criteria: Criteria, **how: Any) -> list[Hit]:  # Any: the order
        return look(self._session, criteria, TODAY, **how)


def _possible(hits: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in hits if application(hit.occasion, TODAY).is_possible]


def _first_of_each(hits: Sequence[Hit]) -> list[Hit]:
    first: dict[int, Hit] = {}
    for hit in hits:
        first.setdefault(hit.occasion.course_id, hit)
    return list(first.values())


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.occasion.external_id for hit in hits]


def assert_shows(reply: Reply, hits: Sequence[Hit], most: int = SHOWN, *, examples: bool | None = None) -> None:
    """The cards are the first of the hits, in their order, with how many there are in all."""
    if not hits:
        assert reply.kind == "text"
        return
    assert [item["id"] for item in reply.data["items"]] == ids(hits[:most])
    kilometres = [hit.km if hit.km is None else round(hit.km) for hit in hits[:most]]
    assert [item["km"] for item in reply.data["items"]] == kilometres
    assert reply.data["total"] == len(hits)
    expected = any(hit.occasion.example for hit in hits) if examples is None else examples
    assert (_texts("example_note") in reply.text) == expected


@given(courses=_COURSES, occasions=_OCCASIONS, said=_SAID)
@_SOME
def test_the_chat_says_what_a_look_at_every_occasion_gives(
    database: Database, courses: Rows, occasions: Rows, said: dict[str, str]
) -> None:
    fill(database, courses, occasions)
    with database.transaction(read_only=True) as session:
        plain = Plain(session, said)
        listed = plain.search()
        reply = ask(session, "course_search", **said)
        assert_shows(reply, listed or plain.related())
        if listed:
            more = _texts("courses_more", count=len(listed) - 3)
            assert (more in reply.text) == (len(listed) > 3)
            for_work = [hit.occasion.course.kind == UPSKILLING for hit in listed]
            assert ("upskilling" in {step.topic for step in reply.choices}) == any(for_work)
            assert (_texts("courses_also_work") in reply.text) == (any(for_work) and not any(for_work[:3]))

        assert_shows(ask(session, "course_start", **said), plain.dated("start"))
        assert_shows(ask(session, "apply_deadline", **said), plain.dated("deadline"))
        if "pace" in said:
            assert_shows(ask(session, "course_pace", **said), plain.paced())
        assert_shows(ask(session, "course_length", **said), plain.one_a_course(VOCATIONAL))
        assert_shows(ask(session, "course_detail", **said), plain.one_a_course())

        leads = re.findall(r"/ansok/(\d+)", ask(session, "apply_how", **said).text)
        assert leads == [str(hit.occasion.id) for hit in plain.open()[:3]]

        for_work_hits = plain.for_work()
        examples = any(hit.occasion.example for hit in for_work_hits[:3])
        assert_shows(ask(session, "upskilling", **said), for_work_hits, 3, examples=examples)


@given(courses=_COURSES, occasions=_OCCASIONS, place=st.sampled_from([None, "Torsby"]), with_sfi=st.booleans())
@_SOME
def test_nodes_and_the_job_guide_too(
    database: Database, courses: Rows, occasions: Rows, place: str | None, with_sfi: bool
) -> None:
    fill(database, courses, occasions)
    guided = GuidedCourses()
    with database.transaction(read_only=True) as session:
        counted = guided.occasions(turn(session, "job_guide"))
        for slug in TRADES:
            hits = Plain(session, {"occupation": slug, **({"place": place} if place else {})}).training()
            assert counted.get(slug, 0) == len(hits)
            preferred = [hit for hit in hits if with_sfi and hit.occasion.course.sfi_combined]
            best = guided.best(turn(session, "job_guide"), slug, place, with_sfi=with_sfi)
            assert (best.item["id"] if best else None) == next(iter(ids([*preferred, *hits])), None)
            towns = sorted({hit.occasion.course.node.town for hit in hits})
            said = ask(session, "node_list", occupation=slug).text
            title = in_sentence(find_occupation(session, slug).title)
            sentence = _texts("nodes_for", occupation=title, towns=enumerated(towns))
            assert (sentence in said) == bool(towns)


class TestChanges:
    """What staff save is in the next answer; what they have not saved is not."""

    def test_an_occasion_that_is_taken_away_is_neither_shown_nor_counted(self, database: Database) -> None:
        with database.transaction(read_only=True) as session:
            before = ask(session, "course_search", occupation="svetsare")
        first = before.data["items"][0]["id"]
        with database.transaction() as session:
            session.execute(update(Occasion).where(Occasion.external_id == first).values(status="draft"))
        with database.transaction(read_only=True) as session:
            after = ask(session, "course_search", occupation="svetsare")
        assert after.data["total"] == before.data["total"] - 1
        assert first not in {item["id"] for item in after.data["items"]}

    def test_a_new_day_in_a_course_that_is_shown_is_the_one_that_is_said(self, database: Database) -> None:
        with database.transaction(read_only=True) as session:
            first = ask(session, "apply_deadline", occupation="svetsare").data["items"][0]["id"]
        with database.transaction() as session:
            session.execute(update(Occasion).where(Occasion.external_id == first).values(apply_to=TODAY))
        with database.transaction(read_only=True) as session:
            assert "Sök senast i dag." in ask(session, "apply_deadline", occupation="svetsare").text

    def test_what_is_rolled_back_was_never_said(self, database: Database) -> None:
        with database.transaction(read_only=True) as session:
            before = ask(session, "course_search").data["total"]
        with Session(database.engine) as session:
            session.execute(update(Occasion).values(status="draft"))
            assert ask(session, "course_search").kind == "text"
            session.rollback()
        with database.transaction(read_only=True) as session:
            assert ask(session, "course_search").data["total"] == before

    @pytest.mark.parametrize("gone", [1, 40])
    def test_what_is_gone_since_the_view_was_made_is_left_out_and_not_counted(
        self, database: Database, gone: int
    ) -> None:
        """A large catalogue is read anew beside the answers, which meanwhile come from the view before."""
        with database.transaction(read_only=True) as session:
            found = find_occasions(session, Criteria(occupation="svetsare"), TODAY)
            before, total = ids(found.shown), found.total
        assert total <= SHOWN
        with database.transaction() as session:
            session.execute(update(Occasion).where(Occasion.external_id.in_(before[:gone])).values(status="cancelled"))
        with database.transaction(read_only=True) as session:
            late = replace(found, session=session)
            assert ids(late.shown) == before[gone:]
            assert late.total == len(before[gone:])
            assert bool(late) == bool(before[gone:])


BIG = 20_000
SMALL = 200
ASKED: tuple[tuple[str, dict[str, str]], ...] = (
    ("course_search", {}),
    ("course_search", {"occupation": "svetsare", "place": "Torsby"}),
    ("course_search", {"occupation": "svetsare", "start": "2027-01-01/2027-03-01", "pace": "50"}),
    ("course_search", {"occupation": "svetsare", "start": "2099-01-01/2099-03-01", "pace": "25"}),
    ("course_start", {}),
    ("course_start", {"start": "2027-08-01/2027-08-31"}),
    ("course_start", {"place": "Arvika"}),
    ("apply_deadline", {}),
    ("apply_deadline", {"occupation": "svetsare"}),
    ("course_pace", {"pace": "deltid"}),
    ("course_pace", {"pace": "distans"}),
    ("course_length", {"occupation": "svetsare"}),
    ("course_length", {}),
    ("course_detail", {"occupation": "svetsare", "place": "Kil"}),
    ("course_language", {"occupation": "svetsare", "place": "Kil"}),
    ("apply_how", {"occupation": "svetsare"}),
    ("node_list", {"occupation": "svetsare"}),
    ("node_nearest", {"occupation": "svetsare", "place": "Kil"}),
    ("node_detail", {"occupation": "svetsare", "place": "Kil"}),
    ("upskilling", {}),
    ("upskilling", {"occupation": "svetsare", "place": "Torsby"}),
)


def spread(database: Database, count: int) -> None:
    """That many occasions over the courses of the seed, nine of ten public and to come."""
    with database.transaction() as session:
        session.execute(delete(Occasion))
        courses = session.scalars(select(Course.id).order_by(Course.id)).all()
        rows = [
            {
                "external_id": f"N-{number}",
                "course_id": courses[number % len(courses)],
                "start_date": TODAY + timedelta(days=1 + number % 400),
                "apply_to": TODAY + timedelta(days=number % 370),
                "continuous": number % 11 == 0,
                "pace": (100, 50, 25)[number % 3],
                "distance": number % 5 == 0,
                "status": "draft" if number % 10 == 9 else "published",
                "apply_url": "https://example.org/ansok",
                "updated_at": STAMP,
            }
            for number in range(count)
        ]
        for first in range(0, count, 5_000):
            session.execute(insert(Occasion), rows[first : first + 5_000])


def _price(database: Database, say: Callable[[Session], object]) -> tuple[Counter[str], int]:
    """How many rows of each kind an answer makes objects of, and by how many statements."""
    loaded: Counter[str] = Counter()
    statements: list[str] = []
    with database.transaction(read_only=True) as session:
        find_occasions(session, Criteria(), TODAY)  # the view is made once, not for each answer
    with database.transaction(read_only=True) as session:
        event.listen(session, "loaded_as_persistent", lambda _, row: loaded.update([type(row).__name__]))
        event.listen(session.connection(), "before_cursor_execute", lambda *given: statements.append(given[2]))
        say(session)
    return loaded, len(statements)


def test_an_answer_reads_a_handful_of_rows_in_as_many_statements_however_large_the_catalogue_is(
    database: Database,
) -> None:
    def prices() -> dict[str, tuple[Counter[str], int]]:
        measured = {f"{topic} {said}": _price(database, partial(ask, topic=topic, **said)) for topic, said in ASKED}
        guide = GuidedCourses()
        measured["guide"] = _price(
            database,
            lambda session: (
                guide.occasions(turn(session, "job_guide")),
                guide.best(turn(session, "job_guide"), "svetsare", "Kil", with_sfi=True),
            ),
        )
        return measured

    spread(database, SMALL)
    small = prices()
    spread(database, BIG)
    big = prices()
    with database.transaction(read_only=True) as session:
        assert ask(session, "course_search").data["total"] == BIG * 9 // 10
        reference = len(session.scalars(select(Municipality)).all())
    for asked, (loaded, statements) in big.items():
        assert loaded["Occasion"] <= 2 * SHOWN, asked
        assert loaded["Course"] <= 2 * SHOWN, asked
        assert sum(loaded.values()) <= 5 * SHOWN + reference, asked
        assert statements <= small[asked][1], asked
