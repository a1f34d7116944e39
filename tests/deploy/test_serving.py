"""Which model the bot is started with, and what is said when there is none."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from deploy import serving
from deploy.local.model import PREFIX, is_whole
from deploy.local.ports import Ports
from deploy.local.progress import SetupError
from deploy.local.stack import Stack
from deploy.serving import usable_model


def model(root: Path, name: str, *, age: int, damage: str = "") -> Path:
    """A model made so many seconds after the first, perhaps damaged."""
    path = root / "models" / f"{PREFIX}{name}.tar.gz"
    path.parent.mkdir(exist_ok=True)
    content = gzip.compress(os.urandom(5000))
    if damage == "half":
        content = content[:2500]
    elif damage == "a byte":
        content = content[:2500] + bytes([content[2500] ^ 1]) + content[2501:]
    elif damage == "other":
        content = b"<html>"
    elif damage == "empty":
        content = b""
    path.write_bytes(content)
    os.utime(path, (age, age))
    return path


DAMAGES = ("half", "a byte", "other", "empty")


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_model_is_passed_over_for_the_one_before_and_it_is_said(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = model(tmp_path, "before", age=1)
    damaged = model(tmp_path, "damaged", age=2, damage=damage)
    assert usable_model(tmp_path, None) == before
    assert capsys.readouterr().out == ""
    assert usable_model(tmp_path, damaged) == before
    assert capsys.readouterr().out == (
        f"WARNING The model {damaged.name} is damaged or gone; {before.name} is used instead.\n"
    )


def test_a_whole_model_is_used_as_it_was_asked_for(tmp_path: Path) -> None:
    wanted = model(tmp_path, "wanted", age=1)
    model(tmp_path, "newer", age=2)
    assert is_whole(wanted)
    assert usable_model(tmp_path, wanted) == wanted


def test_without_a_whole_model_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"There is no model in models/: run make train"):
        usable_model(tmp_path, None)
    damaged = model(tmp_path, "damaged", age=1, damage="half")
    with pytest.raises(SetupError, match=r"damaged or gone, and there is no other in models/: run make train"):
        usable_model(tmp_path, damaged)


def test_the_stack_asks_for_a_training_when_there_is_no_whole_model(tmp_path: Path) -> None:
    model(tmp_path, "damaged", age=1, damage="half")
    (tmp_path / ".env.example").write_text("", "utf-8")
    stack = Stack(Ports.free(), tmp_path / "var", root=tmp_path, base_env={})
    with pytest.raises(SetupError, match=r"no trained model yet: make train"):
        stack.start("bot")


@pytest.mark.parametrize("arguments", [[], ["sing"], ["train", "x"], ["bot", "x", "y"]])
def test_anything_else_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert serving.main(arguments, {}) == 2
    assert "python -m deploy.serving bot [MODEL], or train" in capsys.readouterr().err
