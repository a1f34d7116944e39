"""Buttons of the booking dialogue: each stands for the topic with one entity that the action server understands."""

from __future__ import annotations

from api.booking.wording import texts
from api.replies import NextStep

CHOOSE, ANYBODY = "choose", "any"
"""What the buttons carry that ask for the list of counsellors, and for whoever is free; the others carry a slug."""


def step(title: str, **entities: str) -> NextStep:
    """A button that goes on with the booking."""
    return NextStep(title=title, topic="book_meeting", entities=entities)


def change(part: str) -> NextStep:
    """Ask one part again: time, node, type, name, contact, interpreter, share."""
    return step(texts(f"change_{part}"), booking_change=part)


def human() -> NextStep:
    return NextStep(title=texts("human"), topic="human_contact")


def other_node() -> NextStep:
    return step(texts("other_node"), booking_change="node")


def choose_counsellor() -> NextStep:
    return step(texts("choose_counsellor"), booking_counsellor=CHOOSE)


def any_counsellor() -> NextStep:
    return step(texts("any_counsellor"), booking_counsellor=ANYBODY)


def book() -> NextStep:
    return NextStep(title=texts("book"), topic="book_meeting")


def stop() -> NextStep:
    return NextStep(title=texts("stop"), topic="restart")
