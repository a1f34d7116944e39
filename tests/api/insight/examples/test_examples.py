"""From a message that was not understood to an example that the assistant learns: two people, and nobody's name."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from api.chat.tables import Conversation
from api.database import Database
from api.insight.asked import rolling
from api.insight.asked.tables import Phrase
from api.insight.examples.checking import wrong_with
from api.insight.examples.file import write_examples
from api.insight.examples.known_phrases import known
from api.insight.examples.tables import TrainingExample
from api.settings import Settings
from tests.api.insight.talks import MISSED, Said, local, talk
from tests.api.staff.conftest import Browser, House

LIST = "/personal/insikt/oforstadda"
PATH = "/personal/exempel"
MORNING = local(2026, 11, 23, 8)
UNKNOWN = "får hunden följa med in på nodens verkstad"
TITLES = {"cost": "Vad kostar det?"}


def roll(house: House) -> None:
    rolling.roll_up(house.database, Settings(), house.clock)


async def proposed(house: House, browser: Browser, *texts: str, topic: str = "cost", new: str = "") -> list[int]:
    """These messages, said in the chat and proposed by `browser`; the examples' numbers."""
    with house.database.transaction() as session:
        for text in texts:
            talk(session, MORNING, Said(text, MISSED))
    roll(house)
    with house.database.transaction(read_only=True) as session:
        ids = [str(number) for number in session.scalars(select(Phrase.id).where(Phrase.state == "open"))]
    await browser.get(LIST)
    data = {"csrf": browser.csrf, "val": ids, "amne": topic, "nytt": new, "gor": "foresla"}
    answer = await browser.client.post(f"{LIST}/{ids[0]}", data=data)
    assert answer.status_code == 303, answer.text
    order = {text: place for place, text in enumerate(texts)}
    return [row.id for row in sorted(examples(house.database), key=lambda row: order.get(row.text, 0))]


def examples(database: Database) -> list[TrainingExample]:
    with database.transaction(read_only=True) as session:
        return list(session.scalars(select(TrainingExample).order_by(TrainingExample.id)))


def written(database: Database, folder: Path) -> list[dict[str, str]]:
    with database.transaction(read_only=True) as session:
        write_examples(session, folder / "examples.json")
    found: list[dict[str, str]] = json.loads((folder / "examples.json").read_text("utf-8"))["examples"]
    return found


async def approve(browser: Browser, number: int, text: str = UNKNOWN) -> int:
    await browser.get(PATH)
    return (await browser.post(f"{PATH}/{number}/godkann", visat=text)).status_code


async def test_one_proposes_another_approves_and_the_assistant_learns(
    house: House, staff: Browser, colleague: Browser, tmp_path: Path
) -> None:
    (number,) = await proposed(house, staff, UNKNOWN)
    assert written(house.database, tmp_path) == []
    assert "Exempel att godkänna" not in (await staff.get("/personal")).text
    assert "Exempel att godkänna (1)" in (await colleague.get("/personal")).text
    assert await approve(colleague, number) == 303
    assert written(house.database, tmp_path) == [{"text": UNKNOWN, "topic": "cost"}]
    (row,) = examples(house.database)
    assert (row.conversation_id, row.said_at) == (None, None)
    assert house.actions()[-2:] == ["example.propose", "example.approve"]
    assert all(UNKNOWN not in json.dumps(row.details) for row in house.audited())


async def test_nobody_approves_their_own_not_even_an_administrator(house: House, staff: Browser) -> None:
    admin = house.signed_in(house.account("chefen@example.org", "admin"))
    (number,) = await proposed(house, admin, UNKNOWN)
    assert "Någon annan godkänner." in (await admin.get(PATH)).text
    assert await approve(admin, number) == 403
    assert examples(house.database)[0].state == "waiting"
    assert await approve(staff, number) == 303


async def test_who_changes_the_words_is_the_author_from_then_on(
    house: House, staff: Browser, colleague: Browser
) -> None:
    (number,) = await proposed(house, staff, "får hunden Kim följa med in på nodens verkstad")
    page = (await colleague.get(PATH)).text
    assert "”Kim” ser ut som ett namn" in page
    await colleague.get(f"{PATH}/{number}")
    answer = await colleague.post(f"{PATH}/{number}", text=UNKNOWN, amne="cost", nytt="")
    assert answer.headers["location"] == f"{PATH}?klart=exempel_andrat"
    assert await approve(colleague, number) == 403
    assert await approve(staff, number) == 303


async def test_only_what_was_shown_is_approved(house: House, staff: Browser, colleague: Browser) -> None:
    (number,) = await proposed(house, staff, UNKNOWN)
    assert await approve(colleague, number, "något annat") == 409
    assert await approve(colleague, number) == 303
    assert await approve(colleague, number) == 409


async def test_a_proposal_and_its_copy_go_with_the_conversation_an_approved_example_stays(
    house: House, staff: Browser, colleague: Browser
) -> None:
    first, second = await proposed(house, staff, UNKNOWN, "kan man låna en liten traktor över helgen")
    assert await approve(colleague, first) == 303
    with house.database.transaction() as session:
        for conversation in session.scalars(select(Conversation)):
            session.delete(conversation)
    assert [row.id for row in examples(house.database)] == [first]
    assert second != first
    with house.database.transaction(read_only=True) as session:
        assert session.scalars(select(Phrase)).all() == []


async def test_what_waits_is_erased_when_the_time_of_the_copies_is_over(house: House, staff: Browser) -> None:
    await proposed(house, staff, UNKNOWN)
    house.clock.move(days=91)  # type: ignore[attr-defined]  # the clock of the tests
    with house.database.transaction() as session:
        assert rolling.erase_old_phrases(session, Settings(), house.clock()) == 2
    assert examples(house.database) == []


async def test_withdrawn_and_rejected_examples_are_gone(
    house: House, staff: Browser, colleague: Browser, tmp_path: Path
) -> None:
    first, second = await proposed(house, staff, UNKNOWN, "kan man låna en liten traktor över helgen")
    assert await approve(colleague, first) == 303
    await colleague.post(f"{PATH}/{second}/ta-inte-med")
    await staff.get(PATH)
    await staff.post(f"{PATH}/{first}/dra-tillbaka")
    assert examples(house.database) == []
    assert written(house.database, tmp_path) == []
    assert (await staff.post(f"{PATH}/{first}/dra-tillbaka")).status_code == 404


async def test_a_new_topic_is_a_wish_for_those_who_build_and_never_trained(
    house: House, staff: Browser, colleague: Browser, tmp_path: Path
) -> None:
    (number,) = await proposed(house, staff, UNKNOWN, topic="", new="Husdjur på noden")
    assert await approve(colleague, number) == 303
    assert written(house.database, tmp_path) == []
    page = (await staff.get(PATH)).text
    assert "Önskade nya ämnen" in page
    assert "Husdjur på noden" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Välj ett ämne, eller skriv vilket nytt ämne som behövs."),
        ({"amne": "nonsens"}, "Välj ett ämne, eller skriv vilket nytt ämne som behövs."),
        ({"amne": "cost", "nytt": "Hundar"}, "Välj antingen ett ämne eller ett nytt ämne, inte båda."),
        ({"nytt": "x" * 61}, "Skriv det nya ämnet med högst 60 tecken."),
        ({"amne": "cost", "val": []}, "Välj minst ett meddelande."),
    ],
)
async def test_a_choice_that_is_missing_is_told_at_its_field(
    house: House, staff: Browser, fields: dict[str, object], sentence: str
) -> None:
    with house.database.transaction() as session:
        talk(session, MORNING, Said(UNKNOWN, MISSED))
    roll(house)
    link = re.search(rf'href="({LIST}/(\d+))"', (await staff.get(LIST)).text)
    assert link
    await staff.get(link[1])
    data = {"csrf": staff.csrf, "val": [link[2]], "gor": "foresla"} | fields
    answer = await staff.client.post(link[1], data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Fel: Vad handlar det om?" in answer.text
    assert examples(house.database) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "måste innehålla ord"),
        ("???", "måste innehålla ord"),
        ("x" * 301, "högst 300 tecken"),
        ("vad kostar\ndet här", "på en rad"),
        ("vad kostar\u200bdet", "på en rad"),
        ("[svetsare](occupation) kostar", "hakparenteser"),
        ("ring mig på [telefonnummer]", "hakparenteser"),
        ("en {entity} till", "hakparenteser"),
        ("<b>fet</b> kurs", "hakparenteser"),
        ("- vad kostar kursen nu", "får inte börja med -"),
        ("/restart nu tack", "får inte börja med /"),
        ("ring 070-174 06 05 om kursen", "telefonnummer"),
        ("skriv till kim@example.org om det", "telefonnummer"),
        ("mitt nummer är 811218-9876", "telefonnummer"),
        ("ärende 1234567", "telefonnummer"),
    ],
)
def test_a_hostile_or_broken_text_is_no_example(text: str, reason: str) -> None:
    assert reason in wrong_with(text, "cost", {}, TITLES)


def test_the_same_text_is_neither_doubled_nor_under_two_topics() -> None:
    there = {"vad kostar det": "cost"}
    assert wrong_with("Vad kostar det?", "cost", there, TITLES) == "Assistenten kan redan det här exemplet."
    assert "hör redan till ämnet Vad kostar det?" in wrong_with("vad kostar det", "csn", there, TITLES)
    assert wrong_with("vad kostar det", "", there, TITLES) == ""
    assert wrong_with(UNKNOWN, "cost", there, TITLES) == ""


async def test_a_placeholder_or_a_conflict_is_said_at_once_and_refuses_approval(
    house: House, staff: Browser, colleague: Browser
) -> None:
    conflicting = next(text for text, topic in known().topics.items() if topic == "csn" and len(text) > 15)
    first, second = await proposed(house, staff, "ring mig på [telefonnummer] om hunden", conflicting)
    page = (await colleague.get(PATH)).text
    assert "hakparenteser" in page
    assert "hör redan till ämnet" in page
    assert f"{PATH}/{first}/godkann" not in page
    answer = await colleague.post(f"{PATH}/{first}/godkann", visat="ring mig på [telefonnummer] om hunden")
    assert answer.status_code == 422
    assert "hakparenteser" in answer.text
    assert (await colleague.post(f"{PATH}/{second}/godkann", visat=conflicting)).status_code == 422
    await staff.get(f"{PATH}/{first}")
    refused = await staff.post(f"{PATH}/{first}", text="- ring mig", amne="cost", nytt="")
    assert refused.status_code == 422
    assert "får inte börja med -" in refused.text


async def test_what_is_nearly_known_is_pointed_out(house: House, staff: Browser, colleague: Browser) -> None:
    text = next(text for text, topic in known().topics.items() if topic == "cost" and len(text) > 30)
    await proposed(house, staff, f"{text} x")
    assert "Nästan samma finns redan" in (await colleague.get(PATH)).text


async def test_the_same_message_from_many_becomes_one_example(house: House, staff: Browser) -> None:
    assert len(await proposed(house, staff, UNKNOWN, UNKNOWN, f"{UNKNOWN}?")) == 1


async def test_a_long_message_is_shortened_at_a_word(house: House, staff: Browser) -> None:
    await proposed(house, staff, "hunden " * 120)
    (row,) = examples(house.database)
    assert len(row.text) <= 300
    assert row.text.endswith("hunden")


def test_the_training_phrases_are_those_of_the_files() -> None:
    phrases = known()
    assert len(phrases.plains) > 5000
    assert phrases.topic_like("vad kostar utbildningen egentligen") == "cost"


def test_the_file_has_the_same_order_whatever_order_they_were_approved_in(database: Database, tmp_path: Path) -> None:
    with database.transaction(read_only=True) as session:
        assert write_examples(session, tmp_path / "examples.json")
        assert not write_examples(session, tmp_path / "examples.json")
