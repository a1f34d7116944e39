"""Every topic, asked for as a person would, through all four processes: understood, answered, and leading on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from rapidfuzz import fuzz

from api.readability import lix
from tests.bot.material import answers, phrases, topics
from tests.bot.test_answers import CAN_BECOME_WRONG
from tests.stack.running import Running
from tests.stack.talk import Message

pytestmark = pytest.mark.model

MESSAGES = {
    "about_initiative": "Vad är det här för satsning, och vilka är det som står bakom?",
    "accessibility_support": "Jag har både dyslexi och adhd, vad kan jag få för hjälp på kursen?",
    "affirm": "Jajamänsan, det vill jag",
    "apply_change": "Jag har sökt fel kurs och vill dra tillbaka min ansökan",
    "apply_deadline": "Vilken dag stänger ansökan?",
    "apply_documents": "Vilka betyg och intyg ska jag bifoga när jag söker?",
    "apply_how": "Hur gör jag när jag ska söka till kursen?",
    "apply_selection": "Hur väljer ni ut vem som får platsen om många söker?",
    "apply_status": "Jag skickade in min ansökan förra veckan, när får jag besked?",
    "apprenticeship": "Ingår det praktik ute på ett företag?",
    "book_meeting": "Jag skulle vilja träffa en studievägledare, har ni en tid?",
    "bot_challenge": "Sitter det en riktig människa och skriver svaren?",
    "cancel_meeting": "Jag måste ställa in mötet som jag har bokat",
    "career_paths": "Vad kan man bli sen efter några år som svetsare?",
    "certificates": "Vad får man för papper när utbildningen är klar?",
    "chitchat": "Tycker du om att åka skidor?",
    "cost": "Är det någon kursavgift eller är det gratis?",
    "course_detail": "Vad lär man sig på CNC-kursen, vilka moment ingår?",
    "course_language": "Räcker min svenska om jag bara har läst sfi C?",
    "course_length": "Hur många veckor håller svetsutbildningen på?",
    "course_pace": "Går det att plugga på halvfart bredvid jobbet?",
    "course_search": "Har ni någon utbildning till industrielektriker i Säffle?",
    "course_start": "När drar nästa CNC-utbildning igång?",
    "csn": "Kan jag ta studielån och få bidrag medan jag pluggar?",
    "deny": "Nej, så menade jag inte alls",
    "education_forms": "Vad är det för skillnad på komvux och yrkeshögskola?",
    "eligibility": "Får jag gå utbildningen fast jag aldrig gick klart gymnasiet?",
    "employer_contact": "Vi är ett företag som vill utbilda vår personal, vem hos er pratar vi med?",
    "employers": "Vilka företag i Hagfors brukar anställa folk?",
    "event_list": "När är nästa öppet hus eller informationskväll?",
    "feedback": "Det här var ett uselt svar, du hjälper mig ju inte alls",
    "free_choice": "Får jag läsa i Karlstad fast jag är skriven i Kil?",
    "goodbye": "Nu måste jag gå, hej då så länge",
    "greet": "God morgon på er!",
    "help_capabilities": "Vad kan man fråga dig om egentligen?",
    "human_contact": "Kan jag få numret till någon levande person hos er?",
    "job_describe": "Hur ser en vanlig dag ut för en CNC-operatör?",
    "job_environment": "Är det mycket buller och damm i verkstaden?",
    "job_guide": "Jag vet inte vilket yrke som skulle passa mig, kan du hjälpa mig att välja?",
    "job_hours": "Jobbar man kvällar och helger som processoperatör?",
    "job_outlook": "Kommer det att behövas industritekniker om några år?",
    "job_overview": "Vilka sorters yrken finns det inom industrin?",
    "job_requirements": "Måste man vara stark för att jobba som montör?",
    "job_salary": "Hur mycket tjänar en svetsare i månaden?",
    "job_vacancies": "Vilka lediga tjänster som svetsare finns just nu?",
    "meeting_info": "Vad brukar man prata om på ett möte med en vägledare?",
    "my_meeting": "Vilken tid var det jag hade bokat?",
    "networks": "Finns det någon förening eller något nätverk i branschen som man kan gå med i?",
    "node_detail": "Berätta om noden i Kristinehamn, vad finns där?",
    "node_list": "På vilka orter i Värmland finns ni?",
    "node_nearest": "Jag bor i Grums, var har jag närmast till en nod?",
    "other_language": "Kan vi ta det här på arabiska i stället?",
    "other_municipal_service": "Hur anmäler jag att ingen har hämtat våra sopor?",
    "out_of_scope": "Vem vann fotbollsmatchen i går kväll?",
    "parenting": "Jag är ensam med två småbarn, hur ska jag hinna plugga?",
    "prao": "Min son går i åttan och letar praoplats på en industri",
    "privacy": "Vem får läsa det jag skriver, och hur länge sparas det?",
    "privacy_delete": "Radera allting som jag har skrivit till dig",
    "reschedule_meeting": "Jag kan inte på torsdag, går det att flytta mötet?",
    "restart": "Glöm allt det där, vi tar det från början igen",
    "simplify": "Det var krångligt, kan du ta det med lättare ord?",
    "study_visit": "Kan jag få komma och titta i verkstaden innan jag bestämmer mig?",
    "thank": "Tack snälla, det där hjälpte mig mycket",
    "transition_support": "Hur fungerar omställningsstudiestödet för den som har jobbat länge?",
    "travel_housing": "Går det buss till skolan, och finns det någonstans att bo?",
    "unemployed_support": "Jag är utan jobb, får jag ha kvar min a-kassa när jag sitter i skolbänken?",
    "upskilling": "Jag jobbar redan som operatör och vill lära mig mer i mitt yrke",
    "validation": "Jag har svetsat i tio år utan papper, kan jag få det intygat?",
    "women_in_industry": "Är det bara killar på de här jobben, eller trivs tjejer också?",
}
"""Topic → a clear message of a person. None of them is in the training data."""

NO_SWEDISH_OF_ITS_OWN = {"simplify", "other_language"}
"""The one is easy Swedish already, the other is answered in the language that is wished for."""

ONE_WORDING = {"book_meeting", "cancel_meeting", "my_meeting", "node_list"}
"""Composed, and a question or a sentence or two in any case."""

TOO_ALIKE = 95
"""Per cent; a message that is so like a training phrase shows nothing."""

EACH = sorted(topics())


@dataclass(frozen=True)
class Asked:
    """What was answered to the message of a topic: as it is, and to somebody who reads easy Swedish.

    `led_to` are the topics that its buttons led to, by the button's title; one that leads to the same as that of
    another topic before is not pressed again.
    """

    messages: list[Message]
    easily: list[Message]
    led_to: dict[str, list[str]]

    @property
    def titles(self) -> list[str]:
        return [choice["title"] for message in self.messages for choice in message["choices"]]


@pytest.fixture(scope="module")
def asked(real: Running) -> dict[str, Asked]:
    """Every topic asked for in a talk of its own; two people at a time, as the machine has two cores."""
    pressed: set[str] = set()

    def ask(topic: str) -> Asked:
        talk, easy = real.talk(), real.talk()
        messages = talk.say(MESSAGES[topic])
        easy.say("skriv lätt svenska till mig")
        easily = easy.say(MESSAGES[topic])
        led_to = {}
        for choice in [choice for message in messages for choice in message["choices"]]:
            if choice["title"] not in pressed:
                pressed.add(choice["title"])
                talk.press(choice["id"])
                led_to[choice["title"]] = talk.topics
        return Asked(messages, easily, led_to)

    with ThreadPoolExecutor(2) as two:
        return dict(zip(EACH, two.map(ask, EACH), strict=True))


def stored_text(topic: str, key: str = "text") -> str:
    """The answer that staff keep for the topic."""
    return str(answers()[topic][key]).strip()


def test_there_is_a_message_for_every_topic() -> None:
    assert MESSAGES.keys() == topics()


@pytest.mark.parametrize("topic", EACH)
def test_the_message_is_not_one_that_was_trained_on(topic: str) -> None:
    alike = [phrase for phrase in phrases()[topic] if fuzz.ratio(phrase.lower(), MESSAGES[topic].lower()) > TOO_ALIKE]
    assert alike == []


@pytest.mark.parametrize("topic", EACH)
def test_the_topic_is_understood_and_something_is_said(asked: dict[str, Asked], topic: str) -> None:
    answer = asked[topic]
    assert [message["topic"] for message in answer.messages] == [topic]
    assert all(message["text"].strip() for message in answer.messages)


@pytest.mark.parametrize("topic", EACH)
def test_there_is_something_to_choose_and_every_choice_leads_on(asked: dict[str, Asked], topic: str) -> None:
    answer = asked[topic]
    assert answer.titles
    assert len(set(answer.titles)) == len(answer.titles)
    assert {title: led_to for title, led_to in answer.led_to.items() if "nlu_fallback" in led_to} == {}


@pytest.mark.parametrize("topic", EACH)
def test_an_answer_that_states_rules_or_money_names_its_source(asked: dict[str, Asked], topic: str) -> None:
    (message,) = asked[topic].messages
    kept = message["text"] == stored_text(topic) and "source" in answers()[topic]
    stated = [what for what, pattern in CAN_BECOME_WRONG.items() if pattern.search(message["text"])]
    if kept or (stated and message["kind"] != "courses"):  # what a course takes and when is the catalogue's own word
        assert message["source"], stated
        assert message["source"]["url"].startswith("https://")
    if kept:
        assert message["source"]["title"] == answers()[topic]["source"]["title"]


@pytest.mark.parametrize("topic", [topic for topic in EACH if topic not in NO_SWEDISH_OF_ITS_OWN])
def test_the_same_message_has_an_easier_answer_in_easy_swedish(asked: dict[str, Asked], topic: str) -> None:
    (message,), (easy,) = asked[topic].messages, asked[topic].easily
    assert easy["topic"] == topic
    if message["text"] == stored_text(topic):
        assert easy["text"] == stored_text(topic, "easy")
        assert lix(easy["text"]) < lix(message["text"])
    else:
        assert easy["text"] != message["text"] or topic in ONE_WORDING
