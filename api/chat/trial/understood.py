"""What the bot understood, in words for staff: the topic, how sure it is, what happens and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isclose

from api import swedish_dates
from api.chat.person import CRISIS
from api.chat.schemas import FoundEntity, RankedTopic, Understanding
from api.chat.trial.service import Tried
from api.guidance.answers import FALLBACK_TOPIC
from api.texts import Texts

_texts = Texts.beside(__file__)

_VERY_SURE, _SURE = 0.85, 0.6
"""Words for shares. From 0.6 on the talk relies on a topic against what was said before (actions/understood.py)."""
_OTHERS = 4
_WORTH_SHOWING = 0.005
_RECOGNISED = ("occupation", "place", "start", "pace")
_OUT_OF_SCOPE = "out_of_scope"
_ROUGHLY = 1.0
"""An entity with less confidence was found by a word that is spelt a little differently."""
_BY_RULE = {"distress": 1.0, "language": 0.95, "follow_up": 0.5}
"""The confidence that the bot's rules give a topic, by the entity that they leave beside it (bot/nlu, `put_first`)."""


@dataclass(frozen=True)
class Likely:
    """A topic with its title and share in words."""

    topic: str
    title: str
    share: str


@dataclass(frozen=True)
class Recognised:
    """Something found in the text: what it is, what it stands for, its words, and whether they are misspelt."""

    label: str
    value: str
    words: str
    roughly: bool


@dataclass(frozen=True)
class Verdict:
    """What staff read. `topic` is None when none was chosen; `sure` is then about the likeliest."""

    topic: Likely | None
    sure: str
    share: str
    why: tuple[str, ...]
    others: tuple[Likely, ...]
    recognised: tuple[Recognised, ...]


def verdict(tried: Tried, titles: Mapping[str, str], occupations: Mapping[str, str]) -> Verdict:
    """`titles` name topics, `occupations` slugs; what is missing there is shown as it is."""
    if tried.understood is None:
        return Verdict(None, "", "", (_texts("why_command"),), (), ())
    understood = tried.understood
    ranking = [row for row in understood.ranking if row.topic != FALLBACK_TOPIC]
    likely = [Likely(row.topic, _title(row.topic, titles), share(row.confidence)) for row in ranking]
    chosen = _chosen(understood)
    topic = next((row for row in likely if row.topic == chosen), None) if chosen else None
    if tried.how == "button":
        return Verdict(topic, "", "", (_texts("why_button"),), (), ())
    first = ranking[0].confidence if ranking else 0.0
    worth = [row for row, ranked in zip(likely, ranking, strict=True) if ranked.confidence >= _WORTH_SHOWING]
    return Verdict(
        topic=topic,
        sure=_sure(first, understood) if ranking else "",
        share=share(first) if ranking and not _rule(understood) else "",
        why=tuple(_why(tried, understood, ranking, titles)),
        others=tuple([row for row in worth if row != topic][:_OTHERS]),
        recognised=tuple(_recognised(each, tried.sent, occupations) for each in _found(understood.entities)),
    )


def marks(understood: Understanding | None) -> dict[str, str]:
    """The first value of each entity by its name: `distress`, `language`, `second_topic`, `follow_up` among them."""
    return {each.entity: each.value for each in reversed(understood.entities)} if understood else {}


def share(confidence: float) -> str:
    """A probability in whole per cent; never 0 or 100, which would be certainty."""
    if confidence < 0.01:
        return _texts("percent_under")
    if 0.99 < confidence < 1:
        return _texts("percent_over")
    return _texts("percent", number=round(confidence * 100))


def _exactly(confidence: float) -> str:
    """With one decimal, for a comparison with a limit."""
    return _texts("percent", number=_number(confidence))


def _number(confidence: float) -> str:
    return f"{confidence * 100:.1f}".removesuffix(".0").replace(".", ",")


def _chosen(understood: Understanding) -> str | None:
    return understood.topic if understood.topic and understood.topic != FALLBACK_TOPIC else None


def _title(topic: str, titles: Mapping[str, str]) -> str:
    return titles.get(topic, topic)


def _rule(understood: Understanding) -> str | None:
    """The entity whose rule made the topic the first, if one did rather than the examples."""
    first, marked = understood.ranking[0].confidence, marks(understood)
    return next((name for name, set_to in _BY_RULE.items() if name in marked and isclose(first, set_to)), None)


def _sure(first: float, understood: Understanding) -> str:
    if _chosen(understood) is None:
        return _texts("sure_not")
    if _rule(understood):
        return _texts("sure_by_rule")
    if first >= _VERY_SURE:
        return _texts("sure_very")
    return _texts("sure" if first >= _SURE else "sure_fairly")


def _why(
    tried: Tried, understood: Understanding, ranking: Sequence[RankedTopic], titles: Mapping[str, str]
) -> list[str]:
    marked = marks(understood)
    if "distress" in marked:
        return [_texts("why_distress")]
    why = []
    rule = _rule(understood) if ranking else None
    if _chosen(understood) is None:
        why.append(_why_not(understood, ranking, titles))
        if tried.complete:
            why.append(_texts("asked_back" if tried.messages[-1].kind == "choices" else "fell_back"))
    elif rule is None:
        why.append(_texts("why_answered", limit=_exactly(understood.limits.least)))
    if understood.topic == _OUT_OF_SCOPE:
        why.append(_texts("why_out_of_scope"))
    if "language" in marked:
        named = _or("language_unknown", f"language_{marked['language']}")
        why.append(_texts("why_in_language" if rule == "language" else "why_about_language", language=named))
    if rule == "follow_up":
        why.append(_texts("why_names_only"))
    if "second_topic" in marked:
        why.append(_texts("why_two", second=_title(marked["second_topic"], titles)))
    return why


def _why_not(understood: Understanding, ranking: Sequence[RankedTopic], titles: Mapping[str, str]) -> str:
    """Why no topic was chosen, in the order in which Rasa's FallbackClassifier looks."""
    if not ranking:
        return _texts("why_nothing")
    limits, first = understood.limits, ranking[0]
    if first.confidence < limits.least or len(ranking) == 1:
        return _texts(
            "why_low",
            first=_title(first.topic, titles),
            share=_exactly(first.confidence),
            limit=_exactly(limits.least),
        )
    second = ranking[1]
    return _texts(
        "why_close",
        first=_title(first.topic, titles),
        second=_title(second.topic, titles),
        difference=_number(first.confidence - second.confidence),
        limit=_number(limits.apart),
    )


def _or(otherwise: str, key: str) -> str:
    return _texts(key if key in _texts.keys() else otherwise)  # noqa: SIM118 - not a dict


def _found(entities: Sequence[FoundEntity]) -> list[FoundEntity]:
    """Those that a question can be about, in the order of the text."""
    named = [each for each in entities if each.entity in _RECOGNISED]
    return sorted(named, key=lambda each: (each.start, _RECOGNISED.index(each.entity)))


def _recognised(each: FoundEntity, sent: str, occupations: Mapping[str, str]) -> Recognised:
    value = each.value
    if each.entity == "occupation":
        value = occupations.get(value, value)
    elif each.entity == "start":
        value = _period(value)
    elif each.entity == "pace":
        value = _texts("pace_percent", number=value) if value.isdecimal() else _or("pace_other", f"pace_{value}")
    return Recognised(_texts(f"entity_{each.entity}"), value, sent[each.start : each.end], each.confidence < _ROUGHLY)


def _period(window: str) -> str:
    first, last = (date.fromisoformat(part) for part in window.split("/"))
    return _texts("period", first=swedish_dates.day(first), last=swedish_dates.day(last))


def answer_topics(tried: Tried) -> list[str | None]:
    """Whose stored answer stands behind each message; None where a text of another kind does."""
    marked = marks(tried.understood)
    if not tried.complete or tried.understood is None or "language" in marked:
        return [None for _ in tried.messages]
    if "distress" in marked:
        return [CRISIS for _ in tried.messages]
    return [
        None if message.topic == FALLBACK_TOPIC and message.kind == "choices" else message.topic
        for message in tried.messages
    ]
