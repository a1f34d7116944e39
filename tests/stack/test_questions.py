"""Questions as people type them, through all four processes."""

from __future__ import annotations

from datetime import date

import pytest

from api import swedish_dates
from tests.stack.catalogue import Row
from tests.stack.running import Running
from tests.stack.talk import Talk

pytestmark = pytest.mark.model

NATIVE = (
    "hejsan",
    "finns det nån svetsutbildning nära Torsby?",
    "och i Arvika då?",
    "när börjar den?",
    "vad kostar det?",
)
LEARNER = (
    "hej hej",
    "jag vill bli svetsare. finns utbildning nara torsby",
    "och arvika?",
    "nar borjar den",
    "måste jag betala för utbildning?",
)
HURRIED = ("tja!", "svets torsby", "arvika då", "när startar den", "kostar det nåt eller")


@pytest.fixture
def talk(real: Running) -> Talk:
    return real.talk()


def day(row: Row, name: str) -> str:
    return swedish_dates.day(date.fromisoformat(row[name]))


def open_welding(real: Running, town: str) -> Row:
    """The next welding course there that can be applied for: the catalogue is as on a Monday in late November."""
    rows = real.occasions(occupation="Svetsare", node=town, status="published")
    return next(row for row in rows if row["external_id"] in {"EX-HAG-SVETS-1", "EX-ARV-SVETS-2"})


def test_a_conversation_begins_with_who_is_talking_and_three_things_to_choose(talk: Talk) -> None:
    assert "automatisk assistent" in talk.text
    assert talk.titles == ["Hitta utbildning", "Så söker du", "Boka möte"]


@pytest.mark.parametrize("words", [NATIVE, LEARNER, HURRIED], ids=["native", "learner", "hurried"])
def test_a_person_asks_their_way_from_hello_to_what_it_costs(real: Running, talk: Talk, words: tuple[str, ...]) -> None:
    hello, near_torsby, in_arvika, when, price = words

    talk.say(hello)
    assert talk.topics == ["greet"]
    assert len(talk.titles) == 3

    talk.say(near_torsby)
    nearest = open_welding(real, "Hagfors")
    first = talk.items("courses")[0]
    assert first["node"] == "Hagfors", "Torsby has no welding course, and Hagfors is nearest"
    assert 0 < first["km"] < 100
    assert (first["start"], first["apply_to"]) == (nearest["start_date"], nearest["apply_to"])
    assert "I Torsby finns ingen utbildning till svetsare" in talk.text
    assert f"Start {day(nearest, 'start_date')}. Sök senast {day(nearest, 'apply_to')}" in talk.text
    assert "Exempeldata" in talk.text
    assert {item["occupation"] for item in talk.items("courses")} == {"svetsare"}

    talk.say(in_arvika)
    other = open_welding(real, "Arvika")
    first = talk.items("courses")[0]
    assert first["node"] == "Arvika"
    assert talk.last[0]["data"]["query"] == {"occupation": "svetsare", "place": "Arvika"}
    assert {item["occupation"] for item in talk.items("courses")} == {"svetsare"}, "still about the same occupation"

    talk.say(when)
    assert talk.topics == ["course_start"]
    assert f"i Arvika börjar {day(other, 'start_date')}. Sök senast {day(other, 'apply_to')}" in talk.text

    talk.say(price)
    (answer,) = talk.last
    assert answer["topic"] == "cost"
    assert answer["source"]["title"]
    assert answer["source"]["url"].startswith("https://")
    date.fromisoformat(answer["source"]["checked_on"])


@pytest.mark.parametrize(
    "question",
    [
        "finns det svetsutbildning i Hagfors?",
        "jag soker svets kurs i hagfors",
        "Har ni någon utbildning till svetsare i Hagfors",
    ],
)
def test_a_course_asked_for_at_a_place_is_shown_there(talk: Talk, question: str) -> None:
    talk.say(question)
    assert talk.items("courses")[0]["node"] == "Hagfors"
    assert talk.items("courses")[0]["occupation"] == "svetsare"


def test_a_course_leads_to_its_own_page(real: Running, talk: Talk) -> None:
    talk.say("svetsutbildning i Arvika")
    address = talk.items("courses")[0]["url"]
    path = address.removeprefix(real.url)
    page = real.http.get(path)
    assert page.status_code == 200
    assert "Svetsare, grund" in page.text
    assert "application/ld+json" in page.text


def test_a_full_a_closed_and_a_cancelled_course_are_never_offered_as_the_next_start(real: Running, talk: Talk) -> None:
    talk.say("När börjar nästa svetsutbildning i Karlstad?")
    full = real.occasions(external_id="EX-KAR-SVETS-1")[0]
    assert f"i Karlstad börjar {day(full, 'start_date')}" not in talk.text
    talk.say("när startar robotoperatör i Sunne?")
    cancelled = real.occasions(external_id="EX-SUN-ROBOT-1")[0]
    assert f"i Sunne börjar {day(cancelled, 'start_date')}" not in talk.text


@pytest.mark.parametrize("question", ["säg det enklare", "jag förstår inte, kan du skriva lättare"])
def test_an_answer_is_said_again_in_easy_swedish(talk: Talk, question: str) -> None:
    talk.say("vad kostar det?")
    hard = talk.text
    talk.say(question)
    assert talk.text != hard
    assert all(len(line.split()) <= 12 for line in talk.text.splitlines()), talk.text


def test_starting_over_forgets_what_the_talk_was_about(talk: Talk) -> None:
    talk.say("svetsutbildning i Arvika")
    talk.say("börja om")
    assert talk.topics == ["restart"]
    talk.say("när börjar utbildningarna?")
    assert "occupation" not in talk.last[0]["data"]["query"]


def test_a_repeated_message_gets_its_first_answer_again(talk: Talk) -> None:
    body = {"text": "vad kostar det?", "client_id": "samma-meddelande"}
    first, second = talk.post(body).json(), talk.post(body).json()
    assert first == second
    assert len([m for m in talk.history() if m["sender"] == "user"]) == 1


def test_two_conversations_at_once_do_not_mix(real: Running) -> None:
    one, other = real.talk(), real.talk()
    one.say("svetsutbildning i Arvika")
    other.say("cnc-utbildning i Kristinehamn")
    one.say("när börjar den?")
    other.say("när börjar den?")
    assert one.last[0]["data"]["query"] == {"occupation": "svetsare", "place": "Arvika"}
    assert other.last[0]["data"]["query"] == {"occupation": "cnc-operator", "place": "Kristinehamn"}


def test_what_the_bot_remembers_does_not_grow_with_the_conversation(real: Running, talk: Talk) -> None:
    words = (
        "svetsutbildning i Arvika",
        "när börjar den?",
        "och i Hagfors då?",
        "vad kostar det?",
        "var finns noderna?",
    )
    sizes = {}
    for turn in range(1, 61):
        talk.say(words[turn % len(words)])
        ((sizes[turn],),) = real.in_tracker("SELECT length(state) FROM snapshot WHERE sender_id = ?", talk.id)
    assert sizes[60] <= 1.5 * sizes[10]


def test_an_erased_conversation_is_gone_here_and_in_the_bot(real: Running, talk: Talk) -> None:
    talk.say("svetsutbildning i Arvika")
    assert real.http.delete(talk.address, headers=talk.headers).status_code == 204
    assert talk.post({"text": "hej"}).status_code == 401
    assert real.in_tracker("SELECT 1 FROM snapshot WHERE sender_id = ?", talk.id) == []
    assert real.in_database("SELECT 1 FROM message WHERE conversation_id = ?", talk.id.replace("-", "")) == []
