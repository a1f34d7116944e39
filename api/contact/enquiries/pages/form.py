"""The form of a matter as a visitor sends it: its fields, what is wrong at which one, or what was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.tables import Municipality
from api.cells import bad
from api.contact.enquiries import parsing
from api.contact.enquiries.matters import QUESTIONS, Questions
from api.contact.enquiries.service import MESSAGE_LIMIT, NewEnquiry
from api.contact.enquiries.tables import Matter
from api.contact.enquiries.wording import TEXTS as WORDS
from api.staff.editing.fields import Field, Form, blank, submitted
from api.texts import Texts

TEXTS = Texts.beside(__file__)
ELSEWHERE = "annan"
"""What the list of municipalities sends for one that the service does not cover."""


@dataclass(frozen=True)
class Drawn:
    """A field as the page draws it; `options` are (value, word) pairs."""

    name: str
    label: str
    help: str
    kind: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    limit: int = 200
    autocomplete: str = "off"


def read(questions: Questions, sent: Mapping[str, str]) -> Form:
    """The form with what is wrong at each field; `values` by field."""
    form = submitted(_fields(questions), _joined(questions, sent), None)
    lists = {one.name: one.kind for one in questions.asked if one.kind in ("choice", "choices")}
    lists["municipality"] = "choice"
    missing = {name: TEXTS(f"missing_{lists[name]}") for name in form.errors if name in lists and not form.texts[name]}
    return form.wrong(missing)


def empty(questions: Questions, **texts: str) -> Form:
    """The form before anything is written."""
    return blank(_fields(questions), **texts)


def enquiry_of(questions: Questions, values: Mapping[str, Any], network_id: int | None = None) -> NewEnquiry:
    """What a sound form asks; `values` are those of the form."""
    return NewEnquiry(
        matter=questions.matter,
        name=values["name"],
        contact=values["contact"],
        municipality_id=values["municipality"],
        organisation=values["organisation"],
        message=values["message"],
        details={one.name: values[one.name] for one in questions.asked},
        network_id=network_id,
    )


def unknown_place(session: Session, form: Form) -> dict[str, str]:
    """What is wrong with the municipality besides its form, by field."""
    number = form.values.get("municipality")
    if number is not None and session.get(Municipality, number) is None:
        return {"municipality": TEXTS("wrong_municipality")}
    return {}


def drawn(session: Session, questions: Questions) -> tuple[tuple[Drawn, ...], tuple[Drawn, ...]]:
    """The fields of what it is about, and of who asks, in order."""
    matter = questions.matter
    about = [
        Drawn(
            one.name,
            TEXTS(f"label_{matter}_{one.name}"),
            _help(f"help_{matter}_{one.name}"),
            one.kind,
            one.field.required,
            tuple((value, WORDS(f"{one.name}_{value}")) for value in one.choices),
            one.limit,
        )
        for one in questions.asked
    ]
    about.append(_own(matter, "message", "area", questions.needs_message, limit=MESSAGE_LIMIT))
    who = (
        _own(matter, "organisation", "text", questions.needs_organisation, 120, "organization"),
        Drawn(
            "municipality", TEXTS("label_municipality"), _help("help_municipality"), "choice", True, _places(session)
        ),
        _own(matter, "name", "text", True, 80, "name"),
        _own(matter, "contact", "text", True, 254, "email"),
    )
    return tuple(about), who


def labels(fields: tuple[Drawn, ...]) -> dict[str, str]:
    """Name → label."""
    return {one.name: one.label for one in fields}


def _own(matter: Matter, name: str, kind: str, required: bool, limit: int, autocomplete: str = "off") -> Drawn:
    label = f"label_{matter}_{name}" if _known(f"label_{matter}_{name}") else f"label_{name}"
    help_key = f"help_{matter}_{name}" if _known(f"help_{matter}_{name}") else f"help_{name}"
    return Drawn(name, TEXTS(label), _help(help_key), kind, required, (), limit, autocomplete)


def _help(key: str) -> str:
    return TEXTS(key) if _known(key) else ""


def _known(key: str) -> bool:
    return key in TEXTS.keys()  # noqa: SIM118 - not a dict


def _places(session: Session) -> tuple[tuple[str, str], ...]:
    names = session.execute(select(Municipality.id, Municipality.name).order_by(Municipality.name))
    known = ((str(number), name) for number, name in names)
    return (("", TEXTS("choose")), *known, (ELSEWHERE, TEXTS("elsewhere")))


def _place(text: str) -> int | None:
    if text == ELSEWHERE:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad("cell_choice")
    return int(text)


def _fields(questions: Questions) -> Iterator[Field]:
    for one in questions.asked:
        yield one.field
    yield Field("message", partial(parsing.message, limit=MESSAGE_LIMIT), required=questions.needs_message)
    yield Field("organisation", partial(parsing.words, limit=120), required=questions.needs_organisation)
    yield Field("municipality", _place, required=True)
    yield Field("name", parsing.person, required=True)
    yield Field("contact", parsing.contact, required=True)


def _joined(questions: Questions, sent: Mapping[str, str]) -> dict[str, str]:
    """What was sent, with the boxes of a field as one text."""
    texts = dict(sent)
    for one in questions.asked:
        if one.kind == "choices":
            texts[one.name] = " ".join(value for value in one.choices if sent.get(f"{one.name}.{value}"))
    return texts


def by_path(path: str) -> Questions | None:
    """The matter of a company's page."""
    return next((one for one in QUESTIONS.values() if one.path == path and one.for_companies), None)
