"""Occupations and places in what people really write, with the names that a new installation starts with."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.database import Database
from api.migrations.runner import migrate
from api.seed.gazetteer import gazetteer
from api.seed.load import seed
from bot.nlu.gazetteer import Gazetteer
from bot.nlu.text import load_words
from tests.bot.material import phrases
from tests.conftest import NOW


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The gazetteer that the catalogue of a new installation gives."""
    folder: Path = tmp_path_factory.mktemp("gazetteer")
    database = Database(f"sqlite:///{folder / 'seeded.db'}")
    migrate(database)
    with database.transaction() as session:
        seed(session, NOW)
        names = gazetteer(session)
    database.dispose()
    return names


@pytest.fixture(scope="module")
def names(data: dict[str, Any]) -> Gazetteer:
    words = load_words()
    ordinary = [*words["function_words"], *words["ordinary_words"]]
    return Gazetteer(data, words["endings"], words["compound_heads"], words["place_heads"], ordinary)


OCCUPATIONS = {
    "svetsare": [
        "svetsare",
        "Svetsaren",
        "svetsarna",
        "svetsarens",
        "svetsning",
        "jag vill svetsa",
        "svetsutbildning",
        "svetsutbildningen",
        "svets utbildning",
        "svetsarutbildning",
        "svetsarkurs",
        "svetskurs i vår",
        "svetsjobb",
        "svettsare",
        "svetare",
        "svetsaer",
        "MIG/MAG-svetsning",
        "tig svetsning",
        "foga ihop metall",
    ],
    "cnc-operator": [
        "CNC-operatör",
        "cnc operatör",
        "cncoperatör",
        "cnc-operatören",
        "cnc operatorer",
        "CNC-kurser",
        "cnc utbildning",
        "svarvare",
        "fräsare",
        "si-en-si",
    ],
    "industritekniker": [
        "industritekniker",
        "industriteknikern",
        "industri tekniker",
        "industriteknikerutbildning",
        "industritekninker",
    ],
    "underhallsmekaniker": [
        "underhållsmekaniker",
        "underhallsmekaniker",
        "underhålls mekaniker",
        "underhållsmekanikern",
        "underhålsmekanniker",
        "laga maskiner",
        "reparera maskiner",
    ],
    "industrielektriker": [
        "industrielektriker",
        "industri elektriker",
        "elektriker",
        "elektrikern",
        "industrielektrikerns lön",
        "industrielektrikr",
    ],
    "automationstekniker": [
        "automationstekniker",
        "automations tekniker",
        "atuomationstekniker",
        "PLC",
        "plc-programmering",
        "automationsteknikerutbildning",
    ],
    "robotoperator": [
        "robotoperatör",
        "robot operatör",
        "robotutbildning",
        "robotprogrammering",
        "robbotoperatör",
        "finns det robotkurs",
    ],
    "processoperator": [
        "processoperatör",
        "process operatör",
        "processopperatör",
        "processoperatörsutbildning",
        "sitta i kontrollrum",
    ],
    "montor": [
        "montör",
        "montörer",
        "montor",
        "montörsjobb",
        "montering",
        "sätta ihop delar",
        "monterare",
        "stå vid löpande band",
        "skruva ihop saker på fabrik",
    ],
    "industriplatslagare": ["industriplåtslagare", "plåtslagare", "platslagarna", "plåtslagarutbildning", "bocka plåt"],
    "stalkonstruktionsmontor": ["stålkonstruktionsmontör", "grovplåtslagare", "stålmontör", "bygga broar i stål"],
    "verktygsmakare": ["verktygsmakare", "verktygsmakaren", "värktygsmakare", "göra verktyg till maskiner"],
    "gjutare": ["gjutare", "gjutarna", "gjuteri", "på gjuteriet", "gjutarutbildning", "hälla smält metall"],
    "slipare": ["slipare", "sliparen", "metallslipare", "slipa metall", "jobba med slipmaskin"],
    "ytbehandlare": ["ytbehandlare", "ytbehandling", "pulverlackering", "industrilackerare", "spruta färg på delar"],
    "plastoperator": ["plastoperatör", "plast operatör", "formsprutning", "plastindustrin", "jobba med plast"],
    "elektronikreparator": ["elektronikreparatör", "laga elektronik", "kretskort", "elektroniktekniker"],
    "truckforare": ["truckförare", "truckutbildning", "köra truck", "forklift driver", "truckkurser"],
    "lagerarbetare": ["lagerarbetare", "lagerjobb", "orderplockare", "jobba på lager", "terminalarbetare"],
    "arbetsledare": ["arbetsledare", "arbetsledaren", "skiftledare", "leda ett skift"],
}

PLACES = {
    "Karlstad": ["Karlstad", "karlstads kommun", "i karlsta", "karlstadt", "Skåre", "bor i Molkom"],
    "Arvika": ["arvika", "Arvikas nod", "arvikka", "arivka"],
    "Säffle": ["Säffle", "saffle", "Sefle", "Säffles", "SÄFFLE"],
    "Kristinehamn": ["Kristinehamn", "kristinehamm", "kristinehamns kommun", "kristnehamn"],
    "Hagfors": ["Hagfors", "hagfos", "Ekshärad"],
    "Sunne": ["Sunne", "sunne kommun", "nära Sunne, är det dyrt"],
    "Kil": ["Kil", "i Kil", "Kils kommun"],
    "Eda": ["Eda", "Charlottenberg", "i Eda kommun"],
    "Hammarö": ["Hammarö", "hammaro", "Skoghall", "skoghal"],
    "Torsby": ["Torsby", "Sysslebäck"],
    "Storfors": ["Storfors"],
    "Munkfors": ["Munkfors", "munkfros"],
    "Forshaga": ["Forshaga", "Deje"],
    "Grums": ["Grums", "grums kommun"],
    "Årjäng": ["Årjäng", "arjang"],
    "Filipstad": ["Filipstad", "fillipstad", "Nykroppa"],
}

NOTHING = [
    "kan du hjälpa mig",
    "mig",
    "hör av dig till mig, jag väntar",
    "det är jag",
    "är du en robot",
    "pratar jag med en robot eller människa",
    "roboten är dum",
    "kilometer",
    "hur många kilometer är det",
    "20 kilo",
    "killar",
    "skilja",
    "leda en grupp",
    "reda på",
    "jobba i industrin",
    "vilka jobb finns det inom industri nu",
    "industrier i området",
    "industri på landet",
    "vad är industriråd",
    "det är svårt",
    "kan du svara på svenska",
    "jag har en fråga",
    "ring i morgon",
    "på vilket ställe",
    "hur ska man göra",
    "var ska man bo",
    "vad kostar det",
    "jag bor i Stockholm",
    "Göteborg",
    "Skåne",
    "satsa på framtiden",
    "kommer beskedet automatiskt",
    "hur lång är antagningsprocessen",
    "min mentor",
    "min mormor",
    "tack så mycket",
    "elev",
    "deja vu",
    "fabrik",
    "verkstad",
    "det slipper jag",
    "då slipper man pendla",
    "jag vill slippa åka långt",
    "en slips",
    "i form av lån",
    "vilken form av utbildning",
    "jag är i form",
    "formulär",
    "lagen säger",
    "på läger i somras",
    "lägerskola",
    "lagom",
    "lägenhet",
    "ett lager till",
    "vi har bra lagarbete",
    "lagarbetet",
    "lagkamrat",
    "det är en plats kvar",
    "hur många platser",
    "platsen",
    "plastpåse",
    "plåster",
    "plånbok",
    "jag såg annonsen",
    "jag såg en film",
    "sågs vi i går",
    "gjutet avtal",
    "som gjutet",
    "gjuta mod",
    "ledare",
    "ledaren för gruppen",
    "led till jobb",
    "ledig på fredag",
    "arbetsgivare",
    "arbetsgivaren",
    "arbetslös",
    "arbetslivserfarenhet",
    "arbetsförmedlingen",
    "arbetsplats",
    "förmån",
    "vilka förmåner har jag",
    "verktyg",
    "vilka verktyg behöver jag",
    "verklig",
    "verksamhet",
    "yta",
    "på ytan",
    "ytterligare",
    "elektronisk ansökan",
    "elektroniskt",
    "elektroniska brev",
    "bankid är elektroniskt",
    "trycka på knappen",
    "ingår truckkort",
    "min plats längre fram",
    "jag behöver inte min plats längre",
    "min son ska ha prao verkstad",
    "efter vilka grunder",
    "om några år flyttar alla",
    "kan jag bli chef",
    "trucken",
    "lastbil",
    "lastbilskort",
    "packa väskan",
    "plocka svamp",
    "lackera om bilen",
    "måla om huset",
    "målare",
    "smält",
    "smed",
    "chef",
    "min chef säger nej",
    "processen tar tid",
    "stål",
    "metall",
    "järn",
    "plåt",
    "plast",
    "jag sätter ihop en ansökan",
    "skruva upp värmen",
    "fixa jobb",
    "laga mat",
    "laga min bil",
    "köra bil",
    "köra buss",
    "ta körkort",
    "dra tillbaka ansökan",
    "koppla av",
    "bygga hus",
    "bygga ett bättre liv",
    "sitta hemma",
    "stå i kö",
    "jobba hemifrån",
    "styra upp det",
    "titta på hemsidan",
    "logga in",
    "pola runt",
    "polis",
    "sköterska",
    "lärare",
    "orka",
    "ordning",
    "grinda in",
    "blåsig dag",
    "",
    "   ",
    "?!",
]


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(text, value) for value, texts in table.items() for text in texts]


def test_the_tables_are_large_enough_and_cover_every_name(data: dict[str, Any]) -> None:
    assert len(cases(OCCUPATIONS)) + len(cases(PLACES)) + len(NOTHING) >= 80
    assert set(OCCUPATIONS) == {occupation["slug"] for occupation in data["occupations"]}
    assert set(PLACES) == {place["name"] for place in data["places"]}


@pytest.mark.parametrize(("text", "slug"), cases(OCCUPATIONS))
def test_an_occupation_is_found_however_it_is_written(names: Gazetteer, text: str, slug: str) -> None:
    assert [(found.entity, found.value) for found in names.find(text)] == [("occupation", slug)]


@pytest.mark.parametrize(("text", "place"), cases(PLACES))
def test_a_place_is_found_however_it_is_written(names: Gazetteer, text: str, place: str) -> None:
    assert [(found.entity, found.value) for found in names.find(text)] == [("place", place)]


@pytest.mark.parametrize("text", NOTHING)
def test_ordinary_words_are_no_names(names: Gazetteer, text: str) -> None:
    assert names.find(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("svetsare i Arvika eller Hagfors", ["svetsare", "Arvika", "Hagfors"]),
        ("cnc i karlstad och svets i säffle", ["cnc", "karlstad", "svets", "säffle"]),
        ("Hagfors, är det långt?", ["Hagfors"]),
        ("cnc-operatör, eller vad det heter", ["cnc-operatör"]),
        ("vad gör en CNC-operatör?", ["CNC-operatör"]),
    ],
)
def test_several_names_come_in_order_and_end_where_they_end(names: Gazetteer, text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in names.find(text)] == found


def test_every_name_of_the_catalogue_is_found_as_itself(names: Gazetteer, data: dict[str, Any]) -> None:
    lost = []
    for kind, value in (("occupations", "slug"), ("places", "name")):
        for entry in data[kind]:
            for spelling in [*entry["names"], *entry.get("phrases", []), *entry["misspellings"]]:
                if {found.value for found in names.find(spelling)} != {entry[value]}:
                    lost.append((spelling, entry[value]))
    assert lost == []


def test_no_spelling_belongs_to_two_names(data: dict[str, Any]) -> None:
    owner: dict[str, str] = {}
    for kind, value in (("occupations", "slug"), ("places", "name")):
        for entry in data[kind]:
            for spelling in [*entry["names"], *entry.get("phrases", []), *entry["misspellings"]]:
                assert owner.setdefault(spelling.casefold(), entry[value]) == entry[value], spelling


def test_small_talk_names_nothing(names: Gazetteer) -> None:
    """In short messages that only steer the talk, a name found would be a mistake."""
    found = {
        (line, one.value)
        for topic in ("affirm", "deny", "thank", "goodbye", "restart", "greet", "simplify")
        for line in phrases()[topic]
        for one in names.find(line)
        if not one.exact
    }
    assert found == set()


@given(st.text(max_size=200))
def test_whatever_is_written_names_lie_in_the_text_without_overlap(text: str) -> None:
    found = GIVEN.find(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


GIVEN = Gazetteer(
    {
        "occupations": [{"slug": "a", "names": ["abba", "ab c"], "phrases": ["a b c"], "misspellings": ["aba"]}],
        "places": [{"name": "Ö", "names": ["Ö"], "misspellings": []}],
    },
    ["n", "en"],
    ["kurs"],
)
