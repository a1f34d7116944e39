"""Acute crisis is noticed; everyday sighs and figures of speech are not."""

from __future__ import annotations

import pytest

from bot.nlu.distress import DistressWords
from bot.nlu.text import load_words
from tests.bot.material import phrases

WORDS = DistressWords(load_words()["distress"])


@pytest.mark.parametrize(
    "text",
    [
        "jag orkar inte leva",
        "Jag vill inte leva längre.",
        "vill bara dö",
        "jag tänker ta mitt liv",
        "har tänkt på självmord",
        "sjalvmord",
        "önskar jag var död",
        "Ibland vill jag skada mig själv",
        "det finns inget att leva för",
        "min man slår mig när jag pratar om att plugga",
        "i want to die",
        "jag   vill\ninte  leva",
        "tänker ta livet av mig",
        "jag tar mitt liv",
        "vet inte om jag orkar leva längre",
        "jag pallar inte leva",
        "det finns ingen mening med livet",
        "allt känns hopplöst",
        "vill bara försvinna",
        "jag orkar inte mer.",
        "jag skär mig i armarna",
        "jag mår dåligt",
        "mår jättedåligt just nu",
        "ja mår så psykiskt dåligt",
        "jag mår inte bra",
    ],
)
def test_crisis_is_noticed(text: str) -> None:
    assert WORDS.are_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "jag vill inte leva på bidrag",
        "orkar inte leva på a-kassa längre fram",
        "dö av skratt",
        "vill du att jag ska söka",
        "det slår mig att jag kanske ska byta jobb",
        "batteriet dog",
        "jag orkar inte jobba natt",
        "jag orkar inte mer matte",
        "kan jag hänga mig på studiebesöket",
        "vill bara försvinna från kontoret och jobba med händerna",
        "jag skär mig i fingret hela tiden på köket",
        "vet inte om jag vill leva på studielån",
        "sluta leva om",
        "jag slår mig ner i Arvika",
        "jag mår dåligt av nattskift",
        "mår inte bra av att sitta still hela dagen",
        "industrin mår dåligt i Värmland",
        "jag vill inte finnas kvar i era register",
        "",
    ],
)
def test_figures_of_speech_are_no_crisis(text: str) -> None:
    assert not WORDS.are_in(text)


def test_no_ordinary_question_is_taken_for_a_crisis() -> None:
    found = [line for topic, lines in phrases().items() for line in lines if WORDS.are_in(line)]
    assert found == []
