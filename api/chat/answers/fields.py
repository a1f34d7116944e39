"""The fields of an answer, as staff write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from api.cells import https_url, line_text, long_text, swedish_date
from api.guidance.tables import Answer
from api.privacy.people import without_personal_numbers as safe
from api.replies import NextStep
from api.staff.editing.fields import Field
from api.texts import Texts

TEXTS = Texts.beside(__file__)

BUTTONS = 3
"""More are not read; a conversation adds one of its own at times."""
TITLE_LIMIT, BUTTON_LIMIT, TEXT_LIMIT = 30, 40, 2000

Values = dict[str, Any]  # Any: columns' values


def _or_none(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: parse(text) if text.strip() else None


ROWS = tuple((f"button_{number}_title", f"button_{number}_goes") for number in range(1, BUTTONS + 1))
"""A button's two fields: what stands on it, and the payload it leads to."""

_TEXT = safe(partial(long_text, limit=TEXT_LIMIT))

FIELDS = (
    Field("title", safe(partial(line_text, limit=TITLE_LIMIT)), required=True),
    Field("text", _TEXT, required=True),
    Field("easy", _TEXT, required=True),
    *(
        field
        for title, goes in ROWS
        for field in (
            Field(title, safe(partial(line_text, limit=BUTTON_LIMIT))),
            Field(goes, lambda text: text.strip()),
        )
    ),
    Field("source_title", _or_none(safe(partial(line_text, limit=200)))),
    Field("source_url", _or_none(partial(https_url, limit=500))),
    Field("checked_on", swedish_date),
    Field("review_on", swedish_date),
)

LABELS = {
    **{one.name: TEXTS(f"answer_{one.name}") for one in FIELDS if not one.name.startswith("button")},
    **{title: TEXTS("button_title", number=number) for number, (title, _) in enumerate(ROWS, 1)},
    **{goes: TEXTS("button_goes", number=number) for number, (_, goes) in enumerate(ROWS, 1)},
}


def shown_values(row: Answer) -> Values:
    """A row as the form has it: one value for each field."""
    values = {one.name: getattr(row, one.name) for one in FIELDS if hasattr(row, one.name)}
    for number, (title, goes) in enumerate(ROWS):
        step = NextStep.model_validate(row.choices[number]) if number < len(row.choices) else None
        values |= {title: step.title if step else "", goes: step.payload if step else ""}
    return values


def columns(values: Mapping[str, Any], steps: Mapping[str, NextStep], row: Answer) -> Values:
    """What the form's values are stored as. `steps` is payload → what it stands for; `row` is the answer as it is."""
    own = {name: value for name, value in values.items() if not name.startswith("button")}
    chosen = [steps[values[goes]].model_copy(update={"title": values[title]}) for title, goes in ROWS if values[goes]]
    return own | {"choices": [*map(_stored, chosen), *row.choices[BUTTONS:]]}


def _stored(step: NextStep) -> dict[str, Any]:  # Any: JSON
    button: dict[str, Any] = {"title": step.title, "topic": step.topic}
    return button | ({"entities": dict(step.entities)} if step.entities else {})
