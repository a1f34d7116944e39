"""What the assistant says about free times: three to choose from, or days, or that there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import ceil
from typing import Any, Literal

from api.booking.languages import in_swedish
from api.booking.openings import Offer
from api.booking.steps import any_counsellor, choose_counsellor, human, other_node, step
from api.booking.tables import Counsellor, Meeting, MeetingType
from api.booking.times.windows import Wish, on_day
from api.booking.times.wording import days_named, describe
from api.booking.wording import at_whom, function_of, meeting_time, texts, type_word
from api.catalogue.tables import Node
from api.clock import STOCKHOLM
from api.replies import NextStep, Reply
from api.swedish_dates import long_time, short_day, short_time
from api.texts import enumerated

Json = dict[str, Any]  # Any: JSON
NOTHING_HELD: Json = {"held_until": None}
"""In the data of a message: no time is held any more. The widget shows how long one is held until it meets this."""


def slots_reply(
    node: Node,
    meeting_type: MeetingType,
    offers: Sequence[Offer],
    *,
    more: bool,
    later: bool = False,
    reason: str = "times",
    easy: bool = False,
    words: Mapping[str, str] | None = None,
    calls: bool = True,
    chosen: Counsellor | None = None,
    choosable: bool = False,
) -> Reply:
    """The times to choose from, or what to do when there are none.

    `more`: there are times after the last one. `later`: these are not the first times. `reason` is the key of the
    sentence that says why they are shown, filled with `words` beside town and way of meeting. `calls`: the counsellor
    can be asked to phone instead. `chosen`: these are the times of one counsellor. `choosable`: there are several.
    """
    filled = {"town": node.town, "how": texts(f"by_{meeting_type}")} | dict(words or {})
    if not offers:
        return _no_slots(later=later, easy=easy, words=filled, chosen=chosen)
    lead = _with_whom(texts.worded(reason, easy=easy, **filled), chosen)
    question = texts.worded("times_hint", easy=easy) if reason == "times" and not later else texts("times_question")
    lines = "\n".join(texts("times_line", time=long_time(offer.start, offer.end)) for offer in offers)
    choices = [_slot(offer, meeting_type) for offer in offers]
    if more:
        choices.append(step(texts("more_times"), booking_after=offers[-1].id))
    choices.append(step(texts("other_day"), booking_days="first"))
    if choosable:
        choices.append(choose_counsellor())
    if calls and reason != "times_call_me":
        choices.append(step(texts("call_me"), booking_call="yes"))
    return Reply(
        text=texts("times_frame", lead=lead, times=lines, question=question),
        kind="slots",
        choices=tuple(choices),
        data={"items": [_offer_item(offer) for offer in offers], "lead": f"{lead}\n{question}"} | NOTHING_HELD,
    )


def wish_words(wish: Wish | None, today: date) -> dict[str, str]:
    """What a sentence about a wish is filled with: `when` it is, and the `days` it may mean."""
    if wish is None:
        return {}
    return {"when": describe(wish, today) or texts("when_then"), "days": days_named(wish)}


def days_reply(
    node: Node,
    meeting_type: MeetingType,
    days: Sequence[tuple[date, int]],
    *,
    more: bool,
    later: bool = False,
    easy: bool = False,
    chosen: Counsellor | None = None,
) -> Reply:
    """The days that have free times, each with how many, and the way to the days after them. `chosen` as for times."""
    words = {"town": node.town, "how": texts(f"by_{meeting_type}")}
    if not days:
        return _no_slots(later=later, easy=easy, words=words, chosen=chosen)
    choices = [step(_day_title(day, count), booking_wish=on_day(day).encode()) for day, count in days]
    if more:
        choices.append(step(texts("later_days"), booking_days=f"{days[-1][0].isoformat()}"))
    if later:
        choices.append(step(texts("first_days"), booking_days="first"))
    items: list[Json] = [{"day": day.isoformat(), "count": count} for day, count in days]
    text = _with_whom(texts.worded("days", easy=easy, **words), chosen)
    return Reply(text=text, kind="choices", choices=tuple(choices), data={"days": items} | NOTHING_HELD)


def counsellors_reply(
    node: Node, meeting_type: MeetingType, counsellors: Sequence[Counsellor], *, easy: bool = False
) -> Reply:
    """Which counsellor? By function and, when it is known, languages; or whoever is free."""
    choices = [step(_counsellor_title(one), booking_counsellor=one.slug) for one in counsellors]
    how = texts(f"by_{meeting_type}")
    return Reply(
        text=texts.worded("ask_counsellor", easy=easy, town=node.town, how=how),
        kind="choices",
        choices=(*choices, any_counsellor()),
        data=dict(NOTHING_HELD),
    )


def held_reply(
    meeting: Meeting, now: datetime, *, easy: bool = False, key: Literal["held", "held_longer", "extended"] = "held"
) -> Reply:
    """The time is kept, and for how long. `key` says why it is told: it was chosen, became longer, or was extended.

    Where the counsellor speaks the language that was asked for, that is told when it is new.
    """
    until = meeting.held_until or now
    minutes = max(ceil((until - now).total_seconds() / 60), 0)
    words = {"minutes": minutes, "until": clock(until), "time": meeting_time(meeting)}
    if meeting.spoken_language and key != "extended":
        text = texts.worded("held_spoken", easy=easy, language=meeting.spoken_language, **words)
    else:
        text = texts.worded(key, easy=easy, **words)
    return Reply(text=text[:1].upper() + text[1:], data={"held_until": until.astimezone(STOCKHOLM).isoformat()})


def clock(moment: datetime) -> str:
    """`14.32` in Stockholm."""
    return f"{moment.astimezone(STOCKHOLM):%H.%M}"


def _with_whom(lead: str, chosen: Counsellor | None) -> str:
    return texts("with_chosen", at=at_whom(chosen), lead=lead) if chosen else lead


def _counsellor_title(counsellor: Counsellor) -> str:
    title, languages = function_of(counsellor), enumerated([in_swedish(one) for one in counsellor.languages])
    return texts("counsellor_title", counsellor=title, languages=languages) if languages else title


def _no_slots(*, later: bool, easy: bool, words: Mapping[str, str], chosen: Counsellor | None = None) -> Reply:
    if chosen and not later:
        text = texts.worded("times_none_chosen", easy=easy, counsellor=function_of(chosen), **words)
        choices = (any_counsellor(), choose_counsellor(), human())
        return Reply(text=text, kind="slots", data={"items": []} | NOTHING_HELD, choices=choices)
    first = (step(texts("first_times"), booking_change="time"),) if later else ()
    text = (
        texts.worded("times_no_more", easy=easy, **words) if later else texts.worded("times_none", easy=easy, **words)
    )
    choices = (*first, human(), other_node(), step(texts("other_type"), booking_change="type"))
    return Reply(text=text, kind="slots", data={"items": []} | NOTHING_HELD, choices=choices)


def _slot(offer: Offer, meeting_type: MeetingType) -> NextStep:
    title = texts("slot_title", time=short_time(offer.start, offer.end), type=type_word(meeting_type))
    return step(title, booking_time=offer.id)


def _day_title(day: date, count: int) -> str:
    return (
        texts("day_title_one", day=short_day(day))
        if count == 1
        else texts("day_title", day=short_day(day), count=count)
    )


def _offer_item(offer: Offer) -> Json:
    counsellor: Counsellor = offer.counsellor
    return {
        "id": offer.id,
        "start": offer.start.astimezone(STOCKHOLM).isoformat(),
        "end": offer.end.astimezone(STOCKHOLM).isoformat(),
        "counsellor": counsellor.title,
        "meeting_types": counsellor.meeting_types,
        "example": counsellor.example,
    }
