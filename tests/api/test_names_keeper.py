"""A name that staff add reaches the file that the bot reads, and the bot then finds it."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from api.catalogue.tables import Course, Municipality
from api.database import Database
from api.guidance.tables import Occupation
from api.seed.gazetteer import NamesKeeper
from api.seed.load import seed
from bot.nlu.gazetteer import Gazetteer
from bot.nlu.names_file import NamesFile
from bot.nlu.text import load_words
from tests.conftest import NOW


def test_changed_names_reach_the_bot(seeded_both: Database, tmp_path: Path) -> None:
    path = tmp_path / "data" / "gazetteer.json"
    keep, file = NamesKeeper(seeded_both, path), NamesFile(str(path))
    keep()
    assert found(file, "jag vill bli pärlgubbe i Runnevål") == []
    with seeded_both.transaction() as session:
        welder = session.scalars(select(Occupation).where(Occupation.slug == "svetsare")).one()
        welder.aliases = [*welder.aliases, "pärlgubbe"]
        kil = session.scalars(select(Municipality).where(Municipality.name == "Kil")).one()
        kil.aliases = [*kil.aliases, "Runnevål"]
    keep()
    assert found(file, "jag vill bli parlgubbe i Runnevål") == ["svetsare", "Kil"]


def test_the_file_is_left_alone_while_nothing_changes_and_comes_back_when_it_is_gone(
    seeded: Database, tmp_path: Path
) -> None:
    path = tmp_path / "gazetteer.json"
    keep = NamesKeeper(seeded, path)
    keep()
    before = path.stat()
    with seeded.transaction() as session:
        session.scalars(select(Occupation).where(Occupation.slug == "svetsare")).one().summary = "Du svetsar."
    keep()
    keep()
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    path.unlink()
    keep()
    assert json.loads(path.read_text("utf-8"))["occupations"]


def test_the_bot_does_without_an_occupation_that_staff_have_removed(seeded: Database, tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.json"
    with seeded.transaction() as session:
        taken = select(Course.occupation_id)
        unused = session.scalars(select(Occupation).where(Occupation.id.not_in(taken)).order_by(Occupation.id)).first()
        assert unused
        title, slug = unused.title, unused.slug
        session.delete(unused)
    with seeded.transaction() as session:
        seed(session, NOW)
    NamesKeeper(seeded, path)()
    file = NamesFile(str(path))
    assert slug not in found(file, f"Jag vill bli {title.lower()}")
    assert found(NamesFile(str(path)), "Jag vill bli svetsare") == ["svetsare"]


def found(file: NamesFile, text: str) -> list[str]:
    """What the bot finds with the names of the file."""
    names = file.read_if_new()
    assert names is not None
    words = load_words()
    ordinary = [*words["function_words"], *words["ordinary_words"]]
    gazetteer = Gazetteer(names, words["endings"], words["compound_heads"], words["place_heads"], ordinary)
    return [one.value for one in gazetteer.find(text)]
