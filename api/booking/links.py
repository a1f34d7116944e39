"""Secret links to the person's page for a meeting."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.booking.tables import Meeting, MeetingLink
from api.outbox.office import Office
from api.privacy.secret_links import hash_token, new_link_token


def new_link(session: Session, meeting: Meeting, office: Office, now: datetime) -> str:
    """The address of the person's page, with a token that is known only now. Earlier links go on working."""
    token = new_link_token()
    session.add(MeetingLink(token_hash=hash_token(token), meeting_id=meeting.id, created_at=now))
    return f"{office.base_url}/mote/{token}"
