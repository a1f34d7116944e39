"""What the assistant says about events."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from api.chat.page.cards import cards_of
from api.chat.tables import Message
from api.chat.topics import handle
from api.events.listing import upcoming
from api.events.tables import Event
from api.guidance.turn import Turn
from api.replies import Query, Reply

BASE = "https://vagledning.example.org"


@pytest.fixture
def ask(seeded, now):
    def ask(topic: str = "event_list", *, easy: bool = False, part: str | None = None, **said: str) -> Reply:
        with seeded.transaction() as session:
            turn = Turn(session, now, BASE, topic, Query(**said), Query(), easy=easy, part=part)
            (reply,) = handle(turn).replies
        return reply

    return ask


def towns(reply: Reply) -> list[str]:
    return [item["municipality"] for item in reply.data["items"]]


def test_the_text_alone_says_which_when_where_and_whether_there_is_room(ask):
    reply = ask()
    assert reply.kind == "events"
    assert len(reply.data["items"]) == 3
    for item in reply.data["items"]:
        assert item["title"] in reply.text
        assert item["place"] in reply.text
    assert "platser kvar" in reply.text
    assert "Fullt, men du kan ställa dig i kö." in reply.text
    assert f"{BASE}/traffar" in reply.text
    assert "Exempeldata" in reply.text
    assert reply.text.startswith(reply.data["lead"])


@pytest.mark.parametrize("easy", [False, True])
def test_the_text_alone_says_what_the_cards_say(ask, easy):
    """In the transcript, and for whoever does not see the cards."""
    reply = ask(part="all", easy=easy)
    for item in reply.data["items"]:
        line = next(line for line in reply.text.splitlines() if item["title"] in line and item["place"] in line)
        for words in item["text"].split(". "):
            assert words.rstrip(".").casefold() in line.casefold(), (words, line)
        if item["deadline"]:
            day = date.fromisoformat(item["deadline"])
            assert f"{day.day} " in line.partition("senast" if not easy else "Sista dag")[2]
    assert any(item["deadline"] for item in reply.data["items"])
    kept = reply.text
    for words in ("Hörselslinga finns", "Utan trappsteg", "Kvinnor som vill veta mer om teknikyrken", "Studiebesök"):
        assert words in kept


def test_every_event_has_a_button_that_starts_its_form_and_there_is_one_for_all(ask):
    reply = ask()
    payloads = [step.payload for step in reply.choices]
    assert payloads == [
        *(f'/event_list{{"asking_kind": "event:{item["id"]}"}}' for item in reply.data["items"]),
        '/event_list{"part": "all"}',
    ]
    assert all(len(step.title) <= 36 for step in reply.choices)
    everything = ask(part="all")
    assert len(everything.data["items"]) == everything.data["total"] == 9


def test_an_item_says_everything_a_card_needs(ask):
    item = next(item for item in ask(part="all").data["items"] if item["women_only"])
    assert item | {"id": "", "url": "", "start": "", "end": "", "signup_until": ""} == {
        "id": "",
        "kind": "information",
        "title": "Kväll för kvinnor som är nyfikna på teknik",
        "start": "",
        "end": "",
        "place": "Industrinoden i Kristinehamn, Exempelgatan 4",
        "address": "Exempelgatan 4",
        "municipality": "Kristinehamn",
        "node": "Kristinehamn",
        "host": "Industrinoden i Kristinehamn",
        "places_left": 16,
        "waiting_list": False,
        "step_free": "yes",
        "hearing_loop": "unknown",
        "interpreter": ["ar", "ti"],
        "women_only": True,
        "signup_until": "",
        "deadline": None,
        "status": "published",
        "text": "Informationsträff. Bara för kvinnor. Utan trappsteg. Tolk till arabiska och tigrinja. "
        "Kvinnor som vill veta mer om teknikyrken.",
        "url": "",
        "example": True,
    }
    assert item["start"].endswith("T18:00:00+01:00")
    assert item["url"].startswith(f"{BASE}/traffar/kvall-for-kvinnor")


def test_the_chat_without_javascript_draws_a_card_for_each(ask, now):
    reply = ask()
    cards = cards_of(Message(kind=reply.kind, data=reply.data), now.date(), BASE)
    assert [card.title for card in cards] == [item["title"] for item in reply.data["items"]]
    full = next(card for card in cards if card.title == "Studiebesök hos Exempelstål")
    said = " ".join(piece.text for piece in full.text)
    assert "Fullt, men du kan ställa dig i kö." in said
    facts = {fact.label: f"{fact.value} {fact.note}".strip() for fact in full.facts}
    assert "Exempelståls reception, Exempelvägen 20, Hagfors" in facts.values()
    assert any("13 december" in value and "dagar" in value for value in facts.values())
    assert full.example


def test_those_in_the_town_come_first_then_the_net_then_the_nearest(ask):
    reply = ask(place="Sunne")
    assert reply.data["lead"] == "Det finns träffar i Sunne. De står först:"
    assert towns(reply)[:2] == ["Sunne", "Sunne"]
    near = ask(place="Eda")
    assert "ingen träff i Eda" in near.text
    assert "Arvika" in towns(near)[:2]


def test_only_those_at_the_time_asked_for_and_honestly_others_when_there_is_none(ask):
    february = ask(start="2027-02-01/2027-02-28")
    assert [item["start"][:7] for item in february.data["items"]] == ["2027-02"]
    never = ask(start="2029-01-01/2029-01-31")
    assert "inget just den tiden" in never.text
    assert len(never.data["items"]) == 3


def test_study_visits_are_listed_under_their_own_topic(ask):
    assert {item["kind"] for item in ask("study_visit").data["items"]} == {"study_visit"}


def test_open_houses_stand_in_for_study_visits(ask, seeded):
    with seeded.transaction() as session:
        session.execute(update(Event).where(Event.kind == "study_visit").values(status="draft"))
    reply = ask("study_visit")
    assert "inga studiebesök" in reply.text
    assert {item["kind"] for item in reply.data["items"]} == {"open_house"}


@pytest.mark.parametrize("topic", ["event_list", "study_visit"])
@pytest.mark.parametrize("easy", [False, True])
def test_without_any_event_it_says_so_and_what_one_can_do(ask, seeded, topic, easy):
    with seeded.transaction() as session:
        session.execute(update(Event).values(status="draft"))
    reply = ask(topic, easy=easy)
    assert reply.kind == "text"
    assert reply.text.startswith("Det finns inga")
    assert "vägled" in reply.text
    assert reply.choices


def test_what_one_cannot_sign_up_for_any_more_is_not_offered(ask, seeded, now):
    with seeded.transaction() as session:
        first = session.scalars(select(Event).order_by(Event.starts_at)).first()
        first.signup_until = now
    assert first.title not in ask().text


def test_easy_swedish_has_short_sentences(ask):
    reply = ask(easy=True, place="Sunne")
    assert "Plats:" in reply.text
    assert all(len(sentence.split()) <= 12 for sentence in reply.data["lead"].split(". "))


def test_the_list_can_be_narrowed_down(seeded, now):
    with seeded.transaction() as session:
        assert {one.event.kind for one in upcoming(session, now, kinds=("open_house", "network"))} == {
            "open_house",
            "network",
        }
        assert all(one.event.municipality.name == "Säffle" for one in upcoming(session, now, municipality="Säffle"))
        assert len(upcoming(session, now, node="saffle")) == 2
        open_ones = upcoming(session, now, only_open=True)
        assert len(open_ones) == len(upcoming(session, now)) - 1
        late = now + timedelta(days=30)
        assert all(one.event.starts_at >= late for one in upcoming(session, now, starts_from=late))
        assert all(one.event.starts_at < late for one in upcoming(session, now, starts_before=late))
        network = next(one.event.network_id for one in upcoming(session, now) if one.event.network_id)
        assert len(upcoming(session, now, network_id=network)) == 1
        assert upcoming(session, now + timedelta(days=400)) == []


def test_the_examples_cover_what_there_is_to_see(seeded, now):
    with seeded.transaction() as session:
        listed = upcoming(session, now)
        assert len(listed) == 9
        assert all(one.event.example for one in listed)
        assert len({one.event.node_id for one in listed}) == 6
        assert sum(one.event.kind == "study_visit" for one in listed) == 2
        assert sum(one.event.is_online for one in listed) == 1
        assert sum(one.event.women_only for one in listed) == 1
        assert [(one.seats.left, one.seats.waiting) for one in listed if one.seats.waiting] == [(0, 2)]
