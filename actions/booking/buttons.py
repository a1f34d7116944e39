"""What a pressed button of the booking says, whatever was asked last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from actions.booking.steps import ANY_MEETING, CHOOSE, Changes, cancel
from actions.booking.turn import Turn


async def pressed(turn: Turn) -> Changes | None:
    """The slots that the button's entity fills; None when it has none of the booking's."""
    entities = turn.understood.entities
    if turn.understood.topic == "cancel_meeting" and "booking_meeting" in entities:
        await cancel(turn.api, turn.understood, turn.speaker, entities["booking_meeting"])
        # Somebody who was asked "move, cancel or one more?" has answered; others go on with what they book.
        return {"stop": True} if not turn.slots.get("booking_errand") else {"booking_asked": None}
    for entity, does in _BUTTONS.items():
        if entity in entities:
            return await does(turn, entities[entity])
    if "booking_time" in entities and turn.slots.get("booking_type"):
        return await turn.hold(entities["booking_time"])
    return None


async def _errand(turn: Turn, value: str) -> Changes:
    if value == "new":
        return {"booking_errand": "new", "booking_moving": None}
    turn.utter("utter_booking_kept")
    return {"stop": True}


async def _change(turn: Turn, part: str) -> Changes:
    return await change(turn, part)


async def _node(turn: Turn, node: str) -> Changes:
    return await turn.without_time(booking_node=node, booking_counsellor=None)


async def _type(turn: Turn, kind: str) -> Changes:
    return await turn.without_time(booking_type=kind)


async def _counsellor(turn: Turn, who: str) -> Changes:
    return await turn.show_counsellors() if who == CHOOSE else await turn.without_time(booking_counsellor=who)


async def _wish(turn: Turn, wish: str) -> Changes:
    return await turn.without_time(booking_wish=wish)


async def _after(turn: Turn, slot_id: str) -> Changes:
    return {"booking_time": None, "booking_days": None, "booking_call": None, "booking_after": slot_id}


async def _days(turn: Turn, after: str) -> Changes:
    return await turn.without_time(booking_days=after)


async def _call(turn: Turn, _: str) -> Changes:
    return await turn.without_time(booking_type="phone", booking_call="yes", booking_wish=None)


async def _language(turn: Turn, language: str) -> Changes:
    return await turn.with_interpreter(language)


async def _share(_: Turn, value: str) -> Changes:
    return {"booking_share": "yes" if value == "yes" else "no"}


async def _extend(turn: Turn, _: str) -> Changes:
    return await turn.extend()


async def _move(turn: Turn, meeting: str) -> Changes:
    return {"booking_moving": ANY_MEETING} if meeting == ANY_MEETING else await turn.move(meeting)


_BUTTONS: dict[str, Callable[[Turn, str], Awaitable[Changes]]] = {
    "booking_errand": _errand,
    "booking_move": _move,
    "booking_change": _change,
    "booking_node": _node,
    "booking_type": _type,
    "booking_counsellor": _counsellor,
    "booking_wish": _wish,
    "booking_after": _after,
    "booking_days": _days,
    "booking_call": _call,
    "booking_language": _language,
    "booking_share": _share,
    "booking_extend": _extend,
}


async def change(turn: Turn, part: str) -> Changes:
    """Which steps to ask again."""
    if part == "node":
        return await turn.without_time(booking_node=None, booking_type=None, booking_counsellor=None)
    if part == "type":
        return await turn.without_time(booking_type=None)
    if part in {"name", "contact", "interpreter", "share"}:
        return {f"booking_{part}": None, "booking_changing": None}
    return await turn.without_time(booking_wish=None)
