"""What the assistant answers on every topic, with the real seed data on a fixed day."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import ClassVar

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from api.booking.tables import Availability, Counsellor
from api.catalogue.course_replies import deadline_words
from api.catalogue.tables import Course, Municipality, Node, Occasion
from api.chat.topics import HANDLERS, can_follow_up, handle
from api.database import Database
from api.events.tables import Event
from api.guidance.tables import Occupation
from api.guidance.turn import Handled, Turn
from api.replies import Query, Reply

TOPICS = sorted(yaml.safe_load(Path("api/seed/answers.yml").read_text("utf-8")))
OCCUPATIONS = ("svetsare", "cnc-operator", "industritekniker", "underhallsmekaniker", "industrielektriker",
               "automationstekniker", "robotoperator", "processoperator", "montor", "industriplatslagare",
               "stalkonstruktionsmontor", "verktygsmakare", "gjutare", "slipare", "ytbehandlare", "plastoperator",
               "elektronikreparator", "truckforare", "lagerarbetare", "arbetsledare")  # fmt: skip
PLACES = ("Arvika", "Karlstad", "Torsby", "Hammarö")
SAID = {
    "nothing": {},
    "occupation": {"occupation": "svetsare"},
    "place": {"place": "Säffle"},
    "place without node": {"place": "Eda"},
    "both": {"occupation": "cnc-operator", "place": "Arvika"},
    "start": {"start": "2027-08-01/2027-08-31"},
    "start and more": {"occupation": "montor", "place": "Sunne", "start": "2026-12-01/2026-12-02"},
    "pace": {"pace": "50"},
    "distance": {"pace": "distans"},
    "evening": {"pace": "kväll", "occupation": "svetsare"},
    "unknown occupation": {"occupation": "astronaut"},
    "unknown place": {"place": "Malmö"},
    "unknown everything": {"occupation": "x", "place": "y", "start": "z", "pace": "å"},
    "odd": {"occupation": "", "place": " ", "start": "/", "pace": "0"},
    "numbers that are none": {"pace": "²", "start": "2027-02-30/9999-99-99"},
    "endless pace": {"pace": "9" * 40},
}
COURSE_ITEM = {"id", "title", "occupation", "node", "municipality", "start", "end", "apply_to", "continuous", "pace",
               "distance", "credits", "places", "status", "url"}  # fmt: skip
NODE_ITEM = {"slug", "town", "name", "municipality", "km", "street", "phone", "email", "opening_hours"}


@pytest.fixture
def session(seeded: Database) -> Iterator[Session]:
    with seeded.transaction() as session:
        yield session


@pytest.fixture
def ask(session: Session, now: datetime):
    def ask(topic: str, *, context: dict | None = None, **more) -> Handled:
        flags = {name: more.pop(name) for name in ("follow_up", "easy", "candidates") if name in more}
        said, before = Query(**more), Query(**(context or {}))
        session.commit()  # what a test has changed is there once it is committed
        return handle(Turn(session, now, "https://vagledaren.example.org", topic, said, before, **flags))

    return ask


def assert_whole(reply: Reply) -> None:
    """A reply that a client can show as it is, with its text alone."""
    text = reply.text
    assert len(text) >= 10
    assert text == text.strip()
    assert not re.search(r"[{}]|\bNone\b|\bnull\b|\[\]|Ã|\ufffd", text), text
    assert "\n\n" not in text
    assert not re.search(r"  |\.\.(?!\.)|: \.| ,| \.(?!\w)|::", text), text
    assert text[-1] in ".?!:…”)" or text.splitlines()[-1].split()[-1].startswith("http") or text[-1].isdigit(), text
    assert len({choice.title for choice in reply.choices}) == len(reply.choices)
    for choice in reply.choices:
        assert choice.topic in TOPICS
        assert 1 <= len(choice.title) <= 60
        assert "{" not in choice.title
        assert "None" not in choice.payload
    json.dumps(reply.model_dump(mode="json"))
    if reply.kind == "courses":
        assert reply.data["total"] >= len(reply.data["items"]) > 0
        for item in reply.data["items"]:
            assert set(item) >= COURSE_ITEM
            assert item["url"].startswith("https://vagledaren.example.org/utbildningar/")
            for name in ("start", "end", "apply_to"):
                assert item[name] is None or date.fromisoformat(item[name])
        if any(item["example"] for item in reply.data["items"]):
            assert "Exempeldata" in text
    if reply.kind in {"nodes", "contact"}:
        assert reply.data["items"]
        for item in reply.data["items"]:
            assert set(item) >= NODE_ITEM


@pytest.mark.parametrize("topic", [*TOPICS, "no_such_topic", "", "\x00"])
@pytest.mark.parametrize("easy", [False, True])
def test_every_topic_has_a_whole_answer_whatever_was_said(ask, topic, easy):
    for said in SAID.values():
        handled = ask(topic, easy=easy, **said)
        assert handled.replies
        for reply in handled.replies:
            assert_whole(reply)


@pytest.mark.parametrize("topic", sorted(HANDLERS))
def test_every_occupation_and_place_has_a_whole_answer(ask, session, topic):
    places = session.scalars(select(Municipality.name)).all()
    for occupation, place in [*product(OCCUPATIONS, (None, *PLACES)), *product((None, "svetsare"), places)]:
        for reply in ask(topic, occupation=occupation, place=place).replies:
            assert_whole(reply)


@given(
    topic=st.sampled_from([*sorted(HANDLERS), "nlu_fallback"]),
    said=st.fixed_dictionaries({}, optional={name: st.text(max_size=30) for name in Query.model_fields}),
    follow_up=st.booleans(),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_was_said_can_make_an_answer_fail(ask, topic, said, follow_up):
    assert ask(topic, follow_up=follow_up, context=said, **said).replies


class TestCourses:
    def test_a_search_names_the_first_courses_and_how_many_more(self, ask):
        (reply,) = ask("course_search", occupation="svetsare").replies
        assert {item["occupation"] for item in reply.data["items"]} == {"svetsare"}
        assert reply.data["total"] == 10
        for item in reply.data["items"][:3]:
            assert f"{item['title']} i {item['node']}" in reply.text
        assert f"{reply.data['total'] - 3} till" in reply.text

    def test_a_place_without_courses_in_the_occupation_gets_the_nearest_and_says_so(self, ask):
        (reply,) = ask("course_search", occupation="svetsare", place="Sunne").replies
        assert "I Sunne finns ingen utbildning till svetsare" in reply.text
        assert reply.data["items"][0]["km"] > 0

    def test_when_nothing_matches_the_wish_others_are_shown_and_said_to_be_others(self, ask):
        (reply,) = ask("course_search", occupation="montor", pace="distans").replies
        assert reply.text.startswith("Jag hittar ingen utbildning till montör på distans. Här är andra")
        (reply,) = ask("course_search", occupation="svetsare", start="2030-01-01/2030-01-31").replies
        assert reply.text.startswith("Jag hittar ingen utbildning till svetsare som börjar då.")

    def test_when_there_is_nothing_at_all_a_way_on_is_shown(self, ask):
        for topic, words in (
            ("course_search", "ingen utbildning"),
            ("course_start", "inget startdatum"),
            ("apply_deadline", "ingen sista ansökningsdag"),
        ):
            (reply,) = ask(topic, occupation="astronaut").replies
            assert reply.kind == "text"
            assert words in reply.text
            assert reply.choices

    def test_starts_are_told_in_swedish_dates(self, ask):
        (reply,) = ask("course_start", occupation="svetsare", place="Arvika").replies
        assert "Svetsare, grund i Arvika" in reply.text
        assert "1 mars 2027" in reply.text
        assert "25 januari 2027" in reply.text

    def test_deadlines_come_soonest_first_and_only_those_to_come(self, ask):
        (reply,) = ask("apply_deadline").replies
        days = [item["apply_to"] for item in reply.data["items"] if item["apply_to"]]
        assert days == sorted(days)
        assert days[0] == "2026-12-07"
        assert "7 december 2026" in reply.text

    def test_length_is_credits_and_weeks_with_the_source_of_the_rule(self, ask):
        (reply,) = ask("course_length", occupation="svetsare", place="Hagfors").replies
        assert "800 poäng" in reply.text
        assert "40 veckor på heltid" in reply.text
        assert reply.source is not None
        assert ask("course_length").replies[0].kind == "text"

    def test_detail_tells_what_one_learns(self, ask):
        (reply,) = ask("course_detail", occupation="processoperator", place="Säffle").replies
        assert "hur ved blir massa och papper" in reply.text

    def test_how_to_apply_gives_the_address_of_open_courses_only(self, ask, session):
        def leads_to(external_id: str) -> bool:
            occasion = session.scalars(select(Occasion).where(Occasion.external_id == external_id)).one()
            return re.search(rf"/ansok/{occasion.id}\b", reply.text) is not None

        (reply,) = ask("apply_how", occupation="svetsare").replies
        assert leads_to("EX-ARV-SVETS-2")
        assert not leads_to("EX-KAR-SVETS-1")  # full
        assert not leads_to("EX-ARV-SVETS-1")  # closed
        assert reply.source is not None

    @pytest.mark.parametrize(("topic", "heading"), [("course_search", "läsa"), ("course_start", "starter")])
    def test_occupations_stand_in_lower_case_in_a_sentence_but_abbreviations_do_not(self, ask, topic, heading):
        assert "till svetsare" in ask(topic, occupation="svetsare").replies[0].text
        assert "till CNC-operatör" in ask(topic, occupation="cnc-operator").replies[0].text


class TestDeadlineWords:
    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"apply_to": date(2026, 11, 23)}, "Sök senast i dag."),
            ({"apply_to": date(2026, 11, 24)}, "Sök senast 24 november 2026, det är i morgon."),
            ({"apply_to": date(2026, 11, 25)}, "Sök senast 25 november 2026, 2 dagar kvar."),
            ({"apply_to": date(2026, 12, 7)}, "Sök senast 7 december 2026, 14 dagar kvar."),
            ({"apply_to": date(2026, 12, 8)}, "Sök senast 8 december 2026."),
            ({"apply_to": date(2026, 11, 22)}, "Ansökan är stängd."),
            ({"apply_from": date(2026, 11, 24), "apply_to": date(2026, 12, 1)}, "Ansökan öppnar 24 november 2026."),
            ({"continuous": True}, "Du kan söka när som helst."),
            ({"continuous": True, "apply_to": date(2026, 11, 1)}, "Du kan söka när som helst."),
            ({"continuous": True, "apply_from": date(2026, 11, 24)}, "Ansökan öppnar 24 november 2026."),
            ({"status": "cancelled"}, "Tillfället är inställt."),
            ({"status": "full", "continuous": True}, "Alla platser är upptagna."),
            ({}, "Fråga vägledningen på orten om sista ansökningsdag."),
        ],
    )
    def test_each_case_has_its_sentence(self, values, words):
        assert deadline_words(Occasion(**({"status": "published"} | values)), date(2026, 11, 23)) == words


class TestStartWords:
    @pytest.mark.parametrize(
        ("continuous", "start", "searched", "dated"),
        [
            (True, date(2026, 1, 12), ". Du kan börja när som helst. ", " kan du börja när som helst. "),
            (True, None, ". Du kan börja när som helst. ", " kan du börja när som helst. "),
            (True, date(2027, 1, 11), ". Start 11 januari 2027. ", " börjar 11 januari 2027. "),
            (False, None, ". Startdatumet är inte bestämt. ", ": startdatumet är inte bestämt. "),
        ],
    )
    def test_both_answers_say_the_same_about_when_one_can_begin(self, ask, session, continuous, start, searched, dated):
        kept = session.scalars(select(Occasion).where(Occasion.external_id == "EX-SUN-FORP-1")).one()
        session.execute(delete(Occasion).where(Occasion.id != kept.id))
        kept.continuous, kept.start_date, kept.end_date = continuous, start, None
        session.flush()

        (search,), (starts,) = ask("course_search").replies, ask("course_start").replies

        assert searched in search.text
        assert dated in starts.text
        began = start and start.year == 2026
        assert search.data["items"][0]["start"] == (start.isoformat() if start and not began else None)


class TestNodes:
    def test_all_towns_are_listed(self, ask):
        (reply,) = ask("node_list").replies
        assert "Arvika, Hagfors, Karlstad, Kristinehamn, Sunne och Säffle" in reply.text
        assert len(reply.data["items"]) == 6

    def test_the_nearest_is_named_with_its_distance(self, ask):
        (reply,) = ask("node_nearest", place="Eda").replies
        assert "Eda" in reply.text
        assert "Arvika" in reply.text
        assert f"{reply.data['items'][0]['km']} km" in reply.text
        assert "Du kan läsa i Arvika" in ask("node_nearest", place="Arvika").replies[0].text

    @pytest.mark.parametrize("place", [None, "Malmö"])
    def test_without_a_known_place_the_person_is_asked(self, ask, place):
        assert "?" in ask("node_nearest", place=place).replies[0].text
        assert len(ask("node_detail", place=place).replies[0].data["items"]) == 6
        assert len(ask("human_contact", place=place).replies[0].data["items"]) == 6

    def test_a_contact_has_everything_in_the_text(self, ask):
        (reply,) = ask("human_contact", place="Säffle").replies
        assert reply.kind == "contact"
        for part in ("031-390 06 16", "vagledning.saffle@example.org", "8.00–16.00"):
            assert part in reply.text
        assert len(reply.data["items"]) == 1
        for item in ask("human_contact").replies[0].data["items"]:
            assert item["phone"] in ask("human_contact").replies[0].text

    @pytest.mark.parametrize("nodes", [0, 1, 2])
    def test_a_region_with_few_nodes_gets_answers_too(self, ask, session, nodes):
        kept = session.scalars(select(Node.id).order_by(Node.town).limit(nodes)).all()
        session.execute(delete(Occasion))
        session.execute(delete(Course))
        session.execute(delete(Availability))
        session.execute(delete(Counsellor))
        session.execute(update(Event).values(node_id=None))
        session.execute(delete(Node).where(Node.id.not_in(kept)))
        for topic, place in product(
            ("node_list", "node_nearest", "node_detail", "human_contact"), (None, "Arvika", "Kil")
        ):
            for reply in ask(topic, place=place).replies:
                assert reply.text
                assert not re.search(r"[{}]|\bNone\b|\(0 km\)", reply.text)


class TestOccupations:
    @pytest.mark.parametrize("slug", OCCUPATIONS)
    def test_each_is_described_with_a_way_to_its_courses(self, ask, session, slug):
        (reply,) = ask("job_describe", occupation=slug).replies
        occupation = session.scalar(select(Occupation).where(Occupation.slug == slug))
        assert reply.kind == "occupation"
        assert occupation.summary.strip() in reply.text
        assert reply.data["slug"] == slug
        assert reply.choices[0].payload == f'/course_search{{"occupation": "{slug}"}}'
        easy = ask("job_describe", occupation=slug, easy=True).replies[0].text
        assert max(len(sentence.split()) for sentence in easy.splitlines()) <= 12

    @pytest.mark.parametrize("occupation", [None, "astronaut"])
    def test_without_a_known_one_the_person_is_asked_which(self, ask, occupation):
        (reply,) = ask("job_describe", occupation=occupation).replies
        assert reply.kind == "choices"
        assert {choice.entities.get("occupation") for choice in reply.choices[:-1]} <= set(OCCUPATIONS)


class TestContext:
    BEFORE: ClassVar = {"occupation": "svetsare", "place": "Arvika"}

    @pytest.mark.parametrize("topic", ["course_start", "course_length", "course_detail", "apply_deadline", "apply_how"])
    def test_what_the_talk_was_about_goes_on(self, ask, topic):
        query = ask(topic, context=self.BEFORE).query
        assert (query.occupation, query.place) == ("svetsare", "Arvika")

    def test_a_new_search_begins_anew(self, ask):
        assert ask("course_search", place="Sunne", context=self.BEFORE).query == Query(place="Sunne")
        assert ask("job_overview", context=self.BEFORE).query == Query()

    @pytest.mark.parametrize("topic", sorted(HANDLERS))
    def test_a_follow_up_replaces_only_what_it_names(self, ask, topic):
        query = ask(topic, place="Sunne", context=self.BEFORE, follow_up=True).query
        assert query.place == "Sunne"
        assert query.occupation == "svetsare"
        assert can_follow_up(topic)

    def test_start_and_pace_are_never_carried_over(self, ask):
        before = self.BEFORE | {"start": "2027-08-01/2027-08-31", "pace": "50"}
        query = ask("course_start", context=before).query
        assert (query.start, query.pace) == (None, None)

    @pytest.mark.parametrize("topic", ["greet", "thank", "csn", "nlu_fallback", "book_meeting"])
    def test_after_other_topics_a_bare_name_is_no_follow_up(self, topic):
        assert not can_follow_up(topic)


class TestNotUnderstood:
    def test_likely_topics_become_buttons_with_what_was_said(self, ask):
        (reply,) = ask(
            "nlu_fallback", occupation="svetsare", candidates=("course_start", "apply_deadline", "nonsense")
        ).replies
        assert reply.kind == "choices"
        assert [choice.topic for choice in reply.choices] == ["course_start", "apply_deadline", "help_capabilities"]
        assert reply.choices[0].payload == '/course_start{"occupation": "svetsare"}'

    @pytest.mark.parametrize("candidates", [(), ("nonsense",)])
    def test_without_any_the_answer_says_so(self, ask, candidates):
        assert "förstod inte" in ask("nlu_fallback", candidates=candidates).replies[0].text


@pytest.mark.parametrize("topic", TOPICS)
def test_a_stored_answer_with_a_source_carries_it(ask, topic):
    entry = yaml.safe_load(Path("api/seed/answers.yml").read_text("utf-8"))[topic]
    if topic in HANDLERS or "source" not in entry:
        return
    assert ask(topic).replies[0].source.url == entry["source"]["url"]
