"""What each matter asks for beside who asks: its fields as people fill them in, and its details as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Stored

from api.contact.enquiries import parsing
from api.contact.enquiries.errors import EnquiryIncomplete
from api.contact.enquiries.tables import MATTERS, Matter
from api.contact.enquiries.wording import TEXTS
from api.staff.editing.fields import Field, one_of

WHERE = ("any", "us", "node", "distance")
RECEIVES = ("prao", "apl", "study_visit")
MOST_PUPILS = 500

Kind = Literal["text", "number", "choice", "choices"]


class _Details(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Staffing(_Details):
    """A company that needs people."""

    work: str = Stored(min_length=1, max_length=200)
    people: int | None = Stored(default=None, ge=1, le=MOST_PUPILS)
    when: str = Stored(default="", max_length=100)


class Training(_Details):
    """A company that wants to train a group: what they shall be able to do, how many, when and where."""

    skill: str = Stored(min_length=1, max_length=200)
    group_size: int | None = Stored(default=None, ge=1, le=MOST_PUPILS)
    when: str = Stored(default="", max_length=100)
    where: Literal["us", "node", "distance", "any"] = "any"


class Receive(_Details):
    """A company that can receive pupils, apprentices or visitors."""

    receives: list[Literal["prao", "apl", "study_visit"]] = Stored(min_length=1)
    when: str = Stored(default="", max_length=100)


class Council(_Details):
    """A company that wants a say in how the training is planned."""

    trade: str = Stored(default="", max_length=200)


class SchoolPrao(_Details):
    """A school that looks for prao places."""

    grade: str = Stored(min_length=1, max_length=60)
    pupils: int = Stored(ge=1, le=MOST_PUPILS)
    weeks: str = Stored(min_length=1, max_length=100)


class Accessibility(_Details):
    """Somebody who cannot use a part of the service, or wants something of it in another form (`/tillganglighet`)."""

    page: str = Stored(default="", max_length=200)
    aid: str = Stored(default="", max_length=200)


class Nothing(_Details):
    """No more than who asks and what they write."""


@dataclass(frozen=True)
class Asked:
    """One field of a matter. Its label is the text `{matter}_{name}`, its help `{matter}_{name}_help`."""

    field: Field
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    limit: int = 200

    @property
    def name(self) -> str:
        return self.field.name


@dataclass(frozen=True)
class Questions:
    """A matter: what it asks, and the model of what is stored of that."""

    matter: Matter
    details: type[_Details]
    asked: tuple[Asked, ...]
    path: str
    """The last part of its address."""
    needs_organisation: bool = True
    needs_message: bool = False
    for_companies: bool = True
    """Whether `/foretag` lets one choose it."""


def _text(name: str, limit: int, *, required: bool = False) -> Asked:
    return Asked(Field(name, partial(parsing.words, limit=limit), required=required), limit=limit)


def _number(name: str, *, required: bool = False) -> Asked:
    return Asked(Field(name, partial(parsing.count, most=MOST_PUPILS), required=required), "number")


_WHEN = _text("when", 100)
_ALL = (
    Questions("staffing", Staffing, (_text("work", 200, required=True), _number("people"), _WHEN), "personal"),
    Questions(
        "training",
        Training,
        (
            _text("skill", 200, required=True),
            _number("group_size"),
            _WHEN,
            Asked(Field("where", one_of(WHERE)), "choice", WHERE),
        ),
        "utbilda",
    ),
    Questions(
        "receive",
        Receive,
        (Asked(Field("receives", parsing.several_of(RECEIVES), required=True), "choices", RECEIVES), _WHEN),
        "ta-emot",
    ),
    Questions("council", Council, (_text("trade", 200),), "samverkan"),
    Questions(
        "school_prao",
        SchoolPrao,
        (_text("grade", 60, required=True), _number("pupils", required=True), _text("weeks", 100, required=True)),
        "skola",
        for_companies=False,
    ),
    Questions("network_interest", Nothing, (), "intresse", needs_organisation=False, for_companies=False),
    Questions(
        "accessibility",
        Accessibility,
        (_text("page", 200), _text("aid", 200)),
        "tillganglighet",
        for_companies=False,
        needs_organisation=False,
        needs_message=True,
    ),
    Questions("other", Nothing, (), "annat", needs_organisation=False, needs_message=True),
)
QUESTIONS: Mapping[Matter, Questions] = {one.matter: one for one in _ALL}
COMPANY_MATTERS: tuple[Matter, ...] = tuple(one.matter for one in _ALL if one.for_companies)
"""What a company may choose among, here and in the chat."""


def matters() -> Iterable[Questions]:
    """Every matter with its fields, in the order people see them."""
    return (QUESTIONS[matter] for matter in MATTERS)


def details_of(matter: Matter, values: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON
    """What is stored of a matter's fields; blank ones are left out. Raises EnquiryIncomplete."""
    given = {name: value for name, value in values.items() if value not in (None, "", [])}
    try:
        return QUESTIONS[matter].details.model_validate(given).model_dump(mode="json", exclude_defaults=True)
    except ValidationError:
        raise EnquiryIncomplete from None


def title_of(matter: str) -> str:
    """What a matter is called."""
    return TEXTS(f"matter_{matter}")


def told(matter: Matter, details: Mapping[str, Any]) -> list[tuple[str, str]]:  # Any: JSON
    """Label and value of each detail, as people read them."""
    return [
        (TEXTS(f"short_{one.name}"), _in_words(one, details[one.name]))
        for one in QUESTIONS[matter].asked
        if one.name in details
    ]


def _in_words(one: Asked, value: Any) -> str:  # Any: JSON
    if one.kind == "choice":
        return TEXTS(f"{one.name}_{value}")
    if one.kind == "choices":
        return ", ".join(TEXTS(f"{one.name}_{each}") for each in value)
    return str(value)
