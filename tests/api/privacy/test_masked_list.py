"""The list of what is masked in a message, and of what only looks like it, held against everything that masks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from api.chat.service import add_turn, start_conversation, user_message
from api.database import Database
from api.privacy.contacts import make_safe
from api.privacy.masking import CONTACT_LABELS, PERSONAL_NUMBER_LABEL, mask_all
from tests.api.privacy.planting import dump

LIST = yaml.safe_load(Path(__file__).with_name("masked.yml").read_text("utf-8"))
HIDDEN: list[tuple[str, str]] = [(text, stored.replace("\\n", "\n")) for text, stored in LIST["hidden"]]
KEPT: list[str] = LIST["kept"]
TOKEN = re.compile("kontakt-[0-9a-f]{24}")
LABEL = re.compile("|".join(map(re.escape, CONTACT_LABELS.values())))
AROUND = ("{}", "Hej, {} tack!", "({})", "{}\nTack")


def test_the_list_is_long_enough_to_mean_something() -> None:
    assert len(HIDDEN) >= 60
    assert len(KEPT) >= 60
    labels = {PERSONAL_NUMBER_LABEL, *CONTACT_LABELS.values()}
    assert all(any(label in stored for label in labels) for _, stored in HIDDEN)


@pytest.mark.parametrize(("text", "stored"), HIDDEN)
def test_what_tells_who_somebody_is_is_hidden_wherever_it_stands(text: str, stored: str) -> None:
    for around in AROUND:
        assert mask_all(around.format(text)) == around.format(stored)


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_it_is_kept(text: str) -> None:
    for around in AROUND:
        assert mask_all(around.format(text)) == around.format(text)


@pytest.mark.parametrize("text", [text for text, _ in HIDDEN] + KEPT)
def test_masking_again_changes_nothing(text: str) -> None:
    assert mask_all(mask_all(text)) == mask_all(text)


def test_what_is_hidden_reaches_neither_bot_nor_database(database: Database, now) -> None:
    with database.transaction() as session:
        conversation, _ = start_conversation(session, now)
        for text, stored in HIDDEN:
            safe = make_safe(session, conversation.id, text, now)
            assert safe.for_storage == stored
            assert TOKEN.sub("", safe.for_bot) == LABEL.sub("", stored)
            add_turn(session, conversation, user_message(safe.for_storage, None), [], now)
    kept = dump(database)
    personal = [text for text, stored in HIDDEN if stored == PERSONAL_NUMBER_LABEL]
    assert [text for text in personal if text in kept] == []
