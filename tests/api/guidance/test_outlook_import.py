"""Taking in Yrkesbarometern's file: whole or not at all, only what is about us. The sample's values are invented."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select

from api.database import Database
from api.guidance.outlook import reading
from api.guidance.outlook.errors import OutlookRefused
from api.guidance.outlook.reading import read_bytes, read_rows
from api.guidance.outlook.service import Imported, assessments, best_outlook, import_outlook
from api.guidance.outlook.tables import Outlook
from api.guidance.tables import Occupation
from api.manage import main
from api.migrations.runner import _config
from api.staff.tables import Audit

SAMPLE = Path(__file__).with_name("yrkesbarometer_sample.json")


def sample(**changed: Any) -> list[dict[str, Any]]:
    """The rows of the sample, each with these changes."""
    return [row | changed for row in json.loads(SAMPLE.read_text("utf-8"))]


def row(**changed: Any) -> dict[str, Any]:
    return sample()[0] | changed


def as_file(*rows: Any) -> bytes:
    return json.dumps(rows).encode()


def take_in(database: Database, data: bytes, now: datetime) -> Imported:
    with database.transaction() as session:
        return import_outlook(session, data, now=now, actor="cli")


def stored(database: Database) -> list[Outlook]:
    with database.transaction(read_only=True) as session:
        return list(session.scalars(select(Outlook).order_by(Outlook.concept_id, Outlook.region)))


class TestFile:
    def test_a_row_is_kept_word_for_word(self):
        first = read_rows(SAMPLE.read_bytes())[0]
        assert (first.name, first.region, first.ssyk, first.period) == (
            "Svetsare och gasskärare",
            "17",
            ("7212",),
            "2026-1",
        )
        assert (first.possibilities, first.situation, first.forecast) == ("medelstora", "balans", "vara oförändrad")
        assert first.possibilities_text == "Påhittad provtext: möjligheterna för svetsare i länet är medelstora."
        assert first.taxonomy_version == "30"

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("7212", ("7212",)),
            (7212, ("7212",)),
            ("8171, 8172", ("8171", "8172")),
            ("8171;8172;8171", ("8171", "8172")),
            ("72123", ()),
            ("", ()),
            (None, ()),
        ],
    )
    def test_an_occupation_can_be_several_groups_or_none(self, written: Any, read: tuple[str, ...]):
        assert read_rows(as_file(row(ssyk=written)))[0].ssyk == read

    def test_a_byte_order_mark_and_fields_that_are_new_do_no_harm(self):
        assert read_rows(b"\xef\xbb\xbf" + as_file(row(nytt={"x": [1]})))[0].region == "17"

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"PK\x03\x04",
            b"{",
            b"\xff\xfe",
            b"[" * 200_000,
            b"[" + b"9" * 10_000 + b"]",
            b"{}",
            b"[]",
            b"null",
            b'"x"',
            b'{"data": [{}]}',
            b"[null]",
            b"[[]]",
            b"[{}]",
            b"NaN",
        ],
    )
    def test_another_file_is_refused_with_a_sentence(self, data: bytes):
        with pytest.raises(OutlookRefused) as refused:
            read_rows(data)
        assert refused.value.detail.startswith("Prognosfilen kan inte läsas in, så inget är ändrat. ")
        assert refused.value.detail.endswith(".")

    @pytest.mark.parametrize("field", ["yb_concept_id", "yb_yrke", "lan", "omgang"])
    @pytest.mark.parametrize("value", [None, "", "  ", [], {}, True, 1.5, "x" * 300, "a\x00b", "<b>"])
    def test_a_row_needs_its_key_its_name_and_its_period(self, field: str, value: Any):
        with pytest.raises(OutlookRefused, match="outlook_refused") as refused:
            read_rows(as_file(row(), row(lan="00", **{field: value}) if field != "lan" else row(lan=value)))
        assert field in refused.value.detail
        assert "rad 2" in refused.value.detail

    @pytest.mark.parametrize("field", ["text_jobbmojligheter", "text_rekryteringssituation", "prognos", "ssyk_text"])
    @pytest.mark.parametrize(
        "value", [[], {}, False, 1e300, "x" * 3_000, "\u202eomvänt", "<script>", "\ud800", "{0}", "\x1b[2J"]
    )
    def test_a_quotation_that_could_not_be_shown_as_it_is_is_refused(self, field: str, value: Any):
        with pytest.raises(OutlookRefused):
            read_rows(as_file(row(**{field: value})))

    def test_one_period_and_each_occupation_once_a_region(self):
        with pytest.raises(OutlookRefused) as refused:
            read_rows(as_file(row(), row(lan="00", omgang="2026-2")))
        assert "flera omgångar" in refused.value.detail
        with pytest.raises(OutlookRefused) as refused:
            read_rows(as_file(row(), row()))
        assert "Rad 2" in refused.value.detail

    def test_a_file_that_is_too_large_is_not_even_loaded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(reading, "MAX_BYTES", 1_000)
        path = tmp_path / "yrkesbarometer.json"
        path.write_bytes(b" " * 1_001)
        for read in (lambda: read_bytes(path), lambda: read_rows(path.read_bytes())):
            with pytest.raises(OutlookRefused, match="outlook_refused"):
                read()

    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(),
            lambda x: st.lists(x) | st.dictionaries(st.sampled_from(sorted(row())), x),
            max_leaves=20,
        )
    )
    def test_whatever_the_file_holds_it_is_rows_or_a_refusal(self, content: Any):
        with suppress(OutlookRefused):
            assert read_rows(json.dumps(content).encode())


class TestImport:
    def test_only_our_region_and_the_whole_country_are_kept(self, seeded_both: Database, now: datetime):
        imported = take_in(seeded_both, SAMPLE.read_bytes(), now)
        assert (imported.period, imported.rows) == ("2026-1", 4)
        assert [(r.concept_id, r.region) for r in stored(seeded_both)] == [
            ("prov_el_1", "00"),
            ("prov_el_1", "17"),
            ("prov_svets_1", "00"),
            ("prov_svets_1", "17"),
        ]
        assert {r.imported_at for r in stored(seeded_both)} == {now}

    def test_it_says_which_of_our_occupations_are_assessed(self, seeded_both: Database, now: datetime):
        imported = take_in(seeded_both, SAMPLE.read_bytes(), now)
        assert imported.found == ["Industrielektriker", "Svetsare"]
        assert {"Industritekniker", "Robotoperatör"} <= set(imported.missing)

    def test_the_same_period_again_replaces_it_and_a_newer_one_too(self, seeded_both: Database, now: datetime):
        take_in(seeded_both, SAMPLE.read_bytes(), now)
        later = now + timedelta(days=1)
        assert take_in(seeded_both, as_file(row(prognos="öka")), later).rows == 1
        assert [(r.forecast, r.imported_at) for r in stored(seeded_both)] == [("öka", later)]
        take_in(seeded_both, as_file(*sample(omgang="2026-2")), later)
        assert {r.period for r in stored(seeded_both)} == {"2026-2"}

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(as_file(*sample(omgang="2025-2")), id="older"),
            pytest.param(as_file(row(lan="01")), id="no region of ours"),
            pytest.param(as_file(row(lan="00")), id="the country alone"),
            pytest.param(as_file(row(omgang="2027-1"), 7), id="broken"),
        ],
    )
    def test_a_refused_file_changes_nothing(self, seeded_both: Database, now: datetime, data: bytes):
        take_in(seeded_both, SAMPLE.read_bytes(), now)
        before = [(r.id, r.period, r.possibilities_text) for r in stored(seeded_both)]
        with pytest.raises(OutlookRefused):
            take_in(seeded_both, data, now)
        assert [(r.id, r.period, r.possibilities_text) for r in stored(seeded_both)] == before

    def test_an_import_leaves_a_trace(self, seeded_both: Database, now: datetime):
        take_in(seeded_both, SAMPLE.read_bytes(), now)
        with seeded_both.transaction(read_only=True) as session:
            (trace,) = session.scalars(select(Audit).where(Audit.action == "import_outlook"))
        assert (trace.actor, trace.details) == ("cli", {"period": "2026-1", "rows": 4})


class TestMatch:
    @pytest.fixture
    def best(self, seeded: Database, now: datetime):
        def best(*rows: dict[str, Any], slug: str = "svetsare", **changed: Any) -> str | None:
            with seeded.transaction() as session:
                import_outlook(session, as_file(*rows), now=now, actor="cli")
                occupation = session.scalars(select(Occupation).where(Occupation.slug == slug)).one()
                for name, value in changed.items():
                    setattr(occupation, name, value)
                found = best_outlook(occupation, assessments(session, ["17"]))
                return found.name if found else None

        return best

    def test_the_same_group_matches_and_another_does_not(self, best):
        assert best(row()) == "Svetsare och gasskärare"
        assert best(row(ssyk="7214")) is None

    def test_an_occupation_without_a_group_gets_nothing(self, best):
        assert best(row(), ssyk=None) is None

    def test_a_concept_id_in_common_decides(self, best):
        other = row(yb_concept_id="wf1E_nWA_EJp", yb_yrke="Manuella", ssyk="")
        assert best(row(), other) == "Manuella"
        assert best(other, ssyk=None) == "Manuella"

    def test_of_several_parts_of_a_group_the_one_of_the_same_name_is_taken(self, best):
        other = row(yb_concept_id="prov_2", yb_yrke="Gasskärare")
        assert best(other, row()) == "Svetsare och gasskärare"
        assert best(other, row(yb_yrke="Licensierade svetsare")) == "Licensierade svetsare"

    def test_the_row_of_the_group_alone_goes_before_one_of_several_groups(self, best):
        assert best(row(yb_concept_id="prov_2", yb_yrke="Svetsare med flera", ssyk="7211,7212"), row()) == (
            "Svetsare och gasskärare"
        )

    def test_where_none_stands_out_nothing_is_claimed(self, best):
        assert best(row(yb_yrke="Gasskärare"), row(yb_concept_id="prov_2", yb_yrke="Lödare")) is None

    def test_a_region_without_an_assessment_gives_way_to_the_country(self, best):
        nothing = {"jobbmojligheter": None, "rekryteringssituation": None, "prognos": None}
        assert best(row(**nothing), row(lan="00", yb_yrke="Svetsare i landet")) == "Svetsare i landet"
        assert best(row(**nothing)) is None


class TestCommand:
    @pytest.fixture
    def ready(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
        monkeypatch.delenv("IV_DATABASE_URL", raising=False)
        monkeypatch.setenv("IV_DATA_DIR", str(tmp_path))
        assert main(["migrate"]) == 0
        assert main(["seed"]) == 0
        capsys.readouterr()
        return tmp_path

    def test_it_prints_what_was_stored(self, ready: Path, capsys: pytest.CaptureFixture[str]):
        assert main(["import-outlook", str(SAMPLE)]) == 0
        first, found, missing = capsys.readouterr().out.splitlines()
        assert first == "Sparade 4 bedömningar ur Yrkesbarometerns omgång 2026-1."
        assert found == "Våra yrken med en bedömning (2): Industrielektriker, Svetsare."
        assert "Industritekniker" in missing

    def test_a_refused_or_missing_file_is_one_sentence_and_ends_with_2(
        self, ready: Path, capsys: pytest.CaptureFixture[str]
    ):
        path = ready / "fil.json"
        path.write_bytes(b"<html>")
        for arguments in (["import-outlook", str(path)], ["import-outlook", str(ready / "borta.json")]):
            assert main(arguments) == 2
            captured = capsys.readouterr()
            assert captured.out == ""
            assert captured.err.count("\n") == 1


def test_the_tables_can_be_taken_away_again_and_come_back(database: Database):
    def tables() -> set[str]:
        return set(inspect(database.engine).get_table_names())

    with database.engine.begin() as connection:
        command.downgrade(_config(connection), "2026_11_21_first")
    assert not {"outlook", "region"} & tables()
    with database.engine.begin() as connection:
        command.upgrade(_config(connection), "2026_11_22_outlook")
    assert {"outlook", "region"} <= tables()
