"""Which enquiries somebody may see: staff all, a counsellor those from the node's municipality and those they have."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from api.booking.tables import Counsellor
from api.catalogue.tables import Node
from api.contact.enquiries import service
from api.contact.enquiries.errors import EnquiryNotFound
from api.contact.enquiries.tables import Enquiry
from api.staff.roles import RequireRole
from api.staff.sessions import SignedIn

EnquiryStaff = Annotated[SignedIn, RequireRole("counsellor", "staff")]
"""Somebody who works with enquiries; with which, `visible` says."""


def visible(session: Session, role: str, account_id: int) -> ColumnElement[bool]:
    """The enquiries that an account sees, as a condition."""
    if role != "counsellor":
        return true()
    own = select(Node.municipality_id).join(Counsellor, Counsellor.node_id == Node.id)
    places = session.scalars(own.where(Counsellor.account_id == account_id)).all()
    mine = Enquiry.taken_by == f"{role}:{account_id}"
    return or_(mine, Enquiry.municipality_id.in_(places) if places else false())


def find_visible(session: Session, account: SignedIn, enquiry_id: UUID) -> Enquiry:
    """An enquiry that the account sees. EnquiryNotFound also for others: nobody learns that they exist."""
    seen = visible(session, account.role, account.id)
    if session.scalar(select(Enquiry.id).where(Enquiry.id == enquiry_id, seen)) is None:
        raise EnquiryNotFound
    return service.find(session, enquiry_id)
