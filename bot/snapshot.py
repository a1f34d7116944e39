"""A conversation reduced to what the next turn needs. Pure.

Rasa's stores keep every event and reload them all each turn, so turns get slower and what people wrote piles up.
Here the last few turns stay as events without any text; older ones are folded into the slot values they left behind.
"""

from __future__ import annotations

from typing import Any

Event = dict[str, Any]

KEEP_TURNS = 3
PRIVATE_SLOTS = frozenset({"booking_name", "asking_state"})
"""Slots whose earlier values must not linger once they are cleared."""
_PRIVATE_ENTITIES = frozenset({"person"})


def compact(events: list[Event], keep_turns: int = KEEP_TURNS) -> list[Event]:
    """Events that bring a tracker to the same state: a bounded number of them, none with a text."""
    redacted = [_redact(event) for event in events if event["event"] != "bot"]
    return _forget_private(_fold(redacted, keep_turns))


def _fold(events: list[Event], keep_turns: int) -> list[Event]:
    turns = [index for index, event in enumerate(events) if event["event"] == "user"]
    if len(turns) <= keep_turns:
        return events
    cut = turns[-keep_turns]
    head, tail = events[:cut], events[cut:]
    slots: dict[str, Event] = {}
    started: Event | None = None
    loop: Event | None = None
    for event in head:
        if event["event"] == "slot":
            slots.pop(event["name"], None)
            if event["value"] is not None:
                slots[event["name"]] = event
        elif event["event"] == "session_started":
            started, slots, loop = event, {}, None
        elif event["event"] == "active_loop":
            loop = event if event["name"] else None
    listening = {"event": "action", "name": "action_listen", "timestamp": head[-1].get("timestamp")}
    return [event for event in (started, *slots.values(), loop, listening) if event] + tail


def _forget_private(events: list[Event]) -> list[Event]:
    last = {event["name"]: index for index, event in enumerate(events) if event["event"] == "slot"}
    return [
        event
        for index, event in enumerate(events)
        if not (event["event"] == "slot" and event["name"] in PRIVATE_SLOTS and last[event["name"]] != index)
    ]


def _redact(event: Event) -> Event:
    if event["event"] != "user":
        return event
    parse = event.get("parse_data") or {}
    intent = parse.get("intent") or {}
    entities = [
        {"entity": entity["entity"], "value": entity["value"]}
        for entity in parse.get("entities") or []
        if entity["entity"] not in _PRIVATE_ENTITIES
    ]
    return {
        "event": "user",
        "timestamp": event.get("timestamp"),
        "text": "",
        "parse_data": {"intent": intent, "entities": entities, "text": ""},
        "input_channel": event.get("input_channel"),
        "message_id": event.get("message_id"),
        "metadata": {},
    }
