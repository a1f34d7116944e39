"""Typed answers to the booking's questions: the slots they fill, or None when the message is about something else."""

from __future__ import annotations

from actions.api_client import Json
from actions.booking.buttons import change
from actions.booking.steps import ANY_MEETING, NO_INTERPRETER, Changes, moving
from actions.booking.turn import Turn
from actions.reading import (
    asks_for_more,
    introduces_name,
    looks_like_contact,
    names_ending_like_language,
    none_fits,
    read_change,
    read_counsellor,
    read_errand,
    read_meeting_type,
    read_name,
    read_ordinal,
    read_yes_no,
    refuses,
    speaks_of_interpreter,
    wants_later_days,
    wants_more_time,
    wants_other_counsellor,
    wants_other_day,
    wants_to_be_called,
    wants_to_stop,
)
from actions.understood import FALLBACK, Understood

_TOPICS = frozenset({"book_meeting", "affirm", "deny", "reschedule_meeting", FALLBACK})
_NAMES_A_TOWN = _TOPICS - {"deny"} | {"node_nearest", "node_list", "node_detail"}
_SURE_OF_TIME = ("dag", "morgon", "imorn", "video", "telefon")
_AFTER_TIME = frozenset(
    {"booking_name", "booking_contact", "booking_interpreter", "booking_share", "booking_confirmed"}
)


async def answer_to(turn: Turn, step: str) -> Changes | None:
    """What a typed answer to `step` means."""
    text = turn.text
    if wants_to_stop(text) and "?" not in text:
        turn.utter("utter_booking_kept" if turn.slots.get("booking_moving") else "utter_booking_stopped")
        return {"stop": True}
    if wants_more_time(text) and step in _AFTER_TIME:
        return await turn.extend()
    own = await _OWN[step](turn)
    if own is not None:
        return own
    return await _about_another_step(turn, step)


# --- The steps -----------------------------------------------------------------------------------------------------


async def _errand_answer(turn: Turn) -> Changes | None:
    if turn.understood.topic in {"cancel_meeting", "my_meeting"}:
        return None
    errand = "move" if turn.understood.topic == "reschedule_meeting" else read_errand(turn.text)
    if errand == "move":
        own = await turn.api.get("/meetings", conversation_id=turn.understood.conversation_id)
        only = own["meetings"][0] if len(own["meetings"]) == 1 else None
        return turn.moving(only) if only else {"booking_moving": ANY_MEETING}
    if errand == "stop":
        turn.utter("utter_booking_kept")
        return {"stop": True}
    return {"booking_errand": "new"} if errand == "new" else None


async def _node_answer(turn: Turn) -> Changes | None:
    understood = turn.understood
    naming = understood.topic in _NAMES_A_TOWN or understood.only_names or not understood.is_certain
    node = await turn.node_at(understood.entities.get("place"), nearest=True) if naming else None
    if not node:
        return None
    also = await _time_and_type(turn, await turn.read())
    return {"booking_node": node, "booking_counsellor": None, **also}


async def _type_answer(turn: Turn) -> Changes | None:
    kind = read_meeting_type(turn.text)
    if not kind:
        return None
    return {"booking_type": kind} | await _time_and_type(turn, await turn.read())


async def _time_answer(turn: Turn) -> Changes | None:
    text, shown = turn.text, turn.slots.get("booking_shown") or []
    chosen = read_ordinal(text)
    if chosen is not None and chosen < len(shown):
        return await turn.hold(shown[chosen])
    if turn.slots.get("booking_days") and shown == [] and wants_later_days(text):
        return None  # its button says from which day on
    if wants_other_day(text):
        return {"booking_days": "first", "booking_after": None}
    if (number := read_counsellor(text)) or wants_other_counsellor(text):
        return await turn.show_counsellors(number)
    if wants_to_be_called(text):
        return await turn.without_time(booking_type="phone", booking_call="yes", booking_wish=None)
    about = _is_about_booking(turn.understood)
    read = await turn.read()
    if read["chosen"] and (about or read["whole"]):
        return await turn.hold(read["chosen"])
    changes = await _time_and_type(turn, read)
    if changes:
        return changes
    if read_meeting_type(text) and about:  # the way to meet that was chosen already
        return {"booking_time": None}
    node = await _other_town(turn)
    if node:
        return node
    if shown and (none_fits(text) or asks_for_more(text, certainly=not about)):
        return {"booking_time": None, "booking_after": shown[-1], "booking_days": None, "booking_call": None}
    if about or turn.understood.topic == FALLBACK:
        turn.utter("utter_booking_choose_button")
        return {"booking_time": None}
    return None


async def _name_answer(turn: Turn) -> Changes | None:
    """The name; somebody who gives phone number or address at once is not asked for it again."""
    understood = turn.understood
    token, text = understood.contact_token, turn.text.strip(" ,.")
    if not introduces_name(text) and not token:
        other = await _about_another_step(turn, "booking_name")
        if other is not None:
            return other
    name = read_name(text) if not _is_question(understood) else None
    if token:
        return {"booking_contact": token, "booking_name": name}
    return {"booking_name": name} if name else None


async def _contact_answer(turn: Turn) -> Changes | None:
    if turn.understood.contact_token:
        return {"booking_contact": turn.understood.contact_token}
    if introduces_name(turn.text) and (name := read_name(turn.text)):
        return {"booking_name": name}
    other = await _about_another_step(turn, "booking_contact")
    if other is not None:
        return other
    if looks_like_contact(turn.text):
        turn.utter("utter_booking_contact_invalid")
        return {"booking_contact": None}
    return None


async def _interpreter_answer(turn: Turn) -> Changes | None:
    language = (await turn.read())["language"]
    if not language and not _is_certainly_other(turn.understood):
        language = names_ending_like_language(turn.text)
    if language and language != "svenska":
        return await turn.with_interpreter(language)
    said = read_yes_no(turn.text)
    if said is False or language or turn.understood.topic == "deny":
        return await turn.with_interpreter(NO_INTERPRETER)
    if said or speaks_of_interpreter(turn.text):
        turn.utter("utter_booking_which_language")
        return {"booking_interpreter": None, "booking_asked": "yes"}
    return None


async def _share_answer(turn: Turn) -> Changes | None:
    said = True if turn.understood.topic == "affirm" else read_yes_no(turn.text)
    if said is None and turn.understood.topic == "deny":
        said = False
    return None if said is None else {"booking_share": "yes" if said else "no"}


async def _confirm_answer(turn: Turn) -> Changes | None:
    asked = bool(turn.slots.get("booking_changing"))
    part = read_change(turn.text, asked=asked)
    if part and not (moving(turn.understood) and part != "time"):
        return await change(turn, part)
    if turn.text and (other := await _instead(turn)):  # "video går bra" is no yes to a telephone meeting
        return other
    yes = True if turn.understood.topic == "affirm" else read_yes_no(turn.text)
    if yes and asked:  # yes to "what shall be changed?" is no yes to the booking
        return {"booking_confirmed": None, "booking_changing": None}
    if yes:
        return await turn.finish()
    if none_fits(turn.text):
        return await change(turn, "time")
    if yes is False or turn.understood.topic == "deny":
        if moving(turn.understood):
            turn.utter("utter_booking_kept")
            return {"stop": True}
        turn.utter("utter_booking_what_to_change")
        return {"booking_confirmed": None, "booking_asked": "yes", "booking_changing": "yes"}
    return None


async def _instead(turn: Turn) -> Changes | None:
    """Another way to meet, time or town than the one that was read back."""
    booked = str(turn.slots.get("booking_time"))
    read = await turn.read([booked])
    if booked in read["fitting"]:
        read["wish"] = None  # "ja, torsdag blir bra"
    changes = await _time_and_type(turn, read, whole=True)
    return changes or (await _other_town(turn) if "?" not in turn.text else None)


_OWN = {
    "booking_errand": _errand_answer,
    "booking_node": _node_answer,
    "booking_type": _type_answer,
    "booking_time": _time_answer,
    "booking_name": _name_answer,
    "booking_contact": _contact_answer,
    "booking_interpreter": _interpreter_answer,
    "booking_share": _share_answer,
    "booking_confirmed": _confirm_answer,
}


# --- What belongs to another step than the one that was asked ---------------------------------------------------------


async def _about_another_step(turn: Turn, step: str) -> Changes | None:
    """A change of mind, or something said ahead: another time, way to meet, town or an interpreter."""
    if step in {"booking_errand", "booking_time"} or (_is_certainly_other(turn.understood) and "?" in turn.text):
        return None
    if wants_other_day(turn.text):
        return await turn.without_time(booking_days="first", booking_wish=None)
    if wants_other_counsellor(turn.text):
        return await turn.show_counsellors()
    if step in _AFTER_TIME and none_fits(turn.text):
        return await turn.without_time(booking_after=turn.slots.get("booking_time"))
    if step in _AFTER_TIME and _may_be_a_name(turn.text):
        return None
    changes = await _time_and_type(turn, await turn.read(), whole=step in _AFTER_TIME)
    if changes and step in {"booking_node", "booking_type"}:
        turn.utter("utter_booking_noted")
    if not changes and step in _AFTER_TIME - {"booking_name"}:
        changes = await _other_town(turn) or {}
    return changes or None


async def _time_and_type(turn: Turn, read: Json, *, whole: bool = False) -> Changes:
    """Wishes for time, way to meet and interpreter in a text that may hold several of them.

    `whole`: a wish for a time counts only when nothing else is said.
    """
    about = _is_about_booking(turn.understood) and not whole
    changes: Changes = {}
    if read["wish"] and (read["whole"] or (about and read["certain"])):
        changes |= await turn.without_time(booking_wish=read["wish"])
    kind = read_meeting_type(turn.text)
    if kind and kind != turn.slots.get("booking_type"):
        changes |= await turn.without_time(booking_type=kind)
    if speaks_of_interpreter(turn.text) and read["language"]:
        changes |= await turn.with_interpreter(read["language"])
    return {} if moving(turn.understood) and not changes.get("booking_wish") else changes


async def _other_town(turn: Turn) -> Changes | None:
    understood = turn.understood
    naming = understood.only_names or not understood.is_certain or understood.topic in _NAMES_A_TOWN | {"deny"}
    if moving(understood) or not naming or refuses(turn.text):  # "nej Sunne i stället", but not "inte Sunne"
        return None
    node = await turn.node_at(understood.entities.get("place"))
    if not node or node == turn.slots.get("booking_node"):
        return None
    return await turn.without_time(booking_node=node, booking_counsellor=None)


def _is_about_booking(understood: Understood) -> bool:
    return not understood.is_certain or understood.topic in _TOPICS


def _is_certainly_other(understood: Understood) -> bool:
    """Whether the message clearly asks about something that is not the booking."""
    return understood.is_certain and understood.topic not in _TOPICS


def _may_be_a_name(text: str) -> bool:
    """Whether a single word may be a name: Frida and Tilda are nearly days of the week."""
    return len(text.split()) == 1 and text.isalpha() and not any(part in text.casefold() for part in _SURE_OF_TIME)


def _is_question(understood: Understood) -> bool:
    """Whether a message at the name step is clearly something other than a name."""
    certain = understood.is_certain and len(understood.text.split()) > 2
    return certain and not introduces_name(understood.text)
