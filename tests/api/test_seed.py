"""The data a new installation starts with."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import delete, func, select

from api.booking.tables import Counsellor
from api.catalogue.tables import Municipality, Node, Occasion
from api.database import Base, Database
from api.guidance.tables import Answer, Occupation
from api.seed.gazetteer import gazetteer, write_gazetteer
from api.seed.load import Seeded, seed


def run(database: Database, now: datetime) -> Seeded:
    with database.transaction() as session:
        return seed(session, now)


def everything(database: Database) -> dict[str, list[Any]]:
    with database.transaction(read_only=True) as session:
        return {
            table.name: sorted(map(str, session.execute(select(table)).all())) for table in Base.metadata.sorted_tables
        }


def test_seeding_fills_every_kind_and_a_second_time_changes_nothing(database: Database, now: datetime) -> None:
    first = run(database, now)
    assert first.municipalities == 16
    assert (first.nodes, first.occupations, first.counsellors) == (6, 20, 8)
    assert first.answers >= 70
    assert first.occasions >= 40
    before = everything(database)
    assert run(database, now + timedelta(days=1)) == Seeded(0, 0, 0, 0, 0, 0)
    assert everything(database) == before


def test_every_topic_has_an_answer_and_answers_keep_their_source(database: Database, now: datetime) -> None:
    run(database, now)
    entries = yaml.safe_load(Path("api/seed/answers.yml").read_text("utf-8"))
    with database.transaction(read_only=True) as session:
        stored = {answer.topic: answer for answer in session.scalars(select(Answer))}
    assert set(stored) == set(entries)
    for topic, entry in entries.items():
        answer = stored[topic]
        assert answer.text == entry["text"]
        if "source" in entry:
            assert (answer.source_title, answer.checked_on) == (entry["source"]["title"], entry["source"]["checked_on"])
            assert answer.review_on == entry["review_on"]


def test_seeding_keeps_what_staff_have_changed_and_adds_what_is_missing(database: Database, now: datetime) -> None:
    run(database, now)
    with database.transaction() as session:
        session.get_one(Answer, "cost").text = "Vår egen text."
        session.scalars(select(Occupation).where(Occupation.slug == "svetsare")).one().title = "Svetsare (ny)"
        session.scalars(select(Node).where(Node.slug == "arvika")).one().phone = "031-390 06 99"
        session.execute(delete(Answer).where(Answer.topic == "csn"))
        session.execute(delete(Occasion).where(Occasion.external_id.like("EX-KAR-%")))
    again = run(database, now)
    assert again == Seeded(0, 0, 0, answers=1, counsellors=0, occasions=0)
    with database.transaction(read_only=True) as session:
        assert session.get_one(Answer, "cost").text == "Vår egen text."
        assert session.scalars(select(Occupation.title).where(Occupation.slug == "svetsare")).one() == "Svetsare (ny)"
        assert session.scalars(select(Node.phone).where(Node.slug == "arvika")).one() == "031-390 06 99"


def test_everything_seeded_that_could_be_taken_for_real_is_marked_as_example(database: Database, now: datetime) -> None:
    run(database, now)
    with database.transaction(read_only=True) as session:
        for column in (Occasion.example, Node.example, Counsellor.example):
            assert set(session.scalars(select(column))) == {True}


def test_the_gazetteer_holds_every_name_and_is_written_once(database: Database, now: datetime, tmp_path: Path) -> None:
    run(database, now)
    path = tmp_path / "var" / "gazetteer.json"
    with database.transaction(read_only=True) as session:
        assert write_gazetteer(session, path) is True
        assert write_gazetteer(session, path) is False
        towns = session.scalar(select(func.count()).select_from(Municipality))
    content = json.loads(path.read_text("utf-8"))
    assert [p.name for p in path.parent.iterdir()] == ["gazetteer.json"]
    assert len(content["occupations"]) == 20
    assert len(content["places"]) == towns
    welder = next(entry for entry in content["occupations"] if entry["slug"] == "svetsare")
    assert welder["names"][0] == "Svetsare"
    assert set(welder) == {"slug", "names", "phrases", "misspellings"}
    hammaro = next(entry for entry in content["places"] if entry["name"] == "Hammarö")
    assert "Skoghall" in hammaro["names"]
    assert content["nodes"] == ["Arvika", "Hagfors", "Karlstad", "Kristinehamn", "Sunne", "Säffle"]
    assert "Säffle" in path.read_text("utf-8")


@pytest.mark.parametrize("order", [1, -1])
def test_the_gazetteer_does_not_depend_on_the_order_of_the_rows(database: Database, now: datetime, order: int) -> None:
    with database.transaction() as session:
        for slug in ["b", "a", "c"][::order]:
            session.add(Occupation(slug=slug, title=slug.upper(), aliases=[slug * 3, slug * 2][::order]))
        session.flush()
        assert [entry["names"] for entry in gazetteer(session)["occupations"]] == [
            ["A", "aa", "aaa"],
            ["B", "bb", "bbb"],
            ["C", "cc", "ccc"],
        ]
