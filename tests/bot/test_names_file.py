"""The bot follows the file with the catalogue's names while it runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

from bot.nlu.names_file import NamesFile

NAMES = {"occupations": [], "places": [], "nodes": []}


def replace(path: Path, content: str) -> None:
    """Another file in its place, as the worker does it."""
    part = path.with_suffix(".part")
    part.write_text(content, "utf-8")
    part.replace(path)


def test_a_file_is_read_once_and_again_when_it_has_been_replaced(tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    replace(path, json.dumps(NAMES))
    file = NamesFile(str(path))
    assert file.read_if_new() == NAMES
    assert file.read_if_new() is None
    more = NAMES | {"nodes": ["Arvika"]}
    replace(path, json.dumps(more))
    assert file.read_if_new() == more
    assert file.read_if_new() is None


def test_a_replaced_file_is_seen_even_with_the_same_size_and_time(tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    replace(path, json.dumps(NAMES | {"nodes": ["a"]}))
    os.utime(path, ns=(1, 1))
    file = NamesFile(str(path))
    file.read_if_new()
    replace(path, json.dumps(NAMES | {"nodes": ["b"]}))
    os.utime(path, ns=(1, 1))
    assert file.read_if_new() == NAMES | {"nodes": ["b"]}


def test_a_file_that_is_missing_broken_or_something_else_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    file = NamesFile(str(path))
    assert file.read_if_new() is None
    for content in ("{", "[]", "{}", "\x00"):
        replace(path, content)
        assert file.read_if_new() is None
    replace(path, json.dumps(NAMES))
    assert file.read_if_new() == NAMES
    path.unlink()
    assert file.read_if_new() is None
    replace(path, json.dumps(NAMES))
    assert file.read_if_new() == NAMES


def test_without_a_file_there_is_nothing_to_follow() -> None:
    assert NamesFile("").read_if_new() is None
