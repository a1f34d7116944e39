"""LIX, counted by hand."""

from __future__ import annotations

import pytest

from api.readability import EASY_LIMIT, STANDARD_LIMIT, lix


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0.0),
        ("  \n – …", 0.0),
        ("Du lagar maskiner.", 3 / 1 + 100 / 3),  # maskiner has eight letters
        ("Du bor. Du äter. Du sover.", 2.0),
        ("Du bor\nDu äter", 2.0),  # a line break ends a sentence, as in easy Swedish
        ("Prova: det går!", 3 / 2),
        ("Klockan 8.00 ringer du.", 4 + 100 / 4),  # klockan has seven letters; 8.00 is one word and ends nothing
        ("CNC-operatör", 1 + 100),
        ("Gå till scb.se.", 3.0),  # five letters
        ("Han sa ”kom hit!” Hon gick.", 6 / 2),
        ("sexsex sjusjus", 2 + 100 / 2),  # six letters are not long, seven are
    ],
)
def test_lix_is_words_per_sentence_plus_the_share_of_long_words(text: str, expected: float) -> None:
    assert lix(text) == pytest.approx(expected)


def test_easy_swedish_has_the_stricter_limit() -> None:
    easy = "Du fogar ihop metall.\nDu har hjälm på dig."
    hard = "Underhållsmekanikern kontrollerar produktionsanläggningens hydrauliska utrustning regelbundet."
    assert lix(easy) < EASY_LIMIT < STANDARD_LIMIT < lix(hard)
