"""Nodes and municipalities as staff keep them: what is there, what a form may say, what may be removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.booking.tables import Counsellor
from api.catalogue.geo import kilometres
from api.catalogue.places.fields import NODE_LABELS, TEXTS
from api.catalogue.tables import Course, Municipality, Node, Region
from api.folding import fold, free_slug
from api.guidance.keeping.known_names import owners
from api.privacy.people import name_in
from api.staff.editing.sending import Question
from api.staff.editing.storing import pointing_at

_FAR_KM = 60
"""A node farther from the middle of its municipality than this is likely to be a slip in the position."""
_PUBLIC = ("name", "email", "opening_hours", "profile", "equipment")
"""What people read of a node and where somebody's name might be written."""
_OWN = frozenset({"counsellor", "course", "meeting"})
"""Tables that are told by name when they keep a node from being removed."""

Values = Mapping[str, Any]  # Any: columns' values


@dataclass(frozen=True)
class NodeRow:
    """A node in the list: how many courses it has, and who can be booked there."""

    node: Node
    courses: int
    counsellors: tuple[Counsellor, ...]


def nodes(session: Session) -> list[NodeRow]:
    """Every node with what belongs to it, by town."""
    counted = dict(session.execute(select(Course.node_id, func.count()).group_by(Course.node_id)).all())
    offices: dict[int, list[Counsellor]] = {}
    for counsellor in session.scalars(select(Counsellor).order_by(Counsellor.title)):
        offices.setdefault(counsellor.node_id, []).append(counsellor)
    every = session.scalars(select(Node).order_by(Node.town, Node.name))
    return [NodeRow(node, counted.get(node.id, 0), tuple(offices.get(node.id, ()))) for node in every]


def municipalities(session: Session) -> list[Municipality]:
    """Every municipality, by name."""
    return list(session.scalars(select(Municipality).order_by(Municipality.name)))


def node_errors(session: Session, values: Values, node: Node | None) -> dict[str, str]:
    """What is wrong with a node's values besides the single fields, by field."""
    errors: dict[str, str] = {}
    if "municipality_id" in values and session.get(Municipality, values["municipality_id"] or 0) is None:
        errors["municipality_id"] = TEXTS("wrong_municipality")
    same = select(Node.id).where(Node.name == values.get("name"), Node.town == values.get("town"))
    if session.scalar(same.where(Node.id != node.id) if node else same) is not None:
        errors["name"] = TEXTS("wrong_town_and_name")
    return errors


def node_questions(session: Session, values: Values) -> Iterator[Question]:
    """What looks wrong in a node's values but may be right."""
    yield from name_questions({name: values[name] for name in _PUBLIC if name in values}, str(values.get("town", "")))
    municipality = session.get(Municipality, values.get("municipality_id") or 0)
    if municipality and values.get("lat") and values.get("lon"):
        km = kilometres(values["lat"], values["lon"], municipality.lat, municipality.lon)
        if km > _FAR_KM:
            place = f"{values['lat']} {values['lon']}"
            yield Question("lat", place, TEXTS("ask_far", km=round(km), name=municipality.name))


def name_questions(texts: Mapping[str, str], town: str) -> Iterator[Question]:
    """A question about each text that seems to name somebody; `texts` is field → text."""
    for field, text in texts.items():
        if words := name_in(text):
            sentence = TEXTS("ask_name", label=NODE_LABELS[field], words=words, town=town)
            yield Question(field, text, sentence)


def municipality_errors(session: Session, values: Values, municipality: Municipality | None) -> dict[str, str]:
    """What is wrong with a municipality's values besides the single fields, by field."""
    errors = dict(_name_errors(session, values, municipality))
    if municipality is None:
        errors |= _code_errors(session, values)
        if values.get("name") and fold(values["name"]) in map(fold, session.scalars(select(Municipality.name))):
            errors["name"] = TEXTS("wrong_name_taken")
    return errors


def _name_errors(session: Session, values: Values, municipality: Municipality | None) -> Iterator[tuple[str, str]]:
    for field in ("name", "aliases", "misspellings"):
        written = values.get(field) or []
        taken = list(owners(session, [written] if isinstance(written, str) else written, besides=municipality))
        if taken:
            yield field, TEXTS("wrong_names_taken", names=", ".join(taken))


def _code_errors(session: Session, values: Values) -> dict[str, str]:
    code = values.get("code")
    if not code:
        return {}
    if taken := session.scalar(select(Municipality.name).where(Municipality.code == code)):
        return {"code": TEXTS("wrong_code_taken", name=taken)}
    known = list(session.scalars(select(Region.code).order_by(Region.code)))
    if code[:2] not in known:
        return {"code": TEXTS("wrong_code_region", region=code[:2], known=", ".join(known))}
    return {}


def new_slug(session: Session, town: str) -> str:
    """An id for the addresses and files that name a node: its town without diacritics, with a number if taken.

    Not a counsellor's either: the id of a time begins with the one or the other.
    """
    taken = {*session.scalars(select(Node.slug)), *session.scalars(select(Counsellor.slug))}
    return free_slug(town, taken, limit=34, otherwise="nod")


def held_by(session: Session, node: Node) -> list[str]:
    """What keeps a node from being removed, in words. Its secret calendar addresses and closed days go with it."""
    found = set(pointing_at(session, node)) - {"calendar_feed", "node_day"}
    return sorted({TEXTS(f"holds_{name}" if name in _OWN else "holds_other") for name in found})
