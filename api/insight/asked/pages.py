"""`/personal/insikt`: what people ask, as charts, tables and a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality
from api.clock import Now, stockholm_date
from api.csv_files import CSV_TYPE, to_csv
from api.database import ReadSession
from api.guidance.answers import FALLBACK_TOPIC
from api.insight.asked import figures, phrases
from api.insight.asked.figures import Line, OnePlace, PlaceLine, Region
from api.insight.asked.periods import Period, choices, period
from api.insight.asked.turns import UNAVAILABLE
from api.insight.asked.wording import TEXTS, topic_titles
from api.insight.charts import Chart, bars
from api.staff.frame import staff_page
from api.staff.roles import Staff

PATH = "/personal/insikt"
MOST_LINES = 20
"""Topics on the page; the file has all of them."""
_CHARTED = 5

router = APIRouter(include_in_schema=False)

Asked = Annotated[str, Query(max_length=60)]


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(
    request: Request, account: Staff, session: ReadSession, now: Now, period: Asked = "", kommun: Asked = ""
) -> HTMLResponse:
    """The whole region, or one municipality."""
    today = stockholm_date(now)
    chosen, place = _chosen(session, period, kommun, today)
    titles = topic_titles(session)
    one = figures.one_place(session, chosen, place) if place else None
    region = None if place else figures.region(session, chosen)
    return staff_page(
        request,
        account,
        "staff_insight.html",
        period=chosen,
        place=place,
        periods=choices(figures.first_day(session) or today, today),
        municipalities=_municipalities(session),
        by_municipality=figures.by_municipality(session, chosen),
        titles=titles,
        most=MOST_LINES,
        file=f"{PATH}/fil.csv?{urlencode({'period': chosen.key, 'kommun': place})}",
        waiting=phrases.count_open(session),
        few=TEXTS("few"),
        one=one,
        region=region,
        charts=_charts(region, one, chosen, titles),
        top=_charted(region.lines if region else one.lines if one else ()),
    )


@router.api_route(PATH + "/fil.csv", methods=["GET", "HEAD"])
def as_file(account: Staff, session: ReadSession, now: Now, period: Asked = "", kommun: Asked = "") -> Response:
    """The same figures, with every topic."""
    chosen, place = _chosen(session, period, kommun, stockholm_date(now))
    titles = topic_titles(session)
    data = _place_file(session, chosen, place, titles) if place else _region_file(session, chosen, titles)
    name = f"{TEXTS('file_region')}-{chosen.first}-{chosen.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=CSV_TYPE, headers=headers)


def _chosen(session: Session, key: str, municipality: str, today: date) -> tuple[Period, str]:
    """The period and the municipality that were asked for; an unknown one is none."""
    return period(key, today), municipality if municipality in _municipalities(session) else ""


def _municipalities(session: Session) -> list[str]:
    return list(session.scalars(select(Municipality.name).order_by(Municipality.name)))


def _charts(region: Region | None, one: OnePlace | None, chosen: Period, titles: Mapping[str, str]) -> list[Chart]:
    labels = [step.short for step in chosen.steps]
    lines: Sequence[Line | PlaceLine] = region.lines if region else one.lines if one else ()
    by_topic = [
        bars(f"amne-{number}", titles.get(line.topic, line.topic), labels, line.steps)
        for number, line in enumerate(_charted(lines), start=1)
    ]
    if one:
        return [bars("alla", TEXTS("talks"), labels, one.steps), *by_topic]
    if region is None:
        return []
    return [bars("alla", TEXTS("all"), labels, region.steps, region.missed_steps), *by_topic]


def _charted(lines: Sequence[Line | PlaceLine]) -> list[Line | PlaceLine]:
    """The topics that get a drawing: what was not understood stands in the region's first one, and one without any
    step that may be shown would be empty."""
    drawn = [line for line in lines if line.topic not in (FALLBACK_TOPIC, UNAVAILABLE, "")]
    return [line for line in drawn if any(step is not None for step in line.steps)][:_CHARTED]


def _region_file(session: Session, chosen: Period, titles: Mapping[str, str]) -> bytes:
    region = figures.region(session, chosen)
    names = ("column_topic", "column_turns", "column_share", "column_up", "column_down", "column_dead_ends")
    columns = [TEXTS(name) for name in names]
    rows: list[Sequence[str | int | None]] = [
        [
            titles.get(line.topic, line.topic),
            line.turns,
            round(100 * line.turns / region.turns),
            line.thumbs_up,
            line.thumbs_down,
            line.dead_ends,
            *line.steps,
        ]
        for line in region.lines
    ]
    return to_csv([*columns, *(step.title for step in chosen.steps)], rows)


def _place_file(session: Session, chosen: Period, place: str, titles: Mapping[str, str]) -> bytes:
    one = figures.one_place(session, chosen, place)
    rows: list[Sequence[str | int | None]] = [[place, *map(_told, (one.talks, *one.steps))]]
    rows += [[titles.get(line.topic, line.topic), *map(_told, (line.talks, *line.steps))] for line in one.lines]
    columns = [TEXTS("column_topic"), TEXTS("column_talks"), *(step.title for step in chosen.steps)]
    return to_csv(columns, rows if one.talks is not None else [])


def _told(talks: int | None) -> str | int:
    return TEXTS("few") if talks is None else talks
