"""What staff are asked about when they have written something that looks like a person's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from api.privacy.people import name_in
from api.staff.editing.sending import Question


def name_questions(
    values: Mapping[str, Any],  # Any: columns' values
    fields: Iterable[str],
    sentence: Callable[[str, str], str],
) -> Iterator[Question]:
    """A question about each of the fields that seems to name somebody; `sentence` gets the field and the words."""
    for field in fields:
        if words := name_in(values.get(field) or ""):
            yield Question(field, values[field], sentence(field, words))
