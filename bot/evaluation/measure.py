"""Figures over messages with a right answer and what the bot made of them. Pure."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
_TOP = 3

Values = Mapping[str, frozenset[str]]
"""Entity → its values in a message."""


@dataclass(frozen=True)
class Row:
    """A message, its right topic (or one of `also`), the values of its entities, and the style it is written in."""

    text: str
    topic: str
    also: frozenset[str] = frozenset()
    entities: Values = field(default_factory=dict)
    style: str = "unknown"

    def accepts(self, topic: str) -> bool:
        """Whether `topic` is a right answer."""
        return topic == self.topic or topic in self.also


@dataclass(frozen=True)
class Parsed:
    """What the bot made of a message: the topic it acts on, the likeliest topics in order, entities, time taken."""

    topic: str
    ranking: tuple[str, ...] = ()
    entities: Values = field(default_factory=dict)
    milliseconds: float = 0.0

    @property
    def likeliest(self) -> tuple[str, ...]:
        """The first three topics, that which it acts on first; a fallback is no topic."""
        order = dict.fromkeys((self.topic, *self.ranking))
        return tuple(topic for topic in order if topic != FALLBACK)[:_TOP]


Pair = tuple[Row, Parsed]


@dataclass(frozen=True)
class Figures:
    """Shares between 0 and 1; None where no message in the file could tell."""

    messages: int
    accuracy: float | None
    top3: float | None
    macro_f1: float | None
    false_fallback: float | None
    out_of_scope_recall: float | None
    occupation_f1: float | None
    place_f1: float | None
    median_ms: float | None
    p95_ms: float | None


def figures(pairs: Sequence[Pair], entity_topics: Mapping[str, Collection[str]]) -> Figures:
    """The figures of `pairs`. An entity is looked at in the rows whose topic `entity_topics` lists for it.

    A fallback is false when the message was not out of scope. Out of scope is recalled by that topic or by a
    fallback: both say honestly that the assistant cannot answer.
    """
    f1 = topic_f1(pairs)
    times = sorted(parsed.milliseconds for _, parsed in pairs)
    return Figures(
        messages=len(pairs),
        accuracy=_share(row.accepts(parsed.topic) for row, parsed in pairs),
        top3=_share(any(map(row.accepts, parsed.likeliest)) for row, parsed in pairs),
        macro_f1=statistics.fmean(f1.values()) if f1 else None,
        false_fallback=_share(parsed.topic == FALLBACK for row, parsed in pairs if not row.accepts(OUT_OF_SCOPE)),
        out_of_scope_recall=_share(
            row.accepts(parsed.topic) or parsed.topic == FALLBACK for row, parsed in pairs if row.topic == OUT_OF_SCOPE
        ),
        occupation_f1=entity_f1(pairs, "occupation", entity_topics.get("occupation", ())),
        place_f1=entity_f1(pairs, "place", entity_topics.get("place", ())),
        median_ms=statistics.median(times) if times else None,
        p95_ms=times[int(0.95 * (len(times) - 1))] if times else None,
    )


def topic_f1(pairs: Iterable[Pair]) -> dict[str, float]:
    """F1 of every topic that is the right answer of a row. An accepted other topic counts as the right one."""
    right, missed, wrongly = Counter[str](), Counter[str](), Counter[str]()
    for row, parsed in pairs:
        if row.accepts(parsed.topic):
            right[row.topic] += 1
        else:
            missed[row.topic] += 1
            wrongly[parsed.topic] += 1
    return {
        topic: 2 * right[topic] / (2 * right[topic] + missed[topic] + wrongly[topic])
        for topic in sorted(right.keys() | missed.keys())
    }


def confusions(pairs: Iterable[Pair]) -> list[tuple[str, str, int]]:
    """(right topic, topic understood, how often), most frequent first."""
    counts = Counter((row.topic, parsed.topic) for row, parsed in pairs if not row.accepts(parsed.topic))
    return [
        (right, understood, count) for (right, understood), count in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    ]


def entity_f1(pairs: Iterable[Pair], entity: str, topics: Collection[str]) -> float | None:
    """F1 over the values of one entity in the rows of `topics`; None when nothing was there and nothing was found."""
    hits = misses = false = 0
    for row, parsed in pairs:
        if row.topic in topics:
            expected, found = row.entities.get(entity, frozenset()), parsed.entities.get(entity, frozenset())
            hits += len(expected & found)
            misses += len(expected - found)
            false += len(found - expected)
    return 2 * hits / (2 * hits + misses + false) if hits + misses + false else None


def _share(truths: Iterable[bool]) -> float | None:
    values = list(truths)
    return sum(values) / len(values) if values else None
