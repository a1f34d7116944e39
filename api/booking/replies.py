"""What the assistant says in the steps of a booking, beside the times: every text, button and data of these turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.booking.languages import COMMON
from api.booking.slot_replies import NOTHING_HELD, clock
from api.booking.steps import book, change, human, other_node, step, stop
from api.booking.tables import Counsellor, Meeting, MeetingType
from api.booking.wording import at_whom, meeting_time_short, meeting_words, place_of, texts
from api.catalogue.tables import Node
from api.clock import STOCKHOLM
from api.privacy.contacts import Contact
from api.privacy.masking import mask_contact
from api.replies import NextStep, Reply

Json = dict[str, Any]  # Any: JSON
NO_INTERPRETER = "none"
"""What the button for no interpreter carries."""
_TYPES: tuple[MeetingType, ...] = ("phone", "video", "on_site")


def nodes_reply(nodes: Sequence[Node], place: str | None, *, easy: bool = False) -> Reply:
    """Which town? `nodes` in the order to show them; `place` is the municipality they are measured from."""
    if not nodes:
        return Reply(text=texts.worded("no_nodes", easy=easy), choices=(human(),))
    text = texts.worded("ask_node_near", easy=easy, place=place) if place else texts.worded("ask_node", easy=easy)
    choices = tuple(step(node.town, booking_node=node.slug) for node in nodes)
    return Reply(text=text, kind="choices", choices=choices, data=dict(NOTHING_HELD))


def types_reply(node: Node, offered: set[MeetingType], *, easy: bool = False) -> Reply:
    """Phone, video or on site? Only what somebody at the node offers."""
    if not offered:
        return Reply(text=texts.worded("no_types", easy=easy, town=node.town), choices=(human(), other_node()))
    choices = tuple(step(texts(f"type_title_{one}"), booking_type=one) for one in _TYPES if one in offered)
    text = texts.worded("ask_type", easy=easy, town=node.town)
    return Reply(text=text, kind="choices", choices=choices, data=dict(NOTHING_HELD))


def interpreter_reply(*, easy: bool = False) -> Reply:
    """An interpreter? No, one of the usual languages, or another that is written."""
    languages = (step(name.capitalize(), booking_language=name) for name in COMMON)
    return Reply(
        text=texts.worded("ask_interpreter", easy=easy),
        kind="choices",
        choices=(step(texts("no_interpreter"), booking_language=NO_INTERPRETER), *languages),
    )


def share_reply(summary: str, *, easy: bool = False) -> Reply:
    """May the counsellor see what was asked about? The whole of what would be sent is shown."""
    return Reply(
        text=texts.worded("ask_share", easy=easy, summary=summary),
        kind="choices",
        choices=(step(texts("share_yes"), booking_share="yes"), step(texts("share_no"), booking_share="no")),
        data={"summary": summary},
    )


def confirm_reply(meeting: Meeting, name: str, contact: Contact, summary: str | None, *, easy: bool = False) -> Reply:
    """Everything read back before it is booked, the contact masked, with a button to change each part."""
    words = meeting_words(meeting, contact.kind, easy=easy)
    lines = [
        texts.worded("confirm", easy=easy, **words),
        texts("confirm_name", name=name),
        texts("confirm_contact", contact=mask_contact(contact.kind, contact.value)),
        *_language_lines(meeting, easy=easy),
        words["how"],
        texts("confirm_shared", summary=summary) if summary else "",
        texts.worded("confirm_until", easy=easy, until=clock(meeting.held_until)) if meeting.held_until else "",
        texts("confirm_question"),
    ]
    parts = ("time", "node", "type", "name", "contact", "interpreter", *(("share",) if summary else ()))
    longer = () if meeting.hold_extended else (step(texts("more_time"), booking_extend="yes"),)
    held_until = meeting.held_until.astimezone(STOCKHOLM).isoformat() if meeting.held_until else None
    return Reply(
        text="\n".join(line for line in lines if line),
        kind="confirm",
        # No code yet: one on screen would look like a booking.
        data=_meeting_data(meeting) | {"reference": None, "held_until": held_until, "asked_about": summary},
        choices=(NextStep(title=texts("say_yes"), topic="affirm"), *map(change, parts), *longer, stop()),
    )


def booked_reply(meeting: Meeting, manage_url: str, *, easy: bool = False) -> Reply:
    """The booking is made: code, place and links. Complete in itself, since mail may be late or wished away."""
    has_mail = meeting.contact_kind == "email"
    mail = texts.worded("booked_mail", easy=easy) if has_mail else texts.worded("booked_no_mail", easy=easy)
    words = _booked_words(meeting, easy=easy) | {"mail": mail, "url": manage_url}
    return Reply(
        text=texts.worded("booked", easy=easy, **words),
        kind="booking",
        data=_meeting_data(meeting) | {"manage_url": manage_url, "ics_url": f"{manage_url}/mote.ics"} | NOTHING_HELD,
        choices=(NextStep(title=texts("about_meetings"), topic="meeting_info"),),
    )


def my_meetings_replies(meetings: Sequence[Meeting], *, easy: bool = False) -> list[Reply]:
    """The conversation's coming meetings, one message each. Without links: a link cannot be made again from its hash.

    It still stands in the message that confirmed the booking, until the conversation is erased.
    """
    if not meetings:
        return [Reply(text=texts.worded("my_meetings_none", easy=easy), choices=(book(), human()))]
    return [
        Reply(
            text=texts.worded("my_meeting", easy=easy, **_booked_words(meeting, easy=easy)),
            kind="booking",
            data=_meeting_data(meeting),
            choices=_move_and_cancel(meeting),
        )
        for meeting in meetings
    ]


def errand_reply(meetings: Sequence[Meeting], limit: int, *, move: bool, easy: bool = False) -> Reply:
    """Somebody with booked meetings begins anew: move, cancel or one more? Asked before any time is shown.

    With `move` the person has said so, and only which one is the question.
    """
    lines = "\n".join(texts("errand_line", **_short(meeting)) for meeting in meetings)
    changes = [button for meeting in meetings for button in _move_and_cancel(meeting)]
    keep = step(texts("keep_it"), booking_errand="stop")
    if move:
        text = texts.worded("ask_errand_which", easy=easy, times=lines)
        changes = [_move(meeting) for meeting in meetings]
    elif len(meetings) >= limit:
        text = texts.worded("ask_errand_full", easy=easy, limit=limit, times=lines)
    else:
        text = texts.worded("ask_errand", easy=easy, **_short(meetings[0]))
        changes.append(step(texts("one_more"), booking_errand="new"))
    return Reply(text=text, kind="choices", choices=(*changes, keep), data=dict(NOTHING_HELD))


def confirm_move_reply(
    meeting: Meeting, new_time: str, *, chosen: Counsellor | None = None, easy: bool = False
) -> Reply:
    """The old time and the new one read back before anything changes; `chosen` is whose time the new one is."""
    words = _short(meeting)
    words |= {"old": words["time"], "time": new_time, "at": at_whom(chosen)}
    return Reply(
        text=texts.worded("confirm_move", easy=easy, **words),
        kind="choices",
        choices=(
            NextStep(title=texts("say_yes_move"), topic="affirm"),
            change("time"),
            step(texts("keep_old"), booking_errand="stop"),
        ),
    )


def moved_reply(meeting: Meeting, *, easy: bool = False) -> Reply:
    """The meeting has its new time; code and link are the same as before."""
    has_mail = meeting.contact_kind == "email"
    mail = texts.worded("moved_mail", easy=easy) if has_mail else texts.worded("moved_no_mail", easy=easy)
    words = _booked_words(meeting, easy=easy) | {"mail": mail}
    return Reply(
        text=texts.worded("moved", easy=easy, **words),
        kind="booking",
        data=_meeting_data(meeting),
        choices=(NextStep(title=texts("about_meetings"), topic="meeting_info"),),
    )


def cancelled_reply(meeting: Meeting, *, easy: bool = False) -> Reply:
    text = texts.worded("cancelled", easy=easy, time=meeting_words(meeting)["time"])
    return Reply(text=text, choices=(book(),))


def _booked_words(meeting: Meeting, *, easy: bool) -> dict[str, str]:
    """What sentences about a booked meeting are filled with. Its language stands below how people meet."""
    words = meeting_words(meeting, easy=easy) | {"reference": meeting.reference}
    return words | {"how": "\n".join([words["how"], *_language_lines(meeting, easy=easy)])}


def _language_lines(meeting: Meeting, *, easy: bool) -> list[str]:
    """The interpreter's language, or the one that the counsellor speaks."""
    interpreter, spoken = meeting.interpreter_language, meeting.spoken_language
    return [
        *([texts("confirm_interpreter", language=interpreter)] if interpreter else []),
        *([texts.worded("confirm_spoken", easy=easy, language=spoken)] if spoken else []),
    ]


def _short(meeting: Meeting) -> dict[str, str]:
    words = meeting_words(meeting)
    return {name: words[name] for name in ("time", "type", "town", "at")}


def _move_and_cancel(meeting: Meeting) -> tuple[NextStep, NextStep]:
    title = texts("cancel_this", time=meeting_time_short(meeting))
    cancel = NextStep(title=title, topic="cancel_meeting", entities={"booking_meeting": str(meeting.id)})
    return _move(meeting), cancel


def _move(meeting: Meeting) -> NextStep:
    return step(texts("move_this", time=meeting_time_short(meeting)), booking_move=str(meeting.id))


def _meeting_data(meeting: Meeting) -> Json:
    return {
        "reference": meeting.reference,
        "start": meeting.starts_at.astimezone(STOCKHOLM).isoformat(),
        "end": meeting.ends_at.astimezone(STOCKHOLM).isoformat(),
        "place": place_of(meeting.counsellor, meeting.meeting_type),
        "meeting_type": meeting.meeting_type,
        "counsellor": meeting.counsellor.title,
        "interpreter_language": meeting.interpreter_language,
        "spoken_language": meeting.spoken_language,
        "manage_url": None,
        "ics_url": None,
        "example": meeting.counsellor.example,
    }
