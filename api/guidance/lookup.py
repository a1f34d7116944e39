"""Looking up the words of a message that no topic was found for. What is found is offered, never told as an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.guidance.lookup_index import FULL_TEXT, TABLE
from api.guidance.lookup_words import Term, read_terms, score

_CANDIDATES = 60
_ORDER = {"occupation": 0, "answer": 1, "course": 2}
"""Of hits that fit equally well."""

# bm25 is smaller for better hits; a word in the heading counts five times.
_SQLITE = f"""SELECT {TABLE}.kind, {TABLE}.key, {TABLE}.heading, {TABLE}.body
    FROM {FULL_TEXT} JOIN {TABLE} ON {TABLE}.id = {FULL_TEXT}.rowid
    WHERE {FULL_TEXT} MATCH :query ORDER BY bm25({FULL_TEXT}, 5.0, 1.0), {TABLE}.id LIMIT :most"""  # noqa: S608
_POSTGRES = f"""SELECT kind, key, heading, body FROM {TABLE}, to_tsquery('swedish', :query) AS wanted
    WHERE words @@ wanted ORDER BY ts_rank(words, wanted) DESC, id LIMIT :most"""  # noqa: S608


@dataclass(frozen=True)
class Found:
    """Something the words may have meant: `kind` answer, occupation or course; `key` topic, slug or the course's id."""

    kind: str
    key: str


def look_up(session: Session, words: str) -> list[Found]:
    """What fits the words, best first. Takes any text; nothing found, or nothing to look for, is an empty list."""
    terms = read_terms(words)
    if not terms:
        return []
    sqlite = session.get_bind().dialect.name == "sqlite"
    query = _sqlite_query(terms) if sqlite else _postgres_query(terms)
    rows = session.execute(text(_SQLITE if sqlite else _POSTGRES), {"query": query, "most": _CANDIDATES}).all()
    scores = score(terms, [row.heading for row in rows], [row.body for row in rows])
    ranked = sorted(
        (-points, _ORDER.get(row.kind, len(_ORDER)), row.key, row.kind)
        for points, row in zip(scores, rows, strict=True)
        if points
    )
    return [Found(kind, key) for _, _, key, kind in ranked]


def _sqlite_query(terms: Sequence[Term]) -> str:
    """Any of the terms. They are letters and digits only, quoted all the same: AND, OR and NEAR are words too."""
    wanted = [f'"{term.stem}"' + ("" if term.is_whole else "*") for term in terms]
    wanted += [f'("{first}"* AND "{last}"*)' for term in terms for first, last in term.parts]
    return " OR ".join(wanted)


def _postgres_query(terms: Sequence[Term]) -> str:
    """The same for PostgreSQL. Quoted, because its parser reads digits and letters apart ("3d")."""
    wanted = [f"'{term.stem}'" + ("" if term.is_whole else ":*") for term in terms]
    wanted += [f"('{first}':* & '{last}':*)" for term in terms for first, last in term.parts]
    return " | ".join(wanted)
