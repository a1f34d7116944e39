"""The records that a new installation starts with: whole, readable, and without a word that means two things."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from alembic import command
from sqlalchemy import inspect, select, text

from api.database import Database
from api.guidance.tables import GUIDE_TRAITS, PARTS, Occupation
from api.migrations.runner import _config, migrate
from api.readability import EASY_LIMIT, STANDARD_LIMIT, lix
from api.seed.load import seed
from tests.conftest import NOW

RECORDS: list[dict[str, Any]] = yaml.safe_load(Path("api/seed/occupations.yml").read_text("utf-8"))
FIRST_NINE = ["svetsare", "cnc-operator", "industritekniker", "underhallsmekaniker", "industrielektriker",
              "automationstekniker", "robotoperator", "processoperator", "montor"]  # fmt: skip
GROUPS = {
    "7211": "J9Vz_JxJ_Bji",
    "7212": "wQ1E_Bzk_ZyA",
    "7214": "L4hA_SJP_SFi",
    "7215": "TrwQ_RXT_W8a",
    "7222": "MSnK_3Z8_4qA",
    "7223": "vaEp_iBS_c5h",
    "7224": "4bxV_58E_P9N",
    "7233": "KttZ_Skc_bMR",
    "7412": "a75S_eLg_JWH",
    "7420": "fWrt_sLg_koW",
    "8121": "YiQw_N87_zLU",
    "8142": "yPQ4_EaN_Dtj",
    "8213": "Kxm9_N3V_shF",
    "8344": "MrcX_RDn_N53",
    "4322": "kLyY_rwr_aJr",
    "3122": "dMVD_VYy_kgg",
}
"""JobTech's taxonomy: SSYK 2012 group → its concept id."""

each_record = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["slug"])


def test_the_first_nine_keep_their_slugs_and_no_slug_comes_twice() -> None:
    slugs = [record["slug"] for record in RECORDS]
    assert slugs[:9] == FIRST_NINE
    assert len(set(slugs)) == len(slugs) >= 20


@each_record
def test_a_record_has_every_part_in_standard_and_in_easy_swedish(record: dict[str, Any]) -> None:
    for name in ("summary", "workday", *PARTS):
        assert record[name].strip().endswith((".", "?")), name
        assert lix(record[name]) < STANDARD_LIMIT, (name, record[name])
    assert set(record["easy_parts"]) == set(PARTS)
    for name, words in {"easy": record["easy"], **record["easy_parts"]}.items():
        assert lix(words) < EASY_LIMIT, (name, lix(words), words)
        assert all(len(line.split()) <= 10 and line.endswith((".", "?")) for line in words.splitlines()), (name, words)


@each_record
def test_a_record_has_what_search_and_guide_need(record: dict[str, Any]) -> None:
    assert record["area"]
    assert len(record["traits"]) == 4
    assert set(record["guide"]) <= set(GUIDE_TRAITS)
    assert len(record["guide"]) >= 6
    assert all(weight in (-2, -1, 1, 2) for weight in record["guide"].values())
    assert max(record["guide"].values()) == 2
    assert len(record["aliases"]) >= 8
    assert len(record["phrases"]) >= 5
    assert len(record["misspellings"]) >= 6
    assert all(2 <= len(phrase.split()) <= 6 for phrase in record["phrases"])


@each_record
def test_codes_are_those_of_the_taxonomy_and_missing_ones_are_missing_together(record: dict[str, Any]) -> None:
    assert record["group_concept_id"] == GROUPS.get(record["ssyk"])
    assert (record["ssyk"] is None) == (record["ssyk_title"] is None) == (record["group_concept_id"] is None)


@each_record
def test_occupations_near_exist_and_the_first_way_leads_to_one_with_courses(record: dict[str, Any]) -> None:
    assert record["related"]
    assert record["slug"] not in record["related"]
    assert set(record["related"]) <= {other["slug"] for other in RECORDS}
    assert record["slug"] in FIRST_NINE or set(record["related"]) & set(FIRST_NINE)


def test_the_guide_can_tell_every_two_occupations_apart_and_uses_every_trait() -> None:
    profiles = [tuple(record["guide"].get(trait, 0) for trait in GUIDE_TRAITS) for record in RECORDS]
    assert len(set(profiles)) == len(profiles)
    assert {trait for record in RECORDS for trait in record["guide"]} == set(GUIDE_TRAITS)


def test_no_word_belongs_to_two_occupations() -> None:
    owner: dict[str, str] = {}
    for record in RECORDS:
        own = [record["title"], *record["aliases"], *record["phrases"], *record["misspellings"]]
        for word in own:
            key = word.casefold().replace(" ", "").replace("-", "")
            assert owner.setdefault(key, record["slug"]) == record["slug"], word


def test_rows_from_before_the_records_are_completed_and_what_staff_wrote_is_kept(database: Database) -> None:
    with database.transaction() as session:
        session.add(Occupation(slug="svetsare", title="Svetsare hos oss", aliases=["svets"]))
        session.add(Occupation(slug="montor", title="Montör", hours="Hos oss bara dagtid."))
        session.flush()
        seed(session, NOW)
    with database.transaction() as session:
        seed(session, NOW)
        welder = session.scalars(select(Occupation).where(Occupation.slug == "svetsare")).one()
        assert (welder.title, welder.aliases) == ("Svetsare hos oss", ["svets"])
        assert welder.hours == RECORDS[0]["hours"]
        assert welder.demands == RECORDS[0]["demands"]
        assert welder.easy_parts == RECORDS[0]["easy_parts"]
        assert welder.guide == RECORDS[0]["guide"]
        assert welder.group_concept_id == "wQ1E_Bzk_ZyA"
        assert welder.summary == ""
        fitter = session.scalars(select(Occupation).where(Occupation.slug == "montor")).one()
        assert (fitter.hours, fitter.demands) == ("Hos oss bara dagtid.", ""), "what was emptied stays empty"


def test_the_columns_come_and_go_without_losing_a_row(database: Database) -> None:
    """The migration that adds them, on a table with rows."""
    with database.transaction() as session:
        session.add(Occupation(slug="a", title="A", guide={"hands": 2}))
    with database.engine.begin() as connection:
        command.downgrade(_config(connection), "2026_11_22_outlook")
    assert "guide" not in {column["name"] for column in inspect(database.engine).get_columns("occupation")}
    migrate(database)
    with database.transaction() as session:
        row = session.execute(text("SELECT slug, area, society FROM occupation")).one()
        assert tuple(row) == ("a", "", "")
        assert session.scalars(select(Occupation)).one().guide == {}
