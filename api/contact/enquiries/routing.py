"""Which function gets an enquiry: the most specific route wins, and there is always one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.contact.enquiries.tables import EnquiryRoute
from api.contact.enquiries.wording import TEXTS
from api.outbox.office import Office


class Route(Protocol):
    """What is asked of a route: matter ("" for any) and municipality (None for any), and who gets it."""

    matter: str
    municipality_id: int | None
    function: str
    email: str


R = TypeVar("R", bound=Route)


@dataclass(frozen=True)
class Recipient:
    """The function that answers."""

    function: str
    email: str


def most_specific(routes: Iterable[R], matter: str, municipality_id: int | None) -> R | None:
    """The route for a matter from a municipality: one for both, then one for the matter, then one for the
    municipality, then the default. None when not even that is there. Pure."""
    fitting = [
        one
        for one in routes
        if one.matter in ("", matter) and (one.municipality_id is None or one.municipality_id == municipality_id)
    ]
    return max(fitting, key=lambda one: (one.matter != "", one.municipality_id is not None), default=None)


def recipient_of(session: Session, matter: str, municipality_id: int | None, office: Office) -> Recipient:
    """Who gets it. Where staff keep no default yet, our own mailbox: an enquiry never goes nowhere."""
    route = most_specific(session.scalars(select(EnquiryRoute)), matter, municipality_id)
    if route is None:
        name, address = parseaddr(office.mail_from)
        return Recipient(name or TEXTS("own_mailbox"), office.failed_to or address)
    return Recipient(route.function, route.email)


def has_examples(session: Session) -> bool:
    """Whether any function is made up, so that nobody really answers."""
    return session.scalar(select(EnquiryRoute.id).where(EnquiryRoute.example).limit(1)) is not None


def default_recipient(session: Session, office: Office) -> Recipient:
    """Who gets what no other route takes, and what nobody answers."""
    return recipient_of(session, "", None, office)
