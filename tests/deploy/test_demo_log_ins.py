"""What `make run` says about the demo accounts."""

from __future__ import annotations

import json
from pathlib import Path

from deploy.local.commands import DEMO_ACCOUNTS, _demo_log_ins
from deploy.local.ports import Ports
from deploy.local.stack import Stack

NOTED = {"admin": "abcd-efgh-jkmn-pqrs", "staff": "tuvw-xyz2-3456-789a"}


def lines(folder: Path, **settings: str) -> str:
    return "\n".join(_demo_log_ins(Stack(Ports(), folder, base_env=settings), folder))


def test_shows_each_log_in_with_its_password_and_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / DEMO_ACCOUNTS).write_text(json.dumps(NOTED), "utf-8")
    said = lines(tmp_path)
    for text in (*NOTED, *NOTED.values(), DEMO_ACCOUNTS):
        assert text in said


def test_says_how_to_make_an_account_where_there_are_none_or_in_prod(tmp_path: Path) -> None:
    assert "create-account" in lines(tmp_path)
    (tmp_path / DEMO_ACCOUNTS).write_text(json.dumps(NOTED), "utf-8")
    said = lines(tmp_path, IV_ENV="prod")
    assert "create-account" in said
    assert NOTED["admin"] not in said
