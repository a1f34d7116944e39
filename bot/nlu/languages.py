"""Which language a message is written in, or asks for. Pure.

Lingua's small models tell the languages apart by letter triples; they take a Swedish misspelling for Finnish now and
then. So a message in Latin letters counts as foreign only when most of its words are unknown to the Swedish examples.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from lingua import IsoCode639_1, Language, LanguageDetectorBuilder

from bot.nlu.text import words_of

UNKNOWN = "und"
"""ISO 639-2's code for a language that could not be determined."""

_SURE = 0.9
_NOT_SWEDISH = 0.05
_FEWEST_WORDS = 3
_KNOWN_SHARE = 0.5
_CODE = re.compile(r"[<>{}\\=;$|]|https?:")
"""What stands in mark-up, programs and addresses: in no language that people speak."""
_OTHER_SCRIPTS = {"ETHIOPIC": "ti"}  # Lingua knows no Tigrinya; in Värmland it is far more common than Amharic


class LanguageGuesser:
    """`codes` are ISO 639-1 codes of the languages to look for, `names` their Swedish and own names (folded)."""

    def __init__(self, codes: Iterable[str], names: Mapping[str, Iterable[str]], known_words: Iterable[str]) -> None:
        languages = [Language.from_iso_code_639_1(getattr(IsoCode639_1, code.upper())) for code in codes]
        self._detector = (
            LanguageDetectorBuilder.from_languages(Language.SWEDISH, *languages).with_low_accuracy_mode().build()
        )
        self._named = {name: code for code, all_names in names.items() for name in all_names}
        self._known = frozenset(known_words)

    def foreign(self, text: str) -> str | None:
        """The language of `text` when it is surely not Swedish: ISO 639-1, or `und`."""
        if _CODE.search(text):
            return None
        letters = [char for char in text if char.isalpha()]
        foreign = [char for char in letters if not unicodedata.name(char, "").startswith("LATIN")]
        if len(foreign) > len(letters) / 2:
            script = unicodedata.name(foreign[0], "").split(" ")[0]
            return _OTHER_SCRIPTS.get(script) or self._likeliest(text)[0]
        words = [word.folded for word in words_of(text)]
        if len(words) < _FEWEST_WORDS or sum(word in self._known for word in words) >= _KNOWN_SHARE * len(words):
            return None
        code, chance, swedish = self._likeliest(text)
        return code if chance >= _SURE and swedish <= _NOT_SWEDISH else None

    def asked_for(self, text: str) -> str | None:
        """The language that a message about languages names, or else the one it seems to be written in."""
        named = next((self._named[word.folded] for word in words_of(text) if word.folded in self._named), None)
        if named:
            return named
        code, chance, swedish = self._likeliest(text)
        return code if chance > swedish and code not in {"sv", UNKNOWN} else None

    def _likeliest(self, text: str) -> tuple[str, float, float]:
        """The likeliest language, its probability and that of Swedish."""
        values = {v.language: v.value for v in self._detector.compute_language_confidence_values(text)}
        best = max(values, key=lambda language: values[language])
        code = best.iso_code_639_1.name.lower() if values[best] else UNKNOWN
        return code, values[best], values.get(Language.SWEDISH, 0.0)
