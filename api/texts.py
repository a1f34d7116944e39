"""Swedish sentences that the program fills in. They live in a `texts.yml` beside the code that uses them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml


def enumerated(words: Sequence[str]) -> str:
    """The words as they are counted up in a sentence: "Arvika, Sunne och Säffle"; empty for none."""
    return f"{', '.join(words[:-1])} och {words[-1]}" if len(words) > 1 else "".join(words)


class Texts:
    """The sentences of one capability, by key.

    >>> Texts.beside(__file__)("courses_none")      # doctest: +SKIP
    """

    def __init__(self, path: Path) -> None:
        self._texts: dict[str, str] = yaml.safe_load(path.read_text("utf-8"))

    @classmethod
    def beside(cls, module_file: str) -> Texts:
        """The `texts.yml` in the folder of the module."""
        return cls(Path(module_file).with_name("texts.yml"))

    def __call__(self, key: str, **values: object) -> str:
        """The sentence `key` with its placeholders filled. KeyError for an unknown key or a missing value."""
        return self._texts[key].format(**values)

    def worded(self, key: str, *, easy: bool, **values: object) -> str:
        """The sentence `key`, or with `easy` its version in easy Swedish, `{key}_easy`. KeyError as above."""
        return self(f"{key}_easy" if easy else key, **values)

    def keys(self) -> set[str]:
        return set(self._texts)
