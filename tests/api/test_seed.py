"""The data a new installation starts with."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml
from sqlalchemy import Select, delete, func, select

from api.booking.seed import link_demo_account
from api.booking.tables import Counsellor
from api.catalogue.tables import Course, Municipality, Node, Occasion
from api.contact.enquiries.tables import EnquiryRoute
from api.contact.hosts.tables import ReceivingCompany
from api.contact.networks.tables import Network
from api.database import Base, Database
from api.events.tables import Event, EventSignup
from api.guidance.tables import PARTS, Answer, Occupation
from api.seed.gazetteer import gazetteer, write_gazetteer
from api.seed.load import Seeded, seed
from api.seed.tables import SeedPlanted
from api.staff import accounts
from api.staff.history import Edit
from tests.conftest import MovableClock


def run(database: Database, now: datetime) -> Seeded:
    with database.transaction() as session:
        return seed(session, now)


def everything(database: Database) -> dict[str, list[Any]]:
    with database.transaction(read_only=True) as session:
        return {
            table.name: sorted(map(str, session.execute(select(table)).all())) for table in Base.metadata.sorted_tables
        }


NOTHING = Seeded(0, 0, 0, 0, 0, 0)


def remove(database: Database, now: datetime, *which: Select[Any]) -> None:
    """As staff do it: with a history."""
    with database.transaction() as session, Edit(session, at=now, actor="staff:1", cause="remove") as edit:
        for rows in which:
            for row in session.scalars(rows).unique().all():
                edit.remove(row)


def change(database: Database, now: datetime, which: Select[Any], values: dict[str, Any]) -> None:
    with database.transaction() as session, Edit(session, at=now, actor="staff:1", cause="edit") as edit:
        assert edit.change(session.scalars(which).one(), values)


def occupation(slug: str) -> Select[Any]:
    return select(Occupation).where(Occupation.slug == slug)


def unused(database: Database) -> str:
    """An occupation of the seed that no course leads to."""
    with database.transaction(read_only=True) as session:
        taken = select(Course.occupation_id)
        found = select(Occupation.slug).where(Occupation.id.not_in(taken)).order_by(Occupation.slug)
        return session.scalars(found.limit(1)).one()


def forget_what_was_planted(database: Database) -> None:
    """As a database of an earlier version."""
    with database.transaction() as session:
        session.execute(delete(SeedPlanted))


def test_seeding_fills_every_kind_and_a_second_time_changes_nothing(database: Database, now: datetime) -> None:
    first = run(database, now)
    assert first.municipalities == 16
    assert (first.nodes, first.occupations, first.counsellors) == (6, 20, 8)
    assert first.answers >= 70
    assert first.occasions >= 40
    before = everything(database)
    assert run(database, now + timedelta(days=1)) == NOTHING
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


def test_seeding_keeps_what_staff_have_changed(database: Database, now: datetime) -> None:
    run(database, now)
    with database.transaction() as session:
        session.get_one(Answer, "cost").text = "Vår egen text."
        session.scalars(select(Occupation).where(Occupation.slug == "svetsare")).one().title = "Svetsare (ny)"
        session.scalars(select(Node).where(Node.slug == "arvika")).one().phone = "031-390 06 99"
    assert run(database, now) == NOTHING
    with database.transaction(read_only=True) as session:
        assert session.get_one(Answer, "cost").text == "Vår egen text."
        assert session.scalars(select(Occupation.title).where(Occupation.slug == "svetsare")).one() == "Svetsare (ny)"
        assert session.scalars(select(Node.phone).where(Node.slug == "arvika")).one() == "031-390 06 99"


def test_what_staff_have_emptied_stays_empty(database: Database, now: datetime) -> None:
    run(database, now)
    empty: dict[str, Any] = {"hours": "", "area": "", "group_concept_id": None, "related": [], "guide": {}}
    change(database, now, occupation("svetsare"), empty)
    change(database, now, occupation("montor"), dict.fromkeys(PARTS, "") | {**empty, "easy_parts": {}})
    assert run(database, now) == NOTHING
    for slug in ("svetsare", "montor"):
        with database.transaction(read_only=True) as session:
            row = session.scalars(select(Occupation).where(Occupation.slug == slug)).one()
            assert {name: getattr(row, name) for name in empty} == empty


@pytest.mark.parametrize("is_old", [False, True], ids=["noted", "from before it was noted"])
def test_what_staff_have_removed_or_renamed_does_not_come_back(database: Database, now: datetime, is_old: bool) -> None:
    run(database, now)
    free = unused(database)
    with database.transaction() as session:
        session.execute(delete(EventSignup))
    remove(database, now, select(Event), select(EnquiryRoute), select(ReceivingCompany))
    remove(database, now, select(Network).where(Network.slug == "techniqual"), select(Occasion), select(Course))
    remove(database, now, occupation(free), select(Answer).where(Answer.topic == "csn"))
    change(database, now, select(Node).where(Node.slug == "arvika"), {"slug": "arvika-norra"})
    if is_old:
        forget_what_was_planted(database)
    before = everything(database)
    assert run(database, now + timedelta(days=1)) == NOTHING
    after = everything(database)
    if is_old:
        assert len(after.pop("seed_planted")) > 100
        before.pop("seed_planted")
    assert after == before


@pytest.mark.parametrize("is_old", [False, True], ids=["noted", "from before it was noted"])
def test_what_a_new_version_brings_comes(database: Database, now: datetime, tmp_path: Path, is_old: bool) -> None:
    run(database, now)
    remove(database, now, occupation(unused(database)))
    if is_old:
        forget_what_was_planted(database)
        assert run(database, now) == NOTHING
    folder = copytree("api/seed", tmp_path / "seed")
    with (folder / "occupations.yml").open("a") as file:
        file.write("\n- {slug: glasblasare, title: Glasblåsare, area: Glas, hours: Dagtid.}\n")
    with (folder / "networks.yml").open("a") as file:
        first = yaml.safe_load((folder / "networks.yml").read_text("utf-8"))[0]
        file.write("\n" + yaml.safe_dump([{**first, "slug": "nytt", "name": "Nytt nätverk"}], allow_unicode=True))
    with database.transaction() as session:
        assert seed(session, now, folder) == replace(NOTHING, occupations=1, networks=1)
        assert session.scalars(select(Occupation.hours).where(Occupation.slug == "glasblasare")).one() == "Dagtid."


def test_a_new_counsellor_at_a_node_that_staff_have_removed_is_left_out(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    run(database, now)
    with database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in {"occasion", "course", "event_signup", "event", "availability", "counsellor"}:
                session.execute(delete(table))
    remove(database, now, select(Node).where(Node.slug == "sunne"))
    folder = copytree("api/seed", tmp_path / "seed")
    first = yaml.safe_load((folder / "counsellors.yml").read_text("utf-8"))[0]
    rows = [{**first, "slug": f"{node}-ny", "node": node} for node in ("sunne", "arvika")]
    (folder / "counsellors.yml").write_text(yaml.safe_dump(rows, allow_unicode=True), "utf-8")
    with database.transaction() as session:
        assert seed(session, now, folder) == replace(NOTHING, counsellors=1)


def test_an_occupation_from_before_the_records_gets_its_record_once(database: Database, now: datetime) -> None:
    run(database, now)
    with database.transaction() as session:
        row = session.scalars(select(Occupation).where(Occupation.slug == "svetsare")).one()
        for name in (*PARTS, "area"):
            setattr(row, name, "")
        row.easy_parts, row.related, row.guide, row.group_concept_id = {}, [], {}, None
    forget_what_was_planted(database)
    run(database, now)
    with database.transaction(read_only=True) as session:
        row = session.scalars(select(Occupation).where(Occupation.slug == "svetsare")).one()
        assert row.hours
        assert row.guide
        assert row.related


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


def test_the_demo_account_of_counsellors_is_one_of_the_example_counsellors_once(
    seeded: Database, clock: MovableClock
) -> None:
    with seeded.transaction() as session:
        account = accounts.create(
            session, login="counsellor", title="Vägledningen", role="counsellor", now=clock(), actor="cli"
        )
        link_demo_account(session)
        linked = session.scalars(select(Counsellor).where(Counsellor.account_id == account.id)).unique().one()
        linked.account_id = None
        other = session.scalars(select(Counsellor).where(Counsellor.id != linked.id)).unique().first()
        assert other is not None
        other.account_id = account.id
        link_demo_account(session)
        assert linked.account_id is None


def test_the_example_courses_follow_the_day_of_seeding(database: Database, now: datetime) -> None:
    later = timedelta(weeks=61)
    with database.transaction() as session:
        seed(session, now + later)
    by_id = {row["external_id"]: row for row in written_courses()}
    with database.transaction(read_only=True) as session:
        stored = session.scalars(select(Occasion)).all()
        assert len(stored) == len(by_id)
        for occasion in stored:
            row = by_id[occasion.external_id or ""]
            for name in ("start_date", "end_date", "apply_from", "apply_to"):
                day = getattr(occasion, name)
                assert (day - later).isoformat() == row[name] if day else not row[name]


def written_courses() -> list[dict[str, str]]:
    with Path("api/seed/catalogue.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
