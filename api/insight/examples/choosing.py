"""Which topic was chosen in a form: one that exists, or one that is missing. Pure."""

from __future__ import annotations

from collections.abc import Collection

from api.insight.examples.checking import TEXTS
from api.insight.examples.tables import LONGEST_TOPIC


def topic_of(chosen: str, new: str, topics: Collection[str]) -> tuple[tuple[str, str], str]:
    """(topic, new topic) with one of them empty, and what is wrong with the choice; empty when nothing is."""
    new = " ".join(new.split())
    if chosen and new:
        return (chosen, new), TEXTS("error_both")
    if len(new) > LONGEST_TOPIC or not new.isprintable():
        return ("", new), TEXTS("error_topic_long", limit=LONGEST_TOPIC)
    if not new and chosen not in topics:
        return ("", ""), TEXTS("error_topic")
    return (chosen, new), ""
