"""Whom the chat reached in a period: talks, topics, places, languages, and what people thought of the answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.chat.clarifying import NO_QUESTIONS
from api.guidance.tables import Answer
from api.insight.asked.tables import PlaceDay, TopicDay
from api.insight.chain.tables import ChainCount
from api.insight.days import Period
from api.insight.report.groups import Part, Whole, share, whole
from api.insight.report.rolling import EASY
from api.insight.report.tables import Measure, ReportCount
from api.insight.small_groups import rounded, shown, suppressed

TOPICS = 10


@dataclass(frozen=True)
class Reach:
    """`talks`: conversations in which somebody said something. `topics`: the ten most asked, by turns. `towns`: talks
    in which a municipality was named, so that a talk may count for several. `easy`: talks with an answer in easy
    Swedish; `languages`: talks by other language. `thumbs`: `up` and `down`. `enquiries`: by matter."""

    talks: int | None
    topics: tuple[Part, ...]
    towns: tuple[Part, ...]
    easy: Part
    other: Part
    languages: tuple[Part, ...]
    not_understood: int | None
    thumbs: Whole
    enquiries: Whole


def reach(session: Session, period: Period) -> Reach:
    """The figures that are rolled up every night, added together."""
    days = (ChainCount.day >= period.first, ChainCount.day < period.end)
    talks = session.scalar(select(func.sum(ChainCount.count)).where(ChainCount.step == "chat", *days)) or 0
    languages = _counted(session, period, "language")
    easy = languages.pop(EASY, 0)
    asked = _asked(session, period)
    others = languages.total()
    return Reach(
        talks=shown(talks),
        topics=_topics(session, asked),
        towns=_towns(session, period, talks),
        easy=_part(EASY, easy, talks),
        other=_part("other", others, talks),
        languages=_safe(languages, talks) if shown(others) else (),
        not_understood=share(shown(asked.missed), asked.turns),
        thumbs=whole({"up": asked.up, "down": asked.down}),
        enquiries=whole(dict(_counted(session, period, "enquiry").most_common())),
    )


@dataclass(frozen=True)
class _Asked:
    """Sums of a period: turns by topic, and of all of them how many were not understood and got which thumb."""

    by_topic: Counter[str]
    missed: int
    up: int
    down: int

    @property
    def turns(self) -> int:
        return self.by_topic.total()


def _asked(session: Session, period: Period) -> _Asked:
    sums = (
        select(
            TopicDay.topic,
            func.sum(TopicDay.turns),
            func.sum(TopicDay.not_understood),
            func.sum(TopicDay.thumbs_up),
            func.sum(TopicDay.thumbs_down),
        )
        .where(TopicDay.day >= period.first, TopicDay.day < period.end)
        .group_by(TopicDay.topic)
    )
    turns: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for topic, asked, missed, up, down in session.execute(sums):
        turns[topic] = int(asked)
        others.update(missed=int(missed), up=int(up), down=int(down))
    return _Asked(turns, others["missed"], others["up"], others["down"])


def _topics(session: Session, asked: _Asked) -> tuple[Part, ...]:
    """By their titles, most asked first."""
    titles = dict(session.execute(select(Answer.topic, Answer.title)).all())
    most = [
        (topic, n)
        for topic, n in asked.by_topic.most_common()
        if shown(n) and topic in titles and topic not in NO_QUESTIONS
    ]
    return tuple(Part(titles[topic], n, share(n, asked.turns)) for topic, n in most[:TOPICS])


def _towns(session: Session, period: Period, talks: int) -> tuple[Part, ...]:
    named = (
        select(PlaceDay.municipality, func.sum(PlaceDay.talks))
        .where(PlaceDay.day >= period.first, PlaceDay.day < period.end, PlaceDay.municipality != "")
        .group_by(PlaceDay.municipality)
    )
    return _safe(Counter({town: int(n) for town, n in session.execute(named)}), talks)


def _safe(counts: Counter[str], talks: int) -> tuple[Part, ...]:
    """The groups that may be told, most first, to the nearest five: shorter periods are told on other pages."""
    told = suppressed({name: n for name, n in counts.most_common() if n})
    return tuple(Part(name, rounded(n), share(rounded(n), talks)) for name, n in told.items() if n is not None)


def _part(name: str, count: int, talks: int) -> Part:
    """A part of the talks; hidden when it or the rest of them is under ten."""
    if not count:
        return Part(name, 0, 0) if shown(talks) else Part(name, None, None)
    return whole({name: count, "": max(0, talks - count)}).part(name)


def _counted(session: Session, period: Period, measure: Measure) -> Counter[str]:
    rows = session.execute(
        select(ReportCount.value, func.sum(ReportCount.count))
        .where(ReportCount.measure == measure, ReportCount.day >= period.first, ReportCount.day < period.end)
        .group_by(ReportCount.value)
    )
    return Counter({value: int(n) for value, n in rows})
