"""The fields of a form: how a stored value stands in it, and how what somebody wrote is read. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from api.cells import BadCell, bad
from api.staff.editing.merging import Conflict, merge
from api.texts import Texts

TEXTS = Texts.beside(__file__)
BASE = "base"
"""Name of the hidden field that says what stood in the form when it was shown."""

Posted = Mapping[str, str]


def shown(value: Any) -> str:  # Any: a column's value
    """A stored value as it stands in a form: days in ISO 8601, a checked box as `ja`, a list with one item a line."""
    if value is None or value is False:
        return ""
    if value is True:
        return TEXTS("field_yes")
    if isinstance(value, date):
        return value.isoformat()
    return "\n".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


@dataclass(frozen=True)
class Field:
    """One field. `parse` turns its text into the value that is stored, or raises BadCell."""

    name: str
    parse: Callable[[str], Any]  # Any: a column's value
    required: bool = False
    show: Callable[[Any], str] = shown

    def read(self, text: str) -> Any:
        """The value of `text`. Raises BadCell."""
        if self.required and not text.strip():
            raise bad("cell_required")
        return self.parse(text)


@dataclass(frozen=True)
class Form:
    """What a template shows: the text of each field, what is wrong with it, and what somebody else has changed."""

    texts: Mapping[str, str]
    base: str
    """For the hidden field: what is stored now, as JSON."""
    errors: Mapping[str, str] = field(default_factory=dict)
    conflicts: Sequence[Conflict] = ()
    values: Mapping[str, Any] = field(default_factory=dict)  # Any: the columns' values
    """What was read, by field; only the fields without an error."""

    @property
    def sound(self) -> bool:
        """Whether the values can be stored: nothing is wrong, and nobody else has changed the row meanwhile."""
        return not self.errors and not self.conflicts

    def wrong(self, errors: Mapping[str, str]) -> Form:
        """The same form with further errors, by field; "" is the form as a whole."""
        return replace(self, errors={**self.errors, **errors})


def blank(fields: Iterable[Field], **texts: str) -> Form:
    """A form for a new row, some of it filled in."""
    return Form({one.name: texts.get(one.name, "") for one in fields}, base="{}")


def of_row(fields: Iterable[Field], values: Mapping[str, Any] | object) -> Form:
    """The form of what is stored: a row (its attributes) or a mapping."""
    texts = _texts(fields, values)
    return Form(texts, _base(texts))


def submitted(fields: Iterable[Field], posted: Posted, stored: Mapping[str, Any] | object | None) -> Form:
    """What somebody sent. `stored` is the row as it is now; None for a new one.

    When the row has changed since the form was shown, the form comes back with both people's changes in it and the
    differences in `conflicts`; nothing may be stored until they are sent once more.
    """
    fields = list(fields)
    mine = {one.name: _lines(posted.get(one.name, "")) for one in fields}
    if stored is None:
        return _read(fields, Form(mine, base="{}"))
    theirs = _texts(fields, stored)
    merged = merge(_shown_before(posted), theirs, mine)
    return _read(fields, Form(merged.texts, _base(theirs), conflicts=merged.conflicts))


def reason(error: BadCell) -> str:
    """Why a field cannot be used, in a form's words."""
    known = f"form_{error.key}" in TEXTS.keys()  # noqa: SIM118 - not a dict
    return TEXTS(f"form_{error.key}", **error.values) if known else str(error)


def one_of(choices: Iterable[str]) -> Callable[[str], str]:
    """A parser that takes what stands in the list, and nothing else."""
    known = frozenset(choices)

    def parse(text: str) -> str:
        if text not in known:
            raise bad("cell_choice")
        return text

    return parse


def lines_of(parse: Callable[[str], str], *, most: int = 200) -> Callable[[str], list[str]]:
    """A parser for one item a line; blank lines and doubles are dropped."""

    def parse_lines(text: str) -> list[str]:
        items = dict.fromkeys(parse(line) for line in text.splitlines() if line.strip())
        if len(items) > most:
            raise bad("cell_too_many", limit=most)
        return list(items)

    return parse_lines


def _read(fields: Iterable[Field], form: Form) -> Form:
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in fields:
        try:
            values[one.name] = one.read(form.texts[one.name])
        except BadCell as error:
            errors[one.name] = reason(error)
    return replace(form, values=values, errors=errors)


def _texts(fields: Iterable[Field], values: Mapping[str, Any] | object) -> dict[str, str]:
    get = values.__getitem__ if isinstance(values, Mapping) else lambda name: getattr(values, name)
    return {one.name: _lines(one.show(get(one.name))) for one in fields}


def _lines(text: str) -> str:
    """Browsers send line breaks as CR LF, and a text area drops what ends a text."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _base(texts: Mapping[str, str]) -> str:
    return json.dumps(texts, ensure_ascii=False, sort_keys=True)


def _shown_before(posted: Posted) -> dict[str, str]:
    """What the form says that it showed. Something else than our JSON counts as nothing: then every difference is
    shown before it is stored."""
    try:
        found = json.loads(posted.get(BASE, ""))
    except (ValueError, RecursionError):
        return {}
    return (
        {key: _lines(value) for key, value in found.items() if isinstance(value, str)}
        if isinstance(found, dict)
        else {}
    )
