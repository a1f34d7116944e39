"""What is left of a conversation between turns: everything the next turn needs, and nothing a person wrote."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.snapshot import KEEP_TURNS, PRIVATE_SLOTS, Event, compact

SECRET = "hemligt"
SLOTS = ("occupation", "place", "last_topic", "repeats", "misses", "booking_node", "booking_name", "requested_slot")
FORMS = ("booking_form", None)

moments = st.floats(min_value=0, max_value=2e9)
slot_events = st.builds(
    lambda name, value, at: {"event": "slot", "timestamp": at, "name": name, "value": value},
    st.sampled_from(SLOTS),
    st.sampled_from([None, "a", "b", True, 2, [{"topic": "csn", "query": {"place": "Arvika"}, "count": 2}]]),
    moments,
)
loop_events = st.builds(
    lambda name, at: {"event": "active_loop", "timestamp": at, "name": name}, st.sampled_from(FORMS), moments
)
action_events = st.builds(
    lambda name, at: {"event": "action", "timestamp": at, "name": name, "policy": None, "confidence": 1.0},
    st.sampled_from(["action_listen", "action_answer", "booking_form"]),
    moments,
)
bot_events = st.builds(
    lambda at: {"event": "bot", "timestamp": at, "text": SECRET, "data": {}, "metadata": {}}, moments
)
started_events = st.builds(lambda at: {"event": "session_started", "timestamp": at}, moments)
user_events = st.builds(
    lambda topic, entity, at: {
        "event": "user",
        "timestamp": at,
        "text": SECRET,
        "parse_data": {
            "intent": {"name": topic, "confidence": 0.9},
            "entities": [{"entity": entity, "value": SECRET if entity == "person" else "Arvika", "start": 0, "end": 7}],
            "text": SECRET,
            "text_tokens": [[0, 7]],
            "intent_ranking": [{"name": topic, "confidence": 0.9}],
        },
        "input_channel": "gateway",
        "message_id": "m",
        "metadata": {"raw": SECRET},
    },
    st.sampled_from(["course_search", "book_meeting"]),
    st.sampled_from(["place", "person"]),
    moments,
)
conversations = st.lists(
    st.one_of(user_events, slot_events, slot_events, action_events, bot_events, loop_events, started_events),
    max_size=60,
)


def state(events: list[Event]) -> tuple[dict[str, Any], str | None]:
    """Slot values and active loop after the events, as a tracker would have them."""
    slots: dict[str, Any] = {}
    loop: str | None = None
    for event in events:
        if event["event"] == "slot":
            slots[event["name"]] = event["value"]
        elif event["event"] == "active_loop":
            loop = event["name"]
        elif event["event"] == "session_started":
            slots, loop = {}, None
    return {name: value for name, value in slots.items() if value is not None}, loop


def turns(events: list[Event]) -> int:
    return sum(event["event"] == "user" for event in events)


@given(conversations)
def test_slot_values_and_the_active_loop_stay(events: list[Event]) -> None:
    assert state(compact(events)) == state(events)


@given(conversations)
def test_doing_it_twice_is_doing_it_once(events: list[Event]) -> None:
    once = compact(events)
    assert compact(once) == once


@given(conversations, conversations)
def test_a_conversation_can_be_compacted_turn_by_turn(before: list[Event], after: list[Event]) -> None:
    assert state(compact([*compact(before), *after])) == state([*before, *after])


@given(conversations)
def test_nothing_that_was_written_or_said_is_kept(events: list[Event]) -> None:
    assert SECRET not in json.dumps(compact(events))
    assert all(event["event"] != "bot" for event in compact(events))


@given(conversations)
def test_the_last_turns_keep_what_was_understood(events: list[Event]) -> None:
    kept = [event for event in compact(events) if event["event"] == "user"]
    last = [event for event in events if event["event"] == "user"][-KEEP_TURNS:]
    assert [event["parse_data"]["intent"] for event in kept] == [event["parse_data"]["intent"] for event in last]


@given(conversations)
def test_earlier_names_of_people_are_gone_once_they_are_replaced_or_cleared(events: list[Event]) -> None:
    for name in PRIVATE_SLOTS:
        assert sum(event["event"] == "slot" and event["name"] == name for event in compact(events)) <= 1


@given(st.integers(min_value=KEEP_TURNS + 1, max_value=200))
def test_the_length_does_not_grow_with_the_conversation(number: int) -> None:
    turn: list[Event] = [
        {"event": "user", "timestamp": 1.0, "text": SECRET, "parse_data": {}},
        {"event": "slot", "timestamp": 1.0, "name": "place", "value": "Arvika"},
        {"event": "slot", "timestamp": 1.0, "name": "last_topic", "value": "course_search"},
        {"event": "action", "timestamp": 1.0, "name": "action_answer"},
        {"event": "bot", "timestamp": 1.0, "text": SECRET},
        {"event": "action", "timestamp": 1.0, "name": "action_listen"},
    ]
    whole = compact(turn * number)
    assert turns(whole) == KEEP_TURNS
    assert len(whole) <= KEEP_TURNS * len(turn) + len(SLOTS) + 3


def test_an_empty_conversation_stays_empty() -> None:
    assert compact([]) == []
