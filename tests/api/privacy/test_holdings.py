"""Every table and column is declared: personal with a rule for when it goes, or about nobody."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import api.tables  # noqa: F401 - every table
from api.database import Base
from api.holdings import Columns
from api.personal import HOLDINGS, NOTHING
from api.privacy.pages import descriptions
from api.privacy.showing import labels
from api.settings import Settings

DECLARED = [*(columns for holding in HOLDINGS for columns in holding.tables), *NOTHING]
KEPT_ON_PURPOSE = {"account", "trail"}
"""What says who did what stays; it is about staff, as accounts."""
GOES_BY_ITSELF = {"tracker"}
"""A row goes as soon as the bot has forgotten."""
DOCUMENT = Path(__file__).resolve().parents[3] / "docs/trust/privacy.md"


def test_every_table_is_declared_once() -> None:
    assert Counter(columns.table for columns in DECLARED) == Counter(list(Base.metadata.tables))


@pytest.mark.parametrize("columns", DECLARED, ids=lambda columns: columns.table)
def test_every_column_is_declared_once_as_personal_hidden_or_about_nobody(columns: Columns) -> None:
    declared = [*columns.personal, *columns.hidden, *columns.plain]
    assert Counter(declared) == Counter(list(Base.metadata.tables[columns.table].c.keys()))


def test_what_is_personal_goes_by_a_rule() -> None:
    personal = {one.name for one in HOLDINGS if any(t.personal or t.hidden for t in one.tables)}
    assert {one.name for one in HOLDINGS if one.retire} == (personal - KEPT_ON_PURPOSE - GOES_BY_ITSELF) | {
        "mail_files"
    }


def test_a_table_about_nobody_has_no_personal_column() -> None:
    assert [columns.table for columns in NOTHING if columns.personal] == []


def test_every_kind_is_described_and_nothing_else() -> None:
    assert [holding.name for holding in HOLDINGS] == list(descriptions())
    for text in descriptions().values():
        assert text.keys() == {"group", "title", "what", "why", "kept", "seen"}
        assert set(re.findall(r"{(\w+)}", " ".join(text.values()))) <= Settings.model_fields.keys()


def test_what_can_be_looked_up_can_be_read_on_the_page() -> None:
    found = {
        columns.table: columns for one in HOLDINGS if one.find for columns in one.tables if "_link" not in columns.table
    }
    assert found.keys() == labels()["tables"].keys()
    named = labels()["columns"].keys() | {"plain"}  # the same text once more, in small letters
    assert {name for columns in found.values() for name in columns.personal} <= named


def test_the_document_has_a_row_for_every_kind_with_its_tables() -> None:
    rows = {
        line.split("|")[1].strip().strip("`"): line
        for line in DOCUMENT.read_text("utf-8").splitlines()
        if "| `" in line[:4]
    }
    assert {holding.name for holding in HOLDINGS} <= rows.keys()
    for holding in HOLDINGS:
        assert [t.table for t in holding.tables if f"`{t.table}`" not in rows[holding.name]] == []
        named = set(re.findall(r"{(\w+)}", descriptions()[holding.name]["kept"]))
        assert [name for name in named if f"IV_{name.upper()}" not in rows[holding.name]] == []
