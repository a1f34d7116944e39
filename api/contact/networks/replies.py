"""What the assistant says about networks: which there are, when they meet, and how one shows interest."""

from __future__ import annotations

import re

from api import swedish_dates
from api.contact.networks import service
from api.contact.networks.pages import PATH
from api.contact.networks.service import Shown
from api.events.addresses import event_path
from api.guidance.answers import find_answer, reply_from
from api.guidance.turn import Handled, Handler, Turn
from api.replies import NextStep, Reply
from api.texts import Texts

TOPIC = "networks"
FORM = "network"
"""What the form for showing interest is called (`asking_kind`), before the network's slug."""

_texts = Texts.beside(__file__)
_SHOWN = 3
_LONGEST_NAME = 24


def networks(turn: Turn) -> Handled:
    """The open networks with their next meeting; the stored answer when there is none."""
    query = turn.query(carry=False)
    rows = [one for one in service.shown(turn.session, turn.now) if one.network.status == "published"]
    if not rows:
        return Handled([reply_from(find_answer(turn.session, TOPIC), easy=turn.easy)], query)
    lines = [_texts.worded("networks_heading", easy=turn.easy), *(_line(turn, one) for one in rows[:_SHOWN])]
    lines.append(_texts("networks_page", url=f"{turn.base_url}{PATH}"))
    if any(one.network.example for one in rows[:_SHOWN]):
        lines.append(_texts("example_note"))
    interest = (_interest(one) for one in rows[:_SHOWN])
    steps = (*interest, NextStep(title=_texts("choice_events"), topic="event_list"))
    return Handled([Reply(text="\n".join(lines), choices=steps)], query)


HANDLERS: dict[str, Handler] = {TOPIC: networks}


def _line(turn: Turn, one: Shown) -> str:
    network = one.network
    about = re.split(r"(?<=[.!?])\s", network.about, maxsplit=1)[0]
    meeting = _meeting(turn, one)
    line = _texts.worded(
        "network_line", easy=turn.easy, name=network.name, region=network.region, about=about, meeting=meeting
    )
    if network.source_year and not turn.easy:
        line = f"{line} {_texts('network_facts_from', year=network.source_year)}"
    return line


def _meeting(turn: Turn, one: Shown) -> str:
    if one.meeting:
        url = f"{turn.base_url}{event_path(one.meeting)}"
        return _texts("meeting_on", day=swedish_dates.moment(one.meeting.starts_at), url=url)
    if one.network.next_meeting:
        return _texts("meeting_words", words=one.network.next_meeting.rstrip("."))
    return _texts("meeting_none")


def _interest(one: Shown) -> NextStep:
    name, region = one.network.name, one.network.region
    named = name if len(name) <= _LONGEST_NAME or not region else _texts("network_in", region=region)
    return NextStep(
        title=_texts("choice_interest", name=named),
        topic=TOPIC,
        entities={"asking_kind": f"{FORM}:{one.network.slug}"},
    )
