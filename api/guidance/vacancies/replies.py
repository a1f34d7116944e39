"""What the assistant says about vacant jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from api import swedish_dates
from api.guidance.answers import find_answer, reply_from
from api.guidance.occupations import find_occupation
from api.guidance.places import Area, area_of
from api.guidance.tables import Occupation, in_sentence
from api.guidance.turn import Handled, Handler, Turn
from api.guidance.vacancies.platsbanken import search_url
from api.guidance.vacancies.wanted import Found, VacanciesUnavailable, Vacancy, Wanted
from api.replies import NextStep, Query, Reply, Source
from api.texts import Texts

_texts = Texts.beside(__file__)
_FIELDS: tuple[str, ...] = tuple(
    yaml.safe_load(Path(__file__).with_name("jobtech.yml").read_text("utf-8"))["occupation_fields"]
)


@dataclass(frozen=True)
class _Asked:
    """A question in words: the occupation, the municipality and the region it is about."""

    occupation: Occupation | None
    place: str
    region: str
    easy: bool

    @property
    def what(self) -> str:
        if self.occupation is None:
            return _texts("what_industry")
        return _texts("what_occupation", occupation=in_sentence(self.occupation.title))

    def where(self, *, wide: bool = False) -> str:
        name = self.region if wide else self.place or self.region
        return _texts("where", place=name) if name else ""

    def say(self, key: str, *, wide: bool = False, **values: object) -> str:
        """The sentence, in easy Swedish where that is wanted."""
        names = {"what": self.what, "where": self.where(wide=wide), "place": self.place, "region": self.region}
        return _texts.worded(key, easy=self.easy, **names, **values)


def job_vacancies(turn: Turn) -> Handled:
    """The newest vacancies in the occupation and near the place, as far as they are known; else all of industry."""
    query = turn.query(carry=True)
    occupation = find_occupation(turn.session, query.occupation)
    area = area_of(turn.session, query.place)
    query = query.model_copy(update={"occupation": occupation.slug if occupation else None})
    return Handled([_reply(turn, query, occupation, area)], query)


HANDLERS: dict[str, Handler] = {"job_vacancies": job_vacancies}


def searches(occupation: Occupation | None, area: Area) -> tuple[Wanted, ...]:
    """What to look for: in the municipality first, then in the whole of its region."""
    if occupation is None:
        what = Wanted(fields=_FIELDS)
    elif occupation.concept_ids:
        what = Wanted(names=tuple(occupation.concept_ids))
    elif occupation.group_concept_id:
        what = Wanted(groups=(occupation.group_concept_id,))
    else:
        what = Wanted(words=occupation.title)
    wide = replace(what, regions=tuple(region.concept_id for region in area.regions))
    if area.municipality is None:
        return (wide,)
    near = replace(what, municipalities=(area.municipality.concept_id,))
    return (near, wide) if area.regions else (near,)


def _reply(turn: Turn, query: Query, occupation: Occupation | None, area: Area) -> Reply:
    asked = _Asked(
        occupation,
        area.municipality.name if area.municipality else "",
        area.regions[0].name if len(area.regions) == 1 else "",
        turn.easy,
    )
    wanted = searches(occupation, area)
    links = [search_url(_there(each, occupation), occupation.title if occupation else "") for each in wanted]
    steps = _steps(query, asked)
    stored = reply_from(find_answer(turn.session, "job_vacancies"), easy=turn.easy)
    if turn.vacancies is None or not (wanted[0].municipalities or wanted[0].regions):
        return _only_link(f"{stored.text}\n{asked.say('switched_off')}", links[0], steps)
    # Everything that is needed was read above. The request's transaction only reads: on SQLite it keeps nobody from
    # writing, on PostgreSQL it holds a connection of the pool for as long as the service takes, 3 s at most.
    try:
        results = turn.vacancies.look(*wanted)
    except VacanciesUnavailable:
        return _only_link(asked.say("unavailable"), links[0], steps)
    open_now = [_still_open(found, turn.today) for found in results]
    wide = len(results) > 1
    found, link = open_now[-1], links[len(results) - 1]
    if found.vacancies:
        return _list(asked, found, link, steps, turn.today, wide=wide)
    if len(results) < len(wanted):
        return _only_link(asked.say("none_here_rest_unknown"), links[-1], steps)
    return _only_link(asked.say("none", wide=wide), link, steps)


def _there(wanted: Wanted, occupation: Occupation | None) -> Wanted:
    """The search for Platsbanken's page, which knows groups where we look for occupation-names."""
    group = occupation.group_concept_id if occupation else None
    return replace(wanted, groups=(group,)) if group else wanted


def _only_link(text: str, link: str, steps: tuple[NextStep, ...]) -> Reply:
    return Reply(text=f"{text}\n{link}", data={"url": link}, choices=steps)


def _list(asked: _Asked, found: Found, link: str, steps: tuple[NextStep, ...], today: date, *, wide: bool) -> Reply:
    shown = len(found.vacancies)
    key = "one" if found.total == 1 else "some" if found.total == shown else "many"
    lead = asked.say(key, wide=wide, total=found.total, shown=shown)
    if wide:
        lead = f"{asked.say('none_here')}\n{lead}"
    lines = [_line(vacancy) for vacancy in found.vacancies]
    data: dict[str, Any] = {  # Any: JSON
        "items": [_item(vacancy, link) for vacancy in found.vacancies],
        "total": found.total,
        "lead": lead,
        "url": link,
    }
    return Reply(
        kind="vacancies",
        text="\n".join([lead, *lines, f"{asked.say('all')}\n{link}"]),
        data=data,
        choices=steps,
        source=Source(title=_texts("source"), url=link, checked_on=today),
    )


def _still_open(found: Found, today: date) -> Found:
    """Without those whose last day has passed: what was fetched before midnight is shown for a while after it."""
    left = tuple(v for v in found.vacancies if v.deadline is None or v.deadline >= today)
    return Found(found.total - len(found.vacancies) + len(left), left)


def _line(vacancy: Vacancy) -> str:
    """The advertisement in one line. No part of it ends with a mark: see `plain_text`."""
    who = ", ".join(part for part in (vacancy.employer, vacancy.place) if part)
    until = _texts("apply_by", day=swedish_dates.day(vacancy.deadline)) if vacancy.deadline else ""
    facts: Sequence[str] = [vacancy.title or _texts("untitled"), who, until]
    return f"{'. '.join(fact for fact in facts if fact)}."


def _item(vacancy: Vacancy, link: str) -> dict[str, str | None]:
    return {
        "id": vacancy.id,
        "title": vacancy.title or _texts("untitled"),
        "employer": vacancy.employer or None,
        "place": vacancy.place or None,
        "deadline": vacancy.deadline.isoformat() if vacancy.deadline else None,
        "published": vacancy.published.isoformat() if vacancy.published else None,
        "url": vacancy.url or link,
    }


def _steps(query: Query, asked: _Asked) -> tuple[NextStep, ...]:
    entities = Query(occupation=query.occupation, place=asked.place).named
    occupation = asked.occupation
    courses = (
        _texts("choice_courses", occupation=in_sentence(occupation.title))
        if occupation
        else _texts("choice_any_course")
    )
    return (
        NextStep(title=courses, topic="course_search", entities=entities),
        NextStep(title=_texts("choice_outlook"), topic="job_outlook", entities=entities),
        NextStep(title=_texts("choice_meeting"), topic="book_meeting"),
    )
