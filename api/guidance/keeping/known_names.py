"""Names that the assistant recognises in a message: each belongs to one occupation or one place.

The bot compares them without case, diacritics and blanks (bot/nlu/gazetteer.py), and so are they compared here. Of two
owners of a name it would only ever find the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality
from api.cells import bad
from api.folding import folded_words
from api.guidance.tables import Occupation

SHORTEST = 3
"""Letters and digits; shorter ones would be found inside everything."""


def known_name(text: str) -> str:
    """Parser of one name. BadCell for one without enough letters to be found."""
    if len(_key(text)) < SHORTEST:
        raise bad("cell_short_name", name=text, limit=SHORTEST)
    return text


def owners(session: Session, names: Iterable[str], *, besides: Occupation | Municipality | None) -> Iterator[str]:
    """For names that belong to something else already: each with its owner, as `svarvare (CNC-operatör)`."""
    known = {
        key: owner
        for row, owner, words in _everything(session)
        if row != (type(besides), besides.id if besides else None)
        for key in map(_key, words)
    }
    for name in dict.fromkeys(names):
        if owner := known.get(_key(name)):
            yield f"{name} ({owner})"


def _everything(session: Session) -> Iterator[tuple[tuple[type, int], str, Sequence[str]]]:
    o, m = Occupation, Municipality
    for number, title, *lists in session.execute(select(o.id, o.title, o.aliases, o.phrases, o.misspellings)):
        yield (o, number), title, [title, *(word for words in lists for word in words)]
    for number, name, *lists in session.execute(select(m.id, m.name, m.aliases, m.misspellings)):
        yield (m, number), name, [name, *(word for words in lists for word in words)]


def _key(name: str) -> str:
    return "".join(folded_words(name))
